"""`OFFSET` and `INDIRECT`: references that are themselves calculated."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.intake.sheets.formulas.arithmetic import NoResultError
from kaohe.intake.sheets.formulas.asked import Asked
from kaohe.intake.sheets.formulas.formula import (
    MOST_COLUMNS,
    MOST_ROWS,
    Call,
    Node,
    Nothing,
    NotUnderstoodError,
    Reference,
    parsed,
)

MOVING = ("OFFSET", "INDIRECT")


def reached(of: Asked, call: Call) -> Node:
    """The cells that the call is about; NotUnderstoodError where that is not clear."""
    match call.name, call.arguments:
        case "INDIRECT", (text, *rest) if len(rest) < 2 and all(of.number(each) for each in rest):
            return _said(of, text)
        case "OFFSET", (start, down, right, *size) if len(size) < 3:
            return _offset(of, start, (down, right), size)
    raise NotUnderstoodError


def _said(of: Asked, text: Node) -> Node:
    """What a text names, as cells are named by letter and number."""
    said = of.scalar(text)
    found = of.meant(parsed(said).tree or Nothing()) if isinstance(said, str) else None
    if not isinstance(found, Reference) or found.until:
        raise NotUnderstoodError
    return _fixed(found.sheet, found.area(0, 0))


def _offset(of: Asked, start: Node, move: tuple[Node, Node], size: Sequence[Node]) -> Node:
    base = of.meant(start)
    if not isinstance(base, Reference) or base.until:
        raise NotUnderstoodError
    top, bottom, left, right = base.area(of.written.down, of.written.right)
    lengths = [bottom - top + 1, right - left + 1]
    for place, each in enumerate(size):
        if not isinstance(each, Nothing):
            lengths[place] = int(of.number(each))
    if min(lengths) < 1:  # upwards and to the left
        raise NotUnderstoodError
    top, left = top + int(of.number(move[0])), left + int(of.number(move[1]))
    return _fixed(base.sheet, (top, top + lengths[0] - 1, left, left + lengths[1] - 1))


def _fixed(sheet: str, area: tuple[int, int, int, int]) -> Reference:
    top, bottom, left, right = area
    if top < 1 or left < 1 or bottom > MOST_ROWS or right > MOST_COLUMNS:
        raise NoResultError
    return Reference(sheet, (left, True, top, True), (right, True, bottom, True))
