"""Seeded chance. Every figure has a stream of its own, so that a change in one place moves no other."""

import math
import random
from collections.abc import Sequence
from typing import Any


def clip(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


def plain(number: float) -> float:
    """Rounded to cents, and without a fraction where there is none: how people write it."""
    number = round(number, 2)
    return int(number) if number == int(number) else number


class Chance:
    """A random stream named by a seed and words: `Chance(seed).of("ratings", "C01")`."""

    def __init__(self, seed: int | str, *names: object) -> None:
        self._key = "|".join(str(part) for part in (seed, *names))
        self._random = random.Random(self._key)

    def of(self, *names: object) -> "Chance":
        return Chance(self._key, *names)

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        return self._random.gauss(mean, deviation)

    def happens(self, probability: float) -> bool:
        return self._random.random() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, choices: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        weights = weights or [1.0] * len(choices)
        mark = self._random.random() * sum(weights)
        for choice, weight in zip(choices, weights, strict=True):
            mark -= weight
            if mark < 0:
                return choice
        return choices[-1]

    def poisson(self, mean: float) -> int:
        limit, product, count = math.exp(-mean), self._random.random(), 0
        while product > limit:
            product *= self._random.random()
            count += 1
        return count
