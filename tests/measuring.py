"""Runs a benchmark as one would by hand, or in this process, whose imports are there."""

import io
import os
import runpy
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

FOLDER = Path(__file__).parents[1] / "benchmarks"


def run(name: str, *words: str, ends: tuple[int, ...] = (0,)) -> str:
    """What it prints, in this process; it must end well, or as `ends` says."""
    said, ended = io.StringIO(), 0
    with (
        mock.patch.object(sys, "argv", [name, *words]),
        mock.patch.object(sys, "path", [str(FOLDER), *sys.path]),
        mock.patch.dict(os.environ),
        redirect_stdout(said),
    ):
        try:
            runpy.run_path(str(FOLDER / name), run_name="__main__")
        except SystemExit as end:
            ended = end.code or 0
    assert ended in ends, (ended, said.getvalue())
    return said.getvalue()


def run_alone(name: str, *words: str) -> str:
    """What it and the processes it starts print."""
    command = [sys.executable, str(FOLDER / name), *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
