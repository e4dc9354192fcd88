"""What benchmarks that look back share: the code of an earlier commit, out of git."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

HERE = Path(__file__).parents[1]


def code_of(revision: str, place: Path, *parts: str) -> Path:
    """The package, and whatever other `parts` of the checkout are named, as they were."""
    command = ["git", "archive", revision, "kaohe", *parts]
    packed = subprocess.run(command, cwd=HERE, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(place, filter="data")
    return place
