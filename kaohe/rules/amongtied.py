"""What a unit reached against those alone that it is level with: the small table of a league's tied teams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field

from kaohe.rules.after import says_part, term_of
from kaohe.rules.base import AnyFigure, Figure, Inputs
from kaohe.rules.bounds import Range
from kaohe.rules.folding import Folding, each_found, range_of
from kaohe.rules.made import Ranged
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.told import Told, together
from kaohe.rules.wording import Sentence, Term, Terms

WHERE_THERE = Folding(how="sum", missing="zero")
"""How what was reached against others is made one."""


class AmongTied(Ranged, Told):
    """`of` added up over those members of a dimension that are units level with the unit in every figure of `level`.

    The dimension's members are ids of units: a figure of one of them is what was reached against that unit. What was
    not handed in (against oneself, or not played yet) adds nothing.
    """

    kind: Literal["among_tied"] = "among_tied"
    of: AnyFigure
    level: tuple[AnyFigure, ...] = Field(min_length=1)
    each: str
    members: tuple[str, ...] = Field(default=(), exclude=True)

    def children(self) -> tuple[Figure, ...]:
        return (*self.level, *(self.of,) * len(self.members))

    def walk(self) -> Iterator[Figure]:
        yield self
        yield from self.of.walk()
        for each in self.level:
            yield from each.walk()

    def metrics(self) -> tuple[str, ...]:
        return ()

    def compares(self) -> bool:
        return True

    def moves_others(self) -> bool:
        return True

    def points(self, inputs: Inputs) -> Outcome:
        levels = [figure.points(inputs) for figure in self.level]
        times = [inputs.at(self.each, member) for member in self.members]
        against, _ = each_found(self.of, times, WHERE_THERE)
        laid = together([part.points for part in (*levels, *against)], inputs.size)
        where = {unit: place for place, unit in enumerate(inputs.units)}
        value, tied = inputs.numbers.full(inputs.size), {}
        for step, (member, points) in enumerate(zip(self.members, laid[len(levels) :], strict=True)):
            alike = self._alike(laid[: len(levels)], where.get(member))
            value = value + inputs.numbers.where(alike, points, 0)
            tied[f"tied{step}"] = alike
        return Outcome.whole(value, {**tied, "value": value}, (*levels, *against))

    def _alike(self, levels: Sequence[Any], place: int | None) -> Any:
        """Which units are level with one of them, but for itself."""
        out = np.zeros(levels[0].shape, dtype=bool)
        if place is None:
            return out
        out[...] = True
        for level in levels:
            out &= np.equal(level, level[..., place : place + 1]).astype(bool)
        out[..., place] = False
        return out

    def _levels(self, terms: Terms) -> str:
        return "、".join(figure.unit(terms).name or figure.called(terms) for figure in self.level)

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        parts = trace.parts[len(self.level) :]
        met = [
            f"对{term_of(terms, self.each, member)} {says_part(part, WHERE_THERE)}"
            for step, (member, part) in enumerate(zip(self.members, parts, strict=True))
            if trace[f"tied{step}"]
        ]
        name = self.of.unit(terms).name or self.of.called(terms)
        if not met:
            return f"没有{self._levels(terms)}相同的单位，{name}计"
        return f"只看{self._levels(terms)}相同的单位之间，{name}{'、'.join(met)}；合计"

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        return [Sentence(self.says(trace, terms), trace.confidential)]

    def called(self, terms: Terms) -> str:
        return f"{self._levels(terms)}相同的单位相互之间的{self.of.unit(terms).name or self.of.called(terms)}合计"

    def title(self, terms: Terms) -> str:
        return self.called(terms)

    def unit(self, terms: Terms) -> Term:
        return Term("", self.of.unit(terms).unit)

    def range(self, full: Fraction) -> Range:
        return range_of(self.of.range(full), len(self.members), WHERE_THERE)
