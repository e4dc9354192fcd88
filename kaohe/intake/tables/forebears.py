"""Whom a unit follows: the figures of the year before that are held beside its own. Light, as kernels import it."""

from __future__ import annotations

from collections.abc import Iterable


def forebears_of(unit: str, predecessors: Iterable[tuple[str, str]]) -> list[str]:
    """Ids the year before of what is the unit now: its own, and of those it was renamed or merged from.

    `predecessors`: (unit, its id in the year before). Whether there were such units is not looked at.
    """
    return list(dict.fromkeys([unit, *(old for new, old in predecessors if new == unit)]))
