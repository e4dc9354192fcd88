"""A year's raw data once it is read: typed, exact, each row with the place it came from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.intake.tables.vocabulary import OtherRow, Table
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.votes import VoteRule
from kaohe.scheme.policies import Decision

Key = tuple[str, str]
"""(unit_id, metric or indicator)."""

VoteKey = tuple[str, str, str]
"""(unit_id, vote, facet); the facet is empty where a vote has none."""


@dataclass(frozen=True)
class Unit:
    unit_id: str
    name: str
    category: str
    traits: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What else is known of it, by trait of the scheme."""

    place: str = ""


@dataclass(frozen=True, slots=True)
class MetricRow:
    value: Fraction
    source: str | None = None
    note: str | None = None
    disputed: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    rater: str
    points: Fraction
    note: str | None = None
    disputed: bool = False
    place: str = ""
    period: str = ""


@dataclass(frozen=True)
class Votes:
    """The votes cast on a unit in one vote (and facet): (group of voters, option) → how many; `places` by group."""

    counts: Mapping[tuple[str, str], Fraction]
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where they stand: that of the first group's paper."""
        return next(iter(self.places.values()), "")

    @property
    def total(self) -> Fraction:
        return sum(self.counts.values(), Fraction(0))


@dataclass(frozen=True)
class Mark:
    """What one voter gave; `group` is empty where the vote tells none apart."""

    voter: str
    group: str
    mark: Fraction
    place: str = ""


@dataclass(frozen=True)
class Declaration:
    title: str | None
    accepted: bool
    place: str = ""
    date: datetime.date | None = None


@dataclass(frozen=True)
class Veto:
    unit: str
    kind: str
    note: str | None = None
    place: str = ""
    date: datetime.date | None = None


@dataclass(frozen=True)
class Award:
    unit: str
    title: str | None
    approved: bool | None  # None: not decided yet
    place: str = ""
    basis: str | None = None
    level: str | None = None
    review: str | None = None
    date: datetime.date | None = None


@dataclass(frozen=True)
class Ruling:
    """What was decided of a unit's grade; `grade` as coded in the table."""

    grade: str
    matter: str | None
    reason: str
    decided_on: datetime.date
    place: str = ""


@dataclass(frozen=True)
class SelfReport:
    """The report in which a unit assesses itself has come."""

    received_on: datetime.date
    note: str | None = None
    place: str = ""


@dataclass(frozen=True)
class Rectification:
    """Who puts right what, why it went wrong, how and by when; nothing of it need be known yet."""

    responsible: str | None = None
    cause: str | None = None
    measures: str | None = None
    due: datetime.date | None = None
    done_on: datetime.date | None = None
    note: str | None = None
    place: str = ""


@dataclass(frozen=True)
class PublicNotice:
    """How long results are posted, whom to ask, where, and who signs."""

    since: datetime.date | None = None
    until: datetime.date | None = None
    contact: str = ""
    phone: str = ""
    place: str = ""
    signature: str = ""
    signed_on: datetime.date | None = None


@dataclass(frozen=True)
class Letter:
    """What the year's notices to units bear: number of the document, signature, day."""

    number: str = ""
    signature: str = ""
    signed_on: datetime.date | None = None


@dataclass(frozen=True)
class StepTaken:
    """What somebody says of a step of the procedure."""

    done: bool
    by: str = ""
    on: datetime.date | None = None
    note: str = ""


@dataclass(frozen=True)
class YearWords:
    """year.yaml: `amounts` in words by what they are for; `admissions_until` ends what counts beyond the window."""

    amounts: Mapping[str, str] = field(default_factory=dict)
    notice: PublicNotice = PublicNotice()
    letters: Letter = Letter()
    admissions_until: datetime.date | None = None
    steps: Mapping[str, StepTaken] = field(default_factory=dict)


@dataclass(frozen=True)
class NilReport:
    """An office has nothing to list: about all its indicators or one, for all units or one."""

    office: str
    indicator: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class YearData:
    """Everything handed in for a year. Achievements and incidents are all rows, also those that will not count."""

    year: str
    units: tuple[Unit, ...]
    metrics: Mapping[Key, MetricRow] = field(default_factory=dict)
    periods: Mapping[tuple[str, str, str], MetricRow] = field(default_factory=dict)  # of one month or term
    earlier: Mapping[tuple[str, str, str], MetricRow] = field(default_factory=dict)  # of a year without a folder
    achievements: tuple[Achievement, ...] = ()
    ratings: Mapping[Key, tuple[Rating, ...]] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()
    votes: Mapping[VoteKey, Votes] = field(default_factory=dict)
    marks: Mapping[VoteKey, tuple[Mark, ...]] = field(default_factory=dict)
    declarations: Mapping[str, Mapping[str, Declaration]] = field(default_factory=dict)
    vetoes: tuple[Veto, ...] = ()
    awards: tuple[Award, ...] = ()
    exemptions: Mapping[Key, str | None] = field(default_factory=dict)
    self_scores: Mapping[Key, Fraction] = field(default_factory=dict)
    predecessors: tuple[tuple[str, str], ...] = ()  # (unit, its id in the year before)
    nil_reports: tuple[NilReport, ...] = ()
    self_reports: Mapping[str, SelfReport] = field(default_factory=dict)
    rulings: Mapping[str, Ruling] = field(default_factory=dict)  # the table `decisions`, by unit
    rectifications: Mapping[str, Rectification] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, tuple[OtherRow, ...]]] = field(default_factory=dict)
    """Rows of tables that have no place of their own: by table and unit."""

    words: YearWords = YearWords()
    decisions: Mapping[str, Decision] = field(default_factory=dict)  # readings: policies.yaml
    tables: Mapping[str, Table] = field(default_factory=dict, compare=False, repr=False)
    """The raw tables with the columns that the year's scheme gives them."""

    synthetic: bool = False
    uncompared: str = ""  # why no year before is held beside it, where that has to be said
    files: Mapping[str, str] = field(default_factory=dict)  # path below the year's folder → sha256

    def unit(self, unit_id: str) -> Unit | None:
        return next((unit for unit in self.units if unit.unit_id == unit_id), None)


def voted(rule: VoteRule, data: YearData, unit: str) -> bool:
    """Whether every group of voters has voted on a unit; some group, where the others then decide alone.

    A paper on which no option has a vote is no vote.
    """
    key = (unit, rule.vote, rule.facet or "")
    votes, marks = data.votes.get(key), data.marks.get(key, ())
    cast = votes.counts if votes is not None else {}
    have = {row.group for row in marks} | {group for (group, _), count in cast.items() if count}
    groups = set(rule.definition.groups)
    return bool(groups & have) if rule.definition.absent == "others" else groups <= have
