"""From points to results: conversion, totals, ranks, grades and what follows from them.

Everything is an array with the units of the year last, so it works for one year and for scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaohe.intake.vocabulary import GRADES
from kaohe.rules import Outcome
from kaohe.rules.numbers import Array, ranks, safe_ratio
from kaohe.scoring.bind import BoundYear, Pool
from kaohe.scoring.engine import Scored

EXCELLENT, PASS, FAIL, PENDING = "优秀", "合格", "不合格", "待审议"


@dataclass(frozen=True)
class Results:
    """Totals, ranks and grades: arrays (..., units of the year); base and key are 0 for departments."""

    ballot: Array
    base_raw: Array
    base: Array
    key_raw: Array
    key: Array
    target: Array
    leaders: Array
    total: Array
    attainable: Array  # what the unit could attain on paper
    fail_below: Array  # a total below it fails
    own_full: dict[str, Array]  # the unit's own full mark of each component: the divisors
    rank: Array
    last: Array
    grade: Array
    by_points: Array  # the grade before the leading group's decisions
    declared: Array
    vetoed: Array
    award: Array


def results(scored: Scored) -> Results:
    """Results of everything scored."""
    bound, numbers = scored.bound, scored.numbers
    raw = {name: numbers.full(len(bound.units)) for name in ("base", "key", "target")}
    for pool, outcome in scored.outcomes:
        component = bound.scheme.component_of(pool.name)
        raw[component] = _added(raw[component], pool, outcome)
    ballot, leaders = numbers.full(len(bound.units)), numbers.full(len(bound.units))
    for (_, kind), (pool, outcome) in scored.votes.items():
        if kind == "ballot":
            ballot = _added(ballot, pool, outcome)
        else:
            leaders = _added(leaders, pool, outcome)
    converted, own = _convert(scored, raw)
    total = ballot + converted["target"] + leaders
    rank, last = _group_ranks(bound, total)
    ids = [unit.unit_id for unit in bound.units]
    declared = _declared(scored)
    vetoed = np.isin(ids, [row.unit for row in bound.data.vetoes])
    award = np.isin(ids, [row.unit for row in bound.data.awards if row.approved])
    fail_line = scored.readings.each(
        bound.scheme.results.fail_line, lambda value: numbers.full(len(bound.units), value)
    )
    fail_below = fail_line * converted["attainable"]
    failing = np.asarray(total < fail_below, dtype=bool)
    by_points = _grades(scored, rank, failing, declared & ~vetoed)
    return Results(
        ballot=ballot,
        base_raw=raw["base"],
        base=converted["base"],
        key_raw=raw["key"],
        key=converted["key"],
        target=converted["target"],
        leaders=leaders,
        total=total,
        attainable=converted["attainable"],
        fail_below=fail_below,
        own_full=own,
        rank=rank,
        last=last,
        grade=_decided(bound, by_points, vetoed),
        by_points=by_points,
        declared=declared,
        vetoed=vetoed,
        award=award,
    )


def _added(sums: Array, pool: Pool, outcome: Outcome) -> Array:
    """`sums` with a pool's points added at its members; grows the scenario axes where needed."""
    points = outcome.points
    lead = np.broadcast_shapes(sums.shape[:-1], points.shape[:-1])
    if lead != sums.shape[:-1]:
        sums = np.broadcast_to(sums, (*lead, sums.shape[-1])).copy()
    sums[..., pool.members] += points
    return sums


@dataclass(frozen=True)
class _Converted:
    """The target under one way of converting raw points to the printed full marks."""

    base: Array
    key: Array
    target: Array
    attainable: Array


def _convert(scored: Scored, raw: dict[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Converted components by name, and each unit's own full marks (the divisors)."""
    bound, numbers, readings = scored.bound, scored.numbers, scored.readings
    rules = bound.scheme.results

    def own_marks(name: str) -> Array:
        return readings.each(
            rules.full_marks, lambda marks: numbers.array(bound.own_full(name, stated=marks == "stated"))
        )

    def limited(name: str) -> Array:
        return readings.each(
            rules.component_cap, lambda cap: np.minimum(raw[name], own[name]) if cap == "cap" else raw[name]
        )

    own = {name: own_marks(name) for name in raw}
    capped = {name: limited(name) for name in raw}
    found = {how: _conversion(str(how), scored, capped, own) for how in readings.values(rules.conversion)}

    def chosen(name: str) -> Array:
        return readings.each(rules.conversion, lambda how: getattr(found[how], name))

    return {name: chosen(name) for name in ("base", "key", "target", "attainable")}, own


def _conversion(how: str, scored: Scored, raw: dict[str, Array], own: dict[str, Array]) -> _Converted:
    """`proportional`: each component by its own full mark; `combined`: their sum; `none`: raw."""
    bound, numbers = scored.bound, scored.numbers
    groups = [bound.scheme.groups[bound.scheme.group_of(unit.category)] for unit in bound.units]
    printed = {name: numbers.array(group.target.parts.get(name, 0) for group in groups) for name in raw}
    whole = numbers.array(group.target.full for group in groups)
    votes = numbers.array(group.ballot.full + group.leaders.full for group in groups)
    own_whole = sum(own.values(), start=numbers.const(0))
    raw_whole = sum(raw.values(), start=numbers.const(0))
    if how == "proportional":
        parts = {name: safe_ratio(numbers, raw[name], own[name]) * printed[name] for name in raw}
        return _Converted(parts["base"], parts["key"], sum(parts.values(), start=numbers.const(0)), votes + whole)
    if how == "combined":
        return _Converted(raw["base"], raw["key"], safe_ratio(numbers, raw_whole, own_whole) * whole, votes + whole)
    return _Converted(raw["base"], raw["key"], raw_whole, votes + own_whole)


def _group_ranks(bound: BoundYear, total: Array) -> tuple[Array, Array]:
    """Competition rank inside the unit's group, and whether it is last (all tied there)."""
    rank, last = np.zeros(total.shape, dtype=int), np.zeros(total.shape, dtype=bool)
    for key in bound.scheme.groups:
        members = bound.members_of(key)
        if len(members):
            rank[..., members] = ranks(total[..., members])
            lowest = np.min(total[..., members], axis=-1, keepdims=True)
            last[..., members] = np.equal(total[..., members], lowest).astype(bool)
    return rank, last


def _grades(scored: Scored, rank: Array, failing: Array, eligible: Array) -> Array:
    """优秀 within the quota among the eligible, 不合格 below the line, 合格 otherwise; a tie at the line as decided."""
    bound, readings, rules = scored.bound, scored.readings, scored.bound.scheme.results
    quota = np.array([bound.scheme.groups[bound.scheme.group_of(unit.category)].quota for unit in bound.units])
    candidates = eligible & ~failing
    candidates = readings.choose(
        rules.quota_fill,
        {"pass_down": lambda: candidates, "within_top": lambda: candidates & (rank <= quota)},
    )
    rank = np.broadcast_to(rank, np.broadcast_shapes(rank.shape, candidates.shape))
    candidates = np.broadcast_to(candidates, rank.shape)
    above, level = np.zeros(rank.shape, dtype=int), np.zeros(rank.shape, dtype=int)
    for key in bound.scheme.groups:
        here = bound.members_of(key)
        mine, others = rank[..., here][..., :, None], rank[..., here][..., None, :]
        among = candidates[..., here][..., None, :]
        above[..., here] = np.sum(among & (others < mine), axis=-1)
        level[..., here] = np.sum(among & (others == mine), axis=-1)
    inside = candidates & (above + level <= quota)
    across = candidates & (above < quota) & (above + level > quota)
    at_line = readings.choose(
        rules.quota_ties,
        {
            "pending": lambda: np.where(across, PENDING, PASS),
            "all": lambda: np.where(across, EXCELLENT, PASS),
            "none": lambda: np.full(across.shape, PASS),
        },
    )
    return np.where(failing, FAIL, np.where(inside, EXCELLENT, at_line))


def _decided(bound: BoundYear, grades: Array, vetoed: Array) -> Array:
    """The grades with those the leading group decided; a veto keeps a unit from 优秀 whatever else is entered."""
    rulings = {unit: GRADES[row.grade] for unit, row in bound.data.rulings.items()}
    if not rulings:
        return grades
    decided = grades.copy()
    for place, unit in enumerate(bound.units):
        word = rulings.get(unit.unit_id)
        if word is not None and not (word == EXCELLENT and vetoed[place]):
            decided[..., place] = word
    return decided


def _declared(scored: Scored) -> Array:
    """Whether the accepted declarations are what the policy asks: both kinds, or any one."""
    bound = scored.bound
    accepted = [
        {kind for kind, row in bound.data.declarations.get(unit.unit_id, {}).items() if row.accepted}
        for unit in bound.units
    ]
    kinds = set(bound.scheme.results.declarations)
    return scored.readings.choose(
        bound.scheme.results.eligibility,
        {
            "both": lambda: np.array([kinds <= have for have in accepted]),
            "any": lambda: np.array([bool(kinds & have) for have in accepted]),
        },
    )
