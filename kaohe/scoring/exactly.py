"""Numbers that are no fractions: as JSON data and back exactly, by their terms and not their digits; and as shown."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kaohe.rules.enclosed import Real
from kaohe.rules.enclosures import Monomial, Terms

Number = Fraction | int | Real
"""What points and totals may be."""


def plain_real(value: Real) -> dict[str, Any]:
    """`{"terms": [[[[atom, argument, exponent], …], coefficient], …]}`."""
    return {"terms": _plain_terms(value.terms)}


def real_of(found: dict[str, Any]) -> Real:
    """The number of `plain_real`; KeyError, TypeError or ValueError for anything else."""
    return Real(_terms(found["terms"]))


def near(value: Number) -> Fraction:
    """A number as a fraction; a root or logarithm as the one nearest to it that any page could show."""
    return value.near() if isinstance(value, Real) else Fraction(value)


def _plain_terms(terms: Terms) -> list[Any]:
    return [
        [[[name, _plain_argument(argument), str(exponent)] for (name, argument), exponent in monomial], str(times)]
        for monomial, times in terms
    ]


def _plain_argument(argument: Any) -> Any:
    """A whole number as it is, a fraction as text, the terms of a number inside another as a list."""
    if isinstance(argument, tuple):
        return _plain_terms(argument)
    return argument if type(argument) is int else str(argument)


def _terms(found: Any) -> Terms:
    return tuple((_monomial(monomial), Fraction(times)) for monomial, times in found)


def _monomial(found: Any) -> Monomial:
    return tuple(((name, _argument(argument)), Fraction(exponent)) for name, argument, exponent in found)


def _argument(found: Any) -> Any:
    return _terms(found) if isinstance(found, list) else found if type(found) is int else Fraction(found)
