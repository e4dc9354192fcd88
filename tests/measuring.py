"""Runs a benchmark as one would by hand."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "benchmarks"


def run(name: str, *words: str, ends: tuple[int, ...] = (0,)) -> str:
    """What it prints; it must end well, or as `ends` says."""
    command = [sys.executable, str(FOLDER / name), *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode in ends, done.stderr
    return done.stdout
