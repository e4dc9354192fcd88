"""Results of years before that a scheme looks up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaohe.rules.base import Strict
from kaohe.rules.conditions import Fact
from kaohe.rules.gathered import Over
from kaohe.rules.scored import Score
from kaohe.scheme.root import Root
from kaohe.scheme.tree import Tree


def asked_of_years(scheme: Root, tree: Tree) -> dict[int, tuple[str, ...]]:
    """Years ago → items (and 等次) that ask for results of that year; consequences are not among them."""
    found: dict[int, dict[str, None]] = {}
    results = scheme.results
    parts: list[tuple[str, Any]] = [
        (node.item.name, (node.item.rule, node.item.variants, node.item.full, node.item.weight, node.item.then))
        for node in tree.nodes.values()
    ]
    parts += [("等次", (results.grades, tuple(results.limits.values())))]
    for name, part in parts:
        for ago in _ago(part, 0):
            found.setdefault(ago, {})[name] = None
    return {ago: tuple(names) for ago, names in sorted(found.items())}


def _ago(part: Any, back: int) -> Iterator[int]:
    """How many years ago points and facts are asked for, at any depth."""
    if isinstance(part, Score | Fact):
        yield back + part.ago
    elif isinstance(part, Over) and part.years:
        for years in part.years:
            yield from _ago(part.of, back + years)
    elif isinstance(part, Strict):
        for name in type(part).model_fields:
            yield from _ago(getattr(part, name), back)
    elif isinstance(part, Mapping):
        yield from _ago(tuple(part.values()), back)
    elif isinstance(part, tuple | list):
        for each in part:
            yield from _ago(each, back)
