"""Two sides of a comparison mixed: one unit's data of one side among the others' of either, under either's rules.

The earlier side is carried over to the later's dates and ids first (`transition.carried`), so that everything of both
stands in one calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from kaohe.intake import Intake
from kaohe.intake.tables.data import YearData
from kaohe.intake.tables.sourcerows import rows_of, with_items
from kaohe.intake.tables.vocabulary import changeable
from kaohe.rules import EXACT, Figure, Outcome
from kaohe.rules.inside import everything_in
from kaohe.scheme import Scheme
from kaohe.scheme.policies import Policies, resolve
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear, Past, Pool, bind
from kaohe.scoring.evaluation import Evaluation
from kaohe.scoring.grouporder import ranks_in
from kaohe.scoring.mentions import looks_around
from kaohe.scoring.past import unseen

OWN, OTHERS, SCHEME, POLICIES = CAUSES = ("own", "others", "scheme", "policies")


@dataclass(frozen=True)
class Origin:
    """One side: its data in the later calendar, its scheme and readings, and the year before as its rules see it."""

    data: YearData
    scheme: Scheme
    policies: Policies
    past: Mapping[int, Past] = field(default_factory=dict)
    missing: frozenset[tuple[str, str]] = frozenset()
    """(unit, item) without what it needs on this side itself."""


def origin(
    intake: Intake, past: Mapping[int, Past], scheme: Scheme | None = None, policies: Policies | None = None
) -> Origin:
    """Of a side that was read; `scheme` and `policies` where its data were carried over to another's."""
    scheme, policies = scheme or intake.scheme, policies or intake.policies
    assert intake.data
    assert scheme
    assert policies
    past = past if unseen(scheme, 0) else {}
    return Origin(intake.data, scheme, policies, past, frozenset(bind(scheme, policies, intake.data, past).missing))


class Mixed:
    """A mixture scored: total, rank and points of items of a unit, as far as they are asked for."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation, self.bound = evaluation, evaluation.bound
        self._by_unit: dict[str, dict[str, Any]] = {}

    def worth(self, unit: str) -> dict[str, Any]:
        """The unit's figures: total, rank, and `item:` each leaf that it has."""
        bound, place = self.bound, self.bound.position[unit]
        group = bound.scheme.group_of(bound.units[place].category)
        score = self.evaluation.node(bound.scheme.groups[group].score)
        members = bound.members_of(group)
        rated = members[score.known[members] & score.present[members]]
        found: dict[str, Any] = {"total": score.points[place], "rank": 0}
        if place in rated:
            ranks = ranks_in(self.evaluation.everybody(), bound.scheme.groups[group], rated)
            found["rank"] = int(ranks[list(rated).index(place)])
        for node in bound.scheme.tree.leaves:
            if bound.present(node)[place]:
                found[f"item:{node.id}"] = self.evaluation.node(node.id).points[place]
        return found

    def by_unit(self, item: str) -> Mapping[str, Any]:
        """Unit → its points under an item, in whichever pool it is."""
        if item not in self._by_unit:
            units = self.bound.units
            pools = (pool for pool in (*self.bound.pools, *self.bound.vote_pools) if pool.name == item)
            self._by_unit[item] = {
                units[member].unit_id: points
                for pool in pools
                for member, points in zip(
                    pool.members, np.broadcast_to(self.evaluation.outcome(pool).points, pool.size), strict=True
                )
            }
        return self._by_unit[item]


class _Exchanged(Evaluation):
    """One unit's data of one side among the others' of the other: a pool that compares nobody is found already."""

    def __init__(self, bound: BoundYear, unit: str, mine: Mixed, base: Mixed, comparing: dict[str, bool]) -> None:
        super().__init__(bound, EXACT, Axes(bound.policies))
        self.unit, self.mine, self.base, self._comparing = unit, mine, base, comparing

    def outcome(self, pool: Pool) -> Outcome:
        if id(pool) not in self._outcomes:
            if pool.name not in self._comparing:  # whatever variant: found once for all mixtures of these rules
                by_member = self.bound.scheme.tree[pool.name].within is not None  # each month is asked for by itself
                self._comparing[pool.name] = by_member or _compares(pool)
            if not self._comparing[pool.name]:
                self._outcomes[id(pool)] = self._gathered(pool)
        return super().outcome(pool)

    def _gathered(self, pool: Pool) -> Outcome:
        """Each unit's points from the side it is of: where pools are cut otherwise there, from whichever has it."""
        ids = [self.bound.units[member].unit_id for member in pool.members]
        rest, own = self.base.by_unit(pool.name), self.mine.by_unit(pool.name)
        return Outcome.whole(EXACT.array(own[unit] if unit == self.unit else rest[unit] for unit in ids))


def _compares(pool: Pool) -> bool:
    """Whether other units' figures, or other items, enter a unit's points: by the rule or any variant of it."""
    item = pool.indicator
    parts = (pool.rule, item.variants, item.full) if item is not None else (pool.rule,)
    figures = [each for each in everything_in(parts) if isinstance(each, Figure)]
    return looks_around(parts) or any(figure.compares() for figure in figures)


class Mixtures:
    """Every mixture of two sides, each scored once when it is asked for."""

    def __init__(self, before: Origin, after: Origin) -> None:
        self.before, self.after = before, after
        self._scored: dict[tuple[Any, ...], Mixed] = {}
        self._worth: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._lacking: dict[tuple[str, str], str] = {}
        self._comparing: dict[bool, dict[str, bool]] = {}

    @cached_property
    def same_scheme(self) -> bool:
        """The text and the window that it counts in."""
        then, now = self.before.data.words.admissions_until, self.after.data.words.admissions_until
        return self.before.scheme == self.after.scheme and then == now

    @cached_property
    def same_policies(self) -> bool:
        return dict(self.before.policies.values) == dict(self.after.policies.values)

    @cached_property
    def turned(self) -> frozenset[str]:
        """Units whose own data are others, those on one side alone among them."""
        before, after = self.before, self.after
        units = {unit.unit_id for data in (before.data, after.data) for unit in data.units}
        then, now = _had(before.past), _had(after.past)
        return frozenset(
            unit for unit in units if _of(before, unit) != _of(after, unit) or then.get(unit) != now.get(unit)
        )

    def worth(self, unit: str, causes: frozenset[str]) -> dict[str, Any]:
        """The unit's figures with these causes as they are later, the others as they were; PolicyError where the
        readings of one side cannot stand under the scheme of the other."""
        own, others = OWN in causes, OTHERS in causes
        if unit not in self.turned:
            own = others
        elif not self.turned - {unit}:
            others = own
        rules = SCHEME in causes and not self.same_scheme, POLICIES in causes and not self.same_policies
        key = (own, others, *rules, unit)
        if key not in self._worth:
            scored = self._mixed(others, *rules) if own == others else self._among(unit, own, others, *rules)
            self._worth[key] = scored.worth(unit)
        return self._worth[key]

    def lacking(self) -> dict[tuple[str, str], str]:
        """(unit, item) → what was missing in a mixture and counted as 0 there, though in neither side."""
        sides = [self.before.missing, self.after.missing]
        return {cell: what for cell, what in self._lacking.items() if not any(cell in side for side in sides)}

    def _mixed(self, data: bool, scheme: bool, policies: bool) -> Mixed:
        """Everybody's data of one side."""
        key = (data, scheme, policies)
        if key not in self._scored:
            side = self.after if data else self.before
            bound = self._bound(side.data, side.past, scheme, policies)
            self._scored[key] = Mixed(Evaluation(bound, EXACT, Axes(bound.policies)))
        return self._scored[key]

    def _among(self, unit: str, own: bool, others: bool, scheme: bool, policies: bool) -> Mixed:
        mine, base = (self.after, self.before) if own else (self.before, self.after)
        past = _past(base.past, mine.past, unit)
        bound = self._bound(_exchanged(base.data, mine.data, unit), past, scheme, policies)
        whole, rest = (self._mixed(side, scheme, policies) for side in (own, others))
        return Mixed(_Exchanged(bound, unit, whole, rest, self._comparing.setdefault(scheme, {})))

    def _bound(self, data: YearData, past: Mapping[int, Past], scheme: bool, policies: bool) -> BoundYear:
        rules, read = (self.after if scheme else self.before), (self.after if policies else self.before)
        until = rules.data.words.admissions_until
        data = replace(data, words=replace(data.words, admissions_until=until))
        bound = bind(rules.scheme, self._read(rules, read), data, past)
        self._lacking.update({cell: missing[0].what for cell, missing in bound.missing.items()})
        return bound

    def _read(self, rules: Origin, read: Origin) -> Policies:
        """The readings of one side under the scheme of the other; a point that it does not know is read as there."""
        if rules is read or self.same_scheme:
            return read.policies
        given, own = read.policies.as_text(), rules.policies.as_text()
        found = resolve(rules.scheme, overrides={name: given.get(name, value) for name, value in own.items()})
        return replace(rules.policies, values=found.values)


def _of(side: Origin, unit: str) -> Any:
    """All that a unit's points rest on of its own in the year: who it is and what it handed in."""
    known = side.data.unit(unit)
    rows = [[row.values for row in rows_of(side.data, table, unit)] for table in changeable()]
    exempt = {key for key in side.data.exemptions if key[0] == unit}
    return known and (known.category, dict(known.traits)), rows, exempt


def _had(past: Mapping[int, Past]) -> dict[str, dict[Any, Any]]:
    """Unit → what it had in the years before, as `_past_of` exchanges it."""
    found: dict[str, dict[Any, Any]] = {}
    for ago, year in past.items():
        for cells in ("points", "raw", "metrics"):
            for (unit, name), value in getattr(year, cells).items():
                found.setdefault(unit, {})[ago, cells, name] = value
        for unit, grade in year.grades.items():
            found.setdefault(unit, {})[ago, "grade"] = grade
        for unit in year.last:
            found.setdefault(unit, {})[ago, "last"] = True
    return found


def _exchanged(base: YearData, other: YearData, unit: str) -> YearData:
    """One side's data with one unit's of the other in their place."""
    for table in changeable():
        base = with_items(base, table, unit, [(row.values, row.item) for row in rows_of(other, table, unit)])
    exempt = {key: why for key, why in base.exemptions.items() if key[0] != unit}
    exempt |= {key: why for key, why in other.exemptions.items() if key[0] == unit}
    mine = other.unit(unit)
    assert mine
    units = tuple(mine if each.unit_id == unit else each for each in base.units)
    return replace(base, units=units, exemptions=exempt)


def _past(base: Mapping[int, Past], other: Mapping[int, Past], unit: str) -> dict[int, Past]:
    """The years before in the same way."""
    return {ago: _past_of(base.get(ago, Past()), other.get(ago, Past()), unit) for ago in {*base, *other}}


def _past_of(base: Past, other: Past, unit: str) -> Past:
    def cells(name: str) -> dict[Any, Any]:
        kept = {key: value for key, value in getattr(base, name).items() if key[0] != unit}
        return kept | {key: value for key, value in getattr(other, name).items() if key[0] == unit}

    grades = {key: value for key, value in base.grades.items() if key != unit}
    return replace(
        base,
        points=cells("points"), raw=cells("raw"), metrics=cells("metrics"),
        last=base.last - {unit} | other.last & {unit},
        grades=grades | {key: value for key, value in other.grades.items() if key == unit},
    )  # fmt: skip
