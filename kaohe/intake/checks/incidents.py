"""Incidents: where they cost points, and how many."""

from __future__ import annotations

import datetime
from collections import defaultdict

from kaohe.intake.checks.achievements import MOST_COMPARED, in_window, tell_outside
from kaohe.intake.checks.context import Context
from kaohe.intake.checks.likeness import LONG, is_slip, likeness
from kaohe.intake.tables.remarks import times_said
from kaohe.intake.tables.vocabulary import Record
from kaohe.rules.achievements import normal_title
from kaohe.rules.evidence import Incident
from kaohe.rules.happened import Events
from kaohe.rules.judged import Incidents
from kaohe.rules.wording import number as say


def incident(record: Record) -> Incident:
    """The row as the rules count it; a deduction is a positive number, however it was entered."""
    points = record["points"]
    return Incident(
        unit=record.unit,
        indicator=record.subject,
        date=record["date"],
        count=record["count"],
        points=None if points is None else abs(points),
        note=record["note"],
        place=record.place,
        period=record["period"] or "",
        class_=record["class"] or "",
    )


def _class_fits(record: Record, rule: Events, context: Context, about: dict[str, str]) -> bool:
    """An event is of a class that counts here, or of none where events without one count."""
    known = record["class"] in rule.classes if record["class"] else rule.each is not None
    if not known:
        expected = "、".join([*rule.classes, *(["空白"] if rule.each is not None else [])])
        message = "这项指标没有这一类事件" if record["class"] else "没有写明是哪一类事件"
        context.log.error("bad-class", message, record.spot("class"), expected=expected, **about)
    return known


def check_incident(record: Record, context: Context) -> bool:
    """One event that costs points."""
    unit = context.unit_of(record)
    if unit is None or not context.applies(record, unit, "扣分事件"):
        return False
    indicator = context.scheme.indicators[record.subject]
    about = {"unit": record.unit, "indicator": indicator.id, "office": indicator.office or ""}
    facts = context.facts(unit, indicator.id)
    rule = facts.incidents
    if not facts.happenings:
        name = f"{indicator.id} {indicator.name}"
        message = f"{name}没有按事件扣分的规定"
        context.log.error("no-deductions", message, record.spot("indicator"), expected="有扣分规定的指标", **about)
        return False
    if record["count"] < 0:
        context.log.error("out-of-range", "次数为负", record.spot("count"), expected="≥ 0 的整数", **about)
        return False
    if record["count"] == 0:
        message = "次数为 0，这一行不扣分：是漏填了次数，还是没有这件事？"
        context.log.warning(
            "count-zero", message, record.spot("count"), expected="1 以上的整数；没有的删去这一行", **about
        )
    said = times_said(record["note"] or "")
    if len(said) == 1 and record["count"] not in said and record["count"] != 0:
        message = f"备注说的次数（{next(iter(said))}）与次数列不同，按次数列计"
        context.log.warning("remark-against", message, record.spot("count"), expected="两处一致", **about)
    if record["count"].denominator != 1:
        context.log.warning("not-whole", "次数应为整数", record.spot("count"), expected="整数", **about)
    if rule is None:
        tell_outside(record, context, "扣分事件")
        return facts.events is not None and _class_fits(record, facts.events, context, about)
    fits = (
        _discretion_fits(record, rule, context, about)
        if rule.discretionary
        else _price_fits(record, rule, context, about)
    )
    if fits:
        tell_outside(record, context, "扣分事件")
    return fits


def _discretion_fits(record: Record, rule: Incidents, context: Context, about: dict[str, str]) -> bool:
    """The panel's deduction for one event lies between the printed figures."""
    least, most = rule.least or 0, rule.most or 0
    points = record["points"]
    fits = True
    if points is None or not least <= abs(points) <= most:
        problem = "酌情扣分没有填分值" if points is None else "酌情扣分超出范围"
        expected = f"{say(least)}～{say(most)}"
        code = "blank" if points is None else "out-of-range"
        context.log.error(code, problem, record.spot("points"), expected=expected, **about)
        fits = False
    if record["count"] != 1:
        message = "酌情扣分的事件每行一起"
        context.log.error("bad-count", message, record.spot("count"), expected="1", **about)
        fits = False
    return fits


def _price_fits(record: Record, rule: Incidents, context: Context, about: dict[str, str]) -> bool:
    """Points entered beside a fixed price must be that price."""
    points, price = record["points"], (rule.each or 0) * record["count"]
    if points is None or abs(points) == price:
        return True
    message = f"分值与规定不符：每起扣 {say(rule.each or 0)} 分，{say(record['count'])} 起共 {say(price)} 分"
    context.log.error("wrong-price", message, record.spot("points"), expected=f"{say(price)}，或不填", **about)
    return False


def check_sums(records: list[Record], context: Context) -> None:
    """What the panel deducts at its discretion over the year stays within the printed figure."""
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if in_window(record["date"], record.subject, context):
            groups[record.unit, record.subject].append(record)
    for (unit, name), group in groups.items():
        indicator = context.scheme.indicators[name]
        rule = context.facts(context.units[unit], name).incidents
        if rule is None or rule.most is None:
            continue
        total = sum(abs(record["points"]) for record in group)
        if total > rule.most:
            places = "、".join(record.place for record in group)
            message = f"{indicator.id} {indicator.name}全年酌情扣分合计 {say(total)}，超出 {say(rule.most)}（{places}）"
            about = {"unit": unit, "indicator": name, "office": indicator.office or ""}
            expected = f"合计不超过 {say(rule.most)}"
            context.log.error("out-of-range", message, group[-1].spot("points"), expected=expected, **about)


def tell_twice(records: list[Record], context: Context) -> None:
    """Events of a unit that are probably one: on one day and nearly the same words, or the same words a digit apart."""
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        groups[record.unit, record.subject].append(record)
    for group in groups.values():
        for place, record in enumerate(group[:MOST_COMPARED]):
            known = next((each for each in group[:place] if _same_event(each, record)), None)
            if known is not None:
                said = f"{known['date']} {known['note'] or ''}".strip()
                message = f"与{known.place}的事件（{said}）几乎一样，现各扣一次：是否同一事件？"
                about = {"unit": record.unit, "indicator": record.subject}
                office = context.scheme.indicators[record.subject].office or ""
                at, expected = record.spot("note"), "每起事件填一行"
                context.log.warning("similar-incident", message, at, expected=expected, office=office, **about)


def _same_event(one: Record, other: Record) -> bool:
    """Of one day with words that are alike, or with the same words on two days that differ by a digit."""
    words = one["note"] or "", other["note"] or ""
    if one["date"] == other["date"]:
        if words[0] == words[1]:  # each row of a sheet is an event, also where two are the same
            return False
        return bool(likeness(*words)) or is_slip(*map(normal_title, words))
    return words[0] == words[1] and len(words[0]) >= LONG and _digits_apart(one["date"], other["date"]) == 1


def _digits_apart(one: datetime.date, other: datetime.date) -> int:
    return sum(a != b for a, b in zip(str(one), str(other), strict=True))
