"""What an .xlsx file is found to be before it is opened: its size when unpacked, and nothing in it that acts."""

from __future__ import annotations

import io
import re
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


_OUTSIDE = re.compile(r"/|[A-Za-z]:|(.*/)?\.\.(/|$)", re.DOTALL)
_PICTURES = (".svg", ".emf", ".wmf", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".ico", ".webp")
"""Parts that are never read; what they declare is no one's business."""
_NEVER_READ = ("/media/", "/embeddings/")
_OF_WORKBOOKS = ("xl/", "_rels/", "docprops/", "customxml/", "[content_types].xml")
_LONGEST_NAME = 100


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
    if any(part.compress_type not in _METHODS for part in parts):
        return _DAMAGED
    seen: set[str] = set()
    for part in parts:
        name = part_name(part.filename)
        if _OUTSIDE.match(name):
            return _named("unsafe", f"工作簿的压缩包里有指向包外的名称“{_plain(name)}”，未打开")
        if name.casefold() in seen:
            return _named("unreadable", f"工作簿的压缩包里有两份“{_plain(name)}”，不知以哪份为准，未打开")
        seen.add(name.casefold())
    return None


def with_slashes(name: str) -> str:
    return name.replace("\\", "/")


def part_name(name: str) -> str:
    """A part's name with the slashes of the standard; some programs write backslashes, or begin with one or `./`."""
    plain = with_slashes(name)
    bare = plain.removeprefix("./").removeprefix("/")
    return bare if bare.casefold().startswith(_OF_WORKBOOKS) else plain


def _named(code: str, message: str) -> Refusal:
    return Refusal(code, message, "在 Excel 中重新保存的 .xlsx")


def _plain(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name[:_LONGEST_NAME])


def _of_parts(archive: zipfile.ZipFile) -> Refusal | None:
    cells = others = 0
    for part in archive.infolist():
        name = part_name(part.filename).casefold()
        of_cells = "worksheets/" in name or "sharedstrings" in name
        is_picture = name.endswith(_PICTURES) or any(folder in name for folder in _NEVER_READ)
        for chunk in _chunks(archive, part):
            if not is_picture and any(doctype in chunk for doctype in _DOCTYPE):
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
