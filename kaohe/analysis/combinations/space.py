"""One group of units with all that its results turn on: groups of readings, and what acts above them (`Above`)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from kaohe.analysis.combinations.choices import Choices, unmoved_by
from kaohe.analysis.combinations.effects import Binding, Effects, Group, bindings_of, effects_on
from kaohe.analysis.combinations.forms import Form, Forms, Kept, Table
from kaohe.analysis.combinations.order import Sorted
from kaohe.rules import EXACT
from kaohe.rules.comparing import places
from kaohe.rules.conditions import COMPARED
from kaohe.rules.inside import policies_in
from kaohe.rules.numbers import Array, dense_ranks, ranks
from kaohe.scheme.outcomes import Grade
from kaohe.scheme.policies import PolicyValue
from kaohe.scheme.root import Group as UnitGroup
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.evaluation import Evaluation
from kaohe.scoring.refusal import UncomputableError
from kaohe.scoring.results import grade_names, graded, scores_of, with_decisions

Setting = tuple[PolicyValue, ...]


@dataclass
class Above:
    """One reading of what acts above the figures, and those that come to the same for these units.

    `tables` are the units' scores by effect, `codes` the same as whole numbers in their order (`Sorted`).
    """

    settings: list[Setting]
    evaluation: Evaluation
    known: Array
    tables: tuple[Table, ...]
    codes: tuple[Array, ...]
    bounds: dict[str, dict[str, Array]]  # grade → bound → codes (readings of the grades…, 1, units of the year)
    breaks: list[Array]  # what decides between units that are alike, in turn, as whole numbers in its order
    nearest: int = 0

    @property
    def times(self) -> int:
        return len(self.settings)


@dataclass(frozen=True)
class Space:
    """Everything the results of a group of units turn on."""

    key: str
    units: tuple[int, ...]
    choices: Choices
    effects: Effects
    above: list[Above] = field(default_factory=list)

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.effects.groups

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(group.size for group in self.groups)

    @property
    def combinations(self) -> int:
        """Distinct ones: of effects, under each reading above them that differs."""
        return len(self.above) * prod(self.sizes)

    @property
    def grade_shape(self) -> tuple[int, ...]:
        return tuple(len(self.choices.values[name]) for name in self.choices.grades)

    @cached_property
    def home(self) -> dict[Setting, int]:
        """Where in `above` each setting of the readings above the figures stands; those that may not stand, nowhere.

        Asked once `above` is complete.
        """
        return {setting: at for at, above in enumerate(self.above) for setting in above.settings}

    def times_idle(self) -> int:
        """How many settings the readings on figures have that change nothing here."""
        return self.choices.size(self.effects.idle)

    @property
    def group(self) -> UnitGroup:
        return self.choices.bound.scheme.groups[self.key]

    def ranks(self, above: Above, codes: Array) -> Array:
        """Ranks (combinations, units) in the group's order; 0 for who has no score."""
        known, group = above.known, self.group
        out = np.zeros(codes.shape, dtype=np.int16)
        if not known.any():
            return out
        mine = codes[:, known]
        if group.ties == "competition" and not above.breaks:
            out[:, known] = ranks(mine, lowest_first=group.order == "ascending")
            return out
        front = group.from_front(mine, [figure[known] for figure in above.breaks])
        out[:, known] = places(front, group.ties, lowest_first=True)
        return out

    def grades(self, above: Above, ranks: Array, codes: Array) -> Array:
        """Grade names by readings of the grades, standing and unit; `ranks` and `codes` are (standings, units)."""
        bound = above.evaluation.bound
        size, here = len(bound.units), list(self.units)
        wide, placed = (np.zeros((len(ranks), size), dtype=int) for _ in range(2))
        wide[:, here], placed[:, here] = codes, ranks
        known = np.zeros(size, dtype=bool)
        known[here] = above.known

        def meets(grade: Grade) -> Array:
            met: Any = np.ones((1, size), dtype=bool)
            for name, line in above.bounds[grade.key].items():
                met = met & np.asarray(COMPARED[name][1](wide, line), dtype=bool)
            return np.asarray(met)

        given = graded(above.evaluation, above.evaluation.everybody(), known, placed, meets)
        names = grade_names(bound, with_decisions(above.evaluation, given))
        return np.broadcast_to(names, (*self.grade_shape, len(ranks), size))[..., here]


@dataclass(frozen=True)
class NotComputable:
    """Combinations that have no result, and why."""

    why: str
    count: int


def spaces_of(choices: Choices) -> tuple[list[Space], list[NotComputable]]:
    """A space for each group that has units with a score, and the combinations left out of all of them."""
    bindings = bindings_of(choices)
    rest = tuple(name for name in choices.outer if name not in choices.binding)
    ready, without = _possible(choices, bindings, rest)
    scheme, spaces = choices.bound.scheme, []
    for key in scheme.groups:
        units = tuple(choices.bound.members_of(key).tolist())
        if units and ready:
            spaces.append(_space(key, units, choices, bindings, ready))
    return spaces, without


@dataclass(frozen=True)
class _Ready:
    """A combination of the outer readings that may stand, with its year and its pools as in force."""

    setting: Setting
    binding: int
    bound: BoundYear
    evaluation: Evaluation


def _possible(
    choices: Choices, bindings: Sequence[Binding], rest: tuple[str, ...]
) -> tuple[list[_Ready], list[NotComputable]]:
    each = choices.combinations // choices.size(choices.outer)
    same = unmoved_by(choices.bound.scheme, rest)
    ready, refused = [], dict[str, int]()
    for at, binding in enumerate(bindings):
        first: Evaluation | None = None
        for values in choices.each(rest):
            readings = dict(zip((*choices.binding, *rest), (*binding.values, *values), strict=True))
            why = binding.why_not or choices.refused(readings)
            if not why:
                try:
                    ready.append(_ready(choices, at, binding, readings, first, same))
                except UncomputableError as error:
                    why = str(error)
                else:
                    first = first or ready[-1].evaluation
                    continue
            refused[why] = refused.get(why, 0) + each
    return ready, [NotComputable(why, count) for why, count in refused.items()]


def _ready(
    choices: Choices,
    at: int,
    binding: Binding,
    readings: dict[str, PolicyValue],
    first: Evaluation | None,
    same: Sequence[str],
) -> _Ready:
    """Evaluated as far as scores go; items that turn on none of the readings are taken from the `first`."""
    assert binding.bound is not None
    policies = choices.with_readings(readings)
    bound = binding.bound.under(policies)
    several = {name: choices.values[name] for name in choices.grades}
    evaluation = Evaluation(bound, EXACT, Axes(policies, several, draws=True))
    evaluation.keep(binding.in_force)
    if first is not None:
        evaluation.take(first, same)
    scores_of(evaluation)
    return _Ready(tuple(readings[name] for name in choices.outer), at, bound, evaluation)


def _space(
    key: str, units: tuple[int, ...], choices: Choices, bindings: Sequence[Binding], ready: Sequence[_Ready]
) -> Space:
    effects = effects_on(units, choices, bindings)
    space = Space(key, units, choices, effects)
    alike: dict[Any, Above] = {}
    scored_on = [_scored_on(binding.bound) if binding.bound is not None else () for binding in bindings]
    laid: dict[Any, Table] = {}
    kept = Kept()
    in_grades = [at for at, name in enumerate(choices.outer) if name in _graded(choices)]
    for each in ready:
        evaluation, scheme = each.evaluation, each.bound.scheme
        points = effects.points[each.binding]
        all_forms = Forms(evaluation, units, space.sizes, points, kept, each.binding, scored_on[each.binding])
        forms = all_forms.of(scheme.groups[key].score)
        known = scores_of(evaluation)[1][list(units)]
        lines = _lines(evaluation)
        told = tuple(
            (grade, name, line.shape, tuple(line[..., list(units)].reshape(-1)))
            for grade, bounds in lines.items()
            for name, line in bounds.items()
        )
        breaks = _breaks(evaluation, key, units)
        broken = tuple(tuple(figure.tolist()) for figure in breaks)
        own = (tuple(each.setting[at] for at in in_grades), broken)
        same = (tuple(forms[unit].key() for unit in units), tuple(known.tolist()), told, own)
        changed = choices.changed(choices.outer, each.setting)
        if same in alike:
            alike[same].settings.append(each.setting)
            alike[same].nearest = min(alike[same].nearest, changed)
            continue
        tables = tuple(_table(forms[unit], space.sizes, laid) for unit in units)
        alike[same] = _above(each, tables, known, lines, breaks, changed)
    space.above.extend(alike.values())
    return space


def _scored_on(bound: BoundYear) -> list[Hashable]:
    """For each unit what it is scored on: the same for units and bindings whose figures above the leaves agree."""
    own: list[list[Any]] = [[] for _ in bound.units]
    for (unit, name), state in bound.applicability.items():
        if state != "text":
            own[bound.position[unit]].append((name, state, (unit, name) in bound.missing))
    return [tuple(found) for found in own]


def _graded(choices: Choices) -> set[str]:
    results = choices.bound.scheme.results
    return set(policies_in((results.grades, tuple(results.limits.values()))))


def _table(form: Form, sizes: Sequence[int], laid: dict[Any, Table]) -> Table:
    key = form.key()
    if key not in laid:
        laid[key] = form.table(sizes)
    return laid[key]


def _breaks(evaluation: Evaluation, key: str, units: tuple[int, ...]) -> list[Array]:
    """The figures that break a group's ties, as whole numbers in their order."""
    inputs, group = evaluation.everybody(), evaluation.bound.scheme.groups[key]
    figures = [np.asarray(tie.of.of_units(inputs))[list(units)] for tie in group.then_by]
    return [dense_ranks(figure, lowest_first=True) for figure in figures]


def _lines(evaluation: Evaluation) -> dict[str, dict[str, Array]]:
    """Each grade's bounds, as exact numbers."""
    inputs = evaluation.everybody()
    grades = evaluation.bound.scheme.results.grades
    return {
        grade.key: {name: np.asarray(bound.of_units(inputs)) for name, bound in grade.bounds.items()}
        for grade in grades
    }


def _above(
    each: _Ready,
    tables: tuple[Table, ...],
    known: Array,
    lines: dict[str, dict[str, Array]],
    breaks: list[Array],
    changed: int,
) -> Above:
    order = Sorted([value for table in tables for value in table.values])
    codes, start = [], 0
    for table in tables:
        codes.append(order.codes[start : start + len(table.values)][table.index])
        start += len(table.values)
    coded = np.frompyfunc(order.code, 1, 1)
    bounds = {
        grade: {name: np.asarray(coded(line), dtype=int) for name, line in found.items()}
        for grade, found in lines.items()
    }
    return Above([each.setting], each.evaluation, known, tables, tuple(codes), bounds, breaks, changed)
