"""How cells look, as far as it matters to what is read: number formats and strikethrough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import IO, TypeVar

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from kaohe.intake.sheets import formats
from kaohe.intake.sheets.colours import OTHER, colour, is_same
from kaohe.intake.sheets.stream import Attributes, Room, XmlReader, is_true

_Each = TypeVar("_Each")

_SYMBOLS = ("wingdings", "webdings", "marlett", "zapfdingbats", "zapf dingbats", "ms outlook", "monotype sorts")
"""Fonts that draw something else in the place of digits and letters."""

LEAST_SIZE = 4
"""Points below which a letter is a dot."""


def drawn_as_symbols(font: str) -> bool:
    return font.strip().casefold().startswith(_SYMBOLS)


def is_tiny(size: str) -> bool:
    return float(size) < LEAST_SIZE


@dataclass(frozen=True)
class Style:
    """A cell's number format, and what its font, ground and border say of whether it counts and can be seen."""

    code: str = formats.GENERAL
    is_date: bool = False
    is_span: bool = False
    is_struck: bool = False
    is_moved: bool = False
    is_crossed: bool = False
    is_symbols: bool = False
    oddity: str = ""
    """In words, what else makes its letters others than those it holds."""

    ink: str = ""
    paper: str = ""

    @property
    def is_unseen(self) -> bool:
        return is_same(self.ink, self.paper)

    @cached_property
    def is_percent(self) -> bool:
        return formats.is_percent(self.code)


PLAIN = Style()


@dataclass(frozen=True)
class Styles:
    """Those of cells, and those that conditional formats lay over them, by the numbers that are given."""

    of_cells: list[Style] = field(default_factory=list)
    overlaid: list[Style] = field(default_factory=list)


class OverlaidReader:
    """Hears what a conditional format lays over a cell: a number format, a strikethrough, colours."""

    def __init__(self, reader: XmlReader, name: str) -> None:
        self.is_open = False
        self._style = PLAIN
        reader.on(name, "numFmt", self._format)
        reader.on(name, "font")
        reader.on("font", "strike", self.strike)
        reader.on("font", "color", self.colour)
        reader.on(name, "fill")
        reader.on("fill", "patternFill")
        reader.on("patternFill", "bgColor", self.paper)
        reader.on("fill", "gradientFill")
        reader.on("gradientFill", "stop")
        reader.on("stop", "color", self.blend)

    def open(self, _: Attributes) -> None:
        self.is_open, self._style = True, PLAIN

    def close(self) -> Style:
        self.is_open = False
        return self._style

    def strike(self, about: Attributes) -> None:
        self._style = replace(self._style, is_struck=is_true(about.get("val", "1")))

    def colour(self, about: Attributes) -> None:
        self._style = replace(self._style, ink=colour(about))

    def paper(self, about: Attributes) -> None:
        self._style = replace(self._style, paper=colour(about))

    def blend(self, about: Attributes) -> None:
        self._style = replace(self._style, paper=blended(self._style.paper, colour(about)))

    def _format(self, about: Attributes) -> None:
        code = about["formatCode"][: formats.LONGEST]
        self._style = replace(self._style, code=code, is_date=is_date_format(code))


class StyleReader(XmlReader):
    """Reads `styles`."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, "styleSheet")
        self.styles = Styles()
        self._codes: dict[int, str] = {}
        self._is_solid = self._has_diagonal = False
        self._fonts: list[Style] = []
        self._papers: list[str] = []
        self._crossed: list[bool] = []
        self._made: dict[tuple[int, int, int, int], Style] = {}
        for group in ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs"):
            self.on("styleSheet", group)
        self.on("numFmts", "numFmt", self._format)
        self.on("fonts", "font", lambda _: self._fonts.append(PLAIN))
        self.on("fills", "fill", lambda _: self._papers.append(""))
        self.on("borders", "border", self._border)
        self.on("border", "diagonal", self._diagonal)
        self.on("cellXfs", "xf", self._style)
        self._overlaid = OverlaidReader(self, "dxf")
        self.on("dxfs", "dxf", self._overlaid.open, lambda: self.styles.overlaid.append(self._overlaid.close()))
        self.on("font", "strike", self._strike)
        self.on("font", "color", self._colour)
        self.on("font", "vertAlign", self._move)
        self.on("font", "sz", self._size)
        self.on("font", "name", self._name)
        self.on("xf", "alignment", self._align)
        self.on("fill", "patternFill", self._pattern)
        self.on("patternFill", "fgColor", lambda about: self._paint(colour(about)))
        self.on("stop", "color", self._blend)

    def read(self, source: IO[bytes]) -> Styles:
        self.feed(source)
        return self.styles

    def _format(self, about: Attributes) -> None:
        code = about["formatCode"]
        if len(code) > formats.LONGEST:
            raise ValueError("a number format longer than Excel takes")
        self._codes[int(about["numFmtId"])] = code

    def _strike(self, about: Attributes) -> None:
        if self._overlaid.is_open:
            self._overlaid.strike(about)
        else:
            self._fonts[-1] = replace(self._fonts[-1], is_struck=is_true(about.get("val", "1")))

    def _colour(self, about: Attributes) -> None:
        if self._overlaid.is_open:
            self._overlaid.colour(about)
        else:
            self._fonts[-1] = replace(self._fonts[-1], ink=colour(about))

    def _move(self, about: Attributes) -> None:
        if not self._overlaid.is_open:
            is_moved = about.get("val") in ("superscript", "subscript")
            self._fonts[-1] = replace(self._fonts[-1], is_moved=is_moved)

    def _size(self, about: Attributes) -> None:
        if not self._overlaid.is_open and is_tiny(about.get("val", "11")):
            self._fonts[-1] = replace(self._fonts[-1], oddity=f"字号只有 {about['val']}，看不见")

    def _name(self, about: Attributes) -> None:
        name = about.get("val", "")
        if not self._overlaid.is_open and drawn_as_symbols(name):
            self._fonts[-1] = replace(self._fonts[-1], is_symbols=True, oddity=f"字体是 {name[:40]}，看到的是符号")

    def _align(self, about: Attributes) -> None:
        """Of the cell's style that was opened last; the cell is filled with its content over and over."""
        if about.get("horizontal") == "fill":
            style = self.styles.of_cells[-1]
            self.styles.of_cells[-1] = replace(style, oddity="设了“填充”对齐，看到的是重复多次的内容")

    def _pattern(self, about: Attributes) -> None:
        self._is_solid = about.get("patternType") == "solid"

    def _paint(self, paper: str) -> None:
        if not self._overlaid.is_open and self._is_solid:
            self._papers[-1] = paper

    def _blend(self, about: Attributes) -> None:
        if self._overlaid.is_open:
            self._overlaid.blend(about)
        else:
            self._papers[-1] = blended(self._papers[-1], colour(about))

    def _border(self, about: Attributes) -> None:
        self._has_diagonal = is_true(about.get("diagonalUp")) or is_true(about.get("diagonalDown"))
        self._crossed.append(False)

    def _diagonal(self, about: Attributes) -> None:
        if not self._overlaid.is_open:
            self._crossed[-1] = self._has_diagonal and about.get("style", "none") != "none"

    def _style(self, about: Attributes) -> None:
        key = tuple(int(about.get(each, 0)) for each in ("numFmtId", "fontId", "fillId", "borderId"))
        number, font, fill, border = key
        if (number, font, fill, border) not in self._made:
            self._made[number, font, fill, border] = self._of(number, _at(self._fonts, font, PLAIN))
            style = self._made[number, font, fill, border]
            paper, is_crossed = _at(self._papers, fill, ""), _at(self._crossed, border, False)
            self._made[number, font, fill, border] = replace(style, paper=paper, is_crossed=is_crossed)
        self.styles.of_cells.append(self._made[number, font, fill, border])

    def _of(self, number: int, font: Style) -> Style:
        code = self._codes.get(number, BUILTIN_FORMATS.get(number, ""))
        if not code:
            return replace(font, is_date=number in formats.DATES)
        return replace(font, code=code, is_date=is_date_format(code), is_span=is_timedelta_format(code))


def blended(paper: str, more: str) -> str:
    """Of several colours that pass into each other none is the ground's."""
    return more if paper in ("", more) else OTHER


def _at(items: Sequence[_Each], place: int, otherwise: _Each) -> _Each:
    return items[place] if 0 <= place < len(items) else otherwise
