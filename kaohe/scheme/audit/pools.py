"""Ranks against the number of units that are ranked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from kaohe.rules.bands import Steps
from kaohe.rules.placing import Ladder
from kaohe.rules.tiers import RankBands
from kaohe.rules.wording import number, points
from kaohe.scheme.audit.finding import AuditFinding, labels, named
from kaohe.scheme.audit.marks import Reading, exempt, exemptions, number_for, readings, says_reading
from kaohe.scheme.items import Item, Variant
from kaohe.scheme.model import Scheme
from kaohe.scheme.outcomes import Grade
from kaohe.scheme.root import Policy

Ranked = TypeVar("Ranked", Steps, RankBands, Ladder)


@dataclass(frozen=True)
class PoolSize:
    """How many units share a rule: `fixed` of categories with one unit, and any number of the `many` ones."""

    fixed: int
    many: tuple[str, ...]
    taking: Reading = ()  # the readings that take some of them away

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
        said = says_reading(scheme, self.taking)
        return f"按 {said}，由{who}排名" if said else f"由{who}排名"

    def policies(self, scheme: Scheme) -> list[Policy]:
        return [scheme.policy[name] for name, _ in self.taking]


def pool_size(scheme: Scheme, indicator: Item, variant: Variant) -> PoolSize:
    """The smallest pool over the readings of who is exempt."""
    policies = [each for category in variant.applies for each in exemptions(scheme, category, {indicator.id})]
    sizes: list[tuple[int, Reading, tuple[str, ...]]] = []
    for reading in readings(tuple({each.name: each for each in policies}.values())):
        inside = [each for each in variant.applies if indicator.id not in exempt(scheme, reading, each)]
        many = tuple(each for each in inside if scheme.categories[each].many)
        sizes.append((len(inside) - len(many), reading, many))
    fixed, reading, many = min(sizes, key=lambda size: (size[0], len(size[2])))
    decides = len({(size[0], size[2]) for size in sizes}) > 1
    return PoolSize(fixed, many, reading if decides else ())


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
            labels(size.policies(scheme)),
        )


def ladders(scheme: Scheme, colleges: int | None) -> Iterator[AuditFinding]:
    """Rungs of a ladder that need more units than there are (or may be)."""
    for indicator, variant, rule in _ranked(scheme, Ladder):
        size = pool_size(scheme, indicator, variant)
        last = max([len(rule.points_), *(band.last for band in rule.bands)])
        have = size.units(1 if colleges is None else colleges)
        if rule.among or have >= last or (size.many and colleges is None):
            continue
        yield AuditFinding(
            "rank-bands-pool",
            "不可达",
            indicator.id,
            indicator.clause,
            f"{named(indicator)}按名次写到第 {last} 名，{size.says(scheme)}，只有 {have} 个单位",
            "靠后的几档没有单位得到",
            labels(size.policies(scheme)),
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
            labels(size.policies(scheme)),
        )


def quotas(scheme: Scheme, colleges: int | None) -> Iterator[AuditFinding]:
    """Quotas that take in the whole group, of which some units are known."""
    for key, group in scheme.groups.items():
        own = [name for name, category in scheme.categories.items() if category.group == key]
        single = sum(not scheme.categories[name].many for name in own)
        many = len(own) - single
        if not single and colleges is None and scheme.own_category not in own:
            continue
        each = len(scheme.departments) if scheme.own_category in own else (colleges or 1)
        units = single + many * each
        for grade in scheme.results.grades:
            places = _places(scheme, grade, own[0], units) if own else None
            if places is not None and places >= units:
                yield AuditFinding(
                    "quota-pool",
                    "提示",
                    key if grade is scheme.results.grades[0] else f"{key}.{grade.key}",
                    grade.clause,
                    f"{group.name}{grade.name}名额 {number(places)} 个，参评单位只有 {units} 个",
                    "名额不起限制作用，具备资格的单位都能得到这一等次",
                )


def _places(scheme: Scheme, grade: Grade, category: str, units: int) -> Fraction | None:
    """How many of so many units may have a grade; None where nothing limits them, or no number on paper."""
    if grade.quota is None:
        return None
    share = number_for(scheme, grade.quota.share, category)
    return share * units if share is not None else number_for(scheme, grade.quota.places, category)


def _ranked(scheme: Scheme, kind: type[Ranked]) -> Iterator[tuple[Item, Variant, Ranked]]:
    for indicator in scheme.indicators.values():
        for variant in indicator.pools:
            for rule in variant.rule.walk():
                if isinstance(rule, kind):
                    yield indicator, variant, rule


def _names(scheme: Scheme, size: PoolSize) -> str:
    return "、".join(scheme.categories[each].name for each in size.many)


CHECKS = (rank_bands, ladders, top_n, quotas)
