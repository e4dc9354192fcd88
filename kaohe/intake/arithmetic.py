"""Values as worksheets calculate with them: how they compare, and what is made of many."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import NoReturn

from kaohe.intake.cells import Cell, Disguised, Percent, exact
from kaohe.intake.formula import NotUnderstoodError

Value = Fraction | str | bool | None


class NoResultError(ValueError):
    """What Excel would show as an error: a division by zero."""


def value_of(cell: Cell) -> Value:
    """A cell as arithmetic takes it; NotUnderstoodError for dates, errors and what was not computed."""
    number = cell.number if isinstance(cell, Percent | Disguised) else cell
    match number:
        case bool() | str():
            return number
        case int() | float() if abs(number) < 10**300:
            return exact(number)
        case None if cell is None:
            return None
    raise NotUnderstoodError


def digits(value: Fraction) -> str:
    return format(float(value), ".15g")


COMPARE: dict[str, Callable[[object, object], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
}


def compare(sign: str, one: Value, other: Value) -> bool:
    """As Excel compares; NotUnderstoodError where that needs a language's order, or the kinds differ."""
    one, other = _blank_like(one, other), _blank_like(other, one)
    if isinstance(one, str) and isinstance(other, str) and sign in ("=", "<>"):
        return COMPARE[sign](one.casefold(), other.casefold())
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return COMPARE[sign](one, other)
    if type(one) is not type(other) and sign in ("=", "<>"):
        return sign == "<>"
    raise NotUnderstoodError


def _blank_like(value: Value, beside: Value) -> Value:
    """A blank is what it is compared with: no text, or nought."""
    if value is not None:
        return value
    return "" if isinstance(beside, str) else Fraction(0)


def _average(numbers: list[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else _no_result()


def _product(numbers: list[Fraction]) -> Fraction:
    if len(numbers) > 100:
        raise NotUnderstoodError
    found = Fraction(1)
    for number in numbers:
        found *= number
    return found if numbers else Fraction(0)


def _no_result() -> NoReturn:
    raise NoResultError


OF_MANY: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "SUM": lambda numbers: sum(numbers, Fraction(0)),
    "AVERAGE": _average,
    "COUNT": lambda numbers: Fraction(len(numbers)),
    "MAX": lambda numbers: max(numbers, default=Fraction(0)),
    "MIN": lambda numbers: min(numbers, default=Fraction(0)),
    "PRODUCT": _product,
}
