"""Ask a rule what it gives: its own arithmetic at chosen values and places in the pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from kaohe.rules import EXACT, Numbers, Rule
from kaohe.rules.bands import Steps, Tiers
from kaohe.rules.numbers import Array
from kaohe.rules.values import Growth, MetricValue, Reference, Shortfall, TallyValue, Value
from kaohe.scheme.model import Scheme

Range = tuple[Fraction | None, Fraction | None]


class _Given(Value):
    """Values as they are, instead of figures made of metrics."""

    values: Any

    def of_units(self, inputs: Any) -> Array:
        return EXACT.array(self.values)


class _One(Reference):
    """A pool whose figure is 1, so that a value is its own share of it."""

    def of_pool(self, value: Value, inputs: Any) -> Array:
        return EXACT.array([1])


@dataclass(frozen=True)
class _Inputs:
    """The few inputs that bands ask for."""

    size: int
    figures: Mapping[str, Array]
    numbers: Numbers = EXACT

    def metric(self, name: str) -> Array:
        return self.figures[name]

    def choose(self, field: str, ways: Mapping[str, Callable[[], Array]]) -> Array:
        return ways[field]()


@dataclass(frozen=True, order=True)
class Place:
    """A value, and how many units of the pool are better."""

    value: Fraction
    ahead: int


def points_at(rule: Steps, place: Place) -> Fraction:
    """What the bands give there; no policy may be left open in them."""
    better = place.value + (1 if rule.better == "higher" else -1)
    values = [place.value] + [better] * place.ahead
    given = rule.model_copy(
        update={
            "value": _Given(kind="given", values=values),
            "against": rule.against and _One(reading="pooled", name=""),
        }
    )
    return _first(given, _Inputs(len(values), {}))


def tier_points(rule: Tiers, figures: Mapping[str, Fraction]) -> Fraction:
    """What the tiers give for these figures."""
    return _first(rule, _Inputs(1, {name: EXACT.array([value]) for name, value in figures.items()}))


def _first(rule: Rule, inputs: _Inputs) -> Fraction:
    return Fraction(np.asarray(rule.points(inputs).points)[..., 0].item())  # type: ignore[arg-type]


def thresholds(rule: Steps) -> list[Fraction]:
    """Every bound of the bands, ascending."""
    return sorted({bound for band in rule.bands for bound in band.bounds().values()})


def places_of(scheme: Scheme, rule: Steps) -> list[Place]:
    """Every threshold, values between and beyond them; each in and out of every top n the bands ask for."""
    marks = thresholds(rule)
    between = [(low + high) / 2 for low, high in zip(marks, marks[1:], strict=False)]
    values = sorted({*marks, *between, marks[0] - 1, marks[0] / 2, marks[-1] + 1})
    span, whole = domain(scheme, rule)
    if whole:
        values = sorted({step for value in values for step in (Fraction(value // 1), Fraction(-(-value // 1)))})
    return [Place(value, ahead) for value in values if inside(value, span) for ahead in aheads(rule)]


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
    least = [scheme.metrics[name].least for name in value.metrics()]
    return (Fraction(0) if all(low is not None and low >= 0 for low in least) else None, None), False


def tier_figures(rule: Tiers) -> Iterator[dict[str, Fraction]]:
    """Every combination of the minima asked for, and of nothing."""
    names = rule.metrics()
    levels = [
        sorted({Fraction(0), *(tier.at_least[name] for tier in rule.tiers if name in tier.at_least)}) for name in names
    ]
    for figures in product(*levels):
        yield dict(zip(names, figures, strict=True))
