"""What no command foresaw: the end of a run in one line, never in a traceback.

`KAOHE_TRACEBACK=1` shows one all the same, for whoever mends it.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from kaohe.files.said import said_of_any


def collect_seldom() -> None:
    """What a year is read into stays to the end: looking through it again and again takes a fifth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def prepare_streams() -> None:
    """Text in UTF-8 where the locale knows ASCII only; elsewhere what cannot be shown is replaced."""
    if sys.getfilesystemencoding() in ("ascii", "us-ascii") and os.name == "posix" and not sys.flags.utf8_mode:
        again = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]  # names of files are Chinese, too
        os.execve(sys.executable, again, {**os.environ, "PYTHONUTF8": "1"})
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # which kaohe has no use for, and which take memory each
    closed = sys.stdout is None
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 -- as long as the run
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 -- as long as the run
        elif hasattr(stream := getattr(sys, name), "reconfigure"):
            stream.reconfigure(errors="replace")
    if closed:
        _end("标准输出已关闭，没有地方显示，没有运行")


@contextmanager
def last_words() -> Iterator[None]:
    """Whatever a run ends with: fine, or one line and exit code 1."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _mute()
        _end("输出被接收的一方提前关闭（如 | head），后面的没有显示")
    except Exception as error:
        if os.environ.get("KAOHE_TRACEBACK"):
            raise
        _end(said_of_any(error))


def _mute() -> None:
    """Nothing more goes to a pipe that nobody reads: the interpreter would try at its very end, and complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _end(said: str) -> None:
    try:
        sys.stderr.write(" ".join(said.split()) + "\n")
        sys.stderr.flush()
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.EBADF, errno.ENOSPC):
            raise
    sys.exit(1)
