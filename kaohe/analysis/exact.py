"""Arithmetic on fractions that the standard library lacks, and exact numbers as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from kaohe.rules.enclosed import Real
from kaohe.scoring.exactly import plain_real, real_of


def mean(values: Iterable[Fraction]) -> Fraction:
    """Exact; ZeroDivisionError of none."""
    found = list(values)
    return sum(found, Fraction(0)) / len(found)


def exactly(value: Any) -> Any:
    """A number as JSON data: a fraction as the text "a/b" (whole ones without /b), another as its terms."""
    return str(Fraction(value)) if isinstance(value, int | Fraction) else plain_real(value)


def from_exact(found: Any) -> Fraction | Real:
    """The number that `exactly` wrote."""
    return real_of(found) if isinstance(found, dict) else Fraction(found)
