"""From points to results: totals, ranks, grades and what follows from them, as the scheme says.

Everything is an array with the units of the year last, so it works for one year and for scenarios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.rules.conditions import COMPARED, Condition, Fact, gate
from kaohe.rules.enclosed import rounded
from kaohe.rules.numbers import Array
from kaohe.rules.sums import placed
from kaohe.scheme.outcomes import Consequence, Effect, Grade
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.engine import Scored
from kaohe.scoring.evaluation import Evaluation
from kaohe.scoring.grouporder import last_of_groups, ranks_in
from kaohe.scoring.inputs import PoolInputs, known_fact
from kaohe.scoring.marks import PENDING
from kaohe.scoring.refusal import UncomputableError

NO_GRADE = ""
"""Said of a unit without a score, or under a scheme without grades."""

_NONE, _PENDING = -2, -1


@dataclass(frozen=True)
class Results:
    """Totals, ranks and grades: arrays (..., units of the year)."""

    total: Array
    known: Array  # whether the unit has a score at all
    attainable: Array  # what the unit could attain on paper
    fail_below: Array  # a total below it gets the last grade; 0 where the scheme draws no such line
    rank: Array  # 0 where there is no score
    last: Array
    grade: Array
    by_points: Array  # the grade before the leading group's decisions
    declared: Array
    vetoed: Array
    consequences: Mapping[str, Array | None]  # None: depends on years before that are not known
    evaluation: Evaluation


def results(scored: Scored) -> Results:
    """Results of everything scored; UncomputableError where a rank, a grade or what follows has no answer."""
    try:
        return results_of(scored.evaluation)
    except (ValueError, ZeroDivisionError) as error:
        beyond = "有单位的数没有报来，或不在能算的范围内（取对数的应大于 0，除数不能为 0）"
        raise UncomputableError(f"名次、等次或由此而来的结果算不出来：{beyond}") from error


def results_of(evaluation: Evaluation) -> Results:
    """Results of a tree, however its items came to be scored."""
    bound = evaluation.bound
    inputs = evaluation.everybody()
    total, known, attainable = scores_of(evaluation)
    rank = _group_ranks(inputs, total, known)
    last = last_of_groups(inputs, "")
    vetoed = known_fact(bound, "vetoed", "")
    given = graded(evaluation, inputs, known, rank, lambda grade: _bounds(grade, total, inputs))
    decided = with_decisions(evaluation, given)
    evaluation.grade = decided
    return Results(
        total=total,
        known=known,
        attainable=attainable,
        fail_below=_line(evaluation, inputs),
        rank=rank,
        last=last,
        grade=grade_names(bound, decided),
        by_points=grade_names(bound, given),
        declared=_declared(evaluation, inputs),
        vetoed=vetoed,
        consequences={
            name: _holds(inputs, each.held, each.unless) if _known_back(bound, each) else None
            for name, each in bound.scheme.results.consequences.items()
        },
        evaluation=evaluation,
    )


def years_back(*conditions: Condition | None) -> set[int]:
    """How many years ago the years are that conditions ask facts of."""
    parts = (part for each in conditions if each is not None for part in each.walk())
    return {part.ago for part in parts if isinstance(part, Fact) and part.ago}


def _known_back(bound: BoundYear, rule: Consequence) -> bool:
    """Whether all years that a consequence asks about were scored."""
    asked = years_back(rule.held, rule.unless)
    return all(ago in bound.past and bound.past[ago].scored for ago in asked)


def _holds(inputs: PoolInputs, held: Condition | None, unless: Condition | None) -> Array:
    found = gate(inputs, held, unless)
    return np.ones(inputs.size, dtype=bool) if found is None else found


def scores_of(evaluation: Evaluation) -> tuple[Array, Array, Array]:
    """Each unit's total, whether it is known, and what it could attain: of the item its group is ranked by."""
    bound = evaluation.bound
    total: Array = evaluation.numbers.full(len(bound.units))
    attainable: Array = evaluation.numbers.full(len(bound.units))
    known = np.zeros(len(bound.units), dtype=bool)
    for key, group in bound.scheme.groups.items():
        members = bound.members_of(key)
        if len(members):
            values = evaluation.node(group.score)
            total = placed(total, members, values.points[..., members])
            attainable = placed(attainable, members, values.attainable[..., members])
            known[members] = values.known[members] & values.present[members]
    return total, known, attainable


def _group_ranks(inputs: PoolInputs, total: Array, known: Array) -> Array:
    """Rank inside the unit's group, in its order; 0 without a score."""
    bound = inputs.bound
    rank: Array = np.zeros(total.shape, dtype=int)
    for key, group in bound.scheme.groups.items():
        members = bound.members_of(key)
        members = members[known[members]]
        if len(members):
            found = ranks_in(inputs, group, members)
            if found.ndim > rank.ndim:
                rank = np.broadcast_to(rank, (*found.shape[:-1], rank.shape[-1])).copy()
            rank[..., members] = found
    return rank


def _bounds(grade: Grade, total: Array, inputs: PoolInputs) -> Array:
    """Whether the total keeps to the grade's bounds."""
    met: Any = np.ones(np.shape(total), dtype=bool)
    for name, bound in grade.bounds.items():
        met = met & np.asarray(COMPARED[name][1](total, bound.of_units(inputs)), dtype=bool)
    return np.asarray(met)


def _line(evaluation: Evaluation, inputs: PoolInputs) -> Array:
    """The points below which a unit gets the last grade: the lower bound of the grade above it."""
    grades = evaluation.bound.scheme.results.grades
    floors = [grade.at_least for grade in grades[:-1] if grade.at_least is not None]
    return floors[-1].of_units(inputs) if floors else evaluation.numbers.full(inputs.size)


def _effects(bound: BoundYear, inputs: PoolInputs) -> Iterator[tuple[Effect, Array]]:
    """What vetoes and limits do, and to whom."""
    yield from _of_vetoes(bound)
    for limit in bound.scheme.results.limits.values():
        yield limit.effect, _holds(inputs, limit.held, limit.unless)


def _of_vetoes(bound: BoundYear) -> Iterator[tuple[Effect, Array]]:
    for name, veto in bound.scheme.results.vetoes.items():
        yield veto.effect, known_fact(bound, "vetoed", name)


def graded(
    evaluation: Evaluation, inputs: PoolInputs, known: Array, rank: Array, meets: Callable[[Grade], Array]
) -> Array:
    """Each unit's grade as its place among the grades, best first; pending where a tie at a quota must be decided.

    `meets`: for whom the score keeps to a grade's bounds. Below 0: no grade, or pending (see `grade_names`).
    """
    bound = evaluation.bound
    grades = bound.scheme.results.grades
    out: Any = np.full(rank.shape, _NONE)
    if not grades:
        return np.asarray(out)
    effects = [(effect, where) for effect, where in _effects(bound, inputs) if where.any()]
    open_: Any = np.broadcast_to(known, rank.shape)
    for place, grade in enumerate(grades):
        reached = meets(grade) & _holds(inputs, grade.held, grade.unless)
        for effect, where in effects:
            if effect.keeps_from(place, grades):
                reached = reached & ~where
        candidates = open_ & reached
        if grade.quota is not None:
            given, pending = _within(evaluation, inputs, grade, candidates, rank, out, place)
            out = np.where(pending, _PENDING, out)
            open_ = open_ & ~pending
            candidates = given
        out = np.where(candidates & open_, place, out)
        open_ = open_ & ~candidates
    out = np.where(open_, len(grades) - 1, out)
    for effect, where in effects:
        if effect.down:
            out = np.where(where & (out >= 0), np.minimum(out + effect.down, len(grades) - 1), out)
    return np.asarray(out)


def _within(
    evaluation: Evaluation,
    inputs: PoolInputs,
    grade: Grade,
    candidates: Array,
    rank: Array,
    given: Array,
    place: int,
) -> tuple[Array, Array]:
    """Who of the candidates has a place in the quota, and who is tied across its line and must wait."""
    bound, axes = evaluation.bound, evaluation.axes
    places = _places(evaluation, inputs, grade)
    if grade.cumulative:
        places = places - _taken(
            bound, np.broadcast_to(given, np.broadcast_shapes(np.shape(rank), np.shape(given))), place
        )
    candidates = axes.choose(
        grade.fill,
        {"pass_down": lambda: candidates, "within_top": lambda: candidates & (rank <= places)},
    )
    shape = np.broadcast_shapes(np.shape(rank), np.shape(candidates), np.shape(places))
    rank, candidates = np.broadcast_to(rank, shape), np.broadcast_to(candidates, shape)
    above, level = np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)
    for key in bound.scheme.groups:
        here = bound.members_of(key)
        mine, others = rank[..., here][..., :, None], rank[..., here][..., None, :]
        among = candidates[..., here][..., None, :]
        above[..., here] = np.sum(among & (others < mine), axis=-1)
        level[..., here] = np.sum(among & (others == mine), axis=-1)
    inside = candidates & (above + level <= places)
    across = candidates & (above < places) & (above + level > places)
    nobody = np.zeros(shape, dtype=bool)
    pending = axes.choose(grade.ties, {"pending": lambda: across, "all": lambda: nobody, "none": lambda: nobody})
    too = axes.choose(grade.ties, {"pending": lambda: nobody, "all": lambda: across, "none": lambda: nobody})
    return inside | too, pending


def _places(evaluation: Evaluation, inputs: PoolInputs, grade: Grade) -> Array:
    """How many of a unit's group may have the grade."""
    quota = grade.quota
    assert quota is not None
    if quota.places is not None:
        return np.asarray(quota.places.of_units(inputs))
    assert quota.share is not None
    share, bound = np.asarray(quota.share.of_units(inputs)), evaluation.bound
    sizes = {key: len(bound.members_of(key)) for key in bound.scheme.groups}
    many = np.array([sizes[bound.scheme.group_of(unit.category)] for unit in bound.units], dtype=object)
    nearest = 10**9  # a double's 29 % of a hundred is not quite 29

    def whole(value: Any) -> int:
        return max(int(rounded(Fraction(value).limit_denominator(nearest), Fraction(1), quota.round)), quota.least)

    return np.asarray(np.frompyfunc(whole, 1, 1)(share * many), dtype=int)


def _taken(bound: BoundYear, given: Array, place: int) -> Array:
    """For each unit how many of its group have a better grade already."""
    out = np.zeros(given.shape, dtype=int)
    better = (given >= 0) & (given < place)
    for key in bound.scheme.groups:
        here = bound.members_of(key)
        out[..., here] = np.sum(better[..., here], axis=-1, keepdims=True)
    return out


def with_decisions(evaluation: Evaluation, given: Array) -> Array:
    """The grades with those the leading group decided; what bars a unit from a grade holds whatever else is entered."""
    bound = evaluation.bound
    grades = bound.scheme.results.grades
    named = bound.scheme.results.grade_named
    rulings = {unit: grades.index(named[row.grade]) for unit, row in bound.data.rulings.items() if row.grade in named}
    if not rulings:
        return given
    barred = list(_of_vetoes(bound))
    decided = given.copy()
    for at, unit in enumerate(bound.units):
        place = rulings.get(unit.unit_id)
        if place is not None and not any(where[at] and effect.keeps_from(place, grades) for effect, where in barred):
            decided[..., at] = place
    return decided


def grade_names(bound: BoundYear, places: Array) -> Array:
    """Grades by name."""
    names = np.array([*(grade.name for grade in bound.scheme.results.grades), NO_GRADE, PENDING])
    return np.asarray(names[places])  # -2 and -1 are the last two


def _declared(evaluation: Evaluation, inputs: PoolInputs) -> Array:
    """Whether the accepted declarations are what the scheme asks: its condition, or any one of them."""
    rules = evaluation.bound.scheme.results
    asked = rules.declared
    if asked is None and rules.grades and rules.grades[0].held is not None:
        best = rules.grades[0].held
        if all(part.fact == "declared" for part in best.walk() if isinstance(part, Fact)) and not best.figures():
            asked = best  # what the best grade asks to be declared
    if asked is not None:
        return np.asarray(asked.holds(inputs), dtype=bool)
    return known_fact(evaluation.bound, "declared", "")
