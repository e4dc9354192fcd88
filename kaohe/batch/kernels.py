"""The kernels of a batch: how many at a time, how they start, and what they may take."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.files.scratch import scratch
from kaohe.kernels.forked import NoServerError, can_fork, close_servers, server_for
from kaohe.kernels.server import PRELOAD
from kaohe.notebook.limits import MEMORY

WARM = "kaohe-warm"
STOCK = "local-provisioner"
CELL_TIMEOUT = 300
"""Seconds a cell may take before its report counts as failed."""


@dataclass(frozen=True)
class Kernels:
    """`workers` at a time; `stock`: each starts by itself instead of being forked; `timeout`: seconds a cell may take.

    `memory`: bytes that a kernel may take, None for no bound.
    """

    workers: int | None = None
    stock: bool = False
    timeout: int = CELL_TIMEOUT
    memory: int | None = None

    @property
    def at_once(self) -> int:
        """Two kernels a core, unless said: while one starts up, another computes."""
        return self.workers or max(2, min(16, 2 * (os.cpu_count() or 1)))

    @property
    def forked(self) -> bool:
        return not self.stock and can_fork()


@dataclass
class Running:
    """A batch under way: its kernels, and a folder of its own."""

    kernels: Kernels
    folder: Path
    _begin: threading.Lock = field(default_factory=threading.Lock)
    _before: str | None = None
    _warm: bool = False

    def warm_up(self) -> None:
        """Start what kernels are forked from, as the first of them would: it takes a second to import everything."""
        with self._begin:
            if self.kernels.forked and not self._warm:
                self._warm = True
                with suppress(NoServerError, OSError):  # kernels then start by themselves
                    server_for([sys.executable], os.environ)

    def begin(self) -> None:
        """Before the first kernel: Jupyter starts them by our provisioner, installed with its entry point or not."""
        from importlib.metadata import EntryPoint

        from jupyter_client.provisioning.factory import KernelProvisionerFactory

        with self._begin:
            if self._before is not None:
                return
            factory, group = KernelProvisionerFactory.instance(), KernelProvisionerFactory.GROUP_NAME
            factory.provisioners.setdefault(WARM, EntryPoint(WARM, "kaohe.kernels.provisioner:WarmProvisioner", group))
            self._before = factory.default_provisioner_name
            factory.default_provisioner_name = WARM if self.kernels.forked else STOCK

    def end(self) -> None:
        if self._before is not None:
            from jupyter_client.provisioning.factory import KernelProvisionerFactory

            KernelProvisionerFactory.instance().default_provisioner_name = self._before
        if self._before is not None or self._warm:
            close_servers()


@contextmanager
def kernel_environment(kernels: Kernels) -> Iterator[Running]:
    """Kernels of a batch: one thread each, no startup files or history of the user's."""
    with scratch() as folder:
        wanted = {
            "IPYTHONDIR": str(folder / "ipython"),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYTHONUTF8": "1",
            **({PRELOAD: "kaohe.notebook.warm"} if kernels.forked else {}),
            **({MEMORY: str(kernels.memory)} if kernels.memory else {}),
        }
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        running = Running(kernels, folder)
        try:
            yield running
        finally:
            running.end()
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
