"""A CSV file as a grid of cells: UTF-8 with or without BOM, or GB18030."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets.cells import Cell, plain, shown
from kaohe.intake.sheets.grid import Grid, cell_of_text
from kaohe.intake.sheets.separators import COMMA, SIGNS, separated_by

_ENCODINGS = "UTF-8 或 GB18030（GBK）编码"
_SMALLER = "只含填报数据的文件"
MOST_CELLS = 1_000_000
"""Fields, blank ones included: ten times what the largest college writes in a file."""

_WITH_COMMA = re.compile(r"[+-]?\d+,\d+ ?%?")
_WITH_POINT = re.compile(r"[+-]?\d+\.\d+ ?%?")
_EITHER = re.compile(r"[+-]?\d{1,3},\d{3}")
"""`1,234`: by the separator of the fields alone nobody can tell what its comma is."""

END_OF_FILE = "\x1a"
"""What old programs put behind the last line."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


Row = tuple[int, list[Cell]]


class _TooLargeError(ValueError):
    pass


def read_csv(content: bytes, file: str, log: Log, known: Collection[str]) -> Grid | None:
    """The file's rows; None, with a finding, where it is no CSV text."""
    at = Spot(file)
    if content.startswith(_WORKBOOKS):
        log.error("not-csv", "这是 Excel 文件，扩展名却是 .csv", at, expected="CSV 文本，或把扩展名改为 .xlsx")
        return None
    text = _text(content, at, log)
    if text is None:
        return None
    text = text.rstrip(END_OF_FILE)
    delimiter, text, first = separated_by(text, known)
    # Strict: a quotation mark that is not closed would swallow every row below it.
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    try:
        rows = list(_rows(reader, lines, first))
        if delimiter != COMMA and not _is_separated(rows, delimiter, at, log):
            return None
        if delimiter != COMMA:
            rows = _with_points(rows, at, log)
        if delimiter == COMMA:
            _tell_parted_otherwise(rows, at, log)
        _tell_swallowed(rows, lines.of_row, delimiter, at, log)
        return Grid(file, "", rows, open_end=not text.endswith(("\n", "\r")))
    except csv.Error as error:
        log.error("not-csv", f"第 {reader.line_num} 行附近不是合法的 CSV：{error}", at, expected="以逗号分隔、引号成对")
    except _TooLargeError:
        log.error("too-large", f"文件过大，从第 {reader.line_num} 行起未读取，整个文件未采用", at, expected=_SMALLER)
    return None


class _Lines:
    """The lines of a text; `of_row` keeps those of rows that are written over several."""

    def __init__(self, text: str) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
        self._taken: list[str] = []
        self.of_row: dict[int, list[str]] = {}

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._taken.append(line)
            yield line

    def end_row(self, number: int) -> None:
        if len(self._taken) > 1:
            self.of_row[number] = self._taken
        self._taken = []


def _is_separated(rows: list[Row], delimiter: str, at: Spot, log: Log) -> bool:
    """Whether every row is parted as the header is; a comma in a number may then be a point."""
    sign = SIGNS[delimiter]
    whole = next((number for number, cells in rows if len(cells) < 2 and COMMA in shown(cells[0])), None)
    if whole is not None:
        message = f"表头以{sign}分隔，这一行却没有{sign}，整个文件未读取"
        log.error("separator", message, replace(at, row=whole), expected="全部以半角逗号分隔，或另存为 .xlsx")
        return False
    log.warning("separator", f"字段以{sign}分隔，照此读取", at, expected="以半角逗号分隔")
    for number, cells in rows:
        found = next((cell for cell in cells if isinstance(cell, str) and _EITHER.fullmatch(plain(cell))), None)
        if found is not None:
            message = f"字段以{sign}分隔，数里的逗号不知是千分位还是小数点（同一文件里只说一次）"
            log.error("decimal-comma", message, replace(at, row=number).at("", shown(found)), expected="不写逗号的数")
            break
    return True


def _with_points(rows: list[Row], at: Spot, log: Log) -> list[Row]:
    """The rows with `.` in numbers, where a program wrote every decimal point as a comma, and none can be else."""
    texts = [plain(cell) for _, cells in rows for cell in cells if isinstance(cell, str) and COMMA in cell]
    if not texts or any(map(_EITHER.fullmatch, texts)) or not any(map(_WITH_COMMA.fullmatch, texts)):
        return rows
    if any(isinstance(cell, str) and _WITH_POINT.fullmatch(plain(cell)) for _, cells in rows for cell in cells):
        return rows  # both: nobody knows
    changed = [number for number, cells in rows for cell in cells if _has_comma(cell)]
    first = next(shown(cell) for _, cells in rows for cell in cells if _has_comma(cell))
    message = f"有 {len(changed)} 个数以逗号作小数点，如“{first}”，照此读取"
    log.warning("decimal-comma", message, replace(at, row=changed[0]).at("", first), expected="小数点写作“.”")
    return [
        (number, [shown(cell).replace(COMMA, ".") if _has_comma(cell) else cell for cell in cells])
        for number, cells in rows
    ]


def _has_comma(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_WITH_COMMA.fullmatch(plain(cell)))


def _tell_parted_otherwise(rows: list[Row], at: Spot, log: Log) -> None:
    """A row without a comma that another sign parts into as many fields: it would look as if only its id were there."""
    width = max((len(cells) for _, cells in rows), default=0)
    for number, cells in rows:
        first, *others = cells
        if width < 3 or not isinstance(first, str) or any(cell is not None for cell in others):
            continue
        sign = next((name for each, name in SIGNS.items() if first.count(each) == width - 1), None)
        if sign:
            message = f"表头以逗号分隔，这一行却以{sign}分隔，未读取（同一文件里只说一次）"
            log.error("separator", message, replace(at, row=number).at("", first), expected="全部以半角逗号分隔")
            return


def _tell_swallowed(rows: list[Row], of_row: dict[int, list[str]], comma: str, at: Spot, log: Log) -> None:
    """A quotation mark too many takes the rows below into its cell, up to the next mark, and nothing looks wrong.

    Two lines of such a row are whole rows by their commas, the later ones begin as others do (`C02,B18,…`); a text
    of several lines in its cell has neither.
    """
    if not of_row:
        return
    width = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    starts = {_shape(shown(cells[0])) for number, cells in rows if number not in of_row}
    starts |= {_shape(lines[0].partition(comma)[0]) for lines in of_row.values()}
    for number, lines in of_row.items():
        whole = [line for line in lines if line.count(comma) >= width - 1]
        more = [line for line in whole if line is not lines[0] and _shape(line.partition(comma)[0]) in starts]
        if width > 1 and len(whole) > 1 and more:
            message = f"引号没有配对，后面 {len(more)} 行被当成了这一行某一格里的内容"
            value = lines[0].strip()
            expected = "成对的引号；确有换行的内容里请不要用半角逗号"
            log.error("swallowed-rows", message, replace(at, row=number).at("", value), expected=expected)


def _shape(text: str) -> str:
    """What an id looks like: `C01` and `D12` are alike, and so are words of Chinese characters."""
    letters = ("9" if each.isdigit() else "字" if not each.isascii() else "A" for each in text.strip().strip('"'))
    return re.sub(r"(.)\1+", r"\1", "".join(letters))


def _rows(reader: Iterable[list[str]], lines: _Lines, first: int) -> Iterator[Row]:
    """Rows that hold something, numbered as Excel shows them from the `first` on."""
    count = 0
    for number, fields in enumerate(reader, start=first):
        lines.end_row(number)
        count += len(fields)
        if count > MOST_CELLS:
            raise _TooLargeError
        cells = [cell_of_text(field) for field in fields]
        if any(cell is not None for cell in cells):
            yield number, cells


def _text(content: bytes, at: Spot, log: Log) -> str | None:
    """The text, in one of the encodings that Excel and WPS write here; None, with a finding, where it is in another."""
    if content.startswith(_UTF16):
        log.error("encoding", "文件是 UTF-16 编码（Excel 的“Unicode 文本”）", at, expected=_ENCODINGS)
        return None
    text: str | None = None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _of_gb18030(content, error, at, log)
    if text is not None and "\0" in text:  # UTF-16 without a mark, or a binary file
        log.error("encoding", "文件的编码无法识别", at, expected=_ENCODINGS)
        return None
    return text


def _of_gb18030(content: bytes, error: UnicodeDecodeError, at: Spot, log: Log) -> str | None:
    row = content.count(b"\n", 0, error.start) + 1
    if _is_mostly_utf8(content):
        broken = replace(at, row=row)
        log.error("encoding", "这一行有不完整的 UTF-8 字符，文件可能没有传完", broken, expected=_ENCODINGS)
        return None
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        log.error("encoding", "文件的编码无法识别", at, expected=_ENCODINGS)
        return None
    if not _is_chinese(text):
        log.error(
            "encoding", "文件的编码不对，读出来是乱码（可能是 Big5 等编码）", replace(at, row=row), expected=_ENCODINGS
        )
        return None
    return text


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether it reads as UTF-8 but for a few bytes; GB18030 hardly ever does."""
    read = content.decode("utf-8-sig", errors="replace")
    broken = read.count("\ufffd")
    return sum(not letter.isascii() for letter in read) - broken > 3 * broken


def _is_chinese(text: str) -> bool:
    """Whether nearly all characters are among those of GB 2312; other encodings read as GB18030 are rare ones."""
    letters = [letter for letter in text if not letter.isascii()]
    return 5 * sum(not _in_gb2312(letter) for letter in letters) <= len(letters)


def _in_gb2312(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
