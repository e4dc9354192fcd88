"""How numbers and names are said in Chinese. Formatting only: nothing is computed for a decision."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple


class Sentence(NamedTuple):
    """One sentence of an explanation; a confidential one never leaves the internal pages."""

    text: str
    confidential: bool = False


@dataclass(frozen=True)
class Term:
    """How a metric is called, and its unit (元, 人, 比率 …)."""

    name: str
    unit: str = ""

    @property
    def is_rate(self) -> bool:
        return self.unit == RATE


RATE = "比率"
DATE = "日期"
"""The unit of a day; as a figure it is its number in the calendar, so that days are compared and subtracted."""
Terms = Mapping[str, Term]


def term(terms: Terms, metric: str) -> Term:
    return terms.get(metric, Term(metric))


def number(value: Any, digits: int = 4, *, apart_from: Iterable[Any] = ()) -> str:
    """`value` with at most `digits` decimals, trailing zeros dropped, half up.

    Where rounding would make it look equal to one of `apart_from` (a threshold it does not
    equal), further digits are shown, so that a sentence never says 70 % < 70 %.
    """
    exact = value if type(value) is Fraction else _fraction(value)
    others = [_fraction(other) for other in apart_from if _fraction(other) != exact]
    while True:
        text = _round(exact, digits)
        if digits >= 30 or all(_round(other, digits) != text for other in others):
            return text
        digits += 2


def percent(value: Any, digits: int = 2, *, apart_from: Iterable[Any] = ()) -> str:
    """A ratio as a percentage: 7/10 → 70%."""
    return number(_fraction(value) * 100, digits, apart_from=[_fraction(other) * 100 for other in apart_from]) + "%"


def quantity(value: Any, about: Term, *, apart_from: Iterable[Any] = ()) -> str:
    """A metric's value with its unit."""
    if about.is_rate:
        return percent(value, apart_from=apart_from)
    if about.unit == DATE:
        return said_day(value)
    return number(value, apart_from=apart_from) + (f" {about.unit}" if about.unit else "")


def said_day(value: Any) -> str:
    """A day of the calendar by its number: 2019-03-31; a share of a day is left out."""
    whole = int(_fraction(value))
    return datetime.date.fromordinal(whole).isoformat() if 1 <= whole <= LAST_DAY else number(value)


LAST_DAY = datetime.date.max.toordinal()


def fixed(value: Any, digits: int = 2) -> str:
    """`value` with just `digits` decimals, half up: 166.5 → 166.50."""
    return format(_rounded(_fraction(value), digits), "f")


def _fraction(value: Any) -> Fraction:
    """The number itself; of one that is no fraction (a root, a logarithm) one far nearer than any digits said."""
    near = getattr(value, "near", None)
    return near() if near is not None else Fraction(value)


def points(value: Any) -> str:
    """Points, at most four decimals: 3/2 → 1.5 分."""
    return f"{number(value)} 分"


def gives(value: Fraction) -> str:
    return f"扣 {points(-value)}" if value < 0 else f"为 {points(value)}"


def _rounded(value: Fraction, digits: int) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
            Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP
        )


def _round(value: Fraction, digits: int) -> str:
    return _rounded_text(value.numerator, value.denominator, digits)  # of a Fraction the hash takes longer


@lru_cache(maxsize=65536)  # the same marks, thresholds and full marks are said of every unit
def _rounded_text(numerator: int, denominator: int, digits: int) -> str:
    text = format(_rounded(Fraction(numerator, denominator), digits), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
