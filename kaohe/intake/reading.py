"""Reads a year: files, tables, checks, and everything found on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kaohe.files.locks import BusyError, holding
from kaohe.files.plans import ForeignPlanError
from kaohe.files.sets import unfinished
from kaohe.intake.build import kept, year_data
from kaohe.intake.checks.context import Context
from kaohe.intake.checks.figures import without_earlier_zeros
from kaohe.intake.checks.handed_in import missing_inputs, tell_missing
from kaohe.intake.checks.lists import tell_silent_lists
from kaohe.intake.checks.panel import check_panel
from kaohe.intake.checks.people import tell_spellings
from kaohe.intake.checks.rawtable import raw_tables
from kaohe.intake.checks.summaries import tell_summaries
from kaohe.intake.checks.targets import check_targets
from kaohe.intake.checks.units import check_units
from kaohe.intake.findings import Finding, Missing, has_errors
from kaohe.intake.places import NOWHERE, Log, Spot
from kaohe.intake.tables.data import YearData
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.rows import Rows
from kaohe.intake.tables.unite import unite
from kaohe.intake.tables.vocabulary import Record, Table
from kaohe.intake.year.copies import without_copies
from kaohe.intake.year.decisions import decisions_of, policies_of, scheme_of
from kaohe.intake.year.files import YearFiles, inputs
from kaohe.intake.year.lastyear import LastYear, earlier_figures
from kaohe.intake.year.listed import is_year_of, list_years
from kaohe.intake.year.unread import apart, unread_tables
from kaohe.intake.year.yearfile import year_words_of
from kaohe.scheme import Scheme
from kaohe.scheme.policies import Policies
from kaohe.scheme.root import OFFICES
from kaohe.scheme.years import spoken, year_said

MOST_READINGS = 5
"""A year that changes while it is read is read again, so often."""


@dataclass(frozen=True)
class Intake:
    """A year as read. `data` holds what can be used; with errors among the findings it must not be scored."""

    year: str
    scheme: Scheme | None
    policies: Policies | None
    data: YearData | None
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...] = ()
    unread: tuple[Missing, ...] = ()
    """Inputs that are not there and may stand in a table that could not be read."""

    @property
    def has_errors(self) -> bool:
        return has_errors(self.findings)

    @property
    def offices_called(self) -> str:
        """What those are called who hand in, whether or not a scheme says so."""
        return self.scheme.offices_called if self.scheme else OFFICES

    @property
    def ok(self) -> bool:
        """No error, and nothing missing: ready to be scored."""
        return not self.has_errors and not self.missing and not self.unread


@dataclass(frozen=True)
class RawYear:
    """A year as read, and the rows of its files as they stand there, before they were united and checked.

    `spoiled`: table, unit and metric or indicator of what was handed in but cannot be used.
    """

    intake: Intake
    rows: Mapping[str, list[Record]] = field(default_factory=dict)
    spoiled: Collection[tuple[str, str, str]] = ()


def read_year(raw: Path, year: str, overrides: Mapping[str, Any] | None = None) -> Intake:
    """Everything handed in for `year` below `raw`, checked against the scheme of that year.

    `overrides` are policies of this run. PolicyError where they cannot be used; whatever is wrong
    with the files is a finding, and reading goes on. Files that change meanwhile (an import, a colleague's saving) are
    never mixed, old with new: the year is read again until it stood still.
    """
    return read_rows(raw, year, overrides).intake


def read_rows(
    raw: Path,
    year: str,
    overrides: Mapping[str, Any] | None = None,
    exchanged: Mapping[str, bytes | None] = MappingProxyType({}),
) -> RawYear:
    """The same with the rows of the files; `exchanged` as of YearFiles: the year as it would be."""
    folder = raw / year
    if not folder.is_dir() or not is_year_of(raw, year):
        known = "、".join(list_years(raw)) or "（没有）"
        expected = f"已有的年度文件夹之一：{known}"
        return _unread(year, "no-year", f"没有 {year_said(year)}的数据", Spot(str(folder)), expected)
    for _ in range(MOST_READINGS):
        try:
            if unfinished(folder):
                with holding(folder):  # an import under way is waited for, one that was killed completed
                    pass
        except ForeignPlanError as error:
            return _unread(year, "foreign-plan", str(error), expected="没有来历不明的 .kaohe-commit、.kaohe-undo")
        except (OSError, BusyError) as error:
            return _unread(year, "unfinished", f"收表写到一半，现在读到的会是新旧混杂的数据：{error}")
        before = inputs(folder)
        found = _read(raw, year, overrides, exchanged)
        stood = before == inputs(folder) and not unfinished(folder)
        if stood and _rests_on(found.intake, {**before, **_hashes(exchanged)}):
            return found
    return _unread(year, "changing", f"{folder} 里的文件在读取期间一再改动", expected="等改动完成再运行")


def _hashes(exchanged: Mapping[str, bytes | None]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in exchanged.items() if content is not None}


def _rests_on(found: Intake, hashes: Mapping[str, str]) -> bool:
    """Whether what was read has these contents."""
    return found.data is None or found.data.files.items() <= hashes.items()


def _unread(year: str, code: str, message: str, at: Spot = NOWHERE, expected: str = "") -> RawYear:
    """A year of which nothing can be used."""
    log = Log()
    log.error(code, message, at, expected=expected)
    return RawYear(Intake(year, None, None, None, log.sorted()))


def _read(raw: Path, year: str, overrides: Mapping[str, Any] | None, exchanged: Mapping[str, bytes | None]) -> RawYear:
    """The year as it is in this moment; a file that changes meanwhile may be read before or after."""
    log = Log()
    files = YearFiles(raw / year, log, exchanged=exchanged)
    scheme = scheme_of(files, year, log)
    if scheme is None:
        return RawYear(Intake(year, None, None, None, log.sorted()))
    if not scheme.year.names(year):
        form = scheme.year
        message = f"文件夹 {year} 不是方案的年份：{scheme.title}按{form.spoken.one}考核"
        log.error("year-kind", message, Spot(year), expected=f"如 {form.example}")
        return RawYear(Intake(year, scheme, None, None, log.sorted()))
    decisions = decisions_of(files, scheme, log)
    words = year_words_of(files, scheme, year, log)
    policies = policies_of(scheme, decisions, overrides)
    rows = Rows(Names(scheme), log, year=year)
    grids = files.grids()
    rows.unread |= unread_tables(log.findings, [*(grid for _, grid in grids), *files.spare], {t.name for t, _ in grids})
    grids, spare = without_copies(grids, files.spare, lambda: Rows(Names(scheme), Log()), log)
    for table, grid in grids:
        rows.add(table, grid)
    rows.settle(spare)
    rows.compare_unit_names()
    context = Context(year, scheme, policies, log, rows.spoiled, admissions_until=words.admissions_until)
    tables = _checked(rows, context)
    tell_spellings(rows.records, context)
    last = LastYear(raw, year, scheme)
    if last.why_not:
        log.advisory("no-predecessor", last.why_not)
    for each in raw_tables():
        if each.without is not None:
            tables[each.name] = each.without(tables[each.name], tables, last, context)
    for each in raw_tables():
        for ask in each.whole:
            ask(tables[each.name], last, context)
    tell_silent_lists(tables, last, context)
    found = kept(tables)
    check_targets(found, context)
    check_panel(found, context)
    tell_summaries(tables, context)
    before = without_earlier_zeros(earlier_figures(raw, last, scheme), context)
    data = replace(year_data(context, tables, decisions, files, last.why_not, before), words=words)
    missing, unread = apart(missing_inputs(data, context), rows.unread)
    tell_missing(missing, rows.filled, context)
    return RawYear(Intake(year, scheme, policies, data, log.sorted(), missing, unread), rows.records, context.spoiled)


def _checked(rows: Rows, context: Context) -> dict[str, list[Record]]:
    """The records of every table that can be used; units first, then exemptions, then what depends on them."""
    own = tables_of(context.scheme)
    for table in own.values():
        if table.required and table.name in rows.records.keys() - rows.filled - rows.unread:
            _tell_empty(table, context)
        elif table.required and table.name not in rows.records.keys() | rows.unread:
            message = f"缺少必需的数据表：{table.chinese}"
            expected = f"{table.name}.csv，或工作簿中名为“{table.chinese}”的工作表"
            context.log.error("missing-table", message, expected=expected)
    for table in own.values():
        if table.gathered is not None and table.name in rows.records:
            records = rows.records[table.name]
            rows.records[table.name] = table.gathered(table, records, context.scheme, context.log, context.spoiled)
    united = {
        table.name: unite(table, rows.records.get(table.name, []), context.log, context.spoiled)
        for table in own.values()
    }
    context.doubtful |= {unit for name, unit, _ in context.spoiled if name == "units"}
    check_units(united["units"], context)
    tables = {"units": united["units"]}
    for each in sorted(raw_tables(), key=lambda each: each.name != "exemptions"):
        if each.name != "units":
            tables[each.name] = _passing(united[each.name], each.check, context)
        if each.name == "exemptions":
            context.exempt_from({(record.unit, record.subject) for record in tables[each.name]})
    return tables


def _tell_empty(table: Table, context: Context) -> None:
    """A header and no more: without units nothing can be scored, what else is lacking is counted as such."""
    message = f"{table.chinese}表只有表头，没有一行数据"
    if table.name == "units":
        context.log.error("empty-table", message, expected=f"{spoken(context.year).this}参加考核的各单位，每个一行")
    else:
        context.log.warning("empty-table", message, expected="报送的数据")


def _passing(records: list[Record], check: Callable[[Record, Context], bool], context: Context) -> list[Record]:
    passed = []
    for record in records:
        if check(record, context):
            passed.append(record)
        else:
            context.reject(record)
    return passed
