"""Rules made of rules: sums, deductions, caps, floors, and the part that may break a cap."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from kaohe.rules.base import AnyFigure, Choice, Figure, Inputs, Options, Rule, says_reading
from kaohe.rules.bounds import added
from kaohe.rules.branches import Branch, clause
from kaohe.rules.numbers import Array
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.sums import added_up
from kaohe.rules.wording import Sentence, Terms, points
from kaohe.rules.written import Exact


def _words_of_parts(rule: Rule, trace: Trace, terms: Terms) -> list[Sentence]:
    parts = zip(rule.children(), trace.parts, strict=True)
    return [sentence for child, part in parts for sentence in child.words(part, terms)]


def _limit(outcome: Outcome, held: Array, most: Array, quantities: dict[str, Array]) -> Outcome:
    """`outcome` with what `held` exceeds `most` by capped off."""
    over = np.maximum(held - most, 0 * outcome.points)
    return Outcome(outcome.awarded, outcome.deducted, outcome.capped + over, {**quantities, "over": over}, (outcome,))


def _held(after: Trace) -> list[str]:
    return [f"合计最高 {points(after['limit'])}，超出的不计"] if after["over"] > 0 else []


def _add(outcomes: list[Outcome], inputs: Inputs) -> Outcome:
    """The outcomes added up, as an outcome with them as parts."""
    return Outcome.alike(lambda get: added_up(list(map(get, outcomes)), inputs.numbers), outcomes)


class Sum(Rule):
    """The parts' points added up."""

    kind: Literal["sum"] = "sum"
    parts: tuple[AnyFigure, ...] = Field(min_length=1)

    def points(self, inputs: Inputs) -> Outcome:
        return _add([part.points(inputs) for part in self.parts], inputs)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        return _words_of_parts(self, trace, terms)

    def describe(self, terms: Terms) -> list[str]:
        described = [text for part in self.parts for text in part.describe(terms)]
        return [*described, *(["各项相加"] if len(self.parts) > 1 else [])]

    def best(self, full: Fraction) -> Fraction | None:
        return added(part.best(full) for part in self.parts)

    def worst(self, full: Fraction) -> Fraction | None:
        return added(part.worst(full) for part in self.parts)

    def children(self) -> tuple[Figure, ...]:
        return self.parts


class Deductions(Rule):
    """What `start` gives (`off: full`: the full mark instead), less the points of each in `less`; never below 0."""

    kind: Literal["deductions"] = "deductions"
    start: AnyFigure
    less: tuple[AnyFigure, ...] = Field(min_length=1)
    off: Annotated[Choice, Options("start", "full")] = "start"

    def points(self, inputs: Inputs) -> Outcome:
        start = self.start.points(inputs)
        less = [rule.points(inputs) for rule in self.less]
        called = _add(less, inputs).points
        none = 0 * start.points

        def off(own: Array, full: Array) -> Array:
            return inputs.choose(self.off, {"start": lambda: own, "full": lambda: full})

        available = np.maximum(off(start.points, inputs.full + none), none)
        deducted = np.minimum(called, available)
        return Outcome(
            awarded=off(start.awarded, inputs.full + none) + 0 * deducted,
            deducted=off(start.deducted, none) + deducted,
            capped=off(start.capped, none) + 0 * deducted,
            quantities={"called": called, "taken": deducted, "off": inputs.decided(self.off), "full": inputs.full},
            parts=(start, *less),
        )

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        out = self.start.words(trace.parts[0], terms)
        if trace["off"] == "full":
            out.append(Sentence(f"从满分 {points(trace['full'])}起扣，以上不计入"))
        for rule, part in zip(self.less, trace.parts[1:], strict=True):
            effect = f"扣 {points(part.points)}" if part.points else "不扣分"
            out += [Sentence(f"{text}，{effect}", secret) for text, secret in rule.words(part, terms)]
        if trace["called"] > trace["taken"]:
            text = f"应扣 {points(trace['called'])}，扣完为止，实扣 {points(trace['taken'])}"
            out.append(Sentence(text, confidential=trace["off"] != "full" and trace.confidential))
        return out

    def describe(self, terms: Terms) -> list[str]:
        less = [(f"扣分：{first}", *rest) for first, *rest in (rule.describe(terms) for rule in self.less)]
        ways = {"start": "", "full": "从满分起扣，以上不计入"}
        off = says_reading(self.off, ways, "以下扣分从以上得分起扣还是从满分起扣", terms)
        return [
            *self.start.describe(terms),
            *([off] if off else []),
            *(text for each in less for text in each),
            "扣完为止",
        ]

    def best(self, full: Fraction) -> Fraction | None:
        return full if self.off == "full" else self.start.best(full)

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        return [*super().branches(outcome, terms), clause("扣完为止", outcome["called"] > outcome["taken"])]

    def children(self) -> tuple[Figure, ...]:
        return (self.start, *self.less)


class Cap(Rule):
    """At most `at` points; read as `parts`, at most what the parts can give together.

    Held to it is what remains after deductions (`on: net`), or what is given before they are taken (`gains`).
    """

    kind: Literal["cap"] = "cap"
    of: AnyFigure
    at: Exact
    reading: Annotated[Choice, Options("stated", "parts")] = "stated"
    on: Annotated[Choice, Options("net", "gains")] = "net"

    def points(self, inputs: Inputs) -> Outcome:
        of = self.of.points(inputs)
        held = inputs.choose(self.on, {"net": lambda: of.points, "gains": lambda: of.awarded - of.capped})
        limit = inputs.choose(
            self.reading,
            {
                "stated": lambda: inputs.numbers.full(inputs.size, self.at),
                "parts": lambda: inputs.numbers.full(inputs.size, self._parts()),
            },
        )
        return _limit(of, held, limit, {"limit": limit, "held": held, "on": inputs.decided(self.on)})

    def _parts(self) -> Fraction:
        best = self.of.best(self.at)
        if best is None:
            raise ValueError("cap: parts without a limit of their own cannot be read as `parts`")
        return best

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        out = _words_of_parts(self, trace, terms)
        if trace["over"] > 0:
            what = "合计" if trace["on"] == "net" else "各项得分（未减扣分）合计"
            text = f"{what}超过上限 {points(trace['limit'])}，超出的 {points(trace['over'])} 不计"
            out.append(Sentence(text, confidential=trace.confidential))
        return out

    def describe(self, terms: Terms) -> list[str]:
        ways = {"stated": f"合计最高 {points(self.at)}", "parts": "合计最高为各项之和"}
        asked = f"合计最高是标明的 {points(self.at)}还是各项之和"
        out = [*self.of.describe(terms), says_reading(self.reading, ways, asked, terms)]
        ways = {"net": "", "gains": "上限只管得分，扣分在封顶之后减"}
        on = says_reading(self.on, ways, "上限管减去扣分后的合计还是只管得分", terms)
        return [*out, *([on] if on else [])]

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        return [*super().won(before, after, terms), *_held(after)]

    def best(self, full: Fraction) -> Fraction | None:
        best = self.of.best(full)
        return self.at if best is None else min(self.at, best)

    def worst(self, full: Fraction) -> Fraction | None:
        return self.of.worst(full)

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        at = outcome["over"] > 0
        return [*super().branches(outcome, terms), clause(f"合计最高 {points(self.at)}，超出的不计", at)]

    def children(self) -> tuple[Figure, ...]:
        return (self.of,)


class Floor(Rule):
    """Deductions may lead below 0 (`none`), or not (`zero`)."""

    kind: Literal["floor"] = "floor"
    of: AnyFigure
    reading: Annotated[Choice, Options("none", "zero")] = "zero"

    def points(self, inputs: Inputs) -> Outcome:
        of = self.of.points(inputs)
        zero = 0 * of.points
        spared = inputs.choose(self.reading, {"none": lambda: zero, "zero": lambda: np.maximum(-of.points, zero)})
        return Outcome(of.awarded + 0 * spared, of.deducted - spared, of.capped + 0 * spared, {"spared": spared}, (of,))

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        out = _words_of_parts(self, trace, terms)
        if trace["spared"] > 0:
            out.append(Sentence(f"合计为 {points(trace.parts[0].points)}，按 0 分计", confidential=trace.confidential))
        elif trace.points < 0:
            text = f"扣分多于得分，合计为 {points(trace.points)}（允许为负）"
            out.append(Sentence(text, confidential=trace.confidential))
        return out

    def describe(self, terms: Terms) -> list[str]:
        ways = {"none": "合计可以低于 0 分", "zero": "合计最低 0 分"}
        return [*self.of.describe(terms), says_reading(self.reading, ways, "合计可否低于 0 分", terms)]

    def best(self, full: Fraction) -> Fraction | None:
        return self.of.best(full)

    def worst(self, full: Fraction) -> Fraction | None:
        return self.of.worst(full) if self.reading != "zero" else Fraction(0)

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        spared = outcome["spared"] > 0
        own = [] if self.reading == "none" else [clause("合计最低 0 分", spared)]
        return [*super().branches(outcome, terms), *own]

    def children(self) -> tuple[Figure, ...]:
        return (self.of,)


class CapBreak(Rule):
    """`within` is held to `at`; whether and how `beyond` may lift the item above it is a reading.

    provincial_on_top: min(at, within) + beyond; provincial_alone: min(within + beyond, max(at, beyond));
    none: min(at, within + beyond).
    """

    kind: Literal["cap_break"] = "cap_break"
    within: AnyFigure
    beyond: AnyFigure
    at: Exact
    reading: Annotated[Choice, Options("provincial_on_top", "provincial_alone", "none")] = "provincial_on_top"

    def points(self, inputs: Inputs) -> Outcome:
        within, beyond = self.within.points(inputs), self.beyond.points(inputs)
        both = _add([within, beyond], inputs)
        at = inputs.numbers.full(inputs.size, self.at)
        limit = inputs.choose(
            self.reading,
            {
                "provincial_on_top": lambda: np.minimum(within.points, at) + beyond.points,
                "provincial_alone": lambda: np.maximum(at, beyond.points),
                "none": lambda: at,
            },
        )
        over = np.maximum(both.points - limit, 0 * both.points)
        return Outcome(
            both.awarded + 0 * over,
            both.deducted + 0 * over,
            both.capped + over,
            {"limit": limit + 0 * over, "over": over},
            (within, beyond),
        )

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        out = _words_of_parts(self, trace, terms)
        if trace["over"] > 0:
            text = f"按上限规则最多计 {points(trace['limit'])}，超出的 {points(trace['over'])} 不计"
            out.append(Sentence(text, confidential=trace.confidential))
        elif trace.points > self.at:
            text = f"可突破上限的部分使本项达到 {points(trace.points)}，高于上限 {points(self.at)}"
            out.append(Sentence(text, confidential=trace.confidential))
        return out

    def describe(self, terms: Terms) -> list[str]:
        ways = {
            "provincial_on_top": "加在封顶的得分之上",
            "provincial_alone": "自身超过上限时才突破",
            "none": "与前面的一起封顶",
        }
        how = says_reading(self.reading, ways, "怎样突破上限", terms)
        return [
            *self.within.describe(terms),
            f"以上合计最高 {points(self.at)}",
            *(f"可突破上限的部分：{text}" for text in self.beyond.describe(terms)),
            f"这一部分{how}",
        ]

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        return [*super().won(before, after, terms), *_held(after)]

    def best(self, full: Fraction) -> Fraction | None:
        return self.at if self.reading == "none" else None

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        over = outcome["over"] > 0
        beyond = clause(f"突破上限 {points(self.at)}", outcome.points > self.at)
        return [*super().branches(outcome, terms), clause(f"合计最高 {points(self.at)}，超出的不计", over), beyond]

    def children(self) -> tuple[Figure, ...]:
        return (self.within, self.beyond)
