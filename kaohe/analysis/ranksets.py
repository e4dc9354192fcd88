"""Confidence sets for ranks, from estimates and how far they err: Mogstad, Romano, Shaikh and Wilhelm (2024).

A rank is settled by the differences to all others. The hypotheses "j is not ahead of k" of all ordered pairs are
tested together, each by its difference over its standard error, against the distribution of the largest of those
still open; what is rejected leaves, and the rest is held against its own, smaller, largest one (Romano and Wolf's
stepdown). A unit's rank is then at least one more than the number of those proven ahead of it, and at most the number
of units less those proven behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from kaohe.rules.numbers import Array

CHUNK = 4_000_000
"""Differences of draws that are held at a time: 32 MB."""
ROUNDING = 1e-12
"""The part of two variances below which that of their difference is what rounding leaves of 0."""


def rank_sets(
    estimates: Array,
    errors: Array,
    *,
    level: float = 0.95,
    simultaneous: bool = True,
    draws: int = 2000,
    seed: int = 0,
    sides: Literal["both", "low", "high"] = "both",
) -> tuple[Array, Array]:
    """The lowest and the highest rank of each unit's set: integers, 1 is best, higher estimates are better.

    `errors`: standard errors of independent estimates (units,), or the covariance of all (units, units); an error of 0
    is none. `level`: the chance that all sets hold the true ranks together, or each its own (not `simultaneous`).
    `sides`: one-sided sets bound the rank from its best (`low`) or its worst (`high`) alone; the other bound is then
    1 or the number of units. With `simultaneous` sets of both sides rest on the same pairs, and cost nothing more.
    ValueError where sizes do not fit or a number is none.
    """
    means, covariance = _checked(estimates, errors, level)
    units = len(means)
    both = np.diag(covariance)[:, None] + np.diag(covariance)[None, :]
    variance = both - 2 * covariance
    scale = np.sqrt(np.where(variance > ROUNDING * both, variance, 0.0))
    difference = means[:, None] - means[None, :]
    certain = (scale == 0) & (difference > 0)
    random = np.random.default_rng(seed)
    noise = random.standard_normal((draws, units)) @ _root(covariance).T
    statistic = np.divide(difference, scale, out=np.full((units, units), -np.inf), where=scale > 0)
    families = [scale > 0] if simultaneous else [_about(unit, scale > 0, sides) for unit in range(units)]
    found = [certain | _rejected(statistic, scale, family, noise, level) for family in families]
    if simultaneous:
        ahead_of, behind = found[0].sum(axis=0), found[0].sum(axis=1)
    else:
        ahead_of = np.array([mine[:, unit].sum() for unit, mine in enumerate(found)])
        behind = np.array([mine[unit, :].sum() for unit, mine in enumerate(found)])
    low, high = 1 + ahead_of, units - behind
    if sides == "low":
        high = np.full(units, units)
    if sides == "high":
        low = np.ones(units, dtype=int)
    return low.astype(int), high.astype(int)


def _about(unit: int, open_: Array, sides: str) -> Array:
    """The pairs that settle one unit's rank: those in which it may be ahead, and those in which it may be behind."""
    mine = np.zeros_like(open_)
    if sides != "low":
        mine[unit, :] = True
    if sides != "high":
        mine[:, unit] = True
    return mine & open_


def _rejected(statistic: Array, scale: Array, family: Array, noise: Array, level: float) -> Array:
    """Pairs (j, k) of which it is proven that j is ahead of k; `family` are the pairs that are asked about."""
    open_, proven = family.copy(), np.zeros_like(family)
    while open_.any():
        largest = _largest(scale, open_, noise)
        bound = float(np.quantile(largest, level, method="higher"))
        new = open_ & (statistic > bound)
        if not new.any():
            break
        proven |= new
        open_ &= ~new
    return proven


def _largest(scale: Array, open_: Array, noise: Array) -> Array:
    """For each draw the largest of the open pairs' differences over their errors."""
    ahead, behind = np.nonzero(open_)
    over = 1 / scale[ahead, behind]
    return np.concatenate([
        ((some[:, ahead] - some[:, behind]) * over).max(axis=1) for some in _chunks(noise, max(1, CHUNK // len(ahead)))
    ])  # fmt: skip


def _chunks(noise: Array, size: int) -> Iterator[Array]:
    for first in range(0, len(noise), size):
        yield noise[first : first + size]


def _root(covariance: Array) -> Array:
    """A matrix whose product with its transpose is the covariance, be it of full rank or not."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.clip(values, 0, None)))


def _checked(estimates: Array, errors: Array, level: float) -> tuple[Array, Array]:
    means, given = np.asarray(estimates, dtype=float), np.asarray(errors, dtype=float)
    if means.ndim != 1 or given.shape not in ((len(means),), (len(means), len(means))):
        raise ValueError(f"estimates (units,) and errors (units,) or (units, units), not {means.shape}, {given.shape}")
    if not (np.isfinite(means).all() and np.isfinite(given).all()):
        raise ValueError("estimates and errors are finite numbers")
    if not 0 < level < 1:
        raise ValueError(f"level lies between 0 and 1, not {level}")
    if given.ndim == 1:
        if (given < 0).any():
            raise ValueError("a standard error is not below 0")
        return means, np.diag(given**2)
    if not np.allclose(given, given.T) or np.linalg.eigvalsh(given).min(initial=0.0) < -1e-8 * np.abs(given).max():
        raise ValueError("a covariance is symmetric and not negative")
    return means, (given + given.T) / 2
