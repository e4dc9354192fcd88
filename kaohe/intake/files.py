"""The files of a year: which are read, what they hold, and their hashes."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from kaohe.intake.cells import plain, word
from kaohe.intake.csvfile import read_csv
from kaohe.intake.grid import Grid
from kaohe.intake.places import Log, Spot
from kaohe.intake.vocabulary import NO_TABLE, TABLES, Table
from kaohe.intake.workbook import read_workbook

POLICIES, SCHEME, SYNTHETIC = "policies.yaml", "scheme.yaml", "SYNTHETIC.md"
FOREIGN = {".xls", ".xlsm", ".xlsb", ".xltx", ".et", ".ett", ".ods"}
READ = {".csv", ".xlsx", ".yaml", ".yml", *FOREIGN}
DECISIONS = {"policies", "scheme"}
MOST_BYTES = 32 * 2**20
"""A file of a year's figures has some hundred kilobytes."""

BY_NAME: dict[str, Table] = {}
for _table in TABLES.values():
    BY_NAME |= {word(_table.name): _table, word(_table.chinese): _table}


def table_named(name: str) -> Table | None:
    """The table of an English or Chinese name."""
    return BY_NAME.get(word(name))


class YearFiles:
    """Reads each file of a year's folder once; `hashes` by path below the folder.

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
        for path in self._paths():
            name = path.relative_to(self.folder).as_posix()
            kind = path.suffix.casefold()
            if kind in READ and not _is_text(name):
                self._unnameable(name)
            elif kind == ".csv":
                found += self._csv(path, name)
            elif kind == ".xlsx":
                found += self._workbook(path, name)
            elif kind in FOREIGN:
                message = "这种格式的文件不能读取，请在 Excel 或 WPS 中另存为 .xlsx"
                self.log.error("file-type", message, Spot(name), expected=".xlsx 或 .csv 文件")
            elif kind in {".yaml", ".yml"}:
                self._yaml(path, name)
        self._mark()
        return found

    def content(self, path: Path, name: str) -> bytes | None:
        """The file's bytes, hashed; None, with a finding, where it cannot be read."""
        try:
            if not path.is_file() and path.exists():  # reading a pipe or a device might never end
                self.log.error("unreadable", "这不是普通文件，未读取", Spot(name), expected="普通文件")
                return None
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

    def _paths(self) -> Iterator[Path]:
        """Files below the folder, without those that Office, editors and systems leave behind."""
        found = []
        for where, folders, names in os.walk(self.folder, onerror=self._closed):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found += [Path(where, name) for name in names if not name.startswith((".", "~$"))]
        yield from sorted(found, key=lambda path: path.relative_to(self.folder).as_posix())

    def _closed(self, error: OSError) -> None:
        """A folder that cannot be listed is not passed over in silence."""
        name = Path(error.filename or self.folder).relative_to(self.folder).as_posix()
        self.log.error("unreadable", f"文件夹无法读取：{error.strerror or error}", Spot(name))

    def _unnameable(self, name: str) -> None:
        """A name that is no text, as unpacking a Windows archive elsewhere leaves it, can be shown nowhere."""
        shown = name.encode("utf-8", "backslashreplace").decode()
        message = "文件或文件夹名的编码无法识别（多半是解压时出错），未读取"
        self.log.error("file-name", message, Spot(shown), expected="能正常显示的文件名")

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
        """Part files of the year's own scheme are hashed with it; a decision in the wrong place is told."""
        if path.stem.casefold() in DECISIONS and name not in {POLICIES, SCHEME}:
            expected = f"{path.stem.casefold()}.yaml，放在学年文件夹的最上一层"
            self.log.warning("misplaced", "文件的名称或位置不对，未读取", Spot(name), expected=expected)
        elif name != POLICIES and (self.folder / SCHEME).is_file():
            self.content(path, name)

    def _mark(self) -> None:
        if self.synthetic:
            self.content(self.folder / SYNTHETIC, SYNTHETIC)

    @property
    def synthetic(self) -> bool:
        """Whether the folder says that its data are invented."""
        return (self.folder / SYNTHETIC).is_file()


def _is_text(name: str) -> bool:
    """No control characters, no bytes that stand for none."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)
