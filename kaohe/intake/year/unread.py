"""Tables of which a file or sheet could not be read: its own finding says why, and nothing in it counts as lacking."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from kaohe.intake.findings import Finding, Missing
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.vocabulary import TABLES
from kaohe.intake.year.folder import FOREIGN, TAKEN, table_named


def table_of_input() -> dict[str, str]:
    """In which table an input stands, by its kind."""
    return {table.input: table.name for table in TABLES.values() if table.input}


def unread_tables(findings: Iterable[Finding], read: Iterable[Grid], present: Collection[str]) -> set[str]:
    """Names of tables that may be in what could not be read; of a whole workbook all that are not elsewhere."""
    there = {(grid.file, grid.sheet) for grid in read}
    files = {file for file, _ in there}
    found: set[str] = set()
    for each in findings:
        path = PurePosixPath(each.file)
        if each.severity != "error" or not each.file or (each.file, each.sheet) in there:
            continue
        table = table_named(each.sheet or path.stem)
        if table is not None:
            found.add(table.name)
        elif not each.sheet and each.file not in files and path.suffix.casefold() in TAKEN | FOREIGN:
            found |= TABLES.keys() - set(present)
    return found


def apart(missing: Iterable[Missing], unread: Collection[str]) -> tuple[tuple[Missing, ...], tuple[Missing, ...]]:
    """What is lacking, and what may be in a table that could not be read."""
    every, of_input = list(missing), table_of_input()
    lacking = tuple(each for each in every if of_input[each.kind] not in unread)
    return lacking, tuple(each for each in every if of_input[each.kind] in unread)
