"""Several figures as one: those of each month, term or year, some left out, some perhaps not there at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from kaohe.rules.base import Figure, Inputs, Strict
from kaohe.rules.bounds import Range
from kaohe.rules.numbers import Array, Numbers, in_order, middle
from kaohe.rules.outcome import Outcome
from kaohe.rules.partly import Partly, nothing_of
from kaohe.rules.sums import added_up
from kaohe.rules.wording import number
from kaohe.rules.written import Exact

FoldWord = Literal["mean", "sum", "best", "worst", "last", "median"]
FOLDED = {
    "mean": "平均",
    "sum": "合计",
    "best": "取最高",
    "worst": "取最低",
    "last": "取最后一次",
    "median": "取中位数",
}


class Folding(Strict):
    """How several figures become one: which are left out (`{how: sum, drop_lowest: 1}`), and what follows where one of
    them was not handed in.

    `missing`: then nothing can be found, it is left out, or it counts 0; `needs`: so many must be there at least.
    `weights`: of each in a mean, in the order of the members.
    """

    how: FoldWord
    drop_highest: int = Field(default=0, ge=0)
    drop_lowest: int = Field(default=0, ge=0)
    missing: Literal["refuse", "leave_out", "zero"] = "refuse"
    needs: int = Field(default=1, ge=1)
    weights: tuple[Exact, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Folding:
        if self.how == "last" and self.drops:
            raise ValueError("last（最后一次）不能再去掉最高、最低")
        if "needs" in self.model_fields_set and self.missing == "refuse":
            raise ValueError("needs（至少要有几个）与 missing: leave_out 或 zero 一起写")
        if self.weights and (self.how != "mean" or self.drops or not sum(self.weights)):
            raise ValueError("weights（各次的权重）只与 how: mean 一起写，不能再去掉最高、最低，合计不为 0")
        return self

    @property
    def drops(self) -> int:
        """How many are left out."""
        return self.drop_highest + self.drop_lowest


Fold = Annotated[
    Annotated[FoldWord, Tag("word")] | Annotated[Folding, Tag("folding")],
    Discriminator(lambda value: "folding" if isinstance(value, Mapping | Folding) else "word"),
]


def may_lack(fold: Fold) -> bool:
    """Whether one of the figures may not be there."""
    return not isinstance(fold, str) and fold.missing != "refuse"


def plain_word(fold: Fold) -> str:
    """How figures are made one, where none of them is dropped; else empty."""
    return fold if isinstance(fold, str) else "" if fold.drops or fold.weights else fold.how


def fewest(fold: Fold, many: int) -> int:
    """How many of so many figures must be there: one at least behind those that are dropped."""
    if isinstance(fold, str) or fold.missing == "refuse":
        return many
    return fold.needs if fold.missing == "zero" else max(fold.needs, fold.drops + 1)


def each_found(of: Figure, times: Sequence[Inputs], fold: Fold) -> tuple[tuple[Outcome, ...], list[Array] | None]:
    """What a figure is each time, and for which units it is there; None where it has to be for all of them."""
    if not may_lack(fold):
        return tuple(of.points(each) for each in times), None
    had = [each.given(of) for each in times]
    return tuple(among(of, each, there) for each, there in zip(times, had, strict=True)), had


def among(of: Figure, inputs: Inputs, there: Array) -> Outcome:
    """A figure among those units alone that have it."""
    if there.all():
        return of.points(inputs)
    return Partly(there, of.points(inputs.only(there)), inputs.numbers) if there.any() else nothing_of(of, inputs)


def folded(values: Sequence[Array], fold: Fold, numbers: Numbers, had: Sequence[Array] | None = None) -> Array:
    """Several figures as one. `had`: for which units each is there, where it may not be; of none of them 0 is made."""
    if had is not None and not isinstance(fold, str) and fold.missing == "leave_out":
        return by_those_there(values, had, numbers, lambda there: _folded(there, fold, numbers))
    if had is not None:
        values = [numbers.where(there, each, 0) for each, there in zip(values, had, strict=True)]
    return _folded(list(enumerate(values)), fold, numbers)


def weighed(there: Sequence[tuple[int, Array]], weights: Sequence[Fraction], numbers: Numbers) -> Array:
    """The mean of figures by the weights of their places; 0 where these add up to 0."""
    weighted = [value * numbers.const(weights[place]) for place, value in there]
    whole = sum((weights[place] for place, _ in there), Fraction(0))
    return reduce(lambda one, other: one + other, weighted) / numbers.const(whole or 1)


def by_those_there(
    values: Sequence[Array],
    had: Sequence[Array],
    numbers: Numbers,
    made: Callable[[list[tuple[int, Array]]], Array],
) -> Array:
    """Made of those figures that each unit has, units with the same ones together; 0 of none.

    `made` is asked with these figures, each with its place among all.
    """
    shape = np.broadcast_shapes(*(each.shape for each in values), had[0].shape)
    out: Array = np.array(np.broadcast_to(numbers.full(shape[-1]), shape))
    table = np.array(had)
    for pattern in {tuple(column) for column in table.T.tolist()}:
        if any(pattern):
            here = np.all(np.array(pattern) == table.T, axis=1)
            spread = ((place, np.broadcast_to(values[place], shape)) for place, there in enumerate(pattern) if there)
            out[..., here] = made([(place, each[..., here]) for place, each in spread])
    return out


def _folded(there: Sequence[tuple[int, Array]], fold: Fold, numbers: Numbers) -> Array:
    """Figures as one, each with its place among all."""
    if not isinstance(fold, str) and fold.weights:
        return weighed(there, fold.weights, numbers)
    values = [each for _, each in there]
    how = fold if isinstance(fold, str) else fold.how
    if not isinstance(fold, str) and fold.drops:
        if len(values) <= fold.drops:
            return 0 * values[0]  # too few: it is not known there
        ordered = in_order(values)
        values = ordered[fold.drop_lowest : len(ordered) - fold.drop_highest]
    if how == "last":
        return values[-1]
    if how == "median":
        return middle(values)
    if how in ("best", "worst"):
        better: Callable[[Array, Array], Any] = (
            (lambda one, other: other > one) if how == "best" else (lambda one, other: other < one)
        )
        return reduce(lambda one, other: numbers.where(np.asarray(better(one, other), dtype=bool), other, one), values)
    whole = added_up(values, numbers)
    return whole / len(values) if how == "mean" else whole


def many_counted(members: int, fold: Fold) -> int:
    """How many figures a fold adds up; 1 where it makes one of them all."""
    if isinstance(fold, str):
        return members if fold == "sum" else 1
    return members - fold.drop_highest - fold.drop_lowest if fold.how == "sum" else 1


def range_of(each: Range, members: int, fold: Fold) -> Range:
    """Between what figures folded may lie, of what each of them may lie between."""
    if not isinstance(fold, str) and any(weight < 0 for weight in fold.weights):
        return Range(None, None)
    many = many_counted(members, fold)
    whole = Range(*(None if end is None else end * many for end in each))
    if isinstance(fold, str) or fold.missing == "refuse":
        return whole
    return whole.either(each if fold.missing == "leave_out" else Range(Fraction(0), Fraction(0)))


def says_fold(fold: Fold) -> str:
    """`平均`, `去掉 1 个最低，合计`."""
    if isinstance(fold, str):
        return FOLDED[fold]
    if fold.weights:
        return f"按权重 {' : '.join(map(number, fold.weights))} 平均"
    left = [f"{fold.drop_highest} 个最高"] if fold.drop_highest else []
    left += [f"{fold.drop_lowest} 个最低"] if fold.drop_lowest else []
    return f"去掉 {'、'.join(left)}，{FOLDED[fold.how]}" if left else FOLDED[fold.how]


def says_missing(fold: Fold) -> str:
    """`；没有数据的不计，至少要有 6 个`: what follows where a figure is not there; empty where nothing is said."""
    if isinstance(fold, str) or fold.missing == "refuse":
        return ""
    least = f"，至少要有 {fold.needs} 个" if fold.needs > 1 else ""
    return f"；没有数据的{'不计' if fold.missing == 'leave_out' else '计 0'}{least}"


LACKED = {"leave_out": "没有数据，不计", "zero": "没有数据，计 0"}


def says_lacked(fold: Fold) -> str:
    """What is said of one figure that is not there."""
    return LACKED.get("" if isinstance(fold, str) else fold.missing, "")
