"""Temporary folders that no killed run leaves for good."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.files import write_errors

if TYPE_CHECKING:
    from filelock import BaseFileLock

PREFIX, LOCK, INSIDE = "kaohe-", ".kaohe.lock", "inside"
"""A run holds the lock of its folder as long as it lives; the system frees that of a killed one. Only then is there
something inside, so that whoever finds it and the lock free has found what a killed run left."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder, gone when the block ends; those that killed runs left go first."""
    from filelock import FileLock

    _clear_left()
    with write_errors(Path(tempfile.gettempdir())):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = FileLock(folder / LOCK)
        lock.acquire()
    try:
        with write_errors(folder):
            (folder / INSIDE).mkdir()
        yield folder / INSIDE
    finally:
        _remove(folder, lock)


def _clear_left() -> None:
    from filelock import FileLock, Timeout

    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if not _is_mine(left) or not (left / INSIDE).is_dir() or not (left / LOCK).is_file():
                continue
            lock = FileLock(left / LOCK, timeout=0)
            lock.acquire()
        except (Timeout, OSError):  # its run is alive, or has just removed it
            continue
        _remove(left, lock)


def _is_mine(folder: Path) -> bool:
    """Not another user's, who could have put anything there."""
    return folder.lstat().st_uid == getattr(os, "getuid", int)()


def _remove(folder: Path, lock: BaseFileLock) -> None:
    """What is inside first: should this be killed, too, the next run still knows the folder."""
    shutil.rmtree(folder / INSIDE, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)  # Windows removes no file that is open, such as a lock
