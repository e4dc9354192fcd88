"""How `report`, and `score` of many, show what they are at: a bar on a terminal, lines elsewhere, events for a
scheduler, or nothing."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from kaohe.batch.telling import Telling, Work
from kaohe.cli.console import console
from kaohe.cli.screen import plain

if TYPE_CHECKING:
    from types import FrameType

    from kaohe.batch.job import Done, Job
    from kaohe.batch.many.told import SchoolTold
    from kaohe.batch.site import Outcome

CALLED: dict[Work, str] = {"reports": "生成报告", "pdf": "打印 PDF", "png": "存图片", "schools": "各校"}
COUNTED: dict[Work, str] = {"schools": "所"}
"""What is counted, where it is no 份."""

EVERY = 10
"""Elsewhere than on a terminal a line is written for so many reports or pages."""

AT_ONCE = 3
"""Titles of reports under way that a bar has room for."""


class Shown(Telling):
    """Nothing but the last words, which the command says itself; the others show more."""

    def close(self) -> None:
        """Nothing more goes on."""

    def finished(self, outcome: Outcome, index: Path) -> None:
        """How it all ended."""

    def finished_schools(self, told: Sequence[SchoolTold], index: Path | None) -> None:
        """How the jobs of all schools ended; `index`: the page over their sites."""

    def unchanged(self, pages: int, index: Path) -> None:
        """Nothing was to be done."""


class Lines(Shown):
    """A line for every tenth report or page, on the standard error."""

    def __init__(self) -> None:
        self._done = self._all = 0

    def begun(self, work: Work, many: int) -> None:
        self._work, self._done, self._all, self._began = work, 0, many, monotonic()

    def ended(self, done: Done) -> None:
        self._step(done.job.title)

    def paged(self, work: Work, page: Path) -> None:
        self._step(page.name)

    def schooled(self, told: SchoolTold) -> None:
        self._step(told.school or told.title)

    def _step(self, title: str) -> None:
        self._done += 1
        if self._done % EVERY == 0 or self._done == self._all:
            seconds = monotonic() - self._began
            rate = f"，每秒 {self._done / seconds:.1f} {COUNTED.get(self._work, '份')}" if seconds > 1 else ""
            print(f"{self._done}/{self._all} {plain(title)}{rate}", file=sys.stderr, flush=True)


class Bar(Shown):
    """Counts, rate, remaining time, and which reports are under way."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._under_way: dict[str, str] = {}
        self._lock = threading.Lock()

    def begun(self, work: Work, many: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.close()  # a terminal has room for one bar
        self._work, self._done, self._began = work, 0, monotonic()
        columns = (
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False), TextColumn("还需"), TimeRemainingColumn(),
            TextColumn("{task.fields[now]}", markup=False),
        )  # fmt: skip
        self._bar = Progress(*columns, console=console(error=True))
        self._bar.start()
        self._task = self._bar.add_task(CALLED[work], total=many, rate="", now="")

    def started(self, job: Job) -> None:
        with self._lock:
            self._under_way[job.name] = plain(job.title)
            self._bar.update(self._task, now=self._now())

    def ended(self, done: Done) -> None:
        with self._lock:
            self._under_way.pop(done.job.name, None)
            self._step(self._now())

    def paged(self, work: Work, page: Path) -> None:
        self._step(plain(page.name))

    def schooled(self, told: SchoolTold) -> None:
        self._step(plain(told.school or told.title))

    def close(self) -> None:
        if self._bar:
            self._bar.stop()
            self._bar = None

    def _step(self, now: str) -> None:
        self._done += 1
        rate = f"每秒 {self._done / max(monotonic() - self._began, 0.1):.1f} {COUNTED.get(self._work, '份')}"
        self._bar.update(self._task, advance=1, rate=rate, now=now)

    def _now(self) -> str:
        titles = list(self._under_way.values())
        return "、".join(titles[:AT_ONCE]) + (" 等" if len(titles) > AT_ONCE else "")


class Events(Shown):
    """One JSON object a line on the standard output: `begun`, `started` and `ended` of a report, `paged` of a page,
    `school` of a school that is done, and `finished` at last.

    Whatever else there is to say goes to the standard error.
    """

    def __init__(self) -> None:
        self._lock, self._out = threading.Lock(), sys.stdout

    def begun(self, work: Work, many: int) -> None:
        self._say("begun", work=work, count=many)

    def started(self, job: Job) -> None:
        self._say("started", report=job.name)

    def ended(self, done: Done) -> None:
        about: dict[str, Any] = {"report": done.job.name, "state": state(done), "seconds": round(done.seconds, 3)}
        if done.error is not None:
            about |= {"executions": done.executions, "error": done.error, "notebook": str(done.job.notebook)}
        self._say("ended", **about)

    def paged(self, work: Work, page: Path) -> None:
        self._say("paged", work=work, page=str(page))

    def schooled(self, told: SchoolTold) -> None:
        self._say("school", **told.as_json(), well=told.well)

    def finished_schools(self, told: Sequence[SchoolTold], index: Path | None) -> None:
        counts = {"schools": len(told), "years": sum(len(each.years) for each in told)}
        failures = [each.school for each in told if not each.well]
        self._say("finished", well=not failures, **counts, failures=failures, index=str(index) if index else None)

    def finished(self, outcome: Outcome, index: Path) -> None:
        states = [state(done) for done in outcome.done]
        counts = {name: states.count(name) for name in ("made", "resumed", "kept", "failed")}
        failed = [done.job.name for done in outcome.failed]
        refused = [year.year for year in outcome.refused]
        self._say("finished", well=outcome.well, **counts, failures=failed, refused=refused, index=str(index))

    def unchanged(self, pages: int, index: Path) -> None:
        counts = {"made": 0, "resumed": 0, "kept": pages, "failed": 0}
        self._say("finished", well=True, **counts, failures=[], refused=[], index=str(index))

    def _say(self, event: str, **about: Any) -> None:
        with self._lock:
            print(json.dumps({"event": event, **about}, ensure_ascii=False), file=self._out, flush=True)


def state(done: Done) -> str:
    """What became of a report, in a word."""
    if done.error is not None:
        return "failed"
    return "kept" if done.skipped else "resumed" if done.resumed else "made"


def shown(*, quiet: bool, as_json: bool) -> Shown:
    """As asked for, or as fits the place."""
    if as_json:
        return Events()
    if quiet:
        return Shown()
    return Bar() if console(error=True).is_terminal else Lines()


@contextmanager
def stopped_like_ctrl_c() -> Iterator[None]:
    """SIGTERM, as a scheduler or a shutdown sends it, ends the run as Ctrl-C does: nothing is left behind."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
