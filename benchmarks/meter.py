"""What benchmarks share: one thread, the demonstration years, the least of several rounds, the peak of memory.

Import it before NumPy, which reads how many threads it may take when it is loaded.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import resource
import time
from collections.abc import Callable
from pathlib import Path

RAW = Path(__file__).parents[1] / "data" / "raw"


def least(rounds: int, tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The least CPU time of each task over several rounds in turn."""
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(rounds):
        for name, task in tasks.items():
            start = time.process_time()
            task()
            best[name] = min(best[name], time.process_time() - start)
    return best


def peak() -> float:
    """Most memory the process has held, in MB (ru_maxrss is kilobytes on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
