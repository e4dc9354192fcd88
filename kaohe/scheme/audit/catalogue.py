"""Catalogue entries nobody uses or that contradict the text, checks that say the same, levels without a weight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from kaohe.rules import Figure
from kaohe.rules.bands import Steps
from kaohe.rules.counting import PerUnit
from kaohe.rules.tiers import Tiers
from kaohe.rules.values import MetricValue
from kaohe.rules.wording import number, quantity
from kaohe.scheme.audit.finding import AuditFinding, named, says_check
from kaohe.scheme.audit.probing import thresholds
from kaohe.scheme.audit.structure import in_use
from kaohe.scheme.items import Check, Item
from kaohe.scheme.model import Scheme


def unused(scheme: Scheme) -> Iterator[AuditFinding]:
    """Metrics and kinds of achievement that nothing refers to."""
    used = {name for each in scheme.indicators.values() for name in (*each.metrics, *each.evidence)}
    used |= {check.metric for node in scheme.tree.nodes.values() for check in node.item.checks}
    used |= {name for part in in_use(scheme) if isinstance(part, Figure) for name in part.metrics()}
    for name, metric in scheme.metrics.items():
        if name not in used:
            yield AuditFinding(
                "metric-unused",
                "冗余",
                name,
                "",
                f"指标数据目录里的{metric.name}（{name}）没有任何规则、核对或佐证用到",
                f"{metric.office}填报它不影响任何得分",
            )
    counted = {kind for each in scheme.indicators.values() for kind in (*each.weights, *each.amounts)}
    for kind, called in scheme.kinds.items():
        if kind not in counted:
            yield AuditFinding(
                "kind-unused",
                "冗余",
                kind,
                "",
                f"成果类型里的{called}（{kind}）在任何指标都没有权重",
                "填报这类成果一律计 0 分",
            )


def usual(scheme: Scheme) -> Iterator[AuditFinding]:
    """Usual ranges of metrics that leave out what the text itself asks for."""
    for indicator in scheme.indicators.values():
        for name, asked in dict.fromkeys(_asked(indicator)):
            metric = scheme.metrics[name]
            span = metric.usual
            if span is not None and asked > 0 and not span.least <= asked <= span.most:
                yield AuditFinding(
                    "usual-excludes-text",
                    "矛盾",
                    indicator.id,
                    indicator.clause,
                    f"{named(indicator)}写明{metric.name} {quantity(asked, metric.term)}，不在指标目录所写的一般范围"
                    f" {number(span.least)}～{quantity(span.most, metric.term)} 之内",
                    "照条文的数填报，会被问数的大小是不是不对",
                )


def _asked(indicator: Item) -> Iterator[tuple[str, Fraction]]:
    """Metrics with the figures that the text holds them against."""
    for check in indicator.checks:
        yield check.metric, check.bound[1]
    for rule in indicator.rules:
        if isinstance(rule, Tiers):
            for tier in rule.tiers:
                yield from tier.at_least.items()
        elif isinstance(rule, PerUnit) and isinstance(rule.value, MetricValue):
            yield rule.value.metric, rule.per
        elif isinstance(rule, Steps) and isinstance(rule.value, MetricValue) and not rule.against:
            for bound in thresholds(rule):
                yield rule.value.metric, bound


def checks(scheme: Scheme) -> Iterator[AuditFinding]:
    """The same demand in two places, and a demand implied by a stricter one beside it."""
    first: dict[tuple[Any, ...], Item] = {}
    for indicator in scheme.indicators.values():
        for place, check in enumerate(indicator.checks):
            key = (check.metric, check.bound, check.party_org, check.applies, indicator.unit)
            other = first.setdefault(key, indicator)
            if other is not indicator:
                yield AuditFinding(
                    "check-repeated",
                    "冗余",
                    indicator.id,
                    indicator.clause,
                    f"{named(indicator)}与{named(other)}的要求完全相同：{says_check(scheme, check)}",
                    "同一个数字在两处影响评分，没有达到的单位可能失分两次",
                )
            stricter = [each for at, each in enumerate(indicator.checks) if at != place and _implies(each, check)]
            if stricter:
                ours, theirs = says_check(scheme, check), says_check(scheme, stricter[0])
                yield AuditFinding(
                    "check-implied",
                    "冗余",
                    indicator.id,
                    indicator.clause,
                    f"{named(indicator)}：{theirs} 已包含 {ours}，没有写两者在计分上的差别",
                    f"达到 {ours} 而没有达到 {theirs} 的，应得多少没有依据",
                )


def _implies(strict: Check, loose: Check) -> bool:
    """Whether whoever meets `strict` meets `loose` as well, and not the other way round."""
    if (strict.metric, strict.party_org, strict.applies) != (loose.metric, loose.party_org, loose.applies):
        return False
    (sign, ours), (other, theirs) = strict.bound, loose.bound
    if {sign, other} <= {"≥", ">"}:
        return ours > theirs or (ours == theirs and sign == ">" and other == "≥")
    if {sign, other} <= {"≤", "<"}:
        return ours < theirs or (ours == theirs and sign == "<" and other == "≤")
    return False


def weights(scheme: Scheme) -> Iterator[AuditFinding]:
    """Kinds of achievement that lack the weight of a level above one they have, or give it less.

    Which level stands above which is what the indicator's other kinds say by their weights.
    """
    for indicator in scheme.indicators.values():
        marks = {kind: _by_level(weight) for kind, weight in indicator.weights.items() if isinstance(weight, Mapping)}
        above = {
            (high, low)
            for levels in marks.values()
            for high in levels
            for low in levels
            if min(levels[high]) > max(levels[low])
        }
        gaps = []
        for kind, levels in marks.items():
            missing = {high for high, low in above if low in levels and high not in levels}
            gaps += [
                f"{scheme.kinds.get(kind, kind)}没有{scheme.levels.get(level, level)}的权重"
                for level in sorted(missing)
            ]
        if gaps:
            yield AuditFinding(
                "level-without-weight",
                "疏漏",
                indicator.id,
                indicator.clause,
                f"{named(indicator)}：{'；'.join(gaps)}，较低的级别却有",
                "取得更高级别成果的单位反而计 0 分，填报时会提示没有权重",
            )


def _by_level(weight: Mapping[str, Any]) -> dict[str, list[Fraction]]:
    return {level: list(_figures(each)) for level, each in weight.items()}


def _figures(weight: Any) -> Iterator[Fraction]:
    if isinstance(weight, Mapping):
        for each in weight.values():
            yield from _figures(each)
    else:
        yield weight


CHECKS = (unused, usual, checks, weights)
