"""Bind, then score: who is scored on what, out of how much, in which pool; nothing is computed here.

Structural readings, applicability, exemptions and missing inputs are settled once. A pool lists the
units that share a rule; a unit whose input is missing is in none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, islice
from typing import Any

import numpy as np

from kaohe.intake.findings import Missing
from kaohe.intake.tables.data import Unit, YearData
from kaohe.intake.tables.wanted import looks_back
from kaohe.rules import Figure, Numbers
from kaohe.rules.achievements import Tally, tally, weight_of
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.numbers import Array
from kaohe.rules.sums import Places, exact_sum, side_by_side
from kaohe.scheme import Item, Scheme
from kaohe.scheme.policies import Applicability, Policies, applicability
from kaohe.scheme.tree import Node, times_counted
from kaohe.scheme.wants import RESULTS
from kaohe.scoring.lacking import ITEM, Cell, missing_of, missing_through, unvoted
from kaohe.scoring.owned import full_mark, needed_metrics, own_indicators

ZERO = Fraction(0)


@dataclass(frozen=True)
class Pool:
    """The units scored together on one rule: positions in `BoundYear.units`.

    `full`: the full mark where it is one number for all of them; `inputs.full` says it otherwise.
    """

    indicator: Item | None
    rule: Figure
    members: Array
    full: Fraction = Fraction(0)

    @property
    def size(self) -> int:
        return len(self.members)

    @property
    def name(self) -> str:
        return self.indicator.id if self.indicator else ""

    @cached_property
    def at(self) -> Places:
        """Its units among those of the year, to index with."""
        return side_by_side(self.members)

    def marks(self, numbers: Numbers) -> Array:
        """The full mark for each unit, where it is one number: made once, however often the pool is scored."""
        made: dict[bool, Array] = vars(self).setdefault("_marks", {})
        if numbers.exact not in made:
            made[numbers.exact] = numbers.full(self.size, self.full)
            made[numbers.exact].flags.writeable = False
        return made[numbers.exact]


@dataclass(frozen=True)
class Past:
    """A year before, as this one may look at it: points of items by unit, grades, and who was last of its group.

    `scored`: whether all that is known; else there are just figures that were handed in with the year at hand.
    """

    points: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)  # (unit, item)
    raw: Mapping[tuple[str, str], Fraction] = field(
        default_factory=dict
    )  # before the steps after it, where they differ
    metrics: Mapping[Cell, Fraction] = field(default_factory=dict)  # (unit, metric)
    last: frozenset[str] = frozenset()
    grades: Mapping[str, str] = field(default_factory=dict)  # unit → id or name of its grade
    scored: bool = True


@dataclass(frozen=True)
class BoundYear:
    """A year's data under a scheme and its structural policies, ready to be scored."""

    year: str
    scheme: Scheme
    policies: Policies
    data: YearData
    units: tuple[Unit, ...]
    pools: tuple[Pool, ...]
    applicability: Mapping[Cell, Applicability]
    missing: Mapping[Cell, tuple[Missing, ...]]
    unvoted: Mapping[str, frozenset[str]] = field(default_factory=dict)  # item that is a vote → units without one
    past: Mapping[int, Past] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()  # votes that are scored as if the text had none

    def without(self, item: str) -> BoundYear:
        """The same year if the text had no such item: as if every unit were exempt from it, or no such vote held."""
        units = [unit for unit, name in self._cells_of.get(item, ()) if self.applicability[unit, name] == "applies"]
        found = replace(
            self,
            pools=tuple(pool for pool in self.pools if pool.name != item),
            applicability={**self.applicability, **{(unit, item): "exempt" for unit in units}},
            missing={cell: lacks for cell, lacks in self.missing.items() if cell[1] != item},
            left_out=self.left_out | ({item} if self.scheme.tree[item].is_vote else set()),
        )
        found.__dict__["_present"] = self._present_without(item)  # what else it would find anew, item after item
        found.__dict__["_marks"] = self._marks_without(item, units)
        return found

    @cached_property
    def _cells_of(self) -> dict[str, list[Cell]]:
        found: dict[str, list[Cell]] = defaultdict(list)
        for cell in self.applicability:
            found[cell[1]].append(cell)
        return found

    def _present_without(self, item: str) -> dict[str, Array]:
        tree, out = self.scheme.tree, dict(self._present)
        out[item] = np.zeros_like(out[item])
        for node in tree.above(item):
            below = [out[child] for child in node.children if tree[child].item.counts]
            out[node.id] = out[node.id] & np.any(below, axis=0)
        return out

    def _marks_without(self, item: str, units: list[str]) -> dict[tuple[str, str], dict[str, Fraction]]:
        indicator = self.scheme.indicators.get(item)
        mark = full_mark(self.scheme, self.policies, indicator) if indicator is not None else None
        if not isinstance(mark, Fraction):
            return self._marks
        out = defaultdict(lambda: defaultdict(Fraction), self._marks)
        for node in islice(self.scheme.tree.above(item), 1, None):
            mark = mark * times_counted(self.scheme, node.item)
            for state, more in (("applies", -mark), ("exempt", mark)):
                out[node.id, state] = defaultdict(Fraction, out[node.id, state])
                for unit in units:
                    out[node.id, state][unit] += more
        return out

    @cached_property
    def vote_pools(self) -> tuple[Pool, ...]:
        """For each item that is a vote the units that were voted on."""
        found = []
        for node in self.scheme.tree.leaves:
            vote, without = node.vote, self.unvoted.get(node.id, frozenset())
            if vote is None or node.id in self.left_out:
                continue
            here = [
                place
                for place, unit in enumerate(self.units)
                if node.concerns(unit.category, unit.unit_id) and unit.unit_id not in without
            ]
            if here:
                full = node.item.full if isinstance(node.item.full, Fraction) else Fraction(0)
                found.append(Pool(node.item, vote, np.array(here, dtype=int), full))
        return tuple(found)

    @cached_property
    def applying(self) -> dict[str, list[int]]:
        """Item → the places of the units that it applies to."""
        return _applying(self.applicability, self.position)

    @cached_property
    def pools_of(self) -> dict[str, tuple[Pool, ...]]:
        """Item → its pools, those of votes too."""
        found: dict[str, tuple[Pool, ...]] = {}
        for pool in (*self.pools, *self.vote_pools):
            found[pool.name] = (*found.get(pool.name, ()), pool)
        return found

    def lacks_item(self, unit: str, item: str) -> bool:
        """Whether a cell lacks just another item that it looks at, and no data of its own."""
        lacks = self.missing.get((unit, item), ())
        return bool(lacks) and all(each.kind == ITEM for each in lacks)

    @cached_property
    def lacking_beside(self) -> dict[str, Array]:
        """For items that lack a figure beside their leaves': of which units."""
        found: dict[str, Array] = {}
        for unit, name in self.missing:
            if name != RESULTS and not self.scheme.tree[name].is_leaf:
                here = found.setdefault(name, np.zeros(len(self.units), dtype=bool))
                here[self.position[unit]] = True
        return found

    def present(self, node: Node) -> Array:
        """For each unit whether it has the item: a leaf that applies, or anything below that does."""
        return self._present[node.id]

    @cached_property
    def _present(self) -> dict[str, Array]:
        tree = self.scheme.tree
        scored = {name: row for row, name in enumerate(self.scheme.indicators)}
        table = np.zeros((len(scored), len(self.units)), dtype=bool)
        rows = np.repeat([scored[name] for name in self.applying], [len(each) for each in self.applying.values()])
        table[rows.astype(int), np.fromiter(chain.from_iterable(self.applying.values()), dtype=int)] = True
        out: dict[str, Array] = {name: table[row] for name, row in scored.items()}
        for node in reversed(tuple(tree.nodes.values())):  # children before their parents
            if node.id in out:
                continue
            here = self._concerned(node.applies, node.item.unit)
            if node.id in self.left_out:
                here = np.zeros_like(here)
            if not node.is_leaf:
                below = [out[child] for child in node.children if tree[child].item.counts]
                here = here & (np.any(below, axis=0) if below else False)
            out[node.id] = here
        return out

    def _concerned(self, categories: tuple[str, ...], unit: str | None) -> Array:
        """Which units are of these categories, and that very one where it is named."""
        known = self.__dict__.setdefault("_of_categories", {})
        if categories not in known:
            known[categories] = np.array([each.category in categories for each in self.units], dtype=bool)
        found: Array = known[categories]
        return found if unit is None else found & (np.arange(len(self.units)) == self.position.get(unit, -1))

    @cached_property
    def kept(self) -> dict[tuple[str, str, bool], Array]:
        """What was found of the year once and holds for every scoring of it."""
        return {}

    @cached_property
    def given(self) -> dict[tuple[int, tuple[str, str] | None, int], tuple[Figure, Array]]:
        """Figure, month and year before → for each unit whether all that it looks at is there (see `PoolInputs`)."""
        return {}

    @cached_property
    def position(self) -> dict[str, int]:
        return {unit.unit_id: place for place, unit in enumerate(self.units)}

    @cached_property
    def ids(self) -> list[str]:
        return [unit.unit_id for unit in self.units]

    @cached_property
    def achievements(self) -> Mapping[Cell, tuple[Achievement, ...]]:
        """Rows that may count: inside the window, by the first author."""
        found: dict[Cell, list[Achievement]] = defaultdict(list)
        for row in self.data.achievements:
            if row.first_author and self._counts(row):
                found[row.unit, row.indicator].append(row)
        return {cell: tuple(rows) for cell, rows in found.items()}

    @cached_property
    def incidents(self) -> Mapping[Cell, tuple[Incident, ...]]:
        """Incidents inside the window."""
        found: dict[Cell, list[Incident]] = defaultdict(list)
        for row in self.data.incidents:
            if self._counts(row):
                found[row.unit, row.indicator].append(row)
        return {cell: tuple(rows) for cell, rows in found.items()}

    def _counts(self, row: Achievement | Incident) -> bool:
        """Whether its date lies in the year's window; materials of admissions count beyond its end."""
        return self.scheme.window.holds(row.date, row.indicator, self.year, self.data.words.admissions_until)

    def tally(self, unit: str, indicator: Item) -> Tally:
        """A unit's weighted count; kinds counted by their amount are left to their own rule."""
        rows = [row for row in self.achievements.get((unit, indicator.id), ()) if row.kind not in indicator.amounts]
        return tally(rows, lambda row: weight_of(indicator.weights, row))

    def under(self, policies: Policies) -> BoundYear:
        """The same year under readings that differ in none that is structural; what was found of it holds still."""
        out = replace(self, policies=policies)
        vars(out).update({name: found for name, found in vars(self).items() if name not in vars(out)})
        return out

    def members_of(self, group: str) -> Array:
        """Positions of a group's units."""
        return np.array(
            [place for place, unit in enumerate(self.units) if self.scheme.group_of(unit.category) == group], dtype=int
        )

    @cached_property
    def _marks(self) -> dict[tuple[str, str], dict[str, Fraction]]:
        """(item, applicability) → the full marks of each unit's leaves below of that applicability, added up.

        Below an item that is scored once a month or term they are those of one of these. Units of one category that
        the same applies to have the same.
        """
        alike: dict[tuple[tuple[str, Applicability], ...], list[str]] = defaultdict(list)
        stands: dict[str, list[tuple[str, Applicability]]] = {unit.unit_id: [] for unit in self.units}
        for (unit, name), state in self.applicability.items():
            if state != "text":
                stands[unit].append((name, state))
        for unit, mine in stands.items():
            alike[tuple(mine)].append(unit)
        marks = {name: full_mark(self.scheme, self.policies, each) for name, each in self.scheme.indicators.items()}
        sums: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for each, units in alike.items():
            for key, mark in self._marks_above((name, state, marks[name]) for name, state in each).items():
                sums[key].update(dict.fromkeys(units, mark))
        return sums

    def _marks_above(self, leaves: Iterable[tuple[str, Applicability, Any]]) -> Mapping[tuple[str, str], Fraction]:
        """The same of leaves with their full marks, for every item above them."""
        tree, marks = self.scheme.tree, defaultdict[tuple[str, str], list[Fraction]](list)
        sums: dict[tuple[str, str], Fraction] = {}
        for name, state, mark in leaves:
            above = tree[name].parent
            if above is None and isinstance(mark, Fraction):
                sums[name, state] = mark
            elif above is not None and isinstance(mark, Fraction):
                marks[above, state].append(mark)
        states = {state for _, state in marks}
        for node in reversed(tree.inner):
            for each in states:
                if (found := marks.get((node.id, each))) is None:
                    continue
                whole = exact_sum(found)
                if node.item.each is not None:
                    whole *= times_counted(self.scheme, node.item)
                sums[node.id, each] = whole
                if node.parent is not None:
                    marks[node.parent, each].append(whole)
        return sums

    def own_full(self, item: str) -> list[Fraction]:
        """Each unit's full marks of what applies to it under an item, where they are numbers."""
        found = self._marks[item, "applies"]
        return [found[unit.unit_id] for unit in self.units]

    def stated(self, item: str) -> list[Fraction]:
        """Each unit's full mark of an item as printed for its category, less what it is exempt from."""
        exempt, stated = self._marks[item, "exempt"], self.scheme.by_category.stated
        return [stated.get((item, unit.category), ZERO) - exempt[unit.unit_id] for unit in self.units]

    def applies(self, unit: str, indicator: str) -> bool:
        return self.applicability.get((unit, indicator)) == "applies"

    def disputed(self, unit: str, indicator: Item) -> bool:
        """Whether evidence used for the cell is flagged as disputed."""
        metrics = (self.data.metrics.get((unit, name)) for name in rule_metrics(indicator, self, unit))
        return any(row is not None and row.disputed for row in metrics) or any(
            rating.disputed for rating in self.data.ratings.get((unit, indicator.id), ())
        )


def rule_metrics(indicator: Item, bound: BoundYear, unit: str) -> tuple[str, ...]:
    """Metrics the unit's own variant of the rule needs."""
    category = bound.units[bound.position[unit]].category
    return needed_metrics(indicator, category)


def bind(scheme: Scheme, policies: Policies, data: YearData, past: Mapping[int, Past] | None = None) -> BoundYear:
    """Settle who is scored on what. Units keep their order in the data; `past`: years before, by how long ago."""
    units = data.units
    stands = _stands(scheme, policies, data)
    missing = missing_of(scheme, data, units, stands)
    without_votes = {
        node.id: unvoted(vote, data, units) for node in scheme.tree.leaves if (vote := node.vote) is not None
    }
    for cell, lacks in missing_through(scheme, units, stands, missing, without_votes).items():
        missing[cell] = (*missing.get(cell, ()), *lacks)
    pools = []
    applying = _applying(stands, {unit.unit_id: place for place, unit in enumerate(units)})
    for indicator in scheme.indicators.values():
        here = [at for at in applying.get(indicator.id, ()) if (units[at].unit_id, indicator.id) not in missing]
        if not here:
            continue
        full = full_mark(scheme, policies, indicator)
        number = full if isinstance(full, Fraction) else ZERO
        for variant in indicator.pools:
            members = [at for at in here if units[at].category in variant.applies]
            if members:
                pools.append(Pool(indicator, variant.rule, np.array(members, dtype=int), number))
    bound = BoundYear(
        year=data.year,
        scheme=scheme,
        policies=policies,
        data=data,
        units=units,
        pools=tuple(pools),
        applicability=stands,
        missing=missing,
        unvoted=without_votes,
        past=_with_figures(scheme, data, past or {}),
    )
    vars(bound)["applying"] = applying
    return bound


def _with_figures(scheme: Scheme, data: YearData, past: Mapping[int, Past]) -> dict[int, Past]:
    """The years before with the figures that the year's data hold of them."""
    found = dict(past)
    years = scheme.year.years_before(data.year, max((0, *past)) if not data.earlier else looks_back(scheme))
    for ago, year in enumerate(years, start=1):
        figures = {(unit, name): row.value for (unit, name, when), row in data.earlier.items() if when == year}
        if figures or ago in found:
            known = found.get(ago, Past(scored=False))
            found[ago] = replace(known, metrics={**known.metrics, **figures})
    return found


def _stands(scheme: Scheme, policies: Policies, data: YearData) -> dict[Cell, Applicability]:
    """Whether each item of a unit's group applies to it; what text and readings say holds for all of its category."""
    said: dict[Cell, Applicability] = {}  # by category
    found: dict[Cell, Applicability] = {}
    for unit in data.units:
        for item in own_indicators(scheme, unit):
            key = (unit.category, item.id)
            if key not in said:
                said[key] = applicability(scheme, policies, item, unit.category, unit.unit_id, exempt=False)
            cell = (unit.unit_id, item.id)
            found[cell] = "exempt" if said[key] == "applies" and cell in data.exemptions else said[key]
    return found


def _applying(stands: Mapping[Cell, Applicability], position: Mapping[str, int]) -> dict[str, list[int]]:
    """Item → the places of the units that it applies to."""
    found: dict[str, list[int]] = defaultdict(list)
    for (unit, name), state in stands.items():
        if state == "applies":
            found[name].append(position[unit])
    return found
