"""Rules that give points by bands: steps on a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import pairwise, product
from operator import and_, ge, gt, le, lt
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import (
    AnyFigure,
    Choice,
    Figure,
    Inputs,
    Options,
    Rule,
    Strict,
    look_at,
    parts_of,
    say_seen,
    says_reading,
)
from kaohe.rules.branches import Branch, taken_bands
from kaohe.rules.numbers import Array, Numbers, orders, passed, safe_ratio
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.ranked import TIES, ranked, tied
from kaohe.rules.values import Reference
from kaohe.rules.wording import RATE, Sentence, Term, Terms, gives, percent, points, quantity
from kaohe.rules.written import Exact

SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<", "or_less": "≤", "or_more": "≥"}
STRICT = {"or_less": "<", "or_more": ">"}
"""How bounds are said that a policy reads without the number itself."""


class Band(Strict):
    """Points for a value between bounds, where `among` is set also among the best n of the pool.

    `or_less` and `or_more` are words such as 以下 and 以上; whether they take in the number itself is a policy.
    """

    points: Exact
    at_least: Exact | None = None
    above: Exact | None = None
    at_most: Exact | None = None
    below: Exact | None = None
    or_less: Exact | None = None
    or_more: Exact | None = None
    among: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _bounded(self) -> Band:
        if not self.bounds():
            raise ValueError(f"每一档至少要有一个界限：{'、'.join(SIGNS)}")
        return self

    def bounds(self) -> dict[str, Fraction]:
        return {name: bound for name in SIGNS if (bound := getattr(self, name)) is not None}

    def says(self, form: Term, words: Mapping[str, str] | None = None) -> str:
        """The band's condition in signs: `≥70%`, `>100% 且前 3 名`; `words` are the readings of bounds in force."""
        signs = SIGNS | {name: STRICT[name] for name, reading in (words or {}).items() if reading == "strict"}
        text = " 且 ".join(f"{signs[name]}{quantity(bound, form)}" for name, bound in self.bounds().items())
        return text + (f" 且前 {self.among} 名" if self.among else "")


@lru_cache
def _is_orderly(bands: tuple[Band, ...], better: str) -> bool:
    """Asked for every unit: remembered by the bands themselves."""
    bounds = sorted({bound for band in bands for bound in band.bounds().values()})
    between = [(low + high) / 2 for low, high in pairwise(bounds)]
    figures = sorted({bounds[0] - 1, *bounds, *between, bounds[-1] + 1})
    places = sorted({1, *(band.among + 1 for band in bands if band.among)})
    for or_less, or_more in product((le, lt), (ge, gt)):
        holds = {"at_least": ge, "above": gt, "at_most": le, "below": lt, "or_less": or_less, "or_more": or_more}
        given = [[_points_at(bands, figure, place, holds) for figure in figures] for place in places]
        grows = all(row == sorted(row) for row in given)
        shrinks = all(row == sorted(row, reverse=True) for row in given)
        ranked = all(list(column) == sorted(column, reverse=True) for column in zip(*given, strict=True))
        with_rank = shrinks if better == "lower" else grows
        if not (ranked and with_rank if len(places) > 1 else grows or shrinks):
            return False
    return True


def _points_at(
    bands: Sequence[Band], figure: Fraction, rank: int, holds: Mapping[str, Callable[[Any, Any], bool]]
) -> Fraction:
    """The points of a figure at a rank, by what holds for each kind of bound."""
    met = [
        band.points
        for band in bands
        if all(holds[name](figure, bound) for name, bound in band.bounds().items())
        and (band.among is None or rank <= band.among)
    ]
    return max(met, default=Fraction(0))


class Steps(Rule):
    """The best band the value reaches; with `against`, thresholds are shares of the pool's figure.

    A pool whose figure is 0 gives nobody points.
    """

    kind: Literal["steps"] = "steps"
    value: AnyFigure
    bands: tuple[Band, ...] = Field(min_length=1)
    against: Reference | None = None
    better: Literal["higher", "lower"] = "higher"
    or_less: Annotated[Choice, Options("inclusive", "strict")] = "inclusive"
    or_more: Annotated[Choice, Options("inclusive", "strict")] = "inclusive"
    ties: Annotated[Choice, Options("competition", "dense")] = "competition"

    def points(self, inputs: Inputs) -> Outcome:
        value, evidence, parts = look_at(self.value, inputs)
        quantities: dict[str, Array] = {**evidence, "value": value}
        measured = value
        usable: Any = True
        if self.against:
            reference = self.against.of_pool(self.value, inputs)
            usable = np.not_equal(reference, 0).astype(bool)
            measured = safe_ratio(inputs.numbers, value, reference)
            quantities |= {"reference": reference, "ratio": measured, "whole": inputs.decided(self.against.whole)}
        if any(band.among for band in self.bands):
            quantities["rank"] = ranked(value, self.ties, inputs, lowest_first=self.better == "lower")
            quantities["pool"] = np.full(inputs.size, inputs.size)
            quantities["ties"] = inputs.decided(self.ties)
        quantities |= {name: inputs.decided(getattr(self, name)) for name in self._read()}
        none = len(self.bands)
        best, band = inputs.numbers.full(value.shape), np.full(value.shape, none)
        for index, candidate in enumerate(self.bands):
            met = self._met(candidate, measured, quantities.get("rank"), inputs)
            met = met if self.against is None else met & usable
            given = inputs.numbers.const(candidate.points)
            better = met & (band == none)
            if any(candidate.points > each.points for each in self.bands[:index]):
                better = better | (met & np.asarray(given > best, dtype=bool))
            best, band = inputs.numbers.where(better, given, best), np.where(better, index, band)
        nothing, awarded = inputs.numbers.full(best.shape), best
        deducted = nothing
        if any(each.points < 0 for each in self.bands):
            negative, where = np.asarray(best < 0, dtype=bool), inputs.numbers.where
            awarded, deducted = where(negative, 0, best), where(negative, -best, 0)
        return Outcome(
            awarded=awarded,
            deducted=deducted,
            capped=nothing,
            quantities={**quantities, "band": band},
            parts=parts,
        )

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        form = Term("", RATE) if self.against else self.value.unit(terms)
        said = [f"{band.says(form)} {gives(band.points)}" for band in self.bands]
        return [*taken_bands(said, outcome["band"]), *super().branches(outcome, terms)]

    def children(self) -> tuple[Figure, ...]:
        return parts_of(self.value)

    def _read(self) -> list[str]:
        """Bounds of the bands that are words."""
        return [name for name in STRICT if any(getattr(band, name) is not None for band in self.bands)]

    def _words_in_force(self, trace: Trace) -> dict[str, str]:
        return {name: trace[name] for name in self._read()}

    def _met(self, band: Band, measured: Array, rank: Array | None, inputs: Inputs) -> Array:
        const = inputs.numbers.const
        held: list[Array] = []
        if band.at_least is not None:
            held.append(np.asarray(measured >= const(band.at_least), dtype=bool))
        if band.above is not None:
            held.append(np.asarray(measured > const(band.above), dtype=bool))
        if band.at_most is not None:
            held.append(np.asarray(measured <= const(band.at_most), dtype=bool))
        if band.below is not None:
            held.append(np.asarray(measured < const(band.below), dtype=bool))
        if band.or_less is not None:
            limit = const(band.or_less)
            ways = {
                "inclusive": lambda: np.asarray(measured <= limit, dtype=bool),
                "strict": lambda: np.asarray(measured < limit, dtype=bool),
            }
            held.append(inputs.choose(self.or_less, ways))
        if band.or_more is not None:
            floor = const(band.or_more)
            ways = {
                "inclusive": lambda: np.asarray(measured >= floor, dtype=bool),
                "strict": lambda: np.asarray(measured > floor, dtype=bool),
            }
            held.append(inputs.choose(self.or_more, ways))
        if band.among is not None and rank is not None:
            held.append(rank <= band.among)
        return reduce(and_, held) if held else np.ones(measured.shape, dtype=bool)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        form = Term("", RATE) if self.against else self.value.unit(terms)
        thresholds = [bound for band in self.bands for bound in band.bounds().values()]
        shown = self.value.unit(terms)
        apart_from = [] if self.against else thresholds
        text = say_seen(self.value, trace, terms, apart_from)
        if shown.name and shown.name not in text:
            said = quantity(trace["value"], shown, apart_from=apart_from)
            text += f"，{shown.name}为 {said}"
        if self.against:
            ratio = percent(trace["ratio"], apart_from=thresholds)
            name = self.against.says(terms, trace["whole"])
            text += f"；{name}为 {quantity(trace['reference'], shown)}，相当于其 {ratio}"
        if "rank" in trace.quantities:
            text += f"，在 {trace['pool']} 个单位中排第 {trace['rank']}{tied(trace)}"
        words = self._words_in_force(trace)
        if trace["band"] < len(self.bands):
            band = self.bands[trace["band"]]
            met = band.says(form, words)
            return [Sentence(f"{text}；符合“{met}”，对应 {points(band.points)}")]
        if self.against and trace["reference"] == 0:
            return [Sentence(f"{text}；全校参照值为 0，不计分")]
        if all(band.points <= 0 for band in self.bands):
            offered = "，".join(f"{band.says(form, words)} 扣 {points(-band.points)}" for band in self.bands)
            return [Sentence(f"{text}；没有达到扣分的界限（{offered}）")]
        offered = "，".join(f"{band.says(form, words)} 对应 {points(band.points)}" for band in self.bands)
        return [Sentence(f"{text}；未进入任何一档（{offered}）")]

    def describe(self, terms: Terms) -> list[str]:
        form = Term("", RATE) if self.against else self.value.unit(terms)
        offered = "；".join(f"{band.says(form)} {gives(band.points)}" for band in self.bands)
        out = [f"{self._held(terms)}：{offered}"]
        if sum(band.points > 0 for band in self.bands) > 1:
            out.append("符合几档的，取分值最高的一档")
        if any(band.among for band in self.bands):
            ties = says_reading(self.ties, TIES, "并列怎样占名次", terms)
            first = "高者在前" if self.better == "higher" else "低者在前"
            out.append("，".join(part for part in ("名次在一起比较的单位中排", first, ties) if part))
        if any(band.or_less is not None for band in self.bands):
            ways = {"inclusive": "“以下”包括本数", "strict": "“以下”不包括本数"}
            out.append(says_reading(self.or_less, ways, "“以下”是否包括本数", terms))
        at = "、".join(quantity(band.or_more, form) for band in self.bands if band.or_more is not None)
        if at:
            ways = {"inclusive": f"恰为 {at} 算达到", "strict": f"恰为 {at} 不算达到"}
            out.append(says_reading(self.or_more, ways, f"恰为 {at} 算不算达到", terms))
        return out

    def _held(self, terms: Terms) -> str:
        """What is measured, and against what."""
        if not self.against:
            return self.value.called(terms)
        return f"{self.value.called(terms)}，相当于{self.against.describe(terms)}的"

    def compares(self) -> bool:
        return self.against is not None or any(band.among for band in self.bands) or self.value.compares()

    def turns(self, outcome: Outcome, numbers: Numbers) -> list[Array]:
        found = outcome.quantities
        bounds = {bound for band in self.bands for bound in band.bounds().values()}
        out = [passed(found["ratio" if self.against else "value"], bounds, numbers)]
        if self.against:
            out.append(np.not_equal(np.asarray(found["reference"]), 0).astype(int))
        if "rank" in found:
            rank = np.asarray(found["rank"])
            out += [np.asarray(rank <= band.among, dtype=int) for band in self.bands if band.among]
            out += orders(np.asarray(found["value"])) if self.value.moves_others() else []
        return out

    def orderly(self) -> bool:
        """Looked at at, below and above every bound and at every rank that matters, however 以下 and 以上 are read."""
        if any(band.among for band in self.bands) and self.value.moves_others():
            return False
        return _is_orderly(self.bands, self.better)

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        """The band reached, or the band left that costs points."""
        form = Term("", RATE) if self.against else self.value.unit(terms)
        words = self._words_in_force(after)
        if after["band"] == len(self.bands):
            left = self.bands[before["band"]]
            return [f"不在“{left.says(form, words)}”之内，不再扣 {points(abs(left.points))}"]
        band = self.bands[after["band"]]
        thresholds = [bound for each in self.bands for bound in each.bounds().values()]
        shown = self.value.unit(terms)
        text = f"{shown.name}为 {quantity(after['value'], shown, apart_from=[] if self.against else thresholds)}"
        if self.against:
            ratio = percent(after["ratio"], apart_from=thresholds)
            text += f"，相当于{self.against.says(terms, after['whole'])}的 {ratio}"
        if band.among:
            text += f"，在 {after['pool']} 个单位中排第 {after['rank']}{tied(after)}"
        given = f"，扣 {points(-band.points)}" if band.points < 0 else ""
        return [f"{text}，符合“{band.says(form, words)}”{given}"]

    def best(self, full: Fraction) -> Fraction | None:
        return max(Fraction(0), *(band.points for band in self.bands))

    def worst(self, full: Fraction) -> Fraction | None:
        return min(Fraction(0), *(band.points for band in self.bands))

    def metrics(self) -> tuple[str, ...]:
        return self.value.metrics()
