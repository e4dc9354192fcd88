"""The tree of items as it is scored: part files hung where they belong, what is inherited filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from kaohe.rules import Figure
from kaohe.rules.after import after
from kaohe.rules.folding import many_counted
from kaohe.rules.inside import policies_in
from kaohe.rules.kinds import AnyFigure
from kaohe.rules.votes import VoteRule
from kaohe.scheme.items import Common, Department, DepartmentCommon, Item, Missing, Variant
from kaohe.scheme.root import Root

TASKS = "T"
"""The heading of each unit's own tasks."""


@dataclass(frozen=True)
class Node:
    """An item at its place: `applies` and `missing` are its own or inherited; `depth` 0 is a root.

    `within`: the item above it that is scored once a member of a dimension, and it with it.
    """

    item: Item
    parent: str | None
    depth: int
    applies: tuple[str, ...]
    missing: Missing | None
    children: tuple[str, ...] = ()
    weight: Any = None  # in its parent's sum or mean: a Fraction or a figure; None counts once
    within: str | None = None

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def is_leaf(self) -> bool:
        return self.item.is_leaf

    @property
    def vote(self) -> VoteRule | None:
        """How its points come from what people voted; None where it is no vote."""
        rule: Any = self.item.rule
        return rule if isinstance(rule, VoteRule) else None

    @property
    def is_vote(self) -> bool:
        return self.vote is not None

    @property
    def readings(self) -> tuple[str, ...]:
        """Policies that its own words turn on, each once."""
        return tuple(dict.fromkeys(policies_in(self.item)))

    def concerns(self, category: str, unit: str) -> bool:
        """Whether the text gives it to a unit."""
        return category in self.applies and self.item.unit in (None, unit)


@dataclass(frozen=True)
class Tree:
    """All nodes by id, every parent before its children."""

    nodes: Mapping[str, Node]
    roots: tuple[str, ...] = ()
    twice: tuple[str, ...] = field(default=())  # ids that more than one item has
    astray: Mapping[str, str] = field(default_factory=dict)  # section or list → the item it names, which is not there

    def __getitem__(self, name: str) -> Node:
        return self.nodes[name]

    def __contains__(self, name: object) -> bool:
        return name in self.nodes

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """What is scored by a rule, in the regulation's order."""
        return tuple(self._leaves(self.roots))

    @cached_property
    def inner(self) -> tuple[Node, ...]:
        """What is made of other items, every parent before its children."""
        return tuple(node for node in self.nodes.values() if not node.is_leaf)

    def _leaves(self, names: tuple[str, ...]) -> Iterator[Node]:
        for name in names:
            node = self.nodes[name]
            if node.is_leaf:
                yield node
            yield from self._leaves(node.children)

    def above(self, name: str) -> Iterator[Node]:
        """The node itself, then what it stands under, up to the root."""
        here: str | None = name
        while here is not None:
            node = self.nodes[here]
            yield node
            here = node.parent

    def below(self, name: str) -> Iterator[Node]:
        """Everything under a node, parents first."""
        for child in self.nodes[name].children:
            yield self.nodes[child]
            yield from self.below(child)

    def is_only(self, name: str) -> bool:
        """Whether it is the only child of its parent for every category it applies to: then it repeats the parent."""
        node = self.nodes[name]
        if node.parent is None or node.item.unit is not None:
            return False
        others = [self.nodes[each] for each in self.nodes[node.parent].children if each != name]
        return not any(set(other.applies) & set(node.applies) for other in others)

    @cached_property
    def looks_at(self) -> Mapping[str, tuple[Figure, ...]]:
        """Item → its figures that take other items' points: a leaf's rules, what follows another item."""
        found = {}
        for name, node in self.nodes.items():
            own = [each for step in node.item.then for each in step.figures()]
            figures = [variant.rule for variant in node.item.pools] if node.is_leaf else own
            if asking := tuple(each for each in figures if each.rests_on({})):
                found[name] = asking
        return found

    @cached_property
    def headings(self) -> frozenset[str]:
        """Items whose children are leaves and that convert nothing: mere headings above them."""
        return frozenset(
            name
            for name, node in self.nodes.items()
            if not node.is_leaf
            and not node.item.then
            and node.within is None
            and node.item.each is None
            and all(self.nodes[child].is_leaf for child in node.children)
        )

    @cached_property
    def plain(self) -> frozenset[str]:
        """Headings that just add up leaves with full marks that are numbers, none of them in any way special."""
        return frozenset(name for name in self.headings if self._is_plain(self.nodes[name]))

    def _is_plain(self, node: Node) -> bool:
        if node.item.combine != "sum" or node.item.attainable is not None or node.item.coverage is not None:
            return False
        return node.missing in (None, "refuse") and all(
            child.weight is None
            and child.item.counts
            and isinstance(child.item.full, Fraction)
            and child.missing in (None, "refuse")
            and not handled(self, child)
            for child in map(self.nodes.__getitem__, node.children)
        )

    def over(self, name: str) -> Item | None:
        """The item by whose dimension a node is scored once a member: itself, or one above it; None where none is."""
        node = self.nodes[name]
        return self.nodes[node.within].item if node.within else node.item if node.item.each else None

    @cached_property
    def component(self) -> Mapping[str, str]:
        """Leaf → see `component_above`."""
        return {leaf.id: self.component_above(leaf.id) for leaf in self.leaves}

    def component_above(self, name: str) -> str:
        """The item two steps below the root that an item stands under or is; its parent where it is an only child."""
        way = [node.id for node in self.above(name)][::-1]
        place = min(2, len(way) - 1)
        return way[1] if place == 2 and self.is_only(way[2]) else way[place]


def times_counted(scheme: Root, item: Item) -> int:
    """How often what stands below an item counts in its full mark: as many months or terms as it adds up."""
    if item.each is None or item.is_leaf or item.each not in scheme.dimensions:
        return 1
    return many_counted(len(scheme.dimensions[item.each].names), item.fold)


def handled(tree: Tree, node: Node) -> bool:
    """Whether the scheme says what follows where the item is missing; otherwise the year cannot be scored."""
    return any(each.missing not in (None, "refuse") or each.item.coverage is not None for each in tree.above(node.id))


def own_id(unit: str, item: str) -> str:
    """How an item of a unit's own is called: `D01.T05`."""
    return f"{unit}.{item}"


def grown(scheme: Root) -> Tree:
    """The tree of a scheme."""
    everybody = tuple(scheme.categories)
    hung: dict[str, list[Item]] = {}
    for section in scheme.sections:
        heading = Item(
            id=section.id, name=section.name, clause=section.clause, full=section.full, items=section.indicators
        )
        hung.setdefault(section.under, []).append(heading)
    own = scheme.department_common
    if own is not None:
        hung.setdefault(own.under, []).extend(_own_items(own, scheme.departments))
    nodes: dict[str, Node] = {}
    twice: list[str] = []

    def plant(item: Item, parent: Node | None) -> str:
        common = parent.item.each_item if parent else None
        if common is not None:
            item = _with_common(item, common)
        applies = _applies(item, everybody if parent is None else parent.applies)
        missing = item.missing or (parent.item.missing_items if parent else None)
        below = (*item.items, *hung.get(item.id, ()))
        if item.id in nodes:
            twice.append(item.id)
            return item.id
        within = None if parent is None else parent.within or (parent.id if parent.item.each else None)
        if item.is_leaf:
            item = _leaf(item, applies, scheme, nodes[within].item if within else None)
        above, depth = (parent.id, parent.depth + 1) if parent else (None, 0)
        node = Node(item, above, depth, applies, missing, weight=item.weight, within=within)
        nodes[item.id] = node
        nodes[item.id] = replace(node, children=tuple(plant(child, node) for child in below))
        return item.id

    roots = tuple(plant(item, None) for item in scheme.items)
    astray = {name: name for name in hung if name not in nodes}
    return Tree(nodes, roots, tuple(twice), astray)


def _applies(item: Item, inherited: tuple[str, ...]) -> tuple[str, ...]:
    own = item.applies or tuple(category for variant in item.variants for category in variant.applies)
    return own or inherited


def _with_common(item: Item, common: Common) -> Item:
    """The item with what its parent says of all children, where it says nothing itself."""
    said = {name: getattr(common, name) for name in type(common).model_fields}
    more = {name: value for name, value in said.items() if value is not None and name not in item.model_fields_set}
    return item.model_copy(update=more) if more else item


def _leaf(item: Item, applies: tuple[str, ...], scheme: Root, over: Item | None) -> Item:
    """A leaf that applies to what it inherits, with what follows its rule as part of the rule.

    `over`: the item above it that is scored once a member of a dimension; then what follows the leaf does so each time.
    """
    by = over or item
    dimension = scheme.dimensions.get(by.each) if by.each else None
    members = dimension.names if dimension else ()

    def whole(rule: AnyFigure) -> AnyFigure:
        if over is None:
            return after(rule, item.then, members, by.each or "", by.fold)
        return after(after(rule, item.then, (), "", by.fold), (), members, by.each or "", by.fold)

    update: dict[str, Any] = {"applies": applies} if applies != item.applies else {}
    if members or item.then:
        if item.rule is not None:
            update["rule"] = whole(item.rule)
        update["variants"] = tuple(Variant(applies=each.applies, rule=whole(each.rule)) for each in item.variants)
    return item.model_copy(update=update) if update else item


def _own_items(common: DepartmentCommon, lists: tuple[Department, ...]) -> Iterator[Item]:
    """The template's headings, each with every unit's own item below."""
    for work in common.work:
        own = tuple(
            Item(
                id=own_id(each.id, work.id),
                name=work.name,
                clause=f"{each.clause}·{work.clause}",
                full=work.full,
                rule=common.work_rule,
                note=each.extra.get(work.id, ""),
                unit=each.id,
                checks=each.checks.get(work.id, ()),
                office=common.tasks_office,
            )
            for each in lists
        )
        yield Item(id=work.id, name=work.name, clause=work.clause, full=work.full, items=own)
    tasks = tuple(
        Item(
            id=own_id(each.id, task.id),
            name=task.name,
            clause=f"{each.clause}·{common.tasks_clause}·{int(task.id[1:])}",
            full=Fraction(common.tasks_full) / len(each.tasks),
            rule=common.tasks_rule,
            checks=task.targets,
            note=task.note,
            due=task.due,
            innovative=task.innovative,
            unit=each.id,
            office=common.tasks_office,
        )
        for each in lists
        for task in each.tasks
    )
    yield Item(id=TASKS, name=common.tasks_name, clause=common.tasks_clause, full=common.tasks_full, items=tasks)
