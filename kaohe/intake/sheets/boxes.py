"""Text boxes and shapes with words that float above a sheet's cells: they may cover figures, or say what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from kaohe.intake.sheets.stream import DRAWING, DRAWN, Attributes, Room, TooLargeError, XmlReader

MOST_BOXES = 1_000
"""Each row of the sheet is held against all of them."""

_EITHER = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


@dataclass(frozen=True)
class Box:
    """What it says, and the rows (from 1) and columns (from 0) that it covers."""

    text: str
    rows: range
    columns: range


class BoxReader(XmlReader):
    """Reads a drawing; pictures and charts say nothing here."""

    def __init__(self, room: Room) -> None:
        sheets, words = f"{DRAWING} ", f"{DRAWN} "
        super().__init__(room, f"{sheets}wsDr")
        self.found: list[Box] = []
        self._texts: list[str] = []
        self._places: dict[str, int] = {}
        either, choice = f"{_EITHER} AlternateContent", f"{_EITHER} Choice"
        holders = [f"{sheets}{each}" for each in _ANCHORS]
        for anchor in holders:
            self.on(f"{sheets}wsDr", anchor, self._open, self._close)
            for end in ("from", "to"):
                self.on(anchor, f"{sheets}{end}", self._goes_to(end))
        for end in ("from", "to"):
            for part in ("row", "col", "rowOff", "colOff"):
                self.on_text(f"{sheets}{end}", f"{sheets}{part}", self._takes(part))
        group, shape = f"{sheets}grpSp", f"{sheets}sp"
        for holder in (*holders, choice, group):
            for inner in (shape, group, either):
                self.on(holder, inner)
        self.on(either, choice)
        self.on(shape, f"{sheets}txBody")
        self.on(f"{sheets}txBody", f"{words}p", end=lambda: self._texts.append("\n"))
        self.on(f"{words}p", f"{words}r")
        self.on_text(f"{words}r", f"{words}t", lambda text: self._texts.append(text))
        self._end_named = ""

    def read(self, source: IO[bytes]) -> list[Box]:
        self.feed(source)
        return self.found

    def _open(self, _: Attributes) -> None:
        self._texts, self._places = [], {}

    def _goes_to(self, end: str) -> Callable[[Attributes], None]:
        def go(_: Attributes) -> None:
            self._end_named = end

        return go

    def _takes(self, part: str) -> Callable[[str], None]:
        def take(text: str) -> None:
            self._places[f"{self._end_named} {part}"] = int(text)

        return take

    def _close(self) -> None:
        said = " ".join("".join(self._texts).split())
        if said:
            if len(self.found) >= MOST_BOXES:
                raise TooLargeError
            rows, columns = self._covered("row"), self._covered("col")
            self.found.append(Box(said, range(rows.start + 1, rows.stop + 1), columns))

    def _covered(self, part: str) -> range:
        """Those from edge to edge; where there are none, those of which it covers a piece."""
        first, last = self._places.get(f"from {part}", 0), self._places.get(f"to {part}", -1)
        begins, ends = self._places.get(f"from {part}Off", 0) > 0, self._places.get(f"to {part}Off", 0) > 0
        whole = range(first + begins, last)
        return whole if len(whole) else range(first, last + ends)
