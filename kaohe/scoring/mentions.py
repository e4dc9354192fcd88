"""Which items of the tree a figure asks about, however deep in it: then it turns on whatever they turn on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kaohe.rules.base import Strict
from kaohe.scheme import Item

AROUND = ("score", "attainable", "own_mark")
"""Kinds that ask about other items, or about what applies to the unit beside the item at hand."""


def all_parts(part: Any) -> Iterator[Strict]:
    """A figure, condition or step and everything it is made of, plain values too."""
    if isinstance(part, Strict):
        yield part
        for name in type(part).model_fields:
            yield from all_parts(getattr(part, name))
    elif isinstance(part, Mapping):
        yield from all_parts(tuple(part.values()))
    elif isinstance(part, Iterable) and not isinstance(part, str | bytes):
        for each in part:
            yield from all_parts(each)


def looks_around(part: Any) -> bool:
    """Whether a figure asks for other items' points."""
    return any(getattr(each, "kind", "") in AROUND for each in all_parts(part))


def items_asked(item: Item) -> tuple[str, ...]:
    """Items whose points enter an item's rule, steps or weight."""
    found = all_parts((item.rule, item.then, item.weight))
    return tuple(dict.fromkeys(str(each.of) for each in found if getattr(each, "kind", "") == "score"))  # type: ignore[attr-defined]


def policies_named(part: Any) -> tuple[str, ...]:
    """Policies that a figure or condition turns on itself."""
    return tuple(str(each.policy) for each in all_parts(part) if getattr(each, "policy", None) is not None)  # type: ignore[attr-defined]
