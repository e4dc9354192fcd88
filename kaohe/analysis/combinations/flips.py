"""The smallest sets of readings that change a unit's grade, the others as in force; and what each reading can move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from kaohe.analysis.combinations.choices import Readings
from kaohe.analysis.combinations.enumeration import Outcomes
from kaohe.analysis.combinations.space import Above, Space
from kaohe.rules.numbers import Array

MOVES = ("nothing", "points", "rank", "grade")
"""How far a reading reaches in some combination."""


@dataclass(frozen=True)
class Flip:
    """From the grade in force to another one by as few readings as can be: every such set."""

    unit: str
    before: str
    after: str
    sets: tuple[Readings, ...]


def flips_of(found: Outcomes) -> Iterator[Flip]:
    """Every grade that some combination gives a unit, and the smallest ways to it."""
    space = found.space
    here, now = in_force(found)
    grade = found.grade.reshape(len(found.rank), -1, len(space.units))
    settings = list(space.choices.each(space.choices.grades))
    changed = np.array([space.choices.changed(space.choices.grades, each) for each in settings])
    distance = found.nearest[:, None] + changed[None, :]
    known: dict[int, list[Readings]] = {}
    for place, unit in enumerate(space.units):
        before = str(grade[here, now, place])
        for after in sorted(set(grade[..., place].reshape(-1).tolist()) - {before}):
            reached = grade[..., place] == after
            least = distance[reached].min()
            sets: list[Readings] = []
            for outcome, setting in np.argwhere(reached & (distance == least)).tolist():
                if outcome not in known:
                    known[outcome] = list(_nearest(found, outcome))
                graded = _different(space, space.choices.grades, settings[setting])
                sets += [{**readings, **graded} for readings in known[outcome]]
            yield Flip(space.choices.bound.units[unit].unit_id, before, after, in_order(space, sets))


def in_order(space: Space, sets: Iterable[Readings]) -> tuple[Readings, ...]:
    """Each set once, its readings and the sets in the scheme's order."""
    names = list(space.choices.values)
    found = {
        tuple((name, each[name]) for name in names if name in each): {
            name: each[name] for name in names if name in each
        }
        for each in sets
    }
    places = {name: at for at, name in enumerate(names)}
    return tuple(
        found[key] for key in sorted(found, key=lambda key: [(places[name], str(value)) for name, value in key])
    )


def in_force(found: Outcomes) -> tuple[int, int]:
    """The outcome in force, and the setting of the grades' readings, by place."""
    space = found.space
    place, _ = above_in_force(space)
    at = int(np.ravel_multi_index(tuple(group.in_force for group in space.groups), space.sizes)) if space.sizes else 0
    now = tuple(space.choices.in_force[name] for name in space.choices.grades)
    return int(found.which[place][at]), list(space.choices.each(space.choices.grades)).index(now)


def above_in_force(space: Space) -> tuple[int, Above]:
    own = tuple(space.choices.in_force[name] for name in space.choices.outer)
    place = space.home[own]
    return place, space.above[place]


def _nearest(found: Outcomes, outcome: int) -> Iterator[Readings]:
    """Every smallest set of readings, those of the grades apart, that comes to an outcome."""
    space = found.space
    for above, which in zip(space.above, found.which, strict=True):
        distance = found.changed + above.nearest
        for at in np.flatnonzero((which == outcome) & (distance == found.nearest[outcome])).tolist():
            effects = np.unravel_index(at, space.sizes) if space.sizes else ()
            yield from _settings(space, above, [int(each) for each in effects])


def _settings(space: Space, above: Above, effects: list[int]) -> Iterator[Readings]:
    choices = space.choices
    ways = [
        [_different(space, choices.outer, each) for each in above.settings
         if choices.changed(choices.outer, each) == above.nearest]
    ]  # fmt: skip
    for group, effect in zip(space.groups, effects, strict=True):
        here = np.flatnonzero((group.effect == effect) & (group.changed == group.nearest[effect])).tolist()
        ways.append([_different(space, group.names, group.settings[at]) for at in here])
    for parts in product(*ways):
        yield {name: value for part in parts for name, value in part.items()}


def _different(space: Space, names: tuple[str, ...], values: tuple[object, ...]) -> Readings:
    in_force = space.choices.in_force
    return {name: value for name, value in zip(names, values, strict=True) if value != in_force[name]}  # type: ignore[misc]


def moves_of(found: Outcomes) -> dict[str, str]:
    """For each reading of the year how far it reaches in some combination; of those that no combination has, nothing
    is said."""
    space, choices = found.space, found.space.choices
    kinds = _kinds(found)
    out = dict.fromkeys(space.effects.idle, MOVES[0])
    for axis, group in enumerate(space.groups):
        for name in group.names:
            pairs = {(one, other) for one, other in _alone(group.names, group.settings, group.effect, name)}
            out[name] = MOVES[1 if pairs else 0]
            for one, other in pairs:
                for which in found.which:
                    cube = which.reshape(space.sizes)
                    sides = np.take(cube, one, axis=axis), np.take(cube, other, axis=axis)
                    out[name] = max(out[name], _apart(*sides, kinds), key=MOVES.index)
    home = space.home
    for name in choices.outer:
        if len({setting[choices.outer.index(name)] for setting in home}) < 2:
            continue
        pairs = set(_alone(choices.outer, tuple(home), np.array(list(home.values())), name))
        out[name] = MOVES[1 if pairs else 0]
        for one, other in pairs:
            out[name] = max(out[name], _apart(found.which[one], found.which[other], kinds), key=MOVES.index)
    for axis, name in enumerate(choices.grades, start=1):
        if found.grade.shape[axis] == 1:
            continue
        same = np.array_equal(found.grade, np.broadcast_to(np.take(found.grade, [0], axis=axis), found.grade.shape))
        out[name] = MOVES[0 if same else 3]
    return out


def _kinds(found: Outcomes) -> tuple[Array, Array]:
    """Each outcome's ranks and grades as whole numbers."""
    rows = [found.rank, found.grade.reshape(len(found.rank), -1)]
    return tuple(np.unique(each, axis=0, return_inverse=True)[1].reshape(-1) for each in rows)  # type: ignore[return-value]


def _apart(one: Array, other: Array, kinds: tuple[Array, Array]) -> str:
    ranks, grades = kinds
    differ = one != other
    if np.any(grades[one[differ]] != grades[other[differ]]):
        return "grade"
    return "rank" if np.any(ranks[one[differ]] != ranks[other[differ]]) else "points"


def _alone(
    names: tuple[str, ...], settings: tuple[tuple[object, ...], ...], place: Array, name: str
) -> Iterator[tuple[int, int]]:
    """Places (effects, readings above) that two settings differing in this reading alone have, where they differ."""
    at = names.index(name)
    beside: dict[tuple[object, ...], list[int]] = {}
    for setting, here in zip(settings, place.tolist(), strict=True):
        beside.setdefault((*setting[:at], *setting[at + 1 :]), []).append(here)
    for found in beside.values():
        yield from ((one, other) for one, other in combinations(sorted(set(found)), 2))
