"""A report to be made, and how it ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe.files import kaohe_version

_code_hash: list[str] = []


def code_hash() -> str:
    """A hash over what a notebook runs and carries, so that a changed chart is drawn again.

    Templates, style and scripts of the pages are not in it: a page is exported anew without running its notebook.
    """
    if not _code_hash:
        digest = hashlib.sha256()
        package = Path(__file__).parents[1]
        for path in sorted([*package.rglob("*.py"), *package.glob("charts/*.css")]):
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
        _code_hash.append(digest.hexdigest())
    return _code_hash[0]


@dataclass(frozen=True)
class Job:
    """One notebook to run: from which source, with which parameters, to where.

    `inputs` are the files its content rests on, or what it shows of them; unchanged, a finished report is not run
    again. The executed notebook is put at `waiting`; `notebook` is its place once everything that belongs together
    takes its place.
    """

    name: str
    title: str
    source: Path
    parameters: Mapping[str, Any]
    notebook: Path
    waiting: Path
    page: Path
    inputs: tuple[Path | bytes, ...]

    def fingerprint(self) -> str:
        """Changes when the notebook, its parameters, an input, or kaohe's own code does."""
        digest = hashlib.sha256(kaohe_version().encode())
        digest.update(code_hash().encode())
        digest.update(json.dumps(self.parameters, sort_keys=True, ensure_ascii=False, default=str).encode())
        for path in (self.source, *self.inputs):
            digest.update(path if isinstance(path, bytes) else path.read_bytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class Done:
    """How a job ended; `error` is None when its report stands.

    `skipped`: notebook and page stood as they are; `resumed`: a run that was stopped had executed the notebook;
    `executions`: how often it was executed now; `seconds`: from its beginning (the last time) to its page.
    """

    job: Job
    error: str | None = None
    skipped: bool = False
    resumed: bool = False
    executions: int = 0
    seconds: float = 0.0
