"""What may stand in a cell, and how it becomes an exact number, a date, a yes or a word."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from kaohe.intake.vocabulary import YES_NO
from kaohe.rules.wording import number as say_number
from kaohe.rules.wording import percent as say_percent

LARGEST = 10**15
"""Beyond it Excel no longer shows every digit; no figure of a college comes near."""


@dataclass(frozen=True, slots=True)
class Percent:
    """A number in a cell that Excel shows as a percentage."""

    number: int | float


@dataclass(frozen=True, slots=True)
class ExcelError:
    """`#DIV/0!` and its kin."""

    code: str


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """A formula whose result was never saved."""

    formula: str


Moment = datetime.date | datetime.time | datetime.timedelta
Cell = None | str | bool | int | float | Moment | Percent | ExcelError | Uncomputed


class CellError(ValueError):
    """A cell that cannot be what its column asks for; `code` where the kind of column does not say enough."""

    def __init__(self, expected: str, problem: str = "无法识别", code: str = "") -> None:
        self.expected = expected
        self.problem = problem
        self.code = code
        super().__init__(expected)


# Not U+202E: what it turns round reads otherwise than it is written, so it must not vanish.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202d\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_NUMBER = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,2})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{0,40})?")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?(?:[T ][0-9:.]*)?")
_COMPACT_DAY = re.compile(r"(?:19|20)\d{6}")


@lru_cache(maxsize=8192)  # the same ids and words stand in thousands of rows
def plain(text: str) -> str:
    """The form in which ids, headers and coded words are compared."""
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).strip()


def word(text: str) -> str:
    """The same without regard to capitals, for headers and codes."""
    return plain(text).casefold()


def exact(value: int | float) -> Fraction:
    """A number of Excel at the 15 significant digits that Excel keeps."""
    return Fraction(value) if isinstance(value, int) else Fraction(format(value, ".15g"))


def shown(cell: Cell) -> str:
    """A cell as its author sees it."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return format(cell, ".15g")
        case Percent(number):
            return say_percent(exact(number), 12) if abs(number) < LARGEST else str(number)
        case ExcelError(code):
            return code
        case Uncomputed(formula):
            return formula
        case datetime.datetime():
            return cell.isoformat(" ") if cell.time() != datetime.time() else cell.date().isoformat()
        case _:
            return str(cell)


def is_blank(written: str) -> bool:
    """Nothing but white space and what cannot be seen."""
    return not plain(written)


def _usable(cell: Cell, expected: str) -> Cell:
    """The cell, unless Excel itself has no value for it."""
    if isinstance(cell, ExcelError):
        raise CellError(expected, "单元格是 Excel 错误值", "error-cell")
    if isinstance(cell, Uncomputed):
        advice = f"{expected}；请在 Excel 中打开并保存一次，或改填数值"
        raise CellError(advice, "公式没有保存计算结果", "formula-without-value")
    value = cell.number if isinstance(cell, Percent) else cell
    if isinstance(value, float) and not math.isfinite(value):
        raise CellError(expected, "数字过大")
    return cell


def text(cell: Cell) -> str:
    """Free text as entered, trimmed."""
    found = _usable(cell, "文字")
    return _INVISIBLE.sub("", found).strip() if isinstance(found, str) else shown(found)


def identifier(cell: Cell) -> str:
    """An id or a name that is compared."""
    return plain(text(cell))


def _has_other_digits(written: str) -> bool:
    """Digits that are no digits of a number: `85²` is not 852, nor `①` a 1."""
    return not written.isascii() and any(unicodedata.category(letter) == "No" for letter in written)


def decimal(written: str) -> Fraction | None:
    """The number a text writes, thousands separators and full-width digits included; None where it is none."""
    if _has_other_digits(written):
        return None
    digits = plain(written).replace("−", "-")
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    return Fraction(digits) if _NUMBER.fullmatch(digits) else None


def number(cell: Cell, expected: str = "数字") -> Fraction:
    """A plain number; percentages, dates and signs such as `-` are refused."""
    found = _usable(cell, expected)
    value: Fraction | None = None
    if isinstance(found, int | float) and not isinstance(found, bool):
        value = exact(found)
    elif isinstance(found, str):
        value = decimal(found)
    if value is None:
        raise CellError(expected, "不是百分数列" if _is_percentage(found) else "不是数字")
    if abs(value) > LARGEST:
        raise CellError(f"{expected}，绝对值不超过 {LARGEST}", "数字过大")
    return value


def _is_percentage(cell: Cell) -> bool:
    return isinstance(cell, Percent) or (isinstance(cell, str) and plain(cell).endswith("%"))


def rate(cell: Cell, least: Fraction, most: Fraction) -> Fraction:
    """A rate: `0.85`, `85%`, or a cell that Excel shows as a percentage."""
    percentage = f"{say_percent(least)}～{say_percent(most)} 的百分数"
    expected = f"{say_number(least)}～{say_number(most)} 之间的数，或 {percentage}"
    found = _usable(cell, expected)
    if isinstance(found, Percent):
        value = exact(found.number)
    elif isinstance(found, str) and _is_percentage(found):
        parts = None if _has_other_digits(found) else decimal(plain(found)[:-1])
        if parts is None:
            raise CellError(expected, "不是百分数")
        value = parts / 100
    else:
        value = number(found, expected)
        if most < value <= 100:
            raise CellError(f"{expected}，{_meant(value)}", "比率超出范围", "percent-meant")
    if not least <= value <= most:
        raise CellError(expected, "比率超出范围", "out-of-range")
    return value


def _meant(value: Fraction) -> str:
    """85 was meant as 85 %; 8.5 as 8.5 % or as 85 %."""
    if value <= 10:
        return f"是否指 {say_number(value * 10)}%（填 {say_number(value / 10)}）或 {say_number(value)}%？"
    return f"是否指 {say_number(value)}%（填 {say_number(value / 100)}）？"


def yes_no(cell: Cell) -> bool:
    """true false 1 0 yes no 是 否."""
    found = _usable(cell, "是 或 否")
    answer = found if isinstance(found, bool) else YES_NO.get(word(shown(found)))
    if answer is None:
        raise CellError("是 或 否")
    return answer


def day(cell: Cell) -> datetime.date:
    """An Excel date, or a date in writing: 2019-03-05, 2019/3/5, 2019.3.5, 2019年3月5日, 20190305."""
    expected = "日期，如 2019-03-05"
    found = _usable(cell, expected)
    if isinstance(found, datetime.datetime):
        return found.date()
    if isinstance(found, datetime.date):
        return found
    written = "" if _has_other_digits(shown(found)) else plain(shown(found))
    if _COMPACT_DAY.fullmatch(written):
        parts = (written[:4], written[4:6], written[6:])
    elif match := _DAY.fullmatch(written):
        year, *months, last = match.groups()
        parts = (year, next(month for month in months if month), last)
    else:
        raise CellError(expected, "不是日期")
    try:
        return datetime.date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise CellError(expected, "没有这一天") from None


def coded(cell: Cell, codes: Mapping[str, str]) -> str | None:
    """The code that a word (already in its compared form) means."""
    return codes.get(word(text(cell)))
