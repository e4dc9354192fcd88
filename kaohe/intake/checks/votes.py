"""民主测评 and 领导评价."""

from __future__ import annotations

from fractions import Fraction

from kaohe.intake.checks.desk import Desk
from kaohe.intake.drafts import Record
from kaohe.rules.wording import number as say


def check_ballot(record: Record, desk: Desk) -> bool:
    """Ballots are counted: whole numbers, at least one of them."""
    unit = desk.unit_of(record)
    if unit is None:
        return False
    about = {"unit": unit.unit_id, "office": desk.office}
    counts = ("excellent", "qualified", "unqualified")
    wrong = [name for name in counts if record[name] < 0 or record[name].denominator != 1]
    for name in wrong:
        desk.log.error("bad-ballot", "票数有误", record.spot(name), expected="不小于 0 的整数", **about)
    if not wrong and not any(record[name] for name in counts):
        spot = record.spot("excellent")
        desk.log.error("no-ballots", f"{unit.name}的三项票数都是 0", spot, expected="至少 1 票", **about)
        return False
    return not wrong


def check_leader(record: Record, desk: Desk) -> bool:
    """A leader's score of a unit."""
    unit = desk.unit_of(record)
    if unit is None:
        return False
    marks = [rule for rule in desk.scheme.votes_on(unit.category).values() if rule.definition.paper == "marks"]
    highest = min((most for rule in marks if (most := rule.most) is not None), default=Fraction(100))
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
