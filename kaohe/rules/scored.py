"""Figures that look at other items of the tree: their points, what they can attain, those of years before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import Inputs, Value
from kaohe.rules.conditions import COMPARED, Fact
from kaohe.rules.numbers import Array, safe_ratio, total
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.wording import RATE, Sentence, Term, Terms, number, percent
from kaohe.rules.written import Exact

MOST_NAMED = 8
"""More items than that are counted, not named."""


def item_key(name: str) -> str:
    """Under what an item of the tree stands among the terms."""
    return f"item:{name}"


class OfItem(Value):
    """A figure that looks at an item of the tree: whoever has it turns on what that item turns on."""

    of: str

    def item(self, terms: Terms) -> str:
        """What the item is called."""
        return terms.get(item_key(self.of), Term(self.of)).name


class OfPoints(OfItem):
    """One that looks at what an item, or what stands under it, was given: points may rest on what others reached."""

    def pooled(self, inputs: Inputs) -> Array:
        return total(self.of_units(inputs))

    def compares(self) -> bool:
        return True

    def moves_others(self) -> bool:
        return True


def turns_on_items(part: Any) -> bool:
    """Whether a part looks at an item of the tree itself, not deeper in: a figure, or who is last or graded so."""
    return isinstance(part, OfItem) or (isinstance(part, Fact) and part.fact in ("last", "grade") and not part.ago)


def points_asked(part: Any) -> str:
    """The item whose points a part looks at itself; empty where there is none, or it is what a whole group goes by."""
    if isinstance(part, OfPoints):
        return part.of
    return part.name if isinstance(part, Fact) and part.fact == "last" else ""


class Score(OfPoints):
    """Another item's points, or its `raw` figure before what follows after it; `ago` years before."""

    kind: Literal["score"] = "score"
    stage: Literal["points", "raw"] = "points"
    ago: int = Field(default=0, ge=0)

    def of_units(self, inputs: Inputs) -> Array:
        return (inputs.earlier(self.ago) if self.ago else inputs).score(self.of, self.stage)

    def rests_on(self, who: Mapping[str, str]) -> frozenset[str]:
        return frozenset() if self.ago else frozenset({self.of})

    def unit(self, terms: Terms) -> Term:
        when = {0: "", 1: "上一年"}.get(self.ago, f"{self.ago} 年前")
        return Term(f"{when}{self.item(terms)}" + ("（折算前）" if self.stage == "raw" else ""), "分")

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return f"{self.unit(terms).name} {number(trace.points, apart_from=apart_from)}"


class Attainable(OfItem):
    """What a unit could attain under an item on paper."""

    kind: Literal["attainable"] = "attainable"

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.score(self.of, "attainable")

    def unit(self, terms: Terms) -> Term:
        return Term(f"{self.item(terms)}可得的满分", "分")

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return f"{self.unit(terms).name} {number(trace.points, apart_from=apart_from)}"


class CountItems(OfPoints):
    """How many scored items under an item of the tree have so many points, or such a share of their full mark.

    Only items that apply to the unit, and by share only those with a full mark; `form`: their number, or their share of
    all of them.
    """

    kind: Literal["count_items"] = "count_items"
    by: Literal["share", "points"] = "share"
    at_least: Exact | None = None
    above: Exact | None = None
    at_most: Exact | None = None
    below: Exact | None = None
    equals: Exact | None = None
    form: Literal["count", "share"] = Field(default="count", alias="as")

    @model_validator(mode="after")
    def _bounded(self) -> CountItems:
        if not self.bounds:
            raise ValueError(f"应写界限：{'、'.join(COMPARED)} 之一")
        return self

    @property
    def bounds(self) -> dict[str, Fraction]:
        return {name: bound for name in COMPARED if (bound := getattr(self, name)) is not None}

    def of_units(self, inputs: Inputs) -> Array:
        return self.points(inputs).points

    def points(self, inputs: Inputs) -> Outcome:
        numbers, leaves = inputs.numbers, inputs.leaves(self.of)
        count, all_of_them = numbers.full(inputs.size), numbers.full(inputs.size)
        shown = {}
        for leaf in leaves:
            has, value = inputs.score(leaf, "known"), inputs.score(leaf, "points")
            if self.by == "share":
                full = inputs.score(leaf, "full")
                value, has = safe_ratio(numbers, value, full), has & np.not_equal(full, 0).astype(bool)
            bounds = ((COMPARED[name][1], numbers.const(bound)) for name, bound in self.bounds.items())
            met = has & np.all([np.asarray(holds(value, bound), dtype=bool) for holds, bound in bounds], axis=0)
            count, all_of_them = count + numbers.where(met, 1, 0), all_of_them + numbers.where(has, 1, 0)
            shown[item_key(leaf)] = met
        value = count if self.form == "count" else safe_ratio(numbers, count, all_of_them)
        return Outcome.whole(value, {**shown, "count": count, "of": all_of_them, "value": value})

    def _which(self, terms: Terms) -> str:
        said = (percent if self.by == "share" else number, "得分率" if self.by == "share" else "得分")
        signs = "且 ".join(f"{COMPARED[name][0]} {said[0](bound)}" for name, bound in self.bounds.items())
        return f"{self.item(terms)}各项中{said[1]} {signs} 的"

    def called(self, terms: Terms) -> str:
        return f"{self._which(terms)}{'项数' if self.form == 'count' else '项所占比例'}"

    def unit(self, terms: Terms) -> Term:
        return Term(self.called(terms), "项" if self.form == "count" else RATE)

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        names = [terms[key].name for key, met in trace.quantities.items() if key.startswith(item_key("")) and met]
        named = f"（{'、'.join(names)}）" if 0 < len(names) <= MOST_NAMED else ""
        text = f"{self._which(terms)}有 {number(trace['count'])} 项{named}"
        return text if self.form == "count" else f"{text}，占 {number(trace['of'])} 项的 {percent(trace.points)}"

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        return [Sentence(self.says(trace, terms))]  # the figure is in it
