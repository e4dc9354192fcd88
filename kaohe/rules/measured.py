"""Points for how much there is: so much for each step away from a starting figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from kaohe.rules import enclosed
from kaohe.rules.base import AnyFigure, Choice, Figure, Inputs, Options, says_reading
from kaohe.rules.made import each_of
from kaohe.rules.numbers import Array, safe_ratio
from kaohe.rules.outcome import Trace
from kaohe.rules.plain import Number, fixed_number
from kaohe.rules.told import Told, together
from kaohe.rules.wording import DATE, Term, Terms, number, quantity

SIDES = {"above": "高于", "below": "低于", "both": "相差"}
STEPS = {"whole": "不足一步的不计", "started": "不足一步的按一步计", "proportional": "按比例计"}


class Measured(Told):
    """`per_unit` in its general form: `start` plus `each` for every `per` the value lies `below` or `above` `from`.

    `side: both`: above it adds, below it takes away. Steps are whole, started, or in proportion.
    """

    written: ClassVar[str] = "per_unit"
    kind: Literal["measured"] = "measured"
    start: AnyFigure = Field(default_factory=lambda: Number(value=0))
    value: AnyFigure
    origin: AnyFigure = Field(default_factory=lambda: Number(value=0), alias="from")
    side: Literal["above", "below", "both"] = "above"
    per: AnyFigure = Field(default_factory=lambda: Number(value=1))
    each: AnyFigure
    steps: Annotated[Choice, Options("proportional", "whole", "started")] = "proportional"

    def children(self) -> tuple[Figure, ...]:
        return (self.start, self.value, self.origin, self.per, self.each)

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        start, value, origin, per, each = together(parts, inputs.size)
        numbers = inputs.numbers
        far = origin - value if self.side == "below" else value - origin
        if self.side != "both":
            far = numbers.where(np.asarray(far > 0, dtype=bool), far, 0)
        raw = safe_ratio(numbers, far, per)
        ways: dict[str, Callable[[], Array]] = {
            "proportional": lambda: raw,
            "whole": partial(_rounded, raw, "truncate", inputs),
            "started": partial(_rounded, raw, "ceil", inputs),
        }
        steps = inputs.choose(self.steps, ways)
        quantities = {"looked": value, "origin": origin, "far": far, "per": per, "each": each, "start": start}
        return start + steps * each, {**quantities, "steps": steps, "how": inputs.decided(self.steps)}

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        about = self.value.unit(terms)
        origin, far, per = (quantity(trace[name], _bare(about)) for name in ("origin", "far", "per"))
        text = said[1]
        zero = fixed_number(self.origin) == 0
        if trace["far"] == 0:
            side = "" if self.side == "both" or zero else f"，没有{SIDES[self.side]} {origin}"
            return f"{text}{side}，计"
        if not zero:
            text += f"，{SIDES[self.side]} {origin} {far}"
        way = "" if trace["how"] == "proportional" else f"（{STEPS[trace['how']]}）"
        start = "" if fixed_number(self.start) == 0 else f"{number(trace['start'])} + "
        steps = number(trace["steps"])
        return f"{text}，每 {per} 为一步，计 {steps} 步{way}；{start}{steps} × {_signed(trace['each'])} ="

    def called(self, terms: Terms) -> str:
        about = _bare(self.value.unit(terms))

        def amount(figure: Figure) -> str:
            fixed = fixed_number(figure)
            return figure.called(terms) if fixed is None else quantity(fixed, about)

        zero = fixed_number(self.origin) == 0
        side = "" if zero else f"{SIDES[self.side]} {amount(self.origin)} 的部分，"
        start = "" if fixed_number(self.start) == 0 else f"从 {self.start.called(terms)} 起，"
        how = says_reading(self.steps, STEPS, "零头怎样计", terms)
        return f"{start}{self.value.called(terms)}：{side}每 {amount(self.per)} 计 {self.each.called(terms)} 分，{how}"

    def title(self, terms: Terms) -> str:
        return "按数量计分"

    def unit(self, terms: Terms) -> Term:
        return Term("", "分")

    def best(self, full: Fraction) -> Fraction | None:
        each = self.each.best(full)
        return self.start.best(full) if self._one_way() and each is not None and each <= 0 else None

    def worst(self, full: Fraction) -> Fraction | None:
        each = self.each.worst(full)
        return self.start.worst(full) if self._one_way() and each is not None and each >= 0 else None

    def _one_way(self) -> bool:
        per = fixed_number(self.per)
        return self.side != "both" and per is not None and per > 0


def _bare(about: Term) -> Term:
    """Distances between days are days."""
    return Term("", "天") if about.unit == DATE else Term("", about.unit)


def _signed(value: Any) -> str:
    text = number(value)
    return f"（{text.replace('-', '−')}）" if text.startswith("-") else text


def _rounded(values: Array, how: Any, inputs: Inputs) -> Array:
    """Whole steps; started ones away from 0."""
    if not inputs.numbers.exact:
        away = np.sign(values) * np.ceil(np.abs(values))
        return np.asarray(np.trunc(values) if how == "truncate" else away)

    def one(value: Any) -> Fraction:
        if how == "ceil" and enclosed.sign(value) < 0:
            return -enclosed.rounded(-value, Fraction(1), "ceil")
        return enclosed.rounded(value, Fraction(1), how)

    return each_of(values, inputs.numbers, one, None)
