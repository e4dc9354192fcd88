"""The ScoreBook: a year scored, complete and immutable; everything after it is presentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from kaohe.rules import Sentence, Trace

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["scored", "disputed", "missing", "not_applicable"]
STATUS_NAMES: dict[str, str] = {
    "scored": "已评分",
    "disputed": "数据有争议",
    "missing": "缺数据",
    "not_applicable": "不适用",
}


@dataclass(frozen=True)
class ScoreCell:
    """One unit under one indicator. Points are exact; points = raw − deducted − capped.

    `raters` is how many rated it (None where it is computed); `policies` the open points it turned on.
    """

    unit: str
    indicator: str
    status: Status
    clause: str
    max_points: Fraction | None = None
    points: Fraction | None = None
    raw: Fraction | None = None
    deducted: Fraction | None = None
    capped: Fraction | None = None
    sentences: tuple[Sentence, ...] = ()
    raters: int | None = None
    policies: tuple[str, ...] = ()
    trace: Trace | None = None

    @property
    def applicable(self) -> bool:
        return self.status != "not_applicable"

    @property
    def reason(self) -> str:
        """Everything said about the cell; for internal eyes."""
        return "；".join(sentence.text for sentence in self.sentences)

    @property
    def lost(self) -> Fraction:
        """Points short of the full mark; 0 where it does not apply or is exceeded."""
        if self.points is None or self.max_points is None:
            return Fraction(0)
        return max(self.max_points - self.points, Fraction(0))


@dataclass(frozen=True)
class IndicatorInfo:
    """What pages need to know of an indicator. `section` is a heading of 附件1, or the department's part."""

    id: str
    name: str
    clause: str
    component: str  # base, key or target
    section: str
    judged: bool
    innovative: bool = False
    note: str = ""
    checks: tuple[CheckInfo, ...] = ()


@dataclass(frozen=True)
class CheckInfo:
    """A number the text names beside the rating: whom it is for, the bound in words."""

    metric: str
    name: str
    unit: str
    sign: str
    bound: Fraction
    party_org: str | None = None


@dataclass(frozen=True)
class CheckResult:
    """A numeric check or target held against what was handed in; shown beside the rating."""

    unit: str
    indicator: str
    text: str
    value: Fraction | None
    met: bool | None


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
class UnitResult:
    """One unit's results, exact. base_* and key_* are None for departments.

    `full_*` are the full marks on paper; `own_*` the unit's own, used as divisors.
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
    voters: int = 0
    leaders: int = 0
    ballot_trace: Trace | None = None
    leader_trace: Trace | None = None


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
    """A scored year: cells, results, the policies in force, and last year's results where there are any."""

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
    cells: tuple[ScoreCell, ...]
    checks: tuple[CheckResult, ...] = ()
    previous_year: str | None = None
    previous: Mapping[str, UnitResult] = field(default_factory=dict)

    @cached_property
    def _cells(self) -> dict[tuple[str, str], ScoreCell]:
        return {(cell.unit, cell.indicator): cell for cell in self.cells}

    @cached_property
    def _units(self) -> dict[str, UnitResult]:
        return {unit.unit_id: unit for unit in self.units}

    def cell(self, unit: str, indicator: str) -> ScoreCell:
        """KeyError where the unit's group has no such indicator."""
        return self._cells[unit, indicator]

    def unit(self, unit_id: str) -> UnitResult:
        """KeyError where there is no such unit."""
        return self._units[unit_id]

    def has_unit(self, unit_id: str) -> bool:
        return unit_id in self._units

    def cells_of(self, unit: str) -> list[ScoreCell]:
        """A unit's cells in the regulation's order."""
        return [cell for cell in self.cells if cell.unit == unit]

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
