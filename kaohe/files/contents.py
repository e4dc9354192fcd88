"""Files by their content: what something rests on, so that nobody need read it again to know that it is the same."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path


def below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in one order; links to folders are not followed."""
    for name, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            yield Path(name, file)


def code_files(package: Path = Path(__file__).parents[1]) -> Iterator[Path]:
    """All of kaohe, with the schemes that ship."""
    return (path for path in below(package) if path.suffix != ".pyc")


def content(path: Path) -> bytes:
    """Changes with the file's name and with every byte of it."""
    return f"{path}\0".encode() + hashlib.sha256(path.read_bytes()).digest()


def size(path: Path) -> bytes:
    """Changes with its name, size and time: for what only grows, and is held against its own chain."""
    about = path.stat()
    return f"{path}\0{about.st_size}\0{about.st_mtime_ns}\0".encode()
