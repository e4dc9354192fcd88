"""Where distinct combinations are too many to go through: exact ranges of ranks by branch and bound, flips by size.

A node fixes the effects of some groups. Each unit's score then lies between the least and the most of what is left of
its table, which bounds every rank; a branch that can better no unit's best or worst rank is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import numpy as np

from kaohe.analysis.combinations.choices import Readings
from kaohe.analysis.combinations.flips import above_in_force, in_order
from kaohe.analysis.combinations.space import Above, Space
from kaohe.rules.numbers import Array

LARGEST_SET = 4
"""Readings changed together when flips are looked for by growing size."""

MOST_NODES = 2_000_000


class NotDecidedError(ValueError):
    """More branches than are gone through."""


def ranges_of(space: Space) -> list[tuple[int, int]]:
    """Each unit's best and worst rank over all combinations, exactly; NotDecidedError where that takes too long."""
    if space.group.order == "ascending" or space.group.ties != "competition" or space.group.then_by:
        raise NotDecidedError("名次不是高者在前、并列各占一个名次，也没有别的先后，组合太多时不能定出范围")
    search = _Search(space)
    for above in space.above:
        search.under(above)
    return list(zip(search.best.tolist(), search.worst.tolist(), strict=True))


class _Search:
    """The ranks found so far, and what may still better them."""

    def __init__(self, space: Space) -> None:
        self.space, self.nodes = space, 0
        self.best = np.full(len(space.units), len(space.units) + 1)
        self.worst = np.zeros(len(space.units), dtype=int)

    def under(self, above: Above) -> None:
        sizes = self.space.sizes
        wide = [
            table.wide(codes, range(len(sizes)), sizes) for table, codes in zip(above.tables, above.codes, strict=True)
        ]
        reach = [sum(int(np.ptp(codes, axis=group).sum()) for codes in wide) for group in range(len(sizes))]
        order = sorted(range(len(sizes)), key=lambda group: -reach[group])
        self._try(above, wide)
        self._branch(above, wide, order)

    def _try(self, above: Above, wide: list[Array]) -> None:
        """Combinations in which some unit is at its best or worst by itself: bounds to begin with."""
        for codes in wide:
            for at in (int(np.argmin(codes)), int(np.argmax(codes))):
                place = np.unravel_index(at, codes.shape)
                here = [each[tuple(p if each.shape[g] > 1 else 0 for g, p in enumerate(place))] for each in wide]
                self._take(self.space.ranks(above, np.array([here]))[0])

    def _take(self, rank: Array) -> None:
        self.best, self.worst = np.minimum(self.best, rank), np.maximum(self.worst, rank)

    def _branch(self, above: Above, wide: list[Array], order: list[int]) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise NotDecidedError(f"读法的不同组合有 {self.space.combinations} 种，分支超过 {MOST_NODES} 个，没有算完")
        low, high = np.array([each.min() for each in wide]), np.array([each.max() for each in wide])
        known = above.known
        best = np.where(known, 1 + (low[None, known] > high[:, None]).sum(axis=1), 0)
        worst = np.where(known, 1 + (high[None, known] > low[:, None]).sum(axis=1) - (high > low), 0)
        if np.all(best >= self.best) and np.all(worst <= self.worst):
            return
        if np.array_equal(best, worst):  # whatever is left changes no rank
            self._take(best)
            return
        group, *rest = order
        for effect in range(self.space.sizes[group]):
            one = [np.take(each, [min(effect, each.shape[group] - 1)], axis=group) for each in wide]
            self._branch(above, one, rest)


def small_sets(space: Space) -> tuple[dict[tuple[int, str], tuple[Readings, ...]], list[tuple[int, str]]]:
    """(unit's place, grade) → the smallest sets of at most four readings that give it, the others as in force; and
    each unit's rank and grade in force."""
    _, above = above_in_force(space)
    (rank, grade) = next(_graded(space, [({}, above, [group.in_force for group in space.groups])]))[1:]
    now = [(int(rank[place]), str(grade[place])) for place in range(len(space.units))]
    found: dict[tuple[int, str], list[Readings]] = {}
    for size in range(1, LARGEST_SET + 1):
        new: dict[tuple[int, str], list[Readings]] = {}
        for readings, _, row in _graded(space, list(_of_size(space, size))):
            for place, (_, before) in enumerate(now):
                name = place, str(row[place])
                if row[place] != before and name not in found:
                    new.setdefault(name, []).append(readings)
        found |= new
    return {name: in_order(space, sets) for name, sets in found.items()}, now


def _of_size(space: Space, size: int) -> Iterator[tuple[Readings, Above, list[int]]]:
    """So many readings changed, those apart that change nothing of these units."""
    choices = space.choices
    inside = [name for group in space.groups for name in group.names]
    graded = [name for name in choices.grades if name not in choices.fractions]
    for names in combinations([*choices.outer, *inside, *graded], size):
        others = ([value for value in choices.values[name] if value != choices.in_force[name]] for name in names)
        for values in product(*others):
            readings = dict(zip(names, values, strict=True))

            def setting(of: tuple[str, ...], given: Readings = readings) -> tuple[Any, ...]:
                return tuple(given.get(name, choices.in_force[name]) for name in of)

            home = space.home.get(setting(choices.outer))
            if home is not None:
                yield readings, space.above[home], [group.by_setting[setting(group.names)] for group in space.groups]


def _graded(space: Space, given: list[tuple[Readings, Above, list[int]]]) -> Iterator[tuple[Readings, Array, Array]]:
    """Each combination's ranks and grades."""
    choices = space.choices
    settings = {each: at for at, each in enumerate(choices.each(choices.grades))}
    for above in space.above:
        mine = [(readings, effects) for readings, one, effects in given if one is above]
        for start in range(0, len(mine), 2_000):
            some = mine[start : start + 2_000]
            codes = np.array(
                [
                    [
                        code[tuple(effects[group] for group in table.groups)]
                        for table, code in zip(above.tables, above.codes, strict=True)
                    ]
                    for _, effects in some
                ]
            )
            rank = space.ranks(above, codes)
            grade = space.grades(above, rank, codes)
            flat = grade.reshape(-1, *grade.shape[-2:])
            for place, (readings, _) in enumerate(some):
                own = tuple(readings.get(name, choices.in_force[name]) for name in choices.grades)
                yield readings, rank[place], flat[settings[own], place]
