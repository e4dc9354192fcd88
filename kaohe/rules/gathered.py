"""A figure over several years, months or terms, folded into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from kaohe.rules.after import says_part, term_of
from kaohe.rules.base import AnyFigure, Figure, Inputs
from kaohe.rules.bounds import Range
from kaohe.rules.folding import (
    LACKED,
    Fold,
    Folding,
    each_found,
    fewest,
    folded,
    plain_word,
    range_of,
    says_fold,
    says_lacked,
    says_missing,
)
from kaohe.rules.made import Ranged
from kaohe.rules.numbers import Array
from kaohe.rules.outcome import ABSENT, Outcome, Trace
from kaohe.rules.told import Told
from kaohe.rules.wording import Sentence, Term, Terms, number
from kaohe.rules.written import Exact


class Over(Ranged, Told):
    """`of` found for each member of a dimension (`each`), or for each of `years` (0 is this one, 1 the one before).

    Then folded: mean (perhaps by `weights`), sum, best, worst, or the last one written.
    """

    kind: Literal["over"] = "over"
    of: AnyFigure
    each: str | None = None
    years: tuple[int, ...] = ()
    fold: Fold
    weights: tuple[Exact, ...] = ()
    members: tuple[str, ...] = Field(default=(), exclude=True)

    @model_validator(mode="after")
    def _one_way(self) -> Over:
        if (self.each is None) == (not self.years):
            raise ValueError("应写 each（每月、每学期）或 years（哪几年），二者取一")
        if any(year < 0 for year in self.years) or len(set(self.years)) != len(self.years):
            raise ValueError("years 应为几年前（0 是本年，1 是上一年），不重复")
        if self.years and isinstance(self.fold, Folding) and self.fold.drops >= len(self.years):
            raise ValueError(f"fold 去掉的个数应少于年数 {len(self.years)}")
        if self.years and fewest(self.fold, len(self.years)) > len(self.years):
            raise ValueError(f"fold 的 needs 不应大于年数 {len(self.years)}")
        if isinstance(self.fold, Folding) and self.fold.weights and len(self.fold.weights) != len(self.names):
            raise ValueError(f"fold 的 weights 应有 {len(self.names)} 个，与各年（月）一样多")
        if self.weights and (
            plain_word(self.fold) != "mean" or len(self.weights) != len(self.names) or not sum(self.weights)
        ):
            raise ValueError("weights 只与 fold: mean 一起写，与各年（月）一样多，合计不为 0")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Its members, or years, as they are written."""
        return tuple(str(year) for year in self.years) if self.years else self.members

    def children(self) -> tuple[Figure, ...]:
        return (self.of,) * len(self.names)

    def walk(self) -> Iterator[Figure]:
        yield self
        yield from self.of.walk()

    def rests_on(self, who: Mapping[str, str]) -> frozenset[str]:
        """Of other years nothing, of months as its fold says."""
        return self.of.rests_on(who) if 0 in self.years else frozenset()

    def metrics(self) -> tuple[str, ...]:
        return ()

    def _times(self, inputs: Inputs) -> list[Inputs]:
        if self.years:
            return [inputs.earlier(year) if year else inputs for year in self.years]
        return [inputs.at(self.each or "", member) for member in self.members]

    @cached_property
    def whole_fold(self) -> Fold:
        """How they are made one, with the weights wherever these are written."""
        if not self.weights:
            return self.fold
        fold = Folding(how="mean") if isinstance(self.fold, str) else self.fold
        return fold.model_copy(update={"weights": self.weights})

    def points(self, inputs: Inputs) -> Outcome:
        parts, had = each_found(self.of, self._times(inputs), self.whole_fold)
        value = folded([part.points for part in parts], self.whole_fold, inputs.numbers, had)
        return Outcome.whole(value, {"value": value}, parts)

    def pooled(self, inputs: Inputs) -> Array:
        return folded([self.of.pooled(each) for each in self._times(inputs)], self.whole_fold, inputs.numbers)

    @property
    def _one_year(self) -> bool:
        """Whether it just looks at another year: nothing is folded there."""
        return len(self.years) == 1

    def _named(self, place: int, terms: Terms) -> str:
        if self.each is not None:
            return term_of(terms, self.each, self.names[place])
        return {0: "本年", 1: "上一年"}.get(self.years[place], f"{self.years[place]} 年前")

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        each = "、".join(
            f"{self._named(at, terms)} {says_part(part, self.fold)}" for at, part in enumerate(trace.parts)
        )
        if self._one_year and trace.parts[0].kind != ABSENT:
            return self.called(terms)
        weights = () if isinstance(self.whole_fold, str) else self.whole_fold.weights
        counted = [
            (number(part.points), weights[place] if weights else Fraction(1))
            for place, part in enumerate(trace.parts)
            if part.kind != ABSENT or says_lacked(self.fold) == LACKED["zero"]
        ]
        how, whole = plain_word(self.whole_fold), sum((weight for _, weight in counted), Fraction(0))
        if weights and whole:
            sums = " + ".join(f"{value} × {number(weight)}" for value, weight in counted)
            return f"{each}；（{sums}）÷ {number(whole)} ="
        if how in ("mean", "sum") and counted:
            sums = " + ".join(value for value, _ in counted)
            return f"{each}；（{sums}）÷ {len(counted)} =" if how == "mean" else f"{each}；{sums} ="
        return f"{each}；{says_fold(self.whole_fold)}，计"

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        return [Sentence(self.says(trace, terms), trace.confidential)]

    def called(self, terms: Terms) -> str:
        name = self.of.unit(terms).name or self.of.called(terms)
        if self.each is not None:
            when = f"每{terms.get(f'dimension:{self.each}', Term(self.each)).name}"
        else:
            when = "、".join(self._named(place, terms) for place in range(len(self.years)))
        if self._one_year:
            return f"{when}的{name}"
        return f"{when}的{name}，{says_fold(self.whole_fold)}{says_missing(self.fold)}"

    def title(self, terms: Terms) -> str:
        if self._one_year:
            return self.called(terms)
        return f"{self.of.unit(terms).name or self.of.called(terms)}（{says_fold(self.whole_fold)}）"

    def unit(self, terms: Terms) -> Term:
        return Term("", self.of.unit(terms).unit)

    def range(self, full: Fraction) -> Range:
        return range_of(self.of.range(full), len(self.names), self.whole_fold)
