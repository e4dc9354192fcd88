"""A rule under each reading of the policies it refers to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from kaohe.rules import Figure
from kaohe.rules.base import PolicyReference
from kaohe.rules.conditions import PolicyCondition
from kaohe.rules.inside import PLAIN, fields_of, policies_in
from kaohe.rules.plain import ByPolicy
from kaohe.scheme.audit.finding import is_open
from kaohe.scheme.model import Scheme
from kaohe.scheme.root import Policy

T = TypeVar("T")
U = TypeVar("U")
Model = TypeVar("Model", bound=BaseModel)


def read_as(part: Model, choices: Mapping[str, str]) -> Model:
    """`part` with every policy it refers to replaced by the reading in `choices`."""

    def chosen(each: Any) -> Any:
        if isinstance(each, PolicyReference):
            return choices.get(each.policy, each)
        if isinstance(each, ByPolicy | PolicyCondition) and choices.get(each.policy) in each.options:
            return replaced(each.options[choices[each.policy]], chosen)
        return each

    found: Model = replaced(part, chosen)
    return found


def replaced(part: Any, instead: Callable[[Any], Any]) -> Any:
    """A part of the scheme with parts inside it exchanged; what `instead` returns unchanged is looked into.

    Plain values stay what they are.
    """
    if type(part) in PLAIN:
        return part
    other = instead(part)
    if other is not part:
        return other
    if isinstance(part, BaseModel):
        changed: dict[str, Any] = {}
        for name in fields_of(type(part)):
            value = getattr(part, name)
            found = replaced(value, instead)
            if found is not value:
                changed[name] = found
        return part.model_copy(update=changed) if changed else part
    if isinstance(part, tuple):
        items = tuple(replaced(item, instead) for item in part)
        return items if any(new is not old for new, old in zip(items, part, strict=True)) else part
    if isinstance(part, dict):
        entries = {name: replaced(item, instead) for name, item in part.items()}
        return entries if any(entries[name] is not part[name] for name in part) else part
    return part


@dataclass(frozen=True)
class Read(Generic[T]):
    """What something is under each combined reading of the policies it depends on."""

    policies: tuple[Policy, ...]  # only those that make a difference, and still offer a choice
    values: Mapping[tuple[str, ...], T]  # one option for each of them → what it is then

    def says(self, options: tuple[str, ...]) -> str:
        """The readings in words, `` where nothing depends on a policy."""
        return "，".join(
            f"{policy.id}“{policy.options[option].says}”" for policy, option in zip(self.policies, options, strict=True)
        )


@dataclass(frozen=True)
class EveryReading(Generic[T]):
    """What something is under every combination of readings of the policies it refers to."""

    policies: tuple[Policy, ...]
    values: Mapping[tuple[str, ...], T]

    def told_apart(self, measure: Callable[[T], U]) -> Read[U]:
        """`measure` of it under the readings; policies that make no difference are left out."""
        found = {options: measure(value) for options, value in self.values.items()}
        kept = list(range(len(self.policies)))
        for place in range(len(self.policies)):
            trial = [each for each in kept if each != place]
            grouped: dict[tuple[str, ...], set[Any]] = {}
            for options, value in found.items():
                grouped.setdefault(tuple(options[each] for each in trial), set()).add(value)
            if not is_open(self.policies[place]) or all(len(values) == 1 for values in grouped.values()):
                kept = trial
        values = {tuple(options[each] for each in kept): value for options, value in found.items()}
        return Read(tuple(self.policies[each] for each in kept), values)


def under_readings(scheme: Scheme, rule: Figure, measure: Callable[[Figure], T]) -> EveryReading[T]:
    """`measure(rule)` under every combination of readings."""
    policies = tuple(scheme.policy[name] for name in dict.fromkeys(policies_in(rule)) if scheme.policy[name].options)
    names = [policy.name for policy in policies]
    every = product(*(policy.options for policy in policies))
    return EveryReading(
        policies,
        {options: measure(read_as(rule, dict(zip(names, options, strict=True)))) for options in every},
    )
