"""What floats above a sheet's cells: boxes with words, which may cover figures or say what they are, and pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from kaohe.intake.sheets.stream import DRAWING, DRAWN, Attributes, Room, TooLargeError, XmlReader

MOST_BOXES = 1_000
"""Each row of the sheet is held against all of them."""

_EITHER = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_ROW, _COLUMN = 190_500, 609_600
"""How large cells are, about, where only the size of what lies over them is written down."""

_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


@dataclass(frozen=True)
class Box:
    """What it says (a picture nothing that can be read), and the rows (from 1) and columns (from 0) that it covers."""

    text: str
    rows: range
    columns: range
    is_picture: bool = False


class BoxReader(XmlReader):
    """Reads a drawing; charts say nothing here."""

    def __init__(self, room: Room) -> None:
        sheets, words = f"{DRAWING} ", f"{DRAWN} "
        super().__init__(room, f"{sheets}wsDr")
        self.found: list[Box] = []
        self._texts: list[str] = []
        self._places: dict[str, int] = {}
        self._is_picture = False
        either, choice = f"{_EITHER} AlternateContent", f"{_EITHER} Choice"
        holders = [f"{sheets}{each}" for each in _ANCHORS]
        for anchor in holders:
            self.on(f"{sheets}wsDr", anchor, self._open, self._close)
            for end in ("from", "to"):
                self.on(anchor, f"{sheets}{end}", self._goes_to(end))
            self.on(anchor, f"{sheets}ext", self._sized)
        for end in ("from", "to"):
            for part in ("row", "col", "rowOff", "colOff"):
                self.on_text(f"{sheets}{end}", f"{sheets}{part}", self._takes(part))
        group, shape = f"{sheets}grpSp", f"{sheets}sp"
        for holder in (*holders, choice, group):
            for inner in (shape, group, either):
                self.on(holder, inner)
            self.on(holder, f"{sheets}pic", self._show)
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
        self._texts, self._places, self._is_picture = [], {}, False

    def _show(self, _: Attributes) -> None:
        self._is_picture = True

    def _sized(self, about: Attributes) -> None:
        """Of what hangs at one corner only."""
        self._places["from cx"], self._places["from cy"] = int(about.get("cx", 0)), int(about.get("cy", 0))

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
        if said or self._is_picture:
            if len(self.found) >= MOST_BOXES:
                raise TooLargeError
            rows, columns = self._covered("row", "cy", _ROW), self._covered("col", "cx", _COLUMN)
            box = Box(said, range(rows.start + 1, rows.stop + 1), columns, self._is_picture and not said)
            self.found.append(box)

    def _covered(self, part: str, size: str, usual: int) -> range:
        """Those from edge to edge; where there are none, those of which it covers a piece."""
        first, last = self._places.get(f"from {part}", 0), self._places.get(f"to {part}", -1)
        if last < 0 and (length := self._places.get(f"from {size}", 0)):
            return range(first, first + max(length // usual, 1))
        begins, ends = self._places.get(f"from {part}Off", 0) > 0, self._places.get(f"to {part}Off", 0) > 0
        whole = range(first + begins, last)
        return whole if len(whole) else range(first, last + ends)
