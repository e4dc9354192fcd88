"""Texts of a workbook, shared between cells or inside one, with what is struck out and what is raised."""

from __future__ import annotations

import re
from typing import IO

from kaohe.intake.sheets.cells import Cell, Disguised, is_blank
from kaohe.intake.sheets.grid import cell_of_text
from kaohe.intake.sheets.stream import Attributes, Room, XmlReader, is_true

MOST_LETTERS_IN_CELL = 32_767
STRUCK = "有划去（删除线）的内容"

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SIGNS = "0123456789+-()"
_MOVED = {
    "superscript": str.maketrans(_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾"),
    "subscript": str.maketrans(_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₍₎"),
}

Run = tuple[str, bool, str]
"""A piece of text, whether it is struck out, and whether it is raised or lowered."""


class TextReader(XmlReader):
    """Hears the runs of text in elements of one name, however they are formatted; pronunciations are no text."""

    def __init__(self, room: Room, root: str, holder: str) -> None:
        super().__init__(room, root)
        self.runs: list[Run] = []
        self._run: tuple[bool, str] = (False, "")
        self.on_text(holder, "t", lambda text: self.runs.append((text, False, "")))
        self.on("r", "rPr", self._plain_run)
        self.on("rPr", "strike", self._strike)
        self.on("rPr", "vertAlign", self._move)
        self.on(holder, "r", self._plain_run)
        self.on_text("r", "t", lambda text: self.runs.append((text, *self._run)))

    def take_text(self) -> Cell:
        """The text heard since the last one was taken."""
        runs, self.runs = self.runs, []
        return cell_of_runs(runs)

    def _plain_run(self, _: Attributes) -> None:
        self._run = (False, "")

    def _strike(self, about: Attributes) -> None:
        self._run = (is_true(about.get("val", "1")), self._run[1])

    def _move(self, about: Attributes) -> None:
        where = about.get("val", "")
        self._run = (self._run[0], where if where in _MOVED else "")


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
    """One text of its runs; struck ones do not count, and a raised `2` is `²`."""
    runs = [(_unescaped(text), struck, moved) for text, struck, moved in runs]
    written = "".join(text for text, _, _ in runs)
    if any(struck and not is_blank(text) for text, struck, _ in runs):
        seen = "".join(text for text, struck, _ in runs if not struck).strip()
        return struck_out(written, "" if is_blank(seen) else seen)
    if any(moved for _, _, moved in runs) and not all(moved or is_blank(text) for text, _, moved in runs):
        written = "".join(text.translate(_MOVED[moved]) if moved else text for text, _, moved in runs)
    return cell_of_text(written)


def struck_out(written: str, seen: str) -> Disguised:
    problem = f"{STRUCK}，去掉后是“{_short(seen)}”，连同划去的是“{_short(written)}”" if seen else "整格画了删除线"
    return Disguised(written, seen, problem)


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:50]}…"


def _unescaped(text: str) -> str:
    """Without `_x000D_` and the like, in which Excel writes what XML cannot; `_x005F_` is a mere `_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
