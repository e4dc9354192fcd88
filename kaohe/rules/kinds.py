"""Every figure by its `kind`. A new one is a new class in a family below; the scheme finds it by that name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from kaohe.rules import (
    after,
    amongtied,
    arithmetic,
    bands,
    choosing,
    combine,
    comparing,
    conditions,
    counting,
    gathered,
    happened,
    judged,
    limits,
    lines,
    measured,
    placing,
    plain,
    roots,
    scored,
    spelling,
    stepped,
    tiers,
    values,
    votes,
    worth,
)
from kaohe.rules.base import AnyFigure, Figure, Rule, Strict
from kaohe.rules.bykind import CONDITION, FIGURE, HOLDS, KNOWN, Kinds
from kaohe.rules.conditions import AnyCondition

__all__ = ["CONDITIONS", "FIGURES", "KINDS", "AnyCondition", "AnyFigure", "json_schema"]

FAMILIES = (
    *(after, amongtied, arithmetic, bands, choosing, combine, comparing, counting, gathered, happened, judged),
    *(limits, lines, measured, placing, plain, roots, scored, stepped, tiers, values, votes, worth),
)


def _below(base: type[Strict]) -> Iterator[type[Any]]:
    for each in base.__subclasses__():
        if "kind" in each.model_fields and each.model_fields["kind"].annotation is not Any:
            yield each
        yield from _below(each)


FIGURES: dict[str, type[Figure]] = {each.model_fields["kind"].default: each for each in _below(Figure)}
KINDS: dict[str, type[Rule]] = {name: each for name, each in FIGURES.items() if issubclass(each, Rule)}
"""Figures whose first language is points."""


@cache
def _own_limits(kind: str) -> frozenset[str]:
    known = FIGURES.get(kind)
    return frozenset(known.model_fields) if known else frozenset(limits.LIMITS)


def _figure(value: Any) -> Any:
    return spelling.figure_spelled(value, _own_limits)


CONDITIONS = tuple(_below(conditions.Condition))
KNOWN[FIGURE] = Kinds(FIGURES, _figure)
KNOWN[CONDITION] = Kinds(
    {kind: each for each in CONDITIONS for kind in get_args(each.model_fields["kind"].annotation)},
    spelling.condition_spelled,
)


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON Schema; where any figure or condition stands, a choice among all of them by reference."""
    whole = model.model_json_schema(mode="validation", by_alias=True)
    definitions: dict[str, Any] = whole.setdefault("$defs", {})
    choices = {FIGURE: dict.fromkeys(FIGURES.values()), CONDITION: dict.fromkeys(CONDITIONS)}
    for each in (*choices[FIGURE], *choices[CONDITION]):
        found = each.model_json_schema(mode="validation", by_alias=True)
        for name, inner in found.pop("$defs", {}).items():
            definitions.setdefault(name, inner)
        definitions.setdefault(each.__name__, found)
    refs = {name: [{"$ref": f"#/$defs/{each.__name__}"} for each in all_] for name, all_ in choices.items()}

    def opened(value: Any) -> Any:
        if isinstance(value, list):
            return [opened(each) for each in value]
        if not isinstance(value, dict):
            return value
        found = {name: opened(each) for name, each in value.items() if name != HOLDS}
        return found | ({"oneOf": refs[value[HOLDS]]} if HOLDS in value else {})

    out: dict[str, Any] = opened(whole)
    return out
