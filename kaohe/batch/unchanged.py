"""Whether a run has anything to do: what everything rests on and everything it made, by their content.

A run that ended well leaves a stamp beside its pages. While no byte of the raw data, the schemes, the code or the pages
differs, another run of the same options need not read a single table. Whatever is in doubt counts as changed: the
ordinary run decides page by page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kaohe.batch.sources import elsewhere, notes, rested_on, stands_elsewhere
from kaohe.files import leave_place, write_text
from kaohe.files.contents import below, content, size

STAMP = ".unchanged.json"
KEPT = "history"
"""Below a year's processed data: only grows, and is held against its own chain elsewhere; its names and sizes count."""


@dataclass(frozen=True)
class Stands:
    """How many pages there are, what is to be said with them each time, and what is known about them, as JSON."""

    pages: int
    notes: tuple[str, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What a run is asked for: years by name (none: all of them), its folders, and the options that change pages."""

    years: Sequence[str]
    data: Path
    out: Path
    options: Mapping[str, Any]

    def unchanged(self) -> Stands | None:
        """What stands as it is; None where anything may have changed since the last run like this."""
        try:
            found = json.loads((self.out / STAMP).read_text(encoding="utf-8"))
            stands, others = _stands(found), dict(found["elsewhere"])
            same = found["rests_on"] == self._rests_on(rested_on(self.data)) and stands_elsewhere(others)
            return stands if same and found["made"] == self._made() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def ended(self, stands: Stands, before: bytes, read: Mapping[Path, str] = MappingProxyType({})) -> None:
        """Leave the stamp: the run ended well. `before`: what it began with; `read`: the files of schemes it read,
        wherever they lie, with their hashes as they were read.

        None is left where any of that is another by now: the pages may rest on what was there before.
        """
        try:
            others = elsewhere(read, self.data)
            if before != rested_on(self.data) or not stands_elsewhere(others):
                return
        except OSError:
            return
        found = {
            "pages": stands.pages,
            "notes": stands.notes,
            "about": stands.about,
            "elsewhere": others,
            "rests_on": self._rests_on(before),  # not what stands there a moment later
            "made": self._made(),
        }
        write_text(self.out / STAMP, json.dumps(found))

    def begun(self) -> bytes:
        """A run is under way: the stamp of the one before says nothing any more. What it begins with."""
        leave_place(self.out / STAMP)
        return rested_on(self.data)

    def _rests_on(self, began: bytes) -> str:
        """With what it was asked for, and what runs noted among the data."""
        asked = [list(self.years), str(self.data.resolve()), dict(self.options)]
        digest = hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode())
        digest.update(began)
        for path in notes(self.data):
            digest.update(content(path))
        return digest.hexdigest()

    def _made(self) -> str:
        digest = hashlib.sha256()
        for folder in (self.out.resolve(), self.data.resolve() / "processed"):
            for path in below(folder):
                if path.name != STAMP and path.suffix != ".lock":
                    kept = KEPT in path.relative_to(folder).parts
                    digest.update(size(path) if kept else content(path))
        return digest.hexdigest()


def last_stood(out: Path) -> Stands | None:
    """What the last run below `out` left, if it ended well: whether it is still so is not asked."""
    try:
        return _stands(json.loads((out / STAMP).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _stands(found: Mapping[str, Any]) -> Stands:
    return Stands(int(found["pages"]), tuple(map(str, found["notes"])), dict(found["about"]))
