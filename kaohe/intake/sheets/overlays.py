"""Conditional formats that lay another number format or a strikethrough over cells, or hide what they hold."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from openpyxl.utils import range_boundaries

from kaohe.intake.sheets import formats
from kaohe.intake.sheets.cells import PLAINLY, Cell, Disguised, Doubted, Percent, exact, is_figure, number_in, shown
from kaohe.intake.sheets.colours import WHITE, colour, is_same
from kaohe.intake.sheets.conditions import Among, Place, holds
from kaohe.intake.sheets.formulas.calculation import Calculation
from kaohe.intake.sheets.formulas.contents import Cells
from kaohe.intake.sheets.formulas.formula import MOST_COLUMNS, MOST_ROWS
from kaohe.intake.sheets.stream import OFFICE_2010, WORDS_2006, Attributes, TooLargeError, XmlReader, is_true
from kaohe.intake.sheets.styles import PLAIN, OverlaidReader, Style, Styles

MOST_RULES = 20_000
MOST_VISITS = 500_000
_HIDING = ("dataBar", "iconSet")
_LAST = 2**31
Area = tuple[int, int, int, int]
"""First and last row, first and last column, from 1."""


@dataclass
class Overlay:
    """A rule: its attributes, the formulas of its condition, and how it shows a cell otherwise.

    `scale`: the colours between which it paints; `stops`: no rule behind it counts where it applies.
    """

    about: Attributes = field(default_factory=dict)
    formulas: list[str] = field(default_factory=list)
    style: Style = PLAIN
    hides: bool = False
    scale: list[str] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        return is_true(self.about.get("stopIfTrue"))

    @property
    def rank(self) -> int:
        return int(self.about.get("priority", _LAST))

    @property
    def matters(self) -> bool:
        return self.hides or self.style != PLAIN or bool(self.scale)


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
        self._reader.on(f"{space}cfRule", f"{space}colorScale")
        self._reader.on(f"{space}colorScale", f"{space}color", self._scaled)

    def _open_group(self, about: Attributes) -> None:
        self._group = []
        self._ranges = about.get("sqref", "")

    def _rule(self, about: Attributes) -> None:
        number = int(about.get("dxfId", -1))
        overlaid = self._styles.overlaid
        style = overlaid[number] if 0 <= number < len(overlaid) else PLAIN
        self._group.append(Overlay(about, [], self._as_far_as_it_hides(style)))

    def _as_far_as_it_hides(self, style: Style) -> Style:
        """Without colours that leave every letter of the workbook to be seen; most rules have such."""
        inks, papers = ({style.ink} if style.ink else self._inks), ({style.paper} if style.paper else self._papers)
        hides = (style.ink or style.paper) and any(is_same(ink, paper) for ink in inks for paper in papers)
        return style if hides else replace(style, ink="", paper="")

    def _bar(self, about: Attributes) -> None:
        self._group[-1].hides |= about.get("showValue") in ("0", "false")

    def _scaled(self, about: Attributes) -> None:
        self._group[-1].scale.append(colour(about))

    def _close_own(self) -> None:
        self._group[-1].style = self._as_far_as_it_hides(self._own.close())

    def _areas(self, text: str) -> None:
        self._ranges = text

    def _close_group(self) -> None:
        areas = [area_of(each) for each in self._ranges.split()]
        for rule in (rule for rule in self._group if rule.matters or rule.stops):
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
    visits = _Visits()
    stopped: set[tuple[int, int]] = set()
    for rule in sorted((rule for rule in rules if rule.areas), key=lambda each: each.rank):
        corner = min(area[0] for area in rule.areas), min(area[2] for area in rule.areas)
        laid = list(_laid(rule, cells, visits))
        among = Among([cell for _, cell in laid], book)
        for (row, column), cell in laid:
            if (row, column) in stopped:
                continue
            about = _Laid(rule, cell, (sheet, row - corner[0], column - corner[1]), among, book)
            found = about.look(colours.get((row, column), ("", "")))
            if found is not None:
                yield row, column, found
            if rule.stops and about.applies:
                stopped.add((row, column))


class _Visits:
    """How many cells were looked at for all rules."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, cells: int) -> None:
        self._count += cells
        if self._count > MOST_VISITS:
            raise TooLargeError


def _laid(rule: Overlay, cells: Cells, visits: _Visits) -> Iterator[tuple[tuple[int, int], Cell]]:
    """The cells that a rule is laid over."""
    for top, bottom, left, right in rule.areas:
        rows = range(top, bottom + 1) if bottom - top < len(cells.values) else list(cells.values)
        for row in (row for row in rows if top <= row <= bottom and row in cells.values):
            visits.add(len(cells.values[row]))
            yield from (((row, at + 1), cell) for at, cell in cells.values[row].items() if left <= at + 1 <= right)


@dataclass
class _Laid:
    """A rule over one cell."""

    rule: Overlay
    cell: Cell
    place: Place
    among: Among
    book: Calculation

    @cached_property
    def applies(self) -> bool | None:
        return holds(self.rule.about, self.rule.formulas, self.cell, self.place, self.among, self.book)

    def look(self, drawn: tuple[str, str]) -> Cell:
        """The cell as the rule shows it; None where that makes no difference."""
        cell = self.cell
        if cell is None or isinstance(cell, Disguised | Doubted):
            return None
        problem, seen = self._look(drawn)
        if not problem:
            return self._as_percentage()
        if self.applies is False:
            return None
        if self.applies is None:
            return Doubted(shown(cell), "disguised-cell", f"条件格式可能{problem}", PLAINLY)
        return Disguised(shown(cell), seen, f"条件格式{problem}", number_in(cell))

    def _as_percentage(self) -> Cell:
        """The same number, but as a person sees it: a percentage where the column counts something is asked about."""
        cell = self.cell
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not self.rule.style.is_percent:
            return None
        return None if self.applies is False else Percent(cell)

    def _look(self, drawn: tuple[str, str]) -> tuple[str, str]:
        """What the rule does to the cell, in words, and what can then be seen of it."""
        cell, style = self.cell, self.rule.style
        if style.is_struck:
            return "给整格画了删除线", ""
        if is_figure(cell) and self._is_unseen(drawn):
            return f"使字与底色相同，看不见，存的是 {shown(cell)}", ""
        number = number_in(cell)
        if self.rule.hides and is_figure(cell):
            return f"使数值看不见，存的是 {shown(cell)}", ""
        if isinstance(cell, datetime.date) and style.code != formats.GENERAL and not style.is_date:
            return f"使人看到的不是日期 {shown(cell)}", ""
        if number is None:
            return "", ""
        if style.is_date:
            return f"使人看到日期，存的却是 {shown(cell)}", shown(cell)
        look = formats.shows(style.code, exact(number))
        if look is None:
            return "", ""
        if look.hidden:
            return f"使数值看不见，存的是 {shown(cell)}", ""
        return f"使人看到“{look.text}”，存的却是 {shown(cell)}", look.text

    def _is_unseen(self, drawn: tuple[str, str]) -> bool:
        """Whether letters and ground are alike; of a scale of colours the ends are known."""
        style, scale = self.rule.style, self.rule.scale
        if scale:
            mine, numbers = self.among.number(self.cell), self.among.numbers
            ends = zip((numbers[:1], numbers[-1:]), (scale[0], scale[-1]), strict=True)
            return any([mine] == end and is_same(drawn[0], paper) for end, paper in ends)
        number = number_in(self.cell)
        ink = WHITE if number is not None and formats.is_white(style.code, exact(number)) else style.ink
        return bool(ink or style.paper) and is_same(ink or drawn[0], style.paper or drawn[1])
