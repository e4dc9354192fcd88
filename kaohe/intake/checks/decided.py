"""Declarations, vetoes, awards and exemptions."""

from __future__ import annotations

from kaohe.intake.checks.desk import Desk
from kaohe.intake.rows import Record


def check_known_unit(record: Record, desk: Desk) -> bool:
    """A row that only has to be of a unit of this year."""
    return desk.unit_of(record) is not None


def check_exemption(record: Record, desk: Desk) -> bool:
    """An exemption takes an indicator from a unit that would have it; otherwise it changes nothing."""
    unit = desk.unit_of(record)
    if unit is None:
        return False
    indicator = desk.scheme.indicators[record["indicator"]]
    if desk.standing(unit, indicator.id) != "applies":
        message = f"{indicator.id} {indicator.name}本来就不考核{unit.name}，这一行不起作用"
        desk.log.warning(
            "exemption-without-effect",
            message,
            record.spot("indicator"),
            expected="适用于该单位的指标",
            unit=unit.unit_id,
            indicator=indicator.id,
        )
    return True
