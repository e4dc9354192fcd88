"""Items that look at one another's points: whoever is looked at must be found first, so nobody may wait for himself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kaohe.rules.base import Figure
from kaohe.rules.conditions import Condition, Fact
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
            for part in (*step.figures(), step.held, step.unless):
                yield from _named(scheme, part)


def _named(scheme: Scheme, part: Any) -> Iterator[str]:
    """Items this year's points of which a figure or a condition looks at."""
    if isinstance(part, Figure):
        for figure in part.walk():
            of = getattr(figure, "of", None)
            if figure.kind == "score" and isinstance(of, str) and not getattr(figure, "ago", 0) and of in scheme.tree:
                yield of
            for condition in _conditions(figure):
                yield from _named(scheme, condition)
    elif isinstance(part, Condition):
        for each in part.walk():
            if isinstance(each, Fact) and not each.ago and each.fact in ("grade", "last"):
                yield from [each.name] if each.name in scheme.tree else [one.score for one in scheme.groups.values()]
            for figure in each.figures():
                yield from _named(scheme, figure)


def _conditions(figure: Figure) -> Iterator[Condition]:
    """Conditions that stand in a figure's own fields, and in its steps or bands."""
    for name in type(figure).model_fields:
        value = getattr(figure, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Condition):
                yield each
            elif not isinstance(each, Figure) and hasattr(type(each), "model_fields"):
                fields = [getattr(each, field) for field in type(each).model_fields]
                yield from (inner for inner in fields if isinstance(inner, Condition))
