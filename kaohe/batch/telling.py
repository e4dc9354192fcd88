"""What a run tells while it goes on: to a bar on a terminal, a log, a scheduler, or to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from kaohe.batch.job import Done, Job
    from kaohe.batch.many.told import SchoolTold

Work = Literal["reports", "pdf", "png", "schools"]
"""Notebooks executed and exported; pages printed; the figures of pages saved; jobs of schools done."""


class Telling:
    """Keeps everything to itself. What it is told comes from several threads, but for `begun`, `ended` and `paged`."""

    def begun(self, work: Work, many: int) -> None:
        """So many reports or pages are to be done; the work before is over."""

    def started(self, job: Job) -> None:
        """A report is executed, perhaps a second time."""

    def ended(self, done: Done) -> None:
        """A report stands or has failed for good."""

    def paged(self, work: Work, page: Path) -> None:
        """A page was printed, or its figures saved."""

    def schooled(self, told: SchoolTold) -> None:
        """A school's job has ended."""


SILENT = Telling()
