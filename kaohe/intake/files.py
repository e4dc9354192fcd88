"""The files of a year: which are read, what they hold, and their hashes."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from kaohe.intake.cells import plain, word
from kaohe.intake.csvfile import read_csv
from kaohe.intake.grid import Grid
from kaohe.intake.places import Log, Spot
from kaohe.intake.vocabulary import NO_TABLE, TABLES, Table
from kaohe.intake.workbook import read_workbook

POLICIES, SCHEME, SYNTHETIC = "policies.yaml", "scheme.yaml", "SYNTHETIC.md"
FOREIGN = {".xls", ".xlsm", ".xlsb", ".xltx", ".et", ".ett", ".ods"}
TABULAR = {".csv", ".xlsx"}
READ = {*TABULAR, ".yaml", ".yml", *FOREIGN}
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

    `exchanged`: files that are read as if they held these bytes, or (None) as if they were not there. `only`: the one
    table that is asked for; sheets of others are then not looked into.
    """

    def __init__(
        self,
        folder: Path,
        log: Log,
        only: Table | None = None,
        exchanged: Mapping[str, bytes | None] = MappingProxyType({}),
    ) -> None:
        self.folder = folder
        self.log = log
        self.only = only
        self.exchanged = exchanged
        self.hashes: dict[str, str] = {}

    def grids(self) -> list[tuple[Table, Grid]]:
        """Every table of every file, in the order of their paths."""
        found: list[tuple[Table, Grid]] = []
        for name in self._names():
            kind = PurePosixPath(name).suffix.casefold()
            if kind in READ and not _is_text(name):
                self._unnameable(name)
            elif kind in TABULAR and self._may_hold(name):
                content = self.content(name)
                if content is not None:
                    found += tables_in(grids_of(name, content, self.log, self._asked), self.log)
            elif kind in FOREIGN:
                message = "这种格式的文件不能读取，请在 Excel 或 WPS 中另存为 .xlsx"
                self.log.error("file-type", message, Spot(name), expected=".xlsx 或 .csv 文件")
            elif kind in {".yaml", ".yml"}:
                self._yaml(name)
        self._mark()
        return found

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
        path = self.folder / name
        try:
            if not path.is_file() and path.exists():  # reading a pipe or a device might never end
                self.log.error("unreadable", "这不是普通文件，未读取", Spot(name), expected="普通文件")
                return None
            with open(path, "rb") as file:
                return file.read(MOST_BYTES + 1)
        except PermissionError:
            self.log.error("locked", f"文件打不开：请先在 Excel 中关闭 {path.name}，再检查读取权限", Spot(name))
            return None
        except OSError as error:
            self.log.error("unreadable", f"文件无法读取：{error.strerror or error}", Spot(name))
        return None

    def _asked(self, table: Table | None) -> bool:
        return self.only is None or table is self.only

    def _may_hold(self, name: str) -> bool:
        path = PurePosixPath(name)
        return path.suffix.casefold() != ".csv" or self._asked(table_named(path.stem))

    def _names(self) -> list[str]:
        """Every file below the folder, in the order of the paths."""
        other = {os.path.normcase(name) for name in self.exchanged}  # Windows takes A.xlsx for a.xlsx
        there = (path.relative_to(self.folder).as_posix() for path in self._paths())
        kept = [name for name in there if os.path.normcase(name) not in other]
        return sorted([*kept, *(name for name, content in self.exchanged.items() if content is not None)])

    def _paths(self) -> Iterator[Path]:
        """Files below the folder, without those that Office, editors and systems leave behind."""
        found = []
        for where, folders, names in os.walk(self.folder, onerror=self._closed):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found += [Path(where, name) for name in names if not name.startswith((".", "~$"))]
        yield from found

    def _closed(self, error: OSError) -> None:
        """A folder that cannot be listed is not passed over in silence."""
        name = Path(error.filename or self.folder).relative_to(self.folder).as_posix()
        self.log.error("unreadable", f"文件夹无法读取：{error.strerror or error}", Spot(name))

    def _unnameable(self, name: str) -> None:
        """A name that is no text, as unpacking a Windows archive elsewhere leaves it, can be shown nowhere."""
        shown = name.encode("utf-8", "backslashreplace").decode()
        message = "文件或文件夹名的编码无法识别（多半是解压时出错），未读取"
        self.log.error("file-name", message, Spot(shown), expected="能正常显示的文件名")

    def _yaml(self, name: str) -> None:
        """Part files of the year's own scheme are hashed with it; a decision in the wrong place is told."""
        stem = PurePosixPath(name).stem.casefold()
        if stem in DECISIONS and name not in {POLICIES, SCHEME}:
            expected = f"{stem}.yaml，放在学年文件夹的最上一层"
            self.log.warning("misplaced", "文件的名称或位置不对，未读取", Spot(name), expected=expected)
        elif name != POLICIES and (self.folder / SCHEME).is_file():
            self.content(name)

    def _mark(self) -> None:
        if self.synthetic:
            self.content(SYNTHETIC)

    @property
    def synthetic(self) -> bool:
        """Whether the folder says that its data are invented."""
        return (self.folder / SYNTHETIC).is_file()


def grids_of(
    name: str, content: bytes, log: Log, asked: Callable[[Table | None], bool] = lambda table: True
) -> list[Grid]:
    """A file's sheets, those that are asked for, or the one table of a CSV file; one that is no table is not read."""
    path = PurePosixPath(name)
    if path.suffix.casefold() == ".xlsx":
        return read_workbook(content, name, log, lambda sheet: asked(table_named(sheet)))
    if table_named(path.stem) is None:
        return [Grid(name, "", [])]
    grid = read_csv(content, name, log)
    return [grid] if grid else []


def tables_in(grids: Iterable[Grid], log: Log) -> list[tuple[Table, Grid]]:
    """Those of them that are tables, by the names of sheets or of the CSV file; the others are told."""
    found = []
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
            names = "、".join(f"{each.chinese}（{each.name}）" for each in TABLES.values())
            message = f"{'工作表名' if grid.sheet else '文件名'}不是任何一张数据表的名称"
            log.error("no-table", message, Spot(grid.file, grid.sheet), expected=f"以下之一：{names}")
    return found


def _is_text(name: str) -> bool:
    """No control characters, no bytes that stand for none."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)
