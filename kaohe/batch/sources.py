"""What a run reads of a data folder, by its content."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from kaohe.files.contents import below, content


def sources(data: Path) -> bytes:
    """Changes with every byte of the raw data and of what is said of whose they are; not with what runs note there."""
    digest = hashlib.sha256()
    for path in (*below(data / "raw"), *sorted(data.glob("*.yaml"))):
        if path.suffix == ".lock" or (path.name.startswith(".kaohe-") and path.suffix == ".jsonl"):
            continue
        try:
            digest.update(content(path))
        except OSError:  # whether it is the same nobody can say
            digest.update(os.urandom(16))
    return digest.digest()
