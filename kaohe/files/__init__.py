"""Writing files whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import uuid4

from kaohe.files.failpoints import failpoint

_SAID = {
    "ENOSPC": "磁盘已满，请先腾出空间",
    "EDQUOT": "磁盘配额已用完，请先腾出空间",
    "EFBIG": "文件超过了允许的大小",
    "EROFS": "所在的磁盘是只读的",
    "EACCES": "没有写入权限，或文件夹只读",
    "EPERM": "没有写入权限，或文件夹只读",
    "ENOTDIR": "路径中有一段是文件，不是文件夹",
    "EEXIST": "路径中有一段是文件，不是文件夹",
    "ENOENT": "找不到所在的文件夹或磁盘",
    "ENAMETOOLONG": "文件名或路径太长",
    "EIO": "磁盘读写出错",
    "EMFILE": "同时打开的文件太多，请放宽限制（ulimit -n）",
    "ENFILE": "同时打开的文件太多，请关闭其他程序",
    "ENOMEM": "内存不足，请关闭其他程序",
    "EPIPE": "输出被接收的一方提前关闭",
    "EISDIR": "这是文件夹，不是文件",
}
_REASONS = {getattr(errno, name): said for name, said in _SAID.items() if hasattr(errno, name)}  # Windows lacks some


LITTER_END = ".kaohe-part"
"""What a killed run may leave of a file that it was writing ends so."""


class WriteError(OSError):
    """A file that cannot be written; says in Chinese which and why. What was there before is still there."""


class FileInUseError(WriteError):
    """A file that another program (Excel) holds open."""


@contextmanager
def whole_file(path: Path, *, lasting: bool = True) -> Iterator[Path]:
    """A temporary file beside `path` that takes its name when the block ends well; else it is removed.

    `lasting`: it is on the disk before it takes the name, so that a power failure leaves no empty file; for
    what the next run makes anew by itself that may be saved.
    """
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        failpoint("create", path)
        part = path.with_name(f".{path.name}.{uuid4().hex[:8]}{LITTER_END}")
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))  # who may read it, the umask says
    try:
        with write_errors(path):
            failpoint("write", path)
            yield part
            if lasting:
                sync(part)
        take_place(part, path)
        if lasting:
            sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def take_place(new: Path, path: Path) -> None:
    """Give `new` the name `path`, over what stood there."""
    with _refusals(path):
        failpoint("replace", path)
        os.replace(new, path)
        failpoint("replaced", path)


def leave_place(path: Path) -> None:
    """Remove what stands at `path`, if anything."""
    with _refusals(path):
        failpoint("drop", path)
        path.unlink(missing_ok=True)


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Where a file is already whole, a permission is missing because another program holds the old one."""
    try:
        yield
    except PermissionError as error:
        raise FileInUseError(f"无法写入 {path}：请先在 Excel 等程序中关闭该文件") from error
    except OSError as error:
        raise WriteError(reason(error, path)) from error


@contextmanager
def write_errors(path: Path) -> Iterator[None]:
    """Turns what the system says about a failed write into a WriteError."""
    try:
        yield
    except WriteError:
        raise
    except OSError as error:
        if error.errno not in _REASONS:
            raise
        raise WriteError(reason(error, path)) from error


def reason(error: OSError, path: Path) -> str:
    return f"无法写入 {path}：{in_words(error)}"


def in_words(error: OSError) -> str:
    """What the system refused, in Chinese where it is a common one."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))


def said_of(error: OSError) -> str:
    """A refusal in words: our own as they are, of the system's the file and why."""
    if isinstance(error, WriteError) or error.errno is None:
        return str(error)
    return f"{error.filename}：{in_words(error)}" if error.filename else in_words(error)


def sync(path: Path) -> None:
    """See a file, or the names in a folder, onto the disk; a folder cannot be on Windows, which needs none of it."""
    failpoint("sync", path)
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def kaohe_version() -> str:
    try:
        return version("kaohe")
    except PackageNotFoundError:
        return "0"
