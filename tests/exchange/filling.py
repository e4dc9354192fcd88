"""Filling a template as an office would – only unlocked cells, found by the headers people see – and handing it in."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.exchange.asking import Asked, context_of
from kaohe.exchange.sheetstyle import OPTIONAL_FILL, save
from kaohe.exchange.template import known_voters, template
from kaohe.intake import Intake
from kaohe.intake.tables.names import Names
from kaohe.intake.year.folder import table_named
from tests.intake.yearbook import YEAR, Tables, YearBook, in_chinese, scheme, sheet_rows, workbook
from tests.shipped import TABLES

NAMES = Names(scheme())


def templates(year: YearBook, *offices: str | None) -> list[Workbook]:
    """Templates of a year of which only the units are there; leaders are known, as they would be from last year."""
    full = year.read()
    context = context_of(full)
    return [template(Asked(context, office), known_voters(full)) for office in offices or (None,)]


def only_units(year: YearBook) -> None:
    """Take everything but units and exemptions from the year's folder."""
    for path in year.folder.iterdir():
        if path.stem not in ("units", "exemptions"):
            path.unlink()


def hand_in(year: YearBook, name: str, book: Workbook) -> Path:
    """Put the workbook into the year's folder."""
    path = year.folder / name
    save(path, book)
    return path


def saved(book: Workbook, path: Path) -> Path:
    save(path, book)
    return path


def kaohe(*words):
    """Exit code and everything printed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def bring(year: YearBook, *words):
    return kaohe("import", *words, "--year", YEAR, "--data", year.raw.parent)


def again(out: str) -> list[str]:
    """The words of the one command that was printed to be run."""
    (command,) = re.findall(r"请运行：kaohe (import .+)", out)
    return shlex.split(command)


def sheet_file(path: Path, year: YearBook, *tables: str) -> Path:
    """An office's workbook with some of the year's tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sheets = {TABLES[name].chinese: sheet_rows(name, year.tables[name], chinese=True) for name in tables}
    return saved(workbook(sheets), path)


def filled(path: Path, *, cells: int = 1, value: int = 1) -> Path:
    """A template with so many of its open figures filled in."""
    book = load_workbook(path)
    fill_in(book, cells, value)
    return saved(book, path)


def fill_in(book: Workbook, cells: int, value: int = 1) -> None:
    """Fill in so many of a template's open figures."""
    opened = [cell for row in book["指标数据"].iter_rows(min_row=2) for cell in row if not cell.protection.locked]
    for cell in opened[:cells]:
        cell.value = value


def snapshot(year: YearBook) -> dict[str, bytes]:
    """Every file of the year but the lock."""
    files = [path for path in year.folder.rglob("*") if path.is_file() and path.name != ".kaohe.lock"]
    return {path.relative_to(year.folder).as_posix(): path.read_bytes() for path in files}


def guide(book: Workbook) -> str:
    """What its sheet 说明 says, as one line."""
    return "".join(str(cell.value).lstrip("　") for cell in book["说明"]["A"] if cell.value)


def figures(page) -> Iterator[tuple[str, str, Any]]:
    """(unit, metric or indicator, cell) of a wide sheet, locked cells too."""
    table = TABLES[table_named(page.title).name]
    heads = {cell.column: cell.value for cell in page[1]}
    fixed = {column.header for column in table.columns} | {"单位名称"}
    for row in page.iter_rows(min_row=2):
        unit = row[0].value
        for cell in row:
            head = heads[cell.column]
            if head in fixed:
                continue
            if table.name == "metrics":
                yield unit, NAMES.metric(head), cell
            else:
                yield unit, NAMES.indicator(head, unit), cell


def open_cells(book: Workbook, sheet: str, *, optional: bool) -> set[tuple[str, str]]:
    """Units and metrics (indicators) that may be filled in; with or without what is optional."""
    if sheet not in book.sheetnames:
        return set()
    return {
        (unit, name)
        for unit, name, cell in figures(book[sheet])
        if not cell.protection.locked and (optional or cell.fill != OPTIONAL_FILL)
    }


def fill(book: Workbook, tables: Tables) -> None:
    """Enter a year's tables into the open cells."""
    for name, rows in tables.items():
        sheet = TABLES[name].chinese
        if sheet in book.sheetnames:
            FILLERS.get(name, _append)(book[sheet], rows)


def _wide(page, rows) -> None:
    values: dict[tuple[str, str], list] = {}
    for row in rows:
        values.setdefault((row["unit_id"], row.get("metric") or row["indicator"]), []).append(row)
    raters = 3 if page.cell(1, 3).value == "评分人" else None
    for unit, name, cell in figures(page):
        if not cell.protection.locked and values.get((unit, name)):
            row = values[unit, name].pop(0)
            cell.value = row["value"] if raters is None else row["points"]
            if raters:
                page.cell(cell.row, raters).value = row["rater"]


def _given(page, rows) -> None:
    """Rows that stand there already: enter what they lack."""
    heads = [cell.value for cell in page[1]]
    table = TABLES[table_named(page.title).name]
    by_header = {column.header: column.name for column in table.columns}
    keys = [head for head in heads if by_header.get(head) in ("unit_id", "leader")]
    if not rows:
        return
    wanted = {tuple(str(row[by_header[head]]) for head in keys): row for row in rows}
    for line in page.iter_rows(min_row=2):
        cells = dict(zip(heads, line, strict=True))
        if line[0].value is None:
            continue
        row = wanted[tuple(cells[head].value for head in keys)]
        for head, cell in cells.items():
            if not cell.protection.locked and head in by_header:
                cell.value = row[by_header[head]]


def _append(page, rows) -> None:
    table = TABLES[table_named(page.title).name]
    columns = [next(column.name for column in table.columns if column.header == cell.value) for cell in page[1]]
    for at, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            cell = page.cell(at, place)
            assert not cell.protection.locked
            cell.value = in_chinese(table.name, column, row.get(column))


FILLERS = {"metrics": _wide, "ratings": _wide, "ballots": _given, "leader_ratings": _given, "self_reports": _given}


def content(intake: Intake) -> dict[str, Any]:
    """What was read, without the places it came from."""
    assert intake.data is not None
    data = intake.data
    return {
        "metrics": {key: row.value for key, row in data.metrics.items()},
        "ratings": {key: {(row.rater, row.points) for row in rows} for key, rows in data.ratings.items()},
        "ballots": {key: dict(row.counts) for key, row in data.votes.items()},
        "leaders": {unit: {(row.voter, row.group, row.mark) for row in rows} for unit, rows in data.marks.items()},
        "achievements": [(row.unit, row.kind, row.title, row.date, row.first_author) for row in data.achievements],
        "exemptions": dict(data.exemptions),
        "self_reports": {unit: row.received_on for unit, row in data.self_reports.items()},
    }
