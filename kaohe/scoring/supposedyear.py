"""A whole year scored with other inputs of one unit, many suppositions at once: only what they touch is done again.

Pools that see none of the changed inputs keep their outcomes, items above none of those pools keep their points; all
others are found by the same rules and the same tree as ever. In float64 for a search, in fractions for its answers.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from kaohe.rules import Figure, Outcome
from kaohe.rules.inside import everything_in
from kaohe.rules.numbers import Array
from kaohe.scheme.tree import Node
from kaohe.scoring.bind import Pool
from kaohe.scoring.engine import Scored
from kaohe.scoring.evaluation import Evaluation, Member
from kaohe.scoring.inputs import PoolInputs
from kaohe.scoring.levers import AmountLever, Lever, ProjectsLever, levers_of
from kaohe.scoring.mentions import looked_at, looks_around
from kaohe.scoring.nodevalues import NodeValues
from kaohe.scoring.results import Results, results_of
from kaohe.scoring.supposed import Setting, Supposed

Seen = frozenset[tuple[Lever, int]]
"""What a pool sees of a setting."""


class SupposedYear:
    """One unit of a scored year under any settings of its inputs; what a pool gave under one is remembered."""

    def __init__(self, now: Scored, unit: str, levers: Sequence[Lever] | None = None) -> None:
        """`levers`: what may be changed; every input of the unit where it is not said."""
        self.now, self.bound, self.numbers = now, now.bound, now.numbers
        self._given = levers
        self.unit, self.member = unit, now.bound.position[unit]
        self.group = now.bound.scheme.group_of(now.bound.units[self.member].category)
        self._known: dict[int, tuple[dict[Seen, int], list[Array]]] = {}

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """What can be changed at all: inputs of items that ask about other items are none where they are lists."""
        found = levers_of(self.bound, self.unit) if self._given is None else self._given
        around = {pool.name for pool in self._mine if id(pool) in self.around}
        return tuple(
            lever for lever in found if not (isinstance(lever, AmountLever | ProjectsLever) and lever.item in around)
        )

    def exactly(self, now: Scored) -> SupposedYear:
        """The same unit and levers over the same year scored in other numbers."""
        assert now.bound is self.bound
        other = SupposedYear(now, self.unit)
        other.__dict__.update(
            levers=self.levers, pools=self.pools, seen_by=self.seen_by, touchy=self.touchy, around=self.around
        )
        return other

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """Those the unit is in, whose points rest on their own inputs alone."""
        return tuple(pool for pool in self._mine if id(pool) not in self.around)

    @cached_property
    def _mine(self) -> tuple[Pool, ...]:
        return tuple(pool for pool in self.bound.pools if self.member in pool.members)

    @cached_property
    def around(self) -> frozenset[int]:
        """Pools whose rule asks about other items, or of which each month or term is asked for by itself."""
        tree, pools = self.bound.scheme.tree, (*self.bound.pools, *self.bound.vote_pools)
        return frozenset(
            id(pool) for pool in pools if looks_around(looked_at(pool)) or tree[pool.name].within is not None
        )

    @cached_property
    def seen_by(self) -> dict[Lever, tuple[Pool, ...]]:
        """Lever → the pools that look at it."""
        looked = [
            (pool, frozenset(name for rule in pool.rule.walk() for name in rule.metrics())) for pool in self.pools
        ]
        return {
            lever: tuple(pool for pool, names in looked if lever.turns_at(pool.name, names)) for lever in self.levers
        }

    @cached_property
    def _here(self) -> dict[int, frozenset[Lever]]:
        """Pool → what it looks at."""
        found: dict[int, set[Lever]] = {id(pool): set() for pool in self.pools}
        for lever, pools in self.seen_by.items():
            for pool in pools:
                found[id(pool)].add(lever)
        return {pool: frozenset(levers) for pool, levers in found.items()}

    def base(self, pool: Pool) -> Outcome:
        return self.now.evaluation.outcome(pool)

    def points(self, pool: Pool, settings: Sequence[Setting]) -> Array:
        """What a pool gives its units under each setting: (settings, units of the pool)."""
        known, rows = self._known.setdefault(id(pool), ({frozenset(): 0}, [np.asarray(self.base(pool).points)]))
        here = self._here[id(pool)]
        seen = [_NOTHING if here.isdisjoint(setting) else _seen(setting, here) for setting in settings]
        for some in _batches([each for each in dict.fromkeys(seen) if each not in known]):
            found = self._outcome(pool, [dict(each) for each in some])
            known.update((each, len(rows) + at) for at, each in enumerate(some))
            rows.extend(np.broadcast_to(found, (len(some), pool.size)))
        distinct = list(dict.fromkeys(seen))
        place = {each: at for at, each in enumerate(distinct)}
        return np.array([rows[known[each]] for each in distinct])[[place[each] for each in seen]]

    def _outcome(self, pool: Pool, settings: Sequence[Setting]) -> Array:
        return np.asarray(pool.rule.points(self._supposed(pool, settings, None)).points)

    def _supposed(self, pool: Pool, settings: Sequence[Setting], scores: Evaluation | None) -> PoolInputs:
        plain = PoolInputs(self.bound, pool, self.numbers, self.now.axes, scores=scores)
        if self.member not in pool.members:
            return plain
        place = list(pool.members).index(self.member)
        return Supposed(
            self.bound, pool, self.numbers, self.now.axes, scores=scores, place=place, settings=settings, plain=plain
        )

    def under(self, settings: Sequence[Setting], more: float = 0) -> Results:
        """The year's results under each setting; `more` points of the total on top (what float64 may be off)."""
        return results_of(_Evaluation(self, settings, more))

    def totals(self, settings: Sequence[Setting]) -> Array:
        """Points of the item that the unit's group is ranked by: (settings, units of the year)."""
        score = self.bound.scheme.groups[self.group].score
        points = _Evaluation(self, settings).node(score).points
        return np.broadcast_to(points, (len(settings), len(self.bound.units)))

    @cached_property
    def touchy(self) -> frozenset[str]:
        """Items that turn on more than their pools and what is below them, and all above those."""
        tree = self.bound.scheme.tree
        found = (node for node in tree.nodes.values() if _touchy(node))
        return frozenset(name for node in found for name in self.above(node.id))

    def above(self, item: str) -> Iterable[str]:
        """The item, and all it stands under."""
        tree, name = self.bound.scheme.tree, item
        while name:
            yield name
            name = tree[name].parent or ""


class _Evaluation(Evaluation):
    """The tree under several settings; items they cannot reach are those of the year as it is."""

    def __init__(self, year: SupposedYear, settings: Sequence[Setting], more: float = 0) -> None:
        super().__init__(year.bound, year.numbers, year.now.axes)
        self.year, self.settings, self.more = year, settings, more
        self._score = year.bound.scheme.groups[year.group].score
        turned = {lever for setting in settings for lever in setting}
        self._touched = {id(pool): pool for lever in turned for pool in year.seen_by[lever]}
        self._reached = year.touchy | {name for pool in self._touched.values() for name in year.above(pool.name)}

    def outcome(self, pool: Pool) -> Outcome:
        if id(pool) in self._outcomes:
            return self._outcomes[id(pool)]
        if id(pool) in self._touched:
            self._outcomes[id(pool)] = Outcome.whole(self.year.points(pool, self.settings))
        elif id(pool) not in self.year.around:
            self._outcomes[id(pool)] = self.year.base(pool)
        return super().outcome(pool)

    def inputs(self, pool: Pool) -> PoolInputs:
        return self.year._supposed(pool, self.settings, weakref.proxy(self))

    def node(self, name: str, member: Member | None = None) -> NodeValues:
        key, raised = (name, member), self.more and name == self._score and member is None
        if key not in self._nodes and name not in self._reached and not raised:
            self._nodes[key] = self.year.now.evaluation.node(name, member)
        if key not in self._nodes and raised:
            found = super().node(name)
            points = np.array(found.points)
            points[..., self.year.member] += self.more
            self._nodes[key] = replace(found, points=points)
        return super().node(name, member)


_NOTHING: Seen = frozenset()


def _seen(setting: Setting, here: frozenset[Lever]) -> Seen:
    return frozenset((lever, turn) for lever, turn in setting.items() if turn and lever in here)


def _touchy(node: Node) -> bool:
    """Whether the item asks about other items, or about figures beside its rule's; or is found once a month or term."""
    item = node.item
    if node.within is not None:
        return True
    beside = (item.full, item.weight, item.then, item.attainable, node.weight)
    return looks_around((item.rule, item.variants, beside)) or any(
        isinstance(each, Figure) and each.metrics() for each in everything_in(beside)
    )


def _batches(seen: Sequence[Seen], most: int = 256) -> Iterable[Sequence[Seen]]:
    """Settings scored together; those of rows that are lists one by one."""
    alone = [each for each in seen if any(isinstance(lever, AmountLever | ProjectsLever) for lever, _ in each)]
    together = [each for each in seen if not any(isinstance(lever, AmountLever | ProjectsLever) for lever, _ in each)]
    yield from ([each] for each in alone)
    yield from (together[first : first + most] for first in range(0, len(together), most))
