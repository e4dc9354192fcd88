"""Raters whose marks tell nobody apart or stand far off the others', and what becomes of the grades without them."""

from __future__ import annotations

from kaohe.analysis.leftout import without_rater, without_voter
from kaohe.analysis.panels import RATINGS
from kaohe.analysis.raters import Rater, raters
from kaohe.scoring.book import WarnedRater
from kaohe.scoring.engine import Scored
from kaohe.scoring.results import Results

DOUBTFUL = ("flat", "strict", "lenient", "contrary")
"""Which marks of a rater are a warning, the gravest first."""


def warned_raters(now: Scored, base: Results) -> tuple[WarnedRater, ...]:
    """Each by itself and without a name: pages that show this go beyond the office. Those who rate a vote have a rater
    of each of its facets; one of them is told once."""
    found = [each for rater in raters(base, ()) if (each := _warned(rater, now, base)) is not None]
    return tuple(dict.fromkeys(found))


def _warned(rater: Rater, now: Scored, base: Results) -> WarnedRater | None:
    marks = tuple(mark for mark in DOUBTFUL if mark in rater.marks)
    if not marks:
        return None
    of_panel = rater.of == RATINGS
    out = without_rater(now, base, rater.rater) if of_panel else without_voter(now, base, rater.of, rater.rater)
    about = tuple(key for key, manner in rater.groups.items() if marks[0] != "flat" or manner.flat)
    items, units = _rated(now, rater, about)
    return WarnedRater(rater.of, rater.name, marks[0], about, items, units, out.graded, out.why)


def _rated(now: Scored, rater: Rater, groups: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """How many items of these groups, and which units."""
    bound = now.bound
    inside = {unit.unit_id for unit in bound.units if bound.scheme.group_of(unit.category) in groups}
    if rater.of == RATINGS:
        rated = bound.data.ratings.items()
        cells = [key for key, rows in rated if key[0] in inside and any(row.rater == rater.rater for row in rows)]
        return len({item for _, item in cells}), tuple(sorted({unit for unit, _ in cells}))
    votes = ((unit, rows) for (unit, vote, _), rows in bound.data.marks.items() if vote == rater.of and unit in inside)
    return 1, tuple(sorted({unit for unit, rows in votes if any(row.voter == rater.rater for row in rows)}))
