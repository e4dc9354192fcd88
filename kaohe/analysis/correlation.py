"""How two series of points go together, and how sure that is of few units: correlations, shares, their intervals.

Sources: Fisher 1915 (the transformation), Bonett and Wright 2000 (its standard error for ranks), Wilson 1927 (shares),
Student 1908 (quantiles), Quenouille 1956 and Tukey 1958 (the jackknife).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan, atanh, cos, factorial, inf, isnan, log, pi, sin, sqrt, tanh
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from kaohe.rules.numbers import Array

Interval = tuple[float, float]


class Estimate(NamedTuple):
    """A figure with the interval in which it is to be looked for."""

    value: float
    low: float
    high: float


def midranks(values: Array | Sequence[object]) -> Array:
    """Ranks from 1, the lowest first; equal values share the mean of theirs. Exact values are compared exactly."""
    found = _vector(values)
    order = np.argsort(found, kind="stable")
    ranks, start = np.empty(len(found)), 0
    while start < len(found):
        end = start + 1
        while end < len(found) and found[order[end]] == found[order[start]]:
            end += 1
        ranks[order[start:end]] = (start + end + 1) / 2
        start = end
    return ranks


def _vector(values: Array | Sequence[object]) -> Array:
    out = np.empty(len(values), dtype=object)
    out[:] = list(values)
    return out


def correlation(one: Array, other: Array) -> float:
    """Pearson's, of series that are centred already; nan where one does not vary."""
    scale = float(np.sqrt(np.sum(one * one) * np.sum(other * other)))
    return float(np.clip(np.sum(one * other) / scale, -1, 1)) if scale > 1e-12 else float("nan")


def pearson_interval(r: float, units: int, level: float) -> Interval:
    """Fisher's interval of a correlation over so many units; the whole range where there are fewer than four."""
    return _fisher(r, 1.0, units, level)


def spearman_interval(rho: float, units: int, level: float) -> Interval:
    """Bonett and Wright's interval of a rank correlation.

    Ranks in full agreement are read as half an exchange of two neighbours short of it: the transformation has no value
    at 1, and few units that agree do not prove that any would.
    """
    if units >= 4:
        nearly = 1 - 6 / (units * (units * units - 1))
        rho = max(-nearly, min(nearly, rho))
    low, high = _fisher(rho, 1 + rho * rho / 2, units, level)
    return low, high


def _fisher(r: float, spread: float, units: int, level: float) -> Interval:
    if units < 4 or isnan(r):
        return -1.0, 1.0
    if abs(r) >= 1:
        return r, r
    half = NormalDist().inv_cdf((1 + level) / 2) * sqrt(spread / (units - 3))
    return tanh(atanh(r) - half), tanh(atanh(r) + half)


def agreement_by_chance(ties: Sequence[Sequence[int]]) -> float:
    """How likely series with these ties agree in full by chance alone: one in all ways to lay them out.

    `ties`: for each year how many units share each value. Two values that one unit alone tells apart are no evidence.
    """
    ways = sum(log(factorial(sum(each))) - sum(log(factorial(tied)) for tied in each) for each in ties)
    return float(np.exp(-ways))


def wilson(count: int, of: int, level: float) -> Interval:
    """Wilson's interval of a share."""
    if not of:
        return 0.0, 1.0
    z, share = NormalDist().inv_cdf((1 + level) / 2), count / of
    middle, scale = share + z * z / (2 * of), 1 + z * z / of
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def never_seen(of: int, level: float) -> float:
    """How large a share may be that was seen in none of so many: 3/n at 95 %, exactly 1 − 0.05^(1/n)."""
    return float(1 - (1 - level) ** (1 / of)) if of else 1.0


def student_quantile(level: float, freedom: int) -> float:
    """The t within which `level` of the probability lies, for whole degrees of freedom, by halving."""
    if freedom < 1:
        return inf
    low, high = 0.0, 1.0
    while _student_within(high, freedom) < level:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _student_within(middle, freedom) < level else (low, middle)
    return high


def _student_within(t: float, freedom: int) -> float:
    """P(−t ≤ T ≤ t): Abramowitz and Stegun 26.7.3 and 26.7.4."""
    angle = atan(t / sqrt(freedom))
    even = freedom % 2 == 0
    term, total = (sin(angle), 0.0) if even else (sin(angle) * cos(angle), 0.0)
    for step in range(1 if even else 2, freedom, 2):
        total += term
        term *= cos(angle) ** 2 * step / (step + 1)
    return total if even else 2 / pi * (angle + total)


def jackknifed(value: float, without: Sequence[float], level: float) -> Estimate:
    """A figure with Tukey's interval: `without` each unit in turn, Student's t of one degree less than units."""
    units = len(without)
    if units < 3:
        return Estimate(value, -inf, inf)
    mean = sum(without) / units
    error = sqrt((units - 1) / units * sum((each - mean) ** 2 for each in without))
    half = student_quantile(level, units - 1) * error
    return Estimate(value, value - half, value + half)


def widened(found: Estimate, units: int, level: float, wanted: float) -> Estimate:
    """A jackknifed figure with the interval of another level."""
    if units < 3:
        return found
    factor = student_quantile(wanted, units - 1) / student_quantile(level, units - 1)
    half = (found.high - found.value) * factor
    return Estimate(found.value, found.value - half, found.value + half)
