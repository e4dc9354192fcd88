"""How cells look, as far as it matters to what is read: number formats and strikethrough."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import IO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from kaohe.intake import formats
from kaohe.intake.stream import Attributes, Room, XmlReader, is_true


@dataclass(frozen=True)
class Style:
    """A cell's number format and whether its font is struck through."""

    code: str = formats.GENERAL
    is_date: bool = False
    is_span: bool = False
    is_struck: bool = False

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
    """Hears what a conditional format lays over a cell: a number format of its own, a strikethrough."""

    def __init__(self, reader: XmlReader, name: str) -> None:
        self.is_open = False
        self._style = PLAIN
        reader.on(name, "numFmt", self._format)
        reader.on(name, "font")
        reader.on("font", "strike", self.strike)

    def open(self, _: Attributes) -> None:
        self.is_open, self._style = True, PLAIN

    def close(self) -> Style:
        self.is_open = False
        return self._style

    def strike(self, about: Attributes) -> None:
        self._style = replace(self._style, is_struck=is_true(about.get("val", "1")))

    def _format(self, about: Attributes) -> None:
        code = about["formatCode"][: formats.LONGEST]
        self._style = replace(self._style, code=code, is_date=is_date_format(code))


class StyleReader(XmlReader):
    """Reads `styles`."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, "styleSheet")
        self.styles = Styles()
        self._codes: dict[int, str] = {}
        self._fonts: list[bool] = []
        self._made: dict[tuple[int, bool], Style] = {}
        for group in ("numFmts", "fonts", "cellXfs", "dxfs"):
            self.on("styleSheet", group)
        self.on("numFmts", "numFmt", self._format)
        self.on("fonts", "font", lambda _: self._fonts.append(False))
        self.on("cellXfs", "xf", self._style)
        self._overlaid = OverlaidReader(self, "dxf")
        self.on("dxfs", "dxf", self._overlaid.open, lambda: self.styles.overlaid.append(self._overlaid.close()))
        self.on("font", "strike", self._strike)

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
            self._fonts[-1] = is_true(about.get("val", "1"))

    def _style(self, about: Attributes) -> None:
        number, font = int(about.get("numFmtId", 0)), int(about.get("fontId", 0))
        struck = 0 <= font < len(self._fonts) and self._fonts[font]
        if (number, struck) not in self._made:
            self._made[number, struck] = self._of(number, struck)
        self.styles.of_cells.append(self._made[number, struck])

    def _of(self, number: int, struck: bool) -> Style:
        code = self._codes.get(number, BUILTIN_FORMATS.get(number, ""))
        if not code:
            return Style(is_date=number in formats.DATES, is_struck=struck)
        return Style(code, is_date_format(code), is_timedelta_format(code), struck)
