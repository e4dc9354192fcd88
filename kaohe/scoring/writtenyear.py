"""A year that was read, scored and written with its history: what `kaohe score` does, wherever it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe.files.locks import holding
from kaohe.intake import Intake, read_year
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.score import score_intake, year_before
from kaohe.scoring.write import Keeping, manifest, read_manifest, write_scores


@dataclass(frozen=True)
class WrittenYear:
    """The scored year, its manifest as it stands now, and the files that were written."""

    book: ScoreBook
    about: Mapping[str, Any]
    files: list[Path]


def results_folder(data: Path, year: str, out: Path | None = None) -> Path:
    """Where a year's results are written: below `out`, or where the next scoring looks for them."""
    return (out or data / "processed") / year


def write_year(
    intake: Intake,
    data: Path,
    *,
    out: Path | None = None,
    csv: bool = False,
    provisional: bool = False,
    unfreeze: str = "",
    read: Callable[[Path, str], Intake] = read_year,
) -> WrittenYear:
    """Score what was read and write it; `read` reads the year before.

    NotScorableError where the data has errors or gaps, RefusedError where the year is final with another result (but
    with `unfreeze`, the reason why it is no longer), BusyError where another run writes there, WriteError.
    """
    raw = data / "raw"
    before = year_before(raw, intake.year, read)
    book = score_intake(intake, before=before, provisional=provisional)
    folder = results_folder(data, intake.year, out)
    keeping = Keeping(raw, results_folder(data, intake.year))
    about = manifest(book, intake, before)
    with holding(folder):
        files = write_scores(folder, book, about, csv=csv, keeping=keeping, unfreeze=unfreeze)
    return WrittenYear(book, read_manifest(folder), files)
