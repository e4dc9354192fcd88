"""Points by place: a ladder of places, and a pool parted into bands of given size (forced distribution)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules import enclosed
from kaohe.rules.base import AnyFigure, Figure, Inputs, Strict
from kaohe.rules.bounds import highest, lowest
from kaohe.rules.branches import Branch, taken_bands
from kaohe.rules.comparing import TIED, TRAITS, places
from kaohe.rules.numbers import Array, ranks
from kaohe.rules.ordering import ORDER, Ordered
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.told import Told, by_pools, together
from kaohe.rules.wording import Term, Terms, number, percent
from kaohe.rules.written import Exact


class Placed(Told, Ordered):
    """Points by the place of `by` among the units with the same trait `among`; `then_by` where they are alike in it."""

    by: AnyFigure
    among: str = ""

    def compares(self) -> bool:
        return True

    def moves_others(self) -> bool:
        return True

    def looks(self, terms: Terms) -> str:
        """What is ranked, among whom."""
        trait = terms.get(f"trait:{self.among}", Term(TRAITS.get(self.among, self.among))).name
        among = f"在同{trait}的单位中" if self.among else "在各单位中"
        name = self.by.unit(terms).name or self.by.called(terms)
        return f"{name}{among}的名次（{ORDER[self.order]}{self.ties_broken(terms)}）"

    def title(self, terms: Terms) -> str:
        return "按名次计分"

    def unit(self, terms: Terms) -> Term:
        return Term("", "分")


class LadderBand(Strict):
    """What the places `first` to `last` are given."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    points: AnyFigure

    @model_validator(mode="after")
    def _in_order(self) -> LadderBand:
        if self.first > self.last:
            raise ValueError("first 不能大于 last")
        return self


class Ladder(Placed):
    """Points for each place: `points: [20, 19, 18]`, or bands of places; `else` for the places behind.

    Tied units have the better place (`competition`), one place together (`dense`), the last of theirs (`last`), or the
    mean of the points of the places they take up (`mean`).
    """

    kind: Literal["ladder"] = "ladder"
    points_: tuple[AnyFigure, ...] = Field(default=(), alias="points")
    bands: tuple[LadderBand, ...] = ()
    ties: Literal["competition", "dense", "mean", "last"] = "competition"
    otherwise: AnyFigure | None = Field(default=None, alias="else")

    @model_validator(mode="after")
    def _one_way(self) -> Ladder:
        if bool(self.points_) == bool(self.bands):
            raise ValueError("应写 points（各名次的得分）或 bands（几个名次一档），二者取一")
        return self

    @property
    def steps(self) -> tuple[LadderBand, ...]:
        """The places that are given something, whichever way they are written."""
        singles = (
            LadderBand.model_construct(first=place, last=place, points=each)
            for place, each in enumerate(self.points_, start=1)
        )
        return self.bands or tuple(singles)

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        place = np.asarray(outcome["place"], dtype=int)
        own = [
            Branch("band", f"第 {band.first}～{band.last} 名计 {band.points.called(terms)}",
                   (place >= band.first) & (place <= band.last))
            for band in self.bands
        ]  # fmt: skip
        return [*own, *super().branches(outcome, terms)]

    def children(self) -> tuple[Figure, ...]:
        rest = () if self.otherwise is None else (self.otherwise,)
        return (self.by, *(each.of for each in self.then_by), *(each.points for each in self.steps), *rest)

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        value, *others = together(parts, inputs.size)
        breaks, offered = others[: len(self.then_by)], others[len(self.then_by) :]
        numbers, pools = inputs.numbers, inputs.pools(self.among)
        looked, lowest_first = self.looked_at(value, breaks)
        how = "competition" if self.ties == "mean" else self.ties
        first = by_pools(looked, pools, lambda mine: places(mine, how, lowest_first=lowest_first)).astype(int)
        size = by_pools(value, pools, lambda mine: np.full((*mine.shape[:-1], 1), mine.shape[-1])).astype(int)
        quantities = {"place": first, "size": size, "tied": np.ones(first.shape, dtype=int)}
        if self.ties != "mean":
            return self._of(first, offered, inputs), quantities
        behind = by_pools(looked, pools, lambda mine: ranks(mine, lowest_first=not lowest_first)).astype(int)
        tied = size + 2 - first - behind
        out = numbers.full(value.shape)
        for step in range(int(tied.max())):
            out = numbers.where(tied > step, out + self._of(first + step, offered, inputs), out)
        return out / (tied * numbers.const(1)), {**quantities, "tied": tied}

    def _of(self, place: Array, offered: Sequence[Array], inputs: Inputs) -> Array:
        """What a place is given."""
        out: Array = offered[-1] if self.otherwise is not None else inputs.numbers.full(place.shape)
        for band, points in zip(reversed(self.steps), reversed(offered[: len(self.steps)]), strict=True):
            out = inputs.numbers.where((place >= band.first) & (place <= band.last), points, out)
        return out

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        text = f"{said[0]}，在 {trace['size']} 个单位中排第 {trace['place']}"
        if trace["tied"] > 1:
            text += f"，{trace['tied']} 个单位并列，取所占名次得分的平均"
        elif not any(band.first <= trace["place"] <= band.last for band in self.steps):
            text += "，在所列名次以外"
        return f"{text}，计"

    def called(self, terms: Terms) -> str:
        offered = "、".join(
            f"第 {band.first} 名 {band.points.called(terms)}"
            if band.first == band.last
            else f"第 {band.first}～{band.last} 名 {band.points.called(terms)}"
            for band in self.steps
        )
        rest = "" if self.otherwise is None else f"，其余 {self.otherwise.called(terms)}"
        ties = "并列的取所占名次得分的平均" if self.ties == "mean" else TIED[self.ties]
        return f"{self.looks(terms)}：{offered}{rest}；{ties}"

    def best(self, full: Fraction) -> Fraction | None:
        rest = Fraction(0) if self.otherwise is None else self.otherwise.best(full)
        return highest([rest, *(band.points.best(full) for band in self.steps)])

    def worst(self, full: Fraction) -> Fraction | None:
        rest = Fraction(0) if self.otherwise is None else self.otherwise.worst(full)
        return lowest([rest, *(band.points.worst(full) for band in self.steps)])


class SplitBand(Strict):
    """A part of the pool by size, or so many `places`; what it is given: `points`, or a `share` of the full mark."""

    part: Exact | None = Field(default=None, gt=0)
    places: int | None = Field(default=None, ge=0)
    points: AnyFigure | None = None
    share: Exact | None = None

    @model_validator(mode="after")
    def _whole(self) -> SplitBand:
        if (self.part is None) == (self.places is None):
            raise ValueError("每一档应写 part（所占份额）或 places（名额），二者取一")
        if (self.points is None) == (self.share is None):
            raise ValueError("每一档应写 points（得分）或 share（占满分的比例），二者取一")
        return self


class Split(Placed):
    """The units of a pool in order, parted into bands: 2 parts get all, the next 4 parts 80 %, …

    Parts are shares of all parts; of the units themselves where `else` is written for the rest. Ends are rounded from
    the front; units tied across an end go to the better band, or to the worse (`ties`).
    """

    kind: Literal["split"] = "split"
    bands: tuple[SplitBand, ...] = Field(min_length=1)
    round: enclosed.Rounding = "half_up"
    ties: Literal["better", "worse"] = "better"
    otherwise: AnyFigure | None = Field(default=None, alias="else")

    @model_validator(mode="after")
    def _one_way(self) -> Split:
        if len({band.part is None for band in self.bands}) > 1:
            raise ValueError("各档应都写 part，或都写 places")
        if self.otherwise is not None and self._whole() > 1 and self.bands[0].part is not None:
            raise ValueError("写了 else 时，part 是占单位数的比例，合计不能大于 1")
        return self

    def _whole(self) -> Fraction:
        return sum((band.part for band in self.bands if band.part is not None), Fraction(0))

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        said = [f"第 {number} 档" for number in range(1, len(self.bands) + 1)]
        return [*taken_bands(said, outcome["band"]), *super().branches(outcome, terms)]

    def children(self) -> tuple[Figure, ...]:
        given = (band.points for band in self.bands)
        breaks = (each.of for each in self.then_by)
        return tuple(each for each in (self.by, *breaks, *given, self.otherwise) if each is not None)

    def ends(self, size: int) -> list[int]:
        """Up to which place each band goes, in a pool of so many."""
        if self.bands[0].part is None:
            return [sum(band.places or 0 for band in self.bands[: place + 1]) for place in range(len(self.bands))]
        whole = Fraction(1) if self.otherwise is not None else self._whole()
        parts, out = Fraction(0), []
        for band in self.bands:
            parts += band.part or 0
            out.append(int(enclosed.rounded(size * parts / whole, Fraction(1), self.round)))
        return out

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        value, *rest = together(parts, inputs.size)
        looked, lowest_first = self.looked_at(value, rest[: len(self.then_by)])
        numbers, pools, offered = inputs.numbers, inputs.pools(self.among), iter(rest[len(self.then_by) :])
        how = "competition" if self.ties == "better" else "last"

        def band_of(mine: Array) -> Array:
            place = places(mine, how, lowest_first=lowest_first)
            out = np.full(place.shape, len(self.bands))
            for band, end in reversed(list(enumerate(self.ends(mine.shape[-1])))):
                out = np.where(place <= end, band, out)
            return out

        band = by_pools(looked, pools, band_of).astype(int)
        place = by_pools(looked, pools, lambda mine: places(mine, how, lowest_first=lowest_first)).astype(int)
        size = by_pools(value, pools, lambda mine: np.full((*mine.shape[:-1], 1), mine.shape[-1])).astype(int)
        out = numbers.full(value.shape)
        for at, each in enumerate(self.bands):
            given = next(offered) if each.points is not None else inputs.full * numbers.const(each.share or 0)
            out = numbers.where(band == at, given, out)
        if self.otherwise is not None:
            out = numbers.where(band == len(self.bands), next(offered), out)
        return out, {"band": band, "place": place, "size": size}

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        text = f"{said[0]}，在 {trace['size']} 个单位中排第 {trace['place']}"
        if trace["band"] == len(self.bands):
            return f"{text}，不在以上各档，计"
        ends = [0, *self.ends(trace["size"])]
        return (
            f"{text}，属于第 {trace['band'] + 1} 档（第 {ends[trace['band']] + 1}～{ends[trace['band'] + 1]} 名），计"
        )

    def called(self, terms: Terms) -> str:
        def size(band: SplitBand) -> str:
            if band.part is None:
                return f"{band.places} 个"
            return percent(band.part) if self.otherwise is not None else f"{number(band.part)} 份"

        def gives(band: SplitBand) -> str:
            return f"满分的 {percent(band.share)}" if band.points is None else f"{band.points.called(terms)} 分"

        offered = "、".join(f"{size(band)}计{gives(band)}" for band in self.bands)
        rest = "" if self.otherwise is None else f"，其余计 {self.otherwise.called(terms)}"
        ties = "归好的一档" if self.ties == "better" else "归差的一档"
        return f"按{self.looks(terms)}从前往后分档：{offered}{rest}；跨档并列的{ties}"

    def _given(self, full: Fraction, which: str) -> list[Fraction | None]:
        rest = Fraction(0) if self.otherwise is None else getattr(self.otherwise, which)(full)
        given = (
            full * (each.share or 0) if each.points is None else getattr(each.points, which)(full)
            for each in self.bands
        )
        return [rest, *given]

    def best(self, full: Fraction) -> Fraction | None:
        return highest(self._given(full, "best"))

    def worst(self, full: Fraction) -> Fraction | None:
        return lowest(self._given(full, "worst"))
