"""Items that look at one another's points: whoever is looked at must be found first, so nobody may wait for himself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from kaohe.rules.conditions import Fact
from kaohe.rules.gathered import Over
from kaohe.rules.scored import CountItems, Score
from kaohe.scheme.model import Scheme
from kaohe.scheme.tree import Node


def circles(scheme: Scheme) -> list[tuple[str, ...]]:
    """Every circle of items once: `(a, b, a)`, beginning where the tree does."""
    waits = {node.id: tuple(dict.fromkeys(_looks_at(scheme, node))) for node in scheme.tree.nodes.values()}
    found: dict[frozenset[str], tuple[str, ...]] = {}
    done: set[str] = set()

    def follow(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            circle = way[way.index(name) :]
            found.setdefault(frozenset(circle), (*circle, name))
            return
        if name in done:
            return
        for other in waits.get(name, ()):
            follow(other, (*way, name))
        done.add(name)

    for name in waits:
        follow(name, ())
    return list(found.values())


def _looks_at(scheme: Scheme, node: Node) -> Iterator[str]:
    """Items whose points must be known before its own are."""
    item = node.item
    yield from node.children
    for part in (item.rule, *(each.rule for each in item.variants), item.full, item.weight, item.attainable):
        yield from _named(scheme, part)
    if not node.is_leaf:  # a leaf's steps are part of its rule
        for step in item.then:
            for each in (*step.figures(), step.held, step.unless):
                yield from _named(scheme, each)


def _named(scheme: Scheme, part: Any) -> Iterator[str]:
    """Items this year's points of which a figure or a condition looks at, at any depth."""
    if isinstance(part, Over) and part.years and 0 not in part.years:
        return  # years before: found long ago
    if isinstance(part, CountItems):
        yield from (node.id for node in scheme.tree.below(part.of) if node.is_leaf) if part.of in scheme.tree else ()
    elif isinstance(part, Score):
        yield from [part.of] if not part.ago and part.of in scheme.tree else []
    elif isinstance(part, Fact):
        if not part.ago and part.fact in ("grade", "last"):
            if part.name in scheme.tree:
                yield part.name
                return
            for group in scheme.groups.values():
                yield group.score
                yield from _named(scheme, group.then_by)
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _named(scheme, getattr(part, name))
    elif isinstance(part, tuple):
        for each in part:
            yield from _named(scheme, each)
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from _named(scheme, each)
