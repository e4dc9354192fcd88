"""The files of a year: what they hold, and their hashes; each is read once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from kaohe.intake.places import Log, Spot
from kaohe.intake.remembered import Remembered, Told
from kaohe.intake.sheets.cells import plain
from kaohe.intake.sheets.csvfile import read_csv
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.byunit import table_alike
from kaohe.intake.tables.vocabulary import NO_TABLE, Table
from kaohe.intake.year.folder import (
    DECISIONS,
    MARKS,
    POLICIES,
    SYNTHETIC,
    TAKEN,
    YEAR_FILE,
    header_words,
    listing,
    table_copied,
    table_named,
)
from kaohe.intake.year.listed import SCHEME
from kaohe.scheme.reading import SHIPPED
from kaohe.scheme.yamlfile import NotYamlError, file_bytes

MOST_BYTES = 32 * 2**20
"""A file of a year's figures has some hundred kilobytes."""

_read: Remembered[tuple[Grid, ...]] = Remembered(200_000)
"""Sheets by file, content and what was asked of it; as many cells as three or four years have."""


class YearFiles:
    """Reads each file of a year's folder once; `hashes` by path below the folder, of what was read.

    `exchanged`: files that are read as if they held these bytes, or (None) as if they were not there. `only`: the
    tables that are asked for; sheets of others are then not looked into.
    """

    def __init__(
        self,
        folder: Path,
        log: Log,
        only: Collection[Table] | None = None,
        exchanged: Mapping[str, bytes | None] = MappingProxyType({}),
    ) -> None:
        self.folder = folder
        self.log = log
        self.only = only
        self.exchanged = exchanged
        self.hashes: dict[str, str] = {}
        self.spare: list[Grid] = []

    def grids(self) -> list[tuple[Table, Grid]]:
        """Every table of every file, in the order of their paths, those of units first: others may name units.

        `spare` are then sheets that are none by name.
        """
        found: list[tuple[Table, Grid]] = []
        for name in self.names():
            path = PurePosixPath(name)
            kind = path.suffix.casefold()
            if kind not in TAKEN:
                self._yaml(name)
            elif kind != ".csv" or self._asked(table_named(path.stem)):
                content = self.content(name)
                if content is not None:
                    tables, spare = tables_in(self._grids(name, content), self.log)
                    found += tables
                    self.spare += spare
        for name in self.marks():
            self.content(name)
        return sorted(found, key=lambda each: each[0].name != "units")

    def _grids(self, name: str, content: bytes) -> list[Grid]:
        """The file's sheets; the same bytes are not read again."""
        only = None if self.only is None else frozenset(table.name for table in self.only)
        key = name, self.hashes[name], only
        found = _read.get(key, self.log)
        if found is None:
            told = Told(self.log)
            found = tuple(grids_of(name, content, told, self._asked))
            if not told.errors:  # what could not be read may be read another time: memory, a damaged file
                _read.keep(key, found, told, sum(grid.size for grid in found))
        return list(found)

    def names(self) -> list[str]:
        """Every file to be read, in the order of the paths below the folder."""
        other = {os.path.normcase(name) for name in self.exchanged}  # Windows takes A.xlsx for a.xlsx
        there = (path.relative_to(self.folder).as_posix() for path in listing(self.folder, self.log))
        kept = [name for name in there if os.path.normcase(name) not in other]
        return sorted([*kept, *(name for name, content in self.exchanged.items() if content is not None)])

    def content(self, name: str) -> bytes | None:
        """The file's bytes, hashed; None, with a finding, where it cannot be read."""
        content = self.exchanged.get(name)
        if content is None:
            content = self._from_disk(name)
        if content is None:
            return None
        if len(content) > MOST_BYTES:
            expected = f"不超过 {MOST_BYTES // 2**20} MB 的文件"
            self.log.error("too-large", "文件过大，未读取", Spot(name), expected=expected)
            return None
        self.hashes[name] = hashlib.sha256(content).hexdigest()
        return content

    def _from_disk(self, name: str) -> bytes | None:
        try:
            with open(self.folder / name, "rb") as file:
                return file.read(MOST_BYTES + 1)
        except PermissionError:
            message = f"文件打不开：请先在 Excel 中关闭 {PurePosixPath(name).name}，再检查读取权限"
            self.log.error("locked", message, Spot(name))
        except OSError as error:
            self.log.error("unreadable", f"文件无法读取：{error.strerror or error}", Spot(name))
        return None

    def decided(self, path: Path) -> bytes:
        """A YAML file, hashed where it is one of the year; OSError or NotYamlError where it cannot be read."""
        content = file_bytes(path)
        if path.is_relative_to(SHIPPED):  # the year's own scheme is based on it
            return content
        inside = next((folder for folder in (self.folder, self.folder.resolve()) if path.is_relative_to(folder)), None)
        if inside is None:
            raise NotYamlError(None, "", "方案依据的文件不在年度文件夹里，不会随年度保存；请放进年度文件夹")
        self.hashes[path.relative_to(inside).as_posix()] = hashlib.sha256(content).hexdigest()
        return content

    def has(self, name: str) -> bool:
        return (self.folder / name).is_file()

    @property
    def synthetic(self) -> bool:
        """Whether the folder says that its data are invented."""
        return self.has(SYNTHETIC)

    def marks(self) -> list[str]:
        """Those of the files that say something of the year by being there."""
        return list(filter(self.has, MARKS))

    def counts(self, name: str) -> bool:
        """Whether the reading rests on a file that is to be read; YAML is a decision, or goes with an own scheme."""
        return PurePosixPath(name).suffix.casefold() in TAKEN or name in (POLICIES, YEAR_FILE) or self.has(SCHEME)

    def _asked(self, table: Table | None) -> bool:
        return self.only is None or table is None or table in self.only

    def _yaml(self, name: str) -> None:
        """What no decision and no scheme has read: it stands in the wrong place, or is hashed with the scheme."""
        if name in {POLICIES, SCHEME, YEAR_FILE, *self.hashes}:
            return
        stem = PurePosixPath(name).stem.casefold()
        if stem in DECISIONS:
            expected = f"{stem}.yaml，放在年度文件夹的最上一层"
            self.log.warning("misplaced", "文件的名称或位置不对，未读取", Spot(name), expected=expected)
        elif not self.counts(name):
            expected = f"自己的方案从 {SCHEME} 开始；不需要的请移出年度文件夹"
            self.log.warning("misplaced", f"没有 {SCHEME}，这个文件未读取", Spot(name), expected=expected)
        if self.counts(name):
            self.content(name)


def grids_of(
    name: str, content: bytes, log: Log, asked: Callable[[Table | None], bool] = lambda table: True
) -> list[Grid]:
    """A file's sheets, those that are asked for, or the one table of a CSV file; one that is no table is not read."""
    path = PurePosixPath(name)
    if path.suffix.casefold() == ".xlsx":
        from kaohe.intake.sheets.workbook import read_workbook  # openpyxl: not for a year of CSV files

        return read_workbook(content, name, log, lambda sheet: asked(table_named(sheet)))
    if not any(find(path.stem) for find in (table_named, table_copied, table_alike)):
        return [Grid(name, "", [])]
    grid = read_csv(content, name, log, header_words())
    return [grid] if grid else []


def tables_in(grids: Iterable[Grid], log: Log) -> tuple[list[tuple[Table, Grid]], list[Grid]]:
    """Those of them that are tables, by the names of sheets or of the CSV file; and the others, which may be of units.

    What is blank, or explains the workbook, is neither.
    """
    found, spare = [], []
    for grid in grids:
        table = table_named(grid.sheet or PurePosixPath(grid.file).stem)
        if table is not None:
            found.append((table, grid))
            if grid.hidden and grid.rows:
                expected = "需要的工作表取消隐藏，其余删去"
                at = Spot(grid.file, grid.sheet)
                log.warning("hidden-sheet", "工作表是隐藏的，照常读取", at, expected=expected)
        elif grid.sheet and not grid.rows:
            log.advisory("empty-sheet", "空工作表，未读取", Spot(grid.file, grid.sheet))
        elif plain(grid.sheet) != NO_TABLE:
            spare.append(grid)
    return found, spare


def inputs(folder: Path) -> dict[str, str]:
    """Path below the folder → sha256 of every file that its reading rests on and that can be read, as it is now."""
    files = YearFiles(folder, Log())
    for name in [*filter(files.counts, files.names()), *files.marks()]:
        files.content(name)
    return files.hashes
