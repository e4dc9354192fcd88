"""An Excel workbook as grids of cells, and what is to be said of its sheets."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from kaohe.intake.grid import Grid
from kaohe.intake.package import has_macros, refusal
from kaohe.intake.places import Log, Spot
from kaohe.intake.stream import Attributes, Room, TooLargeError, XmlReader, is_true
from kaohe.intake.styles import StyleReader
from kaohe.intake.texts import SharedTexts
from kaohe.intake.worksheet import Book, Sheet, SheetReader

MOST_SHEETS = 1_000
LONGEST_NAME = 255

_OPENS = "在 Excel 中能打开的 .xlsx"
_SMALLER = "只含填报数据；删去表格以外的内容，再保存"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _every(sheet: str) -> bool:
    return True


def read_workbook(content: bytes, file: str, log: Log, asked: Callable[[str], bool] = _every) -> list[Grid]:
    """Every worksheet whose name is `asked` for; those that cannot be read, with a finding, are left out."""
    refused = refusal(content)
    if refused:
        log.error(refused.code, refused.message, Spot(file), expected=refused.expected)
        return []
    if has_macros(content):
        log.warning("macros", "工作簿中有宏；宏不会运行，只读单元格", Spot(file), expected="不含宏的 .xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        try:
            return list(_grids(_Archive(archive), file, log, asked))
        except TooLargeError:
            log.error("too-large", "工作簿中的内容过多，未读取", Spot(file), expected=_SMALLER)
        except Exception as error:  # a damaged file can make nearly anything raise
            message = f"工作簿无法打开，文件可能已损坏（{type(error).__name__}）"
            log.error("unreadable", message, Spot(file), expected=_OPENS)
    return []


@dataclass(frozen=True)
class _Relation:
    """One part that another points to."""

    kind: str
    target: str


@dataclass(frozen=True)
class _Listed:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    state: str


class _Archive:
    """The parts of a workbook: no links to other files, charts or pictures."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        self.room = Room.of_workbook()
        start = next((each for each in self.relations("").values() if each.kind == "officeDocument"), None)
        self.book = start.target if start else "xl/workbook.xml"

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(name)

    def relations(self, part: str) -> dict[str, _Relation]:
        folder, name = posixpath.split(part)
        of = posixpath.join(folder, "_rels", f"{name}.rels")
        if of not in self.names:
            return {}
        reader = _RelationReader(self.room, folder)
        with self.open(of) as source:
            reader.feed(source)
        return reader.found


class _RelationReader(XmlReader):
    def __init__(self, room: Room, folder: str) -> None:
        super().__init__(room, f"{_RELATIONS} Relationships")
        self.folder = folder
        self.found: dict[str, _Relation] = {}
        self.on(f"{_RELATIONS} Relationships", f"{_RELATIONS} Relationship", self._take)

    def _take(self, about: Attributes) -> None:
        if about.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", self.folder, about["Target"])).lstrip("/")
            self.found[about["Id"]] = _Relation(about["Type"].rpartition("/")[2], target)


class _BookReader(XmlReader):
    """The sheets that a workbook lists, its calendar, and whether its formulas have results."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, "workbook")
        self.sheets: list[_Listed] = []
        self.of_1904 = self.stale = False
        self.on("workbook", "sheets")
        self.on("sheets", "sheet", self._sheet)
        self.on("workbook", "workbookPr", self._properties)
        self.on("workbook", "calcPr", self._calculation)

    def _sheet(self, about: Attributes) -> None:
        name = about["name"]
        if len(self.sheets) >= MOST_SHEETS:
            raise TooLargeError
        if len(name) > LONGEST_NAME:
            raise ValueError("a name longer than a sheet's")
        self.sheets.append(_Listed(name, about.get(f"{_OFFICE} id", ""), about.get("state", "visible")))

    def _properties(self, about: Attributes) -> None:
        self.of_1904 = is_true(about.get("date1904"))

    def _calculation(self, about: Attributes) -> None:
        """Whatever a program that could not compute, or did not finish, left as results is none."""
        self.stale = is_true(about.get("fullCalcOnLoad")) or not is_true(about.get("calcCompleted", "1"))


def _grids(parts: _Archive, file: str, log: Log, asked: Callable[[str], bool]) -> Iterator[Grid]:
    about = _BookReader(parts.room)
    with parts.open(parts.book) as source:
        about.feed(source)
    relations = parts.relations(parts.book)
    book = _book(about, relations, parts)
    read: set[str] = set()
    for sheet in (sheet for sheet in about.sheets if asked(sheet.name)):
        at = Spot(file, sheet.name)
        part = relations.get(sheet.relation)
        if part is None or part.target not in parts.names or part.target in read:
            log.error("unreadable", "工作簿中缺少这张工作表的内容，文件可能已损坏", at, expected=_OPENS)
            continue
        read.add(part.target)
        if part.kind == "chartsheet":
            log.advisory("chart-sheet", "图表工作表不含数据，未读取", at)
        elif part.kind != "worksheet":
            log.warning("macro-sheet", "宏或对话框工作表，未读取", at, expected="普通的工作表")
        else:
            found = _sheet(SheetReader(book, parts.room), parts, part.target, at, log)
            if found is not None:
                _tell(found, at, log)
                yield Grid(file, sheet.name, found.rows, tuple(found.merged), sheet.state != "visible")


def _book(about: _BookReader, relations: dict[str, _Relation], parts: _Archive) -> Book:
    """What cells need: texts, styles, the calendar."""
    book = Book(epoch=MAC_EPOCH if about.of_1904 else WINDOWS_EPOCH, stale=about.stale)
    for part in relations.values():
        if part.target in parts.names and part.kind in ("sharedStrings", "styles"):
            # Texts are counted here once, so that those which no cell shows do not fill the memory either.
            room = replace(Room.of_workbook(), slots=parts.room.slots)
            with parts.open(part.target) as source:
                if part.kind == "styles":
                    book = replace(book, styles=StyleReader(room).read(source))
                else:
                    book = replace(book, texts=SharedTexts(room).read(source))
    return book


def _sheet(reader: SheetReader, parts: _Archive, part: str, at: Spot, log: Log) -> Sheet | None:
    """The worksheet, or a finding that says where in it reading came to an end."""
    try:
        with parts.open(part) as source:
            return reader.read(source)
    except TooLargeError:
        row, _ = reader.at
        message = f"工作表过大，{f'从第 {row} 行起未读取，' if row else ''}整张表未采用"
        log.error("too-large", message, at, expected=_SMALLER)
    except Exception as error:  # as above
        row, column = reader.at
        message = f"工作表无法读取，文件可能已损坏（{type(error).__name__}）"
        log.error("unreadable", message, Spot(at.file, at.sheet, row, column), expected=_OPENS)
    return None


def _tell(sheet: Sheet, at: Spot, log: Log) -> None:
    """What one who looks at the sheet does not see, and what comes from elsewhere: all of it is read."""
    if sheet.hidden_rows:
        message = f"有 {len(sheet.hidden_rows)} 个隐藏行（第 {_few(sheet.hidden_rows)} 行），照常读取"
        log.warning("hidden-rows", message, at, expected="需要的行取消隐藏或筛选，其余删去")
    if sheet.hidden_columns:
        message = f"有隐藏列（{_few(sheet.hidden_columns)}），照常读取"
        log.warning("hidden-columns", message, at, expected="需要的列取消隐藏，其余删去")
    if sheet.hidden_zeros:
        message = f"有 {len(sheet.hidden_zeros)} 个 0 不显示（{_few(sheet.hidden_zeros)}），照常读作 0，不算没有填"
        log.warning("hidden-zeros", message, at, expected="是 0 的显示出来，没有填的删去")
    if sheet.linked:
        message = (
            f"有 {len(sheet.linked)} 个公式引用其他文件（{_few(sheet.linked)}），按保存时的结果读取，不打开那些文件"
        )
        log.warning("external-link", message, at, expected="粘贴为数值")


def _few(items: Iterable[object], most: int = 10) -> str:
    listed = [str(item) for item in items]
    return "、".join(listed[:most]) + ("…" if len(listed) > most else "")
