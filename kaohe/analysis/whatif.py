"""A scenario put into effect: a year's data with its changes, each entry read and checked as `kaohe check` would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kaohe.analysis.scenario import Change, Scenario, ScenarioError
from kaohe.intake.checks.context import Context
from kaohe.intake.checks.figures import without_zero_divisors
from kaohe.intake.checks.handed_in import missing_inputs
from kaohe.intake.checks.incidents import check_sums
from kaohe.intake.checks.rawtable import raw_table
from kaohe.intake.findings import Finding
from kaohe.intake.places import Log, Spot
from kaohe.intake.reading import Intake
from kaohe.intake.sheets.cells import word
from kaohe.intake.sheets.grid import cell_of_text
from kaohe.intake.tables.data import YearData
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.rows import Rows
from kaohe.intake.tables.sourcerows import Row, cell_text, named_by, rows_of, table_of, with_items
from kaohe.intake.tables.vocabulary import Record, Table, changeable
from kaohe.scheme import Scheme
from kaohe.scheme.policies import Policies, PolicyError, resolve
from kaohe.scheme.years import spoken, year_said

STALE = "scenario-stale"
"""Finding: what the scenario says was there is no longer what is there."""


class RefusedError(ScenarioError):
    """Changes that cannot be made; `by` says which, and for which column."""

    def __init__(self, by: list[tuple[Change | None, str, str]]) -> None:
        self.by = by
        super().__init__(*(message for _, _, message in by))


def apply(intake: Intake, scenario: Scenario) -> Intake:
    """The year as it would be; what is not changed is the same object as before, the files stay as they are.

    RefusedError naming every change that cannot be made: whose row is no longer there, or whose value
    `kaohe check` would call an error. What was there before but reads otherwise now is a warning.
    """
    if scenario.year != intake.year:
        raise ScenarioError(f"试算方案是 {year_said(scenario.year)}的，不能用于 {year_said(intake.year)}")
    bench = Bench(intake, policies_with(intake, scenario.policies))
    data = bench.changed(scenario.changes)
    if bench.refused:
        raise RefusedError(bench.refused)
    rows = any(change.kind != "set" for change in scenario.changes)
    missing = missing_inputs(data, bench.context(Log(), data)) if rows or scenario.policies else intake.missing
    return replace(
        intake, policies=bench.policies, data=data, missing=missing, findings=(*intake.findings, *bench.findings)
    )


def policies_with(intake: Intake, given: Mapping[str, str]) -> Policies:
    """The year's readings with a scenario's over them; RefusedError where they cannot be used."""
    assert intake.scheme
    assert intake.policies
    assert intake.data
    run = {name: intake.policies[name] for name, origin in intake.policies.origin.items() if origin == "run"}
    try:
        return resolve(intake.scheme, intake.data.decisions, {**run, **given})
    except PolicyError as error:
        raise RefusedError([(None, "policies", str(error))]) from None


class Bench:
    """Where a year's rows are changed; collects what is refused and what is to be said."""

    def __init__(self, intake: Intake, policies: Policies) -> None:
        assert intake.scheme
        assert intake.data
        self.scheme: Scheme = intake.scheme
        self.data: YearData = intake.data
        self.policies, self._before = policies, intake.policies
        self.names = Names(self.scheme)
        self.refused: list[tuple[Change | None, str, str]] = []
        self.findings: list[Finding] = []

    def context(self, log: Log, data: YearData, units: Iterable[str] | None = None) -> Context:
        """What the intake's checks work with, for some units or all."""
        wanted = None if units is None else set(units)
        mine = {unit.unit_id: unit for unit in data.units if wanted is None or unit.unit_id in wanted}
        return Context(data.year, self.scheme, self.policies, log, set(), mine, exempt=set(data.exemptions),
                    admissions_until=data.words.admissions_until)  # fmt: skip

    def changed(self, changes: Iterable[Change]) -> YearData:
        """The data with the changes made, unit by unit and table by table."""
        groups: dict[tuple[str, str], list[Change]] = defaultdict(list)
        for change in changes:
            groups[change.table, change.unit].append(change)
        data = self.data
        for (table, unit), mine in groups.items():
            if table not in changeable():
                listed = "、".join(f"{name}（{table_of(data, name).chinese}）" for name in changeable())
                self._refuse(mine[0], "table", f"试算不能改动表 {table}，可以改动的有：{listed}")
            elif data.unit(unit) is None:
                self._refuse(mine[0], "unit_id", f"{spoken(self.data.year).this}没有单位 {unit or '（没有写）'}")
            else:
                data = self._of_unit(data, table, unit, mine)
        self._hold_together(data, groups)
        return data

    def _of_unit(self, data: YearData, name: str, unit: str, changes: list[Change]) -> YearData:
        table = table_of(data, name)
        rows = rows_of(data, name, unit)
        by_name = {(self._about(row), row.which): row for row in rows}
        cells: dict[int, dict[str, Change]] = defaultdict(dict)
        out: set[int] = set()
        items: list[tuple[Mapping[str, Any], Any]] = []
        added: list[Change] = []
        for change in changes:
            if change.kind == "add":
                added.append(change)
                continue
            row = by_name.get((self._named(table, change), change.which))
            if row is None:
                self._refuse(change, "", f"{table.chinese}表中没有这一行：{self._says(change)}")
            elif change.kind == "leave_out":
                out.add(id(row))
            else:
                cells[id(row)][change.column] = change
        for row in rows:
            if id(row) in out:
                continue
            mine = cells.get(id(row))
            record = self._record_of(row, mine) if mine else None
            items.append((record.values, table.record(record)) if record else (row.values, row.item))
        for change in added:
            taken = {tuple(values[key] for key in table.keys) for values, _ in items} if table.keys else set()
            if (new := self._added(table, change, taken)) is not None:
                items.append((new.values, table.record(new)))
        return with_items(data, name, unit, items)

    def _about(self, row: Row) -> tuple[tuple[str, str], ...]:
        return row_name(row, self.names)

    def _named(self, table: Table, change: Change) -> tuple[tuple[str, str], ...]:
        """What names the row that is changed, codes in the words that stand for them; what is left out is blank."""
        said = dict.fromkeys(named_by(table), "") | dict(change.row)
        return tuple((name, self._said(table, name, text)) for name, text in said.items())

    def _said(self, table: Table, name: str, text: str) -> str:
        column = table.column.get(name)
        if column is None or column.kind != "code":
            return text
        code = self.names.codes(table.name, name).get(word(text))
        return text if code is None else self.names.chinese((table.name, name))[code]

    def _record_of(self, row: Row, changes: Mapping[str, Change]) -> Record | None:
        """The row with other cells, as the intake reads it."""
        texts = row_texts(row, self.names)
        for name, change in changes.items():
            column = row.table.column.get(name)
            if column is None or name in named_by(row.table):
                changeable = "、".join(each for each in row.table.column if each not in named_by(row.table))
                self._refuse(change, "column", f"{row.table.chinese}表的 {name} 列不能改动，可以改动的有：{changeable}")
                return None
            if not change.value.strip() and column.blank == "absent":
                self._refuse(change, name, f"{column.header}不能为空；要试算没有上报，请把这一行设为不计入")
                return None
            if change.was != texts[name] and not self._same(row, name, change.was):
                was, now = change.was or "（空）", texts[name] or "（空）"
                message = f"{self._says(change)}的{column.header}已不是方案所记的 {was}，数据中现为 {now}，仍按方案取"
                self.findings.append(Finding("warning", STALE, message, value=now, expected=was, unit=change.unit))
        values = {**texts, **{name: change.value for name, change in changes.items()}}
        return self._read(row.table, values, row.place, list(changes.values()))

    def _same(self, row: Row, column: str, was: str) -> bool:
        """Whether `was` is another way to write what is there."""
        texts = {**row_texts(row, self.names), column: was}
        found = Rows(self.names, Log()).record(row.table, _cells(texts), Spot())
        return found is not None and found[column] == row.values[column]

    def _added(self, table: Table, change: Change, taken: set[tuple[Any, ...]]) -> Record | None:
        unknown = [name for name, _ in change.row if name not in table.column]
        if unknown:
            self._refuse(change, unknown[0], f"{table.chinese}表没有 {unknown[0]} 列，有：{'、'.join(table.column)}")
            return None
        record = self._read(table, dict(change.row), "试算增加的一行", [change])
        if record is not None and record.key in taken and table.keys:
            self._refuse(change, table.keys[-1], f"{table.chinese}表中已有这一行：{self._says(change)}")
            return None
        return record

    def _read(self, table: Table, texts: Mapping[str, str], place: str, changes: list[Change]) -> Record | None:
        log = Log()
        units = [(unit.unit_id, unit.name) for unit in self.data.units]
        record = Rows(self.names, log, units).record(table, _cells(texts), Spot(place))
        if record is not None and not raw_table(table.name).check(record, self._context_for(log, record.unit)):
            record = None
        self._tell(table, log.findings, changes)
        if record is None and not any(finding.severity == "error" for finding in log.findings):
            self._refuse(changes[0], changes[0].column, "这一行缺少必填的内容")
        return record

    def _context_for(self, log: Log, unit: str) -> Context:
        return self.context(log, self.data, [unit])

    def _tell(self, table: Table, findings: Iterable[Finding], changes: list[Change]) -> None:
        """Errors refuse the change they are about; the rest is passed on."""
        headers = {column.header: name for name, column in table.column.items()}
        for finding in findings:
            if finding.severity != "error":
                self.findings.append(finding)
                continue
            column = headers.get(finding.column, "")
            change = next((each for each in changes if each.column == column), changes[0])
            self._refuse(change, column, refusal(finding))

    def _hold_together(self, data: YearData, groups: Mapping[tuple[str, str], list[Change]]) -> None:
        """What no row shows by itself: denominators that are zero, and sums of deductions."""
        touched = {unit for table, unit in groups if table == "metrics"}
        units = None if self._before is None or self._before.values != self.policies.values else touched
        log = Log()
        figures: list[Record] = []
        for unit in touched if units is not None else {unit.unit_id for unit in data.units}:
            mine = rows_of(data, "metrics", unit)  # all of them: a 0 of the year is none of a month with its own figure
            figures += map(self._record, mine) if any(not row.values["value"] for row in mine) else ()
        if figures:
            without_zero_divisors(figures, self.context(log, data, units))
        incidents = [unit for table, unit in groups if table == "incidents" and data.unit(unit)]
        for unit in incidents:
            check_sums([self._record(row) for row in rows_of(data, "incidents", unit)], self.context(log, data))
        for finding in log.findings:
            self._refuse(self._to_blame(finding, groups), "", refusal(finding))

    def _to_blame(self, finding: Finding, groups: Mapping[tuple[str, str], list[Change]]) -> Change | None:
        """The change that makes a denominator zero or a sum too large; None where a reading alone does."""
        if finding.code != "zero-denominator":
            return groups["incidents", finding.unit][-1]
        for change in groups.get(("metrics", finding.unit), []):
            metric = self.scheme.metrics.get(dict(change.row).get("metric", ""))
            if metric is not None and f"的{metric.name}为 0" in finding.message:
                return change
        return None

    def _record(self, row: Row) -> Record:
        """An unchanged row as the checks take it."""
        cells = {name: text or None for name, text in row_texts(row, self.names).items()}
        return Record(row.table, row.values, cells, {}, Spot(row.place))

    def _says(self, change: Change) -> str:
        which = f"（第 {change.which} 行）" if change.which > 1 else ""
        metrics = self.scheme.metrics
        return " ".join(metrics[text].name if text in metrics else text for _, text in change.row) + which

    def _refuse(self, change: Change | None, column: str, message: str) -> None:
        self.refused.append((change, column, message))


def refusal(finding: Finding) -> str:
    """What the finding says, without the place: it stands beside the field."""
    value = f"，现为“{finding.value}”" if finding.value else ""
    return f"{finding.message}{value}{f'，应为{finding.expected}' if finding.expected else ''}"


def row_texts(row: Row, names: Names) -> dict[str, str]:
    """The row's cells as text, each as it may be typed again."""
    return {name: cell_text(column, row.values[name], row.table, names) for name, column in row.table.column.items()}


def row_name(row: Row, names: Names) -> tuple[tuple[str, str], ...]:
    """What names the row in a scenario."""
    columns = ((name, row.table.column[name]) for name in named_by(row.table))
    return tuple((name, cell_text(column, row.values[name], row.table, names)) for name, column in columns)


def _cells(texts: Mapping[str, str]) -> dict[str, Any]:
    return {name: cell_of_text(text) for name, text in texts.items()}
