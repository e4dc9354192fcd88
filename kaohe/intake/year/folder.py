"""The entries of a year's folder: each is read, known to hold no data, or told; none is passed over in silence."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import cache
from pathlib import Path, PurePosixPath

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets.cells import word
from kaohe.intake.tables.vocabulary import TABLES, Table
from kaohe.scheme.yamlfile import KINDS
from kaohe.scheme.years import SPOKEN, Spoken

LONGEST_PREFIX = 4
"""Letters of a word that a scheme puts before a table's name."""

POLICIES, YEAR_FILE, SYNTHETIC = "policies.yaml", "year.yaml", "SYNTHETIC.md"
COMPARED = "与演示数据比较.md"
"""In a real year: it was asked to be held beside a demonstration year as its predecessor."""

MARKS = (SYNTHETIC, COMPARED)
"""Files whose being there is all they say; a reading rests on them."""

DECISIONS = {"policies", "scheme", "year"}


def notes_name(said: Spoken) -> str:
    """The file that says, beside a new year's tables, how it was made: `新学年说明.md`."""
    return f"{said.next}说明.md"


OWN = {*MARKS, *map(notes_name, SPOKEN.values()), "收件登记.jsonl"}
"""Files that kaohe itself puts on the top of a year."""

TAKEN = {".csv", ".xlsx"}
READ = {*TAKEN, *KINDS}
FOREIGN = {
    ".xls", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".et", ".ett", ".ods", ".ots", ".fods", ".numbers", ".tsv",
}  # fmt: skip
DOCUMENTS = {
    ".md", ".pdf", ".ofd", ".doc", ".docx", ".dot", ".dotx", ".odt", ".rtf", ".wps", ".wpt", ".ppt", ".pptx", ".dps",
    ".odp", ".log", ".url", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg",
    ".mp3", ".mp4", ".mov", ".avi", ".wav",
}  # fmt: skip
"""What offices leave beside their tables: notices, scans, signed copies."""

BACKUPS = {".bak", ".tmp", ".old", ".orig", ".swp"}
LITTER = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
LITTER_FOLDERS = {"__macosx", "$recycle.bin", "system volume information", "@eadir"}
HIDDEN = {
    ".git", ".svn", ".hg", ".idea", ".vscode", ".cache", ".venv", ".ipynb_checkpoints", ".received", ".stversions",
    ".appledouble", ".spotlight-v100", ".fseventsd", ".temporaryitems", ".documentrevisions-v100", ".dropbox.cache",
}  # fmt: skip
"""Folders of systems and programs; in any other hidden one an office's table may lie."""

HIDDEN_OF_PROGRAMS = ("._", ".~", ".kaohe", ".trash")
MOST_ENTRIES, MOST_DEPTH = 10_000, 16
"""A year has some hundred files; a link may lead to a whole disk."""

SNIFFED = 2**16
_SEPARATORS = re.compile(r"[\t,;|，；]| {2,}")
_BINARY_TABLES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SAVE_AS = "另存为 .xlsx 或 .csv 的数据表；不是数据的请移出年度文件夹"


@cache
def _by_name() -> dict[str, Table]:
    return {word(name): table for table in TABLES.values() for name in (table.name, table.chinese)}


@cache
def header_words() -> frozenset[str]:
    """Headers of all tables, as they are compared."""
    columns = (column for table in TABLES.values() for column in table.columns)
    return frozenset(word(text) for each in columns for text in (each.name, each.header, *each.also))


def table_named(name: str) -> Table | None:
    """The table of an English or Chinese name, also of one before which a scheme has put a word."""
    found = _by_name().get(word(name))
    ends = (each for each in TABLES.values() if each.prefixed and word(name).endswith(word(each.chinese)))
    return found or next((each for each in ends if len(word(name)) <= len(each.chinese) + LONGEST_PREFIX), None)


_MARK = (
    "副本|复件|拷贝|copy|备份|backup|bak|最终版?|终版|终稿|定稿|初稿|修改[稿版]?|修订[稿版]?|更正[稿版]?|更新[稿版]?"
    "|新版?|旧版?|改|new|final|old|v"
)
_COPY = re.compile(
    rf"(?P<behind>.+?)[\s_.（(\[-]*(?:[\s_（(-]\d{{1,2}}[)）]|(?:{_MARK})[\s_-]*[（(]?\d{{0,2}}[)）\]]*)+"
    r"|(?:副本|复件|拷贝|备份|copy\s*of|copy)[\s_-]*(?:[（(]\d{1,2}[)）]\s*)?(?P<before>.+)",
    re.IGNORECASE,
)


def copied_name(name: str) -> str | None:
    """The name of what something is called a copy of, as programs and people call copies; None where it is not."""
    found = _COPY.fullmatch(word(name))
    return (found["behind"] or found["before"]).strip() if found else None


_NUMBERED = re.compile(r"(?P<stem>.*[^\d\s_.-])[\s_.-]*\d{1,2}")


def table_copied(name: str) -> Table | None:
    """The table of which something is called a copy, or a second one: `指标数据 - 副本`, `指标数据2`, `metrics_1`."""
    numbered = _NUMBERED.fullmatch(word(name))
    bases = (copied_name(name), numbered and numbered["stem"])
    return next((table for base in bases if base and (table := table_named(base))), None)


def listing(folder: Path, log: Log) -> list[Path]:
    """The files to be read, in the order of their paths below the folder; of the others it tells."""
    walk = _Walk(folder, log)
    try:
        walk.enter(folder, ())
    except _TooManyError:
        message = f"文件夹里的文件和文件夹超过 {MOST_ENTRIES} 个，未读完"
        log.error("too-many-files", message, expected="只有填报数据的文件夹；链接不要指向别处的整个文件夹")
    return sorted(walk.found, key=lambda path: path.relative_to(folder).as_posix())


def printable(name: str) -> str:
    """A name that can be shown: what is no text, as unpacking a Windows archive elsewhere leaves it, is spelt out."""
    known = name.encode("utf-8", "backslashreplace").decode()
    return "".join(f"\\x{ord(each):02x}" if unicodedata.category(each) == "Cc" else each for each in known)


class _TooManyError(Exception):
    pass


class _Walk:
    """Links are followed, but not in circles and not without end."""

    def __init__(self, folder: Path, log: Log) -> None:
        self.folder, self.log = folder, log
        self.found: list[Path] = []
        self.entries = 0

    def enter(self, folder: Path, above: tuple[tuple[int, int], ...], *, hidden: bool = False) -> None:
        try:
            known = os.stat(folder)
            with os.scandir(folder) as entries:
                paths = sorted(Path(folder, entry.name) for entry in entries)
        except OSError as error:
            self._error("unreadable", f"文件夹无法读取：{error.strerror or error}", folder)
            return
        here = (known.st_dev, known.st_ino)
        if here in above:
            self._error("link", "链接绕回了它自己所在的文件夹，未读取", folder, "指向别处的链接，或真正的文件夹")
        elif len(above) > MOST_DEPTH:
            expected = "一两层的文件夹，如每个填报单位一个"
            self._error("too-deep", f"文件夹套了 {MOST_DEPTH} 层以上，未读取", folder, expected)
        else:
            for path in paths:
                self.entries += 1
                if self.entries > MOST_ENTRIES:
                    raise _TooManyError
                self._entry(path, (*above, here), hidden=hidden)

    def _entry(self, path: Path, above: tuple[tuple[int, int], ...], *, hidden: bool) -> None:
        name = path.name
        hidden = hidden or name.startswith(".")
        if os.path.isdir(path):
            known = name.casefold()
            if known in LITTER_FOLDERS | HIDDEN or known.startswith(HIDDEN_OF_PROGRAMS):
                return
            if _kind(name) in READ | FOREIGN:
                self._error("folder", "这是文件夹，名称却像数据表；其中的内容未读取", path, "同名的文件，或改个名称")
            else:
                self.enter(path, above, hidden=hidden)
        elif name.startswith("~$") or name.startswith(HIDDEN_OF_PROGRAMS):
            return
        elif hidden:
            self._hidden(path)
        elif not os.path.exists(path):
            if os.path.islink(path):  # else it went while we looked
                self._error("link", "链接指向的文件或文件夹不存在", path, "真正的文件，或有效的链接")
        elif not os.path.isfile(path):  # reading a pipe or a device might never end
            self._error("unreadable", "这不是普通文件，未读取", path, "普通文件")
        else:
            self._file(path)

    def _hidden(self, path: Path) -> None:
        """One that may be meant as data; what programs hide beside it, copies of it among them, is none."""
        kind = _kind(path.name)
        if kind in BACKUPS or path.name.endswith("~") or not (kind in TAKEN | FOREIGN or _names_data(path.name)):
            return
        # As where it is not hidden: a decision in the wrong place and a document are no rows that are missing.
        tell = self.log.warning if kind in DOCUMENTS | {*KINDS} else self.log.error
        expected = "不以点开头的文件名和文件夹名；不需要的请移出年度文件夹"
        tell("hidden-file", "文件是隐藏的，或在隐藏的文件夹里，未读取", self._spot(path), expected=expected)

    def _file(self, path: Path) -> None:
        name = path.relative_to(self.folder).as_posix()
        kind = path.suffix.casefold()
        if name in OWN or path.name.casefold() in LITTER:
            return
        if kind in READ:
            if _is_text(name):
                self.found.append(path)
            else:
                message = "文件或文件夹名的编码无法识别（多半是解压时出错），未读取"
                self._error("file-name", message, path, "能正常显示的文件名")
        elif kind in FOREIGN:
            message = "这种格式的文件不能读取，请在 Excel 或 WPS 中另存为 .xlsx"
            self._error("file-type", message, path, ".xlsx 或 .csv 文件")
        elif _kind(path.name) in READ | FOREIGN:
            message = "扩展名写得不对（末尾有空格或句点，或用了全角字母），未读取"
            self._error("file-name", message, path, f"{_tidy(path.name)}")
        elif kind in DOCUMENTS:
            self._document(path)
        elif kind in BACKUPS or path.name.endswith("~"):
            self.log.warning("not-read", "像是备份或临时文件，未读取", self._spot(path), expected=_SAVE_AS)
        elif kind in ("", ".txt") and not _names_data(path.name) and not _holds_rows(path):
            self._document(path)
        else:
            self._error("file-type", "这种格式的文件不能读取，未读取", path, _SAVE_AS)

    def _document(self, path: Path) -> None:
        """No data by its kind; one that is called like a table may be meant as one."""
        at = self._spot(path)
        if _names_data(path.name):
            self.log.warning("not-read", "名称像数据表，但不是能读取的格式，未读取", at, expected=_SAVE_AS)
        else:
            self.log.advisory("not-read", "不是数据表，未读取", at)

    def _spot(self, path: Path) -> Spot:
        return Spot(printable(path.relative_to(self.folder).as_posix()))

    def _error(self, code: str, message: str, path: Path, expected: str = "") -> None:
        self.log.error(code, message, self._spot(path), expected=expected)


def _tidy(name: str) -> str:
    """The name as it was meant: without spaces and dots at its end, letters of plain width."""
    return unicodedata.normalize("NFKC", name).strip().rstrip(". ")


def _kind(name: str) -> str:
    return PurePosixPath(_tidy(name)).suffix.casefold()


def _names_data(name: str) -> bool:
    """Whether it is called like a table or a decision: `incidents.csv.txt`, `数据.xlsx.zip`."""
    stem, *kinds = _tidy(name).lstrip(".").casefold().split(".")
    called = table_named(stem) is not None or stem in DECISIONS
    return called or any(f".{kind}" in TAKEN | FOREIGN for kind in kinds)


def _holds_rows(path: Path) -> bool:
    """Whether a text begins with a table's header, or the file is no text at all."""
    try:
        with open(path, "rb") as file:
            content = file.read(SNIFFED)
    except OSError:
        return True
    if content.startswith(_BINARY_TABLES):
        return True
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        text = content.decode("utf-8", errors="replace")
        if text.count("\ufffd") > 1:  # one may be a character cut in two
            text = content.decode("gb18030", errors="replace")
    lines = [line for line in text.splitlines() if line.strip()][:10]
    known = header_words()
    return any(sum(word(cell) in known for cell in _SEPARATORS.split(line)) > 1 for line in lines)


def _is_text(name: str) -> bool:
    """No control characters, no bytes that stand for none."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)
