"""Figures made of figures by arithmetic; each says itself as the calculation it is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import AnyFigure, Figure, Inputs
from kaohe.rules.bounds import Range, added, highest, lowest
from kaohe.rules.made import Made, Ranged
from kaohe.rules.numbers import Array, middle, safe_ratio
from kaohe.rules.wording import DATE, RATE, Term, Terms, number
from kaohe.rules.written import Exact


class Product(Ranged, Made):
    """The parts multiplied."""

    kind: Literal["product"] = "product"
    parts: tuple[AnyFigure, ...] = Field(min_length=1)

    def children(self) -> tuple[Figure, ...]:
        return self.parts

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return reduce(lambda one, other: one * other, parts)

    def formula(self, said: Sequence[str]) -> str:
        return " × ".join(said)

    def range(self, full: Fraction) -> Range:
        return reduce(Range.times, (part.range(full) for part in self.parts))


class Difference(Made):
    """`of` less `less`."""

    kind: Literal["difference"] = "difference"
    of: AnyFigure
    less: AnyFigure

    def children(self) -> tuple[Figure, ...]:
        return (self.of, self.less)

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        of, less = parts
        return of - less

    def formula(self, said: Sequence[str]) -> str:
        return " − ".join(said)

    def unit(self, terms: Terms) -> Term:
        unit = self.of.unit(terms).unit
        return Term("", "天" if unit == DATE else unit)

    def best(self, full: Fraction) -> Fraction | None:
        return self.of.range(full).minus(self.less.range(full)).most

    def worst(self, full: Fraction) -> Fraction | None:
        return self.of.range(full).minus(self.less.range(full)).least


class Total(Made):
    """Values added up: what `sum` is for points, in the unit of the parts."""

    kind: Literal["added"] = "added"
    parts: tuple[AnyFigure, ...] = Field(min_length=1)

    def children(self) -> tuple[Figure, ...]:
        return self.parts

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return reduce(lambda one, other: one + other, parts)

    def formula(self, said: Sequence[str]) -> str:
        return " + ".join(said)

    def unit(self, terms: Terms) -> Term:
        return Term("", self.parts[0].unit(terms).unit)

    def best(self, full: Fraction) -> Fraction | None:
        return added(part.best(full) for part in self.parts)

    def worst(self, full: Fraction) -> Fraction | None:
        return added(part.worst(full) for part in self.parts)


class Best(Made):
    """The largest of the parts."""

    kind: Literal["best"] = "best"
    parts: tuple[AnyFigure, ...] = Field(min_length=1)

    def children(self) -> tuple[Figure, ...]:
        return self.parts

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return reduce(lambda one, other: inputs.numbers.where(np.asarray(other > one, dtype=bool), other, one), parts)

    def formula(self, said: Sequence[str]) -> str:
        return f"{'、'.join(said)} 中最大的"

    def unit(self, terms: Terms) -> Term:
        return Term("", self.parts[0].unit(terms).unit)

    def best(self, full: Fraction) -> Fraction | None:
        return reduce(Range.over, (part.range(full) for part in self.parts)).most

    def worst(self, full: Fraction) -> Fraction | None:
        return reduce(Range.over, (part.range(full) for part in self.parts)).least


class Median(Made):
    """The one in the middle of the parts in order; the mean of the two there of an even number."""

    kind: Literal["median"] = "median"
    parts: tuple[AnyFigure, ...] = Field(min_length=1)

    def children(self) -> tuple[Figure, ...]:
        return self.parts

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return middle(parts)

    def formula(self, said: Sequence[str]) -> str:
        return f"{'、'.join(said)} 的中位数"

    def unit(self, terms: Terms) -> Term:
        return Term("", self.parts[0].unit(terms).unit)

    def best(self, full: Fraction) -> Fraction | None:
        return reduce(Range.over, (part.range(full) for part in self.parts)).most

    def worst(self, full: Fraction) -> Fraction | None:
        return reduce(Range.under, (part.range(full) for part in self.parts)).least


class Worst(Made):
    """The smallest of the parts."""

    kind: Literal["worst"] = "worst"
    parts: tuple[AnyFigure, ...] = Field(min_length=1)

    def children(self) -> tuple[Figure, ...]:
        return self.parts

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return reduce(lambda one, other: inputs.numbers.where(np.asarray(other < one, dtype=bool), other, one), parts)

    def formula(self, said: Sequence[str]) -> str:
        return f"{'、'.join(said)} 中最小的"

    def unit(self, terms: Terms) -> Term:
        return Term("", self.parts[0].unit(terms).unit)

    def best(self, full: Fraction) -> Fraction | None:
        return reduce(Range.under, (part.range(full) for part in self.parts)).most

    def worst(self, full: Fraction) -> Fraction | None:
        return reduce(Range.under, (part.range(full) for part in self.parts)).least


class Average(Made):
    """The mean of any figures, perhaps weighted; `mean` of plain ratios keeps its own words."""

    kind: Literal["average"] = "average"
    parts: tuple[AnyFigure, ...] = Field(min_length=1)
    weights: tuple[Exact, ...] = ()

    @model_validator(mode="after")
    def _one_each(self) -> Average:
        if self.weights and (len(self.weights) != len(self.parts) or sum(self.weights) == 0):
            raise ValueError("weights 应与 parts 一样多，合计不为 0")
        return self

    def children(self) -> tuple[Figure, ...]:
        return self.parts

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        const = inputs.numbers.const
        weights = self.weights or (Fraction(1),) * len(parts)
        weighted = [part if weight == 1 else part * const(weight) for part, weight in zip(parts, weights, strict=True)]
        return reduce(lambda one, other: one + other, weighted) / const(sum(weights, Fraction(0)))

    def formula(self, said: Sequence[str]) -> str:
        if not self.weights:
            return f"（{' + '.join(said)}）÷ {len(said)}" if len(said) > 1 else said[0]
        weighted = " + ".join(f"{text} × {number(weight)}" for text, weight in zip(said, self.weights, strict=True))
        whole = sum(self.weights, Fraction(0))
        return weighted if whole == 1 else f"（{weighted}）÷ {number(whole)}"

    def unit(self, terms: Terms) -> Term:
        return Term("", self.parts[0].unit(terms).unit)

    def best(self, full: Fraction) -> Fraction | None:
        return highest(part.best(full) for part in self.parts) if self._inside() else None

    def worst(self, full: Fraction) -> Fraction | None:
        return lowest(part.worst(full) for part in self.parts) if self._inside() else None

    def _inside(self) -> bool:
        """Whether it lies between its parts: no weight is below 0."""
        return min(self.weights, default=Fraction(0)) >= 0


class Quotient(Made):
    """`of` divided by `to`, of any figures; 0 where `to` is 0. `ratio` of two metrics keeps its own words."""

    kind: Literal["quotient"] = "quotient"
    of: AnyFigure
    to: AnyFigure
    form: Literal["percent", "number"] = "percent"

    def children(self) -> tuple[Figure, ...]:
        return (self.of, self.to)

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        of, to = parts
        return safe_ratio(inputs.numbers, of, to)

    def formula(self, said: Sequence[str]) -> str:
        return " ÷ ".join(said)

    def unit(self, terms: Terms) -> Term:
        return Term("", RATE if self.form == "percent" else "")


class Change(Made):
    """How much `new` is above `old`, as a share of the magnitude of `old`; 0 where `old` is 0."""

    kind: Literal["change"] = "change"
    new: AnyFigure
    old: AnyFigure

    def children(self) -> tuple[Figure, ...]:
        return (self.new, self.old)

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        new, old = parts
        return safe_ratio(inputs.numbers, new - old, abs(old))

    def formula(self, said: Sequence[str]) -> str:
        return f"（{said[0]} − {said[1]}）÷ |{said[1]}|"

    def unit(self, terms: Terms) -> Term:
        return Term("", RATE)
