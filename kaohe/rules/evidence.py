"""Rows of evidence that rules count: achievements and incidents."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Achievement:
    """One result a unit hands in for a counted indicator; `amount` in yuan."""

    unit: str
    indicator: str
    kind: str
    level: str | None
    award: str | None
    title: str
    date: datetime.date
    first_author: bool
    amount: Fraction | None
    place: str = ""


@dataclass(frozen=True)
class Incident:
    """One event that costs points; `points` only where the deduction is discretionary."""

    unit: str
    indicator: str
    date: datetime.date
    count: Fraction
    points: Fraction | None
    note: str | None
    place: str = ""
    period: str = ""  # in which month or term, where that is told apart
    class_: str = ""  # how grave it is, where the scheme tells classes of events apart
