"""What follows after a figure, in the order written: limits, coefficients, bonuses, conversions, roundings.

And a figure found once for each month or term, then folded into one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, model_validator

from kaohe.rules.base import AnyFigure, Figure, Inputs, Strict
from kaohe.rules.bounds import Range
from kaohe.rules.conditions import AnyCondition, gate
from kaohe.rules.folding import (
    Fold,
    each_found,
    folded,
    range_of,
    says_fold,
    says_lacked,
    says_missing,
)
from kaohe.rules.limits import Rounding, held_down, held_up
from kaohe.rules.made import Ranged
from kaohe.rules.numbers import Array, Numbers, safe_ratio
from kaohe.rules.outcome import ABSENT, Outcome, Trace, Whole
from kaohe.rules.plain import unlimited
from kaohe.rules.wording import Sentence, Term, Terms, number

STEPS = ("at_most", "at_least", "times", "plus", "minus", "rescale", "round")


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


class EachMember(Ranged):
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
        times = [inputs.at(self.dimension, member) for member in self.members]
        parts, had = each_found(self.of, times, self.fold)
        value = folded([part.points for part in parts], self.fold, inputs.numbers, had)
        return Outcome.whole(value, {"value": value}, parts)

    def of_units(self, inputs: Inputs) -> Array:
        return self.points(inputs).points

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        secret = trace.confidential
        return [Sentence(self.says(trace, terms), secret)]

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        each = "、".join(
            f"{term_of(terms, self.dimension, member)} {says_part(part, self.fold)}"
            for member, part in zip(self.members, trace.parts, strict=True)
        )
        return f"{each}；{says_fold(self.fold)} {number(trace.points)}"

    def describe(self, terms: Terms) -> list[str]:
        return [*self.of.describe(terms), says_each(self.dimension, self.fold, terms)]

    def called(self, terms: Terms) -> str:
        return "，".join(self.describe(terms))

    def unit(self, terms: Terms) -> Term:
        return self.of.unit(terms)

    def range(self, full: Fraction) -> Range:
        return range_of(self.of.range(full), len(self.members), self.fold)


def says_each(dimension: str, fold: Fold, terms: Terms) -> str:
    """`每月评一次，平均；没有数据的不计`."""
    name = terms.get(f"dimension:{dimension}", Term(dimension)).name
    return f"每{name}评一次，{says_fold(fold)}{says_missing(fold)}"


def says_part(part: Trace, fold: Fold) -> str:
    """The figure of one member, or that there is none."""
    return says_lacked(fold) if part.kind == ABSENT else number(part.points)


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
