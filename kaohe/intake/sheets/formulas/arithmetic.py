"""Values as worksheets calculate with them: how they compare, and what is made of many."""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from math import isfinite
from statistics import median
from typing import NoReturn

from openpyxl.utils.datetime import to_excel

from kaohe.intake.sheets.cells import Cell, Disguised, ExcelError, Percent, exact
from kaohe.intake.sheets.formulas.formula import NotUnderstoodError

Value = Fraction | str | bool | None


class NoResultError(ValueError):
    """What Excel would show as an error: a division by zero."""


class NotFoundError(NoResultError):
    """`#N/A`: what was looked for is not there."""


_FIRST_SURE_DAY = 61
"""Excel counts a 29 February of the year 1900."""

_NUMBER = re.compile(r"[+-]?([0-9]{1,15}\.?[0-9]{0,15}|\.[0-9]{1,15})")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3}){1,4}(\.[0-9]{0,15})?")
_NO_NUMBER = re.compile(r"[^\W\d]{1,100}", re.ASCII)


def value_of(cell: Cell, dates: bool = False) -> Value:
    """A cell as arithmetic takes it; NotUnderstoodError for what was not computed, and for dates if not asked for."""
    if isinstance(cell, ExcelError):
        raise NotFoundError if cell.code == "#N/A" else NoResultError
    if isinstance(cell, datetime.datetime) and dates and cell.time() == datetime.time():
        serial = to_excel(cell)
        if serial >= _FIRST_SURE_DAY:
            return Fraction(int(serial))
    number = cell.number if isinstance(cell, Percent | Disguised) else cell
    match number:
        case bool() | str():
            return number
        case int() | float() if isfinite(number) and abs(number) < 10**300:
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


def number_written(text: str) -> Fraction | None:
    """The number that a text plainly is."""
    return Fraction(text.strip()) if _NUMBER.fullmatch(text.strip()) else None


def number_of(value: Value) -> Fraction:
    """What an operator makes of it: a text that is a number is one; NotUnderstoodError where that may differ."""
    if isinstance(value, str):
        text, number = value.strip(), number_written(value)
        if number is not None:
            return number
        if _NO_NUMBER.fullmatch(text) and text.casefold() not in ("true", "false"):
            raise NoResultError
        raise NotUnderstoodError
    return Fraction(value or 0)


def number_in_text(value: Value) -> Fraction:
    """`VALUE`: with separators of thousands and as a percentage, too."""
    if isinstance(value, bool):
        raise NoResultError
    if not isinstance(value, str):
        return number_of(value)
    text = value.strip()
    part = text.removesuffix("%")
    plain = part.replace(",", "") if _GROUPED.fullmatch(part) else part
    return number_of(plain) / (100 if part != text else 1)


def compare(sign: str, one: Value, other: Value) -> bool:
    """As Excel compares: a number is less than a text, a text less than a truth.

    NotUnderstoodError where that needs a language's order.
    """
    one, other = _blank_like(one, other), _blank_like(other, one)
    if isinstance(one, str) and isinstance(other, str):
        if sign in ("=", "<>") or one.casefold() == other.casefold():
            return COMPARE[sign](one.casefold(), other.casefold())
        raise NotUnderstoodError
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return COMPARE[sign](one, other)
    return COMPARE[sign](_rank(one), _rank(other)) if _rank(one) != _rank(other) else COMPARE[sign](one, other)


def _rank(value: Value) -> int:
    return 2 if isinstance(value, bool) else int(isinstance(value, str))


def _blank_like(value: Value, beside: Value) -> Value:
    """A blank is what it is compared with: no text, no truth, or nought."""
    if value is not None:
        return value
    if isinstance(beside, bool):
        return False
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
    "MEDIAN": lambda numbers: Fraction(median(numbers)) if numbers else _no_result(),
    "SUMSQ": lambda numbers: sum((number * number for number in numbers), Fraction(0)),
}
