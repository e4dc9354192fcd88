"""What raw rows are different between two readings of a year: each a correction that can be made by itself."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from kaohe.analysis.whatif import policies_with, row_name, row_texts
from kaohe.intake import Intake
from kaohe.intake.tables.data import YearData
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.sourcerows import Row, decimal_text, rows_of, with_items
from kaohe.intake.tables.vocabulary import TABLES, changeable
from kaohe.intake.year.folder import YEAR_FILE
from kaohe.scheme.policies import PolicyValue
from kaohe.scheme.years import spoken

Supposed = Callable[[Intake], Intake]
"""Makes one correction in the earlier reading; ScenarioError where it cannot stand by itself."""

PLAIN = {TABLES["metrics"].column["value"].header, TABLES["ratings"].column["points"].header}
"""Columns that need no name beside the row's."""

MOST = 60
"""More corrections than this are tried unit by unit and table by table: each costs a scoring of the year."""


@dataclass(frozen=True)
class Cell:
    """One raw cell (or a whole row, `column` empty) as it was and is; `place` where it now stands, or stood.

    `subject`: the metric or indicator it is about, empty for votes and the like.
    """

    table: str
    unit: str
    row: str
    column: str
    before: str
    after: str
    place: str
    subject: str = ""

    @property
    def said(self) -> str:
        """`专任教师数 60 → 4`, `某成果：增加一行`."""
        about = self.row.removeprefix(self.subject).strip() or self.table
        if not self.column:
            return f"{about}：{'增加一行' if self.after else '删去一行'}"
        column = "" if self.column in PLAIN else f"的{self.column}"
        return f"{about}{column} {self.before or '（空）'} → {self.after or '（空）'}"


@dataclass(frozen=True)
class Correction:
    """What is corrected together: the cells of one row, or of one table of a unit. `made` puts it into effect."""

    name: str
    unit: str
    cells: tuple[Cell, ...]
    made: Supposed


def corrections(earlier: Intake, later: Intake) -> list[Correction]:
    """Row by row; where there are very many, by table and unit."""
    found = [*_rows(earlier, later), *_exemptions(earlier, later), *_window(earlier, later), *_readings(earlier, later)]
    return found if len(found) <= MOST else list(_together(found))


def elsewhere(earlier: Intake, later: Intake) -> list[str]:
    """Differences that cannot be made by themselves."""
    assert earlier.data
    assert later.data
    said = []
    before, after = ({unit.unit_id: unit for unit in each.data.units} for each in (earlier, later) if each.data)
    for unit in sorted({*before, *after}):
        then, now = before.get(unit), after.get(unit)
        if then is None and now is not None:
            said.append(f"新增单位 {unit} {now.name}")
        elif now is None and then is not None:
            said.append(f"不再有单位 {unit} {then.name}")
        elif then and now and replace(then, place="") != replace(now, place=""):
            said.append(f"单位 {unit} 的名称、类别或党组织有改动")
    if earlier.scheme != later.scheme:
        said.append("考核方案有改动")
    if earlier.data.self_scores != later.data.self_scores:
        said.append("自评分有改动（不影响得分）")
    others = _beside(later.data)
    return [*said, *(f"{name}有改动" for name, held in _beside(earlier.data).items() if held != others[name])]


def _beside(data: YearData) -> dict[str, Any]:
    """What the year holds that no point rests on, by name, wherever it stands in its files."""
    return {
        TABLES["predecessors"].chinese: data.predecessors,
        TABLES["nil_reports"].chinese: data.nil_reports,
        TABLES["self_reports"].chinese: {unit: replace(row, place="") for unit, row in data.self_reports.items()},
        TABLES["rectifications"].chinese: {unit: replace(row, place="") for unit, row in data.rectifications.items()},
        f"{spoken(data.year).one}说明 {YEAR_FILE} ": replace(data.words, admissions_until=None),
    }


def _rows(earlier: Intake, later: Intake) -> Iterator[Correction]:
    assert earlier.data
    assert later.data
    units = dict.fromkeys(unit.unit_id for each in (later.data, earlier.data) for unit in each.units)
    for table in changeable():
        for unit in units:
            for before, after, cells in _row_by_row(earlier, later, table, unit):
                yield Correction(_name(cells), unit, cells, _row_made(table, unit, before, after))


def changed_rows(earlier: Intake, later: Intake, unit: str) -> Iterator[Cell]:
    """Every cell of a unit's rows that is another, table by table."""
    for table in changeable():
        for _, _, cells in _row_by_row(earlier, later, table, unit):
            yield from cells
    yield from (cell for key, cell in _exempted(earlier, later) if key[0] == unit)


def _row_by_row(
    earlier: Intake, later: Intake, table: str, unit: str
) -> Iterator[tuple[Row | None, Row | None, tuple[Cell, ...]]]:
    """A unit's rows that are different, as they were and are."""
    assert earlier.data
    assert later.data
    assert earlier.scheme
    names = Names(earlier.scheme)
    then = {(row_name(row, names), row.which): row for row in rows_of(earlier.data, table, unit)}
    now = {(row_name(row, names), row.which): row for row in rows_of(later.data, table, unit)}
    for key in dict.fromkeys((*then, *now)):
        before, after = then.get(key), now.get(key)
        cells = tuple(_cells(before, after, unit, names))
        if cells:
            yield before, after, cells


def _cells(before: Row | None, after: Row | None, unit: str, names: Names) -> Iterator[Cell]:
    row = after or before
    assert row
    then, now = (row_texts(each, names) if each else {} for each in (before, after))
    about = " ".join(text for name, text in row_name(row, names) if name != "unit_id" and text)
    about = names_of(about, names)
    subject = row.values.get("metric") or row.values.get("indicator") or ""
    if before is None or after is None:
        shown = "，".join(f"{row.table.column[name].header} {text}" for name, text in (now or then).items() if text)
        was, now_is = (shown if each else "" for each in (before, after))
        yield Cell(row.table.chinese, unit, about, "", was, now_is, row.place, subject)
        return
    for name, column in row.table.column.items():
        if then[name] != now[name]:
            yield Cell(row.table.chinese, unit, about, column.header, then[name], now[name], row.place, subject)


def names_of(about: str, names: Names) -> str:
    """A metric by its Chinese name, what else names a row as it is."""
    metric = names.scheme.metrics.get(about)
    return metric.name if metric else about


def _name(cells: tuple[Cell, ...]) -> str:
    first = cells[0]
    about = f"{first.unit} {first.table} {first.row}".strip()
    if not first.column:
        return f"{about}：{'增加一行' if first.after else '删去一行'}"
    changes = "，".join(f"{cell.column} {cell.before or '（空）'} → {cell.after or '（空）'}" for cell in cells)
    return f"{about}：{changes}"


def _row_made(table: str, unit: str, before: Row | None, after: Row | None) -> Supposed:
    def made(intake: Intake) -> Intake:
        assert intake.data
        items = []
        for row in rows_of(intake.data, table, unit):
            if before is None or row.item is not before.item:
                items.append((row.values, row.item))
            elif after is not None:
                items.append((after.values, after.item))
        if before is None and after is not None:
            items.append((after.values, after.item))
        return replace(intake, data=with_items(intake.data, table, unit, items))

    return made


def _exemptions(earlier: Intake, later: Intake) -> Iterator[Correction]:
    assert later.data
    for key, cell in _exempted(earlier, later):
        yield Correction(_name((cell,)), key[0], (cell,), _exemption_made(key, later.data))


def _exempted(earlier: Intake, later: Intake) -> Iterator[tuple[tuple[str, str], Cell]]:
    """What applies in one of the two alone."""
    assert earlier.data
    assert later.data
    then, now = earlier.data.exemptions, later.data.exemptions
    for key in dict.fromkeys((*then, *now)):
        if (key in then) != (key in now):
            unit, indicator = key
            said = ("适用", "不适用") if key in now else ("不适用", "适用")
            yield key, Cell(TABLES["exemptions"].chinese, unit, indicator, "是否适用", *said, "", indicator)


def _exemption_made(key: tuple[str, str], later: YearData) -> Supposed:
    def made(intake: Intake) -> Intake:
        assert intake.data
        held = {other: reason for other, reason in intake.data.exemptions.items() if other != key}
        new = {key: later.exemptions[key]} if key in later.exemptions else {}
        return replace(intake, data=replace(intake.data, exemptions={**held, **new}))

    return made


def _window(earlier: Intake, later: Intake) -> Iterator[Correction]:
    """The one thing of year.yaml that points rest on: until when materials beyond the window count."""
    assert earlier.data
    assert later.data
    then, now = (each.words.admissions_until for each in (earlier.data, later.data))
    if then != now:
        was, is_now = (day.isoformat() if day else "不设" for day in (then, now))
        cell = Cell(f"{spoken(later.data.year).one}说明", "", "招生材料", "截止日期", was, is_now, YEAR_FILE)
        yield Correction(_name((cell,)), "", (cell,), _window_made(now))


def _window_made(until: datetime.date | None) -> Supposed:
    def made(intake: Intake) -> Intake:
        assert intake.data
        words = replace(intake.data.words, admissions_until=until)
        return replace(intake, data=replace(intake.data, words=words))

    return made


def _readings(earlier: Intake, later: Intake) -> Iterator[Correction]:
    assert earlier.policies
    assert later.policies
    for name, value in later.policies.values.items():
        then = earlier.policies.values.get(name)
        if then is not None and then != value:
            cell = Cell("读法", "", name, "取值", _reading(then), _reading(value), "")
            yield Correction(_name((cell,)), "", (cell,), _reading_made(name, _reading(value)))


def _reading(value: PolicyValue) -> str:
    return decimal_text(value) if isinstance(value, Fraction) else str(value)


def _reading_made(name: str, value: str) -> Supposed:
    return lambda intake: replace(intake, policies=policies_with(intake, {name: value}))


def _together(found: Iterable[Correction]) -> Iterator[Correction]:
    """One correction a table and unit."""
    groups: dict[tuple[str, str], list[Correction]] = {}
    for each in found:
        groups.setdefault((each.cells[0].table, each.unit), []).append(each)
    for (table, unit), mine in groups.items():
        cells = tuple(cell for each in mine for cell in each.cells)
        name = f"{unit} {table}：{len(cells)} 处改动" if len(mine) > 1 else mine[0].name
        yield Correction(name.strip(), unit, cells, _all_made(mine))


def _all_made(mine: list[Correction]) -> Supposed:
    def made(intake: Intake) -> Intake:
        for each in mine:
            intake = each.made(intake)
        return intake

    return made
