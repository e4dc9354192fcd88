"""What a cell of a template accepts, never more than the reader does."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.paper import DAY, MONEY, PERCENT, PLAIN, POINTS, WHOLE
from kaohe.intake.ledger import decimal_text
from kaohe.intake.rows import LEAST_OF_KIND, MOST_OF_KIND
from kaohe.rules.wording import number as say
from kaohe.rules.wording import percent
from kaohe.scheme import Metric

LONGEST_LIST = 255
"""Excel takes no longer list of words in a rule; a longer one stands in a sheet."""

MOST_AREAS = 100
"""So many areas in one rule: no program has to cope with a list of thousands."""

FORMATS = {"whole": WHOLE, "number": PLAIN, "points": POINTS, "money": MONEY, "percent": PERCENT, "date": DAY}
_TYPES: dict[str, Literal["whole", "date", "list"]] = {"whole": "whole", "date": "date", "list": "list"}


@dataclass(frozen=True)
class Entry:
    """What may be entered: a number between bounds, a date from a day on, or one of a list.

    `or_nothing`: 0 is allowed below `least`; `source`: where in the workbook a long list stands.
    """

    kind: Literal["whole", "number", "points", "money", "percent", "date", "list", "text"]
    least: Fraction | None = None
    most: Fraction | None = None
    or_nothing: bool = False
    since: datetime.date | None = None
    words: tuple[str, ...] = ()
    source: str = ""
    strict: bool = True
    prompt: str = ""

    @property
    def number_format(self) -> str | None:
        return FORMATS.get(self.kind)

    @property
    def says(self) -> str:
        """What is expected, in Chinese."""
        if self.kind == "list":
            return "从下拉列表中选" + ("" if self.strict else "，也可另填")
        if self.kind == "date":
            return f"日期，如 {self.since}" if self.since else "日期"
        if self.kind == "text":
            return "文字"
        show = percent if self.kind == "percent" else say
        what = {"whole": "整数", "percent": "百分数，如 85%"}.get(self.kind, "数")
        if self.least is not None and self.most is not None:
            return f"{what}，{'0 或 ' if self.or_nothing else ''}{show(self.least)}～{show(self.most)}"
        return f"{what}，不小于 {show(self.least)}" if self.least is not None else what


def entry_of(metric: Metric) -> Entry:
    """What the reader takes for a metric."""
    least = metric.least if metric.least is not None else LEAST_OF_KIND[metric.kind]
    most = metric.most if metric.most is not None else MOST_OF_KIND.get(metric.kind)
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
            most = 1 if entry.or_nothing else MOST_AREAS  # its formula names the first cell of the very area
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
    rule.errorTitle, rule.error = "请检查", f"应为{entry.says}"
    if entry.prompt:
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = "填写说明", entry.prompt[:LONGEST_LIST]
    if entry.kind == "text":
        return rule if entry.prompt else None
    rule.type = _TYPES.get(entry.kind, "decimal")
    if entry.kind == "list":
        rule.formula1 = entry.source or f'"{",".join(entry.words)}"'
    elif entry.kind == "date":
        rule.operator, day = "greaterThanOrEqual", entry.since or datetime.date(1990, 1, 1)
        rule.formula1 = f"DATE({day.year},{day.month},{day.day})"
    elif entry.or_nothing and entry.least is not None and entry.most is not None:
        least, most = decimal_text(entry.least), decimal_text(entry.most)
        rule.type = "custom"
        rule.formula1 = f"AND(ISNUMBER({first}),OR({first}=0,AND({first}>={least},{first}<={most})))"
    else:
        _bounds(rule, entry)
    return rule


def _bounds(rule: DataValidation, entry: Entry) -> None:
    """Between two bounds, above one, or any number at all (a rule without a bound would accept text)."""
    if entry.least is not None and entry.most is not None:
        rule.operator = "between"
        rule.formula1, rule.formula2 = decimal_text(entry.least), decimal_text(entry.most)
    elif entry.most is not None:
        rule.operator, rule.formula1 = "lessThanOrEqual", decimal_text(entry.most)
    else:
        least = entry.least if entry.least is not None else Fraction(-(10**15))
        rule.operator, rule.formula1 = "greaterThanOrEqual", decimal_text(least)


def fits_inline(words: tuple[str, ...]) -> bool:
    """Whether a list may stand in the rule itself."""
    return len(",".join(words)) <= LONGEST_LIST - 2 and not any("," in each or '"' in each for each in words)
