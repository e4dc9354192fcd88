"""What each open point would change if it were read otherwise: ranks, grades and totals, exactly.

Grades are those before anything was decided of them: a decision answers the points it was taken on, and would hide
that another reading makes a tie or ends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from kaohe.analysis.shifts import shifted, without_vetoes
from kaohe.analysis.warned import warned_raters
from kaohe.intake import Intake
from kaohe.rules.inside import policies_in
from kaohe.rules.numbers import Array
from kaohe.scheme.policies import Policies, PolicyError, PolicyValue, resolve, structural
from kaohe.scheme.root import Policy
from kaohe.scoring.bind import BoundYear, bind
from kaohe.scoring.book import OptionEffect, PolicyEffect, ScoreBook
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.mentions import looked_at, looks_around
from kaohe.scoring.refusal import UncomputableError
from kaohe.scoring.results import Results, results
from kaohe.scoring.score import bound_of

EXCLUDED, NO_ANSWER = "与其他现用的读法不能同时采用", "这样读时有单位的得分算不出来"
"""Why nothing is known of a reading."""


def with_effects(book: ScoreBook, intake: Intake) -> ScoreBook:
    """The book knowing what every other reading would change, and what would without each doubtful rater and without
    each unit's vetoes; `intake` is what it was scored from."""
    now = run(bound_of(intake, book))
    base = results(now)
    return replace(
        book,
        effects=policy_effects(now, base),
        warned=warned_raters(now, base),
        unvetoed=without_vetoes(now, base),
    )


def policy_effects(now: Scored, base: Results) -> tuple[PolicyEffect, ...]:
    """Every policy's other readings, one at a time beside those in force, in the scheme's order."""
    return tuple(_effect(policy, now, base) for policy in now.bound.scheme.policies)


def _effect(policy: Policy, now: Scored, base: Results) -> PolicyEffect:
    bound = now.bound
    if policy.fraction:
        low, high = _steady(base) if _draws_line(bound, policy.name) else (None, None)
        return PolicyEffect(policy.name, steady_above=low, steady_to=high)
    others = [value for value in policy.options if value != bound.policies[policy.name]]
    possible = {value: read for value in others if (read := _read_as(bound, policy.name, value)) is not None}
    found = _alternatives(policy.name, possible, now)
    return PolicyEffect(
        policy.name,
        tuple(
            _option(bound, policy, value, base, found[value]) if value in found
            else OptionEffect(value, policy.options[value].says, refused=NO_ANSWER if value in possible else EXCLUDED)
            for value in others
        ),
    )  # fmt: skip


def _read_as(bound: BoundYear, name: str, value: PolicyValue) -> Policies | None:
    """The readings in force but one; None where that one may not stand beside the others."""
    try:
        found = resolve(bound.scheme, overrides={**bound.policies.values, name: value})
    except PolicyError:
        return None
    return replace(bound.policies, values=found.values)


def _alternatives(name: str, possible: dict[str, Policies], now: Scored) -> dict[str, Results]:
    """The results under each reading; those under which the data have no answer are left out."""
    try:
        return dict(zip(possible, _together(name, possible, now), strict=True))
    except UncomputableError:
        if len(possible) == 1:
            return {}
        alone = (_alternatives(name, {value: policies}, now) for value, policies in possible.items())
        return {value: found for each in alone for value, found in each.items()}


def _together(name: str, possible: dict[str, Policies], now: Scored) -> Iterator[Results]:
    """The results under each reading; those that decide who is in which pool are bound again."""
    bound = now.bound
    if name in structural(bound.scheme):
        for policies in possible.values():
            yield results(run(bind(bound.scheme, policies, bound.data, bound.past)))
    elif possible:
        together = results(_again(now, name, tuple(possible)))
        for place in range(len(possible)):
            yield _at(together, place)


def _again(now: Scored, name: str, values: Sequence[str]) -> Scored:
    """Scored under several readings of one policy; pools that do not turn on it keep their points."""
    looked = [(pool, looked_at(pool)) for pool in now.bound.pools]
    turning = [pool for pool, parts in looked if name in policies_in(parts) or looks_around(parts)]
    stays = {id(pool) for pool in now.bound.pools} - {id(pool) for pool in turning}
    kept = [(pool, outcome) for pool, outcome in now.outcomes if id(pool) in stays]
    part = run(replace(now.bound, pools=tuple(turning)), several={name: values})
    return Scored(now.bound, now.numbers, part.axes, (*kept, *part.outcomes))


def _at(found: Results, place: int) -> Results:
    """One reading of results that hold several along their first axis, or do not turn on it."""

    def one(array: Array) -> Array:
        return array if array.ndim == 1 else array[place if len(array) > 1 else 0]

    total, rank = one(found.total), one(found.rank)
    return replace(found, total=total, rank=rank, grade=one(found.grade), by_points=one(found.by_points))


def _option(bound: BoundYear, policy: Policy, value: str, base: Results, then: Results) -> OptionEffect:
    change = then.total - base.total
    most = int(np.argmax(np.abs(change)))
    grade, grade_then = _grades(bound, policy, base), _grades(bound, policy, then)
    return OptionEffect(
        value,
        policy.options[value].says,
        moved=shifted(bound, base, then, grade, grade_then),
        largest=change[most],
        at=bound.units[most].unit_id if change[most] else "",
    )


def _grades(bound: BoundYear, policy: Policy, found: Results) -> Array:
    """The grades to compare: before the decisions, but for what becomes of a tie, which they have decided."""
    ties = {getattr(grade.ties, "policy", "") for grade in bound.scheme.results.grades}
    return found.grade if policy.name in ties else found.by_points


def _draws_line(bound: BoundYear, policy: str) -> bool:
    """Whether the policy is the share of what is attainable below which a unit gets the last grade."""
    floors = [grade.at_least for grade in bound.scheme.results.grades[:-1] if grade.at_least is not None]
    return bool(floors) and policy in policies_in(floors[-1])


def _steady(base: Results) -> tuple[Fraction, Fraction]:
    """The fail lines under which every unit passes or fails by its points as now: above the first, up to the second."""
    shares = [total / full for total, full in zip(base.total, base.attainable, strict=True)]
    last = base.evaluation.bound.scheme.results.grades[-1].name
    failing = [share for share, grade in zip(shares, base.by_points, strict=True) if grade == last]
    passing = [share for share, grade in zip(shares, base.by_points, strict=True) if grade != last]
    return max(failing, default=Fraction(0)), min([*passing, Fraction(1)])
