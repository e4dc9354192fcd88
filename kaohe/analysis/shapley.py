"""Shapley's values of a few causes, exactly: what each adds, averaged over every order in which they may come in.

L. S. Shapley, A value for n-person games (1953). They are the same whatever order the causes are named in, add up to
the whole difference, and give 0 to a cause that never makes any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations
from math import factorial
from typing import Any

Worth = Mapping[str, Any]
"""Several figures by name: each is split by itself."""


def shapley(causes: Sequence[str], worth: Callable[[frozenset[str]], Worth]) -> dict[str, dict[str, Any]]:
    """Cause → figure → its share. `worth`: the figures with these causes in and the others out; a figure that is not
    named there is 0."""
    out: dict[str, dict[str, Any]] = {}
    for cause in causes:
        others = [each for each in causes if each != cause]
        shares: dict[str, Any] = {}
        for some in subsets(others):
            weight = Fraction(factorial(len(some)) * factorial(len(others) - len(some)), factorial(len(causes)))
            without, given = worth(frozenset(some)), worth(frozenset((*some, cause)))
            for name in dict.fromkeys((*given, *without)):
                step = given.get(name, Fraction(0)) - without.get(name, Fraction(0))
                if step:
                    shares[name] = shares.get(name, Fraction(0)) + step * weight
        out[cause] = shares
    return out


def subsets(causes: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return chain.from_iterable(combinations(causes, size) for size in range(len(causes) + 1))
