"""One run at a time in one folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kaohe.files import WriteError, write_errors
from kaohe.files.failpoints import failpoint
from kaohe.files.sets import recover, unfinished

PATIENCE = 3.0
"""Seconds to wait for another run: one that writes results needs less, one that makes reports much more."""

LOCK = ".kaohe.lock"


class BusyError(RuntimeError):
    """Another run is writing to the same folder."""


@contextmanager
def holding(folder: Path, *, patience: float | None = None, deep: bool = True) -> Iterator[None]:
    """`folder` for this run alone; what a killed run left in it is completed first. Not to be nested.

    `deep`: all below it is ours; else what a killed run left lying is looked for in the folder alone.

    BusyError where another run holds it, WriteError where nothing can be written there. The system frees the lock of a
    killed run.
    """
    from filelock import FileLock, Timeout

    with write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        failpoint("lock", folder)
        _refuse_link(folder / LOCK)
        lock = FileLock(folder / LOCK, timeout=PATIENCE if patience is None else patience)
        try:
            lock.acquire()
        except Timeout:
            raise BusyError(f"另一个 kaohe 正在写入 {folder}，请等它结束再运行") from None
    try:
        with write_errors(folder):
            recover(folder, deep=deep)
        yield
    finally:
        lock.release()


def completed(folder: Path) -> bool:
    """Whether a killed run had left a set in `folder` half-done, which is complete now. Errors as in `holding`."""
    if not unfinished(folder):
        return False
    with holding(folder):
        return True


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """`folder` held for one who only reads; where nothing can be written, as in an archive, nothing changes either.

    BusyError as in `holding`, WriteError only where a set was left half-done that cannot be completed here.
    """
    with ExitStack() as held:
        try:
            held.enter_context(holding(folder))
        except WriteError:
            if unfinished(folder):
                raise
        yield


def _refuse_link(lock: Path) -> None:
    """A lock is emptied when it is taken: through a link that would be another file."""
    if os.path.lexists(lock) and (os.path.islink(lock) or not lock.is_file()):
        raise WriteError(f"{lock} 不是 kaohe 的锁文件（是链接，或不是普通文件），没有写入；请把它移走再运行")
