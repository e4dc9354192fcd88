"""Running `kaohe report` as a user does in a process of its own, or the same command in this one."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from kaohe.analysis import questions as questions_module
from kaohe.analysis.questions import GOALS, QUESTIONS
from kaohe.batch import kernels as kernels_module
from kaohe.batch import prepare as prepare_module
from kaohe.batch import site
from kaohe.cli import app
from kaohe.kernels import forked, provisioner
from kaohe.kernels.server import PRELOAD

YEAR = "2018-2019"


@dataclass(frozen=True)
class Reported:
    data: Path
    out: Path
    code: int
    error: str

    @property
    def folder(self) -> Path:
        return self.out / YEAR


WITHOUT_PICTURES = {"CHROMIUM": os.devnull}
"""No browser, so no pictures in the brief for Word: it would be started for each report that is not about them."""


def run_report(data: Path, out: Path, *words: str, questions: bool = False) -> Reported:
    """`questions`: with the pages of the analyses, which few tests look at."""
    command = [sys.executable, "-m", "kaohe", *_asked(data, out, words, questions)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return Reported(data, out, run.returncode, run.stderr)


def report_here(data: Path, out: Path, *words: str, pictures: bool = True, questions: bool = False) -> Reported:
    """The same without a process to start: its imports and the server of its kernels are there."""
    environment = None if pictures else WITHOUT_PICTURES
    result = CliRunner().invoke(app, _asked(data, out, words, questions), env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Reported(data, out, result.exit_code, result.output)


@contextmanager
def standing_servers() -> Iterator[None]:
    """The kernels of all runs in this process are forked from servers that stand: each run would import everything
    once more. A run with servers of its own is what the command does; each kernel's environment is its own all the
    same."""
    first: dict[object, Mapping[str, str]] = {}

    def standing(command: Sequence[str], env: Mapping[str, str]) -> forked.Server:
        return forked.server_for(command, first.setdefault((tuple(command), env.get(PRELOAD)), dict(env)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(provisioner, "server_for", standing)
        patch.setattr(kernels_module, "server_for", standing)
        patch.setattr(kernels_module, "close_servers", lambda: None)
        yield
    forked.close_servers()


@contextmanager
def few_questions() -> Iterator[None]:
    """Only the last of the questions about a year and the units' goals, in this process: the others would be answered,
    executed and exported once more in each report that is not about them."""
    few = tuple(each for each in QUESTIONS if each.id == GOALS or each is QUESTIONS[-1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions_module, "QUESTIONS", few)
        patch.setattr(prepare_module, "QUESTIONS", few)
        patch.setitem(site.report.__kwdefaults__, "questions", few)
        yield


def _asked(data: Path, out: Path, words: tuple[str, ...], questions: bool) -> list[str]:
    return ["report", "--data", str(data), "--out", str(out), *words, *([] if questions else ["--quick"])]


def dead_links(out: Path) -> list[tuple[str, str]]:
    """(page, target) of every link that leads to no file."""
    found = []
    for path in out.rglob("*.html"):
        for target in re.findall(r"""(?:href|src)=["']([^"'#]+)["']""", path.read_text(encoding="utf-8")):
            if not (path.parent / unquote(target)).exists():
                found.append((path.name, target))
    return found
