"""The ScoreBook: a year scored, complete and immutable; everything after it is presentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from kaohe.rules import Sentence, Trace
from kaohe.scoring.cells import Cells, ScoreCell, Status
from kaohe.scoring.decided import AwardInfo, Declared, Ruling

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class IndicatorInfo:
    """What pages need to know of an indicator. `section` is a heading of 附件1, or the department's part.

    `how` says in short sentences how points come about; `fulls` its full mark for each category it applies to.
    """

    id: str
    name: str
    clause: str
    component: str  # base, key or target
    section: str
    judged: bool
    innovative: bool = False
    note: str = ""
    due: tuple[DueInfo, ...] = ()
    checks: tuple[CheckInfo, ...] = ()
    how: tuple[str, ...] = ()
    office: str = ""
    fulls: Mapping[str, Fraction] = field(default_factory=dict)
    own_demand: bool = False  # the note is what its own sheet asks of the department, beside what all are asked


@dataclass(frozen=True)
class DueInfo:
    """A time limit of the text in the year at hand, its last day as 2018-12-31; `what`, where not the whole task."""

    name: str
    day: str
    what: str = ""

    @property
    def says(self) -> str:
        """`年底前（2018-12-31）：完成评审`."""
        return f"{self.name}（{self.day}）" + (f"：{self.what}" if self.what else "")


@dataclass(frozen=True)
class CheckInfo:
    """A number the text names beside the rating: the bound, and whom it is for where not for all."""

    metric: str
    name: str
    unit: str
    sign: str
    bound: Fraction
    party_org: str | None = None
    applies: tuple[str, ...] = ()  # names of categories


@dataclass(frozen=True)
class CheckResult:
    """A numeric check or target held against what was handed in; shown beside the rating.

    `share` is how much of the number was reached: value ÷ bound, or bound ÷ value where less is better; None
    where it was not handed in, or cannot be said.
    """

    unit: str
    indicator: str
    text: str
    value: Fraction | None
    met: bool | None
    share: Fraction | None = None
    metric: str = ""


@dataclass(frozen=True)
class SectionInfo:
    """A heading with its printed full mark."""

    id: str
    name: str
    clause: str
    component: str
    full: Fraction


@dataclass(frozen=True)
class PolicyInForce:
    """A reading in force, and where it comes from."""

    id: str
    name: str
    question: str
    value: str
    says: str
    clause: str
    origin: Literal["default", "year", "run"]
    reason: str = ""
    decided_on: str = ""


@dataclass(frozen=True)
class Shift:
    """A unit whose rank or grade another reading would change."""

    unit: str
    rank: int
    rank_then: int
    grade: str
    grade_then: str


@dataclass(frozen=True)
class OptionEffect:
    """What one other reading would change: units that shift, and the largest change of a total, `at` which unit.

    `refused` where it may not stand beside the other readings in force.
    """

    value: str
    says: str
    moved: tuple[Shift, ...] = ()
    largest: Fraction = Fraction(0)
    at: str = ""
    refused: bool = False


@dataclass(frozen=True)
class PolicyEffect:
    """What deciding a policy otherwise would change.

    A policy that is a number (the fail line) has no options: grades stay as they are for a value above
    `steady_above` and up to `steady_to`.
    """

    policy: str
    options: tuple[OptionEffect, ...] = ()
    steady_above: Fraction | None = None
    steady_to: Fraction | None = None


@dataclass(frozen=True)
class LeaderScore:
    """What one leader gave a unit, without a name; for internal pages only."""

    role: str
    score: Fraction


@dataclass(frozen=True)
class UnitResult:
    """One unit's results, exact. base_* and key_* are None for departments.

    `own_full` are the unit's own full marks, used as divisors; `ballots` the votes 优秀, 合格 and 不合格.
    """

    unit_id: str
    name: str
    group: str
    category: str
    ballot_points: Fraction
    base_raw: Fraction | None
    base_points: Fraction | None
    key_raw: Fraction | None
    key_points: Fraction | None
    target_points: Fraction
    leader_points: Fraction
    total: Fraction
    rank: int
    declared: bool
    vetoed: bool
    grade: str
    bonus_eligible: bool
    rectify: bool
    last_two_years: bool | None
    outstanding_award: bool
    attainable: Fraction
    fail_below: Fraction
    last: bool
    own_full: Mapping[str, Fraction]
    ballot_sentences: tuple[Sentence, ...] = ()
    leader_sentences: tuple[Sentence, ...] = ()
    ballot_status: Status = "scored"
    leader_status: Status = "scored"
    ballots: tuple[Fraction, ...] = ()
    leader_scores: tuple[LeaderScore, ...] = ()
    ballot_trace: Trace | None = None
    leader_trace: Trace | None = None
    declarations: tuple[Declared, ...] = ()
    vetoes: tuple[str, ...] = ()  # names of the kinds, with the day where it is known
    ruling: Ruling | None = None
    awards: tuple[AwardInfo, ...] = ()

    @property
    def by_points(self) -> str:
        """The grade before any decision of the leading group."""
        return self.ruling.by_points if self.ruling else self.grade

    @property
    def voters(self) -> int:
        return int(sum(self.ballots, Fraction(0)))

    @property
    def leaders(self) -> int:
        return len(self.leader_scores)


@dataclass(frozen=True)
class GroupInfo:
    """A group of units ranked together, with its components' full marks."""

    id: str
    name: str
    quota: int
    ballot_full: Fraction
    target_full: Fraction
    leader_full: Fraction
    parts: Mapping[str, Fraction]
    ballot_how: tuple[str, ...] = ()
    leader_how: tuple[str, ...] = ()

    @property
    def full(self) -> Fraction:
        return self.ballot_full + self.target_full + self.leader_full


COMPONENT_NAMES = {
    "ballot": "民主测评",
    "base": "基础指标",
    "key": "重点指标",
    "target": "目标考核",
    "leader": "领导班子评价",
}

RESULT_COLUMNS = (
    "year",
    "unit_id",
    "name",
    "group",
    "category",
    "ballot_points",
    "base_raw",
    "base_points",
    "key_raw",
    "key_points",
    "target_points",
    "leader_points",
    "total",
    "rank",
    "declared",
    "vetoed",
    "grade",
    "bonus_eligible",
    "rectify",
    "last_two_years",
    "outstanding_award",
)
SCORE_COLUMNS = (
    "year",
    "unit_id",
    "indicator",
    "applicable",
    "max_points",
    "points",
    "raw",
    "deducted",
    "capped",
    "status",
    "clause",
    "reason",
)


@dataclass(frozen=True)
class ScoreBook:
    """A scored year: cells, results, the policies in force.

    `before` is last year's book where that year can be scored: its points without their sentences; `effects`
    what other readings would change, where that was looked at. `predecessors`: (unit, an id of the year before that it
    follows), for those renamed or merged; `uncompared`: why there is no `before`, where that has to be said. `final`:
    day and reason of the decision that made the year final, if one did. `self_scores`: unit → indicator → the points it
    gave itself.
    `notice`: what the public notice says of itself, in words by field, as far as the year says it.
    """

    year: str
    scheme_id: str
    scheme_title: str
    authority: str
    synthetic: bool
    provisional: bool
    groups: Mapping[str, GroupInfo]
    categories: Mapping[str, str]
    sections: tuple[SectionInfo, ...]
    indicators: Mapping[str, IndicatorInfo]
    policies: tuple[PolicyInForce, ...]
    units: tuple[UnitResult, ...]
    cells: Sequence[ScoreCell]
    checks: tuple[CheckResult, ...] = ()
    before: ScoreBook | None = None
    effects: tuple[PolicyEffect, ...] | None = None
    predecessors: tuple[tuple[str, str], ...] = ()
    final: str = ""
    uncompared: str = ""
    self_scores: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    notice: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.cells, Cells):
            object.__setattr__(self, "cells", Cells.ready(self.cells))

    @property
    def _cells(self) -> Cells:
        assert isinstance(self.cells, Cells)
        return self.cells

    @property
    def trial(self) -> bool:
        """Whether it rests on readings given for this run alone; then it is no result."""
        return any(policy.origin == "run" for policy in self.policies)

    @property
    def previous_year(self) -> str | None:
        return self.before.year if self.before else None

    @property
    def previous(self) -> Mapping[str, UnitResult]:
        """Last year's results by unit; empty where there are none."""
        return self.before._units if self.before else {}

    @cached_property
    def _units(self) -> dict[str, UnitResult]:
        return {unit.unit_id: unit for unit in self.units}

    def cell(self, unit: str, indicator: str) -> ScoreCell:
        """KeyError where the unit's group has no such indicator."""
        return self._cells.of(unit)[indicator]

    @property
    def points(self) -> Mapping[tuple[str, str], Fraction]:
        """(unit, indicator) → points, without assembling the cells."""
        return self._cells.points

    def unit(self, unit_id: str) -> UnitResult:
        """KeyError where there is no such unit."""
        return self._units[unit_id]

    def has_unit(self, unit_id: str) -> bool:
        return unit_id in self._units

    def slim(self) -> ScoreBook:
        """The points alone: without sentences, traces, checks and the year before."""
        cells = self._cells.changed(lambda cell: replace(cell, sentences=(), ahead=(), trace=None))
        bare = {"ballot_sentences": (), "leader_sentences": (), "ballot_trace": None, "leader_trace": None}
        units = tuple(replace(unit, **bare) for unit in self.units)  # type: ignore[arg-type]
        return replace(self, cells=cells, units=units, checks=(), before=None, effects=None, self_scores={})

    def cells_of(self, unit: str) -> list[ScoreCell]:
        """A unit's cells in the regulation's order."""
        return list(self._cells.of(unit).values())

    def checks_of(self, unit: str) -> list[CheckResult]:
        return [check for check in self.checks if check.unit == unit]

    def ranking(self, group: str) -> list[UnitResult]:
        """A group's units, best first; ties in the data's order."""
        return sorted((unit for unit in self.units if unit.group == group), key=lambda unit: unit.rank)

    def sections_of(self, unit: str) -> Iterator[tuple[SectionInfo, list[ScoreCell]]]:
        """The unit's headings with their applicable cells."""
        mine = [cell for cell in self.cells_of(unit) if cell.applicable]
        for section in self.sections:
            found = [cell for cell in mine if self.indicators[cell.indicator].section == section.id]
            if found:
                yield section, found

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The contract's `scores` table: one row a unit and indicator, numbers as nearest doubles."""
        import pandas as pd

        rows = [
            {
                "year": self.year,
                "unit_id": cell.unit,
                "indicator": cell.indicator,
                "applicable": cell.applicable,
                "max_points": _double(cell.max_points),
                "points": _double(cell.points),
                "raw": _double(cell.raw),
                "deducted": _double(cell.deducted),
                "capped": _double(cell.capped),
                "status": cell.status,
                "clause": cell.clause,
                "reason": cell.reason,
            }
            for cell in self.cells
        ]
        frame = pd.DataFrame(rows, columns=SCORE_COLUMNS)
        numbers = dict.fromkeys(("max_points", "points", "raw", "deducted", "capped"), "float64")
        return frame.astype({**numbers, "applicable": "bool"})

    @cached_property
    def results(self) -> pd.DataFrame:
        """The contract's `results` table: one row a unit, numbers as nearest doubles."""
        import pandas as pd

        rows = [
            {"year": self.year, **{name: _plain(getattr(unit, name)) for name in RESULT_COLUMNS[1:]}}
            for unit in self.units
        ]
        frame = pd.DataFrame(rows, columns=RESULT_COLUMNS)
        numbers = {name: "float64" for name in RESULT_COLUMNS if name.endswith(("_points", "_raw"))}
        flags = dict.fromkeys(("declared", "vetoed", "bonus_eligible", "rectify", "outstanding_award"), "bool")
        return frame.astype({**numbers, "total": "float64", "rank": "int64", **flags, "last_two_years": "boolean"})


def _double(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Fraction) else value
