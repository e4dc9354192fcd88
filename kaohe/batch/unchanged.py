"""Whether a run has anything to do: what everything rests on and everything it made, by their content.

A run that ended well leaves a stamp beside its pages. While no byte of the raw data, the schemes, the code or the pages
differs, another run of the same options need not read a single table. Whatever is in doubt counts as changed: the
ordinary run decides page by page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kaohe.batch.layout import notebooks_folder
from kaohe.batch.sources import sources
from kaohe.files import kaohe_version, leave_place, write_text
from kaohe.files.contents import below, code_files, content, size

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
            stands = _stands(found)
            elsewhere = [Path(name) for name in found["elsewhere"]]
            same = found["rests_on"] == self._rests_on(elsewhere) and found["made"] == self._made()
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return stands if same else None

    def ended(self, stands: Stands, before: str, elsewhere: Mapping[Path, str] = MappingProxyType({})) -> None:
        """Leave the stamp: the run ended well. `before`: what it began with; `elsewhere`: files it read that may lie
        outside its folders, with their hashes as they were read.

        None is left where any of that is another by now: the pages may rest on what was there before.
        """
        try:
            same = all(hashlib.sha256(path.read_bytes()).hexdigest() == hash for path, hash in elsewhere.items())
        except OSError:
            return
        if not same or before != self._began():
            return
        found = {
            "pages": stands.pages,
            "notes": stands.notes,
            "about": stands.about,
            "elsewhere": sorted(map(str, elsewhere)),
            "rests_on": self._rests_on(elsewhere),
            "made": self._made(),
        }
        write_text(self.out / STAMP, json.dumps(found))

    def begun(self) -> str:
        """A run is under way: the stamp of the one before says nothing any more. What it begins with."""
        leave_place(self.out / STAMP)
        return self._began()

    def _began(self) -> str:
        """The same before a run and after it, but for what others changed."""
        digest = hashlib.sha256(sources(self.data))
        for path in (*code_files(), *sorted(notebooks_folder().glob("*.ipynb"))):
            digest.update(content(path))
        return digest.hexdigest()

    def _rests_on(self, elsewhere: Iterable[Path]) -> str:
        asked = [kaohe_version(), list(self.years), str(self.data.resolve()), dict(self.options)]
        digest = hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode())
        data = [*below(self.data / "raw"), *sorted(self.data.glob("*.yaml"))]
        for path in (*code_files(), *sorted(notebooks_folder().glob("*.ipynb")), *data, *sorted(elsewhere)):
            digest.update(content(path))
        return digest.hexdigest()

    def _made(self) -> str:
        digest = hashlib.sha256()
        for folder in (self.out, self.data / "processed"):
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
