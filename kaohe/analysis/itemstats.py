"""What items tell apart: correlation with the rest of the total, shares of its variance, items that say the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import isnan

import numpy as np

from kaohe.analysis.correlation import (
    Estimate,
    agreement_by_chance,
    correlation,
    jackknifed,
    midranks,
    pearson_interval,
    spearman_interval,
)
from kaohe.analysis.observed import Observed, Place, Seen, Years
from kaohe.rules.numbers import Array

ALPHA = 0.05
FEWEST = 5
"""Different units below which nothing is correlated."""


@dataclass(frozen=True)
class Twin:
    """Another item that puts units in the same order; the interval holds for all pairs at once."""

    id: str
    rho: float
    low: float
    high: float
    units: int


def discrimination(years: Years, item: Observed) -> Estimate | None:
    """Pearson's correlation of the item with the rest of the total, within year and group: r and its interval.

    None where fewer than FEWEST units have it, or one of both does not vary.
    """
    places = [place for place in item.points if place in item.worth]
    if len({unit for _, unit in places}) < FEWEST:
        return None
    groups = _cohorts(years, places, lambda seen: seen.cohort)
    mine = _centred([[float(item.brings(each)) for each in group] for group in groups])
    rest = _centred([[float(years.seen[each].total - item.brings(each)) for each in group] for group in groups])
    r = correlation(mine, rest)
    units = len({unit for group in groups for _, unit in group})
    return None if isnan(r) else Estimate(r, *pearson_interval(r, units, 1 - ALPHA))


def nominal_weight(years: Years, item: Observed, group: str) -> Fraction | None:
    """The full mark's share of the group's full mark, as converted: the mean over those of it who have the item."""
    shares = [
        item.fulls[place] * item.worth[place] / years.seen[place].full
        for place in item.worth
        if place in item.fulls and years.seen[place].full and years.seen[place].group == group
    ]
    return sum(shares, Fraction(0)) / len(shares) if shares else None


@dataclass(frozen=True)
class Weighing:
    """The totals of a group, centred within year and category, where items share out their variance."""

    places: tuple[Place, ...]
    totals: Array
    units: tuple[str, ...]
    sizes: Array  # of the place's cohort

    @property
    def variance(self) -> float:
        return float(np.sum(self.totals * self.totals))

    def without_each(self, products: Array) -> Array:
        """Sums of products of deviations without each unit in turn, from the means of those who are left then.

        A cohort of n loses n / (n − 1) times the unit's own product: its means move away from the unit.
        """
        at = {unit: place for place, unit in enumerate(self.units)}
        lost = products * self.sizes / (self.sizes - 1)
        return np.asarray(products.sum() - np.bincount([at[unit] for _, unit in self.places], weights=lost))


def weighing(years: Years, group: str) -> Weighing | None:
    """Units of a group beside others of their category in that year; None where they are too few or all equal.

    Categories have other items and full marks: between them, the share of an item would be that of having it at all.
    """
    places = [place for place, seen in years.seen.items() if seen.group == group]
    cohorts = _cohorts(years, places, lambda seen: seen.like)
    totals = _centred([[float(years.seen[each].total) for each in cohort] for cohort in cohorts])
    kept = tuple(each for cohort in cohorts for each in cohort)
    units = tuple(dict.fromkeys(unit for _, unit in kept))
    sizes = np.array([len(cohort) for cohort in cohorts for _ in cohort], dtype=float)
    found = Weighing(kept, totals, units, sizes)
    return found if len(units) >= FEWEST and found.variance > 1e-9 else None


def effective_weight(years: Years, item: Observed, found: Weighing) -> Estimate | None:
    """The covariance of what the item brings with the total, as a share of the variance of the total.

    Over all items that add up to the total the shares add up to 1. The interval leaves each unit out in turn.
    """
    if not any(place in item.worth for place in found.places):
        return None
    groups = _cohorts(years, found.places, lambda seen: seen.like)
    brought = _centred(
        [[float(item.brings(each)) if each in item.worth else 0.0 for each in group] for group in groups]
    )
    products, squares = brought * found.totals, found.totals * found.totals
    value = float(products.sum() / squares.sum())
    shares, whole = (found.without_each(each) for each in (products, squares))
    without = np.divide(shares, whole, out=np.full(len(found.units), value), where=whole > 1e-12).tolist()
    return jackknifed(value, without, 1 - ALPHA)


def twins(years: Years, items: Sequence[Observed], least: float) -> tuple[dict[str, list[Twin]], int]:
    """For each item those that order units as it does: Spearman's rho within year and group, `low` above `least`.

    The intervals hold for all pairs together (Bonferroni); the count of pairs goes with them. Pairs whose ties let even
    full agreement come by chance are none.
    """
    ranks = _Ranks(years)
    pairs = [pair for pair in combinations(items, 2) if _together(*pair) >= FEWEST]
    found: dict[str, list[Twin]] = defaultdict(list)
    for one, other in pairs:
        shared = frozenset(one.points.keys() & other.points.keys())
        rho = correlation(ranks.of(one, shared), ranks.of(other, shared))
        if isnan(rho) or rho < least:
            continue
        units = len({unit for _, unit in shared})
        low, high = spearman_interval(rho, units, 1 - ALPHA / len(pairs))
        chance = min(agreement_by_chance(ranks.ties(each, shared)) for each in (one, other))
        if low > least and chance * len(pairs) < ALPHA:
            found[one.id].append(Twin(other.id, rho, low, high, units))
            found[other.id].append(Twin(one.id, rho, low, high, units))
    return dict(found), len(pairs)


def _together(one: Observed, other: Observed) -> int:
    return len({unit for _, unit in one.points.keys() & other.points.keys()})


class _Ranks:
    """Ranks of an item's points within year and group, centred; found once for every set of units."""

    def __init__(self, years: Years) -> None:
        self.years = years
        self._groups: dict[frozenset[Place], list[list[Place]]] = {}
        self._ranks: dict[tuple[str, frozenset[Place]], Array] = {}

    def groups(self, shared: frozenset[Place]) -> list[list[Place]]:
        if shared not in self._groups:
            self._groups[shared] = _cohorts(self.years, sorted(shared), lambda seen: seen.cohort)
        return self._groups[shared]

    def of(self, item: Observed, shared: frozenset[Place]) -> Array:
        key = (item.id, shared)
        if key not in self._ranks:
            self._ranks[key] = _centred(
                [list(midranks([item.points[each] for each in group])) for group in self.groups(shared)]
            )
        return self._ranks[key]

    def ties(self, item: Observed, shared: frozenset[Place]) -> list[list[int]]:
        return [list(Counter(item.points[each] for each in group).values()) for group in self.groups(shared)]


def _cohorts(years: Years, places: Iterable[Place], by: Callable[[Seen], Hashable]) -> list[list[Place]]:
    """Places by year and group (and category); those who are alone have nobody to be held against."""
    found: dict[Hashable, list[Place]] = defaultdict(list)
    for place in places:
        found[by(years.seen[place])].append(place)
    return [group for group in found.values() if len(group) > 1]


def _centred(groups: Iterable[Sequence[float]]) -> Array:
    """All groups one after the other, each less its mean."""
    return np.array([value - middle for group in groups for middle in [_mean(group)] for value in group])


def _mean(values: Sequence[float]) -> float:
    return float(sum(values) / len(values))


def alone(item: Observed) -> Iterator[str]:
    """Why nothing can be said of how an item tells units apart, where that is so."""
    if item.units < FEWEST:
        yield f"有这一项的单位只有 {item.units} 个，不足 {FEWEST} 个"
    elif len(set(item.points.values())) == 1:
        yield "各单位得分全部相同"
