"""Figures made of figures by arithmetic; each says itself as the calculation it is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules import enclosed
from kaohe.rules.base import AnyFigure, Exact, Figure, Inputs, Strict, exact_number
from kaohe.rules.bounds import Range, added, highest, lowest
from kaohe.rules.branches import Branch, clause
from kaohe.rules.made import Made, each_of
from kaohe.rules.numbers import Array, Numbers, middle, safe_ratio
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.plain import Unlimited, unlimited
from kaohe.rules.wording import DATE, RATE, Sentence, Term, Terms, number, points, quantity


class Product(Made):
    """The parts multiplied."""

    kind: Literal["product"] = "product"
    parts: tuple[AnyFigure, ...] = Field(min_length=1)

    def children(self) -> tuple[Figure, ...]:
        return self.parts

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return reduce(lambda one, other: one * other, parts)

    def formula(self, said: Sequence[str]) -> str:
        return " × ".join(said)

    def best(self, full: Fraction) -> Fraction | None:
        return self._range(full).most

    def worst(self, full: Fraction) -> Fraction | None:
        return self._range(full).least

    def _range(self, full: Fraction) -> Range:
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
        found = each_of(parts[0], inputs.numbers, enclosed.ln, np.log)
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


class Rounding(Strict):
    """To which step a figure is rounded, and how: halves up, to the even; down, up, towards 0."""

    to: Exact = Field(gt=0)
    how: Literal["half_up", "half_even", "floor", "ceil", "truncate"] = "half_up"

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return value if isinstance(value, dict | Rounding) else {"to": exact_number(value)}

    def of(self, values: Array, numbers: Numbers) -> Array:
        step = self.to
        if numbers.exact:
            return each_of(values, numbers, lambda value: enclosed.rounded(value, step, self.how), None)
        return _rounded_doubles(np.asarray(values, dtype=np.float64) / float(step), self.how) * float(step)

    def range(self, of: Range) -> Range:
        """Between what it can lie once rounded."""
        ends = (None if each is None else enclosed.rounded(each, self.to, self.how) for each in of)
        return Range(*ends)

    @property
    def says(self) -> str:
        to = number(self.to, 30)
        ways = {
            "half_up": f"四舍五入到 {to}",
            "half_even": f"四舍六入五成双到 {to}",
            "floor": f"向下取到 {to}",
            "ceil": f"向上取到 {to}",
            "truncate": f"截去 {to} 以下",
        }
        return ways[self.how]


def _rounded_doubles(steps: Array, how: str) -> Array:
    if how == "half_even":
        return np.asarray(np.rint(steps))
    if how == "half_up":
        return np.asarray(np.sign(steps) * np.floor(np.abs(steps) + 0.5))
    return np.asarray({"floor": np.floor, "ceil": np.ceil, "truncate": np.trunc}[how](steps))


class Limit(Figure):
    """A figure held between `at_least` and `at_most`, then rounded: what stands on any figure beside its own fields."""

    kind: Literal["limit"] = "limit"
    of: AnyFigure
    at_least: AnyFigure | None = None
    at_most: AnyFigure | None = None
    round: Rounding | None = None

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        held = {"at_least": ("最少", "raised"), "at_most": ("最多", "over")}
        limits = {name: limit for name in held if (limit := getattr(self, name)) is not None}
        return [
            *super().branches(outcome, terms),
            *(
                clause(f"{held[name][0]} {limit.called(terms)}", outcome[held[name][1]] > 0)
                for name, limit in limits.items()
                if not isinstance(limit, Unlimited)
            ),
        ]

    def children(self) -> tuple[Figure, ...]:
        return (self.of, *(each for each in (self.at_least, self.at_most) if each is not None))

    def points(self, inputs: Inputs) -> Outcome:
        of = self.of.points(inputs)
        parts, value, raised, capped = [of], of.points, 0 * of.points, 0 * of.points
        quantities: dict[str, Any] = {"value": value}
        if self.at_least is not None:
            least = self.at_least.points(inputs)
            parts.append(least)
            raised = held_up(value, least.points, unlimited(self.at_least, inputs), inputs.numbers)
            value = value + raised
        if self.at_most is not None:
            most = self.at_most.points(inputs)
            parts.append(most)
            capped = held_down(value, most.points, unlimited(self.at_most, inputs), inputs.numbers)
            value = value - capped
        rounded = value if self.round is None else self.round.of(value, inputs.numbers)
        quantities |= {"raised": raised, "over": capped, "before": value, "rounded": rounded}
        awarded = of.awarded + raised + (rounded - value)
        return Outcome(awarded, of.deducted + 0 * value, of.capped + capped, quantities, tuple(parts))

    def of_units(self, inputs: Inputs) -> Array:
        return self.points(inputs).points

    def pooled(self, inputs: Inputs) -> Array:
        return self.of.pooled(inputs)

    def held_words(self, trace: Trace, terms: Terms) -> list[str]:
        out = []
        if self.at_least is not None and trace["raised"] > 0:
            out.append(f"最少 {self.at_least.says(trace.parts[1], terms)}，不足的按此计")
        if self.at_most is not None and trace["over"] > 0:
            most = trace.parts[1 if self.at_least is None else 2]
            out.append(f"最多 {self.at_most.says(most, terms)}，超出的 {number(trace['over'])} 不计")
        if self.round is not None:
            out.append(f"{self.round.says}，为 {quantity(trace['rounded'], self.unit(terms))}")
        return out

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        of = self.of.words(trace.parts[0], terms)
        secret = trace.confidential
        return [*of, *(Sentence(text, secret) for text in self.held_words(trace, terms))]

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return "，".join([self.of.says(trace.parts[0], terms, apart_from), *self.held_words(trace, terms)])

    def describe(self, terms: Terms) -> list[str]:
        out = self.of.describe(terms)
        if self.at_least is not None and not isinstance(self.at_least, Unlimited):
            out = [*out, f"最少 {self.at_least.called(terms)}"]
        if self.at_most is not None and not isinstance(self.at_most, Unlimited):
            out = [*out, f"最多 {self.at_most.called(terms)}"]
        return [*out, *([self.round.says] if self.round else [])]

    def called(self, terms: Terms) -> str:
        return "，".join([self.of.called(terms), *self.describe(terms)[len(self.of.describe(terms)) :]])

    def unit(self, terms: Terms) -> Term:
        return self.of.unit(terms)

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        won = (
            self.of.won(before.parts[0], after.parts[0], terms)
            if before.parts[0].points != after.parts[0].points
            else []
        )
        return [*won, *([f"最多 {points(after.points)}，超出的不计"] if after["over"] > 0 else [])]

    def best(self, full: Fraction) -> Fraction | None:
        return self._range(full).most

    def worst(self, full: Fraction) -> Fraction | None:
        return self._range(full).least

    def _range(self, full: Fraction) -> Range:
        found = self.of.range(full)
        if self.at_least is not None:
            found = found.over(self.at_least.range(full))
        if self.at_most is not None:
            found = found.under(self.at_most.range(full))
        return found if self.round is None else self.round.range(found)


def held_down(value: Array, most: Array, without: Array, numbers: Numbers) -> Array:
    """How far `value` lies above `most`; 0 where there is no limit."""
    over = value - most
    return numbers.where(np.asarray(over > 0, dtype=bool) & ~without, over, 0)


def held_up(value: Array, least: Array, without: Array, numbers: Numbers) -> Array:
    """How far `value` lies below `least`; 0 where there is no limit."""
    return held_down(-value, -least, without, numbers)


LIMITS = ("at_least", "at_most", "round")
