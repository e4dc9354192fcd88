"""Ratings and self scores: of what they may be, and between which bounds."""

from __future__ import annotations

from fractions import Fraction

from kaohe.intake.checks.context import Context
from kaohe.intake.tables.vocabulary import Record
from kaohe.rules.wording import number as say


def check_rating(record: Record, context: Context) -> bool:
    """One rater's points for one unit and indicator."""
    unit = context.unit_of(record)
    if unit is None or not context.applies(record, unit, "评分"):
        return False
    indicator = context.scheme.indicators[record["indicator"]]
    about = {"unit": unit.unit_id, "indicator": indicator.id, "office": indicator.office or ""}
    judged = context.facts(unit, indicator.id).judged
    if judged is None:
        message = f"{indicator.id} {indicator.name}按数据计算，不能评分"
        context.log.error(
            "rating-of-computed", message, record.spot("indicator"), expected="由评分人评分的指标", **about
        )
        return False
    points, highest, least = record["points"], judged.highest_rating(indicator.printed_full), judged.nothing_or_from
    if not judged.least <= points <= highest or (least is not None and 0 < points < least):
        expected = f"0 或 {say(least)}～{say(highest)}" if least is not None else f"{say(judged.least)}～{say(highest)}"
        message = f"{indicator.id} {indicator.name}的评分超出范围"
        context.log.error("out-of-range", message, record.spot("points"), expected=expected, **about)
        return False
    return True


def check_self_score(record: Record, context: Context) -> bool:
    """A unit's own score: on the raters' scale, or in points where the indicator is computed."""
    unit = context.unit_of(record)
    if unit is None or not context.applies(record, unit, "自评"):
        return False
    indicator = context.scheme.indicators[record["indicator"]]
    lowest, highest = context.facts(unit, indicator.id).self_score(indicator.printed_full)
    below = lowest is not None and record["points"] < lowest
    if below or (highest is not None and record["points"] > highest):
        expected = _between(lowest, highest)
        context.log.error(
            "out-of-range",
            f"{indicator.id} {indicator.name}的自评超出范围",
            record.spot("points"),
            expected=expected,
            unit=unit.unit_id,
            indicator=indicator.id,
        )
        return False
    return True


def _between(lowest: Fraction | None, highest: Fraction | None) -> str:
    if lowest is None or highest is None:
        return f"≥ {say(lowest)}" if lowest is not None else f"≤ {say(highest or Fraction(0))}"
    return f"{say(lowest)}～{say(highest)}"
