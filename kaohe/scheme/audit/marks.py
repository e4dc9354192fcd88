"""Full marks on paper: as printed at an item, and as what applies to a category below it adds up to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from kaohe.rules.base import Figure
from kaohe.rules.bounds import added
from kaohe.rules.plain import ByPolicy, ByTrait, Named, Number
from kaohe.scheme.model import Scheme
from kaohe.scheme.root import Policy
from kaohe.scheme.tree import Node

ZERO = Fraction(0)


def number_for(scheme: Scheme, figure: Any, category: str) -> Fraction | None:
    """What a figure of the text is for units of a category; None where that is no number on paper."""
    if isinstance(figure, Fraction):
        return figure
    if isinstance(figure, Number):
        return figure.value
    if isinstance(figure, Named):
        return number_for(scheme, figure.figure, category)
    if isinstance(figure, ByTrait):
        its = scheme.categories[category]
        named = {"group": its.group, "category": category, "class": its.class_}.get(figure.trait)
        return number_for(scheme, figure.of.get(named or "", figure.otherwise), category)
    if isinstance(figure, ByPolicy):
        found = {number_for(scheme, each, category) for each in figure.options.values()}
        return found.pop() if len(found) == 1 else None
    return None


def printed(scheme: Scheme, node: Node, category: str) -> Fraction | None:
    """The full mark written at an item for a category; None where none is, or no number."""
    return number_for(scheme, node.item.full, category)


def concerned(node: Node) -> bool:
    """Whether its points are counted above it."""
    return node.item.counts


def below(scheme: Scheme, node: Node, category: str) -> list[Node]:
    """What an item of the tree is made of for a category, units' own items aside."""
    children = [scheme.tree[name] for name in node.children]
    return [each for each in children if concerned(each) and category in each.applies and each.item.unit is None]


def holds_own(scheme: Scheme, node: Node) -> bool:
    """Whether below it stand only items of units' own: its full mark is shared out among them."""
    return bool(node.children) and all(scheme.tree[name].item.unit is not None for name in node.children)


def applicable(
    scheme: Scheme, node: Node, category: str, without: Collection[str] = (), *, converted: bool = False
) -> Fraction | None:
    """What the leaves below an item that apply to a category add up to; None where that is not known on paper.

    `converted`: what is converted counts as what it is converted to.
    """
    if category not in node.applies or node.id in without:
        return ZERO
    if node.is_leaf:
        return ZERO if node.item.full is None else printed(scheme, node, category)
    if holds_own(scheme, node) or node.item.combine != "sum" or (converted and rescales(node)):
        return printed(scheme, node, category)
    parts = below(scheme, node, category)
    if any(part.weight is not None for part in parts):
        return printed(scheme, node, category)
    found = [applicable(scheme, part, category, without, converted=converted) for part in parts]
    return added(found)


def full_mark(scheme: Scheme, node: Node, category: str) -> Fraction | None:
    """The printed full mark, or what stands below adds up to."""
    own = printed(scheme, node, category)
    if own is not None or node.is_leaf or node.item.full is not None or node.item.combine != "sum":
        return own
    parts = below(scheme, node, category)
    if any(part.weight is not None for part in parts):
        return None
    found = [full_mark(scheme, part, category) for part in parts if part.item.full is not None or not part.is_leaf]
    return added(found)


def root_of(scheme: Scheme, group: str) -> Node | None:
    """The item by which a group is ranked."""
    name = scheme.groups[group].score
    return scheme.tree.nodes.get(name)


def members(scheme: Scheme, group: str) -> tuple[str, ...]:
    """The categories of a group."""
    return tuple(name for name, each in scheme.categories.items() if each.group == group)


def group_mark(scheme: Scheme, node: Node, group: str) -> Fraction | None:
    """The full mark of an item for a group, by its largest for any of its categories."""
    found = [full_mark(scheme, node, each) for each in members(scheme, group) if each in node.applies]
    known = [each for each in found if each is not None]
    return max(known) if known and len(known) == len(found) else None


def rescales(node: Node) -> bool:
    """Whether an item's points are converted to another full mark, at least under some reading."""
    return any(step.rescale is not None for step in node.item.then)


def is_converted(scheme: Scheme, node: Node) -> bool:
    """Whether the item, or one above it, is converted."""
    return any(rescales(each) for each in scheme.tree.above(node.id))


def deciding(scheme: Scheme, figure: Figure | None) -> Policy | None:
    """The policy that chooses a figure; None where the text itself says."""
    if isinstance(figure, Named):
        return deciding(scheme, figure.figure)
    return scheme.policy.get(figure.policy) if isinstance(figure, ByPolicy) else None


def conversion(scheme: Scheme, node: Node) -> Policy | None:
    """The policy that decides whether an item is converted; of the first above it that says so."""
    found = (deciding(scheme, step.rescale) for each in scheme.tree.above(node.id) for step in each.item.then)
    return next((policy for policy in found if policy), None)


def divisor(scheme: Scheme, node: Node) -> ByPolicy | None:
    """The readings of what a converted item is converted from."""
    for each in scheme.tree.above(node.id):
        for step in each.item.then:
            if isinstance(step.of, ByPolicy):
                return step.of
    return None


def limiting(scheme: Scheme, node: Node) -> Policy | None:
    """The policy that decides whether an item above is held to a limit."""
    found = (deciding(scheme, step.at_most) for each in scheme.tree.above(node.id) for step in each.item.then)
    return next((policy for policy in found if policy), None)


def heading(scheme: Scheme, leaf: str) -> Node | None:
    """The heading with a printed mark that a leaf stands under, below the part of the total it belongs to."""
    node = scheme.tree[leaf]
    parent = scheme.tree.nodes.get(node.parent or "")
    if parent is None or node.item.unit is not None or parent.id == scheme.component_of(leaf) or not parent.depth:
        return None
    return parent if isinstance(parent.item.full, Fraction) else None


def exemptions(scheme: Scheme, category: str, names: Collection[str] | None = None) -> tuple[Policy, ...]:
    """Policies some reading of which takes items from a category (any of `names`)."""

    def takes(policy: Policy) -> bool:
        ids = [name for option in policy.options.values() for name in option.exempts.get(category, ())]
        return any(names is None or name in names for name in ids)

    return tuple(policy for policy in scheme.exempting if takes(policy))


Reading = tuple[tuple[str, str], ...]
"""One option for each of some policies, by name."""


def readings(policies: Collection[Policy]) -> Iterator[Reading]:
    """Every combination of their options."""
    for options in product(*(policy.options for policy in policies)):
        yield tuple(zip((policy.name for policy in policies), options, strict=True))


def exempt(scheme: Scheme, reading: Reading, category: str) -> frozenset[str]:
    """What a category is not scored on under a reading."""
    options = [scheme.policy[policy].options[option] for policy, option in reading]
    return frozenset(name for option in options for name in option.exempts.get(category, ()))


def says_reading(scheme: Scheme, reading: Reading) -> str:
    """`P09“全部考核”`."""
    chosen = [(scheme.policy[policy], option) for policy, option in reading]
    return "，".join(f"{policy.id}“{policy.options[option].says}”" for policy, option in chosen)
