"""Totals, points and what is gained or lost of them, with as many decimals as their regulation leaves."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from kaohe.charts.html import Cell
from kaohe.charts.notation import MINUS, fixed, plain, signed, two
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.exactly import near
from kaohe.scoring.unitresult import UnitResult

MOST_SHOWN = 12
Others = Iterable[Fraction]
"""What an amount must not look equal to unless it is."""


def total(book: ScoreBook, unit: UnitResult, others: Others = ()) -> str:
    """A unit's total."""
    return like_total(book, unit.group, unit.total, others)


def like_total(book: ScoreBook, group: str, value: Fraction, others: Others = ()) -> str:
    """A line, a margin, a mean of a group's totals."""
    return two(value, others, book.total_decimals(group))


def apart(book: ScoreBook, group: str, one: Fraction, other: Fraction) -> str:
    """`1.91 分`: how far two totals are apart; where that is not the difference of the two as they are shown, with as
    many digits of them as it takes: `1.91 分（未舍入：158.635 − 156.725）`."""
    digits, margin = book.total_decimals(group), abs(one - other)
    said = f"{two(margin, [Fraction(0)], digits)} 分"
    for more in range(digits, MOST_SHOWN):
        high, low = (fixed(near(each), more) for each in (max(one, other), min(one, other)))
        if _number(high) - _number(low) == _number(fixed(near(margin), more)):
            return said if more == digits else f"{said}（未舍入：{high} − {low}）"
    return said


def _number(shown: str) -> Fraction:
    return Fraction(shown.replace(MINUS, "-"))


def points(book: ScoreBook, item: str, value: Fraction, others: Others = ()) -> str:
    """Points of an item."""
    return two(value, others, book.decimals(item))


def reached(book: ScoreBook, cell: ScoreCell) -> str:
    """`3.85 / 5`; an item without a full mark is out of nothing."""
    full = cell.max_points or Fraction(0)
    got = points(book, cell.indicator, cell.points or Fraction(0), [full])
    return f"{got} / {plain(full)}" if full else got


def amount(book: ScoreBook, value: Fraction, others: Others = ()) -> str:
    """Points that belong to no one item."""
    return two(value, others, book.finest)


def gain(book: ScoreBook, value: Fraction) -> str:
    """How much more or less, with its sign."""
    return signed(value, book.finest)


def gain_cell(book: ScoreBook, value: Fraction, *, zero: str | None = None) -> Cell:
    """The same in a table; `zero` stands where nothing changed."""
    shown = zero if zero is not None and not value else gain(book, value)
    return Cell(shown, sort=float(value), number=True)
