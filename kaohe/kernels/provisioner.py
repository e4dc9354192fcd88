"""How Jupyter starts a forked kernel: as the stock provisioner does, but for the process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from kaohe.kernels.forked import ForkedKernel, NoServerError, can_fork, server_for

LAUNCHER = ("-m", "ipykernel_launcher")


class WarmProvisioner(LocalProvisioner):
    """Forks ipykernels of a Python; whatever else is asked for starts as it always did."""

    process: Any = None
    pid: int | None = None
    pgid: int | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """The connection of a kernel forked from the server for this Python and environment."""
        parted = _parted(cmd)
        if parted is None or not can_fork() or kwargs.get("stdin") is not None:
            return await super().launch_kernel(cmd, **kwargs)
        python, argv = parted
        env = {**kwargs.get("env", os.environ), "JPY_PARENT_PID": str(os.getpid())}
        out, err = (_fd(kwargs.get(name), stream) for name, stream in (("stdout", 1), ("stderr", 2)))
        try:
            server = await asyncio.to_thread(server_for, python, env)
            kernel = await asyncio.to_thread(
                server.fork, argv, os.path.abspath(kwargs.get("cwd") or "."), env, out, err
            )
        except NoServerError:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid = kernel, kernel.pid, None
        return self.connection_info

    async def wait(self) -> int | None:
        """How the kernel ended, as soon as it has."""
        if not isinstance(self.process, ForkedKernel):
            return await super().wait()
        kernel, loop, ended = self.process, asyncio.get_running_loop(), asyncio.Event()
        if kernel.poll() is None:
            loop.add_reader(kernel.fileno(), ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(kernel.fileno())
        self.process = None
        code = kernel.wait()
        kernel.close()
        return code


def _parted(cmd: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Python with its options, and the arguments of its ipykernel; None where it is another program or kernel."""
    for place in range(1, len(cmd) - 1):
        if tuple(cmd[place : place + 2]) == LAUNCHER:
            ours = os.path.realpath(cmd[0]) == os.path.realpath(sys.executable)
            return (list(cmd[:place]), list(cmd[place + 2 :])) if ours else None
    return None


def _fd(given: Any, default: int) -> int:
    if given is None:
        return default
    return given if isinstance(given, int) else int(given.fileno())
