"""Scenario axes: where several readings of a policy are looked at together, each policy has its own axis.

Arrays have the units last, before them the draws (if any), before those one axis a policy. An
array lacks an axis, or has it with length one, where the policy makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from kaohe.rules.base import PolicyReference
from kaohe.rules.numbers import Array
from kaohe.scheme.policies import Policies, PolicyValue


class Axes:
    """The readings of every policy that a run scores: one each, or several along an axis."""

    def __init__(
        self, policies: Policies, several: Mapping[str, tuple[PolicyValue, ...]] | None = None, draws: bool = False
    ) -> None:
        self._values = {name: (value,) for name, value in policies.values.items()} | dict(several or {})
        self.names = tuple(name for name, values in self._values.items() if len(values) > 1)
        self._depth = {name: len(self.names) - place + (1 if draws else 0) for place, name in enumerate(self.names)}

    def values(self, field: str | PolicyReference) -> tuple[PolicyValue, ...]:
        """The readings in force of a scheme's field."""
        return self._values[field.policy] if isinstance(field, PolicyReference) else (field,)

    def choose(self, field: str | PolicyReference, ways: Mapping[Any, Callable[[], Array]]) -> Array:
        """What the reading in force gives; for several, each along the policy's axis."""
        values = self.values(field)
        return np.asarray(ways[values[0]]()) if len(values) == 1 else self.each(field, lambda value: ways[value]())

    def each(self, field: str | PolicyReference, way: Callable[[Any], Array]) -> Array:
        """`way(value)` for the reading in force; for several, each along the policy's axis."""
        values = self.values(field)
        if len(values) == 1:
            return np.asarray(way(values[0]))
        assert isinstance(field, PolicyReference)
        depth = self._depth[field.policy] + 1  # the units' axis too
        found = [np.asarray(way(value)) for value in values]
        found = [array.reshape((1,) * (depth - array.ndim) + array.shape) for array in found]
        return np.concatenate(np.broadcast_arrays(*found), axis=-depth)
