"""Functions that look through areas: lookups, conditions, ranks. Each gets its arguments unread."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from inspect import signature
from itertools import pairwise

from kaohe.intake.sheets.formulas.arithmetic import (
    COMPARE,
    OF_MANY,
    NoResultError,
    NotFoundError,
    Value,
    number_of,
    number_written,
)
from kaohe.intake.sheets.formulas.asked import Asked
from kaohe.intake.sheets.formulas.blocks import Block, Spot
from kaohe.intake.sheets.formulas.formula import Node, NotUnderstoodError, Reference
from kaohe.intake.sheets.formulas.functions import whole

_CRITERION = re.compile(r"(<=|>=|<>|<|>|=|)(.*)", re.DOTALL)
_OTHERWISE_A_VALUE = re.compile(r"[-+¥￥$(]*[0-9.]+ *[-/:%,年.e]|true$|false$")
"""Dates, percentages and the like."""
_WILD = re.compile(r"~[*?~]|[*?]")


def _sought(of: Asked, node: Node, line: Block) -> int:
    """Where exactly that value stands."""
    value = of.scalar(node)
    if value is None or (isinstance(value, str) and _WILD.search(value)):
        raise NotUnderstoodError
    for place, each, _ in line.values():
        if isinstance(each, Fraction) and isinstance(value, Fraction) and not of.is_exact(node):
            of.must_differ(each, value)
        if type(each) is type(value) and _folded(each) == _folded(value):
            return sum(place)
    if isinstance(value, Fraction):
        for _, each, _ in line.values():
            of.overlook(each)
    elif any(isinstance(each, Fraction) for _, each, _ in line.values()):
        of.overlook(value)
    raise NotFoundError


def _folded(value: Value) -> Value:
    return value.casefold() if isinstance(value, str) else value


def _reached(of: Asked, node: Node, line: Block) -> int:
    """The last of rising numbers that is not more."""
    value = of.scalar(node)
    steps = [(sum(place), each) for place, each, _ in line.values()]
    numbers = [each for _, each in steps if isinstance(each, Fraction)]
    if not isinstance(value, Fraction) or len(numbers) != len(steps):
        raise NotUnderstoodError
    if any(one >= other for one, other in pairwise(numbers)):
        raise NotUnderstoodError
    if not of.is_exact(node):
        for each in numbers:
            of.must_differ(each, value)
    reached = [place for (place, _), each in zip(steps, numbers, strict=True) if each <= value]
    if not reached:
        raise NotFoundError
    return reached[-1]


def _looked_up(across: bool) -> Callable[..., Value]:
    def look_up(of: Asked, value: Node, table: Node, number: Node, nearly: Node | None = None) -> Value:
        block = of.block(table)
        place = whole(of.scalar(number), 1) - 1
        if place >= (block.rows if across else block.columns):
            raise NoResultError
        near = nearly is None or number_of(of.scalar(nearly)) != 0
        found = (_reached if near else _sought)(of, value, block.line(0, across))
        return block.at(*((place, found) if across else (found, place)))

    return look_up


def _matched(of: Asked, value: Node, area: Node, how: Node | None = None) -> Value:
    line = of.block(area).as_line()
    kind = 1 if how is None else number_of(of.scalar(how))
    if kind not in (0, 1):
        raise NotUnderstoodError
    return Fraction((_reached if kind else _sought)(of, value, line) + 1)


def _indexed(of: Asked, area: Node, row: Node, column: Node | None = None) -> Value:
    block = of.block(area)
    first = whole(of.scalar(row))
    second = None if column is None else whole(of.scalar(column))
    if second is None:
        first, second = (1, first) if block.rows == 1 else (first, 1)
        if 1 not in block.shape:
            raise NotUnderstoodError
    first = 1 if first == 0 and block.rows == 1 else first
    second = 1 if second == 0 and block.columns == 1 else second
    if not first or not second:
        raise NotUnderstoodError
    if first > block.rows or second > block.columns:
        raise NoResultError
    return block.at(first - 1, second - 1)


def _looked(of: Asked, value: Node, area: Node, results: Node | None = None) -> Value:
    line = of.block(area).as_line()
    found = _reached(of, value, line)
    return (of.block(results).as_line() if results is not None else line).along(found)


def _looked_for(of: Asked, value: Node, area: Node, results: Node, otherwise: Node | None = None) -> Value:
    try:
        found = _sought(of, value, of.block(area).as_line())
    except NotFoundError:
        if otherwise is None:
            raise
        return of.scalar(otherwise)
    return of.block(results).as_line().along(found)


def _chosen(of: Asked, number: Node, *choices: Node) -> Value:
    place = whole(of.scalar(number), 1)
    if place > len(choices):
        raise NoResultError
    return of.scalar(choices[place - 1])


Test = Callable[[Value], bool]


def _criterion(of: Asked, node: Node) -> Test:
    """A condition as `COUNTIF` takes it: a value, or a text with a sign before it."""
    value = of.scalar(node)
    if isinstance(value, bool) or (isinstance(value, Fraction) and not of.is_exact(node)):
        raise NotUnderstoodError
    if not isinstance(value, str):
        return _against(of, "=", Fraction(value or 0))
    found = _CRITERION.fullmatch(value)
    assert found
    sign, rest = found[1] or "=", found[2]
    number = number_written(rest)
    if number is not None:
        return _against(of, sign, number)
    if sign not in ("=", "<>") or (sign == "=" and not rest) or _OTHERWISE_A_VALUE.match(rest.casefold()):
        raise NotUnderstoodError
    if not rest:
        return lambda each: each is not None
    pattern = re.compile(_wild(rest.casefold()), re.DOTALL)
    return lambda each: (isinstance(each, str) and pattern.fullmatch(each.casefold()) is not None) is (sign == "=")


def _wild(text: str) -> str:
    if text.count("*") > 2:  # many of them take for ever
        raise NotUnderstoodError
    found, at = "", 0
    for each in _WILD.finditer(text):
        wild = {"*": ".*", "?": "."}.get(each[0]) or re.escape(each[0][1])
        found, at = found + re.escape(text[at : each.start()]) + wild, each.end()
    return found + re.escape(text[at:])


def _against(of: Asked, sign: str, bound: Fraction) -> Test:
    def holds(value: Value) -> bool:
        if isinstance(value, str) and number_written(value) is not None:
            raise NotUnderstoodError  # programs differ in whether a text is the number that it writes
        if not isinstance(value, Fraction):
            return sign == "<>"
        if not of.is_exact():
            of.must_differ(value, bound)
        return COMPARE[sign](value, bound)

    return holds


def _where(of: Asked, pairs: tuple[Node, ...]) -> tuple[Block, set[Spot], bool]:
    """The first area, its filled places for which all conditions hold, and whether they hold for blanks."""
    tests = [_criterion(of, each) for each in pairs[1::2]]
    blocks = [of.block(each) for each in pairs[::2]]
    if len({each.shape for each in blocks}) > 1:
        raise NoResultError
    of_blanks = [holds(None) for holds in tests]
    if all(of_blanks) and len(blocks) > 1:  # whatever is blank in several areas is not followed up
        raise NotUnderstoodError
    found: set[Spot] | None = None
    for block, holds, _ in sorted(zip(blocks, tests, of_blanks, strict=True), key=lambda each: each[2]):
        values = list(block.values())
        if holds(None) and any(failed for _, _, failed in values):
            raise NotUnderstoodError
        places = {place for place, value, failed in values if not failed and holds(value)}
        if found is not None and holds(None):
            places |= found - {place for place, _, _ in values}
        found = places if found is None else found & places
    return blocks[0], found or set(), all(of_blanks)


def _counted(of: Asked, *pairs: Node) -> Value:
    if not pairs or len(pairs) % 2:
        raise NotUnderstoodError
    block, places, of_blanks = _where(of, pairs)
    return Fraction(len(places) + (block.size - len(block.filled) if of_blanks else 0))


def _over(what: str, first: bool) -> Callable[..., Value]:
    """`SUMIF` and its kin: the area whose numbers count stands first where there are many conditions, else last."""

    def calculate(of: Asked, one: Node, other: Node, *more: Node) -> Value:
        arguments = one, other, *more
        pairs = arguments[1:] if first else arguments[:2]
        area = arguments[0] if first or len(arguments) == 2 else arguments[2]
        if len(pairs) < 2 or len(pairs) % 2 or (not first and len(arguments) > 3):
            raise NotUnderstoodError
        block, places, of_blanks = _where(of, pairs)
        counted = of.block(area)
        if counted.shape != block.shape:
            raise NotUnderstoodError
        known = set(block.filled)
        chosen = [each for each in counted.filled if each in places or (of_blanks and each not in known)]
        values = [counted.at(*each) for each in chosen]
        numbers = [value for value in values if isinstance(value, Fraction)]
        for value in values:
            of.overlook(value)
        if what in OF_MANY and (numbers or what != "AVERAGE"):
            return OF_MANY[what](numbers)
        raise NoResultError

    return calculate


def _ranked(of: Asked, node: Node, area: Node, rising: Node | None = None) -> Value:
    value, numbers = of.number(node), of.numbers(area)
    if not of.is_exact(node) and sum(abs(each - value) <= of.slack for each in numbers) > 1:
        raise NotUnderstoodError
    if value not in numbers:
        raise NotFoundError
    up = rising is not None and number_of(of.scalar(rising)) != 0
    return Fraction(1 + sum(each < value if up else each > value for each in numbers))


def _nth(largest: bool) -> Callable[..., Value]:
    def pick(of: Asked, area: Node, number: Node) -> Value:
        numbers = sorted(of.numbers(area), reverse=largest)
        place = whole(of.scalar(number))
        if not 1 <= place <= len(numbers):
            raise NoResultError
        return numbers[place - 1]

    return pick


def _trimmed(of: Asked, area: Node, share: Node) -> Value:
    """The mean without as many of the highest as of the lowest."""
    numbers, part = sorted(of.numbers(area)), of.number(share)
    if not 0 <= part < 1 or not numbers:
        raise NoResultError
    off = int(len(numbers) * part / 2)
    kept = numbers[off : len(numbers) - off]
    return sum(kept, Fraction(0)) / len(kept)


def _filled(of: Asked, *areas: Node) -> Value:
    """Errors are something, too."""
    blocks = [of.block(each) for each in areas]
    return Fraction(sum(failed or value is not None for block in blocks for _, value, failed in block.values()))


def _blank(of: Asked, area: Node) -> Value:
    block = of.block(area)
    return Fraction(block.size - sum(failed or value not in (None, "") for _, value, failed in block.values()))


def _products(of: Asked, *arguments: Node) -> Value:
    columns = of.by_pieces(*arguments)
    if any(isinstance(each, bool) for column in columns for each in column):
        raise NotUnderstoodError  # nought to one program, one to another
    total = Fraction(0)
    for values in zip(*columns, strict=True):
        product = Fraction(1)
        for each in values:
            of.overlook(each)
            product *= each if isinstance(each, Fraction) else 0
        total += product
    return total


_SUBTOTALS = {1: "AVERAGE", 2: "COUNT", 4: "MAX", 5: "MIN", 6: "PRODUCT", 9: "SUM"}


def _subtotal(of: Asked, number: Node, *areas: Node) -> Value:
    """Only where no row is hidden and no other subtotal is among the cells: those do not count."""
    kind = number_of(of.scalar(number))
    name = _SUBTOTALS.get(int(kind % 100) if kind in range(1, 12) or kind in range(101, 112) else 0)
    if name is None or not areas or any(of.is_filtered(each) for each in areas):
        raise NotUnderstoodError
    return OF_MANY[name](of.numbers(*areas))


def _row_or_column(column: bool) -> Callable[..., Value]:
    def number(of: Asked, node: Node | None = None) -> Value:
        row, at = of.written.row, of.written.column
        if node is not None:
            found = of.meant(node)
            if not isinstance(found, Reference):
                raise NotUnderstoodError
            row, bottom, at, right = found.area(of.written.down, of.written.right)
            if (row, at) != (bottom, right):
                raise NotUnderstoodError
        if not row:
            raise NotUnderstoodError
        return Fraction(at if column else row)

    return number


def _size(column: bool) -> Callable[..., Value]:
    return lambda of, area: Fraction(of.block(area).shape[column])


OF_AREAS: dict[str, Callable[..., Value]] = {
    "VLOOKUP": _looked_up(across=False),
    "HLOOKUP": _looked_up(across=True),
    "LOOKUP": _looked,
    "XLOOKUP": _looked_for,
    "MATCH": _matched,
    "INDEX": _indexed,
    "CHOOSE": _chosen,
    "COUNTIF": lambda of, area, condition: _counted(of, area, condition),
    "COUNTIFS": _counted,
    "SUMIF": _over("SUM", first=False),
    "SUMIFS": _over("SUM", first=True),
    "AVERAGEIF": _over("AVERAGE", first=False),
    "AVERAGEIFS": _over("AVERAGE", first=True),
    "MAXIFS": _over("MAX", first=True),
    "MINIFS": _over("MIN", first=True),
    "RANK": _ranked,
    "RANK.EQ": _ranked,
    "LARGE": _nth(largest=True),
    "SMALL": _nth(largest=False),
    "TRIMMEAN": _trimmed,
    "COUNTA": _filled,
    "COUNTBLANK": _blank,
    "SUMPRODUCT": _products,
    "SUBTOTAL": _subtotal,
    "ROW": _row_or_column(column=False),
    "COLUMN": _row_or_column(column=True),
    "ROWS": _size(column=False),
    "COLUMNS": _size(column=True),
}


@lru_cache
def takes(name: str, count: int) -> bool:
    """Whether so many arguments can be given to it."""
    try:
        signature(OF_AREAS[name]).bind(None, *range(count))
    except TypeError:
        return False
    return True


OF_WHOLES = {"AND", "OR", "COUNTA", "COUNTBLANK", "SUMPRODUCT", "SUBTOTAL", "TRIMMEAN", "ROWS", "COLUMNS"}
"""What makes one of many, as sums do."""

SOUGHT = {"VLOOKUP", "HLOOKUP", "LOOKUP", "XLOOKUP", "MATCH", "RANK", "RANK.EQ"}
"""What is looked for stands first, and may be many."""

CONDITIONAL: dict[str, Callable[[tuple[Node, ...]], tuple[Node, ...]]] = {
    **dict.fromkeys(("COUNTIF", "SUMIF", "AVERAGEIF"), lambda arguments: arguments[1:2]),
    "COUNTIFS": lambda arguments: arguments[1::2],
    **dict.fromkeys(("LARGE", "SMALL"), lambda arguments: arguments[1:2]),
    **dict.fromkeys(("SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"), lambda arguments: arguments[2::2]),
}
"""Of these the conditions."""
