"""Figures made of figures: they compute with `made()`, and say the calculation with `formula()`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.rules.base import Figure, Inputs, Rule
from kaohe.rules.bounds import Range
from kaohe.rules.numbers import Array, Numbers
from kaohe.rules.outcome import ABSENT, Outcome, Trace
from kaohe.rules.plain import ByPolicy, ByTrait, Named
from kaohe.rules.wording import Sentence, Term, Terms, number, quantity

SIMPLE = ("metric", "number", "named", "score", "own_mark", "unlimited", "full", "day")
"""Kinds that stand in a calculation without brackets around them."""


def each_of(values: Any, numbers: Numbers, exact: Any, doubles: Any) -> Array:
    """A function of one number over an array: exactly, or in doubles."""
    values = np.asarray(values)
    if not numbers.exact:
        return np.asarray(doubles(values.astype(np.float64)))
    out = np.empty(values.shape, dtype=object)
    out[...] = np.frompyfunc(exact, 1, 1)(values)
    return out


class Ranged(Figure):
    """A figure whose bounds are found together, by `range()`; the best and the worst are those of it."""

    def range(self, full: Fraction) -> Range:
        raise TypeError(f"{type(self).__name__} has no range()")

    def best(self, full: Fraction) -> Fraction | None:
        return self.range(full).most

    def worst(self, full: Fraction) -> Fraction | None:
        return self.range(full).least


class Made(Figure):
    """A figure made of others: it computes with `made()` and says its calculation with `formula()`."""

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        """The figure from those it is made of."""
        raise TypeError(f"{type(self).__name__} has no made()")

    def formula(self, said: Sequence[str]) -> str:
        """The calculation, from what is said of its parts."""
        raise TypeError(f"{type(self).__name__} has no formula()")

    def points(self, inputs: Inputs) -> Outcome:
        parts = tuple(figure.points(inputs) for figure in self.children())
        value = self.made([part.points for part in parts], inputs)
        return Outcome.whole(value, {"value": value}, parts)

    def of_units(self, inputs: Inputs) -> Array:
        return self.made([figure.of_units(inputs) for figure in self.children()], inputs)

    def pooled(self, inputs: Inputs) -> Array:
        return self.made([figure.pooled(inputs) for figure in self.children()], inputs)

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        parts = zip(self.children(), trace.parts, strict=True)
        return self.formula([brief(figure, part, terms) for figure, part in parts])

    def brief(self, trace: Trace, terms: Terms) -> str:
        """How another calculation that uses it says it."""
        return f"（{self.says(trace, terms)}）"

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        text = f"{self.says(trace, terms)} = {quantity(trace.points, self.unit(terms))}"
        return [*below(self, trace, terms), Sentence(text, trace.confidential)]

    def describe(self, terms: Terms) -> list[str]:
        return [self.called(terms)]

    def called(self, terms: Terms) -> str:
        return self.formula([_bracketed(figure, figure.called(terms)) for figure in self.children()])

    def unit(self, terms: Terms) -> Term:
        return Term("")


def below(figure: Figure, trace: Trace, terms: Terms) -> list[Sentence]:
    """The sentences of figures that the calculation above only calls by name and number."""
    out: list[Sentence] = []
    for child, part in zip(figure.children(), trace.parts, strict=True):
        out += _own_sentences(child, part, terms) if part.kind != ABSENT else []
    return list(dict.fromkeys(out))


def _own_sentences(figure: Figure, trace: Trace, terms: Terms) -> list[Sentence]:
    if isinstance(figure, Named):
        return [Sentence(f"{figure.says_as}：{text}", secret) for text, secret in figure.words(trace, terms)]
    if isinstance(figure, ByPolicy | ByTrait):
        taken = figure.taken(trace)
        return _own_sentences(*taken, terms) if taken else []
    if figure.kind not in SIMPLE and (isinstance(figure, Rule) or getattr(figure, "apart", False)):
        return figure.words(trace, terms)
    return below(figure, trace, terms) if figure.children() else []


def brief(figure: Figure, trace: Trace, terms: Terms) -> str:
    """How a calculation says one of its parts: by name and number, or in brackets."""
    if trace.kind == ABSENT:
        return "没有数据"
    if isinstance(figure, ByPolicy | ByTrait):
        taken = figure.taken(trace)
        return brief(*taken, terms) if taken else figure.says(trace, terms)
    if isinstance(figure, Made):
        return figure.brief(trace, terms)
    if figure.kind == "limit":
        held = figure.held_words(trace, terms)  # type: ignore[attr-defined]
        of = brief(figure.children()[0], trace.parts[0], terms)
        return f"（{'，'.join([of, *held])}，计 {number(trace.points)}）" if held else of
    if isinstance(figure, Rule) and figure.kind not in SIMPLE:
        return f"得分 {number(trace.points)}"
    return figure.says(trace, terms) if figure.kind in SIMPLE else f"（{figure.says(trace, terms)}）"


def _bracketed(figure: Figure, said: str) -> str:
    return said if figure.kind in SIMPLE else f"（{said}）"
