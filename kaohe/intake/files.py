"""The files of a year: what they hold, and their hashes; each is read once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kaohe.intake.cells import plain
from kaohe.intake.csvfile import read_csv
from kaohe.intake.folder import DECISIONS, FOREIGN, POLICIES, SCHEME, SYNTHETIC, listing, table_named
from kaohe.intake.grid import Grid
from kaohe.intake.places import Log, Spot
from kaohe.intake.vocabulary import NO_TABLE, TABLES, Table
from kaohe.intake.workbook import read_workbook
from kaohe.scheme.yamlfile import file_bytes

__all__ = ["FOREIGN", "POLICIES", "SCHEME", "SYNTHETIC", "YearFiles", "inputs", "table_named"]

MOST_BYTES = 32 * 2**20
"""A file of a year's figures has some hundred kilobytes."""


class YearFiles:
    """Reads each file of a year's folder once; `hashes` by path below the folder, of what was read.

    `only`: the one table that is asked for; sheets of others are then not looked into.
    """

    def __init__(self, folder: Path, log: Log, only: Table | None = None) -> None:
        self.folder = folder
        self.log = log
        self.only = only
        self.hashes: dict[str, str] = {}

    def grids(self) -> list[tuple[Table, Grid]]:
        """Every table of every file, in the order of their paths."""
        found: list[tuple[Table, Grid]] = []
        for path in listing(self.folder, self.log):
            name = path.relative_to(self.folder).as_posix()
            kind = path.suffix.casefold()
            if kind == ".csv":
                found += self._csv(path, name)
            elif kind == ".xlsx":
                found += self._workbook(path, name)
            else:
                self._yaml(path, name)
        if self.synthetic:
            self.content(self.folder / SYNTHETIC, SYNTHETIC)
        return found

    def content(self, path: Path, name: str) -> bytes | None:
        """The file's bytes, hashed; None, with a finding, where it cannot be read."""
        try:
            with open(path, "rb") as file:
                content = file.read(MOST_BYTES + 1)
        except PermissionError:
            self.log.error("locked", f"文件打不开：请先在 Excel 中关闭 {path.name}，再检查读取权限", Spot(name))
            return None
        except OSError as error:
            self.log.error("unreadable", f"文件无法读取：{error.strerror or error}", Spot(name))
            return None
        if len(content) > MOST_BYTES:
            expected = f"不超过 {MOST_BYTES // 2**20} MB 的文件"
            self.log.error("too-large", "文件过大，未读取", Spot(name), expected=expected)
            return None
        self.hashes[name] = hashlib.sha256(content).hexdigest()
        return content

    def decided(self, path: Path) -> bytes:
        """A YAML file, hashed where it is one of the year; OSError or NotYamlError where it cannot be read."""
        content = file_bytes(path)
        if path.is_relative_to(self.folder):  # not a shipped scheme that the year's own is based on
            self.hashes[path.relative_to(self.folder).as_posix()] = hashlib.sha256(content).hexdigest()
        return content

    def has(self, name: str) -> bool:
        return (self.folder / name).is_file()

    @property
    def synthetic(self) -> bool:
        """Whether the folder says that its data are invented."""
        return self.has(SYNTHETIC)

    def _csv(self, path: Path, name: str) -> list[tuple[Table, Grid]]:
        table = table_named(path.stem)
        if not self._asked(table):
            return []
        content = self.content(path, name)
        if table is None:
            self._no_table(Spot(name), "文件名")
            return []
        grid = read_csv(content, name, self.log) if content is not None else None
        return [(table, grid)] if grid else []

    def _workbook(self, path: Path, name: str) -> list[tuple[Table, Grid]]:
        content = self.content(path, name)
        if content is None:
            return []
        found = []
        for grid in read_workbook(content, name, self.log, lambda sheet: self._asked(table_named(sheet))):
            table = table_named(grid.sheet)
            if table is not None:
                found.append((table, grid))
                if grid.hidden and grid.rows:
                    expected = "需要的工作表取消隐藏，其余删去"
                    at = Spot(name, grid.sheet)
                    self.log.warning("hidden-sheet", "工作表是隐藏的，照常读取", at, expected=expected)
            elif not grid.rows:
                self.log.advisory("empty-sheet", "空工作表，未读取", Spot(name, grid.sheet))
            elif plain(grid.sheet) != NO_TABLE:
                self._no_table(Spot(name, grid.sheet), "工作表名")
        return found

    def _asked(self, table: Table | None) -> bool:
        return self.only is None or table is self.only

    def _no_table(self, at: Spot, what: str) -> None:
        names = "、".join(f"{table.chinese}（{table.name}）" for table in TABLES.values())
        self.log.error("no-table", f"{what}不是任何一张数据表的名称", at, expected=f"以下之一：{names}")

    def _yaml(self, path: Path, name: str) -> None:
        """What no decision and no scheme has read: it stands in the wrong place, or is hashed with the scheme."""
        if name in {POLICIES, SCHEME, *self.hashes}:
            return
        if path.stem.casefold() in DECISIONS:
            expected = f"{path.stem.casefold()}.yaml，放在学年文件夹的最上一层"
            self.log.warning("misplaced", "文件的名称或位置不对，未读取", Spot(name), expected=expected)
        elif not self.has(SCHEME):
            expected = f"本学年自己的方案从 {SCHEME} 开始；不需要的请移出学年文件夹"
            self.log.warning("misplaced", f"没有 {SCHEME}，这个文件未读取", Spot(name), expected=expected)
        if self.has(SCHEME):
            self.content(path, name)


def inputs(folder: Path) -> dict[str, str]:
    """Path below the folder → sha256 of every file that its reading rests on and that can be read, as it is now."""
    files = YearFiles(folder, Log())
    names = [path.relative_to(folder).as_posix() for path in listing(folder, files.log)]
    for name in [*names, *([SYNTHETIC] if files.synthetic else [])]:
        if not name.casefold().endswith((".yaml", ".yml")) or name == POLICIES or files.has(SCHEME):
            files.content(folder / name, name)
    return files.hashes
