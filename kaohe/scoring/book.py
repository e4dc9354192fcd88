"""The ScoreBook: a year scored, complete and immutable; everything after it is presentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kaohe.scheme.digits import USUAL
from kaohe.scheme.years import Spoken, spoken
from kaohe.scoring import booktables
from kaohe.scoring.booktable import BookTable
from kaohe.scoring.cells import Cells, ScoreCell
from kaohe.scoring.infos import (
    CheckInfo,
    CheckResult,
    ConsequenceInfo,
    DueInfo,
    GradeInfo,
    GroupInfo,
    IndicatorInfo,
    NodeInfo,
    OptionEffect,
    PolicyEffect,
    PolicyInForce,
    SectionInfo,
    Shift,
    VoteInfo,
    WarnedRater,
)
from kaohe.scoring.unitresult import Cast, NodeResult, UnitResult

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Cast",
    "CheckInfo",
    "CheckResult",
    "ConsequenceInfo",
    "DueInfo",
    "GradeInfo",
    "GroupInfo",
    "IndicatorInfo",
    "NodeInfo",
    "NodeResult",
    "OptionEffect",
    "PolicyEffect",
    "PolicyInForce",
    "ScoreBook",
    "SectionInfo",
    "Shift",
    "UnitResult",
    "VoteInfo",
    "WarnedRater",
]


@dataclass(frozen=True)
class ScoreBook:
    """A scored year: cells, results, the policies in force.

    `before` is last year's book where that year can be scored: its points without their sentences; `effects` what
    other readings would change, `warned` what would without each doubtful rater and `unvetoed` without a unit's vetoes,
    where that was looked at.
    `predecessors`: (unit, an id of the year before that it follows), for those renamed or merged; `uncompared`: why
    there is no `before`, where that has to be said. `final`: day and reason of the decision that made the year
    final, if one did. `self_scores`: unit → indicator → the points it gave itself. `unseparated`: items in which
    numbers that are no fractions were taken for equal, as no digits told them apart. `unseen`: what is looked up in
    years that nobody scored, in sentences. `notice`: what the public notice says of itself, in words by field, as
    far as the year says it. `found`: of the slice of one unit, what was found in the whole year (see `slicing`).
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
    whole: str = ""  # what all of it is called
    office: str = ""  # what those are called who supply its figures
    deciders: str = ""  # who decides what is left to a decision
    award: str = ""  # what units are put up for beside their grade
    checks: tuple[CheckResult, ...] = ()
    before: ScoreBook | None = None
    effects: tuple[PolicyEffect, ...] | None = None
    warned: tuple[WarnedRater, ...] = ()
    unvetoed: Mapping[str, tuple[Shift, ...]] = field(default_factory=dict)
    predecessors: tuple[tuple[str, str], ...] = ()
    final: str = ""
    uncompared: str = ""
    unseparated: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    self_scores: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    notice: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, Mapping[str, Any]] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.cells, Cells):
            object.__setattr__(self, "cells", Cells.ready(self.cells))

    @property
    def _cells(self) -> Cells:
        assert isinstance(self.cells, Cells)
        return self.cells

    @property
    def spoken(self) -> Spoken:
        """How sentences speak of its year."""
        return spoken(self.year)

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
        return replace(
            self, cells=cells, units=units, checks=(), before=None, effects=None, warned=(), unvetoed={},
            self_scores={},
        )  # fmt: skip

    def cells_by_item(self, unit: str) -> Mapping[str, ScoreCell]:
        """A unit's cells by indicator."""
        return self._cells.of(unit)

    def cells_of(self, unit: str) -> list[ScoreCell]:
        """A unit's cells in the regulation's order."""
        return list(self._cells.of(unit).values())

    def checks_of(self, unit: str) -> list[CheckResult]:
        return [check for check in self.checks if check.unit == unit]

    def ranking(self, group: str) -> list[UnitResult]:
        """A group's units, best first, those without a score last; ties in the data's order.

        LookupError of a slice, which knows one unit alone.
        """
        if self.found is not None:
            raise LookupError(f"a slice of {self.year} was asked for the units of {group}")
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
    def finest(self) -> int:
        """Decimals of whatever belongs to no one item: a loss, a gain, a mean."""
        return max((node.decimals for node in self.tree.values()), default=USUAL)

    def decimals(self, item: str) -> int:
        """With how many decimals points of an item are shown."""
        return self.tree[item].decimals if item in self.tree else self.finest

    def total_decimals(self, group: str) -> int:
        """With how many decimals totals of a group are shown."""
        return self.decimals(self.groups[group].score)

    @cached_property
    def tables(self) -> Mapping[str, BookTable]:
        """The contract's tables by name, in the order in which they are written: see `booktables`."""
        points = [name for name, _, _ in self.columns_of_points]
        back = self.facts, self.consequences, self.back
        return {
            "scores": booktables.scores(self.year, self.cells),
            "results": booktables.results(self.year, self.units, points, self.point_columns, *back),
            "nodes": booktables.nodes(self.year, self.units, self.tree, self.cells_by_item),
        }

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row a unit and indicator."""
        return self.tables["scores"].frame()

    @cached_property
    def results(self) -> pd.DataFrame:
        """One row a unit."""
        return self.tables["results"].frame()

    @cached_property
    def nodes(self) -> pd.DataFrame:
        """One row an item of the tree and unit, leaves included."""
        return self.tables["nodes"].frame()

    @property
    def result_columns(self) -> tuple[str, ...]:
        """Columns of the results table."""
        points = (name for name, _, _ in self.columns_of_points)
        return booktables.result_columns(points, self.facts, self.consequences)

    @cached_property
    def columns_of_points(self) -> tuple[tuple[str, str, str], ...]:
        """(column of the results, item, raw or points): children stand before their parent."""
        out: list[tuple[str, str, str]] = []
        for node in (each for each in self.tree.values() if each.depth == 1):
            for child in (each for each in self.tree.values() if each.parent == node.id):
                out += _columns(child)
            out += _columns(node)
        return tuple(out)

    def point_columns(self, unit: UnitResult) -> dict[str, Fraction | None]:
        """The unit's row of the results as far as it is points of items."""
        return {column: self.figure(unit, item, what) for column, item, what in self.columns_of_points}

    def figure(self, unit: UnitResult, item: str, what: str) -> Fraction | None:
        """Raw or points of an item, be it a scored leaf or one above them."""
        node = unit.nodes.get(item)
        if node is None:
            return self.points.get((unit.unit_id, item))
        return node.raw if what == "raw" else node.points


def _columns(node: NodeInfo) -> Iterator[tuple[str, str, str]]:
    if node.raw:
        yield f"{node.id}_raw", node.id, "raw"
    if node.points:
        yield f"{node.id}_points", node.id, "points"
