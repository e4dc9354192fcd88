"""Readings that touch the same items, as groups; each group reduced to its distinct effects on units' points.

An effect is what a group's readings make of every figure that turns on them, under every binding (`Choices.binding`):
two settings have one effect where all those points are exactly equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from kaohe.analysis.combinations.choices import Choices
from kaohe.rules.numbers import Array
from kaohe.rules.outcome import Outcome
from kaohe.scheme.policies import PolicyValue
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear, Pool, bind
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.refusal import UncomputableError


@dataclass(frozen=True)
class Binding:
    """The pools scored under one combination of the readings that decide who is in them, or why they cannot be."""

    values: tuple[PolicyValue, ...]
    bound: BoundYear | None
    outcomes: tuple[tuple[Pool, Outcome], ...] = ()
    axes: Axes | None = None
    in_force: tuple[tuple[Pool, Outcome], ...] = ()  # the same under the readings in force of the figures
    why_not: str = ""


@dataclass(frozen=True)
class Group:
    """Readings that touch the same items, and their distinct effects.

    `effect` maps each setting, in the order of `Choices.each`, to its effect; `first` each effect to a setting.
    """

    names: tuple[str, ...]
    settings: tuple[tuple[PolicyValue, ...], ...]
    effect: Array
    first: tuple[int, ...]
    changed: Array  # of each setting, how many readings are not as in force

    @property
    def size(self) -> int:
        return len(self.first)

    @cached_property
    def times(self) -> list[int]:
        """How many settings have each effect."""
        return np.bincount(self.effect, minlength=self.size).tolist()

    @cached_property
    def by_setting(self) -> dict[tuple[PolicyValue, ...], int]:
        """Each setting's effect."""
        return dict(zip(self.settings, self.effect.tolist(), strict=True))

    @cached_property
    def nearest(self) -> Array:
        """For each effect the fewest readings to change for it."""
        out = np.full(self.size, len(self.names) + 1)
        np.minimum.at(out, self.effect, self.changed)
        return out

    @cached_property
    def in_force(self) -> int:
        """The effect of the readings in force."""
        return int(self.effect[int(np.argmin(self.changed))])


@dataclass(frozen=True)
class Effects:
    """The groups that make a difference to some units, and what each makes of their leaves.

    `points[binding][leaf, unit]` is (group, exact points by effect).
    """

    groups: tuple[Group, ...]
    points: tuple[Mapping[tuple[str, int], tuple[int, Array]], ...]
    idle: tuple[str, ...]  # of the readings on figures those that change no point of these units


def bindings_of(choices: Choices) -> list[Binding]:
    """Every combination of the binding readings, scored with all readings of the figures side by side."""
    return [_binding(choices, values) for values in choices.each(choices.binding)]


def _binding(choices: Choices, values: tuple[PolicyValue, ...]) -> Binding:
    here = dict(zip(choices.binding, values, strict=True))
    if why := choices.refused(here):
        return Binding(values, None, why_not=why)
    policies = choices.with_readings(here)
    bound = bind(choices.bound.scheme, policies, choices.bound.data, choices.bound.past)
    try:
        scored = run(bound, several={name: choices.values[name] for name in choices.figures})
    except UncomputableError as error:
        return Binding(values, None, why_not=str(error))
    return Binding(values, bound, scored.outcomes, scored.axes, _as_in_force(scored, choices))


def _as_in_force(scored: Scored, choices: Choices) -> tuple[tuple[Pool, Outcome], ...]:
    """Outcomes under the readings in force; with those of each month or term where an item above is scored so."""
    tree, names = scored.bound.scheme.tree, scored.axes.names

    def taken(outcome: Outcome, by_member: bool) -> Outcome:
        array = outcome.points
        for name in names[len(names) - (array.ndim - 1) :]:
            array = array[choices.values[name].index(choices.in_force[name]) if len(array) > 1 else 0]
        parts = tuple(taken(part, by_member) for part in outcome.parts) if by_member else ()
        return Outcome.whole(array, parts=parts)

    return tuple((pool, taken(outcome, tree[pool.name].within is not None)) for pool, outcome in scored.outcomes)


def effects_on(units: Sequence[int], choices: Choices, bindings: Sequence[Binding]) -> Effects:
    """What the readings on figures do to some units."""
    turning = [_turning(units, each) for each in bindings]
    groups = _joined(choices.figures, (names for found in turning for _, names, _ in found))
    known = {name: place for place, names in enumerate(groups) for name in names}
    shapes = [tuple(len(choices.values[name]) for name in names) for names in groups]
    laid: list[list[list[tuple[str, int, Array]]]] = [[[] for _ in bindings] for _ in groups]
    for at, found in enumerate(turning):
        for pool, names, array in found:
            group = known[names[0]]
            rows = _laid(array, names, groups[group], shapes[group])
            members = [unit for unit in pool.members.tolist() if unit in units]
            for place, unit in enumerate(members):
                column = rows[:, place]
                if any(value != column[0] for value in column[1:]):
                    laid[group][at].append((pool.name, unit, column))
    made = [_group(choices, names, laid[place]) for place, names in enumerate(groups)]
    points = tuple(
        {
            (leaf, unit): (place, column[list(made[place].first)])
            for place, by_binding in enumerate(laid)
            for leaf, unit, column in by_binding[at]
        }
        for at in range(len(bindings))
    )
    return Effects(tuple(made), points, tuple(name for name in choices.figures if name not in known))


def _turning(units: Sequence[int], binding: Binding) -> list[tuple[Pool, tuple[str, ...], Array]]:
    """Pools with the readings that change a point of these units; arrays with one axis for each of those, and units."""
    found = []
    for pool, outcome in binding.outcomes:
        here = [place for place, unit in enumerate(pool.members.tolist()) if unit in units]
        if not here or outcome.points.ndim == 1:
            continue
        assert binding.axes is not None
        array = outcome.points[..., here]
        names = list(binding.axes.names[len(binding.axes.names) - (array.ndim - 1) :])
        for axis in reversed(range(array.ndim - 1)):
            first = np.take(array, [0], axis=axis)
            if array.shape[axis] == 1 or not np.any(np.not_equal(array, first)):
                array = np.take(array, 0, axis=axis)
                del names[axis]
        if names:
            found.append((pool, tuple(names), array))
    return found


def _joined(figures: Iterable[str], together: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Names that stand together anywhere, directly or through others, in their order."""
    home: dict[str, set[str]] = {}
    for names in together:
        whole = set(names).union(*(home.get(name, {name}) for name in names))
        home |= dict.fromkeys(whole, whole)
    found: list[tuple[str, ...]] = []
    for name in figures:
        if name in home and not any(name in names for names in found):
            found.append(tuple(each for each in figures if each in home[name]))
    return found


def _laid(array: Array, names: tuple[str, ...], group: tuple[str, ...], shape: tuple[int, ...]) -> Array:
    """A pool's points by setting of its whole group and unit."""
    wide = tuple(size if name in names else 1 for name, size in zip(group, shape, strict=True))
    order = [names.index(name) for name in group if name in names]
    turned = np.transpose(array, [*order, len(names)])
    found = np.broadcast_to(turned.reshape(*wide, array.shape[-1]), (*shape, array.shape[-1]))
    return found.reshape(-1, array.shape[-1])


def _group(choices: Choices, names: tuple[str, ...], by_binding: list[list[tuple[str, int, Array]]]) -> Group:
    settings = tuple(choices.each(names))
    columns = [_numbered(column) for found in by_binding for _, _, column in found]
    _, first, effect = np.unique(np.array(columns).T, axis=0, return_index=True, return_inverse=True)
    changed = np.array([choices.changed(names, setting) for setting in settings])
    return Group(names, settings, np.asarray(effect).reshape(-1), tuple(first.tolist()), changed)


def _numbered(column: Array) -> list[int]:
    """Exact values by the order in which they come."""
    known: list[Any] = []
    places: dict[Any, int] = {}
    out = []
    for value in column:
        if value not in places:
            same = next((place for place, each in enumerate(known) if each == value), None)
            places[value] = len(known) if same is None else same
            known += [value] if same is None else []
        out.append(places[value])
    return out
