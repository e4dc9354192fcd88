"""What may stand in a cell, and how it becomes an exact number, a date, a yes or a word."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from kaohe.rules.wording import number as say_number
from kaohe.rules.wording import percent as say_percent

YES_NO = {
    **dict.fromkeys(("true", "1", "yes", "是", *"√✓✔☑"), True),
    **dict.fromkeys(("false", "0", "no", "否", *"×✕✖✗✘"), False),
}
NOTHING = {"无", "/"}
"""What people write where there is nothing to write."""

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


@dataclass(frozen=True, slots=True)
class Disguised:
    """A cell that shows something else than it holds: by its number format, or because letters are struck out.

    `seen` is empty where nothing is left to see; `unit`: words that alone make the difference, as `万元` does.
    """

    held: str
    seen: str
    problem: str
    number: int | float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Doubted:
    """A cell that holds something of which the file itself shows that it may not be what was meant."""

    held: str
    code: str
    problem: str
    advice: str


Moment = datetime.date | datetime.time | datetime.timedelta
Cell = None | str | bool | int | float | Moment | Percent | ExcelError | Uncomputed | Disguised | Doubted


class CellError(ValueError):
    """A cell that cannot be what its column asks for; `code` where the kind of column does not say enough."""

    def __init__(self, expected: str, problem: str = "无法识别", code: str = "") -> None:
        self.expected = expected
        self.problem = problem
        self.code = code
        super().__init__(expected)


# Not U+202E: what it turns round reads otherwise than it is written, so it must not vanish.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202d\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_NUMBER = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,2})?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]{0,40})?")
_COMMA_FOR_POINT = re.compile(r"[+-]?0[0-9]*,[0-9]{1,40}")


LONGEST_WORD = 300
"""Letters up to which a text may be an id, a header or a number; NFKC can make eighteen letters of one."""


def plain(text: str) -> str:
    """The form in which ids, headers and coded words are compared; longer texts stay as they are."""
    return _plain(text) if len(text) <= LONGEST_WORD else text


@lru_cache(maxsize=65536)  # the same ids and words stand in thousands of rows
def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).strip()


def word(text: str) -> str:
    """The same without regard to capitals, for headers and codes."""
    return _word(text) if len(text) <= LONGEST_WORD else text.casefold()


@lru_cache(maxsize=65536)
def _word(text: str) -> str:
    return _plain(text).casefold()


def letters_of(text: str) -> str:
    """Only its letters and digits: names that differ in signs and spaces alone are one in this form."""
    return "".join(filter(str.isalnum, word(text)))


def exact(value: int | float) -> Fraction:
    """A number of Excel at the 15 significant digits that Excel keeps."""
    return Fraction(value) if isinstance(value, int) else Fraction(format(value, ".15g"))


def shown(cell: Cell) -> str:
    """A cell as its author sees it."""
    if type(cell) is str:  # nearly every one
        return cell
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
        case Disguised(held, seen):
            return seen or held
        case Doubted(held):
            return held
        case datetime.datetime():
            return cell.isoformat(" ") if cell.time() != datetime.time() else cell.date().isoformat()
        case _:
            return str(cell)


def number_in(cell: Cell) -> int | float | None:
    """The number that a cell holds, as a percentage or not."""
    held = cell.number if isinstance(cell, Percent) else cell
    return held if isinstance(held, int | float) and not isinstance(held, bool) and abs(held) < LARGEST else None


def is_figure(cell: Cell) -> bool:
    """A number or a date, also one that is written as a text."""
    if isinstance(cell, str):
        return len(cell) <= LONGEST_WORD and decimal(cell.rstrip("%％")) is not None
    return number_in(cell) is not None or isinstance(cell, datetime.date)


def is_blank(written: str) -> bool:
    """Nothing but white space and what cannot be seen."""
    return not _INVISIBLE.sub("", written).strip()


PLAINLY = "请让单元格显示的与填写的一致：格式设为“常规”，划去的内容删掉"


def is_withdrawn(cell: Cell) -> bool:
    """Nothing of it is left to see."""
    return isinstance(cell, Disguised) and not cell.seen


def usable(cell: Cell, expected: str) -> Cell:
    """The cell, unless Excel itself has no value for it or shows another one."""
    if type(cell) is str:  # nearly every one
        return cell
    if isinstance(cell, ExcelError):
        raise CellError(expected, "单元格是 Excel 错误值", "error-cell")
    if isinstance(cell, Uncomputed):
        advice = f"{expected}；请在 Excel 中打开并保存一次，或改填数值"
        raise CellError(advice, "公式没有保存计算结果", "formula-without-value")
    if isinstance(cell, Disguised):
        raise CellError(f"{expected}；{PLAINLY}", cell.problem, "disguised-cell")
    if isinstance(cell, Doubted):
        raise CellError(f"{expected}；{cell.advice}", cell.problem, cell.code)
    value = cell.number if isinstance(cell, Percent) else cell
    if isinstance(value, float) and not math.isfinite(value):
        raise CellError(expected, "数字过大")
    return cell


def as_seen(cell: Cell, expected: str) -> Cell:
    """The cell where words count: what can be seen of it."""
    return usable(cell.seen if isinstance(cell, Disguised) and cell.seen else cell, expected)


@lru_cache(maxsize=65536)
def _trimmed(written: str) -> str:
    return _INVISIBLE.sub("", written).strip()


def text(cell: Cell) -> str:
    """Free text as entered, trimmed."""
    if type(cell) is str:
        return _trimmed(cell)
    found = as_seen(cell, "文字")
    return _INVISIBLE.sub("", found).strip() if isinstance(found, str) else shown(found)


def has_other_digits(written: str) -> bool:
    """Digits that are no digits of a number: `85²` is not 852, nor `①` a 1."""
    return not written.isascii() and any(unicodedata.category(letter) == "No" for letter in written)


@lru_cache(maxsize=65536)
def decimal(written: str) -> Fraction | None:
    """The number a text writes, thousands separators and full-width digits included; None where it is none."""
    if has_other_digits(written):
        return None
    digits = plain(written).replace("−", "-")
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    return Fraction(digits) if _NUMBER.fullmatch(digits) else None


def says_nothing(cell: Cell) -> bool:
    """`无` and the like: a blank where a blank may be; where a number must be, anything but clear."""
    return isinstance(cell, str) and plain(cell) in NOTHING


_YUAN = "元"
_MONEY = re.compile(r"(?:人民币)? ?¥? ?(.*?)(?:元整)?")


def _without_unit(written: str, units: Collection[str]) -> str:
    """The number without the unit that its column counts in anyway: `30000元`, `￥30,000`; `3万元` stays."""
    found = plain(written)
    if _YUAN in units and (money := _MONEY.fullmatch(found)):
        found = money[1]
    unit = next((unit for unit in units if unit and found.endswith(unit)), "")
    return found.removesuffix(unit).rstrip()


@lru_cache(maxsize=65536)
def _written(text: str, units: tuple[str, ...]) -> Fraction | None:
    """The number of a text with one of the units behind it or none; None where it is none."""
    return None if has_other_digits(text) else decimal(_without_unit(text, units))


def number(cell: Cell, expected: str = "数字", units: Collection[str] = ()) -> Fraction:
    """A plain number, or one with one of `units` behind it; percentages, dates and signs such as `-` are refused."""
    found = usable(cell, expected)
    value: Fraction | None = None
    if isinstance(found, str):
        value = _written(found, tuple(units))
    elif isinstance(found, int | float) and not isinstance(found, bool):
        value = exact(found)
    if value is None:
        if isinstance(found, str) and not has_other_digits(found):
            found = _without_unit(found, units)
        _ask_for_point(found, expected)
        raise CellError(expected, _why_no_number(found))
    if abs(value.numerator) > LARGEST * value.denominator:
        raise CellError(f"{expected}，绝对值不超过 {LARGEST}", "数字过大")
    return value


def _ask_for_point(cell: Cell, expected: str, sign: str = "") -> None:
    """`0,125` groups no thousands: its comma may be a decimal point."""
    written = plain(cell).replace("−", "-") if isinstance(cell, str) else ""
    if _COMMA_FOR_POINT.fullmatch(written):
        point, none = written.replace(",", "."), written.replace(",", "").lstrip("+-0") or "0"
        advice = f"{expected}；是否指 {point}{sign}？小数点写作“.”；若指 {none}{sign}，不写逗号和开头的 0"
        raise CellError(advice, "以 0 开头的数里有逗号，不知是千分位还是小数点", "decimal-comma")


def _why_no_number(cell: Cell) -> str:
    if isinstance(cell, str) and has_other_digits(cell):
        return "不是数字：有上标、下标或带圈的数字"
    return "不是百分数列" if _is_percentage(cell) else "不是数字"


def _is_percentage(cell: Cell) -> bool:
    return isinstance(cell, Percent) or (isinstance(cell, str) and plain(cell).endswith("%"))


@lru_cache(maxsize=256)
def _rate_between(least: Fraction, most: Fraction) -> str:
    percentage = f"{say_percent(least)}～{say_percent(most)} 的百分数"
    return f"{say_number(least)}～{say_number(most)} 之间的数，或 {percentage}"


def rate(cell: Cell, least: Fraction, most: Fraction) -> Fraction:
    """A rate: `0.85`, `85%`, or a cell that Excel shows as a percentage."""
    expected = _rate_between(least, most)
    found = usable(cell, expected)
    if isinstance(found, Percent):
        value = exact(found.number)
    elif isinstance(found, str) and _is_percentage(found):
        parts = None if has_other_digits(found) else decimal(plain(found)[:-1])
        if parts is None:
            _ask_for_point(plain(found)[:-1], expected, "%")
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
    """true false 1 0 yes no 是 否, or a mark: √ ×."""
    found = as_seen(cell, "是 或 否")
    answer = found if isinstance(found, bool) else YES_NO.get(word(shown(found)))
    if answer is None:
        raise CellError("是 或 否")
    return answer


def coded(cell: Cell, codes: Mapping[str, str]) -> str | None:
    """The code that a word (already in its compared form) means."""
    return codes.get(word(text(cell)))
