"""What is done for a school: its years scored, or its reports made. A job is plain data, and says plainly how it ended.

A job reads and writes its school's folders itself, so whoever does it has to see them under the same path; what it is
sent and sends back are names and words. It can be done twice: what a killed one left half-done is completed first, as
by any later run, and what is unchanged is not made again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kaohe.batch.many.outcome import told_of_book, told_of_outcome
from kaohe.batch.many.told import SchoolTold, State, YearTold, told_of_json
from kaohe.batch.order import Order
from kaohe.files import kaohe_version
from kaohe.files.locks import BusyError, completed
from kaohe.files.said import said_of_any
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from kaohe.intake import Intake
    from kaohe.scoring.book import ScoreBook


class SchoolJob(Protocol):
    """A school's name (empty: the only one's), its data folder, the version that asks, and what is to be done."""

    @property
    def school(self) -> str: ...
    @property
    def data(self) -> Path: ...
    @property
    def version(self) -> str: ...
    def do(self) -> SchoolTold: ...
    def results(self, year: str) -> Path:
        """Where the manifest of a year that was done stands."""


@dataclass(frozen=True)
class ScoreYears:
    """Score years of a school, each for itself: one that is refused does not stop the others."""

    school: str
    data: Path
    years: tuple[str, ...]
    out: Path | None = None
    csv: bool = False
    provisional: bool = False
    version: str = kaohe_version()

    def do(self) -> SchoolTold:
        from kaohe.intake import read_year

        read = cache(read_year)  # a year is read once, though the next one asks for it too
        found, title, authority = [], "", ""
        for year in self.years:
            try:
                book, told = self._score(year, read)
                title, authority = book.scheme_title, book.authority
            except Exception as error:  # the other years are not to go without
                told = YearTold(year, *_why(error), well=False)
            found.append(told)
        return SchoolTold(self.school, tuple(found), title=title, authority=authority)

    def results(self, year: str) -> Path:
        return (self.out or self.data / "processed") / year

    def _score(self, year: str, read: Callable[[Path, str], Intake]) -> tuple[ScoreBook, YearTold]:
        from kaohe.scoring.writtenyear import write_year

        completed(self.data / "raw" / year)
        intake = read(self.data / "raw", year)
        written = write_year(intake, self.data, out=self.out, csv=self.csv, provisional=self.provisional, read=read)
        return written.book, told_of_book(written.book, str(written.about.get("id", "")))


@dataclass(frozen=True)
class MakeReports:
    """Make a school's reports, all of its site together."""

    school: str
    order: Order
    version: str = kaohe_version()

    @property
    def data(self) -> Path:
        return self.order.data

    def do(self) -> SchoolTold:
        if stands := self.order.unchanged():
            told = told_of_json(stands.about)
            if told is not None:
                return replace(told, school=self.school, notes=stands.notes, reports=0, kept=True)
        return replace(told_of_outcome(self.order.run()), school=self.school)

    def results(self, year: str) -> Path:
        return self.order.out / year


_ALONE = threading.Lock()
"""A run sets variables of its process and starts kernels: a worker of several threads does one job at a time."""


def carried_out(job: SchoolJob) -> SchoolTold:
    """Do the job, in whatever process this is; it never raises for what is wrong with one school."""
    if job.version != kaohe_version():
        failed = f"worker 上的 kaohe 是 {kaohe_version()}，发出任务的是 {job.version}，请装成同一版本"
        return SchoolTold(job.school, failed=failed)
    if not job.data.is_dir():
        failed = f"看不到 {job.data}：数据和输出的文件夹要在各台机器上以同一路径都能读写"
        return SchoolTold(job.school, failed=failed)
    with _ALONE:
        try:
            return job.do()
        except Exception as error:  # one school's failure is told, and not the end of the others
            return SchoolTold(job.school, failed=_why(error)[1])


def seen_here(job: SchoolJob, told: SchoolTold) -> SchoolTold:
    """What somebody else did, held against what stands where we see it: it may have written to a disk of its own."""
    from kaohe.scoring.write import read_manifest

    for year in told.years:
        if year.id and read_manifest(job.results(year.year)).get("id") != year.id:
            where = job.results(year.year)
            return replace(told, failed=f"worker 说已写出，这里的 {where} 却不是它写的：文件夹不是各台机器共用的")
    return told


def _why(error: Exception) -> tuple[State, str]:
    """Whether it is the data that is wrong, and what people can do about it."""
    from kaohe.scheme.problems import SchemeError
    from kaohe.scoring.refusal import RefusedError
    from kaohe.scoring.score import NotScorableError

    if isinstance(error, NotScorableError):
        errors = [each for each in error.findings if each.severity == "error"]
        said = str(error).removeprefix(year_said(error.year))
        return "refused", f"{said}{f'，如 {errors[0]}' if errors else ''}"
    if isinstance(error, RefusedError | SchemeError):
        return "refused", str(error)
    return "failed", str(error) if isinstance(error, BusyError) else said_of_any(error)
