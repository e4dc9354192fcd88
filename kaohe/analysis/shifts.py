"""Whose rank or grade two results of one year differ in, and what would follow if a veto did not stand."""

from __future__ import annotations

from dataclasses import replace

from kaohe.rules.numbers import Array
from kaohe.scoring.bind import BoundYear, bind
from kaohe.scoring.book import Shift
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.refusal import UncomputableError
from kaohe.scoring.results import Results, results


def shifted(bound: BoundYear, base: Results, then: Results, grade: Array, grade_then: Array) -> tuple[Shift, ...]:
    """The units whose rank or grade is another one, in the year's order; which grades are compared is given."""
    return tuple(
        Shift(unit.unit_id, int(base.rank[place]), int(then.rank[place]), str(grade[place]), str(grade_then[place]))
        for place, unit in enumerate(bound.units)
        if base.rank[place] != then.rank[place] or grade[place] != grade_then[place]
    )


def without_vetoes(now: Scored, base: Results) -> dict[str, tuple[Shift, ...]]:
    """Unit with vetoes → what is otherwise if none of them stands and all else does, by grades before any decision.

    Left out where that has no answer.
    """
    bound, found = now.bound, {}
    for unit in dict.fromkeys(row.unit for row in bound.data.vetoes):
        data = replace(bound.data, vetoes=tuple(row for row in bound.data.vetoes if row.unit != unit))
        try:
            then = results(run(bind(bound.scheme, bound.policies, data, bound.past)))
        except UncomputableError:
            continue
        found[unit] = shifted(bound, base, then, base.by_points, then.by_points)
    return found
