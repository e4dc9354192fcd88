"""Lists of which nobody knows how long they should be: whether one was forgotten, or has nothing to say.

Without rows of 成果 an indicator that counts them is 0, without rows of 扣分事件 nothing is deducted; neither looks
wrong. An office that has nothing to list says so by a nil report, and is not asked any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kaohe.intake.checks.context import Context
from kaohe.intake.sheets.cells import plain
from kaohe.intake.tables.data import NilReport, Unit
from kaohe.intake.tables.vocabulary import NIL_REPORTS, TABLES, Record, lists
from kaohe.intake.year.lastyear import LastYear
from kaohe.scheme import Item
from kaohe.scheme.years import year_said

MOST_UNITS = 12
"""Units that a finding lists."""


def _answer(context: Context) -> str:
    """How an office says that there is nothing."""
    called = context.scheme.offices_called
    table = TABLES[NIL_REPORTS].chinese
    return f"确实没有的登记{table}（kaohe import --office {called} --nothing-to-report，或“{table}”表）"


@dataclass(frozen=True)
class Listed:
    """An indicator that rests on a list, and the units it is asked of."""

    table: str
    indicator: Item
    office: str
    units: tuple[Unit, ...]

    @property
    def name(self) -> str:
        return f"{self.indicator.id} {self.indicator.name}"


def list_items(context: Context) -> list[Listed]:
    """What rests on lists this year, in the scheme's order."""
    silences = {table.name: table.silence for table in lists() if table.silence is not None}
    found: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in context.units.values():
        for indicator in context.applicable(unit):
            facts = context.facts(unit, indicator.id)
            for name, silence in silences.items():
                if silence.rests(indicator, facts):
                    found[name, indicator.id].append(unit)
    return [
        Listed(table, indicator, indicator.office or context.office, tuple(found[table, name]))
        for table in silences
        for name, indicator in context.scheme.indicators.items()
        if (table, name) in found
    ]


def is_part(office: str, of: str) -> bool:
    """Whether an office is part of another, as its name says; both `plain`: `党委组织部(人事处)` is of either."""
    return office.startswith(f"{of}(") or office.endswith(f"({of})")


def items_of(office: str, items: Iterable[Listed]) -> list[Listed]:
    """Those that an office, or the parts of one above several, supplies."""
    mine = plain(office)
    return [each for each in items if plain(each.office) == mine or is_part(plain(each.office), mine)]


def is_answered(item: Listed, unit: str | None, reports: Iterable[NilReport]) -> bool:
    """Whether an office has said that there is nothing: of the item altogether (`unit` None), or of a unit."""
    return any(
        each.indicator in (None, item.indicator.id)
        and each.unit in (None, unit)
        and (each.indicator is not None or items_of(each.office, [item]))
        for each in reports
    )


def nil_report(record: Record) -> NilReport:
    """A row as a nil report."""
    return NilReport(record["office"], record["indicator"], record["unit_id"])


def check_nil_report(record: Record, context: Context) -> bool:
    """An office must be known, and the indicator one of those that it lists rows about."""
    if record.unit and context.unit_of(record) is None:
        return False
    items = list_items(context)
    mine = items_of(record["office"], items)
    if not mine:
        known = "、".join(dict.fromkeys(each.office for each in items))
        message = f"没有名为 {record['office']} 的填报单位，或它没有逐条填报的表"
        context.log.error("unknown-office", message, record.spot("office"), expected=f"以下之一：{known}")
        return False
    if record["indicator"] and record["indicator"] not in {each.indicator.id for each in mine}:
        indicator = context.scheme.indicators[record["indicator"]]
        message = f"{indicator.id} {indicator.name}不由{record['office']}逐条填报，不用零报告"
        expected = f"{'、'.join(dict.fromkeys(each.indicator.id for each in mine))}，或不填（全部）"
        context.log.error("nil-report", message, record.spot("indicator"), expected=expected)
        return False
    return True


def tell_silent_lists(tables: Mapping[str, list[Record]], last: LastYear, context: Context) -> None:
    """Asks about every item without rows, and every unit that had some last year, unless an office has answered."""
    reports = [nil_report(each) for each in tables[NIL_REPORTS]]
    items = list_items(context)
    silent: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    for item in items:
        counts = _rows(item, tables, context)
        if not counts:
            open_units = [unit for unit in item.units if not is_answered(item, unit.unit_id, reports)]
            if open_units and not is_answered(item, None, reports):
                silent[item.table, item.office].append(item)
        elif (silence := TABLES[item.table].silence) is not None and silence.by_unit:
            _tell_fallen_silent(item, counts, reports, last, context)
    for (table, office), found in silent.items():
        if (table, "") not in {(name, subject) for name, _, subject in context.spoiled}:
            _tell_silent(table, office, found, last, context)
    _tell_contradicted(tables, items, context)


def _rows(item: Listed, tables: Mapping[str, list[Record]], context: Context) -> dict[str, int]:
    """Unit → rows about the item, those in error included."""
    counts: dict[str, int] = defaultdict(int)
    for record in tables[item.table]:
        if record.subject == item.indicator.id:
            counts[record.unit] += 1
    for table, unit, subject in context.spoiled:
        if (table, subject) == (item.table, item.indicator.id):
            counts[unit] += 1
    return counts


def _tell_silent(table: str, office: str, found: list[Listed], last: LastYear, context: Context) -> None:
    """One finding an office: no achievement at all is worth a warning, no incident may well be true."""
    names = "、".join(each.name for each in found)
    before = sum(last.rows(table, unit.unit_id, each.indicator.id) for each in found for unit in each.units)
    then = f"（{year_said(last.year)}有 {before} 行）" if before else ""
    chinese = TABLES[table].chinese
    expected = f"“{chinese}”表中的行；{_answer(context)}"
    indicator = found[0].indicator.id if len(found) == 1 else ""
    silence = TABLES[table].silence
    assert silence is not None
    message = silence.says.format(office=office, table=chinese, items=names, then=then)
    tell = context.log.warning if silence.severity == "warning" else context.log.advisory
    tell(silence.code, message, expected=expected, office=office, indicator=indicator)


def _tell_fallen_silent(
    item: Listed, counts: Mapping[str, int], reports: list[NilReport], last: LastYear, context: Context
) -> None:
    """Others have rows; these had some last year."""
    before = {unit.unit_id: last.rows(item.table, unit.unit_id, item.indicator.id) for unit in item.units}
    gone = [
        unit
        for unit in item.units
        if before[unit.unit_id] and not counts.get(unit.unit_id) and not is_answered(item, unit.unit_id, reports)
    ]
    if not gone:
        return
    listed = "、".join(f"{unit.unit_id} {unit.name}（{before[unit.unit_id]} 行）" for unit in gone[:MOST_UNITS])
    more = f" 等 {len(gone)} 个单位" if len(gone) > MOST_UNITS else ""
    chinese = TABLES[item.table].chinese
    message = f"{item.office}没有报{listed}{more}的 {item.name}{chinese}，{year_said(last.year)}却有：请确认不是漏报"
    context.log.warning(
        "unit-without-rows",
        message,
        expected=f"“{chinese}”表中的行；{_answer(context)}",
        office=item.office,
        indicator=item.indicator.id,
        unit=gone[0].unit_id if len(gone) == 1 else "",
    )


def _tell_contradicted(tables: Mapping[str, list[Record]], items: list[Listed], context: Context) -> None:
    """A nil report beside rows: one of both is out of date."""
    for record in tables[NIL_REPORTS]:
        report = nil_report(record)
        mine = [item for item in items if is_answered(item, report.unit, [report])]
        counts = {item.name: _rows(item, tables, context) for item in mine}
        there = {
            name: sum(count for unit, count in units.items() if report.unit in (None, unit))
            for name, units in counts.items()
        }
        told = "、".join(f"{name} {count} 行" for name, count in there.items() if count)
        if told:
            message = f"{report.office}登记了零报告，表里却有：{told}"
            expected = "撤掉零报告，或撤掉这些行；只有一部分没有的，零报告写明指标和单位"
            context.log.warning("nil-report", message, record.spot("office"), expected=expected, office=report.office)
