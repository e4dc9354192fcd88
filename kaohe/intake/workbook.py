"""An Excel workbook as grids of cells, and what is to be said of its sheets."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet

from kaohe.intake.grid import Grid
from kaohe.intake.package import has_macros, refusal
from kaohe.intake.places import Log, Spot
from kaohe.intake.worksheet import Sheet, SheetReader, SheetTooLargeError

_OPENS = "在 Excel 中能打开的 .xlsx"
_RECOMPUTE = re.compile(rb"""<(?:\w+:)?calcPr[^>]*\bfullCalcOnLoad\s*=\s*["'](?:1|true)""")


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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that carry no data
        try:
            return list(_grids(_open(content), file, log, asked))
        except Exception as error:  # a damaged file makes openpyxl raise nearly anything
            message = f"工作簿无法打开，文件可能已损坏（{type(error).__name__}）"
            log.error("unreadable", message, Spot(file), expected=_OPENS)
            return []


def _open(content: bytes) -> ExcelReader:
    """What cells need – texts, styles, the calendar – and nothing else: no links to other files, charts or pictures."""
    reader = ExcelReader(io.BytesIO(content), data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    return reader


def _is_stale(reader: ExcelReader) -> bool:
    """Whether the program that wrote the formulas could not compute: whatever it left as their results is none."""
    return bool(_RECOMPUTE.search(reader.archive.read(reader.parser.workbook_part_name)))


def _grids(reader: ExcelReader, file: str, log: Log, asked: Callable[[str], bool]) -> Iterator[Grid]:
    stale = _is_stale(reader)
    for sheet in (sheet for sheet in reader.parser.sheets if asked(sheet.name)):
        at = Spot(file, sheet.name)
        part = reader.parser.rels.get(sheet.id) if sheet.id else None
        if part is None or part.target not in reader.valid_files:
            log.error("unreadable", "工作簿中缺少这张工作表的内容，文件可能已损坏", at, expected=_OPENS)
        elif "chartsheet" in part.Type:
            log.advisory("chart-sheet", "图表工作表不含数据，未读取", at)
        elif not part.Type.endswith("/worksheet"):
            log.warning("macro-sheet", "宏或对话框工作表，未读取", at, expected="普通的工作表")
        else:
            with reader.archive.open(part.target) as source:
                found = _sheet(SheetReader(source, reader.wb, reader.shared_strings, stale), at, log)
            if found is not None:
                _tell(found, at, log)
                yield Grid(file, sheet.name, found.rows, tuple(found.merged), sheet.state != "visible")


def _sheet(reader: SheetReader, at: Spot, log: Log) -> Sheet | None:
    """The worksheet, or a finding that says where in it reading came to an end."""
    try:
        return reader.read()
    except SheetTooLargeError:
        row, _ = reader.at
        message = f"工作表过大，从第 {row} 行起未读取，整张表未采用"
        log.error("too-large", message, at, expected="只含填报数据；删去表格以外的内容，再保存")
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
    if sheet.linked:
        message = (
            f"有 {len(sheet.linked)} 个公式引用其他文件（{_few(sheet.linked)}），按保存时的结果读取，不打开那些文件"
        )
        log.warning("external-link", message, at, expected="粘贴为数值")


def _few(items: Iterable[object], most: int = 10) -> str:
    listed = [str(item) for item in items]
    return "、".join(listed[:most]) + ("…" if len(listed) > most else "")
