"""Figures that are no fractions: geometric means, powers, logarithms, the normal distribution."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules import enclosed
from kaohe.rules.base import AnyFigure, Figure, Inputs
from kaohe.rules.bounds import highest, lowest
from kaohe.rules.made import Made, each_of
from kaohe.rules.numbers import Array, Numbers
from kaohe.rules.wording import RATE, Term, Terms, number
from kaohe.rules.written import Exact


class GeometricMean(Made):
    """The root of the product: 0 as soon as one part is 0."""

    kind: Literal["geometric_mean"] = "geometric_mean"
    parts: tuple[AnyFigure, ...] = Field(min_length=1)

    def children(self) -> tuple[Figure, ...]:
        return self.parts

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return geometric_mean(parts, inputs.numbers)

    def formula(self, said: Sequence[str]) -> str:
        return f"（{' × '.join(said)}）的 {len(said)} 次方根" if len(said) > 1 else said[0]

    def best(self, full: Fraction) -> Fraction | None:
        inside = lowest(part.worst(full) for part in self.parts)
        return highest(part.best(full) for part in self.parts) if inside is not None and inside >= 0 else None

    def worst(self, full: Fraction) -> Fraction | None:
        return Fraction(0) if len(self.parts) > 1 else self.parts[0].worst(full)


def _log_doubles(values: Array) -> Array:
    """Of what is not above 0 there is none: whatever is made of it is none, either."""
    return np.asarray(np.log(np.where(values > 0, values, np.nan)))


def geometric_mean(parts: Sequence[Array], numbers: Numbers) -> Array:
    """The root of the product, exactly; of a product below 0 there is none and it counts as 0."""
    whole = reduce(lambda one, other: one * other, parts)
    return _root_of(whole, Fraction(1, len(parts)), numbers)


def _root_of(values: Array, to: Fraction, numbers: Numbers) -> Array:
    """`values ** to`; what is below 0 counts as 0 where the exponent is no whole number."""
    if to.denominator == 1:
        return each_of(values, numbers, lambda value: enclosed.power(value, to), lambda value: value ** float(to))
    return each_of(
        values,
        numbers,
        lambda value: enclosed.power(value, to) if enclosed.sign(value) > 0 else Fraction(0),
        lambda value: np.maximum(value, 0.0) ** float(to),
    )


class Power(Made):
    """`of` to an exponent; a negative figure counts as 0 where the exponent is no whole number."""

    kind: Literal["power"] = "power"
    of: AnyFigure
    to: Exact

    @model_validator(mode="after")
    def _above(self) -> Power:
        if self.to <= 0:
            raise ValueError("to 应大于 0")
        return self

    def children(self) -> tuple[Figure, ...]:
        return (self.of,)

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return _root_of(parts[0], self.to, inputs.numbers)

    def formula(self, said: Sequence[str]) -> str:
        return f"{said[0]} 的 {number(self.to)} 次方"


class Log(Made):
    """The logarithm, natural or to a base; ValueError of a figure that is not above 0."""

    kind: Literal["log"] = "log"
    of: AnyFigure
    base: Exact | None = None

    @model_validator(mode="after")
    def _a_base(self) -> Log:
        if self.base is not None and (self.base <= 0 or self.base == 1):
            raise ValueError("base 应大于 0，且不为 1")
        return self

    def children(self) -> tuple[Figure, ...]:
        return (self.of,)

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        found = each_of(parts[0], inputs.numbers, enclosed.ln, _log_doubles)
        if self.base is None:
            return found
        return found / (enclosed.ln(self.base) if inputs.numbers.exact else float(np.log(float(self.base))))

    def formula(self, said: Sequence[str]) -> str:
        return f"{said[0]} 的自然对数" if self.base is None else f"{said[0]} 以 {number(self.base)} 为底的对数"


class Normal(Made):
    """The share of a standard normal distribution below the figure."""

    kind: Literal["normal"] = "normal"
    of: AnyFigure

    def children(self) -> tuple[Figure, ...]:
        return (self.of,)

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return each_of(parts[0], inputs.numbers, enclosed.normal, _normal_doubles)

    def formula(self, said: Sequence[str]) -> str:
        return f"标准正态分布中低于 {said[0]} 的比例"

    def unit(self, terms: Terms) -> Term:
        return Term("", RATE)

    def best(self, full: Fraction) -> Fraction | None:
        return Fraction(1)

    def worst(self, full: Fraction) -> Fraction | None:
        return Fraction(0)


def _normal_doubles(values: Array) -> Array:
    from math import erf, sqrt

    return np.vectorize(lambda value: (1 + erf(value / sqrt(2))) / 2, otypes=[np.float64])(values)
