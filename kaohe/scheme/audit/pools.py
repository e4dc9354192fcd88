"""Ranks against the number of units that are ranked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from kaohe.rules.bands import RankBands, Steps
from kaohe.rules.wording import points
from kaohe.scheme.audit.finding import AuditFinding, label, named
from kaohe.scheme.model import Item, Policy, Scheme, Variant

Ranked = TypeVar("Ranked", Steps, RankBands)


@dataclass(frozen=True)
class PoolSize:
    """How many units share a rule: `fixed` of categories with one unit, and any number of the `many` ones."""

    fixed: int
    many: tuple[str, ...]
    policy: Policy | None = None  # takes some of them away …
    option: str = ""  # … under this option

    def units(self, each: int) -> int:
        """With so many units in every category that may have any number."""
        return self.fixed + each * len(self.many)

    def of_many(self, units: int) -> int:
        """How many of the `many` make `units` in all."""
        return -(-(units - self.fixed) // max(len(self.many), 1))

    def says(self, scheme: Scheme) -> str:
        names = "、".join(scheme.categories[each].name for each in self.many)
        fixed = f" {self.fixed} 个其他单位" if self.fixed else ""
        who = "和".join(part for part in (names, fixed) if part)
        return (
            f"按 {self.policy.id}“{self.policy.options[self.option].says}”，由{who}排名"
            if self.policy
            else f"由{who}排名"
        )


def pool_size(scheme: Scheme, indicator: Item, variant: Variant) -> PoolSize:
    """The smallest pool over the readings of who is exempt."""
    policy = scheme.policy[scheme.results.exemptions.policy]
    sizes = []
    for option in policy.options:
        inside = [each for each in variant.applies if indicator.id not in policy.options[option].exempts.get(each, ())]
        many = tuple(each for each in inside if scheme.categories[each].many)
        sizes.append((len(inside) - len(many), option, many))
    fixed, option, many = min(sizes, key=lambda size: (size[0], len(size[2])))
    decides = len({(size[0], size[2]) for size in sizes}) > 1
    return PoolSize(fixed, many, policy if decides else None, option if decides else "")


def rank_bands(scheme: Scheme, colleges: int | None) -> Iterator[AuditFinding]:
    """Rank bands that need more units than there are (or may be)."""
    for indicator, variant, rule in _ranked(scheme, RankBands):
        size = pool_size(scheme, indicator, variant)
        more = 1 if rule.last_excluded else 0
        needed = max(band.last for band in rule.bands) + more
        have = size.units(1 if colleges is None else colleges)
        if have >= needed:
            continue
        short = [band for band in rule.bands if band.last + more > have]
        said = "；".join(
            f"第 {band.first}～{band.last} 名（{points(band.points)}）"
            f"至少 {band.first + more} 个单位才有人得到，{band.last + more} 个才不落空"
            for band in short
        )
        bar = "，末位没有基础分" if rule.last_excluded else ""
        many = f"（即至少 {size.of_many(needed)} 个{_names(scheme, size)}）" if size.many else ""
        now = f"；现有 {have} 个单位" if colleges is not None else ""
        yield AuditFinding(
            "rank-bands-pool",
            "不可达",
            indicator.id,
            indicator.clause,
            f"{named(indicator)}的名次分档排到第 {needed - more} 名{bar}，{size.says(scheme)}，"
            f"要有 {needed} 个单位{many}才够分{now}：{said}",
            "单位不够时靠后的几档落空，末位与前一名的差距变大"
            + ("；全部并列时都算末位，谁也没有基础分" if more else ""),
            label(size.policy),
        )


def top_n(scheme: Scheme, colleges: int | None) -> Iterator[AuditFinding]:
    """`among the best n` where everyone is among them."""
    for indicator, variant, rule in _ranked(scheme, Steps):
        asked = [band.among for band in rule.bands if band.among]
        if not asked:
            continue
        size, n = pool_size(scheme, indicator, variant), max(asked)
        have = size.units(1 if colleges is None else colleges)
        if have > n:
            continue
        enough = size.of_many(n + 1) - 1
        when = f"现有 {have} 个单位" if colleges is not None else f"{_names(scheme, size)}不超过 {enough} 个"
        yield AuditFinding(
            "top-n-pool",
            "提示",
            indicator.id,
            indicator.clause,
            f"{named(indicator)}的最高一档要求进入前 {n} 名，{size.says(scheme)}；{when}时人人都在前 {n} 名之内",
            "名次这一条件不起作用，只看是否达到数值",
            label(size.policy),
        )


def quotas(scheme: Scheme, colleges: int | None) -> Iterator[AuditFinding]:
    """Quotas that take in the whole group."""
    for key, group in scheme.groups.items():
        own = [name for name, category in scheme.categories.items() if category.group == key]
        single = sum(not scheme.categories[name].many for name in own)
        many = len(own) - single
        each = len(scheme.departments) if scheme.own_category in own else (colleges or 1)
        units = single + many * each
        if group.quota >= units:
            yield AuditFinding(
                "quota-pool",
                "提示",
                key,
                group.quota_clause,
                f"{group.name}优秀名额 {group.quota} 个，参评单位只有 {units} 个",
                "名额不起限制作用，具备资格的单位都能评为优秀",
            )


def _ranked(scheme: Scheme, kind: type[Ranked]) -> Iterator[tuple[Item, Variant, Ranked]]:
    for indicator in scheme.indicators.values():
        for variant in indicator.pools:
            for rule in variant.rule.walk():
                if isinstance(rule, kind):
                    yield indicator, variant, rule


def _names(scheme: Scheme, size: PoolSize) -> str:
    return "、".join(scheme.categories[each].name for each in size.many)


CHECKS = (rank_bands, top_n, quotas)
