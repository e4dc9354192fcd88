"""How cells look, as far as it matters to what is read: number formats and strikethrough."""

from __future__ import annotations

from dataclasses import dataclass
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


class StyleReader(XmlReader):
    """Reads `styles`, by the number that cells give."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, "styleSheet")
        self.styles: list[Style] = []
        self._codes: dict[int, str] = {}
        self._struck: list[bool] = []
        self._made: dict[tuple[int, bool], Style] = {}
        for group in ("numFmts", "fonts", "cellXfs"):
            self.on("styleSheet", group)
        self.on("numFmts", "numFmt", self._format)
        self.on("fonts", "font", lambda _: self._struck.append(False))
        self.on("font", "strike", self._strike)
        self.on("cellXfs", "xf", self._style)

    def read(self, source: IO[bytes]) -> list[Style]:
        self.feed(source)
        return self.styles

    def _format(self, about: Attributes) -> None:
        code = about["formatCode"]
        if len(code) > formats.LONGEST:
            raise ValueError("a number format longer than Excel takes")
        self._codes[int(about["numFmtId"])] = code

    def _strike(self, about: Attributes) -> None:
        self._struck[-1] = is_true(about.get("val", "1"))

    def _style(self, about: Attributes) -> None:
        number, font = int(about.get("numFmtId", 0)), int(about.get("fontId", 0))
        struck = 0 <= font < len(self._struck) and self._struck[font]
        if (number, struck) not in self._made:
            self._made[number, struck] = self._of(number, struck)
        self.styles.append(self._made[number, struck])

    def _of(self, number: int, struck: bool) -> Style:
        code = self._codes.get(number, BUILTIN_FORMATS.get(number, ""))
        if not code:
            return Style(is_date=number in formats.DATES, is_struck=struck)
        return Style(code, is_date_format(code), is_timedelta_format(code), struck)
