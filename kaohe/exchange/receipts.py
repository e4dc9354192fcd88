"""The ledger of what was received: one line a file, beside the raw tables; readers of the tables do not look at it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from kaohe.intake import Intake
from kaohe.intake.folder import TAKEN

LEDGER = "收件登记.jsonl"
KEPT = ".received"
"""Where a replaced file stays, under its hash."""


class LedgerError(ValueError):
    """A ledger that cannot be read; says in Chinese where."""


@dataclass(frozen=True)
class Receipt:
    """One file taken: when, what, from whom, instead of what (hashes), and how many cells it changed."""

    time: str
    file: str
    sha256: str
    source: str
    office: str
    replaces: str
    new: int
    changed: int
    gone: int


def receipts(folder: Path) -> list[Receipt]:
    """Everything received for the year in `folder`, first to last."""
    path = folder / LEDGER
    if not path.is_file():
        return []
    found = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # a name may hold what else ends a line
    except UnicodeDecodeError:
        raise LedgerError(f"{path} 不是 UTF-8 的文字，请改回原样或移走这个文件") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(Receipt(**json.loads(line)))
        except (ValueError, TypeError):
            raise LedgerError(f"{path} 第 {number} 行不是收件记录，请改回原样或移走这个文件") from None
    return found


def tables_there(intake: Intake) -> dict[str, str]:
    """The files of the year that hold tables: name → hash."""
    files = intake.data.files if intake.data else {}
    return {name: each for name, each in files.items() if PurePosixPath(name).suffix.casefold() in TAKEN}


def current(entries: Iterable[Receipt], files: Mapping[str, str]) -> dict[str, Receipt]:
    """Of files (name → hash) that are still what was received: their last entry."""
    return {entry.file: entry for entry in entries if files.get(entry.file) == entry.sha256}


def as_text(entries: Iterable[Receipt]) -> str:
    return "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in entries)
