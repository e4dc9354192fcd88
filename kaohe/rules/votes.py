"""Votes: papers on which people choose among options, or give a mark to every unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import AnyFigure, Choice, Figure, Inputs, Options, Rule, Strict, says_reading
from kaohe.rules.judged import PANEL_WORDS, TRIMMED_FROM, says_panel
from kaohe.rules.numbers import Array
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.plain import ByPolicy, Number, fixed_number
from kaohe.rules.sums import added_up
from kaohe.rules.wording import Sentence, Terms, number, percent, points
from kaohe.rules.written import Exact

MADE_ONE = {"mean": "的平均", "median": "的中位数", "trimmed": "去掉最高最低后的平均"}
EVERYBODY = ""
"""The voters of a vote that does not tell them apart."""


class VoteOption(Strict):
    """A choice on the paper, and what a vote for it is worth."""

    name: str
    worth: Exact


class Voters(Strict):
    """A group of voters with its share: the mean inside the group comes first."""

    name: str
    short: str = ""  # as it stands in tables
    share: Exact = Field(default=Fraction(1), gt=0)


class Combined(Strict):
    """How the marks of several voters become one; `from`: so many at least, or none is left out."""

    how: Annotated[Choice, Options("mean", "median", "trimmed")] = "mean"
    least: int | None = Field(default=None, alias="from", ge=3)

    @property
    def fewest(self) -> int:
        """From how many voters on the highest and the lowest are left out."""
        return self.least or TRIMMED_FROM


class Validity(Strict):
    """A rule that a whole paper of marks must keep, or it does not count.

    `at_most` so many units, or such a share of them, may get a mark within `from` … `to`; `complete`: every unit is
    marked; `not_all_same`: not one mark for all.
    """

    least: Exact | None = Field(default=None, alias="from")
    most: Exact | None = Field(default=None, alias="to")
    at_most: int | None = Field(default=None, ge=0)
    share: Exact | None = Field(default=None, ge=0, le=1)
    complete: bool = False
    not_all_same: bool = False

    @model_validator(mode="after")
    def _one(self) -> Validity:
        limits = (self.at_most is not None) + (self.share is not None)
        if limits + self.complete + self.not_all_same != 1:
            raise ValueError("应写 at_most（至多几个）、share（至多几成）、complete、not_all_same 之一")
        if limits and self.least is None and self.most is None:
            raise ValueError("at_most、share 应与 from、to（哪一段分数）一起写")
        return self

    def broken(self, marks: Sequence[Fraction], asked: int) -> str:
        """How a paper on `asked` units breaks it, in words; empty where it does not."""
        if self.complete:
            return f"只评了 {len(marks)} 个单位，应评 {asked} 个" if len(marks) < asked else ""
        if self.not_all_same:
            return f"{len(marks)} 个单位都给 {number(marks[0])} 分" if len(marks) > 1 and len(set(marks)) == 1 else ""
        inside = sum(self._inside(mark) for mark in marks)
        limit = Fraction(self.at_most) if self.at_most is not None else (self.share or Fraction(0)) * asked
        return f"{self._band()}的给了 {inside} 个，最多 {number(limit, 2)} 个" if inside > limit else ""

    def _inside(self, mark: Fraction) -> bool:
        return (self.least is None or mark >= self.least) and (self.most is None or mark <= self.most)

    def _band(self) -> str:
        least, most = (None if each is None else number(each) for each in (self.least, self.most))
        if least is None or most is None:
            return f"{least} 分以上" if most is None else f"{most} 分以下"
        return f"{least}～{most} 分"

    def says(self) -> str:
        if self.complete:
            return "每个单位都评"
        if self.not_all_same:
            return "不全给同一个分"
        return (
            f"{self._band()}的不超过 {self.at_most} 个"
            if self.share is None
            else (f"{self._band()}的不超过单位数的 {percent(self.share)}")
        )


class Vote(Strict):
    """A vote of the year: `counts` of options, or `marks` that each voter gives each unit.

    `out_of`: what is divided by before the full mark is multiplied; `facets` asked about one by one on the same paper.
    """

    name: str
    paper: Literal["counts", "marks"]
    options: dict[str, VoteOption] = Field(default_factory=dict)
    voters: dict[str, Voters] = Field(default_factory=dict)
    out_of: AnyFigure
    facets: dict[str, str] = Field(default_factory=dict)
    combine: Combined = Combined()
    clause: str = ""
    by: str = ""  # who collects the papers
    voter: str = "评分人"  # what one who gives marks is called
    grouping: str = "组别"  # what tells the groups of voters apart
    valid: tuple[Validity, ...] = ()  # what a whole paper of marks must keep
    absent: Literal["refuse", "others"] = "refuse"
    """A group without any mark of a unit: the unit's points are not known, or the other groups decide alone."""
    least: Exact = Fraction(0)
    open: tuple[Any, ...] = ()

    @model_validator(mode="after")
    def _paper(self) -> Vote:
        if (self.paper == "counts") != bool(self.options):
            raise ValueError("options（选项）用于 paper: counts，且必须写；marks 不写")
        if self.valid and self.paper == "counts":
            raise ValueError("valid（有效票的条件）用于 paper: marks：只交票数的，逐张票已不可见")
        return self

    @property
    def groups(self) -> Mapping[str, Voters]:
        """Its groups of voters; everybody together where it tells none apart."""
        return self.voters or {EVERYBODY: Voters(name="评分人")}

    @property
    def voter_called(self) -> str:
        """Its voters in a sentence."""
        return self.voter if self.voter != "评分人" else self.name

    @property
    def highest_mark(self) -> Fraction | None:
        """The most a voter may give a unit; None where it depends on a reading."""
        return fixed_number(self.out_of)

    @property
    def highest(self) -> Fraction:
        """The most a vote is worth."""
        return max((option.worth for option in self.options.values()), default=Fraction(0))


def _counted(group: str, option: str) -> str:
    """Under what the votes for an option stand among the quantities."""
    return option if group == EVERYBODY else f"{group}:{option}"


class VoteRule(Rule):
    """Full mark × what the voters gave ÷ what it is out of; groups of voters by their shares."""

    kind: Literal["vote"] = "vote"
    vote: str
    facet: str | None = None
    definition: Vote = Field(exclude=True, repr=False)

    def children(self) -> tuple[Figure, ...]:
        return (self.definition.out_of,)

    def points(self, inputs: Inputs) -> Outcome:
        return self._counted(inputs) if self.definition.paper == "counts" else self._marked(inputs)

    def _counted(self, inputs: Inputs) -> Outcome:
        vote, const = self.definition, inputs.numbers.const
        votes = inputs.votes(self.vote, self.facet)
        quantities: dict[str, Array] = {}
        counts, values, shares = [], [], const(0)
        for group, voters in vote.groups.items():
            mine = {name: votes[group, name] for name in vote.options}
            worth = [mine[name] * const(option.worth) for name, option in vote.options.items()]
            weighted = added_up(worth, inputs.numbers)
            cast = added_up(list(mine.values()), inputs.numbers)
            share = const(voters.share)
            if vote.absent == "others":  # a group of whom none voted on a unit has no part in it
                share = inputs.numbers.where(np.equal(cast, 0).astype(bool), 0, share)
                cast = inputs.numbers.where(np.equal(cast, 0).astype(bool), 1, cast)
            quantities |= {_counted(group, name): found for name, found in mine.items()}
            found = weighted / cast
            if group != EVERYBODY:
                quantities[f"{group}:value"] = found
            values.append(found * share)
            counts.append(cast)
            shares = shares + share
        count, value = added_up(counts, inputs.numbers), added_up(values, inputs.numbers) / shares
        out_of = vote.out_of.points(inputs)
        awarded = inputs.full * value / out_of.points
        quantities |= {"votes": count, "value": value, "divisor": out_of.points, "full": inputs.full}
        return Outcome.whole(awarded, quantities, (out_of,))

    def _marked(self, inputs: Inputs) -> Outcome:
        vote = self.definition
        out_of = vote.out_of.points(inputs)
        quantities: dict[str, Any] = {"panel": inputs.decided(vote.combine.how), "divisor": out_of.points}
        parts = [inputs.numbers.full(inputs.size)]
        shares = self._shares(inputs)
        for group in vote.groups:
            ways = {how: partial(inputs.marks, self.vote, self.facet, group, how) for how in PANEL_WORDS}
            score = inputs.choose(vote.combine.how, ways)
            share = shares[group]
            part = score / out_of.points * share
            voters = inputs.voters(self.vote, self.facet, group)
            quantities |= {f"{group}_score": score, f"{group}_count": voters, f"{group}_points": part}
            quantities[f"{group}_share"] = share
            parts.append(part)
        return Outcome.whole(added_up(parts, inputs.numbers), quantities, (out_of,))

    def _shares(self, inputs: Inputs) -> dict[str, Array]:
        """The part of the full mark that each group of voters decides."""
        groups = self.definition.groups
        if self.definition.absent == "refuse":
            whole = sum((each.share for each in groups.values()), Fraction(0))
            return {name: inputs.full * inputs.numbers.const(each.share / whole) for name, each in groups.items()}
        mine = {
            name: inputs.numbers.where(
                np.asarray(inputs.voters(self.vote, self.facet, name) > 0, dtype=bool), each.share, 0
            )
            for name, each in groups.items()
        }
        present = sum(mine.values(), start=inputs.numbers.const(0))
        return {name: inputs.full * share / present for name, share in mine.items()}

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        said = self._count_words(trace) if self.definition.paper == "counts" else self._mark_words(trace)
        return [Sentence(text, confidential=True) for text in said]

    def _count_words(self, trace: Trace) -> list[str]:
        vote, out = self.definition, []
        for group, voters in vote.groups.items():
            if vote.absent == "others" and not any(trace[_counted(group, name)] for name in vote.options):
                continue
            counts = "，".join(
                f"{option.name} {number(trace[_counted(group, name)])} 票（每票 {number(option.worth)}）"
                for name, option in vote.options.items()
            )
            if group != EVERYBODY:
                mean = number(trace[f"{group}:value"])
                out.append(f"{voters.name}：{counts}，加权平均 {mean}（占 {number(voters.share)}）")
            else:
                out.append(f"{counts}，共 {number(trace['votes'])} 票，加权平均 {number(trace['value'])}")
        return [
            *out,
            f"加权平均 {number(trace['value'])} ÷ {number(trace['divisor'])} × 满分 {number(trace['full'])}，"
            f"得 {points(trace.points)}",
        ]

    def _mark_words(self, trace: Trace) -> list[str]:
        return [
            f"{voters.name} {trace[f'{group}_count']} 位，{self._made_one(trace, group)}，"
            f"÷ {number(trace['divisor'])} × {number(trace[f'{group}_share'])} 得 {points(trace[f'{group}_points'])}"
            for group, voters in self.definition.groups.items()
            if trace[f"{group}_count"]
        ]

    def _made_one(self, trace: Trace, group: str) -> str:
        how = says_panel(trace["panel"], trace[f"{group}_count"], self.definition.combine.fewest)
        return f"{how} {number(trace[f'{group}_score'])}"

    def describe(self, terms: Terms) -> list[str]:
        vote = self.definition
        if vote.paper == "counts":
            votes = "、".join(f"{option.name} {number(option.worth)}" for option in vote.options.values())
            shares = "、".join(f"{each.name} {number(each.share)}" for each in vote.voters.values())
            mean = f"各组取本组票的平均，再按份额平均：{shares}" if shares else "取全部票的平均"
            return [f"每票计：{votes}；{mean}", self._says_out_of(terms)]
        decided = isinstance(vote.combine.how, str)
        made = says_reading(vote.combine.how, MADE_ONE, f"几位{vote.voter}的评分怎样合成", terms)
        parts = [
            f"{voters.name}评分{made if decided else '合成后'} ÷ {vote.out_of.called(terms)} × {number(voters.share)}"
            for voters in vote.groups.values()
        ]
        return parts if decided else [*parts, made]

    def _says_out_of(self, terms: Terms) -> str:
        """`÷ 100 × 满分`, or the question between two divisors with the reading that decides it."""
        out_of = self.definition.out_of
        if not isinstance(out_of, ByPolicy):
            return f"÷ {out_of.called(terms)} × 满分"
        ways = {name: f"÷ {each.called(terms)} × 满分" for name, each in out_of.options.items()}
        first, *rest = (each.called(terms) for each in out_of.options.values())
        asked = "".join([f"除以 {first}", *(f" 还是除以最高的 {other}" for other in rest)]) + "，再乘满分"
        return says_reading(out_of.reference, ways, asked, terms)

    def best(self, full: Fraction) -> Fraction | None:
        out_of = self.definition.out_of
        if self.definition.paper == "marks":
            return full
        divisors = [
            each.value for each in (*getattr(out_of, "options", {}).values(), out_of) if isinstance(each, Number)
        ]
        return full * self.definition.highest / min(divisors) if divisors else None
