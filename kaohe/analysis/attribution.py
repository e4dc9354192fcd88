"""Why a year came out otherwise: which corrected cell moved whose points, rank and grade.

Each correction is made by itself in the earlier data and the year is scored again; what the corrections do one by
one need not add up to what they do together (bands, caps, ranks): the rest is said, not spread.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kaohe.analysis.corrections import Cell, Correction, corrections, elsewhere
from kaohe.analysis.difference import cell_shifts, shifts
from kaohe.analysis.past import Side
from kaohe.analysis.scenario import ScenarioError
from kaohe.intake import Intake
from kaohe.scoring.assemble import score_data
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.freeze import plain, thaw

FORMAT = 1


@dataclass(frozen=True)
class Share:
    """What one correction does by itself: points, and the rank and grade it leads to. `cause` counts from 0."""

    cause: int
    gained: Fraction
    rank: int = 0
    grade: str = ""


@dataclass(frozen=True)
class Cause:
    """A correction as it is shown; `alone` is empty where it can be made by itself, else why not."""

    name: str
    unit: str
    cells: tuple[Cell, ...]
    alone: str = ""


@dataclass(frozen=True)
class UnitMove:
    """A unit whose total, rank or grade is another. `own`: its own data changed; else it is moved by the others."""

    unit: str
    name: str
    group: str
    total: tuple[Fraction, Fraction]
    rank: tuple[int, int]
    grade: tuple[str, str]
    own: bool
    shares: tuple[Share, ...]
    rest: Fraction

    @property
    def gained(self) -> Fraction:
        return self.total[1] - self.total[0]

    @property
    def moved(self) -> bool:
        """False where corrections move it that together do not."""
        return any(then != now for then, now in (self.total, self.rank, self.grade))


@dataclass(frozen=True)
class CellMove:
    """One indicator of one unit with other points, and because of which corrections."""

    unit: str
    indicator: str
    name: str
    points: tuple[Fraction | None, Fraction | None]
    own: bool
    shares: tuple[Share, ...]
    rest: Fraction


@dataclass(frozen=True)
class Difference:
    """Two readings of a year (or two years) side by side."""

    year: str
    before: str
    after: str
    authority: str
    synthetic: bool
    provisional: bool
    same_year: bool
    causes: tuple[Cause, ...]
    elsewhere: tuple[str, ...]
    units: tuple[UnitMove, ...]
    cells: tuple[CellMove, ...]
    names: Mapping[str, str]


def difference(before: Side, after: Side) -> Difference:
    """What is different, and why. Two years are held side by side without asking why: everything is different."""
    same = before.book.year == after.book.year
    found = corrections(before.intake, after.intake) if same else []
    trials = [_tried(before.intake, each) for each in found]
    books = {number: trial for number, trial in enumerate(trials) if isinstance(trial, ScoreBook)}
    causes = [
        Cause(each.name, each.unit, each.cells, "" if number in books else str(trials[number]))
        for number, each in enumerate(found)
    ]
    touched = {each.unit for each in found}
    return Difference(
        year=after.book.year,
        before=before.name,
        after=after.name,
        authority=after.book.authority,
        synthetic=before.book.synthetic or after.book.synthetic,
        provisional=before.book.provisional or after.book.provisional,
        same_year=same,
        causes=tuple(causes),
        elsewhere=tuple(elsewhere(before.intake, after.intake)) if same else (),
        units=tuple(_units(before.book, after.book, books, touched)),
        cells=tuple(_cells(before.book, after.book, books, touched)),
        names={unit.unit_id: unit.name for book in (before.book, after.book) for unit in book.units},
    )


def difference_text(found: Difference) -> str:
    """As a file; the same difference gives the same text."""
    return json.dumps({"format": FORMAT, "difference": plain(found)}, ensure_ascii=False, separators=(",", ":"))


def read_difference(path: Path) -> Difference:
    """ValueError for a file that is no difference."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["format"] != FORMAT:
        raise ValueError(f"格式为 {content['format']}，本版本只认 {FORMAT}")
    found: Difference = thaw(Difference, content["difference"])
    return found


def _tried(intake: Intake, correction: Correction) -> ScoreBook | ScenarioError:
    """The year with this correction alone."""
    try:
        supposed = correction.made(intake)
    except ScenarioError as error:
        return error
    assert supposed.scheme
    assert supposed.policies
    assert supposed.data
    return score_data(supposed.scheme, supposed.policies, supposed.data, provisional=True)


def _units(before: ScoreBook, after: ScoreBook, books: Mapping[int, ScoreBook], touched: set[str]) -> list[UnitMove]:
    moves = []
    for key in after.groups:
        for shift in shifts(before, after, key):
            then, now = shift.before, shift.unit
            shares = tuple(
                Share(cause, alone.total - then.total, alone.rank, alone.grade)
                for cause, book in books.items()
                if (alone := book.unit(then.unit_id)).total != then.total
                or alone.rank != then.rank
                or alone.grade != then.grade
            )
            rest = now.total - then.total - sum((share.gained for share in shares), Fraction(0))
            if shift.changed or any(share.gained for share in shares):
                moves.append(
                    UnitMove(
                        now.unit_id, now.name, after.groups[key].name, (then.total, now.total), (then.rank, now.rank),
                        (then.grade, now.grade), now.unit_id in touched, shares, rest if books else Fraction(0),
                    )
                )  # fmt: skip
    return moves


def _cells(before: ScoreBook, after: ScoreBook, books: Mapping[int, ScoreBook], touched: set[str]) -> list[CellMove]:
    moves = []
    for shift in cell_shifts(before, after):
        key = (shift.unit, shift.indicator)
        then = before.points.get(key, Fraction(0))
        shares = tuple(
            Share(cause, gained)
            for cause, book in books.items()
            if (gained := book.points.get(key, Fraction(0)) - then)
        )  # fmt: skip
        rest = shift.gained - sum((share.gained for share in shares), Fraction(0))
        info = after.indicators.get(shift.indicator) or before.indicators[shift.indicator]
        moves.append(
            CellMove(
                shift.unit, shift.indicator, info.name, (shift.before, shift.after), shift.unit in touched, shares,
                rest if books else Fraction(0),
            )
        )  # fmt: skip
    return moves


def alone(difference: Difference, cause: int) -> list[tuple[UnitMove, Share]]:
    """Whom one correction moves by itself."""
    return [(move, share) for move in difference.units for share in move.shares if share.cause == cause]
