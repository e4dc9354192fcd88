"""Why a year came out otherwise: which corrected cell moved whose points, rank and grade.

Each correction is made by itself in the earlier data and the year is scored again; what the corrections do one by
one need not add up to what they do together (bands, caps, ranks): the rest is said, not spread. Of two years, a
correction is all that one unit handed in (see `transition`). What a unit's own data, the others', the scheme and the
readings have of its difference is another question, and adds up: see `changed`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.analysis.changed import changed, changed_json
from kaohe.analysis.corrections import Cell, Correction, corrections, elsewhere
from kaohe.analysis.difference import cell_shifts, shifts
from kaohe.analysis.kept import Side
from kaohe.analysis.scenario import ScenarioError
from kaohe.analysis.transition import carried, comings, exchanges
from kaohe.intake import Intake
from kaohe.intake.tables.vocabulary import TABLES
from kaohe.scheme import Scheme
from kaohe.scheme.digits import USUAL
from kaohe.scheme.years import spoken
from kaohe.scoring.assemble import score_data
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.bookfile import plain, thaw
from kaohe.scoring.lineage import renamed, renames_of
from kaohe.scoring.owned import needed_metrics

FORMAT = 4


@dataclass(frozen=True)
class Share:
    """What one correction does by itself: points, and from which rank and grade to which. `cause` counts from 0."""

    cause: int
    gained: Fraction
    rank: tuple[int, int] = (0, 0)
    grade: tuple[str, str] = ("", "")


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
    """One indicator of one unit with other points, and because of which corrections.

    `evidence`: what of the unit's own data behind this indicator is different; empty where others moved it.
    """

    unit: str
    indicator: str
    name: str
    points: tuple[Fraction | None, Fraction | None]
    evidence: tuple[str, ...]
    shares: tuple[Share, ...]
    rest: Fraction

    @property
    def own(self) -> bool:
        return bool(self.evidence)


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
    split: Mapping[str, Any]
    """What each unit's difference comes from: own data, others' data, scheme, readings (`changed`), as JSON."""

    decimals: int = USUAL
    """With how many its points are shown."""


@dataclass(frozen=True)
class _Trial:
    """A correction made by itself: the year without and with it."""

    cause: int
    without: ScoreBook
    given: ScoreBook


def _called(side: Side, other: Side) -> str:
    """The side's name; an invented one beside a real one says so."""
    return f"{side.name}（演示数据）" if side.book.synthetic and not other.book.synthetic else side.name


def difference(before: Side, after: Side) -> Difference:
    """What is different, and why.

    Of two years, the earlier data are first scored under the later year's scheme and readings (a cause of its own
    where that moves somebody), then with one unit's new data after the other's.
    """
    same = before.book.year == after.book.year
    then = before.book if same else renamed(before.book, renames_of(after.book))
    intake = before.intake if same else carried(before.intake, after.intake, renames_of(after.book))
    start = then if same else _scored(intake, before.book.before)
    found = corrections(intake, after.intake) if same else exchanges(intake, after.intake)
    more = tuple(elsewhere(intake, after.intake) if same else _comings_said(intake, after.intake))
    causes, trials = [], []
    if not same and _moved(then, start):
        causes.append(Cause(rules_differ(after.book.year), "", ()))
        trials.append(_Trial(0, then, start))
    for number, each in enumerate(found, len(causes)):
        tried = _tried(intake, before.book.before, each)
        causes.append(Cause(each.name, each.unit, each.cells, str(tried) if isinstance(tried, ScenarioError) else ""))
        if isinstance(tried, ScoreBook):
            trials.append(_Trial(number, start, tried))
    return Difference(
        year=after.book.year,
        before=_called(before, after),
        after=_called(after, before),
        authority=after.book.authority,
        synthetic=before.book.synthetic or after.book.synthetic,
        provisional=before.book.provisional or after.book.provisional,
        same_year=same,
        causes=tuple(causes),
        elsewhere=more,
        units=tuple(_units(then, after.book, trials, {each.unit for each in found})),
        cells=tuple(_cells(then, after.book, trials, _Behind(after.intake, causes))),
        names={unit.unit_id: unit.name for book in (then, after.book) for unit in book.units},
        split=changed_json(changed(before, after)),
        decimals=max(before.book.finest, after.book.finest),
    )


REMARKS = {TABLES["metrics"].column[name].header for name in ("source", "note")}
"""Columns that explain a figure and move no points."""


def rules_differ(year: str) -> str:
    """The cause of two years that is nobody's data: the later year's own rules."""
    return f"考核方案、读法或统计时段与{spoken(year).last}不同"


def _comings_said(base: Intake, later: Intake) -> Iterator[str]:
    return (f"{unit.unit_id} {unit.name}：{why}" for unit, why in comings(base, later))


def _scored(intake: Intake, before: ScoreBook | None) -> ScoreBook:
    assert intake.scheme
    assert intake.policies
    assert intake.data
    return score_data(intake.scheme, intake.policies, intake.data, provisional=True, before=before)


def _moved(then: ScoreBook, now: ScoreBook) -> bool:
    return bool(cell_shifts(then, now)) or any(shift.changed for key in now.groups for shift in shifts(then, now, key))


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


def _tried(intake: Intake, before: ScoreBook | None, correction: Correction) -> ScoreBook | ScenarioError:
    """The year with this correction alone."""
    try:
        return _scored(correction.made(intake), before)
    except ScenarioError as error:
        return error


class _Behind:
    """What of the raw data is different behind an indicator of a unit."""

    def __init__(self, intake: Intake, causes: Iterable[Cause]) -> None:
        assert intake.scheme
        assert intake.data
        self._scheme: Scheme = intake.scheme
        self._categories = {unit.unit_id: unit.category for unit in intake.data.units}
        self._cells: dict[tuple[str, str], list[Cell]] = {}
        for cause in causes:
            for cell in cause.cells:
                if cell.column in REMARKS:
                    continue
                self._cells.setdefault((cell.unit, cell.subject), []).append(cell)

    def of(self, unit: str, indicator: str) -> Iterator[str]:
        known = self._scheme.indicators.get(indicator)
        metrics = needed_metrics(known, self._categories[unit]) if known and unit in self._categories else ()
        for subject in (*metrics, indicator):
            yield from (cell.said for cell in self._cells.get((unit, subject), ()))


def _units(before: ScoreBook, after: ScoreBook, trials: Sequence[_Trial], touched: set[str]) -> Iterator[UnitMove]:
    for key in after.groups:
        for shift in shifts(before, after, key):
            then, now = shift.before, shift.unit
            shares = tuple(share for trial in trials if (share := _share(trial, then.unit_id)) is not None)
            rest = now.total - then.total - sum((share.gained for share in shares), Fraction(0))
            if shift.changed or any(share.gained for share in shares):
                yield UnitMove(
                    now.unit_id, now.name, after.groups[key].name, (then.total, now.total), (then.rank, now.rank),
                    (then.grade, now.grade), now.unit_id in touched, shares, rest if trials else Fraction(0),
                )  # fmt: skip


def _share(trial: _Trial, unit_id: str) -> Share | None:
    """None where the correction does not move the unit."""
    if not (trial.without.has_unit(unit_id) and trial.given.has_unit(unit_id)):
        return None
    then, now = trial.without.unit(unit_id), trial.given.unit(unit_id)
    share = Share(trial.cause, now.total - then.total, (then.rank, now.rank), (then.grade, now.grade))
    moved = share.gained or share.rank[0] != share.rank[1] or share.grade[0] != share.grade[1]
    return share if moved else None


def _cells(before: ScoreBook, after: ScoreBook, trials: Sequence[_Trial], behind: _Behind) -> Iterator[CellMove]:
    """Of units that are in both."""
    zero = Fraction(0)
    for shift in cell_shifts(before, after):
        if not (before.has_unit(shift.unit) and after.has_unit(shift.unit)):
            continue
        key = (shift.unit, shift.indicator)
        shares = tuple(
            Share(trial.cause, gained)
            for trial in trials
            if (gained := trial.given.points.get(key, zero) - trial.without.points.get(key, zero))
        )
        rest = shift.gained - sum((share.gained for share in shares), zero)
        info = after.indicators.get(shift.indicator) or before.indicators[shift.indicator]
        yield CellMove(
            shift.unit, shift.indicator, info.name, (shift.before, shift.after),
            tuple(behind.of(*key)), shares, rest if trials else zero,
        )  # fmt: skip
