"""What a cell of a template accepts, never more than the reader does."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.sheetstyle import DAY, MONEY, PERCENT, PLAIN, POINTS, TEXT, WHOLE
from kaohe.intake.sheets.cells import LARGEST
from kaohe.intake.tables.sourcerows import decimal_text
from kaohe.rules.wording import number as say
from kaohe.rules.wording import percent
from kaohe.scheme import Metric

LONGEST_LIST = 255
"""Excel takes no longer list of words in a rule; a longer one stands in a sheet."""

LONGEST_FORMULA = 255
"""Excel takes no longer formula in a rule."""

MOST_AREAS = 100
"""So many areas in one rule: no program has to cope with a list of thousands."""

EARLIEST, LATEST = datetime.date(1990, 1, 1), datetime.date(2100, 1, 1)
"""Days that are no typing errors, where the scheme names none."""

FORMATS = {
    "whole": WHOLE,
    "number": PLAIN,
    "points": POINTS,
    "money": MONEY,
    "percent": PERCENT,
    "date": DAY,
    "list": TEXT,
    "text": TEXT,
}
"""Text is marked as text, so that what begins like a formula stays what was typed."""

_TYPES: dict[str, Literal["whole", "date", "list"]] = {"whole": "whole", "date": "date", "list": "list"}


@dataclass(frozen=True)
class Entry:
    """What may be entered: a number between bounds, a date between days, or one of a list.

    `weighted`: of a list that is not strict, a word has points only where the scheme gives it a weight. `or_nothing`:
    0 is allowed below `least`; `source`: where in the workbook a long list stands; `also`: what
    must hold beside that, a formula for the first cell of its area, and `also_says` in Chinese.
    """

    kind: Literal["whole", "number", "points", "money", "percent", "date", "list", "text"]
    least: Fraction | None = None
    most: Fraction | None = None
    or_nothing: bool = False
    since: datetime.date | None = None
    until: datetime.date | None = None
    words: tuple[str, ...] = ()
    source: str = ""
    strict: bool = True
    weighted: bool = False
    prompt: str = ""
    also: str = ""
    also_says: str = ""

    @property
    def number_format(self) -> str:
        return FORMATS[self.kind]

    @property
    def is_formula(self) -> bool:
        """Whether no plain rule can say it."""
        return self.or_nothing or bool(self.also)

    @property
    def is_bounded(self) -> bool:
        return any(bound is not None for bound in (self.least, self.most, self.since, self.until))

    @property
    def says(self) -> str:
        """What is expected, in Chinese."""
        if self.kind == "list":
            if self.strict:
                return "从下拉列表中选"
            return "从下拉列表中选；另填的" + ("能交，但没有权重的计 0 分" if self.weighted else "也能交")
        if self.kind == "date":
            if self.since and self.until:
                return f"日期，{self.since}～{self.until}"
            return f"日期，{self.since} 或以后" if self.since else "日期"
        if self.kind == "text":
            return "文字"
        show = percent if self.kind == "percent" else say
        what = {"whole": "整数", "percent": "百分数，如 85%"}.get(self.kind, "数")
        if self.least is not None and self.most is not None:
            return f"{what}，{'0 或 ' if self.or_nothing else ''}{show(self.least)}～{show(self.most)}"
        return f"{what}，不小于 {show(self.least)}" if self.least is not None else what


def entry_of(metric: Metric) -> Entry:
    """What the reader takes for a metric."""
    least, most = metric.ends
    kinds: dict[str, Literal["whole", "money", "percent", "number"]] = {
        "count": "whole",
        "money": "money",
        "rate": "percent",
    }
    return Entry(kinds.get(metric.kind, "number"), least, most)


class Validations:
    """A sheet's rules: cells that accept the same share one."""

    def __init__(self, page: Worksheet) -> None:
        self._page = page
        self._cells: dict[Entry, list[str]] = defaultdict(list)

    def add(self, entry: Entry, area: str) -> None:
        """`area`: a cell or a range such as `C2:C301`."""
        self._cells[entry].append(area)

    def write(self) -> None:
        for entry, areas in self._cells.items():
            most = 1 if entry.is_formula else MOST_AREAS  # its formula names the first cell of the very area
            for begin in range(0, len(areas), most):
                self._rule(entry, areas[begin : begin + most])

    def _rule(self, entry: Entry, areas: list[str]) -> None:
        rule = _rule(entry, areas[0].partition(":")[0])
        if rule is not None:
            self._page.add_data_validation(rule)
            for area in areas:
                rule.add(area)


def _rule(entry: Entry, first: str) -> DataValidation | None:
    rule = DataValidation(allow_blank=True, showErrorMessage=True, errorStyle="stop" if entry.strict else "warning")
    rule.errorTitle = "请检查"
    rule.error = "；".join(filter(None, (f"应为{entry.says}", entry.also_says)))[:LONGEST_LIST]
    if entry.prompt:
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = "填写说明", entry.prompt[:LONGEST_LIST]
    if entry.is_formula:
        rule.type, rule.formula1 = "custom", accepted(entry, first)
        assert len(rule.formula1) <= LONGEST_FORMULA  # what may be long is looked up in a list
        return rule
    if entry.kind == "text":
        return rule if entry.prompt else None
    rule.type = _TYPES.get(entry.kind, "decimal")
    if entry.kind == "list":
        rule.formula1 = entry.source or f'"{",".join(entry.words)}"'
    else:
        rule.operator = "between"
        rule.formula1, rule.formula2 = _bounds(entry)
    return rule


def _bounds(entry: Entry) -> tuple[str, str]:
    """The least and the most as formulas; a rule without a bound would accept text, or more than is read."""
    if entry.kind == "date":
        return _day(entry.since or EARLIEST), _day(entry.until or LATEST)
    least = entry.least if entry.least is not None else Fraction(-LARGEST)
    most = entry.most if entry.most is not None else Fraction(LARGEST)
    return decimal_text(least), decimal_text(most)


def _day(day: datetime.date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def accepted(entry: Entry, cell: str) -> str:
    """The formula that holds where `cell` is filled in as it should; lists are left to their rule."""
    parts = []
    if entry.kind not in ("text", "list"):
        bounds = [f"{cell}{sign}{bound}" for sign, bound in zip((">=", "<="), _bounds(entry), strict=True)]
        bounds = bounds if entry.is_bounded else []
        parts += [f"ISNUMBER({cell})", *([f"OR({cell}=0,AND({','.join(bounds)}))"] if entry.or_nothing else bounds)]
    if entry.kind == "whole":
        parts.append(f"{cell}=INT({cell})")
    if entry.also:
        parts.append(entry.also)
    return f"AND({','.join(parts)})" if parts else "TRUE"


def fits_inline(words: tuple[str, ...]) -> bool:
    """Whether a list may stand in the rule itself."""
    return len(",".join(words)) <= LONGEST_LIST - 2 and not any("," in each or '"' in each for each in words)
