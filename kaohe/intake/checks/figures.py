"""Metrics: whether the unit needs them, whole numbers, denominators that are zero, parts beside their whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from statistics import median

from kaohe.intake.checks.context import Context
from kaohe.intake.places import NOWHERE, Spot
from kaohe.intake.sheets.cells import plain
from kaohe.intake.tables.data import Key, Unit
from kaohe.intake.tables.vocabulary import Record
from kaohe.intake.tables.wanted import year_before
from kaohe.rules.wording import percent
from kaohe.scheme import Item, Metric

HUNDREDTH, USUAL, FEW = Fraction(1, 100), Fraction(1, 2), 2
"""A rate of one in a hundred at most is asked about where so many others are in the middle at a half at least."""
Earlier = tuple[str, str, str]
"""Unit, metric and year of a figure of a year before."""

_TOGETHER = re.compile("(?<![不未])(包?[含括]|并入|合并|合计|计入|代)")


def check_metric(record: Record, context: Context) -> bool:
    """One metric of one unit; its range was held when it was read."""
    unit = context.unit_of(record)
    if unit is None:
        return False
    name = record["metric"]
    metric = context.scheme.metrics[name]
    about = {"unit": unit.unit_id, "office": metric.office}
    if metric.kind == "count" and record["value"].denominator != 1:
        message = f"{metric.name}应为整数"
        context.log.warning("not-whole", message, record.spot("value"), expected="整数", **about)
    used = context.users(unit, name)
    if not any(context.applicability(unit, each) == "applies" for each in used):
        why = (
            f"只有 {'、'.join(used)} 用到，{context.scheme.year.spoken.this}不考核该单位"
            if used
            else "没有一个适用的指标用到"
        )
        message = f"{unit.name}不需要{metric.name}：{why}"
        context.log.warning("metric-not-needed", message, record.spot("value"), expected="不填", **about)
    return True


def without_zero_divisors(records: Iterable[Record], context: Context) -> list[Record]:
    """The figures without those that are 0 although an item of the unit divides by them: each is told.

    A ratio of months may have one of each, and one of the whole year where a month has none of its own.
    """
    kept = list(records)
    figures = {(each.unit, each.subject, each["period"] or "", each["year"] or ""): each for each in kept}
    zero: dict[int, tuple[Record, Unit, list[Item]]] = {}
    for unit, item, want in context.divisors():
        mine, year = (unit.unit_id, want.metric), year_before(context.scheme, context.year, want.ago)
        record = figures.get((*mine, want.member, year)) or figures.get((*mine, "", year))
        if record is not None and record["value"] == 0:
            _, _, users = zero.setdefault(id(record), (record, unit, []))
            users.append(item)
    for record, unit, users in zero.values():
        metric = context.scheme.metrics[record.subject]
        _tell_zero(f"{unit.name}的{metric.name}", "大于 0 的数", unit, metric, users, context, record.spot("value"))
        context.reject(record)
    return [each for each in kept if id(each) not in zero]


def without_earlier_zeros(figures: Mapping[Earlier, Fraction], context: Context) -> dict[Earlier, Fraction]:
    """The same of figures that folders of years before hold: nobody can mend them in this one."""
    zero: dict[Earlier, list[Item]] = defaultdict(list)
    for unit, item, want in context.divisors():
        key = (unit.unit_id, want.metric, year_before(context.scheme, context.year, want.ago))
        if want.ago and figures.get(key) == 0:
            zero[key].append(item)
    for (unit_id, name, year), users in zero.items():
        unit, metric = context.units[unit_id], context.scheme.metrics[name]
        what = f"{unit.name} {year} 年度的{metric.name}"
        _tell_zero(what, f"在 {year} 的数据中改正", unit, metric, users, context)
    return {key: value for key, value in figures.items() if key not in zero}


def tell_larger_parts(metrics: Mapping[Key, Record], context: Context) -> None:
    """A part larger than its whole is asked about: both are well-formed, and one of them is wrong."""
    for (unit, name), record in metrics.items():
        metric = context.scheme.metrics[name]
        whole = metrics.get((unit, metric.part_of or ""))
        if whole is None or record["value"] <= whole["value"]:
            continue
        of, there = context.scheme.metrics[whole["metric"]].name, whole.spot("value")
        message = f"{metric.name}多于{of}（{there.value}，{whole.place}“{there.column}”列），请核对两处"
        at, about = record.spot("value"), {"unit": unit, "office": metric.office, "expected": f"不多于{of}"}
        scored = _scoring_share(name, whole["metric"], context.units[unit], context)
        if scored is not None:
            message += f"；{scored.id} {scored.name}按比例计分，照此会超过 100%"
            about["indicator"] = scored.id
        context.log.warning("larger-part", message, at, **about)


def tell_ones(metrics: Mapping[Key, Record], percentages: Collection[tuple[str, str]], context: Context) -> None:
    """`1` in a sheet whose other rates are written as 85: a hundred per cent, or one? `percentages`: such sheets."""
    for (unit, name), record in metrics.items():
        metric = context.scheme.metrics[name]
        written = record.spot("value").value
        if metric.kind == "rate" and record.at.source in percentages and record["value"] == 1 and "%" not in written:
            message = f"同一张表里别的比率写成 85 的样子，这里的 1 按 100% 读取：{metric.name}是 100% 还是 1%？"
            expected = "100%，或 1%"
            at = record.spot("value")
            context.log.warning("percent-or-whole", message, at, expected=expected, unit=unit, office=metric.office)


def tell_hundredths(metrics: Mapping[Key, Record], context: Context) -> None:
    """0.85 % where the other units have 90 %: what 0.85 becomes in a cell that was a percentage before."""
    rates: dict[str, dict[str, Record]] = defaultdict(dict)
    for (unit, name), record in metrics.items():
        if context.scheme.metrics[name].kind == "rate":
            rates[name][unit] = record
    for name, by_unit in rates.items():
        for unit, record in by_unit.items():
            if not 0 <= record["value"] <= HUNDREDTH:
                continue
            others = [each["value"] for other, each in by_unit.items() if other != unit]
            if len(others) < FEW or median(others) < USUAL:
                continue
            metric = context.scheme.metrics[name]
            message = f"{metric.name}只有 {percent(record['value'], 2)}，其他单位一般为 {percent(median(others), 0)}"
            meant = f"是否指 {percent(record['value'] * 100, 0)}？" if record["value"] else "没有统计的不填，不能填 0；"
            expected = f"{meant}确实如此的不必改"
            at = record.spot("value")
            context.log.warning("rate-slip", message, at, expected=expected, unit=unit, office=metric.office)


def tell_shared(metrics: Mapping[Key, Record], context: Context) -> None:
    """A remark that another unit's figure is in this one: both may be counted."""
    for (unit, name), record in metrics.items():
        note = plain(str(record["note"] or ""))
        if not _TOGETHER.search(note):
            continue
        others = [each for each in context.units.values() if each.unit_id != unit and each.name in note]
        if others:
            message = f"备注说这个数里有{'、'.join(each.name for each in others)}的，仍照填写的数读取：是否重复计入？"
            expected = "各单位只填自己的数；确实如此的不必改"
            office = context.scheme.metrics[name].office
            context.log.warning(
                "remark-against", message, record.spot("note"), expected=expected, unit=unit, office=office
            )


def _scoring_share(part: str, whole: str, unit: Unit, context: Context) -> Item | None:
    """The first of the unit's indicators that scores the one as a share of the other."""
    return next(
        (each for each in context.applicable(unit) if (part, whole) in context.facts(unit, each.id).shares), None
    )


def _tell_zero(
    what: str, mended: str, unit: Unit, metric: Metric, items: Iterable[Item], context: Context, at: Spot = NOWHERE
) -> None:
    """`what` is 0; from an indicator a unit can be exempted, not from what its total or grade rests on."""
    ids = list(dict.fromkeys(item.id for item in items))
    listed = "、".join(ids)
    message, expected = f"{what}为 0，{listed} 以它为分母，无法计算", mended
    if context.scheme.indicators.keys() >= {*ids}:
        message += f"；如 {listed} 不适用于该单位，请在“不适用”表中登记"
        expected += "，或在“不适用”表中登记"
    about = {"unit": unit.unit_id, "indicator": ids[0], "office": metric.office}
    context.log.error("zero-denominator", message, at, expected=expected, **about)
