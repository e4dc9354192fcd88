"""Numbers the text names without a deduction: full marks or no incident although they were missed."""

from __future__ import annotations

from kaohe.intake.checks.achievements import in_window
from kaohe.intake.checks.context import Context, Kept
from kaohe.intake.tables.data import Unit
from kaohe.intake.tables.vocabulary import Record
from kaohe.rules.wording import Term, quantity
from kaohe.scheme import Check, Item


def check_targets(kept: Kept, context: Context) -> None:
    """For every unit and indicator with such numbers."""
    for unit in context.units.values():
        for indicator in context.applicable(unit):
            missed = _missed(indicator, unit, kept)
            if not missed:
                continue
            incidents = context.facts(unit, indicator.id).incidents
            if incidents is not None and incidents.discretionary:
                _tell_no_incident(indicator, unit, missed, kept, context)
            else:
                _tell_full_marks(indicator, unit, missed, kept, context)


def _missed(indicator: Item, unit: Unit, kept: Kept) -> list[tuple[Check, Record]]:
    missed = []
    for check in indicator.checks:
        record = kept.metrics.get((unit.unit_id, check.metric))
        if record is not None and check.concerns(unit.category, unit.traits) and not check.met(record["value"]):
            missed.append((check, record))
    return missed


def _says(missed: list[tuple[Check, Record]], context: Context) -> tuple[str, str]:
    """What was reached, and what the text asks."""
    reached, asked = [], []
    for check, record in missed:
        metric = context.scheme.metrics[check.metric]
        term = Term(metric.name, metric.unit)
        sign, bound = check.bound
        reached.append(f"{metric.name} {quantity(record['value'], term, apart_from=[bound])}")
        asked.append(f"{metric.name} {sign}{quantity(bound, term)}")
    return "、".join(dict.fromkeys(reached)), "、".join(asked)


def _tell_full_marks(
    indicator: Item, unit: Unit, missed: list[tuple[Check, Record]], kept: Kept, context: Context
) -> None:
    judged = context.facts(unit, indicator.id).judged
    ratings = kept.ratings.get((unit.unit_id, indicator.id))
    if judged is None or not ratings:
        return
    highest = judged.highest_rating(indicator.printed_full)
    if any(rating["points"] != highest for rating in ratings):
        return
    reached, asked = _says(missed, context)
    message = f"{unit.name}的 {indicator.id} {indicator.name}评为满分，而 {reached}，没有达到 {asked}"
    context.log.warning(
        "full-marks-target-missed",
        message,
        missed[0][1].spot("value"),
        expected=asked,
        unit=unit.unit_id,
        indicator=indicator.id,
        office=indicator.office or "",
    )


def _tell_no_incident(
    indicator: Item, unit: Unit, missed: list[tuple[Check, Record]], kept: Kept, context: Context
) -> None:
    """The panel should have decided on a deduction."""
    rows = kept.incidents.get((unit.unit_id, indicator.id), [])
    if any(in_window(row["date"], indicator.id, context) for row in rows):
        return
    reached, asked = _says(missed, context)
    context.log.warning(
        "no-incident-row",
        f"{unit.name}的{reached}，没有达到 {asked}，而 {indicator.id} {indicator.name}没有酌情扣分的记录",
        missed[0][1].spot("value"),
        expected="“扣分事件”表中有一行酌情扣分",
        unit=unit.unit_id,
        indicator=indicator.id,
        office=indicator.office or "",
    )
