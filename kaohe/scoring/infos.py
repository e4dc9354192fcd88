"""What a book tells pages beside its numbers: items, groups, grades, readings, checks, in the scheme's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from kaohe.rules.wording import Term, quantity


@dataclass(frozen=True)
class IndicatorInfo:
    """What pages need to know of an indicator. `section` is the heading it stands under, `component` the item that a
    total is explained by (see `Tree.component_above`).

    `how` says in short sentences how points come about; `fulls` its full mark for each category it applies to;
    `own_demand`: the note is what a unit's own sheet asks of it, beside what all are asked; `compares` whether other
    units' figures enter a unit's points.
    """

    id: str
    name: str
    clause: str
    component: str
    section: str
    judged: bool
    innovative: bool = False
    note: str = ""
    due: tuple[DueInfo, ...] = ()
    checks: tuple[CheckInfo, ...] = ()
    how: tuple[str, ...] = ()
    office: str = ""
    fulls: Mapping[str, Fraction] = field(default_factory=dict)
    own_demand: bool = False
    compares: bool = False


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

    @property
    def asked(self) -> str:
        """党日活动参与率 ≥ 80%."""
        return f"{self.name} {self.sign} {quantity(self.bound, Term('', self.unit))}"


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

    `refused`: why it cannot be taken, in words; empty where it can.
    """

    value: str
    says: str
    moved: tuple[Shift, ...] = ()
    largest: Fraction = Fraction(0)
    at: str = ""
    refused: str = ""


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
class WarnedRater:
    """One whose ratings (`of` is "") or marks in a vote, called `name`, are `mark`: flat, strict, lenient, contrary.

    Nobody is named. `groups`: in which of them; `items`, `units`: what was rated; `graded`: units whose grade would be
    another without these ratings; `why` that cannot be said, where it cannot.
    """

    of: str
    name: str
    mark: str
    groups: tuple[str, ...]
    items: int
    units: tuple[str, ...]
    graded: tuple[Shift, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class NodeInfo:
    """An item of the tree as pages need it: parents come before their children; `depth` 0 is a root.

    `raw`, `points`: whether it has these columns among the results; `leaf`: scored by a rule; `vote`: by votes.
    `counts`: whether its parent counts it, `weight` how much, None where that depends on the unit; `steps`: whether
    anything follows after its parts have become one; `asks`: items whose points enter it beside its parts;
    `missing`: what counts where nothing was handed in; `decimals`: with how many its points are shown.
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
    decimals: int = 2


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
class GroupInfo:
    """A group of units ranked together by the points of an item; `quota` places of the best grade, None without one.

    `fulls`: the printed full mark of each item for this group, where it is one number. `ascending`: the lower in front.
    """

    id: str
    name: str
    score: str
    quota: int
    full: Fraction
    fulls: Mapping[str, Fraction]
    how: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ascending: bool = False
