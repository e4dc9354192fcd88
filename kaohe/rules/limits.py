"""Bounds and rounding, which may stand on any figure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules import enclosed
from kaohe.rules.base import AnyFigure, Figure, Inputs, Strict
from kaohe.rules.bounds import Range
from kaohe.rules.branches import Branch, clause
from kaohe.rules.made import Ranged, each_of
from kaohe.rules.numbers import Array, Numbers
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.plain import Unlimited, unlimited
from kaohe.rules.wording import Sentence, Term, Terms, number, points, quantity
from kaohe.rules.written import Exact, exact_number


class Rounding(Strict):
    """To which step a figure is rounded, and how: see `enclosed.Rounding`."""

    to: Exact = Field(gt=0)
    how: enclosed.Rounding = "half_up"

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
        return f"截去 {to} 以下" if self.how == "truncate" else f"{WAYS[self.how]}到 {to}"


WAYS = {
    "half_up": "四舍五入",
    "half_even": "四舍六入五成双",
    "half_down": "五舍六入",
    "half_ceil": "四舍五入（恰为一半的向上）",
    "half_floor": "四舍五入（恰为一半的向下）",
    "floor": "向下取",
    "ceil": "向上取",
    "truncate": "截去尾数取",
    "away": "有尾数即进一取",
}
"""Ways of rounding in words, before what it is rounded to."""


def _rounded_doubles(steps: Array, how: str) -> Array:
    ways: dict[str, Any] = {
        "half_up": lambda: np.sign(steps) * np.floor(np.abs(steps) + 0.5),
        "half_even": lambda: np.rint(steps),
        "half_down": lambda: np.sign(steps) * np.ceil(np.abs(steps) - 0.5),
        "half_ceil": lambda: np.floor(steps + 0.5),
        "half_floor": lambda: np.ceil(steps - 0.5),
        "floor": lambda: np.floor(steps),
        "ceil": lambda: np.ceil(steps),
        "truncate": lambda: np.trunc(steps),
        "away": lambda: np.sign(steps) * np.ceil(np.abs(steps)),
    }
    return np.asarray(ways[how]())


class Limit(Ranged):
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

    def range(self, full: Fraction) -> Range:
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
