"""What follows after a figure, in the order written: limits, coefficients, bonuses, conversions, roundings.

And a figure found once for each month or term, then folded into one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from kaohe.rules.base import AnyFigure, Figure, Inputs, Strict
from kaohe.rules.bounds import Range
from kaohe.rules.conditions import AnyCondition, gate
from kaohe.rules.limits import Rounding, held_down, held_up
from kaohe.rules.made import Ranged
from kaohe.rules.numbers import Array, Numbers, in_order, middle, safe_ratio
from kaohe.rules.outcome import Outcome, Trace, Whole
from kaohe.rules.plain import unlimited
from kaohe.rules.wording import Sentence, Term, Terms, number

FoldWord = Literal["mean", "sum", "best", "worst", "last", "median"]
FOLDED = {
    "mean": "平均",
    "sum": "合计",
    "best": "取最高",
    "worst": "取最低",
    "last": "取最后一次",
    "median": "取中位数",
}
STEPS = ("at_most", "at_least", "times", "plus", "minus", "rescale", "round")


class Folding(Strict):
    """How several figures become one where some are left out: `{how: sum, drop_lowest: 1}`."""

    how: FoldWord
    drop_highest: int = Field(default=0, ge=0)
    drop_lowest: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _not_the_last(self) -> Folding:
        if self.how == "last" and self.drops:
            raise ValueError("last（最后一次）不能再去掉最高、最低")
        return self

    @property
    def drops(self) -> int:
        """How many are left out."""
        return self.drop_highest + self.drop_lowest


Fold = Annotated[
    Annotated[FoldWord, Tag("word")] | Annotated[Folding, Tag("folding")],
    Discriminator(lambda value: "folding" if isinstance(value, Mapping | Folding) else "word"),
]


class Step(Strict):
    """What follows after an item's figure, once: a limit, a coefficient, a bonus, a conversion, a rounding.

    `rescale` to that many points, of what `of` says the whole is; `leave` there leaves the figure as it is.
    """

    at_most: AnyFigure | None = None
    at_least: AnyFigure | None = None
    times: AnyFigure | None = None
    plus: AnyFigure | None = None
    minus: AnyFigure | None = None
    rescale: AnyFigure | None = None
    of: AnyFigure | None = None
    round: Rounding | None = None
    held: AnyCondition | None = Field(default=None, alias="if")
    unless: AnyCondition | None = None
    clause: str = ""

    @model_validator(mode="after")
    def _one(self) -> Step:
        if sum(getattr(self, name) is not None for name in STEPS) != 1:
            raise ValueError(f"每一步应写 {'、'.join(STEPS)} 之一")
        if (self.rescale is None) != (self.of is None):
            raise ValueError("rescale（折算到多少分）应与 of（原来的满分）一起写")
        return self

    @property
    def how(self) -> str:
        """Which step it is."""
        return next(name for name in STEPS if getattr(self, name) is not None)

    @property
    def figure(self) -> Figure | None:
        """What it is done with; None of a rounding."""
        found: Figure | None = None if self.how == "round" else getattr(self, self.how)
        return found

    def figures(self) -> tuple[Figure, ...]:
        """What is done, and of what."""
        return tuple(each for each in (self.figure, self.of) if each is not None)

    def range(self, before: Range, full: Fraction) -> Range:
        """Between what a figure can lie after the step."""
        if self.round is not None:
            return self.round.range(before)
        figure = self.figure
        assert figure is not None
        given = figure.range(full)
        ways = {"at_most": before.under, "at_least": before.over, "plus": before.plus, "minus": before.minus}
        if self.how == "times":
            return before.times(given)
        return ways[self.how](given) if self.how in ways else Range(None, None)

    def called(self, terms: Terms) -> str:
        """The step, before any figure is known."""
        if self.round is not None:
            text = self.round.says
        else:
            figure, of = self.figure, self.of
            assert figure is not None
            said = figure.called(terms)
            text = f"由 {of.called(terms)} 折算到 {said}" if of is not None else f"{VERBS[self.how]} {said}"
        when = [f"{self.held.called(terms)}时"] if self.held is not None else []
        when += [f"除非{self.unless.called(terms)}"] if self.unless is not None else []
        return "，".join([*when, text])


VERBS = {"at_most": "最多", "at_least": "最少", "times": "乘以", "plus": "加", "minus": "减"}


def follow(steps: Sequence[Step], of: Outcome, inputs: Inputs) -> tuple[Outcome, list[Array], list[Outcome]]:
    """The figure after all steps; the figure after each of them; and the outcomes of the steps' own figures."""
    now, after, parts = of, [], []
    for step in steps:
        found = [figure.points(inputs) for figure in step.figures()]
        parts += found
        then = _done(step, now, found, inputs)
        where = gate(inputs, step.held, step.unless)
        now = then if where is None else _where(where, then, now, inputs.numbers)
        after.append(now.points)
    return now, after, parts


def _where(where: Array, yes: Outcome, no: Outcome, numbers: Numbers) -> Outcome:
    return Outcome.alike(lambda get: numbers.where(where, get(yes), get(no)), (yes, no), parts=())


def _done(step: Step, now: Outcome, found: Sequence[Outcome], inputs: Inputs) -> Outcome:
    numbers, value = inputs.numbers, now.points
    if step.round is not None:
        return Outcome(now.awarded + (step.round.of(value, numbers) - value), now.deducted, now.capped)
    figure, given = step.figure, found[0].points
    assert figure is not None
    without = unlimited(figure, inputs)
    if step.how in ("at_most", "at_least", "rescale") and without.all():
        return now
    if step.how == "at_most":
        return Outcome(now.awarded, now.deducted, now.capped + held_down(value, given, without, numbers))
    if step.how == "at_least":
        return Outcome(now.awarded + held_up(value, given, without, numbers), now.deducted, now.capped)
    if step.how == "plus":
        if isinstance(now, Whole):
            return Outcome.whole(now.points + given)
        return Outcome(now.awarded + given, now.deducted, now.capped)
    if step.how == "minus":
        return Outcome(now.awarded, now.deducted + given, now.capped)
    by = given if step.how == "times" else numbers.where(without, 1, safe_ratio(numbers, given, found[1].points))
    return Outcome.alike(lambda get: get(now) * by, (now,), parts=())


class After(Ranged):
    """A figure with what follows after it."""

    kind: Literal["after"] = "after"
    of: AnyFigure
    steps: tuple[Step, ...] = Field(min_length=1)

    def children(self) -> tuple[Figure, ...]:
        return (self.of, *(figure for step in self.steps for figure in step.figures()))

    def points(self, inputs: Inputs) -> Outcome:
        of = self.of.points(inputs)
        found, after, parts = follow(self.steps, of, inputs)
        quantities = {f"after{place}": value for place, value in enumerate(after)}
        return Outcome(found.awarded, found.deducted, found.capped, quantities, (of, *parts))

    def of_units(self, inputs: Inputs) -> Array:
        return self.points(inputs).points

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        out = self.of.words(trace.parts[0], terms)
        before, place = trace.parts[0].points, 1
        secret = trace.confidential
        for order, step in enumerate(self.steps):
            parts = trace.parts[place : place + len(step.figures())]
            text = say_step(step, before, trace[f"after{order}"], parts, terms)
            out += [Sentence(text, secret)] if text else []
            before, place = trace[f"after{order}"], place + len(step.figures())
        return out

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return "；".join(sentence.text for sentence in self.words(trace, terms))

    def describe(self, terms: Terms) -> list[str]:
        return [*self.of.describe(terms), *(step.called(terms) for step in self.steps)]

    def called(self, terms: Terms) -> str:
        return "，".join(self.describe(terms))

    def unit(self, terms: Terms) -> Term:
        return self.of.unit(terms)

    def range(self, full: Fraction) -> Range:
        found = self.of.range(full)
        for step in self.steps:
            then = step.range(found, full)
            found = then if step.held is None and step.unless is None else then.either(found)
        return found


def say_step(step: Step, before: Any, after: Any, parts: Sequence[Trace], terms: Terms) -> str:
    """What a step did to one figure, with its arithmetic; empty where it changed nothing that has to be said."""
    if step.round is not None:
        return f"{step.round.says}，为 {number(after)}" if after != before else ""
    figure = step.figure
    assert figure is not None
    said = figure.says(parts[0], terms)
    if after == before and step.how in ("at_most", "at_least", "rescale"):
        return ""
    if step.how == "at_most":
        return f"最多 {said}，超出的 {number(before - after)} 不计"
    if step.how == "at_least":
        return f"最少 {said}，按此计"
    if after == before:
        return ""
    if step.how == "rescale" and step.of is not None:
        return f"折算：{number(before)} ÷ {step.of.says(parts[1], terms)} × {said} = {number(after)}"
    sign = {"times": "×", "plus": "+", "minus": "−"}[step.how]
    return f"{number(before)} {sign} {said} = {number(after)}"


def folded(values: Sequence[Array], fold: Fold, numbers: Numbers) -> Array:
    """Several figures as one."""
    how = fold if isinstance(fold, str) else fold.how
    if not isinstance(fold, str):
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
    whole = reduce(lambda one, other: one + other, values)
    return whole / len(values) if how == "mean" else whole


def many_counted(members: int, fold: Fold) -> int:
    """How many figures a fold adds up; 1 where it makes one of them all."""
    if isinstance(fold, str):
        return members if fold == "sum" else 1
    return members - fold.drop_highest - fold.drop_lowest if fold.how == "sum" else 1


def says_fold(fold: Fold) -> str:
    """`平均`, `去掉 1 个最低，合计`."""
    if isinstance(fold, str):
        return FOLDED[fold]
    left = [f"{fold.drop_highest} 个最高"] if fold.drop_highest else []
    left += [f"{fold.drop_lowest} 个最低"] if fold.drop_lowest else []
    return f"去掉 {'、'.join(left)}，{FOLDED[fold.how]}" if left else FOLDED[fold.how]


class EachMember(Figure):
    """A figure found once for each member of a dimension (month, term), then folded."""

    kind: Literal["each_member"] = "each_member"
    of: AnyFigure
    dimension: str
    members: tuple[str, ...] = Field(min_length=1)
    fold: Fold = "mean"

    def children(self) -> tuple[Figure, ...]:
        return (self.of,) * len(self.members)

    def walk(self) -> Iterator[Figure]:
        yield self
        yield from self.of.walk()

    def points(self, inputs: Inputs) -> Outcome:
        parts = tuple(self.of.points(inputs.at(self.dimension, member)) for member in self.members)
        value = folded([part.points for part in parts], self.fold, inputs.numbers)
        return Outcome.whole(value, {"value": value}, parts)

    def of_units(self, inputs: Inputs) -> Array:
        return self.points(inputs).points

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        secret = trace.confidential
        return [Sentence(self.says(trace, terms), secret)]

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        each = "、".join(
            f"{term_of(terms, self.dimension, member)} {number(part.points)}"
            for member, part in zip(self.members, trace.parts, strict=True)
        )
        return f"{each}；{says_fold(self.fold)} {number(trace.points)}"

    def describe(self, terms: Terms) -> list[str]:
        name = terms.get(f"dimension:{self.dimension}", Term(self.dimension)).name
        return [*self.of.describe(terms), f"每{name}评一次，{says_fold(self.fold)}"]

    def called(self, terms: Terms) -> str:
        return "，".join(self.describe(terms))

    def unit(self, terms: Terms) -> Term:
        return self.of.unit(terms)

    def best(self, full: Fraction) -> Fraction | None:
        best = self.of.best(full)
        return None if best is None else best * many_counted(len(self.members), self.fold)

    def worst(self, full: Fraction) -> Fraction | None:
        worst = self.of.worst(full)
        return None if worst is None else worst * many_counted(len(self.members), self.fold)


def term_of(terms: Terms, dimension: str, member: str) -> str:
    """How a member is called: `3 月`, or its own name."""
    known = terms.get(f"{dimension}:{member}")
    name = terms.get(f"dimension:{dimension}", Term("")).name
    return known.name if known else f"{member} {name}".strip()


def after(of: Figure, steps: Sequence[Step], members: Sequence[str], dimension: str, fold: Fold) -> Figure:
    """A rule as it counts: found for each member and folded, then what follows."""
    each: Figure = of
    if members:
        each = EachMember(of=of, dimension=dimension, members=tuple(members), fold=fold)
    return After(of=each, steps=tuple(steps)) if steps else each
