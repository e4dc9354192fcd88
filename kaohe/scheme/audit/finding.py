"""What the audit returns, and how it names the parts of a scheme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from kaohe.rules.base import Choice, PolicyReference
from kaohe.rules.wording import quantity
from kaohe.scheme.items import Check, Item
from kaohe.scheme.model import Scheme
from kaohe.scheme.root import Policy

Kind = Literal["矛盾", "冗余", "不可达", "越界", "沉默", "疏漏", "提示"]


@dataclass(frozen=True)
class AuditFinding:
    """One place where the scheme does not agree with itself, does nothing, or leaves something open.

    `code` and `subject` (an indicator, a category's component, a section, a policy …) identify it;
    `policy` is the id and name of the policy that decides it, or empty.
    """

    code: str
    kind: Kind
    subject: str
    clause: str
    finding: str
    consequence: str
    policy: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.code, self.subject


def audit_rows(findings: Iterable[AuditFinding]) -> list[dict[str, str]]:
    """The findings as rows with Chinese headings, for tables."""
    return [
        {
            "类别": each.kind,
            "条款": each.clause,
            "对象": each.subject,
            "发现": each.finding,
            "后果": each.consequence,
            "决定它的读法": each.policy,
            "代码": each.code,
        }
        for each in findings
    ]


def named(indicator: Item) -> str:
    """`K5.3 就业工作`."""
    return f"{indicator.id} {indicator.name}"


def component(scheme: Scheme, leaf: str) -> str:
    """The name of the part of the total that a leaf belongs to."""
    return scheme.tree[scheme.component_of(leaf)].item.name


def label(policy: Policy | None) -> str:
    """`P02 full_marks`; empty without a policy."""
    return f"{policy.id} {policy.name}" if policy else ""


def labels(policies: Iterable[Policy]) -> str:
    return "、".join(label(policy) for policy in policies)


def policy_of(scheme: Scheme, field: Choice) -> Policy | None:
    """The policy that decides a field; None where the scheme itself says."""
    return scheme.policy.get(field.policy) if isinstance(field, PolicyReference) else None


def is_open(policy: Policy) -> bool:
    """Whether the policy still offers a choice."""
    return policy.fraction or len(policy.options) > 1


def shared_clause(clauses: Iterable[str]) -> str:
    """What all of them begin with: 附件2·监察室 and 附件2·保卫处 → 附件2."""
    levels = zip(*(clause.split("·") for clause in clauses), strict=False)
    return "·".join(level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels))


def says_check(scheme: Scheme, check: Check) -> str:
    """`媒体月均采用稿件数 ≥3 篇（总支）`."""
    metric, (sign, bound) = scheme.metrics[check.metric], check.bound
    whose = [scheme.categories[each].name for each in check.applies]
    whose += [_traits(scheme).get(check.party_org, check.party_org)] if check.party_org else []
    whom = f"（{'、'.join(whose)}）" if whose else ""
    return f"{metric.name} {sign}{quantity(bound, metric.term)}{whom}"


def _traits(scheme: Scheme) -> dict[str, str]:
    """What the values of units' traits are called."""
    return {value: said for trait in scheme.traits.values() for value, said in trait.values.items()}


def numbered(found: Iterable[AuditFinding]) -> list[AuditFinding]:
    """Each (code, subject) once: a second finding of a kind on the same subject becomes `K6#2`."""
    seen: dict[tuple[str, str], int] = {}
    out = []
    for each in found:
        seen[each.key] = seen.get(each.key, 0) + 1
        out.append(replace(each, subject=f"{each.subject}#{seen[each.key]}") if seen[each.key] > 1 else each)
    return out
