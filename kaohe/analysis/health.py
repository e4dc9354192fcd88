"""Which items do their work: who is told apart by them, what they weigh, which say the same, what nobody ever reached.

A function of scored years. Few units prove little: every figure goes with an interval, every proposal with the margin
by which it holds, and what cannot be said is listed with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.analysis.correlation import Estimate
from kaohe.analysis.exercised import Exercised, Panel, SelfScore, Use, exercised, merged
from kaohe.analysis.itemstats import (
    Twin,
    Weighing,
    alone,
    discrimination,
    effective_weight,
    nominal_weight,
    twins,
    weighing,
)
from kaohe.analysis.observed import Observed, Years, observed
from kaohe.intake import Intake
from kaohe.scoring.book import ScoreBook

SAME = 0.7
"""Items whose rank correlation is surely above this are said to measure the same."""


@dataclass(frozen=True)
class ItemHealth:
    """One item over the years. Shares are of unit-years (`n`); `effective` and `nominal` of the group's total."""

    item: Observed
    groups: tuple[str, ...]
    full: int
    zero: int
    of_full: int  # unit-years that have a full mark at all
    distinct: int
    commonest: int
    usual: Fraction  # the points that most have
    discrimination: Estimate | None
    effective: Mapping[str, Estimate]  # by group
    nominal: Mapping[str, Fraction]
    twins: tuple[Twin, ...] = ()
    uses: tuple[Use, ...] = ()
    selves: tuple[SelfScore, ...] = ()
    panels: tuple[Panel, ...] = ()

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def weight(self) -> Fraction:
        """What is at stake: the largest nominal share of a group's total."""
        return max(self.nominal.values(), default=Fraction(0))

    @property
    def n(self) -> int:
        return len(self.item.points)

    @property
    def unused(self) -> tuple[Use, ...]:
        return tuple(use for use in self.uses if not use.used)

    @property
    def self_minus_panel(self) -> Fraction | None:
        """The mean over those who gave themselves points, in points of the item."""
        above = [each.above for each in self.selves]
        return sum(above, Fraction(0)) / len(above) if above else None

    @property
    def by_one(self) -> bool | None:
        """Whether one rater decided it for some unit, in some year; None where nobody rates it."""
        return any(panel.by_one for panel in self.panels) if self.panels else None


@dataclass(frozen=True)
class Health:
    """All items of the last year's scheme. `silent`: reason → items of which something could not be computed."""

    years: Years
    items: tuple[ItemHealth, ...]
    pairs: int
    weighed: Mapping[str, int]  # group → units over which shares of its total were found
    lists: Mapping[str, int]
    silent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def item(self) -> dict[str, ItemHealth]:
        return {each.id: each for each in self.items}


def health(scored: Sequence[tuple[Intake, ScoreBook]]) -> Health:
    """The items of the last of these years, over all of them; ValueError where there is no year."""
    if not scored:
        raise ValueError("no year to look at")
    years = observed([book for _, book in scored])
    found = [exercised(intake, book) for intake, book in sorted(scored, key=lambda each: each[1].year)]
    silent: dict[str, list[str]] = defaultdict(list)
    groups = {name: weighing(years, name) for name in years.last.groups}
    items = [each for each in years.items.values() if each.points]
    for each in years.items.values():
        if not each.points:
            silent["没有单位有这一项的得分"].append(each.id)
    same, pairs = twins(years, items, SAME)
    out = tuple(_item(years, each, found, same.get(each.id, []), groups, silent) for each in items)
    for name, weighed in groups.items():
        if weighed is None and any(seen.group == name for seen in years.seen.values()):
            called = years.last.groups[name].name
            silent[f"{called}中同年、同类别的单位太少，或总分全部相同，不算各项占总分差异的份额"] = []
    for name, called in years.strangers.items():
        silent["最后一年的方案里没有这一项，或叫别的名称，以前的数据不计"].append(f"{name} {called}")
    lists: dict[str, int] = defaultdict(int)
    for year in found:
        for name, count in year.lists.items():
            lists[name] += count
    counts = {name: len(each.units) for name, each in groups.items() if each is not None}
    return Health(years, out, pairs, counts, dict(lists), {why: tuple(ids) for why, ids in silent.items()})


def _item(
    years: Years,
    item: Observed,
    found: Sequence[Exercised],
    same: Sequence[Twin],
    weighed: Mapping[str, Weighing | None],
    silent: dict[str, list[str]],
) -> ItemHealth:
    groups = tuple(dict.fromkeys(years.seen[place].group for place in item.points))
    for why in alone(item):
        silent[why].append(item.id)
    if not item.worth:
        silent["总分不是各项之和，或这一项不计入总分：不算与其余的相关，也不算份额"].append(item.id)
    values = list(item.points.values())
    counts = {value: values.count(value) for value in set(values)}
    lone = item.units == 1
    return ItemHealth(
        item,
        groups,
        full=sum(item.points[place] >= full for place, full in item.fulls.items()),
        zero=sum(value <= 0 for value in values),
        of_full=len(item.fulls),
        distinct=len(counts),
        commonest=max(counts.values()),
        usual=max(counts, key=lambda value: counts[value]),
        discrimination=discrimination(years, item),
        effective={
            name: share
            for name in groups
            if not lone and (mine := weighed.get(name)) and (share := effective_weight(years, item, mine))
        },
        nominal={name: marks for name in groups if (marks := nominal_weight(years, item, name)) is not None},
        twins=tuple(sorted(same, key=lambda twin: -twin.rho)),
        uses=merged([use for year in found for use in year.uses.get(item.id, ())]),
        selves=tuple(score for year in found for score in year.selves.get(item.id, ())),
        panels=tuple(year.panels[item.id] for year in found if item.id in year.panels),
    )
