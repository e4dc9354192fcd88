"""What is declared and decided: declarations, vetoes, awards, exemptions, and grades settled by decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kaohe.intake.checks.context import Context
from kaohe.intake.tables.vocabulary import Record
from kaohe.scheme import Scheme


def check_dated(record: Record, context: Context) -> bool:
    """A row of a unit of this year about something that happened within it; it counts all the same."""
    if context.unit_of(record) is None:
        return False
    first, last = context.scheme.window.days(context.year)
    said = context.scheme.year.spoken.this
    if record["date"] is not None and not first <= record["date"] <= last:
        message = f"{record.table.chinese}的日期不在{said}统计时段内，请核实是否属于{said}；登记的仍照常计"
        expected = f"{first}～{last}（{context.scheme.window.clause}）"
        context.log.warning("outside-window", message, record.spot("date"), expected=expected, unit=record.unit)
    return True


def check_decision(record: Record, context: Context) -> bool:
    """What was decided of a unit's grade: never before the year began."""
    return _not_before(record, "decided_on", "审议决定的日期", context)


def check_received(record: Record, context: Context) -> bool:
    """A self-assessment report of a unit of this year: never received before the year began."""
    return _not_before(record, "received_on", "自查报告的收到日期", context)


def _not_before(record: Record, column: str, what: str, context: Context) -> bool:
    """Of a unit of this year; a day before the year began is asked about."""
    if context.unit_of(record) is None:
        return False
    first, _ = context.scheme.window.days(context.year)
    if record[column] < first:
        spot, expected = record.spot(column), f"{first} 以后的日期"
        context.log.warning(
            "outside-window", f"{what}早于{context.scheme.year.spoken.this}", spot, expected=expected, unit=record.unit
        )
    return True


def check_decisions(records: list[Record], vetoes: Iterable[Record], context: Context) -> list[Record]:
    """Those that the regulation allows: none that a veto bars; more of the best grade than places are told."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for record in vetoes:
        kinds[record.unit].append(record["kind"])
    allowed, best = [], defaultdict(list)
    for record in records:
        barred = barred_grades(context.scheme, kinds[record.unit])
        if record["grade"] in barred:
            _tell_vetoed(record, barred, context)
            context.reject(record)
            continue
        if context.scheme.top is not None and record["grade"] == context.scheme.top.key:
            best[context.scheme.group_of(context.units[record.unit].category)].append(record)
        allowed.append(record)
    for key, found in best.items():
        group, places, top = context.scheme.groups[key], context.scheme.places(key), context.scheme.top
        if top is not None and places is not None and len(found) > places:
            message = f"审议定为{top.name}的{group.name}有 {len(found)} 个，名额只有 {places} 个"
            expected = f"不超过 {places} 个（{top.clause}）"
            context.log.warning("too-many-excellent", message, found[-1].spot("grade"), expected=expected)
    return allowed


def barred_grades(scheme: Scheme, kinds: Iterable[str]) -> set[str]:
    """Grades that a unit with vetoes of these kinds cannot have, whatever its points."""
    grades = scheme.results.grades
    found: set[str] = set()
    for kind in kinds:
        effect = scheme.results.vetoes[kind].effect
        found |= set(effect.bars)
        if effect.fails:
            found |= {grade.key for grade in grades if grade.role != "fail"}
        if effect.at_best is not None:
            keys = [grade.key for grade in grades]
            found |= set(keys[: keys.index(effect.at_best)]) if effect.at_best in keys else set()
    return found


def _tell_vetoed(record: Record, barred: set[str], context: Context) -> None:
    clause = context.scheme.results.clauses.get("veto", "")
    unit = context.units[record.unit]
    grade = context.scheme.results.grade[record["grade"]].name
    message = f"{unit.name}有否决事项，不能审议为{grade}{f'（{clause}）' if clause else ''}"
    others = "或".join(grade.name for grade in context.scheme.results.grades if grade.key not in barred)
    expected = f"{others}；否决事项登记有误的先改正那张表"
    context.log.error("decision-against-veto", message, record.spot("grade"), expected=expected, unit=record.unit)


def check_exemption(record: Record, context: Context) -> bool:
    """An exemption takes an indicator from a unit that would have it; otherwise it changes nothing."""
    unit = context.unit_of(record)
    if unit is None:
        return False
    indicator = context.scheme.indicators[record["indicator"]]
    if context.applicability(unit, indicator.id) != "applies":
        message = f"{indicator.id} {indicator.name}本来就不考核{unit.name}，这一行不起作用"
        context.log.warning(
            "exemption-without-effect",
            message,
            record.spot("indicator"),
            expected="适用于该单位的指标",
            unit=unit.unit_id,
            indicator=indicator.id,
        )
    return True
