"""How many decimals a figure has at most, whatever the data: by its roundings, whole counts and printed numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from kaohe.rules.after import After, EachMember, Step
from kaohe.rules.amongtied import AmongTied
from kaohe.rules.arithmetic import Best, Difference, Product, Total, Worst
from kaohe.rules.base import Figure
from kaohe.rules.choosing import Table, When
from kaohe.rules.folding import Fold
from kaohe.rules.gathered import Over
from kaohe.rules.limits import Limit
from kaohe.rules.placing import Ladder
from kaohe.rules.plain import ByPolicy, ByTrait, Named, Number, Unlimited
from kaohe.rules.scored import CountItems, Score
from kaohe.rules.values import MetricValue

MOST = 12
"""A number printed with more decimals than these counts as one without an end."""

Known = Callable[[str], int | None]
"""Decimals of a metric, or of an item, by its name."""


def decimals_of(number: Fraction) -> int | None:
    """Of a number; None where they have no end: 1/4 → 2, 3 → 0, 1/3 → None."""
    return next((many for many in range(MOST + 1) if (number * 10**many).denominator == 1), None)


def most(found: Iterable[int | None]) -> int | None:
    """As many as the one with most; None where one has no end."""
    known = list(found)
    return None if any(each is None for each in known) else max((each for each in known if each is not None), default=0)


def together(found: Iterable[int | None]) -> int | None:
    """Of a product: all of them."""
    known = list(found)
    return None if any(each is None for each in known) else sum(each for each in known if each is not None)


def figure_decimals(figure: Figure, metric: Known, item: Known) -> int | None:
    """Of what a figure gives; None where they may have no end, or its kind does not tell."""

    def of(each: Figure | None) -> int | None:
        return 0 if each is None else figure_decimals(each, metric, item)

    match figure:
        case Number():
            return decimals_of(figure.value)
        case Unlimited():
            return 0
        case MetricValue():
            return metric(figure.metric)
        case Score():
            return item(figure.of) if figure.stage == "points" else None
        case CountItems():
            return 0 if figure.form == "count" else None
        case Limit():
            if figure.round is not None:
                return decimals_of(figure.round.to)
            return most(map(of, (figure.of, figure.at_least, figure.at_most)))
        case After():
            return after_steps(of(figure.of), figure.steps, metric, item)
        case EachMember() | Over():
            return of(figure.of) if keeps(figure.fold) else None
        case AmongTied():
            return of(figure.of)
        case Product():
            return together(map(of, figure.children()))
        case ByPolicy() if not figure.options:
            return None
        case Ladder():
            return None if figure.ties == "mean" else most(map(of, _given(figure)))
        case Named() | ByPolicy() | ByTrait() | When() | Table() | Difference() | Total() | Best() | Worst():
            return most(map(of, _given(figure)))
    return None


def _given(figure: Figure) -> list[Figure]:
    """The figures of which one is given, or that are added up."""
    if isinstance(figure, Ladder):
        return [*(each.points for each in figure.steps), *([figure.otherwise] if figure.otherwise else [])]
    if isinstance(figure, Table):
        return [*(cell for row in figure.cells for cell in row), figure.otherwise]
    return list(figure.children())


def keeps(fold: Fold) -> bool:
    """Whether what is folded has no more decimals than each of its figures."""
    how: Any = fold if isinstance(fold, str) else fold.how
    return how not in ("mean", "median")


def after_steps(before: int | None, steps: Iterable[Step], metric: Known, item: Known) -> int | None:
    """Of a figure with so many, after all that follows."""
    now = before
    for step in steps:
        if step.round is not None:
            then = decimals_of(step.round.to)
        elif step.how == "rescale":
            then = None
        else:
            given = figure_decimals(step.figure, metric, item) if step.figure is not None else None
            then = together([now, given]) if step.how == "times" else most([now, given])
        always = step.held is None and step.unless is None
        now = then if always else most([now, then])
    return now
