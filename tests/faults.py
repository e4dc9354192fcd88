"""Stops a piece of work at each of its failpoints, in a process of its own where that is killed."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from kaohe.files.failpoints import arm

T = TypeVar("T")
ALL_PLACES = os.environ.get("KAOHE_FAULTS") == "all"
KILLED, DONE, REFUSED = "killed", "done", "refused"


def run_with(fault: str, work: Callable[[], object]) -> str:
    """How the work ended with the fault armed: killed, done, or refused by an OSError; anything else fails."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            arm(fault)
            work()
            code = 0
        except OSError:
            code = 1
        except SystemExit as end:  # a command
            code = int(end.code or 0)
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return KILLED
    return {0: DONE, 1: REFUSED}[os.WEXITSTATUS(status)]


def run_here(fault: str, work: Callable[[], object]) -> str:
    """As `run_with` of a fault that kills nothing, in this process: done, or refused by an OSError."""
    arm(fault)
    try:
        work()
    except OSError:
        return REFUSED
    finally:
        arm("")
    return DONE


def places(work: Callable[[], object], record: Path) -> list[str]:
    """Every failpoint the work passes, in order."""
    record.unlink(missing_ok=True)
    assert run_with(f"record={record}", work) == DONE
    return record.read_text(encoding="utf-8").splitlines()


def content(folder: Path) -> dict[str, bytes]:
    """Every file a reader sees: locks and what is under way are hidden."""
    found = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder): path for path in found}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in names.items()
        if not any(part.startswith(".") for part in name.parts)
    }


def results(folder: Path) -> dict[str, bytes]:
    """The results of a year without its history, and without what the manifest says of it: that tells when."""
    found = {name: each for name, each in content(folder).items() if not name.startswith("history/")}
    return {name: timeless(each) if name == "manifest.json" else each for name, each in found.items()}


def timeless(text: bytes) -> bytes:
    """A manifest, record or receipt without what tells when it was made."""
    about = json.loads(text)
    for name in ("record", "time"):
        about.pop(name, None)
    return json.dumps(about, sort_keys=True).encode()


def sampled(listed: Sequence[T], seldom: int = 1, first: int = 0) -> list[T]:
    """The places a test stops at: one in five, or in `seldom` times five, from the `first`; with `make faults` all."""
    return list(listed) if ALL_PLACES else list(listed[first :: 5 * seldom])
