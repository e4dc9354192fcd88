"""The names and tables that a workbook defines, as its parts write them down."""

from __future__ import annotations

from typing import IO

from kaohe.intake.sheets.formulas.formula import Formula, parsed, unparsed
from kaohe.intake.sheets.formulas.names import NamedTable
from kaohe.intake.sheets.stream import Attributes, Room, TooLargeError, XmlReader, main

MOST_NAMES = 20_000
MOST_COLUMNS = 2**14

Defined = tuple[str, str, Formula]
"""The sheet's place in the list (empty for the whole book), the name, what it stands for."""


class NameParts:
    """Has the defined names heard by the reader of the workbook's part."""

    def __init__(self, reader: XmlReader) -> None:
        self.found: list[Defined] = []
        self._reader = reader
        self._about: Attributes = {}
        reader.on("workbook", "definedNames")
        reader.on("definedNames", "definedName", self._open, lambda: self._take(reader.heard()))

    def _open(self, about: Attributes) -> None:
        self._about = about
        self._reader.listen()

    def _take(self, text: str) -> None:
        if len(self.found) >= MOST_NAMES:
            raise TooLargeError
        room = self._reader.room
        room.formulas -= len(text)
        formula = parsed(text) if room.formulas >= 0 else unparsed(text)
        self.found.append((self._about.get("localSheetId", ""), self._about.get("name", ""), formula))


class TableReader(XmlReader):
    """Reads the part of one table."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, "table")
        self._about: Attributes = {}
        self._columns: list[str] = []
        self._starts["", main("table")] = self._open
        self.on("table", "tableColumns")
        self.on("tableColumns", "tableColumn", self._column)

    def read(self, source: IO[bytes], sheet: str) -> tuple[str, NamedTable]:
        """The table's name and the table."""
        self.feed(source)
        about = self._about
        headers, totals = int(about.get("headerRowCount", 1)), int(about.get("totalsRowCount", 0))
        name = about.get("displayName") or about.get("name", "")
        return name, NamedTable.at(sheet, about["ref"], tuple(self._columns), headers, totals)

    def _open(self, about: Attributes) -> None:
        self._about = about

    def _column(self, about: Attributes) -> None:
        if len(self._columns) >= MOST_COLUMNS:
            raise TooLargeError
        self._columns.append(about["name"])
