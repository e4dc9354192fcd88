"""What stands inside a part of a scheme, however deep: figures, conditions, steps, and the policies they turn on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from pydantic import BaseModel

from kaohe.rules.base import PolicyReference, Strict
from kaohe.rules.conditions import PolicyCondition
from kaohe.rules.plain import ByPolicy

PLAIN = frozenset({str, int, bool, Fraction, type(None)})
"""Most of what fields hold; nothing stands inside it."""


@cache
def fields_of(kind: type[BaseModel]) -> tuple[str, ...]:
    """The names of a model's fields; pydantic looks them up anew each time."""
    return tuple(kind.model_fields)


def everything_in(part: Any) -> Iterator[Strict]:
    """The part itself and all it is made of, plain values and what lists and mappings hold too.

    The readings a part leaves to a policy come before what it is made of.
    """
    found: list[Strict] = []
    _gather(part, found)
    return iter(found)


def _gather(part: Any, found: list[Strict]) -> None:
    inside: Iterable[Any]
    if isinstance(part, Strict):
        found.append(part)
        fields = [getattr(part, name) for name in fields_of(type(part))]
        inside = sorted(fields, key=lambda field: not isinstance(field, PolicyReference))
    elif isinstance(part, tuple | list):
        inside = part
    elif isinstance(part, Mapping):
        inside = part.values()
    else:
        return
    for each in inside:
        if type(each) not in PLAIN:
            _gather(each, found)


def policies_in(part: Any) -> Iterator[str]:
    """Names of the policies it turns on, its own before those of its parts; each as often as it is named."""
    for each in everything_in(part):
        if isinstance(each, PolicyReference | ByPolicy | PolicyCondition):
            yield each.policy
