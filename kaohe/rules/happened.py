"""Events that cost or give points, each by its class."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import AnyFigure, Figure, Inputs
from kaohe.rules.branches import Branch, clause
from kaohe.rules.evidence import Incident
from kaohe.rules.numbers import Array
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.plain import Number, fixed_number
from kaohe.rules.told import Told
from kaohe.rules.wording import Term, Terms, number
from kaohe.rules.written import Exact


class Events(Told):
    """`start` plus `each` for every event inside the window, or by its class (`classes: {严重: -5}`).

    A row that names points itself (within the discretion of who decided) counts these, with the sign of its class.
    """

    kind: Literal["events"] = "events"
    start: AnyFigure = Field(default_factory=lambda: Number(value=0))
    each: Exact | None = None
    classes: dict[str, Exact] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _some(self) -> Events:
        if self.each is None and not self.classes:
            raise ValueError("应写 each（每起计多少，扣分写负数）或 classes（各类各计多少）")
        return self

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        own = clause(self.called(terms), outcome["count"] > 0)
        return [own, *super().branches(outcome, terms)]

    def children(self) -> tuple[Figure, ...]:
        return (self.start,)

    def worth(self, row: Incident) -> Fraction:
        """What one row counts."""
        each = self.classes.get(row.class_, self.each)
        if row.points is not None:
            costs = (min(self.classes.values()) if each is None else each) < 0
            return -row.points if costs else row.points
        return (each or Fraction(0)) * row.count

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        count = inputs.incident_sum(lambda row: row.count)
        cost = inputs.incident_sum(self.worth)
        rows = np.empty(inputs.size, dtype=object)
        rows[:] = [tuple(each) for each in inputs.incidents()]
        return parts[0] + cost, {"incidents": rows, "count": count, "cost": cost, "start": parts[0]}

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        if not trace["incidents"]:
            return "考核期内没有这类事件，计"
        each = []
        for row in trace["incidents"]:
            name = f"{terms.get(f'incident:{row.class_}', Term(row.class_)).name} " if row.class_ else ""
            each.append(f"{row.note or '事件'} {name}{number(row.count)} 起 {number(self.worth(row))}")
        text = f"考核期内的事件 {number(trace['count'])} 起：{'、'.join(each)}，合计 {number(trace['cost'])}"
        if fixed_number(self.start) == 0:
            return f"{text}，计"
        cost = number(abs(trace["cost"]))
        return f"{text}；{number(trace['start'])} {'−' if trace['cost'] < 0 else '+'} {cost} ="

    def called(self, terms: Terms) -> str:
        classes = [
            f"{terms.get(f'incident:{name}', Term(name)).name} {number(worth)}" for name, worth in self.classes.items()
        ]
        each = [*classes, *([f"{'其余' if classes else ''}每起 {number(self.each)}"] if self.each is not None else [])]
        start = "" if fixed_number(self.start) == 0 else f"从 {self.start.called(terms)} 起，"
        return f"{start}考核期内的事件：{'、'.join(each)} 分"

    def title(self, terms: Terms) -> str:
        return "事件计分"

    def unit(self, terms: Terms) -> Term:
        return Term("", "分")

    def _worths(self) -> list[Fraction]:
        return [*self.classes.values(), *([self.each] if self.each is not None else [])]

    def best(self, full: Fraction) -> Fraction | None:
        return self.start.best(full) if max(self._worths()) <= 0 else None

    def worst(self, full: Fraction) -> Fraction | None:
        return self.start.worst(full) if min(self._worths()) >= 0 else None
