"""Rules that give points by bands: steps on a value, joint tiers, rank bands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product
from operator import ge, gt, le, lt
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import (
    AnyFigure,
    Choice,
    Exact,
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
from kaohe.rules.numbers import Array, Numbers, dense_ranks, orders, passed, ranks, safe_ratio
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.values import Reference
from kaohe.rules.wording import RATE, Sentence, Term, Terms, number, percent, points, quantity, term

SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<", "or_less": "≤", "or_more": "≥"}
STRICT = {"or_less": "<", "or_more": ">"}
"""How bounds are said that a policy reads without the number itself."""

TIES = {"competition": "", "dense": "并列的合占一个名次"}


def ranked(value: Array, ties: Choice, inputs: Inputs, *, lowest_first: bool = False) -> Array:
    """Each unit's rank in its pool, as ties are read."""
    return inputs.choose(
        ties,
        {
            "competition": lambda: ranks(value, lowest_first=lowest_first),
            "dense": lambda: dense_ranks(value, lowest_first=lowest_first),
        },
    )


def _tied(trace: Trace) -> str:
    """How ties are read where that is not 1, 2, 2, 4."""
    how = TIES[trace.quantities.get("ties", "competition")]
    return f"（{how}）" if how else ""


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
            met = self._met(candidate, measured, quantities.get("rank"), inputs) & usable
            given = inputs.numbers.const(candidate.points)
            better = met & ((band == none) | np.asarray(given > best, dtype=bool))
            best, band = inputs.numbers.where(better, given, best), np.where(better, index, band)
        negative = np.asarray(best < 0, dtype=bool)
        where = inputs.numbers.where
        return Outcome(
            awarded=where(negative, 0, best),
            deducted=where(negative, -best, 0),
            capped=inputs.numbers.full(best.shape),
            quantities={**quantities, "band": band},
            parts=parts,
        )

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        form = Term("", RATE) if self.against else self.value.unit(terms)
        said = [f"{band.says(form)} {_gives(band.points)}" for band in self.bands]
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
        met: Array = np.ones(measured.shape, dtype=bool)
        if band.at_least is not None:
            met = met & np.asarray(measured >= const(band.at_least), dtype=bool)
        if band.above is not None:
            met = met & np.asarray(measured > const(band.above), dtype=bool)
        if band.at_most is not None:
            met = met & np.asarray(measured <= const(band.at_most), dtype=bool)
        if band.below is not None:
            met = met & np.asarray(measured < const(band.below), dtype=bool)
        if band.or_less is not None:
            limit = const(band.or_less)
            ways = {
                "inclusive": lambda: np.asarray(measured <= limit, dtype=bool),
                "strict": lambda: np.asarray(measured < limit, dtype=bool),
            }
            met = met & inputs.choose(self.or_less, ways)
        if band.or_more is not None:
            floor = const(band.or_more)
            ways = {
                "inclusive": lambda: np.asarray(measured >= floor, dtype=bool),
                "strict": lambda: np.asarray(measured > floor, dtype=bool),
            }
            met = met & inputs.choose(self.or_more, ways)
        if band.among is not None and rank is not None:
            met = met & (rank <= band.among)
        return met

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
            text += f"，在 {trace['pool']} 个单位中排第 {trace['rank']}{_tied(trace)}"
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
        offered = "；".join(f"{band.says(form)} {_gives(band.points)}" for band in self.bands)
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
            text += f"，在 {after['pool']} 个单位中排第 {after['rank']}{_tied(after)}"
        given = f"，扣 {points(-band.points)}" if band.points < 0 else ""
        return [f"{text}，符合“{band.says(form, words)}”{given}"]

    def best(self, full: Fraction) -> Fraction | None:
        return max(Fraction(0), *(band.points for band in self.bands))

    def worst(self, full: Fraction) -> Fraction | None:
        return min(Fraction(0), *(band.points for band in self.bands))

    def metrics(self) -> tuple[str, ...]:
        return self.value.metrics()


def _gives(value: Fraction) -> str:
    return f"扣 {points(-value)}" if value < 0 else f"为 {points(value)}"


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
        said = [f"{self._needs(tier, terms)} {_gives(tier.points)}" for tier in self.tiers]
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
        said = [f"第 {band.first}～{band.last} 名{_gives(band.points)}" for band in self.bands]
        return [*taken_bands(said, outcome["band"]), *super().branches(outcome, terms)]

    def children(self) -> tuple[Figure, ...]:
        return parts_of(self.value)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        about = self.value.unit(terms)
        text = f"{say_seen(self.value, trace, terms)}；{about.name} {quantity(trace['value'], about)}，"
        text += f"在 {trace['pool']} 个单位中排第 {trace['rank']}{_tied(trace)}"
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
        rank = f"{self.value.unit(terms).name}在 {after['pool']} 个单位中排第 {after['rank']}{_tied(after)}"
        if after["band"] == len(self.bands):
            return [rank]
        band = self.bands[after["band"]]
        return [f"{rank}（第 {band.first}～{band.last} 名计 {points(band.points)}）"]

    def best(self, full: Fraction) -> Fraction | None:
        return max(band.points for band in self.bands)

    def metrics(self) -> tuple[str, ...]:
        return self.value.metrics()
