"""Conditions: yes or no for each unit; wherever the text says if, unless, only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial, reduce
from operator import eq, ge, gt, le, lt
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import AnyFigure, Figure, Inputs, PolicyReference, Strict, policy_key
from kaohe.rules.bykind import CONDITION, ByKind
from kaohe.rules.numbers import Array
from kaohe.rules.wording import Term, Terms, quantity, term

COMPARED: Mapping[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "at_least": ("≥", ge),
    "above": (">", gt),
    "at_most": ("≤", le),
    "below": ("<", lt),
    "equals": ("=", eq),
}


class Condition(Strict):
    """One condition; found by its `kind`, which the YAML need not write."""

    kind: Any

    def holds(self, inputs: Inputs) -> Array:
        """For each unit of the pool whether it holds."""
        raise TypeError(f"{type(self).__name__} has no holds()")

    def called(self, terms: Terms) -> str:
        """The condition in a few Chinese words."""
        raise TypeError(f"{type(self).__name__} has no called()")

    def figures(self) -> tuple[Figure, ...]:
        """Figures it looks at itself."""
        return ()

    def children(self) -> tuple[Condition, ...]:
        return ()

    def walk(self) -> list[Condition]:
        return [self, *(each for child in self.children() for each in child.walk())]


AnyCondition = Annotated[Condition, ByKind(CONDITION)]
"""A field that holds any condition."""


class Compared(Condition):
    """A figure held against one or more bounds; a figure that bounds may itself be by reading or class."""

    kind: Literal["compared"] = "compared"
    value: AnyFigure
    at_least: AnyFigure | None = None
    above: AnyFigure | None = None
    at_most: AnyFigure | None = None
    below: AnyFigure | None = None
    equals: AnyFigure | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Compared:
        if not self.bounds():
            raise ValueError(f"应写界限：{'、'.join(COMPARED)} 之一")
        return self

    def bounds(self) -> dict[str, Figure]:
        return {name: bound for name in COMPARED if (bound := getattr(self, name)) is not None}

    def holds(self, inputs: Inputs) -> Array:
        value = self.value.of_units(inputs)
        met = [
            np.asarray(COMPARED[name][1](value, bound.of_units(inputs)), dtype=bool)
            for name, bound in self.bounds().items()
        ]
        return reduce(lambda one, other: one & other, [*met, *self._there(inputs)])

    def _there(self, inputs: Inputs) -> list[Array]:
        """Whether the items it looks at are there: held against one that is missing nothing holds."""
        return [
            ~np.asarray(inputs.score(name, "present") & ~inputs.score(name, "known"), dtype=bool)
            for name in self._items
        ]

    @cached_property
    def _items(self) -> tuple[str, ...]:
        return tuple(sorted({name for each in self.figures() for name in each.rests_on({})}))

    def called(self, terms: Terms) -> str:
        about = self.value.unit(terms)

        def said(bound: Figure) -> str:
            value = getattr(bound, "value", None)
            return quantity(value, about) if bound.kind == "number" and value is not None else bound.called(terms)

        signs = " 且 ".join(f"{COMPARED[name][0]} {said(bound)}" for name, bound in self.bounds().items())
        return f"{self.value.called(terms)} {signs}"

    def figures(self) -> tuple[Figure, ...]:
        return (self.value, *self.bounds().values())


class Every(Condition):
    """All of several, or any of them."""

    kind: Literal["all", "any"]
    of: tuple[AnyCondition, ...] = Field(min_length=1)

    def holds(self, inputs: Inputs) -> Array:
        met = [each.holds(inputs) for each in self.of]
        return reduce(lambda one, other: one & other if self.kind == "all" else one | other, met)

    def called(self, terms: Terms) -> str:
        joined = (" 且 " if self.kind == "all" else " 或 ").join(each.called(terms) for each in self.of)
        return f"（{joined}）" if len(self.of) > 1 else joined

    def children(self) -> tuple[Condition, ...]:
        return self.of


class Not(Condition):
    """That another does not hold."""

    kind: Literal["not"] = "not"
    of: AnyCondition

    def holds(self, inputs: Inputs) -> Array:
        return ~np.asarray(self.of.holds(inputs), dtype=bool)

    def called(self, terms: Terms) -> str:
        return f"并非{self.of.called(terms)}"

    def children(self) -> tuple[Condition, ...]:
        return (self.of,)


FACTS = {
    "declared": "已认定申报",
    "vetoed": "有否决事项",
    "awarded": "获奖",
    "grade": "等次为",
    "last": "末位",
}


class Fact(Condition):
    """What is known of a unit: something declared, vetoed or awarded, its grade, being last; perhaps years ago."""

    kind: Literal["fact"] = "fact"
    fact: Literal["declared", "vetoed", "awarded", "grade", "last"]
    name: str = ""
    ago: int = Field(default=0, ge=0)

    def holds(self, inputs: Inputs) -> Array:
        asked = inputs.earlier(self.ago) if self.ago else inputs
        return np.asarray(asked.holds(self.fact, self.name), dtype=bool)

    def called(self, terms: Terms) -> str:
        name = terms.get(f"{self.fact}:{self.name}", Term("" if self.fact == "last" else self.name)).name
        when = {0: "", 1: "上一年"}.get(self.ago, f"{self.ago} 年前")
        return f"{when}{FACTS[self.fact]}{name}"


class OfTrait(Condition):
    """That a unit is of one of these categories, groups or classes, or has a trait of this value."""

    kind: Literal["of_trait"] = "of_trait"
    trait: str
    among: tuple[str, ...] = Field(min_length=1)

    def holds(self, inputs: Inputs) -> Array:
        return np.isin(inputs.trait(self.trait).astype(str), self.among)

    def called(self, terms: Terms) -> str:
        values = "、".join(terms.get(f"{self.trait}:{each}", Term(each)).name for each in self.among)
        trait = terms.get(f"trait:{self.trait}")  # of a category, group or class its name alone says what it is
        return f"{trait.name}为{values}" if trait is not None else f"属于{values}"


class PolicyCondition(Condition):
    """The condition of the reading in force."""

    kind: Literal["policy_condition"] = "policy_condition"
    policy: str
    options: dict[str, AnyCondition] = Field(min_length=1)

    def holds(self, inputs: Inputs) -> Array:
        ways = {name: partial(each.holds, inputs) for name, each in self.options.items()}
        return np.asarray(inputs.choose(self.reference, ways), dtype=bool)

    @cached_property
    def reference(self) -> PolicyReference:
        return PolicyReference(policy=self.policy)

    def called(self, terms: Terms) -> str:
        ways = "；".join(dict.fromkeys(each.called(terms) for each in self.options.values()))
        return f"由读法 {term(terms, policy_key(self.policy)).name} 决定（{ways}）"

    def children(self) -> tuple[Condition, ...]:
        return tuple(self.options.values())


class Always(Condition):
    """Holds for everybody, or for nobody."""

    kind: Literal["always", "never"]

    def holds(self, inputs: Inputs) -> Array:
        return np.full(inputs.size, self.kind == "always")

    def called(self, terms: Terms) -> str:
        return "总是" if self.kind == "always" else "从不"


class NamedCondition(Condition):
    """A condition that the scheme names once."""

    kind: Literal["named_condition"] = "named_condition"
    name: str
    says_as: str
    of: AnyCondition

    def holds(self, inputs: Inputs) -> Array:
        return self.of.holds(inputs)

    def called(self, terms: Terms) -> str:
        return self.says_as

    def children(self) -> tuple[Condition, ...]:
        return (self.of,)


def gate(inputs: Inputs, held: Condition | None, unless: Condition | None) -> Array | None:
    """Where `if` holds and `unless` does not; None where neither is written."""
    asked: Sequence[Array] = [
        *([held.holds(inputs)] if held is not None else []),
        *([~unless.holds(inputs)] if unless is not None else []),
    ]
    return reduce(lambda one, other: one & other, asked) if asked else None
