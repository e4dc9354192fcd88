"""Figures that say themselves in a sentence of their own, and by name and number where others reckon with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from kaohe.rules.base import Figure, Inputs
from kaohe.rules.conditions import Condition
from kaohe.rules.made import Made, below, brief
from kaohe.rules.numbers import Array, total
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.wording import Sentence, Term, Terms, quantity


class Told(Made):
    """A figure made of others by more than one calculation: its sentence ends with the figure it found.

    A subclass computes in `found()` (the figure, and what its sentence needs) and speaks in `told()`.
    """

    apart: ClassVar[bool] = True  # its sentence stands below the calculation that uses it

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        """The figure, and the quantities its sentence is made of."""
        raise TypeError(f"{type(self).__name__} has no found()")

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        """What happened, from what is said of its parts; without the figure itself."""
        raise TypeError(f"{type(self).__name__} has no told()")

    def conditions(self) -> tuple[Condition, ...]:
        """Conditions it asks."""
        return ()

    def made(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        return self.found(parts, inputs)[0]

    def points(self, inputs: Inputs) -> Outcome:
        parts = tuple(figure.points(inputs) for figure in self.children())
        value, quantities = self.found([part.points for part in parts], inputs)
        shown = {name: np.asarray(each) if not callable(each) else each for name, each in quantities.items()}
        return Outcome.whole(value, {**shown, "value": value}, parts)

    def of_units(self, inputs: Inputs) -> Array:
        return self.points(inputs).points

    def pooled(self, inputs: Inputs) -> Array:
        return total(self.of_units(inputs))

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        parts = zip(self.children(), trace.parts, strict=True)
        text = self.told([brief(figure, part, terms) for figure, part in parts], trace, terms)
        return f"{text} {quantity(trace.points, self.unit(terms), apart_from=apart_from)}"

    def brief(self, trace: Trace, terms: Terms) -> str:
        """By name and number, where another calculation uses it."""
        return f"{quoted(self.title(terms))} {quantity(trace.points, self.unit(terms))}"

    def title(self, terms: Terms) -> str:
        """Its name in others' calculations."""
        return self.unit(terms).name or self.called(terms)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        return [*below(self, trace, terms), Sentence(self.says(trace, terms), trace.confidential)]

    def called(self, terms: Terms) -> str:
        raise TypeError(f"{type(self).__name__} has no called()")

    def unit(self, terms: Terms) -> Term:
        return Term("")

    def metrics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in asked(self.conditions()) for name in each.metrics()))

    def denominators(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in asked(self.conditions()) for name in each.denominators()))

    def compares(self) -> bool:
        return super().compares() or any(each.compares() for each in asked(self.conditions()))

    def moves_others(self) -> bool:
        return super().moves_others() or any(each.moves_others() for each in asked(self.conditions()))


RECKONED = re.compile(r"[\d×÷+−]")


def quoted(title: str) -> str:
    """A name that is itself a calculation, set apart from the one it stands in."""
    return f"「{title}」" if RECKONED.search(title) else title


def asked(conditions: Iterable[Condition]) -> Iterator[Figure]:
    """Every figure that conditions look at."""
    for condition in conditions:
        for each in condition.walk():
            for figure in each.figures():
                yield from figure.walk()


def by_pools(values: Array, pools: Array, of: Callable[[Array], Any]) -> Array:
    """`of` each pool's figures (..., k) → (..., 1) or (..., k), laid out over the units again."""
    if not len(pools) or not pools.any():
        return np.asarray(np.broadcast_to(of(values), values.shape))
    out = np.empty(values.shape, dtype=values.dtype)
    for pool in np.unique(pools):
        here = pools == pool
        out[..., here] = of(values[..., here])
    return out


def together(values: Sequence[Any], size: int) -> list[Array]:
    """Figures of one layout: every axis any of them has."""
    shape = np.broadcast_shapes(*(np.shape(each) for each in values), (size,))
    return [np.broadcast_to(np.asarray(each), shape) for each in values]


def known(figures: Mapping[str, Figure | None]) -> tuple[Figure, ...]:
    """Those that are written."""
    return tuple(each for each in figures.values() if each is not None)
