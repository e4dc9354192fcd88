"""Figures that hold the units of a pool against one another: what they have together, places, distances, shares."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules import enclosed
from kaohe.rules.base import AnyFigure, Figure, Inputs
from kaohe.rules.conditions import AnyCondition, Condition
from kaohe.rules.made import each_of
from kaohe.rules.numbers import Array, Numbers, dense_ranks, ranks, safe_ratio, total
from kaohe.rules.ordering import ORDER, Ordered
from kaohe.rules.outcome import Trace
from kaohe.rules.plain import Number
from kaohe.rules.told import Told, by_pools, together
from kaohe.rules.wording import RATE, Term, Terms, number, quantity
from kaohe.rules.written import Exact

How = Literal["mean", "max", "min", "median", "sum", "count", "percentile"]
HOW = {
    "mean": "平均",
    "max": "最高",
    "min": "最低",
    "median": "中位数",
    "sum": "合计",
    "count": "单位数",
    "percentile": "百分位数",
}
Ties = Literal["competition", "dense", "mean", "last"]
TIED = {
    "competition": "并列的都取靠前的名次",
    "dense": "并列的合占一个名次",
    "mean": "并列的取所占名次的平均",
    "last": "并列的都取靠后的名次",
}


class AmongOthers(Told):
    """A figure that looks at `of` in every unit of a pool; `among`: units with the same trait are one pool.

    `only`: units that do not meet it do not count in what the pool has together.
    """

    of: AnyFigure
    among: str = ""
    only: AnyCondition | None = None

    def children(self) -> tuple[Figure, ...]:
        return (self.of,)

    def conditions(self) -> tuple[Condition, ...]:
        return (self.only,) if self.only is not None else ()

    def compares(self) -> bool:
        return True

    def moves_others(self) -> bool:
        return True

    def pools(self, inputs: Inputs) -> Array:
        """Which pool each unit is in."""
        return inputs.pools(self.among)

    def counting(self, shape: tuple[int, ...], inputs: Inputs) -> Array:
        """Who counts, laid out like the figures."""
        held = np.array(True) if self.only is None else self.only.holds(inputs)
        return np.array(np.broadcast_to(held, np.broadcast_shapes(shape, np.shape(held))))

    def whom(self, terms: Terms) -> str:
        """Among whom, in words."""
        among = (
            f"同{terms.get(f'trait:{self.among}', Term(TRAITS.get(self.among, self.among))).name}" if self.among else ""
        )
        only = f"（{self.only.called(terms)}的）" if self.only is not None else ""
        return f"{among}各单位{only}"


TRAITS = {"group": "组", "category": "类别", "class": "等级"}


def pooled_figure(value: Array, counting: Array, pools: Array, how: str, inputs: Inputs, at: Fraction | None) -> Array:
    """What each pool has together, for each of its units; 0 of a pool of which nobody counts."""
    out = np.array(inputs.numbers.full(np.broadcast_shapes(value.shape, counting.shape)))
    value, counting = np.broadcast_to(value, out.shape), np.broadcast_to(counting, out.shape)
    for lead in np.ndindex(counting.shape[:-1]) if not _alike(counting) else [()]:
        for pool in np.unique(pools):
            here = pools == pool
            who = here & (counting[lead] if lead else counting.reshape(-1, counting.shape[-1])[0])
            if who.any():
                mine = value[lead][..., who] if lead else value[..., who]
                found = _figure(mine, how, inputs, at)
                if lead:
                    out[lead][here] = found
                else:
                    out[..., here] = found
    return out


def _alike(counting: Array) -> bool:
    """Whether the same units count in every scenario."""
    rows = counting.reshape(-1, counting.shape[-1])
    return bool((rows == rows[:1]).all())


def _figure(values: Array, how: str, inputs: Inputs, at: Fraction | None) -> Array:
    size = values.shape[-1]
    if how == "count":
        return np.broadcast_to(inputs.numbers.const(size), (*values.shape[:-1], 1))
    if how in ("sum", "mean"):
        whole = total(values)
        return whole if how == "sum" else whole / inputs.numbers.const(size)
    if how in ("max", "min"):
        return np.asarray((np.max if how == "max" else np.min)(values, axis=-1, keepdims=True))
    share = Fraction(1, 2) if how == "median" or at is None else at
    place = share * (size - 1)
    below = int(place)
    ordered = np.sort(values, axis=-1)
    low, high = ordered[..., below : below + 1], ordered[..., min(below + 1, size - 1) :][..., :1]
    return low + (high - low) * inputs.numbers.const(place - below)


class Pooled(AmongOthers):
    """What the units of a pool have together: mean, max, min, median, sum, count, or the percentile `at`."""

    kind: Literal["pool"] = "pool"
    how: How
    at: Exact | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _at(self) -> Pooled:
        if (self.how == "percentile") != (self.at is not None):
            raise ValueError("at（第百分之几位，如 25%）与 how: percentile 一起写")
        return self

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        (value,) = together(parts, inputs.size)
        counting = self.counting(value.shape, inputs)
        return pooled_figure(value, counting, self.pools(inputs), self.how, inputs, self.at), {}

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        return f"{self.called(terms)}为"

    def called(self, terms: Terms) -> str:
        if self.how == "count":
            return f"{self.whom(terms)}数"
        how = HOW[self.how] if self.at is None else f"第 {number(self.at * 100)} 百分位数"
        return f"{self.whom(terms)}{self.of.unit(terms).name or self.of.called(terms)}的{how}"

    def unit(self, terms: Terms) -> Term:
        return Term("", "" if self.how == "count" else self.of.unit(terms).unit)

    def title(self, terms: Terms) -> str:
        return self.called(terms)

    def best(self, full: Fraction) -> Fraction | None:
        return self.of.best(full) if self.how not in ("sum", "count") else None

    def worst(self, full: Fraction) -> Fraction | None:
        return self.of.worst(full) if self.how not in ("sum", "count") else Fraction(0) if self.how == "count" else None


def places(value: Array, ties: str, *, lowest_first: bool) -> Array:
    """Places along the last axis as ties are read; halves where tied units share the mean of theirs."""
    if ties == "dense":
        return dense_ranks(value, lowest_first=lowest_first)
    first = ranks(value, lowest_first=lowest_first)
    if ties == "competition":
        return first
    last = value.shape[-1] + 1 - ranks(value, lowest_first=not lowest_first)
    return last if ties == "last" else first + last  # twice the mean: halves come in where numbers are made


class Rank(AmongOthers, Ordered):
    """The place of a unit in its pool: 1, 2, 2, 4; or that place as a share of the units."""

    kind: Literal["rank"] = "rank"
    ties: Ties = "competition"
    form: Literal["place", "share"] = Field(default="place", alias="as")

    @model_validator(mode="after")
    def _everybody(self) -> Rank:
        if self.only is not None:
            raise ValueError("名次在 among 的各单位中排，不写 only")
        return self

    def children(self) -> tuple[Figure, ...]:
        return (self.of, *(each.of for each in self.then_by))

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        value, *breaks = together(parts, inputs.size)
        pools, const = self.pools(inputs), inputs.numbers.const
        looked, lowest = self.looked_at(value, breaks)
        place = by_pools(looked, pools, lambda mine: places(mine, self.ties, lowest_first=lowest)) * const(1)
        if self.ties == "mean":
            place = place / const(2)
        size = by_pools(value, pools, lambda mine: np.full((*mine.shape[:-1], 1), mine.shape[-1])) * const(1)
        quantities = {"looked": value, "place": place, "size": size}
        return (place if self.form == "place" else place / size), quantities

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        among = f"在{self.whom(terms)}（{number(trace['size'])} 个）中"
        if self.form == "place":
            return f"{said[0]}，{among}的名次为"
        return f"{said[0]}，{among}排第 {number(trace['place'])}；{number(trace['place'])} ÷ {number(trace['size'])} ="

    def called(self, terms: Terms) -> str:
        order = f"{ORDER[self.order]}{self.ties_broken(terms)}"
        form = "名次" if self.form == "place" else "名次占单位数的比例"
        name = self.of.unit(terms).name or self.of.called(terms)
        return f"{name}在{self.whom(terms)}中的{form}（{order}，{TIED[self.ties]}）"

    def title(self, terms: Terms) -> str:
        return "名次" if self.form == "place" else "名次比例"

    def unit(self, terms: Terms) -> Term:
        return Term(self.title(terms), "" if self.form == "place" else RATE)

    def best(self, full: Fraction) -> Fraction | None:
        return Fraction(1) if self.form == "share" else None

    def worst(self, full: Fraction) -> Fraction | None:
        return Fraction(1) if self.form == "place" else Fraction(0)


class ZScore(AmongOthers):
    """How many standard deviations a unit lies above its pool's mean; 0 where all are alike."""

    kind: Literal["z_score"] = "z_score"
    sd: Literal["population", "sample"]
    limits: tuple[Exact, Exact] | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_limit(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("limits"), int | str | Fraction):
            limit = Number(value=value["limits"]).value
            return {**value, "limits": (-abs(limit), abs(limit))}
        return value

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        (value,) = together(parts, inputs.size)
        numbers, pools, counting = inputs.numbers, self.pools(inputs), self.counting(value.shape, inputs)

        def pool(of: Array, how: str) -> Array:
            return pooled_figure(of, counting, pools, how, inputs, None)

        mean, count = pool(value, "mean"), pool(value, "count")
        squares = pool((value - mean) * (value - mean), "sum")
        by = count if self.sd == "population" else count - numbers.const(1)
        apart = np.asarray(by > 0, dtype=bool) & ~_level(pool(value, "max"), pool(value, "min"), numbers)
        spread = safe_ratio(numbers, squares, numbers.where(apart, by, 0))
        sd = each_of(spread, numbers, lambda each: enclosed.power(each, Fraction(1, 2)), np.sqrt)
        found = safe_ratio(numbers, value - mean, sd)
        out = found
        if self.limits is not None:
            low, high = (numbers.const(each) for each in self.limits)
            out = numbers.where(np.asarray(found < low, dtype=bool), low, found)
            out = numbers.where(np.asarray(found > high, dtype=bool), high, out)
        return out, {"looked": value, "mean": mean, "sd": sd, "before": found}

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        if trace["sd"] == 0:
            return f"{said[0]}；{self.whom(terms)}都相同，计"
        sd = "总体标准差" if self.sd == "population" else "样本标准差"
        text = f"{said[0]}；（{number(trace['looked'])} − 平均 {number(trace['mean'])}）÷ {sd} {number(trace['sd'])} ="
        if trace["before"] == trace.points:
            return text
        return f"{text} {number(trace['before'])}，超出界限，按"

    def called(self, terms: Terms) -> str:
        sd = "总体标准差" if self.sd == "population" else "样本标准差"
        low_high = "" if self.limits is None else f"，限于 {number(self.limits[0])}～{number(self.limits[1])}"
        name = self.of.unit(terms).name or self.of.called(terms)
        return f"{name}的标准分（减{self.whom(terms)}平均，除以{sd}{low_high}）"

    def title(self, terms: Terms) -> str:
        return "标准分"

    def best(self, full: Fraction) -> Fraction | None:
        return None if self.limits is None else self.limits[1]

    def worst(self, full: Fraction) -> Fraction | None:
        return None if self.limits is None else self.limits[0]


def _level(most: Array, least: Array, numbers: Numbers) -> Array:
    """Whether all figures of a pool are alike; in doubles, also where they differ by what reckoning left of them."""
    if numbers.exact:
        return np.equal(most, least).astype(bool)
    return np.asarray(most - least <= SLIGHT * np.maximum(np.abs(most), np.abs(least)), dtype=bool)


SLIGHT = 2.0**-40


class Share(Told):
    """`top` × the figure as a share of the pool's best, its mean, or another figure; 0 where that is 0.

    `better: lower`: the lowest of the pool is best, and its share of the unit's own figure counts.
    """

    kind: Literal["share"] = "share"
    value: AnyFigure
    of: Literal["best", "mean"] | AnyFigure
    top: AnyFigure = Field(default_factory=lambda: _full())
    better: Literal["higher", "lower"] = "higher"
    among: str = ""

    def children(self) -> tuple[Figure, ...]:
        return (self.value, *([] if isinstance(self.of, str) else [self.of]), self.top)

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        value, *others, top = together(parts, inputs.size)
        if isinstance(self.of, str):
            how = self.of if self.of == "mean" else "max" if self.better == "higher" else "min"
            everybody = np.ones(inputs.size, dtype=bool)
            of = pooled_figure(value, everybody, inputs.pools(self.among), how, inputs, None)
        else:
            of = others[0]
        up, down = (value, of) if self.better == "higher" else (of, value)
        return safe_ratio(inputs.numbers, up, down) * top, {"looked": value, "of": of, "top": top}

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        down = trace["of"] if self.better == "higher" else trace["looked"]
        if down == 0:
            return f"{said[0]}；除数为 0，计"
        about = self.value.unit(terms)
        of = f"{self._of(terms)} {quantity(trace['of'], about)}" if isinstance(self.of, str) else said[1]
        own = quantity(trace["looked"], about)
        ratio = f"{own} ÷ {of}" if self.better == "higher" else f"{of} ÷ {own}"
        return f"{said[0]}；{ratio} × {number(trace['top'])} ="

    def _of(self, terms: Terms) -> str:
        if isinstance(self.of, str):
            return {"mean": "平均", "best": "最高的" if self.better == "higher" else "最低的"}[self.of]
        return self.of.called(terms)

    def called(self, terms: Terms) -> str:
        if self.better == "higher":
            return f"{self.value.called(terms)} ÷ {self._of(terms)} × {self.top.called(terms)}"
        return f"{self._of(terms)} ÷ {self.value.called(terms)} × {self.top.called(terms)}"

    def title(self, terms: Terms) -> str:
        return "按比例得"

    def compares(self) -> bool:
        return isinstance(self.of, str) or super().compares()

    def moves_others(self) -> bool:
        return isinstance(self.of, str) or super().moves_others()

    def best(self, full: Fraction) -> Fraction | None:
        least = self.value.worst(full)
        return self.top.best(full) if self.of == "best" and least is not None and least >= 0 else None

    def worst(self, full: Fraction) -> Fraction | None:
        held = [self.value, self.top, *([self.of] if isinstance(self.of, Figure) else [])]
        least = [figure.worst(full) for figure in held]
        return Fraction(0) if all(each is not None and each >= 0 for each in least) else None


def _full() -> Figure:
    from kaohe.rules.judged import Full

    return Full()
