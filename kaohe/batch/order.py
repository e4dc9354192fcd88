"""What `report` is asked for of one data folder, and how it is carried out: unless nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaohe.batch.kernels import Kernels
from kaohe.batch.many.outcome import told_of_outcome
from kaohe.batch.telling import SILENT, Telling
from kaohe.batch.unchanged import Asked, Stands

if TYPE_CHECKING:
    from kaohe.batch.site import Outcome
    from kaohe.scoring.book import ScoreBook


@dataclass(frozen=True)
class Order:
    """Years by name (none: all of them) of the data in `data`, their pages below `out`.

    It can be sent to another process: everything in it is plain.
    """

    data: Path
    out: Path
    years: tuple[str, ...] = ()
    provisional: bool = False
    again: bool = False
    quick: bool = False
    inline: bool = False
    pdf: bool = False
    png: bool = False
    packed: bool = False
    kernels: Kernels = field(default_factory=Kernels)

    @property
    def asked(self) -> Asked:
        """What another run like this is known by."""
        names = ("provisional", "quick", "inline", "pdf", "png", "packed")
        return Asked(self.years, self.data, self.out, {name: getattr(self, name) for name in names})

    def unchanged(self) -> Stands | None:
        """What stands as it is; None where there is something to do."""
        return None if self.again else self.asked.unchanged()

    def run(
        self,
        *,
        policies: Mapping[str, Any] | None = None,
        units: Callable[[ScoreBook], Collection[str]] | None = None,
        tell: Telling = SILENT,
    ) -> Outcome:
        """Everything that is asked for; how it ended is remembered while nothing changes, if it ended well.

        Errors as `site.report` has them. Of a trial or of some units' pages alone nothing is remembered.
        """
        from kaohe.analysis.questions import QUESTIONS
        from kaohe.batch.site import report
        from kaohe.intake import list_years
        from kaohe.scheme.yamlfile import READ

        years = list(self.years) or list_years(self.data / "raw")
        plainly, begun = not (policies or units), b""
        if plainly:
            begun = self.asked.begun()
            READ.clear()  # of another school's run in this process
        outcome = report(
            years, self.data, self.out, policies, provisional=self.provisional, again=self.again, inline=self.inline,
            pdf=self.pdf, questions=() if self.quick else QUESTIONS, png=self.png, packed=self.packed,
            kernels=self.kernels, units=units, tell=tell,
        )  # fmt: skip
        if plainly and outcome.well and not outcome.no_pictures:
            told = told_of_outcome(outcome)
            self.asked.ended(Stands(len(outcome.done), told.notes, told.as_json()), begun, READ)
        return outcome
