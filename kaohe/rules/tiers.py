"""Rules of an older form: joint tiers on several values, and bands of ranks."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

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
from kaohe.rules.numbers import Array, Numbers, orders, passed
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.ranked import TIES, ranked, tied
from kaohe.rules.wording import Sentence, Terms, gives, number, points, quantity, term
from kaohe.rules.written import Exact


class Tier(Strict):
    """Points for reaching every one of several metrics' minima."""

    points: Exact
    at_least: dict[str, Exact] = Field(min_length=1)


class Tiers(Rule):
    """The best tier all of whose minima are reached."""

    kind: Literal["tiers"] = "tiers"
    tiers: tuple[Tier, ...] = Field(min_length=1)

    def points(self, inputs: Inputs) -> Outcome:
        quantities = {name: inputs.metric(name) for name in self.metrics()}
        shape = np.broadcast_shapes(*(values.shape for values in quantities.values()))
        best, band = inputs.numbers.full(shape), np.full(shape, len(self.tiers))
        for index, tier in enumerate(self.tiers):
            met = np.ones(shape, dtype=bool)
            for name, least in tier.at_least.items():
                met = met & np.asarray(quantities[name] >= inputs.numbers.const(least), dtype=bool)
            given = inputs.numbers.const(tier.points)
            better = met & np.asarray(given > best, dtype=bool)
            best, band = inputs.numbers.where(better, given, best), np.where(better, index, band)
        return Outcome.whole(best, {**quantities, "band": band})

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        have = "，".join(
            f"{term(terms, name).name} {quantity(trace[name], term(terms, name))}" for name in self.metrics()
        )
        if trace["band"] < len(self.tiers):
            tier = self.tiers[trace["band"]]
            return [Sentence(f"{have}；达到“{self._needs(tier, terms)}”，计 {points(tier.points)}")]
        return [Sentence(f"{have}；未达到最低一档“{self._needs(self.tiers[0], terms)}”，不计分")]

    def describe(self, terms: Terms) -> list[str]:
        return [
            "；".join(f"{self._needs(tier, terms)} 同时达到为 {points(tier.points)}" for tier in self.tiers),
            *(["符合几档的，取分值最高的一档"] if len(self.tiers) > 1 else []),
        ]

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        said = [f"{self._needs(tier, terms)} {gives(tier.points)}" for tier in self.tiers]
        return taken_bands(said, outcome["band"])

    def turns(self, outcome: Outcome, numbers: Numbers) -> list[Array]:
        least: dict[str, set[Fraction]] = {}
        for tier in self.tiers:
            for name, bound in tier.at_least.items():
                least.setdefault(name, set()).add(bound)
        return [passed(outcome.quantities[name], bounds, numbers) for name, bounds in least.items()]

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        return [f"达到“{self._needs(self.tiers[after['band']], terms)}”"] if after["band"] < len(self.tiers) else []

    def _needs(self, tier: Tier, terms: Terms) -> str:
        return "、".join(f"{term(terms, name).name}≥{number(least)}" for name, least in tier.at_least.items())

    def best(self, full: Fraction) -> Fraction | None:
        return max(tier.points for tier in self.tiers)

    def metrics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for tier in self.tiers for name in tier.at_least))


class RankBand(Strict):
    """Points for the ranks `first` to `last`."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    points: Exact


class RankBands(Rule):
    """Points by rank in the pool; the last rank (all tied there) and a value of 0 get none."""

    kind: Literal["rank_bands"] = "rank_bands"
    value: AnyFigure
    bands: tuple[RankBand, ...] = Field(min_length=1)
    last_excluded: bool = False
    zero_excluded: bool = False
    ties: Annotated[Choice, Options("competition", "dense")] = "competition"

    def points(self, inputs: Inputs) -> Outcome:
        value, evidence, parts = look_at(self.value, inputs)
        rank = ranked(value, self.ties, inputs)
        last = rank == rank.max(axis=-1, keepdims=True)
        zero = np.equal(value, 0).astype(bool)
        barred = (last & self.last_excluded) | (zero & self.zero_excluded)
        best, band = inputs.numbers.full(value.shape), np.full(value.shape, len(self.bands))
        for index, candidate in enumerate(self.bands):
            met = (rank >= candidate.first) & (rank <= candidate.last) & ~barred
            best = inputs.numbers.where(met, candidate.points, best)
            band = np.where(met, index, band)
        quantities = {
            **evidence,
            "value": value,
            "rank": rank,
            "pool": np.full(inputs.size, inputs.size),
            "band": band,
            "last": last,
            "ties": inputs.decided(self.ties),
        }
        return Outcome.whole(best, quantities, parts)

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        said = [f"第 {band.first}～{band.last} 名{gives(band.points)}" for band in self.bands]
        return [*taken_bands(said, outcome["band"]), *super().branches(outcome, terms)]

    def children(self) -> tuple[Figure, ...]:
        return parts_of(self.value)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        about = self.value.unit(terms)
        text = f"{say_seen(self.value, trace, terms)}；{about.name} {quantity(trace['value'], about)}，"
        text += f"在 {trace['pool']} 个单位中排第 {trace['rank']}{tied(trace)}"
        if trace["band"] < len(self.bands):
            band = self.bands[trace["band"]]
            return [Sentence(f"{text}；第 {band.first}～{band.last} 名计 {points(band.points)}")]
        if self.zero_excluded and trace["value"] == 0:
            why = "分值为零，无基础分"
        elif self.last_excluded and trace["last"]:
            why = "居末位（含并列），无基础分"
        else:
            why = f"第 {max(band.last for band in self.bands)} 名以后无基础分"
        return [Sentence(f"{text}；{why}")]

    def describe(self, terms: Terms) -> list[str]:
        offered = "；".join(f"第 {band.first}～{band.last} 名为 {points(band.points)}" for band in self.bands)
        barred = ["末位（含并列）"] if self.last_excluded else []
        barred += ["为 0 的"] if self.zero_excluded else []
        text = f"按{self.value.called(terms)}在一起比较的单位中排名：{offered}"
        ties = says_reading(self.ties, TIES, "并列怎样占名次", terms)
        return [text + (f"；{'、'.join(barred)}不计" if barred else ""), *([ties] if ties else [])]

    def compares(self) -> bool:
        return True

    def turns(self, outcome: Outcome, numbers: Numbers) -> list[Array]:
        rank, last = (np.asarray(outcome.quantities[name], dtype=int) for name in ("rank", "last"))
        edges = [rank <= place for band in self.bands for place in (band.first - 1, band.last)]
        places = sum((np.asarray(edge, dtype=int) for edge in edges), start=0 * last)
        value = outcome.quantities["value"]
        level = orders(np.asarray(value)) if self.value.moves_others() else []
        return [places, last, passed(value, {Fraction(0)}, numbers), *level]

    def orderly(self) -> bool:
        given = [band.points for band in sorted(self.bands, key=lambda band: band.first)]
        falls = given == sorted(given, reverse=True) and given[-1] >= 0
        return falls and self._without_gaps() and not self.value.moves_others()

    def _without_gaps(self) -> bool:
        """A rank between two bands has none: it would be worse than the ranks behind it."""
        taken = {rank for band in self.bands for rank in range(band.first, band.last + 1)}
        return taken == set(range(1, max(taken) + 1))

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        rank = f"{self.value.unit(terms).name}在 {after['pool']} 个单位中排第 {after['rank']}{tied(after)}"
        if after["band"] == len(self.bands):
            return [rank]
        band = self.bands[after["band"]]
        return [f"{rank}（第 {band.first}～{band.last} 名计 {points(band.points)}）"]

    def best(self, full: Fraction) -> Fraction | None:
        return max(band.points for band in self.bands)

    def metrics(self) -> tuple[str, ...]:
        return self.value.metrics()
