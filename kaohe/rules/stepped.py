"""Points by bands in their general form: bounds that are figures, conditions, points or shares of the full mark."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import AnyFigure, Figure, Inputs, Strict
from kaohe.rules.bounds import highest, lowest
from kaohe.rules.branches import Branch, taken_bands
from kaohe.rules.conditions import COMPARED, AnyCondition, Condition
from kaohe.rules.numbers import Array, mean, safe_ratio
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.plain import fixed_number
from kaohe.rules.told import Told, together
from kaohe.rules.wording import RATE, Term, Terms, number, percent, quantity
from kaohe.rules.written import Exact

Take = Literal["best", "first", "last"]
TAKEN = {
    "best": "符合几档的，取最高的一档",
    "first": "符合几档的，取写在前面的一档",
    "last": "符合几档的，取写在后面的一档",
}
AGAINST = {"mean": "平均", "best": "最高"}


class GeneralBand(Strict):
    """What counts between bounds, or when a condition holds: `points`, or a `share` of the full mark."""

    at_least: AnyFigure | None = None
    above: AnyFigure | None = None
    at_most: AnyFigure | None = None
    below: AnyFigure | None = None
    equals: AnyFigure | None = None
    when: AnyCondition | None = None
    points: AnyFigure | None = None
    share: Exact | None = None

    @model_validator(mode="after")
    def _whole(self) -> GeneralBand:
        if (self.points is None) == (self.share is None):
            raise ValueError("每一档应写 points（得分）或 share（占满分的比例），二者取一")
        if not self.bounds and self.when is None:
            raise ValueError(f"每一档至少要有一个界限（{'、'.join(COMPARED)}）或 when（什么情况下）")
        return self

    @property
    def bounds(self) -> dict[str, Figure]:
        return {name: bound for name in COMPARED if (bound := getattr(self, name)) is not None}

    def figures(self) -> tuple[Figure, ...]:
        """Its bounds, then its points."""
        return (*self.bounds.values(), *([self.points] if self.points is not None else []))

    def given(self, full: Fraction, which: str) -> Fraction | None:
        """The most (`best`) or the least (`worst`) it gives on paper."""
        if self.points is None:
            return full * (self.share or 0)
        found: Fraction | None = getattr(self.points, which)(full)
        return found


class Stepped(Told):
    """`steps` with bounds that are figures, conditions, shares of the full mark, or another way to take a band.

    `against`: bounds are shares of that figure, or of the pool's mean or best; where it is 0, no band is reached.
    """

    written: ClassVar[str] = "steps"
    kind: Literal["stepped"] = "stepped"
    value: AnyFigure | None = None
    bands: tuple[GeneralBand, ...] = Field(min_length=1)
    against: Literal["mean", "best"] | AnyFigure | None = None
    take: Take = "best"
    otherwise: AnyFigure | None = Field(default=None, alias="else")

    @model_validator(mode="after")
    def _looks(self) -> Stepped:
        if self.value is None and (self.against is not None or any(band.bounds for band in self.bands)):
            raise ValueError("有界限的档要写 value（看什么数）")
        return self

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        said = [f"{self._met(band, terms)} 计 {self._gives(band, terms)}" for band in self.bands]
        return [*taken_bands(said, outcome["band"]), *super().branches(outcome, terms)]

    def children(self) -> tuple[Figure, ...]:
        figures = [self.value, self.against if not isinstance(self.against, str) else None]
        bands = [figure for band in self.bands for figure in band.figures()]
        return tuple(each for each in (*figures, *bands, self.otherwise) if each is not None)

    def conditions(self) -> tuple[Condition, ...]:
        return tuple(band.when for band in self.bands if band.when is not None)

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        numbers, rest = inputs.numbers, iter(together(parts, inputs.size))
        shown: dict[str, Any] = {}
        usable: Any = True
        value = next(rest) if self.value is not None else numbers.full(inputs.size)
        measured = value
        if self.against is not None:
            against = self._against(value) if isinstance(self.against, str) else next(rest)
            usable = np.not_equal(against, 0).astype(bool)
            measured = safe_ratio(numbers, value, against)
            shown |= {"against": against, "ratio": measured}
        none = len(self.bands)
        out, band = numbers.full(value.shape), np.full(value.shape, none)
        for place, each in enumerate(self.bands):
            met = reduce(
                lambda one, other: one & other,
                [np.asarray(COMPARED[name][1](measured, next(rest)), dtype=bool) for name in each.bounds],
                np.broadcast_to(np.asarray(usable), value.shape),
            )
            if each.when is not None:
                met = met & each.when.holds(inputs)
            given = next(rest) if each.points is not None else inputs.full * numbers.const(each.share or 0)
            better = np.asarray(given > out, dtype=bool) if self.take == "best" else np.array(self.take == "last")
            taken = met & ((band == none) | better)
            out, band = numbers.where(taken, given, out), np.where(taken, place, band)
        if self.otherwise is not None:
            out = numbers.where(band == none, next(rest), out)
        return out, {"looked": value, **shown, "band": band}

    def _against(self, value: Array) -> Array:
        """The pool's figure, for each unit."""
        found = mean(value) if self.against == "mean" else np.max(value, axis=-1, keepdims=True)
        return np.asarray(np.broadcast_to(found, value.shape))

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        text = [] if self.value is None else [said[0]]
        bounds = [fixed for band in self.bands for each in band.bounds.values() if (fixed := fixed_number(each))]
        if self.against is not None:
            name = f"各单位{AGAINST[self.against]}" if isinstance(self.against, str) else self.against.called(terms)
            about = self.value.unit(terms) if self.value is not None else Term("")
            ratio = percent(trace["ratio"], apart_from=bounds)
            text.append(f"{name}为 {quantity(trace['against'], about)}，相当于其 {ratio}")
        if trace["band"] == len(self.bands):
            what = "未进入任何一档" if self.otherwise is None else "不在以上各档，按其余"
            return "；".join([*text, f"{what}，计"])
        band = self.bands[trace["band"]]
        share = f"（满分的 {percent(band.share)}）" if band.share is not None else ""
        return "；".join([*text, f"符合“{self._met(band, terms)}”，计{share}"])

    def _met(self, band: GeneralBand, terms: Terms) -> str:
        about = Term("", RATE) if self.against is not None else self.value.unit(terms) if self.value else Term("")

        def said(bound: Figure) -> str:
            fixed = fixed_number(bound)
            return bound.called(terms) if fixed is None else quantity(fixed, about)

        signs = [f"{COMPARED[name][0]}{said(bound)}" for name, bound in band.bounds.items()]
        return " 且 ".join([*signs, *([band.when.called(terms)] if band.when is not None else [])])

    def _gives(self, band: GeneralBand, terms: Terms) -> str:
        if band.points is None:
            return f"满分的 {percent(band.share)}"
        said = band.points.called(terms)
        return said if fixed_number(band.points) is None else f"{said} 分"

    def called(self, terms: Terms) -> str:
        offered = "；".join(f"{self._met(band, terms)} 计 {self._gives(band, terms)}" for band in self.bands)
        name = "" if self.value is None else f"{self.value.called(terms)}："
        if self.against is not None:
            of = f"各单位{AGAINST[self.against]}" if isinstance(self.against, str) else self.against.called(terms)
            name = f"{name[:-1]}，相当于{of}的："
        rest = "" if self.otherwise is None else f"；其余计 {self.otherwise.called(terms)}"
        return name + offered + rest + (f"；{TAKEN[self.take]}" if len(self.bands) > 1 else "")

    def title(self, terms: Terms) -> str:
        return "按档计分"

    def unit(self, terms: Terms) -> Term:
        return Term("", "分")

    def compares(self) -> bool:
        return isinstance(self.against, str) or super().compares()

    def moves_others(self) -> bool:
        return isinstance(self.against, str) or super().moves_others()

    def best(self, full: Fraction) -> Fraction | None:
        rest = Fraction(0) if self.otherwise is None else self.otherwise.best(full)
        return highest([rest, *(band.given(full, "best") for band in self.bands)])

    def worst(self, full: Fraction) -> Fraction | None:
        rest = Fraction(0) if self.otherwise is None else self.otherwise.worst(full)
        return lowest([rest, *(band.given(full, "worst") for band in self.bands)])

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        if after["band"] == len(self.bands):
            return []
        return [f"符合“{self._met(self.bands[after['band']], terms)}”，计 {number(after.points)} 分"]
