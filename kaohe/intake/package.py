"""What an .xlsx file is found to be before it is opened: its size when unpacked, and nothing in it that acts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

OLE = b"\xd0\xcf\x11\xe0"
"""How old .xls files begin, and .xlsx files with a password."""

MOST_PARTS = 2_000
MOST_UNPACKED = 128 * 2**20
MOST_CELL_TAGS = 3_000_000
"""Tags in sheets and shared texts: some 700 000 filled cells, ten times what the largest college writes in a file."""
MOST_OTHER_TAGS = 300_000
"""Tags in styles, drawings and the like, which hold no figures."""

_CHUNK = 2**20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_LONGEST = max(map(len, _DOCTYPE))


@dataclass(frozen=True)
class Refusal:
    """Why a workbook is not opened."""

    code: str
    message: str
    expected: str


_FAKE = Refusal(
    "unreadable", "文件内容不是 .xlsx 工作簿，无法打开：可能没有传完，或只是改了扩展名", "在 Excel 中能打开的 .xlsx"
)
_LOCKED = Refusal("unreadable", "工作簿设有密码，或是改了扩展名的 .xls", "不加密的 .xlsx")
_DAMAGED = Refusal("unreadable", "工作簿无法打开，压缩包的目录不合规范", "在 Excel 中能打开的 .xlsx")
_ACTIVE = Refusal("unsafe", "工作簿中有 XML 实体声明（DOCTYPE），正常的表格没有，未打开", "在 Excel 中重新保存的 .xlsx")
_LARGE = Refusal(
    "too-large", "工作簿展开后过大，未打开", "只含填报数据的工作簿；删去表格以外成片设了格式的空行空列和图片，再保存"
)


def refusal(content: bytes) -> Refusal | None:
    """Why the workbook must not be opened, or None; unpacks it piece by piece and keeps nothing."""
    if content.startswith(OLE):
        return _LOCKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _of_directory(archive.infolist()) or _of_parts(archive)
    except Exception:  # a damaged archive makes zipfile and zlib raise nearly anything
        return _FAKE


def has_macros(content: bytes) -> bool:
    """Whether the workbook carries a program."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(name.casefold().endswith("vbaproject.bin") for name in archive.namelist())


def _of_directory(parts: list[zipfile.ZipInfo]) -> Refusal | None:
    """By what the archive says of itself; zipfile never unpacks more of a part than is said here."""
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return _LARGE
    if len({part.filename for part in parts}) < len(parts) or any(part.compress_type not in _METHODS for part in parts):
        return _DAMAGED
    return None


def _of_parts(archive: zipfile.ZipFile) -> Refusal | None:
    cells = others = 0
    for part in archive.infolist():
        of_cells = "worksheets/" in part.filename or "sharedStrings" in part.filename
        for chunk in _chunks(archive, part):
            if any(doctype in chunk for doctype in _DOCTYPE):
                return _ACTIVE
            tags = chunk.count(b"<")
            cells, others = (cells + tags, others) if of_cells else (cells, others + tags)
            if cells > MOST_CELL_TAGS or others > MOST_OTHER_TAGS:
                return _LARGE
    return None


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Each piece with the end of the one before: what is looked for may lie across the cut."""
    end = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield end + chunk
            end = chunk[-_LONGEST:]
