"""Rules that give points for how much there is: per unit, per project, scaled to the best."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from kaohe.rules.achievements import Tally, tally
from kaohe.rules.base import AnyFigure, Choice, Figure, Inputs, Options, Rule, look_at, parts_of, say_seen, says_reading
from kaohe.rules.branches import Branch, clause
from kaohe.rules.evidence import Achievement
from kaohe.rules.numbers import Array, safe_ratio
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.wording import Sentence, Term, Terms, number, points, quantity, term
from kaohe.rules.written import Exact


class PerUnit(Rule):
    """`each` points for every `per` of a value: whole steps only, started steps, or in proportion."""

    kind: Literal["per_unit"] = "per_unit"
    value: AnyFigure
    each: Exact
    per: Exact = Fraction(1)
    steps: Annotated[Choice, Options("proportional", "whole", "started")] = "proportional"

    def points(self, inputs: Inputs) -> Outcome:
        value, evidence, parts = look_at(self.value, inputs)
        number_of_steps = value / inputs.numbers.const(self.per)
        steps = inputs.choose(
            self.steps,
            {
                "proportional": lambda: number_of_steps,
                "whole": lambda: _whole(np.floor(number_of_steps), inputs),
                "started": lambda: _whole(np.ceil(number_of_steps), inputs),
            },
        )
        awarded = steps * inputs.numbers.const(self.each)
        quantities = {**evidence, "value": value, "steps": steps}
        return Outcome.whole(awarded, {**quantities, "counted": awarded}, parts)

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        return [clause(self.describe(terms)[0], outcome.points != 0), *super().branches(outcome, terms)]

    def children(self) -> tuple[Figure, ...]:
        return parts_of(self.value)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        about = self.value.unit(terms)
        whole = trace["value"] // self.per
        steps = [self.per * whole, self.per * (whole + 1)]  # a value short of a step is not said to reach it
        text = say_seen(self.value, trace, terms, steps)
        if about.name not in text:
            text += f"，{about.name} {quantity(trace['value'], about, apart_from=steps)}"
        each = points(self.each) if self.per == 1 else f"每 {quantity(self.per, about)} {points(self.each)}"
        return [Sentence(f"{text}；{each} × {number(trace['steps'])} = {points(trace['counted'])}")]

    def describe(self, terms: Terms) -> list[str]:
        about = self.value.unit(terms)
        ways = {"whole": "零头不计", "started": "零头按一次计", "proportional": ""}
        how = says_reading(self.steps, ways, "零头怎样计", terms)
        text = f"{self.value.called(terms)}：每 {quantity(self.per, about)} {points(self.each)}"
        return [text + (f"，{how}" if how else "")]

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        about = self.value.unit(terms)
        return [f"每 {quantity(self.per, about)} {points(self.each)}"]

    def best(self, full: Fraction) -> Fraction | None:
        return None

    def metrics(self) -> tuple[str, ...]:
        return self.value.metrics()


HOW_OFTEN = {"project": "每项", "kind": "每类", "multiple": "每满一次数额"}


def _vector(values: list[Tally]) -> Array:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _whole(values: Array, inputs: Inputs) -> Array:
    """Rounded steps as numbers of the inputs' kind (object floor gives Python ints)."""
    return values * inputs.numbers.const(1)


class ScaledToBest(Rule):
    """The best of the pool gets `top`, the others in proportion; or each its own sum, up to `top`."""

    kind: Literal["scaled_to_best"] = "scaled_to_best"
    value: AnyFigure
    top: Exact
    reading: Annotated[Choice, Options("best_scaled", "capped")] = "best_scaled"

    def points(self, inputs: Inputs) -> Outcome:
        value, evidence, parts = look_at(self.value, inputs)
        top = inputs.numbers.const(self.top)
        best = np.max(value, axis=-1, keepdims=True)
        none = inputs.numbers.full(value.shape)
        awarded = inputs.choose(
            self.reading,
            {
                "best_scaled": lambda: safe_ratio(inputs.numbers, value, best) * top,
                "capped": lambda: value,
            },
        )
        capped = inputs.choose(
            self.reading, {"best_scaled": lambda: none, "capped": lambda: np.maximum(value - top, none)}
        )
        quantities = {
            **evidence,
            "value": value,
            "reference": best,
            "reading": inputs.decided(self.reading),
        }
        return Outcome(awarded, none, capped, quantities, parts)

    def children(self) -> tuple[Figure, ...]:
        return parts_of(self.value)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        text = f"{say_seen(self.value, trace, terms)}；权重分合计 {number(trace['value'])}"
        if trace["reading"] == "capped":
            return [Sentence(f"{text}，按合计计分、最高 {points(self.top)}，得 {points(trace.points)}")]
        if trace["reference"] == 0:
            return [Sentence(f"{text}；各单位均为 0，不计分")]
        return [
            Sentence(
                f"{text}，最高的单位 {number(trace['reference'])} 计 {points(self.top)}，"
                f"按比例得 {points(trace.points)}"
            )
        ]

    def describe(self, terms: Terms) -> list[str]:
        ways = {"best_scaled": "最高的单位计满，其余按比例", "capped": "按合计计分，超出不计"}
        how = says_reading(self.reading, ways, "最高的单位计满、其余按比例，还是合计封顶", terms)
        return [f"{self.value.called(terms)}最高计 {points(self.top)}，{how}"]

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        said = f"权重分 {number(before['value'])} → {number(after['value'])}"
        if after["reading"] == "capped":
            return [f"{said}，每 1 计 1 分，最高 {points(self.top)}"]
        if after["value"] == after["reference"]:
            return [f"{said}，为最高，计 {points(self.top)}"]
        return [f"{said}，最高的单位 {number(after['reference'])} 计 {points(self.top)}，按比例"]

    def compares(self) -> bool:
        return True

    def best(self, full: Fraction) -> Fraction | None:
        return self.top

    def metrics(self) -> tuple[str, ...]:
        return self.value.metrics()


class CountedAmounts(Rule):
    """`each` points for every achievement whose amount reaches its kind's figure, in yuan.

    Or once for a kind however many there are (`kind`), or as often as the amount holds the figure (`multiple`).
    A title entered twice, even as two kinds, counts once.
    """

    kind: Literal["counted_amounts"] = "counted_amounts"
    at_least: dict[str, Exact] = Field(min_length=1)
    each: Exact
    count: Annotated[Choice, Options("project", "kind", "multiple")] = "project"

    def worth(self, row: Achievement) -> Fraction | None:
        """Points of one row; None where it is of another kind or does not reach the amount."""
        least = self.at_least.get(row.kind)
        return self.each if least is not None and row.amount is not None and row.amount >= least else None

    def _multiples(self, row: Achievement) -> Fraction | None:
        worth = self.worth(row)
        return None if worth is None or row.amount is None else worth * (row.amount // self.at_least[row.kind])

    def _of_kinds(self, counted: tuple[tuple[Achievement, Fraction], ...]) -> Fraction:
        """What they count where each kind counts once."""
        return self.each * len({row.kind for row, _ in counted})

    def points(self, inputs: Inputs) -> Outcome:
        rows = [[row for row in each if row.kind in self.at_least] for each in inputs.achievements()]
        projects = [tally(each, self.worth) for each in rows]
        multiples = [tally(each, self._multiples) for each in rows]
        kinds = [self._of_kinds(found.counted) for found in projects]
        array = inputs.numbers.array
        awarded = inputs.choose(
            self.count,
            {
                "project": lambda: array(each.sum for each in projects),
                "kind": lambda: array(kinds),
                "multiple": lambda: array(each.sum for each in multiples),
            },
        )
        tallies = {"project": projects, "kind": projects, "multiple": multiples}
        lists = inputs.choose(self.count, {name: partial(_vector, found) for name, found in tallies.items()})
        counted = np.array([len(each.counted) for each in projects], dtype=object)
        quantities = {"tally": lists, "projects": counted, "count": inputs.decided(self.count)}
        return Outcome.whole(awarded, quantities)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        money = Term("", "元")
        found: Tally = trace["tally"]
        shown = "、".join(f"《{row.title}》{quantity(row.amount, money)}" for row, _ in found.counted[:6])
        needed = "、".join(f"{term(terms, kind).name}{quantity(least, money)}" for kind, least in self.at_least.items())
        text = f"单项经费达到（{needed}）的项目 {trace['projects']} 项" + (f"：{shown}" if shown else "")
        return [Sentence(f"{text}；{HOW_OFTEN[trace['count']]}计 {points(self.each)}，得 {points(trace.points)}")]

    def describe(self, terms: Terms) -> list[str]:
        money = Term("", "元")
        needed = "、".join(
            f"{term(terms, kind).name} {quantity(least, money)}" for kind, least in self.at_least.items()
        )
        ways = {name: f"{often} {points(self.each)}" for name, often in HOW_OFTEN.items()}
        how = says_reading(self.count, ways, f"每项、每类还是每满一次数额计 {points(self.each)}", terms)
        return [f"单项经费达到以下数额的项目：{needed}；{how}；同一项目只计一次"]

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        return [clause(self.describe(terms)[0], outcome["projects"] > 0)]

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        return [f"达到数额的项目{HOW_OFTEN[after['count']]} {points(self.each)}"]

    def best(self, full: Fraction) -> Fraction | None:
        return None
