"""Metrics: whether the unit needs them, whole numbers, denominators that are zero, parts beside their whole."""

from __future__ import annotations

from collections.abc import Mapping

from kaohe.intake.checks.desk import Desk
from kaohe.intake.data import Key, Unit
from kaohe.intake.drafts import Record
from kaohe.scheme import Item


def check_metric(record: Record, desk: Desk) -> bool:
    """One metric of one unit; its range was held when it was read."""
    unit = desk.unit_of(record)
    if unit is None:
        return False
    name = record["metric"]
    metric = desk.scheme.metrics[name]
    about = {"unit": unit.unit_id, "office": metric.office}
    if metric.kind == "count" and record["value"].denominator != 1:
        message = f"{metric.name}应为整数"
        desk.log.warning("not-whole", message, record.spot("value"), expected="整数", **about)
    used = desk.users(unit, name)
    if not any(desk.standing(unit, each) == "applies" for each in used):
        why = f"只有 {'、'.join(used)} 用到，本学年不考核该单位" if used else "没有一个适用的指标用到"
        message = f"{unit.name}不需要{metric.name}：{why}"
        desk.log.warning("metric-not-needed", message, record.spot("value"), expected="不填", **about)
    return True


def check_denominators(metrics: Mapping[Key, Record], desk: Desk) -> set[Key]:
    """A ratio of the unit's own cannot be taken where its denominator is 0; these figures are no use."""
    zero: set[Key] = set()
    for unit in desk.units.values():
        users: dict[str, list[Item]] = {}
        for indicator in desk.applicable(unit):
            for name in desk.facts(unit, indicator.id).denominators:
                users.setdefault(name, []).append(indicator)
        for name, indicators in users.items():
            record = metrics.get((unit.unit_id, name))
            if record is not None and record["value"] == 0:
                _tell_zero(record, unit, indicators, desk)
                zero.add((unit.unit_id, name))
    return zero


def tell_larger_parts(metrics: Mapping[Key, Record], desk: Desk) -> None:
    """A part larger than its whole is asked about: both are well-formed, and one of them is wrong."""
    for (unit, name), record in metrics.items():
        metric = desk.scheme.metrics[name]
        whole = metrics.get((unit, metric.part_of or ""))
        if whole is None or record["value"] <= whole["value"]:
            continue
        of, there = desk.scheme.metrics[whole["metric"]].name, whole.spot("value")
        message = f"{metric.name}多于{of}（{there.value}，{whole.place}“{there.column}”列），请核对两处"
        at, about = record.spot("value"), {"unit": unit, "office": metric.office, "expected": f"不多于{of}"}
        scored = _scoring_share(name, whole["metric"], desk.units[unit], desk)
        if scored is not None:
            message += f"；{scored.id} {scored.name}按比例计分，照此会超过 100%"
            about["indicator"] = scored.id
        desk.log.warning("larger-part", message, at, **about)


def _scoring_share(part: str, whole: str, unit: Unit, desk: Desk) -> Item | None:
    """The first of the unit's indicators that scores the one as a share of the other."""
    return next((each for each in desk.applicable(unit) if (part, whole) in desk.facts(unit, each.id).shares), None)


def _tell_zero(record: Record, unit: Unit, indicators: list[Item], desk: Desk) -> None:
    metric = desk.scheme.metrics[record["metric"]]
    ids = list(dict.fromkeys(indicator.id for indicator in indicators))
    listed = "、".join(ids)
    desk.log.error(
        "zero-denominator",
        f"{unit.name}的{metric.name}为 0，{listed} 以它为分母，无法计算；"
        f"如 {listed} 不适用于该单位，请在“不适用”表中登记",
        record.spot("value"),
        expected="大于 0 的数，或在“不适用”表中登记",
        unit=unit.unit_id,
        indicator=ids[0],
        office=metric.office,
    )
