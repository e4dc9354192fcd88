"""Every figure by its `kind`. A new one is a new class in a family below; the scheme finds it by that name."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Union

from pydantic import BaseModel, BeforeValidator, Field

from kaohe.rules import (
    after,
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
    lines,
    measured,
    placing,
    plain,
    scored,
    spelling,
    stepped,
    values,
    votes,
)
from kaohe.rules.base import Figure, Rule, Strict

FAMILIES = (
    *(after, arithmetic, bands, choosing, combine, comparing, counting, gathered, happened, judged, lines, measured),
    *(placing, plain, scored, stepped, values, votes),
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
    return frozenset(known.model_fields) if known else frozenset(spelling.LIMITS)


def _figure(value: Any) -> Any:
    return spelling.figure_spelled(value, _own_limits)


# A figure may hold any other: the unions are known only now that every family is imported.
AnyFigure: Any = Annotated[
    Union[tuple(FIGURES.values())],  # noqa: UP007
    Field(discriminator="kind"),
    BeforeValidator(_figure),
]
AnyRule: Any = AnyFigure
CONDITIONS = tuple(_below(conditions.Condition))
AnyCondition: Any = Annotated[
    Union[CONDITIONS],  # noqa: UP007
    Field(discriminator="kind"),
    BeforeValidator(spelling.condition_spelled),
]

_NAMESPACE = {
    "AnyFigure": AnyFigure,
    "AnyRule": AnyRule,
    "AnyValue": AnyFigure,
    "AnyCondition": AnyCondition,
    "AnyVote": votes.Vote,
}


def _models() -> Iterator[type[BaseModel]]:
    """Conditions, figures and what they hold; every one that names a figure or a condition."""
    yield votes.Vote
    yield from (after.Step, lines.Piece, lines.Beyond, stepped.GeneralBand, choosing.Axis)
    yield from (placing.LadderBand, placing.SplitBand)
    yield from CONDITIONS
    yield from FIGURES.values()


def _resolve() -> None:
    """Every model with what the unions stand for: each is described inside the others, some forty deep."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEP_ENOUGH))
    try:
        for model in _models():
            model.model_rebuild(force=True, _types_namespace=_NAMESPACE)
    finally:
        sys.setrecursionlimit(limit)


DEEP_ENOUGH = 20_000

_resolve()
