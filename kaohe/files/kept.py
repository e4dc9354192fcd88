"""The one way in which what kaohe itself wrote is read back: it may have been damaged or changed since.

Whatever is wrong is a DamagedError naming the file, what is wrong with it and what to do. A pipe or device in place of
a file is never opened, nothing is read without end, and no depth of nesting ends the reader.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST_BYTES = 256 * 2**20
"""A record has some tens of kilobytes, an executed notebook some megabytes."""

DEEPEST = 60
MOVE_AWAY = "请用备份恢复它；没有备份就把它移走再运行"


class KeptError(ValueError):
    """What was kept cannot be used; says in Chinese what and why."""


class DamagedError(KeptError):
    """A file that kaohe wrote and can no longer use; says in Chinese which, what is wrong and what to do."""

    def __init__(self, path: Path, problem: str, advice: str = MOVE_AWAY) -> None:
        super().__init__(f"{path} {problem}；{advice}")


def kept_bytes(path: Path, *, advice: str = MOVE_AWAY, most: int = MOST_BYTES) -> bytes:
    """The file's content; FileNotFoundError where there is none, DamagedError where it is no file to be read."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):  # nothing is wrong with the file
            raise
        raise DamagedError(path, f"读不出（{error.strerror or error}）", advice) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):  # before it is a file of Python's, which a folder cannot be
        os.close(handle)
        raise DamagedError(path, "不是普通文件，没有读取", advice)
    with open(handle, "rb") as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise DamagedError(path, f"读不出（{error.strerror or error}）", advice) from None
    if len(content) > most:
        raise DamagedError(path, f"超过 {most // 2**20} MB，没有读取", advice)
    return content


def kept_text(path: Path, *, advice: str = MOVE_AWAY) -> str:
    """The file as text, UTF-8."""
    try:
        return kept_bytes(path, advice=advice).decode("utf-8")
    except UnicodeDecodeError:
        raise DamagedError(path, "已损坏：不是 UTF-8 的文字", advice) from None


def kept_json(path: Path, check: Callable[[Any], str], *, advice: str = MOVE_AWAY) -> Any:
    """What the file says, once `check` finds nothing wrong with it: it returns what is, or nothing."""
    return json_of(kept_bytes(path, advice=advice), path, check, advice=advice)


def json_of(content: bytes, path: Path, check: Callable[[Any], str], *, advice: str = MOVE_AWAY) -> Any:
    """The same of bytes that were read from `path` already."""
    try:
        found = json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise DamagedError(path, "已损坏：不是完整的 JSON", advice) from None
    problem = "套了太多层" if _too_deep(found) else "" if _printable(found) else "其中有不成文字的字符"
    if problem := problem or check(found):
        raise DamagedError(path, f"已损坏：{problem}", advice)
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _too_deep(found: Any) -> bool:
    level = [found]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each)]
        if not level:
            return False
    return True


def _children(found: Any) -> list[Any]:
    return list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []


def _printable(found: Any) -> bool:
    """Half a character (a lone surrogate) can be said in JSON, but not be written again."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def unpacked(content: bytes, path: Path, *, advice: str = MOVE_AWAY, most: int = MOST_BYTES) -> bytes:
    """What was packed by gzip: one member, whole, and no more than `most`."""
    packed = zlib.decompressobj(wbits=31)
    try:
        found = packed.decompress(content, most)
    except zlib.error:
        raise DamagedError(path, "已损坏：解不开", advice) from None
    if not packed.eof or packed.unused_data:
        raise DamagedError(path, "已损坏：不完整，或后面多出了内容", advice)
    return found
