"""Figures and conditions that ask which month, term or round it is: where nothing is scored once each, none is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaohe.rules.after import EachMember
from kaohe.rules.amongtied import AmongTied
from kaohe.rules.base import Strict
from kaohe.rules.choosing import Axis
from kaohe.rules.conditions import OfTrait
from kaohe.rules.gathered import Over
from kaohe.rules.inside import PLAIN, fields_of
from kaohe.rules.plain import ByTrait
from kaohe.scheme.items import Item
from kaohe.scheme.root import Root
from kaohe.scheme.tree import Tree


def asked_outside(scheme: Root, tree: Tree, item: Item) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of an item wherever a member of a dimension is asked for and there is none."""
    node = tree.nodes.get(item.id)
    if node is None:
        return
    over = tree.nodes[node.within].item.each if node.within else None
    for name in ("rule", "variants", "full", "weight", "then", "attainable"):
        if name == "then" and node.is_leaf:
            continue  # part of the rule
        yield from ((name, wrong) for wrong in astray(scheme, getattr(node.item, name), over))


def astray(scheme: Root, part: Any, over: str | None = None) -> Iterator[str]:
    """What is wrong with a part that asks for members of dimensions under which it does not stand.

    `over`: the dimension of which what the part stands in is scored once a member.
    """
    dimensions = frozenset(set(scheme.dimensions) - set(scheme.traits) - {over})
    for each in dict.fromkeys(_astray(part, dimensions)) if dimensions else ():
        yield f"by_{each}、{{trait: {each}}} 只能写在 each: {each} 的各期里，这里没有哪一期可言"


def _astray(part: Any, dimensions: frozenset[str]) -> Iterator[str]:
    if isinstance(part, ByTrait | OfTrait | Axis) and part.trait in dimensions:
        yield str(part.trait)
    if isinstance(part, EachMember):
        dimensions = dimensions - {part.dimension}
    elif isinstance(part, Over | AmongTied):
        dimensions = dimensions - {part.each or ""}
    if isinstance(part, Strict):
        inside: Any = [getattr(part, name) for name in fields_of(type(part))]
    else:
        inside = part.values() if isinstance(part, Mapping) else part if isinstance(part, tuple | list) else ()
    for each in inside:
        if type(each) not in PLAIN:
            yield from _astray(each, dimensions)
