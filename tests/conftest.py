"""What holds for every test."""

import gc
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
import typer.main
import typer.testing

# Typer makes click's commands of the application anew for each invocation, 38 ms; they never change.
vars(typer.testing)["_get_command"] = cache(typer.main.get_command)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Thousands of tests, once collected, stay: the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 30, 200)


MEMORY = Path("/dev/shm")
ROOM = 4 << 30


def pytest_configure(config: pytest.Config) -> None:
    """Temporary files lie in memory where there is room: thousands are written, synced and removed, and a disk is slow.

    Whoever names a place (`TMPDIR`, `--basetemp`) gets that.
    """
    if "TMPDIR" not in os.environ and config.option.basetemp is None and _is_roomy():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _is_roomy() -> bool:
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    free = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    return free is not None and min(shutil.disk_usage(MEMORY).free, int(free[1]) << 9) > ROOM  # half of what is free


SECONDS = {
    "analysis": ["inference", "robust"],
    "batch": ["brief", "deliver", "many_schools", "places", "questions", "slides", "years"],
    "files": ["scratch"],
    "intake": [
        *("around", "cells", "checks", "described", "doubts", "entries"),
        *("folder", "looks", "magnitudes", "panel", "people", "scales", "settled", "shown", "subjects"),
    ],
    "notebooks": ["parameters"],
    "scheme": ["reading"],
    "schemes": ["command"],
    "scoring": ["method", "policies", "results"],
}
"""Files that take some seconds as a whole, though no test of them does: `make check` is for the minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem.removeprefix("test_") in SECONDS.get(item.path.parent.name, ()):
            item.add_marker(pytest.mark.slow)
