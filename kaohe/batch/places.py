"""Where what a text names has its row: units, items, readings and clauses, so that every mention leads there."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape

from kaohe.scoring.book import ScoreBook

SHORTEST = 2
"""Characters of a word that is looked for in a text; one alone stands for too much else."""
SHORTEST_NAME = 4
"""The same of an item's name, which is made of common words."""
METHOD = "method.html"
UNIT, CLAUSE = "单位", "条款"
_PIECE = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_OPENS = re.compile(r"<([a-z][a-z0-9]*)\b")
_ROW = re.compile(r'<tr\b[^>]*\bid="([^"]*)"')
_ANCHOR = re.compile(r'\bid="([^"]+)"')
_UNTOUCHED = frozenset(
    ("a", "script", "style", "svg", "h1", "h2", "h3", "thead", "summary", "button", "label", "select", "figcaption")
)
"""What a link may not stand in, or would be in the way of."""


@dataclass(frozen=True)
class Place:
    """What can be led to: `word` as it is written, `name` and `kind` for whoever searches, `href` below the year's
    folder. `own`: the unit of which a page says `local` alone."""

    word: str
    name: str
    kind: str
    href: str
    own: str = ""
    local: str = ""
    prose: bool = False
    """Whether it leads from running text alone: in a table its id stands beside it."""


@dataclass(frozen=True)
class Places:
    """All places of a year."""

    every: tuple[Place, ...] = ()

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(repr(self.every).encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        """Short, for the stamps of pages, and another where a place is."""
        return f"Places({self._digest})"


NOWHERE = Places()


def places_of(book: ScoreBook) -> Places:
    """Every unit, item, reading and clause of a year with the row it has."""
    return Places(tuple(_places(book)))


def _places(book: ScoreBook) -> Iterator[Place]:
    shared = Counter(unit.name for unit in book.units)
    same = Counter(info.name for info in book.indicators.values())
    for unit in book.units:
        href = f"units/{unit.unit_id}.html"
        yield Place(unit.unit_id, unit.name, UNIT, href)
        if shared[unit.name] == 1:
            yield Place(unit.name, "", "", href)
    for info in book.indicators.values():
        own = book.tree[info.id].unit or ""
        local = info.id.removeprefix(f"{own}.") if own else ""
        name = f"{info.name}（{book.unit(own).name}）" if own and book.has_unit(own) else info.name
        yield Place(info.id, name, "指标", f"{METHOD}#{info.id}", own, local)
        if len(info.name) >= SHORTEST_NAME and same[info.name] == 1:
            yield Place(info.name, "", "", f"{METHOD}#{info.id}", prose=True)
        if own and book.has_unit(own):
            yield Place(f"{book.unit(own).name} {local}", "", "", f"units/{own}.html#{info.id}")
    for policy in book.policies:
        yield Place(policy.id, policy.question, "读法", f"{METHOD}#{policy.id}")
    clauses: dict[str, str] = {}
    for id, clause in _clauses(book):
        for each in clause.split("；"):
            clauses.setdefault(each, f"{METHOD}#{id}")
    yield from (Place(clause, clause, CLAUSE, href) for clause, href in clauses.items() if clause)


def _clauses(book: ScoreBook) -> Iterator[tuple[str, str]]:
    """(whose row, clause): a heading's leads to the first of its items."""
    first = {info.section: info.id for info in reversed(list(book.indicators.values()))}
    yield from ((each.id, each.clause) for each in book.indicators.values())
    yield from ((each.id, each.clause) for each in book.policies)
    yield from ((first[each.id], each.clause) for each in book.sections if each.id in first)


def led(body: str, places: Places, up: str, here: str, *, inside: bool = False) -> str:
    """The body with each word that has a place leading there.

    `up` goes from the page to the year's folder, `here` is the page below it. What has a row on the page itself leads
    to that; `inside`: nothing else does, for a page that is mailed. No row leads to itself.
    """
    ways = _Ways(_found(places, here), frozenset(_ANCHOR.findall(body)), up, here, inside)
    parts, at, row, table = [], 0, "", False
    shut, depth = "", 0  # what is open that no link may stand in, and how often inside itself
    for piece in _PIECE.finditer(body):
        words, tag = body[at : piece.start()], piece[0]
        parts += [words if shut else ways.led(words, row, table=table), tag]
        at = piece.end()
        if opened := _OPENS.match(tag):
            if not shut and opened[1] in _UNTOUCHED:
                shut, depth = opened[1], 1
            elif opened[1] == shut:
                depth += 1
            table = table or opened[1] == "table"
            if opened[1] == "tr":
                row = named[1] if (named := _ROW.match(tag)) else ""
        elif shut and tag == f"</{shut}>":
            depth -= 1
            shut = shut if depth else ""
        elif tag == "</tr>":
            row = ""
        elif tag == "</table>":
            table = False
    parts.append(body[at:])
    return "".join(parts)


def _found(places: Places, here: str) -> dict[str, Place]:
    """By the words as HTML has them; on a unit's own page its items by their short ids, too."""
    found: dict[str, Place] = {}
    for place in places.every:
        if len(place.word) >= SHORTEST:
            found.setdefault(escape(place.word), place)
        if place.local and here == f"units/{place.own}.html":
            found.setdefault(escape(place.local), place)
    return found


@dataclass(frozen=True)
class _Ways:
    """What leads where on one page: `found` by words as HTML has them, `rows` that are on the page itself."""

    found: Mapping[str, Place]
    rows: frozenset[str]
    up: str
    here: str
    inside: bool

    @cached_property
    def _starts(self) -> dict[str, list[str]]:
        """The words by their first two characters, the longest first."""
        starts: dict[str, list[str]] = {}
        for word in sorted(self.found, key=len, reverse=True):
            starts.setdefault(word[:2], []).append(word)
        return starts

    def led(self, words: str, row: str, *, table: bool) -> str:
        """Text between two tags, in the `row` of that id, or in none; whether in a `table`."""
        parts, at, done = [], 0, 0
        while at < len(words) - 1:
            word = next((each for each in self._starts.get(words[at : at + 2], ()) if _stands(words, at, each)), None)
            if word is None:
                at += 1
                continue
            place = self.found[word]
            href = "" if table and place.prose else self._href(place, row)
            if href:
                parts += [words[done:at], f'<a href="{escape(href)}">{word}</a>']
                done = at + len(word)
            at += len(word)
        return "".join([*parts, words[done:]])

    def _href(self, place: Place, row: str) -> str:
        """Empty where the word already stands where it would lead."""
        page, _, anchor = place.href.partition("#")
        if anchor in self.rows and anchor != row:
            return f"#{anchor}"
        if self.inside or page == self.here or (anchor and anchor == row and place.kind in ("", CLAUSE)):
            return ""
        return self.up + place.href


def _stands(words: str, at: int, word: str) -> bool:
    """Whether the word stands there whole: `B1` is not in `B10`, `C01` not in `AC01`."""
    if not words.startswith(word, at):
        return False
    before, after = words[at - 1 : at], words[at + len(word) : at + len(word) + 1]
    return not (_joins(word[0], before) or _joins(word[-1], after))


def _joins(edge: str, beside: str) -> bool:
    """Whether both are of one word, of one clause or of a file's name."""
    if not beside:
        return False
    if beside in "·./\\_":
        return True
    return edge.isascii() and edge.isalnum() and beside.isascii() and beside.isalnum()
