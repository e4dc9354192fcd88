"""How many rows and columns of results a formula gives that calculates with whole areas."""

from __future__ import annotations

from typing import TypeVar

from kaohe.intake.sheets.formulas.areas import CONDITIONAL, OF_WHOLES, SOUGHT
from kaohe.intake.sheets.formulas.arithmetic import OF_MANY
from kaohe.intake.sheets.formulas.asked import Asked
from kaohe.intake.sheets.formulas.formula import (
    Between,
    Call,
    Hundredth,
    Name,
    Negative,
    Node,
    NotUnderstoodError,
    Part,
    Reference,
    Rows,
)
from kaohe.intake.sheets.formulas.functions import OF_VALUES
from kaohe.intake.sheets.formulas.moving import MOVING

Shape = tuple[int, int]
_Each = TypeVar("_Each")

_PIECEWISE = {"IF", "IFERROR", "IFNA", "IFS", "NOT", "INT", "TRUNC", "ROUND", "ROUNDUP", "ROUNDDOWN", "POWER"}
_PIECEWISE |= OF_VALUES.keys()


def shape_of(of: Asked, node: Node) -> Shape:
    """Rows and columns of what it gives; whole columns end where the last sheet does."""
    match node:
        case Name() | Part():
            return shape_of(of, of.meant(node))
        case Reference():
            of.known(node)
            top, bottom, left, right = node.area(of.written.down, of.written.right)
            return min(bottom, max(of.book.deepest, top)) - top + 1, right - left + 1
        case Rows(rows):
            return len(rows), len(rows[0])
        case Negative(inner) | Hundredth(inner):
            return shape_of(of, inner)
        case Between(_, left_side, right_side):
            return _widest(of, left_side, right_side)
        case Call(name) if name in MOVING:
            return shape_of(of, of.meant(node))
        case Call(name, arguments) if name in _PIECEWISE:
            return _widest(of, *arguments)
        case Call(name, arguments) if name in CONDITIONAL:
            return _widest(of, *CONDITIONAL[name](arguments))
        case Call(name, arguments) if name in SOUGHT:
            return _widest(of, *arguments[:1])
        case Call(name, arguments) if name not in OF_MANY and name not in OF_WHOLES:
            if _widest(of, *arguments) != (1, 1):
                raise NotUnderstoodError
    return 1, 1


def _widest(of: Asked, *nodes: Node) -> Shape:
    shapes = [shape_of(of, each) for each in nodes] or [(1, 1)]
    found = max(rows for rows, _ in shapes), max(columns for _, columns in shapes)
    if any(rows not in (1, found[0]) or columns not in (1, found[1]) for rows, columns in shapes):
        raise NotUnderstoodError
    return found


def picks_several(node: Node) -> bool:
    """`LARGE(…, {1,2,3})`: constants give several results without being asked for."""
    return isinstance(node, Call) and node.name in ("LARGE", "SMALL") and isinstance(node.arguments[-1], Rows)


def broadcast(items: tuple[_Each, ...], at: int) -> _Each:
    """The item whose turn it is; one that stands alone is each of them."""
    if len(items) > 1 and at >= len(items):
        raise NotUnderstoodError
    return items[at if len(items) > 1 else 0]
