"""What was seen of the disk while something was made of it: as long as all of it is the same, so is what was made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kaohe.scheme.yamlfile import NotYamlError


class Seen:
    """Contents of files in the order they were read, and what else was looked up."""

    def __init__(self) -> None:
        self._contents: list[tuple[Path, bytes]] = []
        self._looks: list[tuple[Callable[..., Any], tuple[Any, ...], Any]] = []

    def read(self, content_of: Callable[[Path], bytes], path: Path) -> bytes:
        content = content_of(path)
        self._contents.append((path, hashlib.sha256(content).digest()))
        return content

    def looked(self, how: Callable[..., Any], *asked: Any) -> Any:
        """`how(*asked)`, remembered."""
        found = how(*asked)
        self._looks.append((how, asked, found))
        return found

    def stands(self, content_of: Callable[[Path], bytes]) -> bool:
        """Whether all would be seen again; every file is read by `content_of` up to the first that differs."""
        try:
            return all(how(*asked) == found for how, asked, found in self._looks) and all(
                hashlib.sha256(content_of(path)).digest() == digest for path, digest in self._contents
            )
        except (OSError, NotYamlError):
            return False  # reading it anew says why
