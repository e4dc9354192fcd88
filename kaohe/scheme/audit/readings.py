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
from kaohe.rules.inside import policies_in
from kaohe.rules.plain import ByPolicy
from kaohe.scheme.audit.finding import is_open
from kaohe.scheme.model import Policy, Scheme

T = TypeVar("T")
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
    """A part of the scheme with parts inside it exchanged; what `instead` returns unchanged is looked into."""
    other = instead(part)
    if other is not part:
        return other
    if isinstance(part, BaseModel):
        fields = {name: getattr(part, name) for name in type(part).model_fields}
        found = {name: replaced(value, instead) for name, value in fields.items()}
        changed = {name: value for name, value in found.items() if value is not fields[name]}
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


def under_readings(scheme: Scheme, rule: Figure, measure: Callable[[Figure], T]) -> Read[T]:
    """`measure(rule)` under every combination of readings; policies that make no difference are left out."""
    policies = tuple(scheme.policy[name] for name in dict.fromkeys(policies_in(rule)) if scheme.policy[name].options)
    found = {
        options: measure(read_as(rule, dict(zip((policy.name for policy in policies), options, strict=True))))
        for options in product(*(policy.options for policy in policies))
    }
    kept = list(range(len(policies)))
    for place in range(len(policies)):
        trial = [each for each in kept if each != place]
        grouped: dict[tuple[str, ...], set[Any]] = {}
        for options, value in found.items():
            grouped.setdefault(tuple(options[each] for each in trial), set()).add(value)
        if not is_open(policies[place]) or all(len(values) == 1 for values in grouped.values()):
            kept = trial
    values = {tuple(options[each] for each in kept): value for options, value in found.items()}
    return Read(tuple(policies[each] for each in kept), values)
