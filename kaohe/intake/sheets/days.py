"""Days as people and spreadsheets write them, and ids and titles that a spreadsheet took for days."""

from __future__ import annotations

import datetime
import math
import re
from functools import lru_cache

from kaohe.intake.sheets.cells import Cell, CellError, as_seen, has_other_digits, plain, shown, text

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.| ?年 ?(\d{1,2}) ?月 ?)(\d{1,2}) ?[日号]?"
    r"(?:[T ][0-9:.]*)?(?: ?\(?(?:周|星期|礼拜)[一二三四五六日天]\)?)?"
)
_COMPACT_DAY = re.compile(r"(?:19|20)\d{6}")


def day(cell: Cell) -> datetime.date:
    """An Excel date, or a date in writing: 2019-03-05, 2019/3/5, 2019.3.5, 2019年3月5日（号）, 20190305."""
    expected = "日期，如 2019-03-05"
    found = as_seen(cell, expected)
    if isinstance(found, datetime.datetime):
        return found.date()
    if isinstance(found, datetime.date):
        return found
    return _written_day(shown(found), expected)


@lru_cache(maxsize=4096)
def _written_day(said: str, expected: str) -> datetime.date:
    written = "" if has_other_digits(said) else plain(said).translate(_DASHES)
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


_FIRST_DAY = datetime.date(1899, 12, 30)
OF_1904 = datetime.timedelta(1462)
"""How much later the days begin to count in a workbook that counts them as the first Macintoshes did."""

_SERIAL = re.compile(r"\d{5}(\.\d{1,12})?")
_SERIALS = range(36526, 54789)
"""2000 to 2049: what else a number in a column of dates may be, nobody knows."""


def serial_day(cell: Cell) -> datetime.date | None:
    """The date that Excel counts as a plain number, `43835`; None where the cell is none."""
    value = cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None
    if isinstance(cell, str) and _SERIAL.fullmatch(plain(cell)):
        value = float(plain(cell))
    known = value is not None and math.isfinite(value) and int(value) in _SERIALS
    return _FIRST_DAY + datetime.timedelta(int(value)) if known and value is not None else None


_MADE_OF = "：可能是电子表格把“3-1”之类的编号或名称变成的"
_AS_TEXT = "；单元格先设为“文本”格式，再填原来的内容"
_MADE_A_DATE = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月|\d{1,2}-[A-Z][a-z]{2}(-\d{2,4})?"
    r"|[A-Z][a-z]{2}-\d{2}|\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2}(:\d{2})?|\d{1,2}:\d{2}(:\d{2})?"
)
"""What a spreadsheet makes of `3-1` or `1:2`, and writes into a CSV file: 3月1日, 1-Mar, Mar-01, 2026/3/1, 1:02."""
_MAY_BE_A_DATE = re.compile(r"\d{1,2}[-/]\d{1,2}")
"""`3-1` itself: a day that is shown so as a title, and as an id what it says."""


def identifier(cell: Cell) -> str:
    """An id or a name that is compared."""
    if type(cell) is str:
        return _identifier(cell)
    _ask_for_words(cell)
    return _identifier(text(cell))


@lru_cache(maxsize=65536)  # the same ids stand in thousands of rows
def _identifier(said: str) -> str:
    written = plain(text(said))
    if _MADE_A_DATE.fullmatch(written):
        raise CellError(f"编号或名称{_AS_TEXT}", f"只有一个日期或时间{_MADE_OF}", "made-a-date")
    return written


def title(cell: Cell) -> str:
    """What something is called: words, and no date or number of a day alone."""
    _ask_for_words(cell)
    written = text(cell)
    if _MADE_A_DATE.fullmatch(plain(written)) or _MAY_BE_A_DATE.fullmatch(plain(written)):
        raise CellError(f"文字的名称{_AS_TEXT}", f"只有一个日期或时间{_MADE_OF}", "made-a-date")
    if number := serial_day(cell):
        raise CellError(f"文字的名称{_AS_TEXT}", f"只有一个数，像是日期 {number} 的序号{_MADE_OF}", "made-a-date")
    return written


def _ask_for_words(cell: Cell) -> None:
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        raise CellError(f"编号或名称{_AS_TEXT}", f"单元格是日期{_MADE_OF}", "made-a-date")
