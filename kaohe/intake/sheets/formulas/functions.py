"""What functions make of single values: texts, dates, truths; each gets all of its arguments computed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from openpyxl.utils.datetime import from_excel, to_excel

from kaohe.intake.sheets import formats
from kaohe.intake.sheets.formulas.arithmetic import NoResultError, Value, number_in_text, number_of
from kaohe.intake.sheets.formulas.formula import NotUnderstoodError

MOST_LETTERS = 32_767
_PLAIN_FORMAT = re.compile(r"[#,]*0+(\.0+)?%?")
_DIGITS = 10**40


def letters(value: Value) -> str:
    """The text that a value is, where it is joined to others."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Fraction):
        if value.denominator != 1 or abs(value) >= 10**11:
            raise NotUnderstoodError
        return str(value.numerator)
    return value or ""


def whole(value: Value, least: int = 0, most: int = MOST_LETTERS) -> int:
    """A number of which what stands behind the point does not count."""
    number = number_of(value)
    if number < least:
        raise NoResultError
    if number > most:
        raise NotUnderstoodError
    return int(number)


def _plain(value: Value) -> str:
    """A text as programs count its letters: none that some count as two."""
    text = letters(value)
    if any(ord(each) > 0xFFFF for each in text):
        raise NotUnderstoodError
    return text


def _left(text: Value, count: Value = Fraction(1)) -> Value:
    return _plain(text)[: whole(count)]


def _right(text: Value, count: Value = Fraction(1)) -> Value:
    found, length = _plain(text), whole(count)
    return found[-length:] if length else ""


def _middle(text: Value, start: Value, count: Value) -> Value:
    first = whole(start, 1) - 1
    return _plain(text)[first : first + whole(count)]


def _found(sought: Value, text: Value, start: Value = Fraction(1)) -> Value:
    place = _plain(text).find(_plain(sought), whole(start, 1) - 1)
    if place < 0:
        raise NoResultError
    return Fraction(place + 1)


def _substituted(text: Value, old: Value, new: Value) -> Value:
    found, before, after = letters(text), letters(old), letters(new)
    if not before:
        return found
    if len(found) * max(len(after), 1) > 10 * MOST_LETTERS:
        raise NotUnderstoodError
    return found.replace(before, after)


def _joined(*values: Value) -> Value:
    return "".join(map(letters, values))


def _text(value: Value, code: Value) -> Value:
    """Only with formats that round a number and group its digits."""
    if not isinstance(code, str) or not _PLAIN_FORMAT.fullmatch(code) or isinstance(value, str | bool):
        raise NotUnderstoodError
    return formats.look(code, Fraction(value or 0)).text


def _remainder(one: Value, other: Value) -> Value:
    number, by = number_of(one), number_of(other)
    if by == 0:
        raise NoResultError
    return number - by * (number / by).__floor__()


def _quotient(one: Value, other: Value) -> Value:
    number, by = number_of(one), number_of(other)
    if by == 0:
        raise NoResultError
    return Fraction(int(number / by))


def _root(value: Value) -> Value:
    number = number_of(value)
    if number < 0:
        raise NoResultError
    root = Fraction(isqrt(number.numerator), isqrt(number.denominator))
    return root if root * root == number else Fraction(isqrt(int(number * _DIGITS**2)), _DIGITS)


def _sign(value: Value) -> Value:
    number = number_of(value)
    return Fraction((number > 0) - (number < 0))


def _of_day(pick: Callable[[datetime.date], int]) -> Callable[[Value], Value]:
    def part(value: Value) -> Value:
        number = number_of(value)
        if not 61 <= number < 2_000_000 or isinstance(value, str):
            raise NotUnderstoodError
        found = from_excel(int(number))
        if not isinstance(found, datetime.date):
            raise NotUnderstoodError
        return Fraction(pick(found))

    return part


def _date(year: Value, month: Value, day: Value) -> Value:
    at, of, on = (int(number_of(each)) for each in (year, month, day))
    if not (1901 <= at <= 9999 and 1 <= of <= 12 and 1 <= on <= 28):
        raise NotUnderstoodError
    return Fraction(int(to_excel(datetime.datetime(at, of, on))))


def _letters_trimmed(value: Value) -> Value:
    return re.sub(" +", " ", letters(value)).strip(" ")


def _same(one: Value, other: Value) -> Value:
    return letters(one) == letters(other)


OF_VALUES: dict[str, tuple[int, int, Callable[..., Value]]] = {
    "LEN": (1, 1, lambda text: Fraction(len(_plain(text)))),
    "LEFT": (1, 2, _left),
    "RIGHT": (1, 2, _right),
    "MID": (3, 3, _middle),
    "FIND": (2, 3, _found),
    "SUBSTITUTE": (3, 3, _substituted),
    "TRIM": (1, 1, _letters_trimmed),
    "UPPER": (1, 1, lambda text: letters(text).upper()),
    "LOWER": (1, 1, lambda text: letters(text).lower()),
    "CONCATENATE": (1, 255, _joined),
    "EXACT": (2, 2, _same),
    "VALUE": (1, 1, number_in_text),
    "TEXT": (2, 2, _text),
    "N": (1, 1, lambda value: Fraction(0) if isinstance(value, str) else number_of(value)),
    "T": (1, 1, lambda value: value if isinstance(value, str) else ""),
    "ISNUMBER": (1, 1, lambda value: isinstance(value, Fraction)),
    "ISTEXT": (1, 1, lambda value: isinstance(value, str)),
    "ISNONTEXT": (1, 1, lambda value: not isinstance(value, str)),
    "ISLOGICAL": (1, 1, lambda value: isinstance(value, bool)),
    "ISBLANK": (1, 1, lambda value: value is None),
    "MOD": (2, 2, _remainder),
    "QUOTIENT": (2, 2, _quotient),
    "SQRT": (1, 1, _root),
    "SIGN": (1, 1, _sign),
    "ABS": (1, 1, lambda value: abs(number_of(value))),
    "DATE": (3, 3, _date),
    "YEAR": (1, 1, _of_day(lambda day: day.year)),
    "MONTH": (1, 1, _of_day(lambda day: day.month)),
    "DAY": (1, 1, _of_day(lambda day: day.day)),
    "TRUE": (0, 0, lambda: True),
    "FALSE": (0, 0, lambda: False),
}
"""By name: how few and how many values it takes."""

STEPWISE = {"TEXT", "MOD", "QUOTIENT", "SIGN", "YEAR", "MONTH", "DAY", "LEFT", "RIGHT", "MID"}
"""What a number that is off by the least may change: only what is exact is given to them."""
