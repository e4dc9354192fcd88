"""Writes a scored year: tables and manifest, each file whole or not at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaohe.files import kaohe_version, whole_file, write_text
from kaohe.intake import Intake
from kaohe.scoring.book import ScoreBook

if TYPE_CHECKING:
    import pandas as pd


def manifest(book: ScoreBook, intake: Intake, before: Intake | None = None) -> dict[str, Any]:
    """What the results rest on: hashes of every input, the scheme, the policies, the version."""
    return {
        "year": book.year,
        "kaohe": kaohe_version(),
        "scheme": {"id": book.scheme_id, "title": book.scheme_title, "sha256": _scheme_hash(intake)},
        "policies": {policy.name: {"value": policy.value, "origin": policy.origin} for policy in book.policies},
        "provisional": book.provisional,
        "synthetic": book.synthetic,
        "inputs": dict(sorted(intake.data.files.items())) if intake.data else {},
        "previous_year": book.previous_year,
        "previous_inputs": dict(sorted(before.data.files.items())) if before and before.data else {},
    }


def _scheme_hash(intake: Intake) -> str:
    assert intake.scheme is not None
    return hashlib.sha256(intake.scheme.model_dump_json().encode()).hexdigest()


def write_scores(folder: Path, book: ScoreBook, about: dict[str, Any], *, csv: bool = False) -> list[Path]:
    """`scores` and `results` as Parquet (and CSV), and `manifest.json`, in `folder`."""
    written = []
    for name, table in (("scores", book.scores), ("results", book.results)):
        path = folder / f"{name}.parquet"
        with whole_file(path) as part:
            table.to_parquet(part, index=False, engine="pyarrow", compression="zstd")
        written.append(path)
        if csv:
            path = folder / f"{name}.csv"
            with whole_file(path) as part:
                neutralised(table).to_csv(part, index=False, encoding="utf-8-sig", lineterminator="\r\n")
            written.append(path)
    path = folder / "manifest.json"
    write_text(path, json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return [*written, path]


def neutralised(table: pd.DataFrame) -> pd.DataFrame:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""

    def safe(value: Any) -> Any:
        return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value

    texts = table.select_dtypes(exclude=["number", "bool", "boolean"]).columns
    return table.assign(**{name: table[name].map(safe) for name in texts})
