"""Ask a rule what it gives: its own arithmetic at chosen values and places in the pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Any, cast

import numpy as np

from kaohe.rules import EXACT, Inputs, Numbers
from kaohe.rules.bands import Steps
from kaohe.rules.base import Choice, Figure, Value
from kaohe.rules.numbers import Array
from kaohe.rules.tiers import Tiers
from kaohe.rules.values import Growth, MetricValue, Reference, Shortfall, TallyValue
from kaohe.scheme.audit.bounds import bounds
from kaohe.scheme.model import Scheme

Range = tuple[Fraction | None, Fraction | None]


class _Given(Value):
    """Values as they are, instead of figures made of metrics."""

    values: Any

    def of_units(self, inputs: Any) -> Array:
        return np.asarray(self.values)


class _One(Reference):
    """A pool whose figure is 1, so that a value is its own share of it."""

    def of_pool(self, value: Figure, inputs: Any) -> Array:
        return EXACT.array([1])


@dataclass(frozen=True)
class _Inputs:
    """The few of `Inputs` that bands ask for; every reading is already written into the rule."""

    size: int
    figures: Mapping[str, Array]
    numbers: Numbers = EXACT

    def metric(self, name: str) -> Array:
        return self.figures[name]

    def choose(self, field: Choice, ways: Mapping[str, Callable[[], Array]]) -> Array:
        return ways[str(field)]()

    def decided(self, field: Choice) -> Array:
        return np.full(self.size, str(field), dtype=object)


def _inputs(size: int, figures: Mapping[str, Array]) -> Inputs:
    return cast(Inputs, _Inputs(size, figures))


@dataclass(frozen=True, order=True)
class Place:
    """A value, and how many units of the pool are better."""

    value: Fraction
    ahead: int


def table(rule: Steps, places: Sequence[Place]) -> dict[Place, Fraction]:
    """What the bands give at each place; no policy may be left open in them.

    Every place is a scenario: the unit asked about stands first, then those ahead of it and those behind.
    """
    better = 1 if rule.better == "higher" else -1
    others = max(place.ahead for place in places)
    pools = [
        [place.value] + [place.value + better * (other + 1 if other < place.ahead else -1) for other in range(others)]
        for place in places
    ]
    given = rule.model_copy(
        update={
            "value": _Given(kind="given", values=np.array(pools, dtype=object)),
            "against": rule.against and _One(reading="pooled", name=""),
        }
    )
    points = given.points(_inputs(others + 1, {})).points
    return dict(zip(places, np.broadcast_to(points, (len(places), others + 1))[:, 0], strict=True))


def tier_points(rule: Tiers, every: Sequence[Mapping[str, Fraction]]) -> list[Fraction]:
    """What the tiers give for each combination of figures."""
    figures = {name: EXACT.array([each[name] for each in every]) for name in rule.metrics()}
    return list(rule.points(_inputs(len(every), figures)).points)


def thresholds(rule: Steps) -> list[Fraction]:
    """Every bound of the bands, ascending."""
    return sorted({bound for band in rule.bands for bound in band.bounds().values()})


def places_of(scheme: Scheme, rule: Steps) -> list[Place]:
    """Every threshold, values between and beyond them; each in and out of every top n the bands ask for."""
    (low, high), whole = domain(scheme, rule)
    marks = thresholds(rule)
    ends = [marks[0] - 1 if low is None else low, marks[-1] + 1 if high is None else high]
    known = sorted({*marks, *ends})
    values = sorted({*known, *((one + next_one) / 2 for one, next_one in pairwise(known))})
    if whole:
        values = sorted({step for value in values for step in (Fraction(value // 1), Fraction(-(-value // 1)))})
    return [Place(value, ahead) for value in values if inside(value, (low, high)) for ahead in aheads(rule)]


def aheads(rule: Steps) -> list[int]:
    """How many units may be better so that every top n is once reached and once missed."""
    asked = {band.among for band in rule.bands if band.among}
    return sorted({0, *(n - 1 for n in asked), *asked})


def inside(value: Fraction, span: Range) -> bool:
    low, high = span
    return (low is None or value >= low) and (high is None or value <= high)


def domain(scheme: Scheme, rule: Steps) -> tuple[Range, bool]:
    """What the value can be at all, by the catalogue of metrics; and whether it is whole."""
    value = rule.value
    if rule.against:
        return (Fraction(0), None), False
    if isinstance(value, MetricValue):
        metric = scheme.metrics[value.metric]
        return (metric.least, metric.most), metric.kind == "count"
    if isinstance(value, Growth):
        return (Fraction(-1), None), False
    if isinstance(value, Shortfall):
        return (Fraction(0), Fraction(1)), False
    if isinstance(value, TallyValue):
        return (Fraction(0), None), False
    return bounds(scheme, value, Fraction(0)), False


def tier_figures(rule: Tiers) -> Iterator[dict[str, Fraction]]:
    """Every combination of the minima asked for, and of nothing."""
    names = rule.metrics()
    levels = [
        sorted({Fraction(0), *(tier.at_least[name] for tier in rule.tiers if name in tier.at_least)}) for name in names
    ]
    for figures in product(*levels):
        yield dict(zip(names, figures, strict=True))
