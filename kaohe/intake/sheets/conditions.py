"""Whether a conditional format applies to a cell: by a formula, a comparison, or what the cell is among others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from kaohe.intake.sheets.cells import Cell, ExcelError, shown
from kaohe.intake.sheets.formulas.arithmetic import NoResultError, Value, compare
from kaohe.intake.sheets.formulas.calculation import Calculation
from kaohe.intake.sheets.formulas.contents import Outcome, Written
from kaohe.intake.sheets.formulas.formula import NotUnderstoodError, parsed
from kaohe.intake.sheets.stream import Attributes, is_true

_COMPARISONS = {
    "lessThan": "<",
    "lessThanOrEqual": "<=",
    "equal": "=",
    "notEqual": "<>",
    "greaterThanOrEqual": ">=",
    "greaterThan": ">",
}
ALWAYS = ("dataBar", "iconSet", "colorScale")
"""Rules without a condition."""

Place = tuple[str, int, int]
"""The sheet, and how far the cell lies below and to the right of the corner for which formulas are written."""


@dataclass
class Among:
    """The cells over which a rule is laid."""

    cells: list[Cell]
    book: Calculation

    @cached_property
    def numbers(self) -> list[Fraction]:
        return sorted(number for cell in self.cells if (number := self.number(cell)) is not None)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(shown(cell).casefold() for cell in self.cells)

    def number(self, cell: Cell) -> Fraction | None:
        try:
            value = self.book.value_of(cell)
        except (NotUnderstoodError, NoResultError):
            return None
        return value if isinstance(value, Fraction) else None


def holds(
    about: Attributes, formulas: Iterable[str], cell: Cell, place: Place, among: Among, book: Calculation
) -> bool | None:
    """Whether the rule with these attributes and formulas applies; None where that cannot be said."""
    match about.get("type", ""):
        case kind if kind in ALWAYS:
            return True
        case "containsBlanks" | "notContainsBlanks" as kind:
            return (not shown(cell).strip()) is (kind == "containsBlanks")
        case "containsErrors" | "notContainsErrors" as kind:
            return isinstance(cell, ExcelError) is (kind == "containsErrors")
        case "containsText" | "notContainsText" | "beginsWith" | "endsWith" as kind:
            return _has_words(kind, about.get("text", ""), cell)
        case "duplicateValues" | "uniqueValues" as kind:
            return (among.counts[shown(cell).casefold()] > 1) is (kind == "duplicateValues")
        case "top10":
            return _is_at_an_end(about, cell, among)
        case "aboveAverage":
            return _is_beyond_the_mean(about, cell, among)
        case "expression" | "cellIs" as kind:
            return _by_formulas(kind, about, [_outcome(text, place, book) for text in formulas], cell, book)
    return None


def _has_words(kind: str, words: str, cell: Cell) -> bool | None:
    said, sought = shown(cell).casefold(), words.casefold()
    if not sought or any(sign in sought for sign in "*?~"):
        return None
    if kind == "beginsWith":
        return said.startswith(sought)
    if kind == "endsWith":
        return said.endswith(sought)
    return (sought in said) is (kind == "containsText")


def _is_at_an_end(about: Attributes, cell: Cell, among: Among) -> bool | None:
    number, count = among.number(cell), int(about.get("rank", "10"))
    if is_true(about.get("percent")):
        count = len(among.numbers) * count // 100
    if number is None or not among.numbers:
        return False
    count = min(max(count, 1), len(among.numbers))
    if is_true(about.get("bottom")):
        return number <= among.numbers[count - 1]
    return number >= among.numbers[-count]


def _is_beyond_the_mean(about: Attributes, cell: Cell, among: Among) -> bool | None:
    number = among.number(cell)
    if number is None or not among.numbers:
        return False
    if about.get("stdDev", "0") != "0":
        return None
    mean = sum(among.numbers, Fraction(0)) / len(among.numbers)
    if number == mean:
        return is_true(about.get("equalAverage"))
    return (number > mean) is is_true(about.get("aboveAverage", "1"))


def _by_formulas(kind: str, about: Attributes, outcomes: list[Outcome], cell: Cell, book: Calculation) -> bool | None:
    if not all(each.is_known and not each.fails for each in outcomes):
        return None
    if kind == "expression":
        answer = outcomes[0].value if len(outcomes) == 1 else ""
        return None if isinstance(answer, str) else bool(answer)
    try:
        return _compared(about.get("operator", ""), book.value_of(cell), [each.value for each in outcomes])
    except NotUnderstoodError:
        return None


def _outcome(text: str, place: Place, book: Calculation) -> Outcome:
    sheet, down, right = place
    return book.evaluated(sheet, Written(parsed(text), text, down, right))


def _compared(operator: str, value: Value, bounds: list[Value]) -> bool | None:
    if operator in ("between", "notBetween") and len(bounds) == 2:
        numbers = [each for each in (value, *bounds) if not isinstance(each, str | bool) and each is not None]
        if len(numbers) < 3:
            return None
        held, one, other = numbers
        return (min(one, other) <= held <= max(one, other)) is (operator == "between")
    if operator not in _COMPARISONS or len(bounds) != 1:
        return None
    return compare(_COMPARISONS[operator], value, bounds[0])
