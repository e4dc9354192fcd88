"""A year's raw data once it is read: typed, exact, each row with the place it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.rules.evidence import Achievement, Incident
from kaohe.scheme.policies import Decision

Key = tuple[str, str]
"""(unit_id, metric or indicator)."""


@dataclass(frozen=True)
class Unit:
    unit_id: str
    name: str
    category: str
    party_org: str | None = None
    place: str = ""


@dataclass(frozen=True)
class MetricRow:
    value: Fraction
    source: str | None = None
    note: str | None = None
    disputed: bool = False
    place: str = ""


@dataclass(frozen=True)
class Rating:
    rater: str
    points: Fraction
    note: str | None = None
    disputed: bool = False
    place: str = ""


@dataclass(frozen=True)
class Ballot:
    excellent: Fraction
    qualified: Fraction
    unqualified: Fraction
    place: str = ""

    @property
    def total(self) -> Fraction:
        return self.excellent + self.qualified + self.unqualified


@dataclass(frozen=True)
class LeaderRating:
    leader: str
    role: str
    score: Fraction
    place: str = ""


@dataclass(frozen=True)
class Declaration:
    title: str | None
    accepted: bool
    place: str = ""


@dataclass(frozen=True)
class Veto:
    unit: str
    kind: str
    note: str | None = None
    place: str = ""


@dataclass(frozen=True)
class Award:
    unit: str
    title: str | None
    approved: bool
    place: str = ""


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
    achievements: tuple[Achievement, ...] = ()
    ratings: Mapping[Key, tuple[Rating, ...]] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()
    ballots: Mapping[str, Ballot] = field(default_factory=dict)
    leader_ratings: Mapping[str, tuple[LeaderRating, ...]] = field(default_factory=dict)
    declarations: Mapping[str, Mapping[str, Declaration]] = field(default_factory=dict)
    vetoes: tuple[Veto, ...] = ()
    awards: tuple[Award, ...] = ()
    exemptions: Mapping[Key, str | None] = field(default_factory=dict)
    self_scores: Mapping[Key, Fraction] = field(default_factory=dict)
    predecessors: tuple[tuple[str, str], ...] = ()  # (unit, its id in the year before)
    nil_reports: tuple[NilReport, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    synthetic: bool = False
    files: Mapping[str, str] = field(default_factory=dict)  # path below the year's folder → sha256

    def unit(self, unit_id: str) -> Unit | None:
        return next((unit for unit in self.units if unit.unit_id == unit_id), None)
