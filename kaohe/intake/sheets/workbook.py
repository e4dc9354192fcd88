"""An Excel workbook as grids of cells, and what is to be said of its sheets."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import IO
from xml.parsers.expat import ExpatError

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets import richvalues
from kaohe.intake.sheets.boxes import Box, BoxReader
from kaohe.intake.sheets.comments import CommentReader, Comments, ThreadReader
from kaohe.intake.sheets.formulas.doubts import BY_HAND, STALE, Counting, examine
from kaohe.intake.sheets.formulas.names import NamedTable, Names
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.sheets.package import has_macros, part_name, refusal, with_slashes
from kaohe.intake.sheets.stream import OFFICE, STRICT_OFFICE, Attributes, Room, TooLargeError, XmlReader, is_true
from kaohe.intake.sheets.styles import StyleReader
from kaohe.intake.sheets.texts import SharedTexts
from kaohe.intake.sheets.workbook_names import NameParts, TableReader
from kaohe.intake.sheets.worksheet import Book, Sheet, SheetReader

MOST_SHEETS = 1_000
LONGEST_NAME = 255

_OPENS = "在 Excel 中能打开的 .xlsx"
_SMALLER = "只含填报数据；删去表格以外的内容，再保存"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


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
        self.parts = {part_name(name).casefold(): name for name in archive.namelist()}
        self.room = Room.of_workbook()
        start = next((each for each in self.relations("").values() if each.kind == "officeDocument"), None)
        self.book = start.target if start else "xl/workbook.xml"

    def has(self, name: str) -> bool:
        """Names of parts count without regard to capitals."""
        return name.casefold() in self.parts

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(self.parts[name.casefold()])

    def relations(self, part: str) -> dict[str, _Relation]:
        folder, name = posixpath.split(part)
        of = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(of):
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
            target = posixpath.normpath(posixpath.join("/", self.folder, with_slashes(about["Target"]))).lstrip("/")
            self.found[about["Id"]] = _Relation(about["Type"].rpartition("/")[2], target)


class _BookReader(XmlReader):
    """The sheets that a workbook lists, its calendar, and whether its formulas have results."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, "workbook")
        self.sheets: list[_Listed] = []
        self.of_1904 = self.as_shown = False
        self.late = ""
        self.on("workbook", "sheets")
        self.on("sheets", "sheet", self._sheet)
        self.on("workbook", "workbookPr", self._properties)
        self.on("workbook", "calcPr", self._calculation)
        self.names = NameParts(self).found

    def _sheet(self, about: Attributes) -> None:
        name = about["name"]
        if len(self.sheets) >= MOST_SHEETS:
            raise TooLargeError
        if len(name) > LONGEST_NAME:
            raise ValueError("a name longer than a sheet's")
        relation = about.get(f"{OFFICE} id") or about.get(f"{STRICT_OFFICE} id", "")
        self.sheets.append(_Listed(name, relation, about.get("state", "visible")))

    def _properties(self, about: Attributes) -> None:
        self.of_1904 = is_true(about.get("date1904"))

    def _calculation(self, about: Attributes) -> None:
        """Whatever a program that could not compute, or did not finish, left as results may be none."""
        self.as_shown = about.get("fullPrecision") in ("0", "false")
        if is_true(about.get("fullCalcOnLoad")) or not is_true(about.get("calcCompleted", "1")):
            self.late = STALE
        elif about.get("calcMode") == "manual":
            self.late = BY_HAND


def _grids(parts: _Archive, file: str, log: Log, asked: Callable[[str], bool]) -> Iterator[Grid]:
    about = _BookReader(parts.room)
    with parts.open(parts.book) as source:
        about.feed(source)
    sheets = list(_sheets(about, parts, file, log, asked))
    names = _names(about, [sheet for _, sheet in sheets])
    counting = Counting(about.late, about.as_shown, about.of_1904)
    examine({listed.name: sheet for listed, sheet in sheets}, names, counting)
    for listed, sheet in sheets:
        _tell(sheet, Spot(file, listed.name), log)
        hidden = listed.state != "visible"
        page = tuple(dict.fromkeys(sheet.page))
        merged, boxes = tuple(sheet.merged), tuple(sheet.boxes)
        yield Grid(
            file, listed.name, sheet.rows, merged, hidden,
            comments=sheet.comments, page=page, boxes=boxes, of_1904=about.of_1904,
        )  # fmt: skip


def _names(about: _BookReader, sheets: Iterable[Sheet]) -> Names:
    listed = [each.name.casefold() for each in about.sheets]
    of = {"": "", **{str(at): name for at, name in enumerate(listed)}}
    defined = {(of[place], name.casefold()): formula for place, name, formula in about.names if place in of}
    tables = {name.casefold(): table for sheet in sheets for name, table in sheet.tables}
    return Names(defined, tables, listed)


def _sheets(
    about: _BookReader, parts: _Archive, file: str, log: Log, asked: Callable[[str], bool]
) -> Iterator[tuple[_Listed, Sheet]]:
    """Every worksheet that can be read, with what is said beside its cells."""
    relations = parts.relations(parts.book)
    book = _book(about, relations, parts)
    read: set[str] = set()
    names = Counter(sheet.name.casefold() for sheet in about.sheets)
    for sheet in (sheet for sheet in about.sheets if asked(sheet.name)):
        at = Spot(file, sheet.name)
        if names[sheet.name.casefold()] > 1:
            log.error("unreadable", "工作簿中有两张同名的工作表，未读取", at, expected="名称各不相同的工作表")
            continue
        part = relations.get(sheet.relation)
        if part is None or not parts.has(part.target) or part.target.casefold() in read:
            log.error("unreadable", "工作簿中缺少这张工作表的内容，文件可能已损坏", at, expected=_OPENS)
            continue
        read.add(part.target.casefold())
        if part.kind == "chartsheet":
            log.advisory("chart-sheet", "图表工作表不含数据，未读取", at)
        elif part.kind != "worksheet":
            log.warning("macro-sheet", "宏或对话框工作表，未读取", at, expected="普通的工作表")
        else:
            found = _sheet(SheetReader(book, parts.room), parts, part.target, at, log)
            if found is not None:
                found.comments = _comments(parts, part.target, at, log)
                found.boxes = _boxes(parts, part.target, at, log)
                found.tables = _tables(parts, part.target, sheet.name)
                yield sheet, found


def _book(about: _BookReader, relations: dict[str, _Relation], parts: _Archive) -> Book:
    """What cells need: texts, styles, the calendar."""
    book = Book(epoch=MAC_EPOCH if about.of_1904 else WINDOWS_EPOCH)
    for part in relations.values():
        if parts.has(part.target) and part.kind in ("sharedStrings", "styles"):
            # Texts are counted here once, so that those which no cell shows do not fill the memory either.
            room = replace(Room.of_workbook(), slots=parts.room.slots)
            with parts.open(part.target) as source:
                if part.kind == "styles":
                    book = replace(book, styles=StyleReader(room).read(source))
                else:
                    book = replace(book, texts=SharedTexts(room).read(source))
    return replace(book, pictures=_pictures(relations, parts))


def _pictures(relations: Mapping[str, _Relation], parts: _Archive) -> frozenset[str]:
    """Cells with a picture; where that cannot be read they stay the errors that they hold."""
    names = {each.kind: each.target for each in relations.values() if parts.has(each.target)}
    wanted = (richvalues.METADATA, richvalues.VALUES, richvalues.STRUCTURES)
    if not names.keys() >= {*wanted}:
        return frozenset()
    with ExitStack() as opened, suppress(ExpatError, ValueError, KeyError):
        return richvalues.pictures({each: opened.enter_context(parts.open(names[each])) for each in wanted}, parts.room)
    return frozenset()


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


def _comments(parts: _Archive, part: str, at: Spot, log: Log) -> Comments:
    """Of newer Excel's conversations the older form holds a copy, which does not count beside them."""
    found: Comments = {}
    try:
        for relation in sorted(parts.relations(part).values(), key=lambda each: each.kind):
            if parts.has(relation.target) and relation.kind in ("comments", "threadedComment"):
                reader = CommentReader(parts.room) if relation.kind == "comments" else ThreadReader(parts.room)
                with parts.open(relation.target) as source:
                    found |= reader.read(source)
    except Exception as error:  # as above
        message = f"单元格批注无法读取（{type(error).__name__}），只读单元格"
        log.warning("comments-unread", message, at, expected="在 Excel 中重新保存的 .xlsx")
    return found


def _boxes(parts: _Archive, part: str, at: Spot, log: Log) -> list[Box]:
    """Words that float above the cells."""
    found: list[Box] = []
    try:
        for relation in parts.relations(part).values():
            if parts.has(relation.target) and relation.kind == "drawing":
                with parts.open(relation.target) as source:
                    found += BoxReader(parts.room).read(source)
    except Exception as error:  # as above
        message = f"文本框和图形无法读取（{type(error).__name__}），只读单元格"
        log.warning("boxes-unread", message, at, expected="在 Excel 中重新保存的 .xlsx")
    return found


def _tables(parts: _Archive, part: str, sheet: str) -> list[tuple[str, NamedTable]]:
    """Those that can be read; formulas that name another are told as not done again."""
    found = []
    for relation in parts.relations(part).values():
        if parts.has(relation.target) and relation.kind == "table":
            with suppress(ExpatError, ValueError, KeyError), parts.open(relation.target) as source:
                found.append(TableReader(parts.room).read(source, sheet))
    return found


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
    if sheet.done_again:
        message = (
            f"{sheet.late}；有 {len(sheet.done_again)} 个公式（{_few(sheet.done_again)}）按文件里的数重算过，"
            "与保存的结果一致，照此读取"
        )
        code = "manual-calculation" if sheet.late == BY_HAND else "stale-result"
        log.warning(code, message, at, expected="在 Excel 中打开并保存一次，或粘贴为数值")
    if sheet.not_again and not sheet.is_unfinished:
        count, few = len(sheet.not_again), _few(sheet.not_again)
        message = f"有 {count} 个公式（{few}）kaohe 不能重算，保存的结果照原样读取，是不是旧的看不出来"
        log.warning("formulas-unchecked", message, at, expected="在 Excel 中打开，按 F9 重新计算并保存，或粘贴为数值")
    if sheet.is_unfinished:
        message = "公式引用的单元格过多，没有全部重算，按保存时的结果读取"
        log.warning("formulas-unchecked", message, at, expected="粘贴为数值")


def _few(items: Iterable[object], most: int = 10) -> str:
    listed = [str(item) for item in items]
    return "、".join(listed[:most]) + ("…" if len(listed) > most else "")
