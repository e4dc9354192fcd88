"""The simplest figures: a number of the text, the full mark, one of several by a reading or by who the unit is."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from pydantic import Field, field_validator

from kaohe.rules.base import AnyFigure, Figure, Inputs, PolicyReference, Value, policy_key
from kaohe.rules.bounds import highest, lowest
from kaohe.rules.branches import Branch
from kaohe.rules.numbers import Array, Numbers
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.wording import DATE, Sentence, Term, Terms, number, points, quantity, term
from kaohe.rules.written import Exact

FULL = "full"
NO_LIMIT, LEAVE = "no_limit", "leave"
OWN_FULL, STATED = "own_full", "stated"


def laid_out(values: Array, inputs: Inputs) -> Array:
    """`values` over the units of the pool, whatever axes they lack."""
    return np.broadcast_to(values, np.broadcast_shapes(np.shape(values), (inputs.size,)))


PRINTED = 8
"""So many digits at most of a number that the text prints: a coefficient is not rounded like a result."""


class Number(Value):
    """A number of the text."""

    kind: Literal["number"] = "number"
    value: Exact

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.numbers.full(inputs.size, self.value)

    def pooled(self, inputs: Inputs) -> Array:
        return inputs.numbers.full(1, self.value)

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return number(self.value, PRINTED)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        return [Sentence(f"计 {points(self.value)}")]

    def called(self, terms: Terms) -> str:
        return number(self.value, PRINTED)

    def best(self, full: Fraction) -> Fraction | None:
        return self.value

    def worst(self, full: Fraction) -> Fraction:
        return self.value


class Day(Value):
    """A day, each year (03-31) or once (2019-03-31): what dates handed in are held against."""

    kind: Literal["day"] = "day"
    day: str

    @field_validator("day")
    @classmethod
    def _a_day(cls, day: str) -> str:
        try:
            datetime.date.fromisoformat(f"2001-{day}" if len(day) == len("03-31") else day)
        except ValueError:
            raise ValueError("应为日期（如 03-31，须每年都有；或 2019-03-31）") from None
        return day

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.numbers.full(inputs.size, inputs.day(self.day))

    def unit(self, terms: Terms) -> Term:
        return Term("", DATE)

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return quantity(trace.points, Term("", DATE))

    def called(self, terms: Terms) -> str:
        *year, month, day = self.day.split("-")
        return "".join([f"{int(each)} 年 " for each in year]) + f"{int(month)} 月 {int(day)} 日"


class Unlimited(Value):
    """Where a limit may stand: that there is none (`no_limit`), or that the figure is left as it is (`leave`)."""

    kind: Literal["unlimited"] = "unlimited"
    word: Literal["no_limit", "leave"] = "no_limit"

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.numbers.full(inputs.size)

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return self.called(terms)

    def called(self, terms: Terms) -> str:
        return "不设上限" if self.word == NO_LIMIT else "不折算"


class OwnMark(Value):
    """The full marks of what applies to the unit under the item at hand, or the mark printed for its category."""

    kind: Literal["own_mark"] = "own_mark"
    word: Literal["own_full", "stated"]

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.own_full() if self.word == OWN_FULL else inputs.stated()

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return f"{self.called(terms)} {number(trace.points)}"

    def called(self, terms: Terms) -> str:
        return "本单位满分" if self.word == OWN_FULL else "印出的满分"


class ByPolicy(Figure):
    """The figure of the reading in force; a policy that is a fraction is that number itself."""

    kind: Literal["by_policy"] = "by_policy"
    policy: str
    options: dict[str, AnyFigure] = Field(default_factory=dict)

    @cached_property
    def reference(self) -> PolicyReference:
        return PolicyReference(policy=self.policy)

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        """Those of the reading in force."""
        if not self.options:
            return []
        reading = str(np.asarray(outcome["reading"]).reshape(-1)[0])
        return self.options[reading].branches(outcome.parts[list(self.options).index(reading)], terms)

    def children(self) -> tuple[Figure, ...]:
        return tuple(self.options.values())

    def points(self, inputs: Inputs) -> Outcome:
        if not self.options:
            share = inputs.read(self.reference, lambda value: inputs.numbers.full(inputs.size, value))
            return Outcome.whole(share, {"reading": inputs.decided(self.reference)})
        parts = {name: figure.points(inputs) for name, figure in self.options.items()}

        def chosen(get: Callable[[Outcome], Array]) -> Array:
            ways = {option: partial(get, part) for option, part in parts.items()}
            return inputs.choose(self.reference, ways)

        return Outcome.alike(chosen, tuple(parts.values()), {"reading": inputs.decided(self.reference)})

    def of_units(self, inputs: Inputs) -> Array:
        if not self.options:
            return self.points(inputs).points
        return inputs.choose(
            self.reference, {name: partial(each.of_units, inputs) for name, each in self.options.items()}
        )

    def pooled(self, inputs: Inputs) -> Array:
        return inputs.choose(
            self.reference, {name: partial(each.pooled, inputs) for name, each in self.options.items()}
        )

    def taken(self, trace: Trace) -> tuple[Figure, Trace] | None:
        """The figure of the reading in force, with what it found; None where the reading is itself the number."""
        reading = trace["reading"]
        return (self.options[reading], trace.parts[list(self.options).index(reading)]) if self.options else None

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        taken = self.taken(trace)
        return taken[0].words(taken[1], terms) if taken else [Sentence(self.says(trace, terms))]

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        taken = self.taken(trace)
        return taken[0].says(taken[1], terms, apart_from) if taken else number(trace.points)

    def describe(self, terms: Terms) -> list[str]:
        return [self.called(terms)]

    def called(self, terms: Terms) -> str:
        name = term(terms, policy_key(self.policy)).name
        ways = "；".join(dict.fromkeys(each.called(terms) for each in self.options.values()))
        return f"读法 {name} 定的数" + (f"（{ways}）" if ways else "")

    def unit(self, terms: Terms) -> Term:
        units = {each.unit(terms) for each in self.options.values() if not isinstance(each, Number | Unlimited)}
        return units.pop() if len(units) == 1 else Term("")

    def turns(self, outcome: Outcome, numbers: Numbers) -> list[Array]:
        return [np.asarray(turn) for turn in super().turns(outcome, numbers)] if self.options else []

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        then, now = self.taken(before), self.taken(after)
        if then is None or now is None or before["reading"] != after["reading"]:
            return []
        return then[0].won(then[1], now[1], terms)

    def best(self, full: Fraction) -> Fraction | None:
        return highest(each.best(full) for each in self.options.values()) if self.options else Fraction(1)

    def worst(self, full: Fraction) -> Fraction | None:
        return lowest(each.worst(full) for each in self.options.values()) if self.options else Fraction(0)


class ByTrait(Figure):
    """A figure for each group, class or category of units; `otherwise` for those not named."""

    kind: Literal["by_trait"] = "by_trait"
    trait: str
    of: dict[str, AnyFigure] = Field(min_length=1)
    otherwise: AnyFigure | None = None

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        """Each figure's for the units that it is meant for; of one that is for no unit of the pool, none."""
        places, found = np.asarray(outcome["place"]), []
        for place, (figure, part) in enumerate(zip(self.children(), outcome.parts, strict=True)):
            if (places == place).any():
                mine = figure.branches(part, terms)
                found += [branch._replace(used=branch.used & (places == place)) for branch in mine]
        return found

    def rests_on(self, who: Mapping[str, str]) -> frozenset[str]:
        if self.trait not in who:
            return super().rests_on(who)
        taken = self.of.get(who[self.trait], self.otherwise)
        return frozenset() if taken is None else taken.rests_on(who)

    def children(self) -> tuple[Figure, ...]:
        return (*self.of.values(), *([self.otherwise] if self.otherwise is not None else []))

    def points(self, inputs: Inputs) -> Outcome:
        places = self._places(inputs)
        parts = tuple(figure.points(inputs) for figure in self.children())

        def chosen(get: Callable[[Outcome], Array]) -> Array:
            return self._of_each(places, [get(part) for part in parts], inputs)

        return Outcome.alike(chosen, parts, {"place": places})

    @staticmethod
    def _of_each(places: Array, parts: Sequence[Array], inputs: Inputs) -> Array:
        out: Any = inputs.numbers.full(inputs.size)
        for place, part in enumerate(parts):
            out = inputs.numbers.where(places == place, part, out)
        return np.asarray(out)

    def _places(self, inputs: Inputs) -> Array:
        """Which figure each unit has; one beyond the last where the text names none for it."""
        order = {name: place for place, name in enumerate(self.of)}
        return np.array([order.get(str(each), len(self.of)) for each in inputs.trait(self.trait)], dtype=int)

    def of_units(self, inputs: Inputs) -> Array:
        return self._of_each(self._places(inputs), [each.of_units(inputs) for each in self.children()], inputs)

    def pooled(self, inputs: Inputs) -> Array:
        raise TypeError("a figure by class cannot be pooled")

    def taken(self, trace: Trace) -> tuple[Figure, Trace] | None:
        """The unit's own figure, with what it found."""
        figures = self.children()
        return (figures[trace["place"]], trace.parts[trace["place"]]) if trace["place"] < len(figures) else None

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        taken = self.taken(trace)
        return taken[0].words(taken[1], terms) if taken else [Sentence("没有为这类单位写出的数，按 0 计")]

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        taken = self.taken(trace)
        return taken[0].says(taken[1], terms, apart_from) if taken else "0"

    def describe(self, terms: Terms) -> list[str]:
        return [self.called(terms)]

    def called(self, terms: Terms) -> str:
        ways = [f"{term(terms, f'{self.trait}:{name}').name} {each.called(terms)}" for name, each in self.of.items()]
        ways += [f"其余 {self.otherwise.called(terms)}"] if self.otherwise is not None else []
        return "、".join(ways)

    def unit(self, terms: Terms) -> Term:
        units = {each.unit(terms) for each in self.children()}
        return units.pop() if len(units) == 1 else Term("")

    def best(self, full: Fraction) -> Fraction | None:
        rest = [Fraction(0)] if self.otherwise is None else []
        return highest([*rest, *(each.best(full) for each in self.children())])

    def worst(self, full: Fraction) -> Fraction | None:
        rest = [Fraction(0)] if self.otherwise is None else []
        return lowest([*rest, *(each.worst(full) for each in self.children())])


class Named(Figure):
    """A figure that the scheme names once: said by its name, its own sentence below."""

    kind: Literal["named"] = "named"
    name: str
    says_as: str
    figure: AnyFigure

    def children(self) -> tuple[Figure, ...]:
        return (self.figure,)

    def points(self, inputs: Inputs) -> Outcome:
        of = self.figure.points(inputs)
        return Outcome.alike(lambda get: get(of), (of,))

    def of_units(self, inputs: Inputs) -> Array:
        return self.figure.of_units(inputs)

    def pooled(self, inputs: Inputs) -> Array:
        return self.figure.pooled(inputs)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        return self.figure.words(trace.parts[0], terms)

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return f"{self.says_as} {quantity(trace.points, self.figure.unit(terms), apart_from=apart_from)}"

    def describe(self, terms: Terms) -> list[str]:
        return [f"{self.says_as}：{text}" for text in self.figure.describe(terms)]

    def called(self, terms: Terms) -> str:
        return self.says_as

    def unit(self, terms: Terms) -> Term:
        return Term(self.says_as, self.figure.unit(terms).unit)

    def best(self, full: Fraction) -> Fraction | None:
        return self.figure.best(full)

    def worst(self, full: Fraction) -> Fraction | None:
        return self.figure.worst(full)


def unlimited(figure: Figure, inputs: Inputs) -> Array:
    """For each unit whether the figure is none at all: `no_limit` or `leave`, perhaps by a reading."""
    if isinstance(figure, Unlimited):
        return np.ones(inputs.size, dtype=bool)
    if isinstance(figure, ByPolicy) and figure.options:
        ways = {name: partial(unlimited, each, inputs) for name, each in figure.options.items()}
        return np.asarray(inputs.choose(figure.reference, ways), dtype=bool)
    if isinstance(figure, ByTrait):
        places, each = figure._places(inputs), figure.children()
        out = np.zeros(inputs.size, dtype=bool)
        for place, one in enumerate(each):
            out = np.where(places == place, unlimited(one, inputs), out)
        return out
    return np.zeros(inputs.size, dtype=bool)


def fixed_number(figure: Figure | None) -> Fraction | None:
    """The number of a figure that is one for everybody and under every reading; None where it is not."""
    return figure.value if isinstance(figure, Number) else None


SHORT_FORMS: Mapping[str, Mapping[str, str]] = {
    FULL: {"kind": "full"},
    NO_LIMIT: {"kind": "unlimited", "word": NO_LIMIT},
    LEAVE: {"kind": "unlimited", "word": LEAVE},
    OWN_FULL: {"kind": "own_mark", "word": OWN_FULL},
    STATED: {"kind": "own_mark", "word": STATED},
}
"""Words that stand for a figure."""
