"""Arithmetic on fractions that the standard library lacks."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


def mean(values: Iterable[Fraction]) -> Fraction:
    """Exact; ZeroDivisionError of none."""
    found = list(values)
    return sum(found, Fraction(0)) / len(found)
