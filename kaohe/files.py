"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


class FileInUseError(OSError):
    """A file that another program (Excel) holds open."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its name when the block ends well; else it is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        try:
            os.replace(part, path)
        except PermissionError as error:
            raise FileInUseError(f"无法写入 {path}：请先在 Excel 等程序中关闭该文件") from error
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def kaohe_version() -> str:
    try:
        return version("kaohe")
    except PackageNotFoundError:
        return "0"
