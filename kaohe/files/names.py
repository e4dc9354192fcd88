"""Names of files as they stand in a file (a plan, a record): never a way out of the folder they belong to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

_UNUSABLE = re.compile(r"[\\:\x00-\x1f\x7f]" if os.name == "nt" else r"[\x00-\x1f\x7f]")
SHA256 = re.compile(r"[0-9a-f]{64}")


def is_plain(name: object) -> bool:
    """A relative name with `/` between its parts, none of which leads up, to another disk or nowhere."""
    if not isinstance(name, str) or not name or _UNUSABLE.search(name):
        return False
    return all(part not in ("", ".", "..") for part in name.split("/"))


def is_sha256(text: object) -> bool:
    return isinstance(text, str) and bool(SHA256.fullmatch(text))


def linked(folder: Path, names: Iterable[str]) -> Path | None:
    """The first link on the way from `folder` to the files of these names: what is written there lands elsewhere."""
    parents = {parent for name in names for parent in (folder / name).parents if parent.is_relative_to(folder)}
    return next((path for path in sorted(parents - {folder}) if os.path.islink(path)), None)
