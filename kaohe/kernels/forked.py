"""The client's side of the server: one server for a Python and an environment, and each kernel as a process."""

from __future__ import annotations

import array
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from kaohe.kernels.server import LARGEST

START = "import sys; from kaohe.kernels.server import serve; serve(int(sys.argv[1]))"
OF_ONE_KERNEL = ("JPY_PARENT_PID", "JPY_SESSION_NAME", "JPY_INTERRUPT_EVENT")
"""Variables of the environment that differ from kernel to kernel; with others changed, another server is needed."""


class NoServerError(Exception):
    """The server did not come up, or is gone."""


class ForkedKernel:
    """A kernel forked by a server, as `subprocess.Popen` would hold it; its end comes as a message, not by waiting."""

    stdin = stdout = stderr = None

    def __init__(self, status: socket.socket, args: Sequence[str]) -> None:
        self.args, self._status = args, status
        self.returncode: int | None = None
        self.pid = self._heard()["pid"]

    def fileno(self) -> int:
        """Readable once the kernel has ended."""
        return self._status.fileno()

    def poll(self) -> int | None:
        if self.returncode is None:
            self._status.setblocking(False)
            try:
                self._end()
            except BlockingIOError:
                return None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            self._status.settimeout(timeout)
            try:
                self._end()
            except TimeoutError:
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            try:
                self._status.send(json.dumps({"signal": number}).encode())
            except OSError:
                return  # it ended meanwhile

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _heard(self) -> dict[str, int]:
        message = self._status.recv(LARGEST)
        if not message:
            raise NoServerError("the server that kernels are forked from is gone")
        found: dict[str, int] = json.loads(message)
        return found

    def _end(self) -> None:
        try:
            self.returncode = self._heard()["exit"]
        except (NoServerError, ConnectionError):
            self.returncode = -signal.SIGKILL  # a server's end is that of its kernels

    def close(self) -> None:
        """Nobody asks after it any more: where it has not ended, it ends now."""
        self._status.close()


class Server:
    """A process that forks kernels. `command` is Python with its options, `env` its whole environment."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.forked = 0
        try:
            self._process = subprocess.Popen(
                [*command, "-c", START, str(theirs.fileno())],
                env=dict(env), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        finally:
            theirs.close()

    def fork(self, argv: Sequence[str], cwd: str, env: Mapping[str, str], out: int, err: int) -> ForkedKernel:
        """NoServerError where it is gone."""
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        message = json.dumps({"argv": list(argv), "cwd": cwd, "env": dict(env)}).encode()
        fds = array.array("i", [theirs.fileno(), out, err])
        try:
            self._socket.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        except OSError as error:
            mine.close()
            raise NoServerError(str(error)) from None
        finally:
            theirs.close()
        try:
            kernel = ForkedKernel(mine, argv)
        except (NoServerError, ConnectionError) as error:
            mine.close()
            raise NoServerError(str(error)) from None
        self.forked += 1
        return kernel

    @property
    def stands(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """Its kernels end with it."""
        self._socket.close()
        self._process.wait()


_servers: dict[tuple[Any, ...], Server] = {}
_lock = threading.Lock()


def server_for(command: Sequence[str], env: Mapping[str, str]) -> Server:
    """The server of this process for a Python and an environment; started where there is none.

    NoServerError where one could not start: it is not tried again.
    """
    lasting = {name: value for name, value in env.items() if name not in OF_ONE_KERNEL}
    key = (os.getpid(), tuple(command), tuple(sorted(lasting.items())))
    with _lock:
        there = _servers.get(key)
        if there is not None and not there.stands and not there.forked:
            raise NoServerError("the server ended before it forked a kernel")
        if there is None or not there.stands:
            _servers[key] = Server(command, lasting)
        return _servers[key]


@atexit.register
def close_servers() -> None:
    """Every server of this process ends, and with it its kernels."""
    with _lock:
        for key in [key for key in _servers if key[0] == os.getpid()]:
            _servers.pop(key).close()


def can_fork() -> bool:
    """Whether kernels can be forked here: elsewhere threads of the system's own libraries do not survive it."""
    return sys.platform == "linux"
