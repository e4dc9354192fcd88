"""Conditional formats that lay another number format or a strikethrough over cells, or hide what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from openpyxl.utils import range_boundaries

from kaohe.intake.sheets import formats
from kaohe.intake.sheets.cells import PLAINLY, Cell, Disguised, Doubted, Percent, exact, is_figure, number_in, shown
from kaohe.intake.sheets.colours import is_same
from kaohe.intake.sheets.formulas.arithmetic import Value, compare
from kaohe.intake.sheets.formulas.calculation import Calculation
from kaohe.intake.sheets.formulas.contents import Cells, Outcome, Written
from kaohe.intake.sheets.formulas.formula import MOST_COLUMNS, MOST_ROWS, NotUnderstoodError, parsed
from kaohe.intake.sheets.stream import OFFICE_2010, WORDS_2006, Attributes, TooLargeError, XmlReader
from kaohe.intake.sheets.styles import PLAIN, OverlaidReader, Style, Styles

MOST_RULES = 20_000
MOST_VISITS = 500_000
_HIDING = ("dataBar", "iconSet")
_COMPARISONS = {
    "lessThan": "<",
    "lessThanOrEqual": "<=",
    "equal": "=",
    "notEqual": "<>",
    "greaterThanOrEqual": ">=",
    "greaterThan": ">",
}

Area = tuple[int, int, int, int]
"""First and last row, first and last column, from 1."""


@dataclass
class Overlay:
    """A rule, as far as it shows a cell otherwise; `formulas` are those of its condition."""

    kind: str = ""
    operator: str = ""
    formulas: list[str] = field(default_factory=list)
    style: Style = PLAIN
    hides: bool = False
    areas: list[Area] = field(default_factory=list)

    @property
    def matters(self) -> bool:
        return self.hides or self.style != PLAIN


class OverlayParts:
    """Has the rules of a worksheet heard by its reader, the older ones and those that Excel 2010 brought."""

    def __init__(self, reader: XmlReader, styles: Styles) -> None:
        self.found: list[Overlay] = []
        self._styles = styles
        self._inks = {"", *(each.ink for each in styles.of_cells)}
        self._papers = {"", *(each.paper for each in styles.of_cells)}
        self._group: list[Overlay] = []
        self._ranges = ""
        self._reader = reader
        self._own = OverlaidReader(reader, f"{OFFICE_2010} dxf")
        reader.on("worksheet", "conditionalFormatting", self._open_group, self._close_group)
        self._rules("conditionalFormatting", "", "formula")
        reader.on("worksheet", "extLst")
        reader.on("extLst", "ext")
        new = f"{OFFICE_2010} "
        reader.on("ext", f"{new}conditionalFormattings")
        reader.on(f"{new}conditionalFormattings", f"{new}conditionalFormatting", self._open_group, self._close_group)
        self._rules(f"{new}conditionalFormatting", new, f"{WORDS_2006} f")
        reader.on(f"{new}cfRule", f"{new}dxf", self._own.open, self._close_own)
        reader.on_text(f"{new}conditionalFormatting", f"{WORDS_2006} sqref", self._areas)

    def _rules(self, group: str, space: str, formula: str) -> None:
        self._reader.on(group, f"{space}cfRule", self._rule)
        self._reader.on_text(f"{space}cfRule", formula, lambda text: self._group[-1].formulas.append(text))
        for kind in _HIDING:
            self._reader.on(f"{space}cfRule", f"{space}{kind}", self._bar)

    def _open_group(self, about: Attributes) -> None:
        self._group = []
        self._ranges = about.get("sqref", "")

    def _rule(self, about: Attributes) -> None:
        number = int(about.get("dxfId", -1))
        overlaid = self._styles.overlaid
        style = overlaid[number] if 0 <= number < len(overlaid) else PLAIN
        self._group.append(
            Overlay(about.get("type", ""), about.get("operator", ""), [], self._as_far_as_it_hides(style))
        )

    def _as_far_as_it_hides(self, style: Style) -> Style:
        """Without colours that leave every letter of the workbook to be seen; most rules have such."""
        inks, papers = ({style.ink} if style.ink else self._inks), ({style.paper} if style.paper else self._papers)
        hides = (style.ink or style.paper) and any(is_same(ink, paper) for ink in inks for paper in papers)
        return style if hides else replace(style, ink="", paper="")

    def _bar(self, about: Attributes) -> None:
        self._group[-1].hides |= about.get("showValue") in ("0", "false")

    def _close_own(self) -> None:
        self._group[-1].style = self._as_far_as_it_hides(self._own.close())

    def _areas(self, text: str) -> None:
        self._ranges = text

    def _close_group(self) -> None:
        areas = [area_of(each) for each in self._ranges.split()]
        for rule in (rule for rule in self._group if rule.matters):
            rule.areas = areas
            self.found.append(rule)
        if len(self.found) > MOST_RULES:
            raise TooLargeError


def area_of(written: str) -> Area:
    left, top, right, bottom = range_boundaries(written)
    return top or 1, bottom or MOST_ROWS, left or 1, right or MOST_COLUMNS


Colours = Mapping[tuple[int, int], tuple[str, str]]
"""Of letters and ground, by row and column, where they are not black on white."""


def overlaid(
    sheet: str, cells: Cells, rules: list[Overlay], book: Calculation, colours: Colours = MappingProxyType({})
) -> Iterator[tuple[int, int, Cell]]:
    """Row, column and what becomes of each cell that a rule shows as something else, or may."""
    visits = 0
    for rule in (rule for rule in rules if rule.areas):
        corner = min(area[0] for area in rule.areas), min(area[2] for area in rule.areas)
        for top, bottom, left, right in rule.areas:
            rows = range(top, bottom + 1) if bottom - top < len(cells.values) else list(cells.values)
            for row in (row for row in rows if top <= row <= bottom and row in cells.values):
                visits += len(cells.values[row])
                if visits > MOST_VISITS:
                    raise TooLargeError
                for at, cell in cells.values[row].items():
                    if left <= at + 1 <= right:
                        place = (sheet, row - corner[0], at + 1 - corner[1])
                        drawn = colours.get((row, at + 1), ("", ""))
                        found = _under(rule, cell, place, book, drawn)
                        if found is not None:
                            yield row, at + 1, found


def _under(rule: Overlay, cell: Cell, place: tuple[str, int, int], book: Calculation, drawn: tuple[str, str]) -> Cell:
    """The cell as the rule shows it; None where that makes no difference."""
    if cell is None or isinstance(cell, Disguised | Doubted):
        return None
    problem, seen = _look(rule, cell, drawn)
    if not problem:
        return _as_percentage(rule, cell, place, book)
    applies = _applies(rule, cell, place, book)
    if applies is False:
        return None
    if applies is None:
        return Doubted(shown(cell), "disguised-cell", f"条件格式可能{problem}", PLAINLY)
    return Disguised(shown(cell), seen, f"条件格式{problem}", number_in(cell))


def _as_percentage(rule: Overlay, cell: Cell, place: tuple[str, int, int], book: Calculation) -> Cell:
    """The same number, but as a person sees it: a percentage where the column counts something is asked about."""
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not rule.style.is_percent:
        return None
    return None if _applies(rule, cell, place, book) is False else Percent(cell)


def _look(rule: Overlay, cell: Cell, drawn: tuple[str, str]) -> tuple[str, str]:
    """What the rule does to the cell, in words, and what can then be seen of it."""
    if rule.style.is_struck:
        return "给整格画了删除线", ""
    ink, paper = rule.style.ink or drawn[0], rule.style.paper or drawn[1]
    if (rule.style.ink or rule.style.paper) and is_figure(cell) and is_same(ink, paper):
        return f"使字与底色相同，看不见，存的是 {shown(cell)}", ""
    number = number_in(cell)
    if number is None:
        return "", ""
    if rule.hides:
        return f"使数值看不见，存的是 {shown(cell)}", ""
    if rule.style.is_date:
        return f"使人看到日期，存的却是 {shown(cell)}", shown(cell)
    look = formats.shows(rule.style.code, exact(number))
    if look is None:
        return "", ""
    if look.hidden:
        return f"使数值看不见，存的是 {shown(cell)}", ""
    return f"使人看到“{look.text}”，存的却是 {shown(cell)}", look.text


def _applies(rule: Overlay, cell: Cell, place: tuple[str, int, int], book: Calculation) -> bool | None:
    """Whether the rule's condition holds for the cell; None where that cannot be said."""
    if rule.kind in _HIDING:
        return True
    outcomes = [_condition(text, place, book) for text in rule.formulas]
    if not all(each.is_known and not each.fails for each in outcomes):
        return None
    if rule.kind == "expression" and len(outcomes) == 1:
        answer = outcomes[0].value
        return None if isinstance(answer, str) else bool(answer)
    if rule.kind == "cellIs":
        try:
            return _compared(rule.operator, book.value_of(cell), [each.value for each in outcomes])
        except NotUnderstoodError:
            return None
    return None


def _condition(text: str, place: tuple[str, int, int], book: Calculation) -> Outcome:
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
