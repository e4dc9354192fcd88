"""Which items of the tree a figure asks about, however deep in it: then it turns on whatever they turn on."""

from __future__ import annotations

from typing import Any

from kaohe.rules.inside import everything_in
from kaohe.rules.scored import turns_on_items
from kaohe.scoring.bind import Pool


def looked_at(pool: Pool) -> tuple[Any, ...]:
    """What a pool's points are found by: its rule, and the full mark that the rule may ask for."""
    return (pool.rule,) if pool.indicator is None else (pool.rule, pool.indicator.full)


def looks_around(part: Any) -> bool:
    """Whether a figure asks about other items, or about what applies to the unit beside the item at hand."""
    return any(turns_on_items(each) or getattr(each, "kind", "") == "own_mark" for each in everything_in(part))


def asks_others(part: Any) -> bool:
    """Whether a figure asks about other items; what applies to the unit at its own item is none of them."""
    return any(map(turns_on_items, everything_in(part)))
