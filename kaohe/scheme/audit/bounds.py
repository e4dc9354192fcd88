"""Between which figures a figure lies on paper: by its own arithmetic, and by what the catalogue says of metrics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from kaohe.rules import Figure
from kaohe.rules.after import After, EachMember, Step
from kaohe.rules.arithmetic import Average, Best, Difference, Limit, Power, Product, Total, Worst
from kaohe.rules.judged import Full
from kaohe.rules.plain import ByPolicy, ByTrait, Named, Number, Unlimited
from kaohe.rules.scored import Attainable, Score
from kaohe.rules.values import Growth, MetricValue, Ratio, Shortfall, TallyValue
from kaohe.scheme.audit.marks import full_mark
from kaohe.scheme.model import Scheme

Bounds = tuple[Fraction | None, Fraction | None]
"""Least and most; None where there is no such bound."""

ZERO = Fraction(0)
ANY: Bounds = (None, None)


def bounds(scheme: Scheme, figure: Figure, full: Fraction) -> Bounds:
    """Least and most that a figure can be; `full` is the full mark of the item it stands in."""

    def of(each: Figure) -> Bounds:
        return bounds(scheme, each, full)

    match figure:
        case Number():
            return figure.value, figure.value
        case Full():
            return full, full
        case MetricValue():
            metric = scheme.metrics.get(figure.metric)
            return (metric.least, metric.most) if metric else ANY
        case Ratio() | TallyValue():
            known = [scheme.metrics[name].least for name in figure.metrics() if name in scheme.metrics]
            return (ZERO if all(each is not None and each >= 0 for each in known) else None), None
        case Growth():
            return Fraction(-1), None
        case Shortfall():
            return ZERO, Fraction(1)
        case Score() | Attainable():
            return _of_item(scheme, figure.of)
        case Named():
            return of(figure.figure)
        case ByPolicy() | ByTrait():
            return _hull([of(each) for each in figure.children()]) if figure.children() else (ZERO, Fraction(1))
        case Limit():
            return _limited(of(figure.of), figure.at_least, figure.at_most, of)
        case After():
            return _followed(of(figure.of), figure.steps, of)
        case EachMember():
            inner = of(figure.of)
            return _scaled(inner, Fraction(len(figure.members))) if figure.fold == "sum" else inner
        case Product():
            return _product([of(each) for each in figure.parts])
        case Difference():
            return _added([of(figure.of), _scaled(of(figure.less), Fraction(-1))])
        case Total():
            return _added([of(each) for each in figure.parts])
        case Average():
            weights = figure.weights or (Fraction(1),) * len(figure.parts)
            whole = sum(weights, ZERO)
            return _added([_scaled(of(each), own / whole) for each, own in zip(figure.parts, weights, strict=True)])
        case Best():
            lows, highs = zip(*map(of, figure.parts), strict=True)
            return max((low for low in lows if low is not None), default=None), _all(max, highs)
        case Worst():
            lows, highs = zip(*map(of, figure.parts), strict=True)
            return _all(min, lows), min((high for high in highs if high is not None), default=None)
        case Power():
            return ZERO, None
    return figure.worst(full), figure.best(full)


def _of_item(scheme: Scheme, name: str) -> Bounds:
    node = scheme.tree.nodes.get(name)
    marks = [full_mark(scheme, node, category) for category in node.applies] if node else []
    return ZERO, _all(max, marks) if marks else None


def _all(pick: Any, values: Iterable[Fraction | None]) -> Fraction | None:
    listed = list(values)
    return None if None in listed else pick(listed)


def _hull(found: Sequence[Bounds]) -> Bounds:
    return _all(min, [low for low, _ in found]), _all(max, [high for _, high in found])


def _added(found: Sequence[Bounds]) -> Bounds:
    return _all(sum, [low for low, _ in found]), _all(sum, [high for _, high in found])


def _scaled(one: Bounds, by: Fraction) -> Bounds:
    ends = [None if end is None else end * by for end in one]
    return (ends[0], ends[1]) if by >= 0 else (ends[1], ends[0])


def _product(found: Sequence[Bounds]) -> Bounds:
    out: Bounds = (Fraction(1), Fraction(1))
    for low, high in found:
        if out[0] is not None and out[0] >= 0 and low is not None and low >= 0:
            out = out[0] * low, None if None in (out[1], high) else out[1] * high  # type: ignore[operator]
        elif None in (*out, low, high):
            return ANY
        else:
            ends = [one * other for one, other in product(out, (low, high))]  # type: ignore[operator]
            out = min(ends), max(ends)
    return out


def _limited(one: Bounds, least: Figure | None, most: Figure | None, of: Any) -> Bounds:
    low, high = one
    if least is not None and not isinstance(least, Unlimited):
        floor = of(least)[0]
        low = floor if low is None else low if floor is None else max(low, floor)
        high = None if high is None or of(least)[1] is None else max(high, of(least)[1])
    if most is not None and not isinstance(most, Unlimited):
        limit = None if _may_be_none(most) else of(most)[1]
        high = limit if high is None else high if limit is None else min(high, limit)
        low = low if low is None or of(most)[0] is None else min(low, of(most)[0])
    return low, high


def _may_be_none(figure: Figure) -> bool:
    """Whether some reading or class says that there is no limit."""
    return any(isinstance(each, Unlimited) for each in figure.walk())


def _followed(one: Bounds, steps: Sequence[Step], of: Any) -> Bounds:
    """The figure after all steps; a step that is asked for only now and then may be left out."""
    for step in steps:
        then = _after(one, step, of)
        one = then if step.held is None and step.unless is None else _hull([one, then])
    return one


def _after(one: Bounds, step: Step, of: Any) -> Bounds:
    figure = step.figure
    if step.round is not None or figure is None:
        return one
    match step.how:
        case "at_least":
            return _limited(one, figure, None, of)
        case "at_most":
            return _limited(one, None, figure, of)
        case "plus":
            return _added([one, of(figure)])
        case "minus":
            return _added([one, _scaled(of(figure), Fraction(-1))])
        case "times":
            return _product([one, of(figure)])
    if isinstance(figure, Number) and isinstance(step.of, Number) and step.of.value:
        return _scaled(one, figure.value / step.of.value)
    return ANY
