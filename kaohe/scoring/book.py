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
class NodeInfo:
    """An item of the tree as pages need it: parents come before their children; `depth` 0 is a root.

    `raw`, `points`: whether it has these columns among the results; `leaf`: scored by a rule; `vote`: by votes.
    `counts`: whether its parent counts it, `weight` how much, None where that depends on the unit; `steps`: whether
    anything follows after its parts have become one; `asks`: items whose points enter it beside its parts;
    `missing`: what counts where nothing was handed in.
    """

    id: str
    name: str
    clause: str
    parent: str | None
    depth: int
    categories: tuple[str, ...]
    combine: str = "sum"
    leaf: bool = False
    vote: bool = False
    unit: str | None = None
    raw: bool = False
    points: bool = False
    how: tuple[str, ...] = ()
    counts: bool = True
    weight: Fraction | None = Fraction(1)
    steps: bool = False
    missing: str = "refuse"
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class GradeInfo:
    """A grade, best first among its like: `role` is what it means (`top`, `fail`), `colour` by which it is coloured.

    `bounds` of the total and what it `needs` beside, in words.
    """

    id: str
    name: str
    role: str = ""
    colour: str = ""
    bounds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConsequenceInfo:
    """What follows, in the scheme's words: over its column, in it, in a sentence, as something to do.

    `back`: it asks about years before; `asks`: about what (`grade`, `last`, `declared` …); `failed`: it follows from
    the grade that fails, and from nothing else.
    """

    name: str
    heading: str
    yes: str
    no: str
    says: str = ""
    act: str = ""
    role: str = ""
    back: bool = False
    asks: tuple[str, ...] = ()
    failed: bool = False


@dataclass(frozen=True)
class VoteInfo:
    """An item that people vote on: what is on the paper, who votes, and what groups of voters are called in tables."""

    name: str
    paper: str
    voter: str
    id: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    voters: Mapping[str, str] = field(default_factory=dict)
    out_of: Fraction | None = None


@dataclass(frozen=True)
class Cast:
    """What was voted on a unit: votes by option, or marks by group of voters, without names; internal pages only."""

    counts: Mapping[str, Fraction] = field(default_factory=dict)
    marks: tuple[tuple[str, Fraction], ...] = ()

    @property
    def votes(self) -> Fraction:
        return sum(self.counts.values(), Fraction(0))


@dataclass(frozen=True)
class NodeResult:
    """An item of the tree for one unit, exact. `raw` is before what follows after it; `own_full`: what applies to it.

    `points` are None where they could not be found; `periods` what each month or term gave; `rate`: what a point before
    the steps after it is worth after them.
    """

    raw: Fraction | None
    points: Fraction | None
    full: Fraction | None
    own_full: Fraction | None = None
    weight: Fraction | None = None
    status: Status = "scored"
    sentences: tuple[Sentence, ...] = ()
    trace: Trace | None = None
    periods: Mapping[str, Fraction] = field(default_factory=dict)
    rate: Fraction = Fraction(1)

    @property
    def reason(self) -> str:
        return "；".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True)
class UnitResult:
    """One unit's results, exact. `nodes`: every item of the tree above its scored leaves, and votes.

    `total` and `rank` say nothing where the unit is not `rated`: it has no score; `consequences` are None where they
    cannot be decided. `cast`: what was voted on it, by item.
    """

    unit_id: str
    name: str
    group: str
    category: str
    nodes: Mapping[str, NodeResult]
    total: Fraction
    rank: int
    declared: bool
    vetoed: bool
    grade: str
    consequences: Mapping[str, bool | None]
    attainable: Fraction
    fail_below: Fraction
    last: bool
    rated: bool = True
    cast: Mapping[str, Cast] = field(default_factory=dict)
    declarations: tuple[Declared, ...] = ()
    vetoes: tuple[str, ...] = ()  # names of the kinds, with the day where it is known
    effects: tuple[str, ...] = ()  # what they do to the grade
    limits: tuple[str, ...] = ()  # limits on the grade that hold, with what they do
    ruling: Ruling | None = None
    awards: tuple[AwardInfo, ...] = ()

    @property
    def by_points(self) -> str:
        """The grade before any decision of the leading group."""
        return self.ruling.by_points if self.ruling else self.grade

    def points(self, item: str) -> Fraction | None:
        """Points of an item; None where the unit has none."""
        return self.nodes[item].points if item in self.nodes else None


@dataclass(frozen=True)
class GroupInfo:
    """A group of units ranked together by the points of an item; `quota` places of the best grade, None without one.

    `fulls`: the printed full mark of each item for this group, where it is one number.
    """

    id: str
    name: str
    score: str
    quota: int
    full: Fraction
    fulls: Mapping[str, Fraction]
    how: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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


NODE_COLUMNS = (
    "year",
    "unit_id",
    "item",
    "parent",
    "period",
    "raw",
    "points",
    "full",
    "weight",
    "status",
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
    tree: Mapping[str, NodeInfo] = field(default_factory=dict)
    back: frozenset[str] = frozenset()  # consequences that ask about years before
    facts: tuple[str, ...] = ()  # columns of the results beside points: declared, vetoed, grade
    consequences: Mapping[str, str] = field(default_factory=dict)  # id → name
    grades: Mapping[str, str] = field(default_factory=dict)  # id → name, best first
    grading: tuple[GradeInfo, ...] = ()
    follows: Mapping[str, ConsequenceInfo] = field(default_factory=dict)
    votes: Mapping[str, VoteInfo] = field(default_factory=dict)  # item → what is voted on
    declared_by: tuple[str, ...] = ()  # policies that say what counts as declared
    deciders: str = ""  # who decides what is left to a decision
    award: str = ""  # what units are put up for beside their grade
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
        units = tuple(
            replace(
                unit,
                nodes={name: replace(node, sentences=(), trace=None) for name, node in unit.nodes.items()},
            )
            for unit in self.units
        )
        return replace(self, cells=cells, units=units, checks=(), before=None, effects=None, self_scores={})

    def cells_of(self, unit: str) -> list[ScoreCell]:
        """A unit's cells in the regulation's order."""
        return list(self._cells.of(unit).values())

    def checks_of(self, unit: str) -> list[CheckResult]:
        return [check for check in self.checks if check.unit == unit]

    def ranking(self, group: str) -> list[UnitResult]:
        """A group's units, best first, those without a score last; ties in the data's order."""
        mine = (unit for unit in self.units if unit.group == group)
        return sorted(mine, key=lambda unit: (not unit.rated, unit.rank))

    def rated(self, group: str) -> list[UnitResult]:
        """Those that have a score, best first."""
        return [unit for unit in self.ranking(group) if unit.rated]

    @cached_property
    def below(self) -> Mapping[str, tuple[NodeInfo, ...]]:
        """Item → the items it is made of, in the regulation's order."""
        out: dict[str, list[NodeInfo]] = {}
        for node in self.tree.values():
            if node.parent is not None:
                out.setdefault(node.parent, []).append(node)
        return {name: tuple(found) for name, found in out.items()}

    @property
    def top(self) -> str:
        """The name of the best grade; empty where there are no grades."""
        names = [each.name for each in self.grading if each.role == "top"] or [each.name for each in self.grading[:1]]
        return names[0] if names else ""

    @property
    def fail(self) -> str:
        """The name of the grade that fails; empty where there is none."""
        return next((each.name for each in self.grading if each.role == "fail"), "")

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

    @property
    def result_columns(self) -> tuple[str, ...]:
        """Columns of the results table: items at the first steps of the tree, then what follows from them."""
        return (
            *("year", "unit_id", "name", "group", "category"),
            *(name for name, _, _ in self._point_columns),
            *("total", "rank"),
            *self.facts,
            *self.consequences,
        )

    @cached_property
    def _point_columns(self) -> tuple[tuple[str, str, str], ...]:
        """(column, item, raw or points): children stand before their parent."""
        out: list[tuple[str, str, str]] = []
        for node in (each for each in self.tree.values() if each.depth == 1):
            for child in (each for each in self.tree.values() if each.parent == node.id):
                out += _columns(child)
            out += _columns(node)
        return tuple(out)

    @cached_property
    def results(self) -> pd.DataFrame:
        """The contract's `results` table: one row a unit, numbers as nearest doubles."""
        import pandas as pd

        rows = []
        for unit in self.units:
            row: dict[str, Any] = {"year": self.year}
            row |= {name: getattr(unit, name) for name in ("unit_id", "name", "group", "category")}
            for column, item, what in self._point_columns:
                row[column] = _double(self._figure(unit, item, what))
            row |= {"total": float(unit.total) if unit.rated else None, "rank": unit.rank if unit.rated else None}
            row |= {name: getattr(unit, name) for name in self.facts}
            rows.append({**row, **unit.consequences})
        frame = pd.DataFrame(rows, columns=self.result_columns)
        all_rated = all(unit.rated for unit in self.units)
        kinds: dict[str, str] = {name: "float64" for name, _, _ in self._point_columns}
        kinds |= {"total": "float64", "rank": "int64" if all_rated else "Int64"}
        kinds |= dict.fromkeys((name for name in self.facts if name != "grade"), "bool")
        looks_back = {name for unit in self.units for name, held in unit.consequences.items() if held is None}
        past = looks_back | self.back
        kinds |= {name: "boolean" if name in past else "bool" for name in self.consequences}
        return frame.astype(kinds)

    def point_columns(self, unit: UnitResult) -> dict[str, Fraction | None]:
        """The unit's row of the results as far as it is points of items."""
        return {column: self._figure(unit, item, what) for column, item, what in self._point_columns}

    def _figure(self, unit: UnitResult, item: str, what: str) -> Fraction | None:
        """Raw or points of an item, be it a scored leaf or one above them."""
        node = unit.nodes.get(item)
        if node is None:
            return self.points.get((unit.unit_id, item))
        return node.raw if what == "raw" else node.points

    @cached_property
    def nodes(self) -> pd.DataFrame:
        """One row an item of the tree and unit, leaves included, numbers as nearest doubles."""
        import pandas as pd

        frame = pd.DataFrame(self._node_rows(), columns=NODE_COLUMNS)
        kinds = {
            **dict.fromkeys(("raw", "points", "full", "weight"), "float64"),
            "parent": "string",
            "period": "string",
        }
        return frame.astype(kinds)

    def _node_rows(self) -> Iterator[dict[str, Any]]:
        for unit in self.units:
            cells = self._cells.of(unit.unit_id)
            for item, info in self.tree.items():
                node = unit.nodes.get(item)
                if node is None and item in cells and cells[item].applicable:
                    cell = cells[item]
                    node = NodeResult(cell.raw, cell.points, cell.max_points, status=cell.status)
                    reason = cell.reason
                elif node is not None:
                    reason = node.reason
                else:
                    continue
                about = {"year": self.year, "unit_id": unit.unit_id, "item": item, "parent": info.parent}
                for period, points in node.periods.items():
                    yield {**about, "period": period, "points": _double(points), "status": node.status, "reason": ""}
                yield {
                    **about,
                    "period": None,
                    "raw": _double(node.raw),
                    "points": _double(node.points),
                    "full": _double(node.full),
                    "weight": _double(node.weight),
                    "status": node.status,
                    "reason": reason,
                }


def _columns(node: NodeInfo) -> Iterator[tuple[str, str, str]]:
    if node.raw:
        yield f"{node.id}_raw", node.id, "raw"
    if node.points:
        yield f"{node.id}_points", node.id, "points"


def _double(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
