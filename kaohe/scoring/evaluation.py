"""The tree scored: every item of every unit, from its leaves up, each when it is first asked for."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from kaohe.rules import Numbers, Outcome
from kaohe.rules.after import follow
from kaohe.rules.arithmetic import geometric_mean
from kaohe.rules.enclosed import undecided
from kaohe.rules.numbers import Array, safe_ratio
from kaohe.rules.plain import Unlimited, unlimited
from kaohe.scheme import Item
from kaohe.scheme.tree import Node, Tree, handled
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear, Pool, full_mark
from kaohe.scoring.inputs import Draws, PoolInputs
from kaohe.scoring.refusal import UncomputableError

MAY_BE_NONE = ("at_most", "at_least", "rescale")
"""Steps that are left out where their figure is none at all."""


@dataclass(frozen=True)
class NodeValues:
    """An item of the tree for every unit of the year: arrays (..., units), 0 where it does not apply.

    `raw` is before what follows after it; `after` the figure after each such step; `known` whether it could be found.
    """

    raw: Array
    points: Array
    full: Array
    attainable: Array
    present: Array
    known: Array
    steps: tuple[Array, ...] = ()
    parts: tuple[Outcome, ...] = ()


class Evaluation:
    """The tree of items scored, each node when it is first asked for."""

    def __init__(self, bound: BoundYear, numbers: Numbers, axes: Axes, draws: Draws | None = None) -> None:
        self.bound, self.numbers, self.axes, self.draws = bound, numbers, axes, draws
        self._outcomes: dict[int, Outcome] = {}
        self._nodes: dict[str, NodeValues] = {}
        self._pools: dict[str, list[Pool]] = {}
        for pool in (*bound.pools, *bound.vote_pools):
            self._pools.setdefault(pool.name, []).append(pool)
        self.unseparated: dict[str, None] = {}  # items of whose numbers no digits told some apart (`enclosed`)
        self.grade: Array | None = None  # index of each unit's grade once grades are given; see `results`

    def keep(self, outcomes: Iterable[tuple[Pool, Outcome]]) -> None:
        """Outcomes found already; of a pool that is not this year's object, its twin's."""
        for pool, outcome in outcomes:
            self._outcomes[id(pool)] = outcome
            mine = self._pools.setdefault(pool.name, [])
            if not any(pool is each for each in mine):
                twin = next(each for each in mine if np.array_equal(each.members, pool.members))
                self._outcomes[id(twin)] = outcome

    def share(self, other: Evaluation, apart: Collection[str]) -> None:
        """Items as another evaluation found them, but for those in which something is different."""
        self.take(other, other._nodes.keys() - set(apart))

    def take(self, other: Evaluation, items: Iterable[str]) -> None:
        """What another evaluation of the same pools found of these items."""
        self._nodes |= {name: other._nodes[name] for name in items if name in other._nodes}

    def outcome(self, pool: Pool) -> Outcome:
        """What a pool's rule finds."""
        if id(pool) not in self._outcomes:
            try:
                with self._noting(pool.name):
                    self._outcomes[id(pool)] = pool.rule.points(self.inputs(pool))
            except (ValueError, ZeroDivisionError) as error:
                raise self._uncomputable(pool) from error
        return self._outcomes[id(pool)]

    def _uncomputable(self, pool: Pool) -> UncomputableError:
        """Which units' figures a rule has no answer for: a logarithm of what is not above 0, a division by 0."""
        units = []
        for member in pool.members:
            try:
                pool.rule.points(self.inputs(replace(pool, members=np.array([member]))))
            except (ValueError, ZeroDivisionError):
                units.append(f"{self.bound.units[member].unit_id} {self.bound.units[member].name}")
        named = f"{pool.name} {pool.indicator.name}" if pool.indicator else "评分"
        who = "、".join(units) or "各单位"
        return UncomputableError(
            f"{named}算不出来：{who}的数不在这条规则能算的范围内（取对数的应大于 0，除数不能为 0）"
        )

    def inputs(self, pool: Pool) -> PoolInputs:
        scores = weakref.proxy(self)  # outcomes hold their inputs: without it thousands of scenarios would pile up
        return PoolInputs(self.bound, pool, self.numbers, self.axes, self.draws, scores)

    def everybody(self, item: Item | None = None, units: Array | None = None) -> PoolInputs:
        """All units of the year (or `units`, by position), as a figure of `item` asks about them."""
        full = item.full if item is not None and isinstance(item.full, Fraction) else Fraction(0)
        members = np.arange(len(self.bound.units)) if units is None else units
        return self.inputs(Pool(item, Unlimited(), members, full))

    def node(self, name: str) -> NodeValues:
        if name not in self._nodes:
            node = self.bound.scheme.tree[name]
            with self._noting(name):
                self._nodes[name] = self._leaf(node) if node.is_leaf else self._inner(node)
        return self._nodes[name]

    @contextmanager
    def _noting(self, item: str) -> Iterator[None]:
        with undecided() as found:
            yield
        if found:
            self.unseparated[item] = None

    def score(self, item: str, stage: str) -> Array:
        found = self.node(item)
        return {"raw": found.raw, "points": found.points, "attainable": found.attainable}[stage]

    def own_full(self, item: str) -> Array:
        return self._kept(("own", item), self.bound.own_full)

    def stated(self, item: str) -> Array:
        return self._kept(("stated", item), self.bound.stated)

    def _kept(self, name: tuple[str, str], find: Callable[[str], list[Fraction]]) -> Array:
        """Full marks as an array: found once for the year, whatever is scored of it."""
        kept = self.bound.kept
        key = (*name, self.numbers.exact)
        if key not in kept:
            kept[key] = self.numbers.array(find(name[1]))
            kept[key].flags.writeable = False
        found: Array = kept[key]
        return found

    def fact(self, fact: str, name: str) -> Array:
        """Grades as given so far, or who is last of its group by an item's points (the group's score where unnamed)."""
        if fact == "grade":
            assert self.grade is not None
            results = self.bound.scheme.results
            place = results.grades.index(results.grade_named[name])
            return np.asarray(self.grade == place, dtype=bool)
        return last_of_groups(self, name)

    def _leaf(self, node: Node) -> NodeValues:
        numbers, size = self.numbers, len(self.bound.units)
        raw: Array = numbers.full(size)
        present = self.bound.present(node)
        known = np.array(present)
        scored = np.zeros(size, dtype=bool)
        for pool in self._pools.get(node.id, ()):
            raw = added(raw, pool.members, self.outcome(pool).points)
            scored[pool.members] = True
        missing = present & ~scored
        full = self._fulls(node)
        if missing.any():
            raw, known = self._instead(resolved(self.bound.scheme.tree, node), raw, full, missing, scored)
        return NodeValues(raw, raw, full, full, present, known)

    def _fulls(self, node: Node) -> Array:
        """The full mark of a leaf for every unit that has it; 0 elsewhere."""
        full = full_mark(self.bound.scheme, self.bound.policies, node.item)
        present = self.bound.present(node)
        if full is None:
            return self.numbers.full(len(self.bound.units))
        if isinstance(full, Fraction):
            return self.numbers.where(present, full, 0)
        return self.numbers.where(present, full.of_units(self.everybody(node.item)), 0)

    def _instead(self, how: str, points: Array, full: Array, missing: Array, found: Array) -> tuple[Array, Array]:
        """What counts where an item could not be found for some units, and whether it is known then."""
        if how == "full":
            return self.numbers.where(missing, full, points), missing | found
        if how == "peer_mean" and found.any():
            mean = np.sum(points[..., found], axis=-1, keepdims=True) / self.numbers.const(int(found.sum()))
            return self.numbers.where(missing, mean, points), missing | found
        unknown = how in ("leave_out", "unrated", "above")
        return self.numbers.where(missing, 0, points), found if unknown else missing | found

    def _inner(self, node: Node) -> NodeValues:
        if node.id in self.bound.scheme.tree.headings and self._is_plain(node):
            return self._heading(node)
        return self._combining(node, {child.id: self.node(child.id) for child in self._counted(node)})

    def _counted(self, node: Node) -> list[Node]:
        return [child for name in node.children if (child := self.bound.scheme.tree[name]).item.counts]

    def supposing(self, name: str, points: Mapping[str, Array]) -> NodeValues:
        """An item as it would be if its children had these points, by id; the others have those found."""
        node = self.bound.scheme.tree[name]
        found = {child.id: self.node(child.id) for child in self._counted(node)}
        below = {child: replace(values, points=points.get(child, values.points)) for child, values in found.items()}
        return self._combining(node, below)

    def following(self, name: str, raw: Array, units: Array) -> Array:
        """Points of an item where it comes to `raw` before what follows after it: a vector, of these units each."""
        item = self.bound.scheme.tree[name].item
        inputs = self.everybody(item, units)
        found, _, _ = follow(item.then, Outcome(raw, 0 * raw, 0 * raw), inputs)
        return found.points

    def untouched(self, name: str) -> Array:
        """For each unit whether nothing follows after an item: every step is left out by the readings in force."""
        item = self.bound.scheme.tree[name].item
        inputs, out = self.everybody(item), np.ones(len(self.bound.units), dtype=bool)
        for step in item.then:
            given = step.figure if step.how in MAY_BE_NONE else None
            out = out & (unlimited(given, inputs) if given is not None else False)
        return np.asarray(out)

    def _combining(self, node: Node, below: Mapping[str, NodeValues]) -> NodeValues:
        """The children combined, and what follows after that."""
        counted = [(child, below[child.id]) for child in self._counted(node)]
        present = self.bound.present(node)
        inputs = self.everybody(node.item)
        known, gone = self._known(node, counted, present)
        raw = self._combined(node, counted, gone, inputs)
        full = self._full_of(node, counted, inputs, present)
        outcome = Outcome(raw, 0 * raw, 0 * raw)
        found, steps, parts = follow(node.item.then, outcome, inputs)
        points = self.numbers.where(present, found.points, 0) if node.item.then else raw
        lacking = present & ~known
        if lacking.any():
            points, known = self._instead(node.missing or "above", points, full, lacking, known)
        attainable = self._attainable(node, counted, inputs, full, present)
        return NodeValues(raw, points, full, attainable, present, known, tuple(steps), tuple(parts))

    def _is_plain(self, node: Node) -> bool:
        """Whether a heading just adds up leaves with full marks that are numbers, none of them in any way special."""
        if node.item.combine != "sum" or node.item.attainable is not None or node.item.coverage is not None:
            return False
        drawn = self.draws.weights if self.draws else {}
        return node.missing in (None, "refuse") and all(
            child.weight is None
            and child.id not in drawn
            and child.item.counts
            and isinstance(child.item.full, Fraction)
            and resolved(self.bound.scheme.tree, child) == "refuse"
            for child in (self.bound.scheme.tree[name] for name in node.children)
        )

    def _heading(self, node: Node) -> NodeValues:
        """The leaves' points added up where they were scored: most items of a regulation are under such headings."""
        raw: Array = self.numbers.full(len(self.bound.units))
        for name in node.children:
            for pool in self._pools.get(name, ()):
                raw = added(raw, pool.members, self.outcome(pool).points)
        present, own = self.bound.present(node), self.own_full(node.id)
        full = own if node.item.full is None else self._full_of(node, (), self.everybody(node.item), present)
        return NodeValues(raw, raw, full, full if node.item.full is not None else own, present, present)

    def _known(
        self, node: Node, counted: Sequence[tuple[Node, NodeValues]], present: Array
    ) -> tuple[Array, dict[str, Array]]:
        """Whether the item can be found for each unit, and per child where it is left out."""
        known, gone, have = np.array(present), {}, np.zeros(len(present), dtype=int)
        for child, values in counted:
            lacking = values.present & ~values.known
            how = child.missing
            gone[child.id] = ~values.present | (lacking if how == "leave_out" else False)
            have += values.present & values.known
            if how != "leave_out":
                known &= ~lacking
        if node.item.coverage is not None:
            known &= have >= node.item.coverage
        return known, gone

    def _weight(self, child: Node, inputs: PoolInputs) -> Array | None:
        if child.weight is None:
            return None
        if isinstance(child.weight, Fraction):
            return self.numbers.full(inputs.size, child.weight)
        return np.asarray(child.weight.of_units(inputs))

    def _counting(self, child: Node, inputs: PoolInputs) -> Array | None:
        """The weight by which a child's points count: where weights are simulated, not the one in the text."""
        weight = self._weight(child, inputs)
        drawn = self.draws.weights.get(child.id) if self.draws else None
        return weight if drawn is None else drawn if weight is None else weight * drawn

    def _combined(
        self, node: Node, counted: Sequence[tuple[Node, NodeValues]], gone: Mapping[str, Array], inputs: PoolInputs
    ) -> Array:
        numbers, how = self.numbers, node.item.combine
        zero: Array = numbers.full(inputs.size)
        if how == "sum":
            out = zero
            for child, values in counted:
                weight = self._counting(child, inputs)
                out = out + (values.points if weight is None else values.points * weight)
            return out
        if how == "mean":
            out, weights = zero, zero
            for child, values in counted:
                weight = self._counting(child, inputs)
                weight = numbers.full(inputs.size, 1) if weight is None else weight
                weight = numbers.where(gone[child.id], 0, weight)
                out, weights = out + values.points * weight, weights + weight
            return safe_ratio(numbers, out, weights)
        parts = [(values.points, gone[child.id]) for child, values in counted]
        if how in ("product", "geometric_mean"):
            whole: Array = reduce(lambda one, other: one * other, (numbers.where(out, 1, of) for of, out in parts))
            if how == "product":
                return numbers.where(np.all([out for _, out in parts], axis=0), 0, whole)
            return self._rooted(whole, [out for _, out in parts])
        best: Any = None
        for of, out in parts:
            if best is None:
                best, none = of, np.array(out)
                continue
            ahead = np.asarray(of > best if how == "best" else of < best, dtype=bool)
            best = numbers.where((ahead | none) & ~out, of, best)
            none = none & out
        return zero if best is None else numbers.where(none, 0, best)

    def _rooted(self, whole: Array, gone: Sequence[Array]) -> Array:
        """The root of a product by how many there are for each unit."""
        count = len(gone) - np.sum(gone, axis=0)
        out: Array = 0 * whole
        for many in sorted(set(count.tolist()) - {0}):
            here = count == many
            found = geometric_mean([whole, *[self.numbers.full(1, 1)] * (many - 1)], self.numbers)
            out = self.numbers.where(here, found, out)
        return out

    def _full_of(
        self, node: Node, counted: Sequence[tuple[Node, NodeValues]], inputs: PoolInputs, present: Array
    ) -> Array:
        full = node.item.full
        if isinstance(full, Fraction):
            return self.numbers.where(present, full, 0)
        if full is not None:
            return self.numbers.where(present, full.of_units(inputs), 0)
        return self._of_children([(child, values.full, values) for child, values in counted], node, inputs)

    def _of_children(self, children: Sequence[tuple[Node, Array, NodeValues]], node: Node, inputs: PoolInputs) -> Array:
        """Children's full marks as their points are combined: added up, or the mean of those it has."""
        out, weights = self.numbers.full(inputs.size), self.numbers.full(inputs.size)
        for child, values, about in children:
            weight = self._weight(child, inputs)
            one = self.numbers.where(about.present, 1 if weight is None else weight, 0)
            out, weights = out + values * one, weights + one
        if node.item.combine == "mean":
            return safe_ratio(self.numbers, out, weights)
        if node.item.combine == "sum":
            return out
        fulls = [values for _, values, _ in children]
        if node.item.combine in ("best", "worst"):
            where = self.numbers.where
            return reduce(lambda one, other: where(np.asarray(other > one, dtype=bool), other, one), fulls)
        if node.item.combine == "product":
            return reduce(lambda one, other: one * other, fulls)
        return geometric_mean(fulls, self.numbers)

    def _attainable(
        self,
        node: Node,
        counted: Sequence[tuple[Node, NodeValues]],
        inputs: PoolInputs,
        full: Array,
        present: Array,
    ) -> Array:
        """What each unit could attain here on paper: as said, or what its children allow, converted as they are.

        What a conversion is of says how much the leaves below come to on paper; left as it is, that much is attainable.
        """
        numbers, said = self.numbers, node.item.attainable
        if said is not None:
            return numbers.full(inputs.size, said) if isinstance(said, Fraction) else said.of_units(inputs)
        below = self._of_children([(child, values.attainable, values) for child, values in counted], node, inputs)
        if node.item.full is not None and not any(step.rescale is not None for step in node.item.then):
            return full
        for step in node.item.then:
            if step.rescale is None or step.of is None:
                continue
            without = unlimited(step.rescale, inputs)
            of_leaves = all(
                self.bound.scheme.tree[name].is_leaf or name in self.bound.scheme.tree.headings
                for name in node.children
            )
            left = step.of.of_units(inputs) if of_leaves else below
            below = numbers.where(without, left, step.rescale.of_units(inputs))
        return numbers.where(present, below, 0)


INSTEAD = {
    "refuse": "暂按 0 分计，且不参与全校比较",
    "zero": "按 0 分计",
    "leave_out": "不计入",
    "full": "按满分计",
    "peer_mean": "按其他单位的平均计",
    "unrated": "不评",
    "above": "不评",
}
"""What is done where an item could not be found, in words."""


def resolved(tree: Tree, node: Node) -> str:
    """What follows where a leaf is missing: its own word, `above` where an item above it says it, `refuse` if none."""
    if node.missing is not None and node.missing != "refuse":
        return node.missing
    return "above" if handled(tree, node) else "refuse"


def added(sums: Array, members: Array, points: Array) -> Array:
    """`sums` with points added at some units; grows the scenario axes where needed."""
    lead = np.broadcast_shapes(sums.shape[:-1], points.shape[:-1])
    if lead != sums.shape[:-1]:
        sums = np.broadcast_to(sums, (*lead, sums.shape[-1])).copy()
    sums[..., members] += points
    return sums


def last_of_groups(evaluation: Evaluation, item: str) -> Array:
    """For each unit whether nobody of its group has fewer points; all tied there are last."""
    bound = evaluation.bound
    out: Any = np.zeros(len(bound.units), dtype=bool)
    for key, group in bound.scheme.groups.items():
        members = bound.members_of(key)
        values = evaluation.node(item or group.score)
        here = members[values.known[members]] if len(members) else members
        if len(here):
            mine = values.points[..., here]
            lowest = np.equal(mine, np.min(mine, axis=-1, keepdims=True)).astype(bool)
            if lowest.ndim > out.ndim:
                out = np.broadcast_to(out, (*lowest.shape[:-1], out.shape[-1])).copy()
            out[..., here] = lowest
    return np.asarray(out)
