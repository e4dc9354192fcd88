"""Threads that watch over programs: kernels that execute, browsers that print."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def threads(workers: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """A pool; where the block ends badly (Ctrl-C, a full disk), what is under way ends and nothing more begins."""
    with ThreadPoolExecutor(workers, thread_name_prefix=name) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
