"""Texts of a workbook, shared between cells or inside one, with what is struck out and what is raised."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import IO

from kaohe.intake.sheets.cells import Cell, Disguised, is_blank, is_figure
from kaohe.intake.sheets.colours import WHITE, colour, is_same
from kaohe.intake.sheets.grid import cell_of_text
from kaohe.intake.sheets.stream import Attributes, Room, XmlReader, is_true
from kaohe.intake.sheets.styles import is_tiny

MOST_LETTERS_IN_CELL = 32_767
STRUCK = "有划去（删除线）的内容"

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SIGNS = "0123456789+-()"
_MOVED = {
    "superscript": str.maketrans(_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾"),
    "subscript": str.maketrans(_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₍₎"),
}

Run = tuple[str, "Look"]
"""A piece of text and how it is drawn."""


@dataclass(frozen=True)
class Look:
    """`moved`: raised or lowered; `unseen`: white, or a dot in size."""

    struck: bool = False
    moved: str = ""
    unseen: bool = False


PLAIN = Look()


class TextReader(XmlReader):
    """Hears the runs of text in elements of one name, however they are formatted; pronunciations are no text."""

    def __init__(self, room: Room, root: str, holder: str) -> None:
        super().__init__(room, root)
        self.runs: list[Run] = []
        self._run = PLAIN
        self.on_text(holder, "t", lambda text: self.runs.append((text, PLAIN)))
        self.on("r", "rPr", self._plain_run)
        self.on("rPr", "strike", self._strike)
        self.on("rPr", "vertAlign", self._move)
        self.on("rPr", "sz", self._size)
        self.on("rPr", "color", self._colour)
        self.on(holder, "r", self._plain_run)
        self.on_text("r", "t", lambda text: self.runs.append((text, self._run)))

    def take_text(self) -> Cell:
        """The text heard since the last one was taken."""
        runs, self.runs = self.runs, []
        return cell_of_runs(runs)

    def _plain_run(self, _: Attributes) -> None:
        self._run = PLAIN

    def _strike(self, about: Attributes) -> None:
        self._run = replace(self._run, struck=is_true(about.get("val", "1")))

    def _move(self, about: Attributes) -> None:
        where = about.get("val", "")
        self._run = replace(self._run, moved=where if where in _MOVED else "")

    def _size(self, about: Attributes) -> None:
        self._run = replace(self._run, unseen=self._run.unseen or is_tiny(about.get("val", "11")))

    def _colour(self, about: Attributes) -> None:
        self._run = replace(self._run, unseen=self._run.unseen or is_same(colour(about), WHITE))


class SharedTexts(TextReader):
    """Reads the texts to which cells point by their number."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, "sst", "si")
        self.texts: list[Cell] = []
        self.on("sst", "si", end=lambda: self.texts.append(self.take_text()))

    def read(self, source: IO[bytes]) -> list[Cell]:
        self.feed(source)
        return self.texts


def cell_of_runs(runs: list[Run]) -> Cell:
    """One text of its runs; struck ones do not count, a raised `2` is `²`, and of a figure every digit must be seen."""
    runs = [(_unescaped(text), look) for text, look in runs]
    written = "".join(text for text, _ in runs)
    if any(look.struck and not is_blank(text) for text, look in runs):
        seen = "".join(text for text, look in runs if not look.struck).strip()
        return struck_out(written, "" if is_blank(seen) else seen)
    if any(look.unseen and not is_blank(text) for text, look in runs):
        seen = "".join(text for text, look in runs if not look.unseen).strip()
        if not is_blank(seen) and (is_figure(seen) or is_figure(written)):  # all of it may stand on a dark ground
            problem = f"有看不见的字（白色或极小），看到的是“{_short(seen)}”，连同看不见的是“{_short(written)}”"
            return Disguised(written, seen, problem)
    if any(look.moved for _, look in runs) and not all(look.moved or is_blank(text) for text, look in runs):
        written = "".join(text.translate(_MOVED[look.moved]) if look.moved else text for text, look in runs)
    return cell_of_text(written)


def struck_out(written: str, seen: str) -> Disguised:
    problem = f"{STRUCK}，去掉后是“{_short(seen)}”，连同划去的是“{_short(written)}”" if seen else "整格画了删除线"
    return Disguised(written, seen, problem)


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:50]}…"


def _unescaped(text: str) -> str:
    """Without `_x000D_` and the like, in which Excel writes what XML cannot; `_x005F_` is a mere `_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
