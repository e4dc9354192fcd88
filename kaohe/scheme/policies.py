"""Which reading of each open point is in force, and why; contradictory pairs are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from kaohe.rules.base import PolicyReference
from kaohe.scheme.items import Item
from kaohe.scheme.model import Scheme
from kaohe.scheme.root import Policy

PolicyValue = str | Fraction


class PolicyError(ValueError):
    """Policies that do not exist, have no such option, or contradict each other."""


@dataclass(frozen=True)
class Decision:
    """A reading decided for a year: by the leading group, or for this run."""

    value: Any
    reason: str = ""
    decided_on: str = ""


@dataclass(frozen=True)
class Policies:
    """The reading in force for every policy of a scheme."""

    values: Mapping[str, PolicyValue]
    origin: Mapping[str, Literal["default", "year", "run"]]
    decisions: Mapping[str, Decision]

    def __getitem__(self, name: str) -> PolicyValue:
        return self.values[name]

    def read(self, field: str | PolicyReference) -> PolicyValue:
        """The value of a scheme's field: itself, or what its policy says."""
        return self.values[field.policy] if isinstance(field, PolicyReference) else field

    def as_text(self) -> dict[str, str]:
        """name → value, fractions as decimals where they end."""
        return {name: say_value(value) for name, value in self.values.items()}


def say_value(value: PolicyValue) -> str:
    """A policy's value as it is written in policies.yaml."""
    if isinstance(value, str):
        return value
    decimal = format(float(value), ".15g")
    return decimal if Fraction(decimal) == value else str(value)


def resolve(
    scheme: Scheme, decided: Mapping[str, Decision] | None = None, overrides: Mapping[str, Any] | None = None
) -> Policies:
    """Defaults of the scheme, the year's decisions over them, this run's `overrides` over those.

    PolicyError where a name or value is unknown or two readings exclude each other.
    """
    values: dict[str, PolicyValue] = {policy.name: policy.parse(policy.default) for policy in scheme.policies}
    origin: dict[str, Literal["default", "year", "run"]] = dict.fromkeys(values, "default")
    given: list[tuple[Literal["year", "run"], str, Any]] = [
        *(("year", name, decision.value) for name, decision in (decided or {}).items()),
        *(("run", name, value) for name, value in (overrides or {}).items()),
    ]
    for source, name, value in given:
        if name not in scheme.policy:
            raise PolicyError(f"没有名为 {name} 的政策；可用的有：{'、'.join(scheme.policy)}")
        try:
            values[name] = scheme.policy[name].parse(value)
        except ValueError as error:
            raise PolicyError(f"政策 {name}={value}：{error}") from None
        origin[name] = source
    _refuse_contradictions(scheme, values)
    return Policies(values, origin, dict(decided or {}))


def _refuse_contradictions(scheme: Scheme, values: Mapping[str, PolicyValue]) -> None:
    for policy in scheme.policies:
        for option, others in policy.conflicts.items():
            for other, value in others.items():
                if values[policy.name] == option and values[other] == value:
                    raise PolicyError(
                        f"政策 {policy.name}={option} 与 {other}={value} 相互矛盾（{policy.clause}），不能同时采用"
                    )
    common = scheme.department_common
    if common is None:
        return
    shares = common.shares
    chosen = values[shares.policy] if isinstance(shares, PolicyReference) else shares
    if chosen == "weights":
        unweighted = [each.id for each in scheme.departments if any(task.weight is None for task in each.tasks)]
        if unweighted:
            name = shares.policy if isinstance(shares, PolicyReference) else "shares"
            raise PolicyError(
                f"政策 {name}=weights 需要方案写明每项工作的权重（weight），以下单位没有：{'、'.join(unweighted)}"
            )


Applicability = Literal["applies", "text", "policy", "exempt"]
"""Why an indicator applies to a unit or not: by the text, by a policy, by a decided exemption."""


def applicability(
    scheme: Scheme, policies: Policies, indicator: Item, category: str, unit: str, exempt: bool
) -> Applicability:
    """Whether `indicator` applies to a unit of `category`; `exempt`: the leading group exempted it."""
    if category not in indicator.applies or indicator.unit not in (None, unit):
        return "text"
    if exempted_by(scheme, policies, indicator, category) is not None:
        return "policy"
    return "exempt" if exempt else "applies"


def exempted_by(scheme: Scheme, policies: Policies, indicator: Item, category: str) -> Policy | None:
    """The policy whose reading in force takes the indicator from the category; None where none does."""
    for policy in scheme.exempting:
        if indicator.id in policy.options[str(policies[policy.name])].exempts.get(category, ()):
            return policy
    return None


def structural(scheme: Scheme) -> frozenset[str]:
    """Policies that decide who is scored on what, out of how much: they are settled before anything is scored."""
    shares = scheme.department_common.shares if scheme.department_common else ""
    names = {policy.name for policy in scheme.exempting}
    return frozenset(names | ({shares.policy} if isinstance(shares, PolicyReference) else set()))
