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

VOLATILE = re.compile(r"\b(RAND|RANDBETWEEN|RANDARRAY|TODAY|NOW|INFO|CELL)\s*\(", re.IGNORECASE)
"""What is another each time, or on another computer. `OFFSET` and `INDIRECT` give the same from the same cells."""
PICTURE = re.compile(r"\b(DISPIMG|IMAGE)\s*\(", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')

_SHEET = r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^\W\d][\w.]*(?::[^\W\d][\w.]*)?))!"
_CELL, _COLUMN, _ROW = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}", r"\$?[A-Za-z]{1,3}", r"\$?[0-9]{1,7}"
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<text>{_QUOTED.pattern})"
    rf"|(?P<ref>(?:{_SHEET})?(?:{_CELL}(?::{_CELL})?|{_COLUMN}:{_COLUMN}|{_ROW}:{_ROW}))(?![\w(.!:])"
    r"|(?P<table>[^\W\d][\w.]{0,254})\[(?P<part>(?:[^\[\]']|'.|\[(?:[^\[\]']|'.){0,300}\]){0,300})\]"
    r"|(?:_xlfn\.)?(?P<function>[A-Za-z][A-Za-z0-9.]*)\s*\(|(?P<truth>TRUE|FALSE)\b"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)(?![\w.])"
    r"|(?P<name>[^\W\d][\w.\\?]{0,254})(?![\w.(!:\[])|(?P<sign><=|>=|<>|[-+*/^&=<>%(),{};])",
    re.IGNORECASE,
)
_END = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")
_LEVELS = (("=", "<>", "<", "<=", ">", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
"""Signs between two operands, loosest first."""


class NotUnderstoodError(ValueError):
    """More than is done again here."""


@dataclass(frozen=True)
class Reference:
    """A cell or an area; an end is column and row from 1, each with whether it stays where a formula is moved.

    `until`: the last of the sheets through which it reaches, where they are several.
    """

    sheet: str
    first: tuple[int, bool, int, bool]
    last: tuple[int, bool, int, bool]
    until: str = ""

    @property
    def stays(self) -> bool:
        """Whether it is the same wherever the formula stands."""
        return all((*self.first[1::2], *self.last[1::2]))

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
class Constant:
    """A number, a text or a truth, as it is written."""

    value: Fraction | str | bool


@dataclass(frozen=True)
class Name:
    """A name that the workbook defines."""

    name: str


@dataclass(frozen=True)
class Part:
    """Of a table the columns and rows that stand in brackets behind its name."""

    table: str
    part: str


@dataclass(frozen=True)
class Rows:
    """Constants in braces."""

    rows: tuple[tuple[Node, ...], ...]


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


Named = Name | Part
Node = Constant | Nothing | Reference | Named | Rows | Negative | Hundredth | Between | Call


@dataclass(frozen=True)
class Formula:
    """`tree` is None where the formula holds more than arithmetic; `references` are then those that were made out."""

    tree: Node | None
    references: tuple[Reference, ...]
    is_volatile: bool = False
    names: tuple[Named, ...] = ()


Token = tuple[str, str, Reference | Named | None]
"""Kind, text, and what it refers to."""


def unparsed(written: str) -> Formula:
    """Only whether the result changes by itself."""
    return Formula(None, (), VOLATILE.search(_QUOTED.sub('""', written)) is not None)


@lru_cache(maxsize=4096)  # a formula that is shared stands in every row of a column
def parsed(written: str) -> Formula:
    """What a formula says, without its `=`."""
    if len(written) > LONGEST:
        return unparsed(written)
    tokens = list(_tokens(written))
    objects = [each for _, _, each in tokens]
    references = tuple(each for each in objects if isinstance(each, Reference))
    names = tuple(each for each in objects if isinstance(each, Name | Part))
    try:
        tree: Node | None = _Parser(tokens).whole()
    except NotUnderstoodError:
        tree = None
    return Formula(tree, references, unparsed(written).is_volatile, names)


def _tokens(written: str) -> Iterator[Token]:
    """All of it, what is not understood as such: the references behind it count all the same."""
    at = 0
    while at < len(written):
        found = _TOKEN.match(written, at)
        if not found:
            at += 1
            yield "unknown", "", None
            continue
        before, at = written[: found.start()], found.end()
        text = found[0]
        if found["ref"]:
            sheet = (found["quoted"] or "").replace("''", "'") or found["plain"] or ""
            is_elsewhere = before.endswith(("]", "!", ":")) or "[" in sheet
            yield ("unknown", "", None) if is_elsewhere else ("node", text, _reference(sheet, found["ref"]))
        elif found["table"]:
            yield "node", text, Part(found["table"], found["part"])
        elif found["name"]:
            yield ("unknown", "", None) if before.endswith(("]", "!", ":")) else ("node", text, Name(found["name"]))
        elif not found["space"]:
            kind = str(found.lastgroup)
            yield kind, found[kind], None


def _reference(sheets: str, written: str) -> Reference:
    first, _, last = written.rpartition("!")[2].partition(":")
    sheet, _, until = sheets.partition(":")
    return Reference(sheet, _end(first, 1, 1), _end(last or first, MOST_COLUMNS, MOST_ROWS), until)


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
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
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
        if self._next("{"):
            return self._rows()
        kind, text, node = self.tokens[self.at]
        self.at += 1
        if node is not None:
            return node
        match kind:
            case "number":
                return Constant(Fraction(text))
            case "text":
                return Constant(text[1:-1].replace('""', '"'))
            case "truth":
                return Constant(text.upper() == "TRUE")
            case "function":
                return Call(text.upper(), self._arguments())
        raise NotUnderstoodError

    def _rows(self) -> Rows:
        """Constants: their rows are of one length."""
        rows = [[self._single()]]
        while sign := self._next(",", ";"):
            rows += [[]] if sign == ";" else []
            rows[-1].append(self._single())
        if not self._next("}") or len({len(row) for row in rows}) > 1:
            raise NotUnderstoodError
        return Rows(tuple(map(tuple, rows)))

    def _arguments(self) -> tuple[Node, ...]:
        if self._next(")"):
            return ()
        found = [self._argument()]
        while self._next(","):
            found.append(self._argument())
        self._must_close()
        return tuple(found)

    def _argument(self) -> Node:
        if self.at < len(self.tokens) and self.tokens[self.at][:2] in (("sign", ","), ("sign", ")")):
            return Nothing()
        return self._between(0)

    def _must_close(self) -> None:
        if not self._next(")"):
            raise NotUnderstoodError
