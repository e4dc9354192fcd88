"""The process that kernels are forked from: one thread, everything imported, nothing of any notebook in it.

Run as `python … -c START fd`, with the client's end of a socket pair as `fd`. A request is one message: JSON
`{"argv", "cwd", "env"}`, and with it the file descriptors of the kernel's own socket, its output and its errors. On the
kernel's socket the server answers with `{"pid"}`, takes `{"signal"}`, and ends with `{"exit"}`, as `Popen.returncode`.
When the client is gone, so are its kernels and the server.
"""

from __future__ import annotations

import array
import gc
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NoReturn

PRELOAD = "WARM_KERNEL_PRELOAD"
"""Environment variable: modules to import beforehand, parted by commas."""

_KERNELS_OWN = (
    *("ipykernel.kernelapp", "ipykernel.debugger", "psutil", "tornado.platform.asyncio", "faulthandler"),
    *("IPython.core.completer", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger"),
    *("IPython.core.oinspect", "IPython.extensions.storemagic"),
)
"""What ipykernel imports when it starts or runs its first cell: in every kernel anew, were it not here already."""

LARGEST = 1 << 20
_DEFAULTED = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE, signal.SIGHUP)


def serve(fd: int) -> None:
    """Import, then fork whenever asked, until the client hangs up."""
    client = socket.socket(fileno=fd)
    if sys.path and sys.path[0] == "":
        del sys.path[0]  # as ipykernel_launcher does: a notebook's folder is no place for the kernel's own modules
    before = dict(os.environ)
    for name in _KERNELS_OWN:
        with suppress(ImportError):  # what is not installed a kernel does without
            import_module(name)
    own = dict(os.environ.items() - before.items())  # so they would have done in the kernel
    for name in filter(None, os.environ.get(PRELOAD, "").split(",")):
        import_module(name)
    _alone()
    gc.collect()
    gc.freeze()  # what is here stays shared: no collection in a kernel touches its pages
    _Server(client, own).run()


def _alone() -> None:
    """A fork takes one thread along: with more, whatever the others hold would stay locked for ever."""
    threads = len(os.listdir("/proc/self/task"))
    if threads > 1:
        raise RuntimeError(f"{threads} threads after importing; a kernel cannot be forked from them")


class _Server:
    def __init__(self, client: socket.socket, own: dict[str, str]) -> None:
        """`own`: the environment that a kernel's own modules set where they are imported."""
        self.client, self.own = client, own
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(client, selectors.EVENT_READ, None)
        woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.woken, self.wake = woken, wake
        self.selector.register(woken, selectors.EVENT_READ, None)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client, which interrupts its kernels

    def run(self) -> None:
        try:
            while True:
                for key, _ in self.selector.select():
                    if key.fileobj is self.client:
                        if not self._asked():
                            return
                    elif key.fileobj == self.woken:
                        os.read(self.woken, 4096)
                        self._reap()
                    elif key.data in self.kernels:
                        self._told(key.data)
        finally:
            for pid in self.kernels:
                _signalled(pid, signal.SIGKILL)

    def _asked(self) -> bool:
        """Fork a kernel; False where the client is gone."""
        message, fds = _received(self.client)
        if not message:
            return False
        status, out, err = fds
        wanted = json.loads(message)
        pid = os.fork()
        if not pid:
            self._become(wanted, fds)
        os.close(out)
        os.close(err)
        kernel = socket.socket(fileno=status)
        self.kernels[pid] = kernel
        self.selector.register(kernel, selectors.EVENT_READ, pid)
        _say(kernel, {"pid": pid})
        return True

    def _become(self, wanted: dict[str, Any], fds: list[int]) -> NoReturn:
        """In the child: nothing of the server stays open, then it is a kernel until it ends."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in _DEFAULTED:
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.selector.close()
            for kernel in (self.client, *self.kernels.values()):
                kernel.close()
            for fd in (self.woken, self.wake, fds[0]):
                os.close(fd)
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDONLY)
            for new, old in ((nothing, 0), (fds[1], 1), (fds[2], 2)):
                os.dup2(new, old)
                os.close(new)
            os.chdir(wanted["cwd"])
            os.environ.clear()
            os.environ.update(wanted["env"] | self.own)
            code = _kernel(wanted["argv"])
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            _leave(code)

    def _reap(self) -> None:
        """Tell of every kernel that has ended."""
        for pid in list(self.kernels):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                kernel = self.kernels.pop(pid)
                _say(kernel, {"exit": os.waitstatus_to_exitcode(status)})
                self.selector.unregister(kernel)
                kernel.close()

    def _told(self, pid: int) -> None:
        """A signal for a kernel. Only here is it known that the number is still its own."""
        kernel = self.kernels[pid]
        message = kernel.recv(LARGEST)
        if message:
            _signalled(pid, json.loads(message)["signal"])
        else:  # nobody asks after it any more
            self.selector.unregister(kernel)
            _signalled(pid, signal.SIGKILL)


def _signalled(pid: int, number: int) -> None:
    """To the kernel and whatever it has started: it leads a session of its own."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        os.kill(pid, number)  # not yet its own session; unreaped, so the number is still its own


def _received(client: socket.socket) -> tuple[bytes, list[int]]:
    fds = array.array("i")
    message, ancillary, _, _ = client.recvmsg(LARGEST, socket.CMSG_SPACE(3 * fds.itemsize))
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return message, list(fds)


def _say(kernel: socket.socket, what: dict[str, int]) -> None:
    try:
        kernel.send(json.dumps(what).encode())
    except OSError:
        return  # nobody listens any more; the client's hanging up ends the kernel


def _kernel(argv: list[str]) -> int:
    """A kernel as `python -m ipykernel_launcher` runs one; it dies with the server."""
    import random

    from ipykernel.kernelapp import IPKernelApp

    random.seed()
    numpy = sys.modules.get("numpy.random")
    if numpy is not None:
        numpy.seed()
    launcher = find_spec("ipykernel_launcher")
    sys.argv = [(launcher and launcher.origin) or "ipykernel_launcher", *argv]
    IPKernelApp.launch_instance(parent_handle=os.getppid())
    return 0


def _leave(code: int) -> NoReturn:
    """What was registered for the end is done, then the process is gone; the server's own end is not run."""
    import atexit

    try:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    finally:
        os._exit(code)
