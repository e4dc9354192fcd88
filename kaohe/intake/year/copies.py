"""Copies of a table that were left beside it (`指标数据 (2)`, `… - 副本`): which cells differ, in one finding."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.byunit import table_alike, table_by_header
from kaohe.intake.tables.rows import Rows
from kaohe.intake.tables.sourcerows import named_by
from kaohe.intake.tables.vocabulary import Record, Table
from kaohe.intake.year.folder import copied_name, table_copied

Grids = list[tuple[Table, Grid]]

MOST_LISTED = 20
"""Cells that the finding lists."""

SHARED = 2
"""One in so many rows of a copy is in the original, at least."""

_FOLDER = re.compile(
    r"(副本|复件|拷贝|备份|旧版?|作废|存档|old|backup|copy|bak)([\s_（(-].*)?|.*[\s_（(-](副本|复件|备份|旧版?|copy|old)[)）]?",
    re.IGNORECASE,
)
_UNNAMED = re.compile(r"(sheet|工作表|表)\s*\d*(\s*[(（]\d+[)）])?", re.IGNORECASE)
"""What a program calls a sheet."""


def without_copies(
    grids: Grids, spare: Sequence[Grid], fresh: Callable[[], Rows], log: Log
) -> tuple[Grids, list[Grid]]:
    """The tables, and the sheets that are none by name, without what is called a copy and is one; of these it tells.

    `fresh`: an empty reading, whose findings nobody sees.
    """
    named = [(table, grid) for table, grid in grids if _is_marked(grid)]
    called = [(table, grid) for grid in spare if (table := table_copied(_name(grid)))]
    alike = [(table, grid) for grid in spare if not table_copied(_name(grid)) and (table := _table_alike(grid))]
    if not named and not called and not alike:
        return grids, list(spare)
    marked = {id(grid) for _, grid in (*named, *called, *alike)}
    original = fresh()
    for table, grid in grids:
        if id(grid) not in marked:
            original.add(table, grid)
    original.settle()
    copies = set()
    for table, grid in (*named, *called, *alike):
        records = original.records.get(table.name, [])
        least = 0 if (table, grid) not in alike else len(records) // SHARED
        if records and _told(table, grid, _read(table, grid, original, fresh), records, log, least):
            copies.add(id(grid))
    return [each for each in grids if id(each[1]) not in copies], [each for each in spare if id(each) not in copies]


def _is_marked(grid: Grid) -> bool:
    """Whether its file or a folder above it is called a copy."""
    path = PurePosixPath(grid.file)
    return copied_name(path.stem) is not None or any(map(_FOLDER.fullmatch, path.parts[:-1]))


def _name(grid: Grid) -> str:
    return grid.sheet or PurePosixPath(grid.file).stem


def _table_alike(grid: Grid) -> Table | None:
    """Of a name with a date or a word of its own around the table's, or of none: it may be a copy if it looks so."""
    return table_alike(_name(grid)) or (table_by_header(grid) if _UNNAMED.fullmatch(_name(grid)) else None)


def _read(table: Table, grid: Grid, original: Rows, fresh: Callable[[], Rows]) -> list[Record]:
    copy = fresh()
    copy.records["units"] = list(original.records.get("units", []))
    before = len(copy.records["units"]) if table.name == "units" else 0
    copy.add(table, grid)
    copy.settle()
    return copy.records.get(table.name, [])[before:]


def _by_name(table: Table, records: Iterable[Record]) -> dict[Hashable, Record]:
    """Rows by what names them, those of one name in their order."""
    columns = named_by(table)
    found: dict[Hashable, list[Record]] = defaultdict(list)
    for record in records:
        found[tuple(record[name] for name in columns)].append(record)
    return {(name, place): record for name, same in found.items() for place, record in enumerate(same)}


def _told(
    table: Table, grid: Grid, copied: Sequence[Record], records: Sequence[Record], log: Log, least: int = 0
) -> bool:
    """Whether it is a copy of one of the other sheets, with `least` so many rows of it; then that is said."""
    table = copied[0].table if copied else table  # with the columns that the scheme gives it
    here = _by_name(table, copied)
    by_sheet: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        by_sheet[record.at.source].append(record)
    there = max((_by_name(table, each) for each in by_sheet.values()), key=lambda each: len(each.keys() & here.keys()))
    shared = here.keys() & there.keys()
    if not here or len(shared) * SHARED < len(here) or len(shared) < least:
        return False
    of = next(iter(there.values())).at
    source = Spot(of.file, of.sheet).place
    differing = [text for name in here if name in shared for text in _differences(table, here[name], there[name])]
    only_here = [here[name] for name in here if name not in shared]
    only_there = [there[name] for name in there if name not in shared]
    parts = [f"有 {len(differing)} 格不同：{_few(differing)}"] if differing else []
    parts += [f"{len(only_here)} 行只在这里：{_few(_row(each) for each in only_here)}"] if only_here else []
    parts += [f"{len(only_there)} 行这里没有：{_few(_row(each) for each in only_there)}"] if only_there else []
    at = Spot(grid.file, grid.sheet)
    if parts:
        message = f"像是 {source} 的副本，未读取；{'；'.join(parts)}"
        log.error("copy-differs", message, at, expected="改到一处，另一份移出年度文件夹")
    else:
        log.warning("copy", f"是 {source} 的副本，内容一样，未读取", at, expected="移出年度文件夹")
    return True


def _differences(table: Table, here: Record, there: Record) -> Iterator[str]:
    for column in table.columns:
        if here[column.name] != there[column.name]:
            mine, other = here.spot(column.name), there.spot(column.name)
            said = f"这里是 {mine.value or '（空）'}，{_row_number(there)}是 {other.value or '（空）'}"
            yield f"{_row(here)}“{mine.column}”列{said}"


def _row(record: Record) -> str:
    return f"{_row_number(record)}（{record.spot('unit_id').about}）"


def _row_number(record: Record) -> str:
    return f"第 {record.at.row} 行"


def _few(texts: Iterable[str]) -> str:
    listed = list(texts)
    return "；".join(listed[:MOST_LISTED]) + (f" 等，共 {len(listed)} 处" if len(listed) > MOST_LISTED else "")
