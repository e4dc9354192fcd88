"""民主测评 and 领导评价."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from statistics import median

from kaohe.intake.checks.desk import Desk
from kaohe.intake.drafts import Record
from kaohe.rules.components import Leaders
from kaohe.rules.wording import number as say

COUNTS = ("excellent", "qualified", "unqualified")
FEW = 2
"""So many other units tell how many vote."""
MANY = 5
"""So many times as many as usual is a slip."""


def check_ballot(record: Record, desk: Desk) -> bool:
    """Ballots are counted: whole numbers, at least one of them."""
    unit = desk.unit_of(record)
    if unit is None:
        return False
    about = {"unit": unit.unit_id, "office": desk.office}
    wrong = [name for name in COUNTS if record[name] < 0 or record[name].denominator != 1]
    for name in wrong:
        desk.log.error("bad-ballot", "票数有误", record.spot(name), expected="不小于 0 的整数", **about)
    if not wrong and not any(record[name] for name in COUNTS):
        spot = record.spot("excellent")
        desk.log.error("no-ballots", f"{unit.name}的三项票数都是 0", spot, expected="至少 1 票", **about)
        return False
    return not wrong


def tell_totals(ballots: Mapping[str, Record], desk: Desk) -> None:
    """A unit for which several times as many voted as for the others: a digit too many."""
    totals = {unit: sum((record[name] for name in COUNTS), Fraction(0)) for unit, record in ballots.items()}
    for unit, total in totals.items():
        others = [each for other, each in totals.items() if other != unit]
        usual = median(others) if len(others) >= FEW else None
        if usual is None or not (total >= MANY * usual or total * MANY <= usual):
            continue
        record = ballots[unit]
        name = max(COUNTS, key=lambda each: record[each])
        message = f"三项票数合计 {say(total)}，其他单位一般为 {say(usual, 0)}：是否多写、少写了一位？"
        expected = "各单位的票数相差不会这样多；确实如此的不必改"
        desk.log.warning("votes-total", message, record.spot(name), expected=expected, unit=unit, office=desk.office)


def check_leader(record: Record, desk: Desk) -> bool:
    """A leader's score of a unit."""
    unit = desk.unit_of(record)
    if unit is None:
        return False
    rule = desk.scheme.groups[desk.scheme.group_of(unit.category)].leaders.rule
    highest = rule.out_of if isinstance(rule, Leaders) else 100
    if not 0 <= record["score"] <= highest:
        desk.log.error(
            "out-of-range",
            "领导评分超出范围",
            record.spot("score"),
            expected=f"0～{say(highest)}",
            unit=unit.unit_id,
            office=desk.office,
        )
        return False
    return True


def check_roles(records: list[Record], desk: Desk) -> None:
    """A leader is 正职 or 副职, the same for every unit."""
    first: dict[str, Record] = {}
    for record in records:
        known = first.setdefault(record["leader"], record)
        if known["role"] != record["role"] and desk.first_time("role", record["leader"]):
            message = f"校领导 {record['leader']} 的职务前后不一：{known.place}为“{known.spot('role').value}”"
            desk.log.warning("leader-role", message, record.spot("role"), expected="同一职务", office=desk.office)
