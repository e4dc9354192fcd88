"""What a rule found among some of the units of a pool, where the others had nothing to go by."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.rules.base import Figure, Inputs
from kaohe.rules.numbers import Array, Numbers
from kaohe.rules.outcome import ABSENT, Outcome, Trace


class Partly(Outcome):
    """An outcome among the units that `had` (a vector of yes and no) tells, laid out over all of them; 0 elsewhere."""

    had: Array

    def __init__(self, had: Array, inner: Outcome, numbers: Numbers) -> None:
        vars(self).update(had=had, inner=inner, numbers=numbers, place=np.cumsum(had) - 1, quantities={})
        vars(self).update({name: self._spread(getattr(inner, name)) for name in ("awarded", "deducted", "capped")})
        vars(self)["parts"] = tuple(Partly(had, part, numbers) for part in inner.parts)

    def _spread(self, values: Any) -> Array:
        values = np.asarray(values)
        out = np.zeros((*values.shape[:-1], len(self.had)), dtype=values.dtype)
        if values.dtype == object:
            out[...] = Fraction(0)
        out[..., self.had] = values
        return out

    def __getitem__(self, name: str) -> Array:
        return self._spread(vars(self)["inner"][name])

    def trace(self, rule: Any, unit: int) -> Trace:
        if not self.had[unit]:
            return no_trace(self.points.dtype == object)
        inner: Outcome = vars(self)["inner"]
        return inner.trace(rule, int(vars(self)["place"][unit]))


class Nothing(Outcome):
    """Where none of the units had a figure."""

    def __getitem__(self, name: str) -> Array:
        return self.awarded

    def trace(self, rule: Any, unit: int) -> Trace:
        return no_trace(self.points.dtype == object)


def nothing_of(figure: Figure, inputs: Inputs) -> Outcome:
    """What a figure comes to where no unit has it: 0 for everybody, and so all that it is made of."""
    zero = inputs.numbers.full(inputs.size)
    return Nothing(zero, zero, zero, {}, tuple(nothing_of(child, inputs) for child in figure.children()))


def no_trace(exact: bool) -> Trace:
    """The trace of a unit without the figure."""
    zero = Fraction(0) if exact else 0.0
    return Trace(ABSENT, zero, zero, zero, zero, {}, {})
