"""What `explain` says of a year, kept beside its results and said again while nothing that it rests on differs.

Written by the annual run, which makes every sentence anyway; not by `score`, whose own work is less than finding the
ways to more points. In between `explain` itself adds the unit it was asked after. It rests on every byte of the raw
data, the schemes and the code, and on what the results and their history say of being final. Where any of it differs,
or differed while the year was being read, nothing kept is said.
Nothing heavy is imported here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaohe.batch.sources import elsewhere, rested_on, stands_elsewhere
from kaohe.files import write_text
from kaohe.files.contents import below, content, size

if TYPE_CHECKING:
    from kaohe.scoring.book import ScoreBook

NAME = "explained.json"

Said = tuple[str, tuple[str, ...]]
"""A heading and the sentences under it."""


@dataclass(frozen=True)
class Explained:
    """A unit: its `head`, its indicators with name and what is said of each, what is said before and after them."""

    name: str
    head: str
    before: tuple[Said, ...]
    items: Mapping[str, tuple[str, Said]]
    after: tuple[Said, ...]

    def said(self, indicator: str | None) -> Iterator[Said]:
        """Of the whole unit, or of one indicator."""
        yield from self.before
        if indicator is not None:
            yield self.items[indicator][1]
            return
        yield from (said for _, said in self.items.values())
        yield from self.after


@dataclass(frozen=True)
class Kept:
    """What was kept of a year: `state`, how its figures stand, and its units, or some of those of `names`."""

    state: str
    units: Mapping[str, Explained]
    names: Mapping[str, str]


def kept(data: Path, year: str) -> Kept | None:
    """What is kept of a year, where all that it rests on is the same; None otherwise."""
    try:
        found = _content(data, year)
        if found is None:
            return None
        units = {unit: Explained(**each) for unit, each in found["units"].items()}
        return Kept(found["state"], units, {**found["names"]})
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it is found anew


def _content(data: Path, year: str) -> dict[str, Any] | None:
    """The file's content, where all that it rests on is the same."""
    folder = data / "processed" / year
    found: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    same = found["rests_on"] == _rests_on(rested_on(data), folder)
    return found if same and stands_elsewhere(found["elsewhere"]) else None


def keep(data: Path, book: ScoreBook, about: Mapping[str, Any], before: bytes, read: Mapping[Path, str]) -> None:
    """Keep what is to be said of a year whose results have just been written; the caller holds their folder.

    `about` is their manifest, `before` what `rested_on` said before anything was read of this year or of the one before
    it, `read` the files of schemes as they were read, wherever they lie, with their hashes. Nothing is kept of
    provisional figures and trials.
    """
    if book.trial or book.provisional or rested_on(data) != before:
        return
    every = {unit.unit_id: asdict(_explained(book, unit.unit_id)) for unit in book.units}
    _write(data, book, about, before, read, every)


def keep_unit(
    data: Path, book: ScoreBook, unit: str, about: Mapping[str, Any], before: bytes, read: Mapping[Path, str]
) -> None:
    """The same of one unit that was asked after, beside what is kept of others and still holds; nothing where the year
    has no results to lie beside, or where nothing can be written."""
    folder = data / "processed" / book.year
    if book.trial or book.provisional or not (folder / "manifest.json").is_file() or rested_on(data) != before:
        return
    try:
        others = (_content(data, book.year) or {}).get("units", {})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        others = {}
    if unit in others:
        return
    with suppress(OSError):
        _write(data, book, about, before, read, {**others, unit: asdict(_explained(book, unit))})


def _write(
    data: Path,
    book: ScoreBook,
    about: Mapping[str, Any],
    before: bytes,
    read: Mapping[Path, str],
    units: Mapping[str, Any],
) -> None:
    from kaohe.scoring.finality import finality_of

    folder = data / "processed" / book.year
    content = {
        "rests_on": _rests_on(before, folder),
        "elsewhere": elsewhere(read, data),
        "state": finality_of(folder, about).inside,
        "names": {unit.unit_id: unit.name for unit in book.units},
        "units": units,
    }
    write_text(folder / NAME, json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def _explained(book: ScoreBook, unit: str) -> Explained:
    from kaohe.scoring.explanation import Paragraph, explain, explain_result

    def said(paragraph: Paragraph) -> Said:
        return paragraph.title, tuple(paragraph.lines)

    items, told = {}, 0
    for cell in book.cells_of(unit):
        *first, last = explain(book, unit, cell.indicator)
        items[cell.indicator] = (book.indicators[cell.indicator].name, said(last))
        told = len(first)
    before = explain(book, unit)[:told]
    after = explain_result(book, unit)
    return Explained(book.unit(unit).name, head_of(book, unit), (*map(said, before),), items, (*map(said, after),))


def head_of(book: ScoreBook, unit: str) -> str:
    """Which unit in which year, and what has to be said over its figures."""
    from kaohe.charts.notation import marks
    from kaohe.scheme.years import year_said

    said = "，".join(marks(book))
    return f"{year_said(book.year)} {unit} {book.unit(unit).name}" + (f"（{said}）" if said else "")


def _rests_on(found: bytes, folder: Path) -> str:
    """With what the results say of themselves: whether they are final, and which scoring they are of."""
    digest, folder = hashlib.sha256(found), folder.resolve()
    digest.update(content(folder / "manifest.json"))
    for path in below(folder / "history"):
        digest.update(size(path))
    return digest.hexdigest()
