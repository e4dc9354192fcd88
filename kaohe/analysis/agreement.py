"""How far raters agree: intraclass correlations and Kendall's coefficient of concordance.

Tables are targets down, raters across, complete: what was not rated by everybody belongs in none of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kaohe.analysis.correlation import midranks
from kaohe.rules.numbers import Array

Table = Array | Sequence[Sequence[float]]


def icc(table: Table) -> dict[str, float]:
    """The six intraclass correlations of Shrout and Fleiss (1979) of a table (targets, raters).

    `icc1`, `icc2`, `icc3` are of one rating: each target rated by other raters, all by the same raters taken as a
    sample, or taken as they are; `icc1k`, `icc2k`, `icc3k` of the mean of the k raters. NaN where the table does not
    say: nothing varies. ValueError where it has under two targets or raters, or gaps.
    """
    ratings = _complete(table)
    targets, raters = ratings.shape
    whole = ratings.mean()
    of_targets = raters * float(np.sum((ratings.mean(axis=1) - whole) ** 2))
    of_raters = targets * float(np.sum((ratings.mean(axis=0) - whole) ** 2))
    rest = max(float(np.sum((ratings - whole) ** 2)) - of_targets - of_raters, 0.0)
    between = of_targets / (targets - 1)
    within = (of_raters + rest) / (targets * (raters - 1))
    columns = of_raters / (raters - 1)
    error = rest / ((targets - 1) * (raters - 1))
    return {
        "icc1": _ratio(between - within, between + (raters - 1) * within),
        "icc2": _ratio(between - error, between + (raters - 1) * error + raters * (columns - error) / targets),
        "icc3": _ratio(between - error, between + (raters - 1) * error),
        "icc1k": _ratio(between - within, between),
        "icc2k": _ratio(between - error, between + (columns - error) / targets),
        "icc3k": _ratio(between - error, between),
    }


def kendall_w(table: Table) -> float:
    """Kendall's W of a table (targets, raters), corrected for ties: 1 where all raters order the targets alike.

    NaN where every rater gives every target the same. ValueError as for `icc`.
    """
    ratings = _complete(table)
    targets, raters = ratings.shape
    ranks = np.stack([midranks(column) for column in ratings.T])
    sums = ranks.sum(axis=0)
    spread = float(np.sum((sums - sums.mean()) ** 2))
    ties = sum(float(count**3 - count) for column in ratings.T for count in np.unique(column, return_counts=True)[1])
    return _ratio(12 * spread, raters**2 * (targets**3 - targets) - raters * ties)


def _complete(table: Table) -> Array:
    ratings = np.asarray(table, dtype=float)
    if ratings.ndim != 2 or min(ratings.shape) < 2:
        raise ValueError(f"a table of at least two targets and two raters, not {ratings.shape}")
    if not np.isfinite(ratings).all():
        raise ValueError("a table without gaps: every rater rated every target")
    return ratings


NOTHING = 1e-12
"""Sums of squares below it are what rounding leaves of none."""


def _ratio(of: float, to: float) -> float:
    return of / to if abs(to) > NOTHING else float("nan")
