"""The tree scored: every item of every unit, from its leaves up, each when it is first asked for."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from kaohe.intake.tables.wanted import lacking
from kaohe.rules import Figure, Numbers, Outcome
from kaohe.rules.after import After, EachMember, follow
from kaohe.rules.enclosed import undecided
from kaohe.rules.folding import fewest, folded, may_lack
from kaohe.rules.numbers import Array
from kaohe.rules.plain import Unlimited, unlimited
from kaohe.rules.sums import scattered
from kaohe.scheme import Item
from kaohe.scheme.tree import Node, handled, times_counted
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear, Pool
from kaohe.scoring.combining import Part, combined
from kaohe.scoring.fullmarks import attainable, of_item, of_leaf, times_of, weight_of
from kaohe.scoring.grouporder import last_of_groups
from kaohe.scoring.inputs import Draws, PoolInputs
from kaohe.scoring.missing import replaced, resolved
from kaohe.scoring.nodevalues import NodeValues
from kaohe.scoring.refusal import UncomputableError

MAY_BE_NONE = ("at_most", "at_least", "rescale")
"""Steps that are left out where their figure is none at all."""

NO_NOTES = nullcontext()

Member = tuple[str, str]
"""A dimension and one of its members: a month, a term, a round."""


class Evaluation:
    """The tree of items scored, each node when it is first asked for."""

    def __init__(self, bound: BoundYear, numbers: Numbers, axes: Axes, draws: Draws | None = None) -> None:
        self.bound, self.numbers, self.axes, self.draws = bound, numbers, axes, draws
        self._outcomes: dict[int, Outcome] = {}
        self._nodes: dict[tuple[str, Member | None], NodeValues] = {}
        self._weak = weakref.proxy(self)  # outcomes hold their inputs: else thousands of scenarios would pile up
        self._drawn = frozenset(draws.weights if draws else ())  # items whose weights are simulated
        self.unseparated: dict[str, None] = {}  # items of whose numbers no digits told some apart (`enclosed`)
        self.grade: Array | None = None  # index of each unit's grade once grades are given; see `results`

    def keep(self, outcomes: Iterable[tuple[Pool, Outcome]]) -> None:
        """Outcomes found already; of a pool that is not this year's object, its twin's."""
        for pool, outcome in outcomes:
            self._outcomes[id(pool)] = outcome
            mine = self.bound.pools_of.get(pool.name, ())
            if not any(pool is each for each in mine):
                twin = next(each for each in mine if np.array_equal(each.members, pool.members))
                self._outcomes[id(twin)] = outcome

    def share(self, other: Evaluation, apart: Collection[str]) -> None:
        """Items as another evaluation found them, but for those in which something is different."""
        self.take(other, {name for name, _ in other._nodes} - set(apart))

    def take(self, other: Evaluation, items: Iterable[str]) -> None:
        """What another evaluation of the same pools found of these items."""
        wanted = set(items)
        self._nodes |= {key: values for key, values in other._nodes.items() if key[0] in wanted}

    def outcome(self, pool: Pool) -> Outcome:
        """What a pool's rule finds."""
        key = id(pool)
        if key not in self._outcomes:
            try:
                with self._noting(pool.name):
                    self._outcomes[key] = pool.rule.points(self.inputs(pool))
            except (ValueError, ZeroDivisionError) as error:
                named = f"{pool.name} {pool.indicator.name}" if pool.indicator else "评分"
                alone = (self.inputs(replace(pool, members=np.array([each]))) for each in pool.members)
                raise self._uncomputable(named, alone, pool.rule.points) from error
        return self._outcomes[key]

    def _uncomputable(
        self, named: str, alone: Iterable[PoolInputs], found: Callable[[PoolInputs], object]
    ) -> UncomputableError:
        """Which units' figures a rule has no answer for: a logarithm of what is not above 0, a division by 0."""
        units = []
        for inputs in alone:
            try:
                found(inputs)
            except (ValueError, ZeroDivisionError):
                unit = self.bound.units[inputs.pool.members[0]]
                units.append(f"{unit.unit_id} {unit.name}")
        who = "、".join(units) or "各单位"
        return UncomputableError(
            f"{named}算不出来：{who}的数不在这条规则能算的范围内（取对数的应大于 0，除数不能为 0）"
        )

    def inputs(self, pool: Pool) -> PoolInputs:
        return PoolInputs(self.bound, pool, self.numbers, self.axes, self.draws, self._weak)

    def everybody(
        self, item: Item | None = None, member: Member | None = None, *, units: Array | None = None
    ) -> PoolInputs:
        """All units of the year (or `units`, by position), as a figure of `item` asks of them; of one month or term."""
        full = item.full if item is not None and isinstance(item.full, Fraction) else Fraction(0)
        members = np.arange(len(self.bound.units)) if units is None else units
        inputs = self.inputs(Pool(item, Unlimited(), members, full))
        return inputs if member is None else inputs.at(*member)

    def node(self, name: str, member: Member | None = None) -> NodeValues:
        """An item for every unit: of the whole year, or of one month or term where it is scored once each."""
        over = self.bound.scheme.tree.over(name) if member else None
        if over is None or member is None or over.each != member[0]:
            member = None
        if (name, member) not in self._nodes:
            node = self.bound.scheme.tree[name]
            try:
                with self._noting(name):
                    self._nodes[name, member] = self._found(node, member)
            except (ValueError, ZeroDivisionError) as error:
                places = map(np.array, ([each] for each in range(len(self.bound.units))))
                alone = (self.everybody(node.item, member, units=each) for each in places)
                raise self._uncomputable(f"{name} {node.item.name}", alone, partial(self._own_words, node)) from error
        return self._nodes[name, member]

    def _own_words(self, node: Node, inputs: PoolInputs) -> None:
        """Whatever an item's own words ask of units, beside a rule: what follows, its full mark, its parts' weights."""
        follow(node.item.then, Outcome.whole(self.numbers.full(inputs.size)), inputs)
        weights = (self.bound.scheme.tree[child].weight for child in node.children)
        for each in (node.item.full, node.item.attainable, *weights):
            if isinstance(each, Figure):
                each.of_units(inputs)

    def _found(self, node: Node, member: Member | None) -> NodeValues:
        if node.is_leaf:
            return self._leaf(node, member)
        if member is None and node.within is not None:
            return self._of_members(node)
        return self._inner(node, member)

    def _noting(self, item: str) -> AbstractContextManager[object]:
        """Whether numbers of an item cannot be told apart is noted; doubles always can."""
        return undecided(lambda: self.unseparated.setdefault(item)) if self.numbers.exact else NO_NOTES

    def score(self, item: str, stage: str, member: Member | None = None) -> Array:
        found = self.node(item, member)
        values: Array = getattr(found, stage)
        return values

    def known(self, item: str) -> Array:
        return self.node(item).known

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
        return last_of_groups(self.everybody(), name)

    def _leaf(self, node: Node, member: Member | None) -> NodeValues:
        numbers, size = self.numbers, len(self.bound.units)
        present = self.bound.present(node)
        known = np.array(present)
        scored, parts = np.zeros(size, dtype=bool), []
        for pool in self.bound.pools_of.get(node.id, ()):
            outcome = self.outcome(pool)
            parts.append((pool.at, (of_member(pool.rule, outcome, member[1]) if member else outcome).points))
            scored[pool.members] = True if member is None else self._had(pool, member)
        raw = scattered(parts, size, numbers)
        missing = present & ~scored
        full = of_leaf(self.bound, self.numbers, node, self.everybody)
        if member is None and node.within is not None:
            full = full * numbers.const(self.bound.scheme.times_in_year(node.id))
        if missing.any():
            how = resolved(self.bound.scheme.tree, node)
            how = "above" if how == "refuse" and member and self.may_lack(node) else how
            if how == "refuse":
                through = missing & self._lacks_item(node.id)
                raw, scored = replaced("above", raw, full, through, scored, numbers)
                missing = missing & ~through
            raw, known = replaced(how, raw, full, missing, scored, numbers)
        before = raw if member else self._before_steps(node, raw, missing)
        return NodeValues(before, raw, full, full, present, known)

    def _before_steps(self, node: Node, points: Array, missing: Array) -> Array:
        """A leaf's points before what follows after its rule; what counts where it is missing as it is."""
        pools = self.bound.pools_of.get(node.id, ())
        if not any(isinstance(pool.rule, After) for pool in pools):
            return points
        found = ((pool, self.outcome(pool)) for pool in pools)
        parts = [(pool.at, (out.parts[0] if isinstance(pool.rule, After) else out).points) for pool, out in found]
        return self.numbers.where(missing, points, scattered(parts, len(self.bound.units), self.numbers))

    def _inner(self, node: Node, member: Member | None) -> NodeValues:
        if node.id in self.bound.scheme.tree.plain and not self._drawn.intersection(node.children):
            return self._heading(node)
        return self._combining(node, {child.id: self.node(child.id, member) for child in self._counted(node)}, member)

    def _counted(self, node: Node) -> list[Node]:
        return [child for name in node.children if (child := self.bound.scheme.tree[name]).item.counts]

    def supposing(self, name: str, points: Mapping[str, Array]) -> NodeValues:
        """An item as it would be if its children had these points, by id; the others have those found."""
        node = self.bound.scheme.tree[name]
        if node.item.each or node.within is not None:
            raise UncomputableError(f"{node.item.name}是逐月（期）分别计的，不能只假设其下一项")
        found = {child.id: self.node(child.id) for child in self._counted(node)}
        below = {child: replace(values, points=points.get(child, values.points)) for child, values in found.items()}
        return self._combining(node, below)

    def following(self, name: str, raw: Array, units: Array) -> Array:
        """Points of an item where it comes to `raw` before what follows after it: a vector, of these units each."""
        item = self.bound.scheme.tree[name].item
        inputs = self.everybody(item, units=units)
        found, _, _ = follow(item.then, Outcome.whole(raw), inputs)
        return found.points

    def untouched(self, name: str) -> Array:
        """For each unit whether nothing follows after an item: every step is left out by the readings in force."""
        item = self.bound.scheme.tree[name].item
        inputs, out = self.everybody(item), np.ones(len(self.bound.units), dtype=bool)
        for step in item.then:
            given = step.figure if step.how in MAY_BE_NONE else None
            out = out & (unlimited(given, inputs) if given is not None else False)
        return np.asarray(out)

    def _combining(self, node: Node, below: Mapping[str, NodeValues], member: Member | None = None) -> NodeValues:
        """The children combined, and what follows after that."""
        counted = [(child, below[child.id]) for child in self._counted(node)]
        present = self.bound.present(node)
        inputs = self.everybody(node.item, member)
        by = self._by_member(node) if node.item.each and member is None else {}
        known, gone = self._known(node, counted, present)
        if by:
            had = [each.known for each in by.values()] if may_lack(node.item.fold) else None
            raw = folded([each.raw for each in by.values()], node.item.fold, self.numbers, had)
            if had is not None:
                known = present & (np.sum(had, axis=0) >= fewest(node.item.fold, len(had)))
        else:
            raw = self._combined(node, counted, gone, inputs)
        marks = counted
        if by:  # full marks are those of one month or term, however its points are combined
            month = (node.item.each or "", next(iter(by)))
            marks = [(child, self.node(child.id, month)) for child, _ in counted]
        full = of_item(node, marks, inputs, present)
        if by and node.item.full is None:
            full = full * self.numbers.const(times_counted(self.bound.scheme, node.item))
        then = () if node.item.each and member else node.item.then  # what follows does so once all are folded
        found, steps, parts = follow(then, Outcome.whole(raw), inputs)
        points = self.numbers.where(present, found.points, 0) if then else raw
        without = self._lacking_beside(node, member)
        if without is not None:
            known = known & ~without
        lacking = present & ~known
        if lacking.any():
            how = "above" if node.missing in (None, "refuse") else node.missing
            if member and node.item.each and may_lack(node.item.fold):
                how = "above"  # its own word is for the whole year
            points, known = replaced(how, points, full, lacking, known, self.numbers)
        on_paper = attainable(node, marks, inputs, full, present)
        return NodeValues(raw, points, full, on_paper, present, known, tuple(steps), tuple(parts), by)

    def _lacks_item(self, name: str) -> Array:
        """Which units lack just another item that this one looks at."""
        return np.array([self.bound.lacks_item(unit, name) for unit in self.bound.ids], dtype=bool)

    def _lacking_beside(self, node: Node, member: Member | None) -> Array | None:
        """For each unit whether it lacks what the item looks at beside its leaves; None where that is no matter."""
        tree, bound = self.bound.scheme.tree, self.bound
        if member is None or not self.may_lack(node):
            lacks = bound.lacking_beside.get(node.id)
            return lacks if lacks is None or handled(tree, node) else lacks & self._lacks_item(node.id)
        beside = bound.scheme.beside.get(node.id)
        if beside is None:
            return None
        asked = {
            category: [replace(want, some=None) for want in wants if want.member in ("", member[1])]
            for category, wants in beside.wants.items()
        }
        each_lacks = (
            lacking(bound.data, bound.scheme, unit.unit_id, node.id, asked.get(unit.category, ()))
            for unit in bound.units
        )
        return np.array([bool(each) for each in each_lacks], dtype=bool)

    def may_lack(self, node: Node) -> bool:
        """Whether one of its months or terms may lack."""
        over = self.bound.scheme.tree.over(node.id)
        return over is not None and may_lack(over.fold)

    def _had(self, pool: Pool, member: Member) -> Array | bool:
        """Of which units of a pool the month or term at hand is there, where it may not be."""
        each = of_each_member(pool.rule)
        if each is None or not may_lack(each.fold):
            return True
        return self.inputs(pool).at(*member).given(each.of)

    def _by_member(self, node: Node) -> dict[str, NodeValues]:
        """An item that is scored once a member of its dimension, for each of them, before they are folded."""
        dimension = node.item.each or ""
        names = self.bound.scheme.dimensions[dimension].names
        return {name: self.node(node.id, (dimension, name)) for name in names}

    def _of_members(self, node: Node) -> NodeValues:
        """An item below one that is scored once a member: its own members folded the same way, to be shown."""
        over = self.bound.scheme.tree.over(node.id)
        assert over is not None
        names = self.bound.scheme.dimensions[over.each or ""].names
        by = {name: self.node(node.id, (over.each or "", name)) for name in names}
        first = next(iter(by.values()))
        there = [each.known for each in by.values()]
        had = there if may_lack(over.fold) else None
        raw = folded([each.raw for each in by.values()], over.fold, self.numbers, had)
        points = folded([each.points for each in by.values()], over.fold, self.numbers, had)
        known = np.sum(there, axis=0) >= fewest(over.fold, len(there))
        times = self.numbers.const(self.bound.scheme.times_in_year(node.id))
        full, on_paper = first.full * times, first.attainable * times
        return NodeValues(raw, points, full, on_paper, first.present, known, members=by)

    def _heading(self, node: Node) -> NodeValues:
        """The leaves' points added up where they were scored: most items of a regulation are under such headings."""
        pools = (pool for name in node.children for pool in self.bound.pools_of.get(name, ()))
        parts = [(pool.at, self.outcome(pool).points) for pool in pools]
        raw = scattered(parts, len(self.bound.units), self.numbers)
        present, own = self.bound.present(node), self.own_full(node.id)
        full = own if node.item.full is None else of_item(node, (), self.everybody(node.item), present)
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
        elif node.item.combine != "sum" and gone:
            known &= have > 0  # of nothing there is no mean, and none is the best; what is added up comes to 0
        return known, gone

    def _counting(self, child: Node, inputs: PoolInputs) -> Array | None:
        """The weight by which a child's points count: where weights are simulated, not the one in the text."""
        weight = weight_of(child, inputs)
        drawn = self.draws.weights.get(child.id) if self.draws else None
        return weight if drawn is None else drawn if weight is None else weight * drawn

    def _combined(
        self, node: Node, counted: Sequence[tuple[Node, NodeValues]], gone: Mapping[str, Array], inputs: PoolInputs
    ) -> Array:
        parts = [
            Part(values.points, gone[child.id], self._counting(child, inputs), times_of(child))
            for child, values in counted
        ]
        return combined(node.item.combine, parts, self.numbers, inputs.size)


def of_each_member(rule: Figure) -> EachMember | None:
    """What of a rule is found once a member of a dimension."""
    while isinstance(rule, After):
        rule = rule.of
    return rule if isinstance(rule, EachMember) else None


def of_member(rule: Figure, outcome: Outcome, member: str) -> Outcome:
    """What a rule that is found once a member of a dimension found for one of them."""
    while isinstance(rule, After):
        rule, outcome = rule.of, outcome.parts[0]
    return outcome.parts[rule.members.index(member)] if isinstance(rule, EachMember) else outcome
