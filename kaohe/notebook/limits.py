"""How much a kernel of a batch may take: it is said in its environment, as no notebook asks for it."""

from __future__ import annotations

import os

MEMORY = "KAOHE_KERNEL_MEMORY"
"""Bytes of memory; a cell that asks for more ends with a MemoryError instead of taking the machine along."""


def limit_memory() -> None:
    """Bound this process where that was asked for and the system can."""
    wanted = os.environ.get(MEMORY, "")
    if not wanted:
        return
    try:
        import resource
    except ImportError:
        return  # Windows has no such bound
    resource.setrlimit(resource.RLIMIT_AS, (int(wanted), resource.getrlimit(resource.RLIMIT_AS)[1]))
