"""Figures that look at other items of the tree: their points, what they can attain, those of years before."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from kaohe.rules.base import Inputs, Value
from kaohe.rules.numbers import Array, total
from kaohe.rules.outcome import Trace
from kaohe.rules.wording import Term, Terms, number


def item_key(name: str) -> str:
    """Under what an item of the tree stands among the terms."""
    return f"item:{name}"


class Score(Value):
    """Another item's points, or its `raw` figure before what follows after it; `ago` years before."""

    kind: Literal["score"] = "score"
    of: str
    stage: Literal["points", "raw"] = "points"
    ago: int = Field(default=0, ge=0)

    def of_units(self, inputs: Inputs) -> Array:
        return (inputs.earlier(self.ago) if self.ago else inputs).score(self.of, self.stage)

    def pooled(self, inputs: Inputs) -> Array:
        return total(self.of_units(inputs))

    def compares(self) -> bool:
        return True

    def moves_others(self) -> bool:
        return True

    def unit(self, terms: Terms) -> Term:
        name = terms.get(item_key(self.of), Term(self.of)).name
        when = {0: "", 1: "上一年"}.get(self.ago, f"{self.ago} 年前")
        return Term(f"{when}{name}" + ("（折算前）" if self.stage == "raw" else ""), "分")

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return f"{self.unit(terms).name} {number(trace.points, apart_from=apart_from)}"


class Attainable(Value):
    """What a unit could attain under an item on paper."""

    kind: Literal["attainable"] = "attainable"
    of: str

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.score(self.of, "attainable")

    def unit(self, terms: Terms) -> Term:
        return Term(f"{terms.get(item_key(self.of), Term(self.of)).name}可得的满分", "分")

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return f"{self.unit(terms).name} {number(trace.points, apart_from=apart_from)}"
