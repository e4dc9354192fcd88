"""What a year comes to for one unit: every item above the scored leaves, total, rank, grade, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.rules import Sentence, Trace
from kaohe.scoring.cells import Status
from kaohe.scoring.decided import AwardInfo, Declared, Ruling


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


def says_vetoes(unit: UnitResult) -> str:
    """`有否决事项（较严重安全责任事故）`; empty where there is none."""
    if not unit.vetoed:
        return ""
    return f"有否决事项（{'、'.join(unit.vetoes)}）" if unit.vetoes else "有否决事项"


def says_eligible(unit: UnitResult, top: str) -> str:
    """`A 申报已认定` where `top` is the best grade, or what is lacking."""
    if unit.declared:
        return f"{top}申报已认定"
    return f"{top}申报未具备条件或未认定" if unit.declarations else f"没有申报{top}"
