"""The parts of a workbook read as they come in: nothing is kept but what a reader asks for, whatever the part holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import IO
from xml.parsers import expat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

OFFICE_2010 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
WORDS_2006 = "http://schemas.microsoft.com/office/excel/2006/main"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"

STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
"""Excel's “Strict Open XML” has names of its own for the same things."""

_STRICT = {
    "http://purl.oclc.org/ooxml/spreadsheetml/main": MAIN,
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing": DRAWING,
    "http://purl.oclc.org/ooxml/drawingml/main": DRAWN,
}

MOST_SLOTS = 5_000_000
"""Cells of the rectangles that a workbook's rows span, blank ones included."""

MOST_LETTERS = 10_000_000
"""Letters in cells; a text to which many cells point counts for each: a college's year has some hundred thousand."""

MOST_FORMULAS = 1_000_000
"""Letters of formulas that are done again; those of further ones are taken as they were saved, and told."""

MOST_NAMES = 20_000
MOST_DEPTH = 100
LONGEST_TAG = 2**20

_CHUNK = 2**16
_SEPARATOR = " "
_UNKNOWN = "?"

Attributes = dict[str, str]
Start = Callable[[Attributes], None]
End = Callable[[], None]


class TooLargeError(ValueError):
    """More than any workbook of a year's figures holds."""


@dataclass
class Room:
    """What a workbook may still take up."""

    slots: int
    letters: int
    formulas: int

    @classmethod
    def of_workbook(cls) -> Room:
        return cls(MOST_SLOTS, MOST_LETTERS, MOST_FORMULAS)

    def take(self, slots: int = 0, letters: int = 0) -> None:
        self.slots -= slots
        self.letters -= letters
        if self.slots < 0 or self.letters < 0:
            raise TooLargeError


def main(name: str) -> str:
    """The name of an element in the namespace of worksheets."""
    return f"{MAIN}{_SEPARATOR}{name}"


class XmlReader:
    """Calls what is registered for an element by its own and its parent's name; `root` must be the outermost.

    Names are those of the worksheets' namespace unless they are given with another. What lies in an element that
    nobody registered is passed over, whatever its name.
    """

    def __init__(self, room: Room, root: str) -> None:
        self.room = room
        self._root = root if _SEPARATOR in root else main(root)
        self._path = [""]
        self._known = {("", self._root)}
        self._starts: dict[tuple[str, str], Start] = {}
        self._ends: dict[tuple[str, str], End] = {}
        self._text: list[str] | None = None

    def on(self, parent: str, name: str, start: Start | None = None, end: End | None = None) -> None:
        around, inside = (each if _SEPARATOR in each else main(each) for each in (parent, name))
        self._known.add((around, inside))
        if start:
            self._starts[around, inside] = start
        if end:
            self._ends[around, inside] = end

    def on_text(self, parent: str, name: str, take: Callable[[str], None]) -> None:
        """`take` gets the text of the element."""
        self.on(parent, name, lambda _: self.listen(), lambda: take(self.heard()))

    def feed(self, source: IO[bytes]) -> None:
        """Read the part to its end; ExpatError where it is no XML, TooLargeError where it holds too much."""
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._doctype
        fed = 0
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk)
            fed += len(chunk)
            # The parser keeps every name for good, and a tag until it is whole.
            if len(parser.intern) > MOST_NAMES or fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG:
                raise TooLargeError
        parser.Parse(b"", True)

    def _start(self, name: str, attributes: Attributes) -> None:
        path = self._path
        name = _usual(name)
        at = (path[-1], name)
        if at in self._known:
            path.append(name)
            if at in self._starts:
                self._starts[at](attributes)
        elif len(path) == 1:
            raise ValueError(f"not a {self._root}")
        elif len(path) > MOST_DEPTH:
            raise TooLargeError
        else:
            path.append(_UNKNOWN)

    def _end(self, name: str) -> None:
        path = self._path
        if path.pop() is _UNKNOWN:
            return
        at = (path[-1], _usual(name))
        if at in self._ends:
            self._ends[at]()

    def _data(self, data: str) -> None:
        if self._text is not None:
            self.room.take(letters=len(data))
            self._text.append(data)

    def _doctype(self, *_: object) -> None:
        raise ValueError("a document type, which no workbook has")

    def listen(self) -> None:
        """Keep the text that follows."""
        self._text = []

    def heard(self) -> str:
        """The text that was kept since."""
        text, self._text = "".join(self._text or ()), None
        return text


@lru_cache(maxsize=4096)
def _usual(name: str) -> str:
    """The name of an element as every other workbook writes it."""
    space, _, local = name.rpartition(_SEPARATOR)
    return f"{_STRICT[space]}{_SEPARATOR}{local}" if space in _STRICT else name


def is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
