"""How far an input can sensibly be changed: no further than the year's own figures show that units get.

The catalogue of metrics lets a count grow without end; to ask a unit of 400 students for 5 000 is no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from kaohe.scoring.bind import BoundYear
from kaohe.scoring.levers import Lever, MetricLever, ProjectsLever, RowsLever, levers_of

FEW = 10
"""So many more of a count are always thought possible, however few anybody has."""
FEW_ROWS = 5
"""The same of achievements and projects."""

SAID = (
    "一项数据最多改到各单位中的最大（或最小）值，或本单位现值的两倍（或一半）；个数至少可增 10，成果、项目至少可增 5 项"
)


def levers_within_reach(bound: BoundYear, unit: str) -> tuple[Lever, ...]:
    """What the unit could hand in differently, each no further than the largest or smallest figure of any unit, or
    twice or half its own."""
    return tuple(_bounded(bound, levers_of(bound, unit)))


def _bounded(bound: BoundYear, levers: Iterable[Lever]) -> Iterator[Lever]:
    figures: dict[str, list[Fraction]] = {}
    for (_, metric), row in bound.data.metrics.items():
        figures.setdefault(metric, []).append(row.value)
    for lever in levers:
        most = min(lever.most, _turns(bound, lever, figures))
        if most > 0:
            yield replace(lever, most=most)


def _turns(bound: BoundYear, lever: Lever, figures: dict[str, list[Fraction]]) -> int:
    if isinstance(lever, MetricLever):
        seen = figures[lever.metric]
        if lever.up:
            far = max(*seen, 2 * lever.start, lever.start)
            more = floor((far - lever.start) / lever.grain)
            counted = bound.scheme.metrics[lever.metric].kind == "count"
            return max(more, FEW) if counted else more if far > 0 else lever.most
        far = min(*seen, lever.start / 2, lever.start)
        return ceil((lever.start - far) / lever.grain)
    if isinstance(lever, RowsLever):
        indicator = bound.scheme.indicators[lever.item]
        far = max(2 * lever.start, *(bound.tally(unit.unit_id, indicator).sum for unit in bound.units))
        return max(FEW_ROWS, ceil((far - lever.start) / lever.weight))
    return FEW_ROWS if isinstance(lever, ProjectsLever) else lever.most
