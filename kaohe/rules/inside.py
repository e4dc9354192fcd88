"""What stands inside a part of a scheme, however deep: figures, conditions, steps, and the policies they turn on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaohe.rules.base import PolicyReference, Strict
from kaohe.rules.conditions import PolicyCondition
from kaohe.rules.plain import ByPolicy


def everything_in(part: Any) -> Iterator[Strict]:
    """The part itself and all it is made of, plain values and what lists and mappings hold too.

    The readings a part leaves to a policy come before what it is made of.
    """
    if isinstance(part, Strict):
        yield part
        fields = [getattr(part, name) for name in type(part).model_fields]
        for each in sorted(fields, key=lambda field: not isinstance(field, PolicyReference)):
            yield from everything_in(each)
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from everything_in(each)
    elif isinstance(part, tuple | list):
        for each in part:
            yield from everything_in(each)


def policies_in(part: Any) -> Iterator[str]:
    """Names of the policies it turns on, its own before those of its parts; each as often as it is named."""
    for each in everything_in(part):
        if isinstance(each, PolicyReference | ByPolicy | PolicyCondition):
            yield each.policy
