"""Every distinct combination of a group of units: its ranks, and its grades under each reading of the grades.

Combinations are compared as whole numbers in the exact order of the scores (`Sorted`); those with the same ranks on the
same sides of every line are one standing, and a standing is graded once, by the code that grades a year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod

import numpy as np

from kaohe.analysis.combinations.space import Above, Space
from kaohe.rules.numbers import Array

CHUNK = 100_000
"""Combinations that are ranked together."""


@dataclass(frozen=True)
class Outcomes:
    """The distinct results of a group of units, and which one each combination has.

    `rank` (outcomes, units); `grade` (outcomes, *readings of the grades, units). `which[above]`: the outcome of each
    combination of effects, flat in the order of the groups.
    """

    space: Space
    rank: Array
    grade: Array
    which: tuple[Array, ...]

    @cached_property
    def times(self) -> Array:
        """How many combinations of named readings come to each outcome, those of the grades apart."""
        whole = self.space.choices.combinations
        kind = np.int64 if whole < 2**62 else object
        out: Array = np.zeros(len(self.rank), dtype=kind)
        each = _spread_out([np.array(group.times, dtype=kind) for group in self.space.groups], np.multiply, kind)
        for above, which in zip(self.space.above, self.which, strict=True):
            np.add.at(out, which, each * (above.times * self.space.times_idle()))
        return out

    @cached_property
    def changed(self) -> Array:
        """For each combination of effects the fewest readings on figures to change for it, flat."""
        return _spread_out([group.nearest.astype(np.int16) for group in self.space.groups], np.add, np.int16)

    @cached_property
    def nearest(self) -> Array:
        """For each outcome the fewest readings to change for it, those of the grades apart."""
        out = np.full(len(self.rank), 10_000)
        for above, which in zip(self.space.above, self.which, strict=True):
            np.minimum.at(out, which, self.changed + above.nearest)
        return out

    def named(self) -> Outcomes:
        """Without what is only looked at beside the readings named (`Choices.fractions`)."""
        choices, grade = self.space.choices, self.grade
        for axis, name in enumerate(choices.grades, start=1):
            if name in choices.fractions:
                grade = np.take(grade, [choices.values[name].index(choices.in_force[name])], axis=axis)
        return replace(self, space=replace(self.space, choices=choices.named()), grade=grade)


def _spread_out(factors: list[Array], how: np.ufunc, kind: type) -> Array:
    """Each group's numbers combined over all combinations, flat."""
    out: Array = np.full(1, how.identity, dtype=kind)
    for factor in factors:
        out = how(out[:, None], factor.astype(kind)[None, :]).reshape(-1)
    return out


def enumerate_space(space: Space) -> Outcomes:
    """All its distinct combinations."""
    found = _Found(space)
    which = tuple(found.under(above) for above in space.above)
    shape = (*space.grade_shape, len(space.units))
    grade = np.array(found.grade).reshape(len(found.grade), *shape)
    return Outcomes(space, np.array(found.rank).reshape(-1, len(space.units)), grade, which)


class _Found:
    """Outcomes by what they are, as they turn up."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.rank: list[Array] = []
        self.grade: list[Array] = []
        self._known: dict[bytes, int] = {}

    def under(self, above: Above) -> Array:
        """The outcome of every combination of effects under one reading of what acts above them."""
        levels = [_levels(above, unit) for unit in self.space.units]
        standings: dict[bytes, int] = {}
        first: list[Array] = []
        parts = []
        for codes in _chunks(self.space, above):
            rank = self.space.ranks(above, codes)
            passed = [np.searchsorted(lines, codes[:, place]) for place, lines in enumerate(levels)]
            radix = [codes.shape[1] + 1] * codes.shape[1] + [len(lines) + 1 for lines in levels]
            keys, at, index = _distinct_rows(_packed([*rank.T, *passed], radix))
            local = np.zeros(len(keys), dtype=np.int32)
            for place, (key, example) in enumerate(zip(keys, at, strict=True)):
                name = key.tobytes()
                if name not in standings:
                    standings[name] = len(first)
                    first.append(codes[example])
                local[place] = standings[name]
            parts.append(local[index])
        examples = np.array(first)
        outcome = self._outcomes(above, examples)
        return np.asarray(outcome[np.concatenate(parts)])

    def _outcomes(self, above: Above, examples: Array) -> Array:
        """Each standing's outcome; `examples` are the codes of one combination of each."""
        out = np.zeros(len(examples), dtype=np.int32)
        step = 2_000
        for start in range(0, len(examples), step):
            codes = examples[start : start + step]
            rank = self.space.ranks(above, codes)
            grade = np.moveaxis(self.space.grades(above, rank, codes), -2, 0)
            numbered = np.searchsorted(self._names, grade).astype(np.int8)
            for place in range(len(codes)):
                key = rank[place].tobytes() + numbered[place].tobytes()
                if key not in self._known:
                    self._known[key] = len(self.rank)
                    self.rank.append(rank[place])
                    self.grade.append(np.array(grade[place]))
                out[start + place] = self._known[key]
        return out

    @cached_property
    def _names(self) -> Array:
        from kaohe.scoring.results import grade_names

        grades = self.space.choices.bound.scheme.results.grades
        return np.unique(grade_names(self.space.choices.bound, np.arange(-2, len(grades))))


def _levels(above: Above, unit: int) -> Array:
    """Codes at which a unit passes a line: a line itself, and what is above it."""
    lines = {
        int(line) for bounds in above.bounds.values() for found in bounds.values() for line in found[..., unit].flat
    }
    return np.array(sorted({each for line in lines for each in (line, line + 1)}), dtype=int)


def _chunks(space: Space, above: Above) -> Iterator[Array]:
    """Codes of all combinations (combinations, units), flat in the order of the groups, some at a time."""
    sizes = space.sizes
    lead = 0
    while prod(sizes[lead:]) > CHUNK:
        lead += 1
    shape = sizes[lead:]
    for settings in product(*(range(size) for size in sizes[:lead])):
        columns = []
        for table, codes in zip(above.tables, above.codes, strict=True):
            wide = table.wide(codes, range(len(sizes)), sizes)
            own = tuple(at if wide.shape[g] > 1 else 0 for g, at in enumerate(settings))
            columns.append(np.broadcast_to(wide[own], shape).reshape(-1))
        yield np.stack(columns, axis=1)


def _packed(columns: list[Array], radix: list[int]) -> Array:
    """Rows of small whole numbers as few large ones (rows, words)."""
    words: list[Array] = []
    room = 0
    for column, many in zip(columns, radix, strict=True):
        if room < many:
            words.append(np.zeros(len(column), dtype=np.uint64))
            room = 2**63
        words[-1] = words[-1] * np.uint64(many) + column.astype(np.uint64)
        room //= many
    return np.stack(words, axis=1)


def _distinct_rows(rows: Array) -> tuple[Array, Array, Array]:
    """Distinct rows, where each stands first, and which each row is."""
    index = np.zeros(len(rows), dtype=np.int64)
    first = np.zeros(1, dtype=np.int64)
    for word in rows.T:
        _, at = np.unique(word, return_inverse=True)
        _, first, index = np.unique(index * (int(at.max()) + 1) + at, return_index=True, return_inverse=True)
    return rows[first], first, index
