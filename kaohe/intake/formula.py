"""A worksheet's formula as a tree: the arithmetic that can be done again from the file alone, and what it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from openpyxl.utils import column_index_from_string

MOST_ROWS, MOST_COLUMNS = 2**20, 2**14
LONGEST = 8192
"""Characters of a formula; Excel takes no more."""
DEEPEST = 60

VOLATILE = re.compile(r"\b(RAND|RANDBETWEEN|RANDARRAY|TODAY|NOW)\s*\(", re.IGNORECASE)
PICTURE = re.compile(r"\b(DISPIMG|IMAGE)\s*\(", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')

_SHEET = r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^\W\d][\w.]*))!"
_CELL, _COLUMN, _ROW = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}", r"\$?[A-Za-z]{1,3}", r"\$?[0-9]{1,7}"
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<text>{_QUOTED.pattern})"
    rf"|(?P<ref>(?:{_SHEET})?(?:{_CELL}(?::{_CELL})?|{_COLUMN}:{_COLUMN}|{_ROW}:{_ROW}))(?![\w(.!:])"
    r"|(?:_xlfn\.)?(?P<function>[A-Za-z][A-Za-z0-9.]*)\s*\(|(?P<truth>TRUE|FALSE)\b"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)(?![\w.])|(?P<sign><=|>=|<>|[-+*/^&=<>%(),])",
    re.IGNORECASE,
)
_END = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")
_LEVELS = (("=", "<>", "<", "<=", ">", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
"""Signs between two operands, loosest first."""


class NotUnderstoodError(ValueError):
    """More than is done again here."""


@dataclass(frozen=True)
class Reference:
    """A cell or an area; an end is column and row from 1, each with whether it stays where a formula is moved."""

    sheet: str
    first: tuple[int, bool, int, bool]
    last: tuple[int, bool, int, bool]

    def area(self, down: int, right: int) -> tuple[int, int, int, int]:
        """First and last row, first and last column, for a formula that stands so far from where it is written."""
        left, top = self._end(self.first, down, right)
        other, bottom = self._end(self.last, down, right)
        return min(top, bottom), max(top, bottom), min(left, other), max(left, other)

    @staticmethod
    def _end(end: tuple[int, bool, int, bool], down: int, right: int) -> tuple[int, int]:
        column, column_stays, row, row_stays = end
        return column if column_stays else column + right, row if row_stays else row + down


@dataclass(frozen=True)
class Number:
    value: Fraction


@dataclass(frozen=True)
class Text:
    value: str


@dataclass(frozen=True)
class Truth:
    value: bool


@dataclass(frozen=True)
class Nothing:
    """An argument left out."""


@dataclass(frozen=True)
class Negative:
    of: Node


@dataclass(frozen=True)
class Hundredth:
    of: Node


@dataclass(frozen=True)
class Between:
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[Node, ...]


Node = Number | Text | Truth | Nothing | Reference | Negative | Hundredth | Between | Call


@dataclass(frozen=True)
class Formula:
    """`tree` is None where the formula holds more than arithmetic; `references` are then those that were made out."""

    tree: Node | None
    references: tuple[Reference, ...]
    is_volatile: bool = False


_Token = tuple[str, str]


def unparsed(written: str) -> Formula:
    """Only whether the result changes by itself."""
    return Formula(None, (), VOLATILE.search(_QUOTED.sub('""', written)) is not None)


@lru_cache(maxsize=4096)  # a formula that is shared stands in every row of a column
def parsed(written: str) -> Formula:
    """What a formula says, without its `=`."""
    if len(written) > LONGEST:
        return unparsed(written)
    found: list[_Token] = []
    references: list[Reference] = []
    try:
        for kind, text, reference in _tokens(written):
            found.append((kind, str(len(references)) if reference else text))
            references += [reference] if reference else []
        tree: Node | None = _Parser(found, references).whole()
    except NotUnderstoodError:
        tree = None
    return Formula(tree, tuple(references), unparsed(written).is_volatile)


def _tokens(written: str) -> Iterator[tuple[str, str, Reference | None]]:
    """All of it, what is not understood as such: the references behind it count all the same."""
    at = 0
    while at < len(written):
        found = _TOKEN.match(written, at)
        if not found:
            at += 1
            yield "unknown", "", None
            continue
        kind = str(found.lastgroup) if found.lastgroup not in ("quoted", "plain") else "ref"
        at = found.end()
        if kind == "ref":
            before = written[: found.start()]
            sheet = (found["quoted"] or "").replace("''", "'") or found["plain"] or ""
            if before.endswith(("]", "!", ":")) or "[" in sheet:
                yield "unknown", "", None
            else:
                yield kind, "", _reference(sheet, found["ref"].rpartition("!")[2])
        elif kind != "space":
            yield kind, found[kind], None


def _reference(sheet: str, ends: str) -> Reference:
    first, _, last = ends.partition(":")
    return Reference(sheet, _end(first, 1, 1), _end(last or first, MOST_COLUMNS, MOST_ROWS))


def _end(written: str, column: int, row: int) -> tuple[int, bool, int, bool]:
    """One end; whole columns and rows reach to the edge, which stays."""
    found = _END.fullmatch(written)
    assert found
    before, letters, middle, digits = found.groups()
    stays = bool(middle) or (not letters and bool(before))
    return (
        column_index_from_string(letters) if letters else column,
        bool(before) or not letters,
        int(digits) if digits else row,
        stays or not digits,
    )


class _Parser:
    def __init__(self, tokens: list[_Token], references: list[Reference]) -> None:
        self.tokens, self.references = tokens, references
        self.at = self.depth = 0

    def whole(self) -> Node:
        found = self._between(0)
        if self.at < len(self.tokens):
            raise NotUnderstoodError
        return found

    def _next(self, *signs: str) -> str:
        """The sign that comes next, taken, if it is one of these."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "sign" and self.tokens[self.at][1] in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def _between(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._single()
        found = self._between(level + 1)
        while sign := self._next(*_LEVELS[level]):
            found = Between(sign, found, self._between(level + 1))
        return found

    def _single(self) -> Node:
        """One operand; a sign before it binds closer than a power."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotUnderstoodError
        sign = self._next("+", "-")
        found = self._single() if sign else self._operand()
        if sign == "-":
            found = Negative(found)
        while self._next("%"):
            found = Hundredth(found)
        self.depth -= 1
        return found

    def _operand(self) -> Node:
        if self._next("("):
            found = self._between(0)
            self._must_close()
            return found
        if self.at == len(self.tokens):
            raise NotUnderstoodError
        kind, text = self.tokens[self.at]
        self.at += 1
        match kind:
            case "number":
                return Number(Fraction(text))
            case "text":
                return Text(text[1:-1].replace('""', '"'))
            case "truth":
                return Truth(text.upper() == "TRUE")
            case "ref":
                return self.references[int(text)]
            case "function":
                return Call(text.upper(), self._arguments())
        raise NotUnderstoodError

    def _arguments(self) -> tuple[Node, ...]:
        if self._next(")"):
            return ()
        found = [self._argument()]
        while self._next(","):
            found.append(self._argument())
        self._must_close()
        return tuple(found)

    def _argument(self) -> Node:
        if self.at < len(self.tokens) and self.tokens[self.at] in (("sign", ","), ("sign", ")")):
            return Nothing()
        return self._between(0)

    def _must_close(self) -> None:
        if not self._next(")"):
            raise NotUnderstoodError
