"""What was written beside a cell as a comment, by whichever Excel: it may say that the figure is not what was meant."""

from __future__ import annotations

import re
from typing import IO

from openpyxl.utils import column_index_from_string

from kaohe.intake.sheets.stream import THREADS, Attributes, Room, TooLargeError, XmlReader
from kaohe.intake.sheets.texts import TextReader

MOST_COMMENTS = 20_000

OWN = "填报说明"
"""Who signs what kaohe itself says on the headers of its forms; nobody wrote that beside a figure."""

_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_THREAD = f"{THREADS} "
_BOILERPLATE = re.compile(
    r"^\[(Threaded comment|线程批注|线程注释|串连的批注)\].*?\n\s*(Comment|注释|批注)[:：]\s*", re.DOTALL
)

Comments = dict[tuple[int, int], str]
"""By row, and column from 0."""


class CommentReader(TextReader):
    """Reads `comments`: those of every Excel, and of WPS."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, "comments", "text")
        self.found: Comments = {}
        self._ref = self._who = ""
        self._authors: list[str] = []
        self.on("comments", "authors")
        self.on_text("authors", "author", lambda name: self._authors.append(name))
        self.on("comments", "commentList")
        self.on("commentList", "comment", self._open, self._close)
        self.on("comment", "text")

    def read(self, source: IO[bytes]) -> Comments:
        self.feed(source)
        return self.found

    def _open(self, about: Attributes) -> None:
        self._ref = about.get("ref", "")
        author = int(about.get("authorId", -1))
        self._who = self._authors[author] if 0 <= author < len(self._authors) else ""
        self.runs.clear()

    def _close(self) -> None:
        said = _BOILERPLATE.sub("", "".join(text for text, _ in self.runs))
        self.runs.clear()
        # Excel begins each with its author's name, and one of which no more is left says nothing.
        if self._who != OWN and said.strip().rstrip(":：") != self._who:
            _keep(self.found, self._ref, said)


class ThreadReader(XmlReader):
    """Reads the conversations that newer Excel keeps beside them: the first words of each and the answers."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, f"{_THREAD}ThreadedComments")
        self.found: Comments = {}
        self._ref = ""
        self.on(f"{_THREAD}ThreadedComments", f"{_THREAD}threadedComment", self._open)
        self.on_text(f"{_THREAD}threadedComment", f"{_THREAD}text", lambda text: _keep(self.found, self._ref, text))

    def read(self, source: IO[bytes]) -> Comments:
        self.feed(source)
        return self.found

    def _open(self, about: Attributes) -> None:
        self._ref = about.get("ref", "")


def _keep(found: Comments, ref: str, text: str) -> None:
    place = _PLACE.fullmatch(ref)
    said = " ".join(text.split())
    if not place or not said:
        return
    if len(found) >= MOST_COMMENTS:
        raise TooLargeError
    key = int(place[2]), column_index_from_string(place[1]) - 1
    found[key] = f"{found[key]}；{said}" if key in found else said
