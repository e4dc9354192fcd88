"""Places where a run can be made to stop: tests list them all, then stop at each. Nothing happens unless armed.

`KAOHE_FAILPOINT` arms a process: `record=FILE` writes every place down, `kill=7` ends the process at the seventh as
`kill -9` would, `full=7` finds the disk full there, `held=7` finds the file held by another program. `held=7;kill=9`
does one thing after the other.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

AFTERWARDS = ("replaced", "undo", "clear")
"""Places behind what could be refused: a run can be killed there, the system has nothing left to say no to."""


class _Armed:
    """Counts places, from any thread, and says what happens at the chosen one."""

    def __init__(self, text: str) -> None:
        self.action, _, self.given = text.partition("=")
        self.passed, self._lock = 0, threading.Lock()

    def reach(self, place: str, path: Path) -> Callable[[Path], None] | None:
        with self._lock:
            self.passed += 1
            if self.action == "record":
                with open(self.given, "a", encoding="utf-8") as file:
                    file.write(f"{place} {path.name}\n")
            elif self.passed == int(self.given) and (self.action == "kill" or place not in AFTERWARDS):
                return _ACTIONS[self.action]
        return None


def _kill(path: Path) -> None:
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _full(path: Path) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _held(path: Path) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


_ACTIONS: dict[str, Callable[[Path], None]] = {"kill": _kill, "full": _full, "held": _held}
_armed: list[_Armed] = []


def arm(text: str) -> None:
    """As the environment variable says; empty disarms."""
    _armed[:] = [_Armed(each) for each in text.split(";") if each]


def failpoint(place: str, path: Path) -> None:
    """A place where writing `path` may come to an end."""
    for action in [armed.reach(place, path) for armed in _armed]:
        if action:
            action(path)


arm(os.environ.get("KAOHE_FAILPOINT", ""))
