"""Who gave what: the ratings of panels and the marks of voters as tables of cells down and raters across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from kaohe.rules.inside import everything_in
from kaohe.rules.judged import TRIMMED_FROM, Panel
from kaohe.rules.numbers import Array
from kaohe.rules.plain import fixed_number
from kaohe.rules.votes import VoteRule
from kaohe.scheme import Item
from kaohe.scoring.bind import BoundYear, Pool

RATINGS = ""
"""Stands for the ratings of panels where votes have their id."""
FEWEST = 3
"""Of fewer raters nothing is said."""


@dataclass(frozen=True)
class Combining:
    """How several marks become one: `lowest` and `highest` are left out of `fewest` marks or more."""

    how: str = "mean"
    lowest: int = 0
    highest: int = 0
    fewest: int = 1

    @property
    def plain(self) -> bool:
        """Whether it is the mean of all."""
        return self.how == "mean" and not (self.lowest or self.highest)

    def of(self, marks: Array) -> Array:
        """One figure of marks along the last axis."""
        count = marks.shape[-1]
        if (self.lowest or self.highest) and count >= self.fewest:
            marks = np.sort(marks, axis=-1)[..., self.lowest : count - self.highest]
        if self.how == "median":
            return np.asarray(np.median(marks, axis=-1))
        return np.asarray(marks.sum(axis=-1) if self.how == "sum" else marks.mean(axis=-1))


@dataclass(frozen=True)
class Slot:
    """What was rated: an item (and month or term) of a unit, by its place; `highest` rating, NaN where unknown."""

    item: str
    period: str
    unit: int
    highest: float
    combining: Combining


@dataclass(frozen=True)
class Sheet:
    """Ratings of panels, or the marks of one vote, facet and group of voters: `given` (slots, raters), NaN for none.

    `of`: the vote's id, `RATINGS` for panels.
    """

    of: str
    facet: str
    group: str
    raters: tuple[str, ...]
    slots: tuple[Slot, ...]
    given: Array

    @cached_property
    def counts(self) -> Array:
        """How many rated each slot."""
        return np.asarray((~np.isnan(self.given)).sum(axis=1))

    @cached_property
    def shares(self) -> Array:
        """The same in points of a hundred of the highest rating."""
        highest = np.array([slot.highest for slot in self.slots], dtype=float)
        return np.asarray(self.given / highest[:, None] * 100)

    @property
    def comparable(self) -> Sheet:
        """What enough people rated to say something of each, on a scale whose highest rating is known."""
        return self.over((self.counts >= FEWEST) & ~np.isnan(self.shares).all(axis=1))

    def over(self, chosen: Array) -> Sheet:
        """Of some slots alone."""
        return replace(
            self, slots=tuple(slot for slot, on in zip(self.slots, chosen, strict=True) if on), given=self.given[chosen]
        )


def sheets(bound: BoundYear) -> list[Sheet]:
    """Everything that single people gave: the ratings, then each vote's marks, a sheet a group of voters."""
    found = [_sheet(RATINGS, "", "", list(_ratings(bound)))]
    for pool in bound.vote_pools:
        vote = pool.rule
        if isinstance(vote, VoteRule) and vote.definition.paper == "marks":
            for group in vote.definition.groups:
                found.append(_sheet(vote.vote, vote.facet or "", group, list(_marks(bound, pool, vote, group))))
    return [sheet for sheet in found if sheet.slots]


def called(bound: BoundYear, sheet: Sheet) -> str:
    """What was rated, in a word or two: the vote by its name."""
    return "评审评分" if sheet.of == RATINGS else bound.scheme.votes[sheet.of].name


def votes_joined(found: Sequence[Sheet]) -> list[Sheet]:
    """The same with all groups of voters of a vote and facet side by side, as they marked the same units."""
    out: dict[tuple[str, str], Sheet] = {}
    for sheet in found:
        key = (sheet.of, sheet.facet)
        out[key] = _beside(out[key], sheet) if key in out else sheet
    return list(out.values())


def _beside(one: Sheet, other: Sheet) -> Sheet:
    rows = [(slot, _by_rater(sheet, row)) for sheet in (one, other) for row, slot in enumerate(sheet.slots)]
    return replace(_sheet(one.of, one.facet, "", rows), group="")


def _by_rater(sheet: Sheet, row: int) -> list[tuple[str, float]]:
    return [
        (rater, float(value)) for rater, value in zip(sheet.raters, sheet.given[row], strict=True) if value == value
    ]


Rows = list[tuple[Slot, list[tuple[str, float]]]]


def _sheet(of: str, facet: str, group: str, rows: Rows) -> Sheet:
    raters = tuple(sorted({rater for _, given in rows for rater, _ in given}))
    column = {rater: place for place, rater in enumerate(raters)}
    merged: dict[tuple[str, str, int], tuple[Slot, list[tuple[str, float]]]] = {}
    for slot, given in rows:
        merged.setdefault((slot.item, slot.period, slot.unit), (slot, []))[1].extend(given)
    table = np.full((len(merged), len(raters)), np.nan)
    for row, (_, given) in enumerate(merged.values()):
        for rater, value in given:
            table[row, column[rater]] = value
    return Sheet(of, facet, group, raters, tuple(slot for slot, _ in merged.values()), table)


def _ratings(bound: BoundYear) -> Iterator[tuple[Slot, list[tuple[str, float]]]]:
    for pool in bound.pools:
        item = pool.indicator
        if item is None or item.judged is None:
            continue
        combining = _panel(bound, item)
        for period in periods_of(item):
            for place in map(int, pool.members):
                rows = bound.data.ratings.get((bound.units[place].unit_id, item.id), ())
                given = [(row.rater, float(row.points)) for row in rows if not period or row.period in ("", period)]
                if given:
                    yield Slot(item.id, period, place, _highest(pool, item), combining), given


def _marks(bound: BoundYear, pool: Pool, vote: VoteRule, group: str) -> Iterator[tuple[Slot, list[tuple[str, float]]]]:
    definition = vote.definition
    how = str(bound.policies.read(definition.combine.how))
    combining = combined_as(how, definition.combine.fewest)
    out_of = fixed_number(definition.out_of)
    for place in map(int, pool.members):
        rows = bound.data.marks.get((bound.units[place].unit_id, vote.vote, vote.facet or ""), ())
        given = [(row.voter, float(row.mark)) for row in rows if row.group == group]
        if given:
            yield Slot(pool.name, "", place, float(out_of) if out_of else np.nan, combining), given


def periods_of(item: Item) -> tuple[str, ...]:
    """The months or terms in which an item is rated one by one; ("",) where it is rated once."""
    found = everything_in((item.rule, item.variants, item.then))
    members = (member for part in found for member in getattr(part, "members", ()))
    return tuple(dict.fromkeys(map(str, members))) or ("",)


def combined_as(how: str, fewest: int = TRIMMED_FROM) -> Combining:
    """A way by its name: of a trimmed mean one highest and one lowest are left out."""
    return Combining("mean", 1, 1, fewest) if how == "trimmed" else Combining(how)


def _panel(bound: BoundYear, item: Item) -> Combining:
    judged = item.judged
    assert judged is not None
    how = str(bound.policies.read(judged.how))
    if isinstance(judged.panel, Panel):
        return Combining(how, judged.panel.drop_lowest, judged.panel.drop_highest, judged.panel.least)
    return combined_as(how)


def _highest(pool: Pool, item: Item) -> float:
    """The highest rating; NaN where it differs from unit to unit."""
    assert item.judged is not None
    highest: Fraction = item.judged.highest_rating(pool.full)
    return float(highest) if highest else float("nan")
