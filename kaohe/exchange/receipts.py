"""The ledger of what was received: one line a file, beside the raw tables; readers of the tables do not look at it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from kaohe.files.kept import DamagedError, KeptError, json_of, kept_text
from kaohe.intake import Intake
from kaohe.intake.year.folder import TAKEN

LEDGER = "收件登记.jsonl"
KEPT = ".received"
"""Where a replaced file stays, under its hash."""


_ADVICE = "请改回原样或移走这个文件"


class LedgerError(KeptError):
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
    """Everything received for the year in `folder`, first to last; LedgerError where it cannot be read."""
    path = folder / LEDGER
    try:
        lines = kept_text(path, advice=_ADVICE).split("\n")  # a name may hold what else ends a line
    except FileNotFoundError:
        return []
    except DamagedError as error:
        raise LedgerError(str(error)) from None
    return [_receipt(line, number, path) for number, line in enumerate(lines, start=1) if line.strip()]


def _receipt(line: str, number: int, path: Path) -> Receipt:
    try:
        return Receipt(**json_of(line.encode(), path, _problem))
    except DamagedError:
        raise LedgerError(f"{path} 第 {number} 行不是收件记录，{_ADVICE}") from None


def _problem(found: Any) -> str:
    kinds = {each.name: int if each.type == "int" else str for each in fields(Receipt)}
    return (
        ""
        if isinstance(found, dict) and {name: type(each) for name, each in found.items()} == kinds
        else "不是收件记录"
    )


def tables_there(intake: Intake) -> dict[str, str]:
    """The files of the year that hold tables: name → hash."""
    files = intake.data.files if intake.data else {}
    return {name: each for name, each in files.items() if PurePosixPath(name).suffix.casefold() in TAKEN}


def current(entries: Iterable[Receipt], files: Mapping[str, str]) -> dict[str, Receipt]:
    """Of files (name → hash) that are still what was received: their last entry."""
    return {entry.file: entry for entry in entries if files.get(entry.file) == entry.sha256}


def as_text(entries: Iterable[Receipt]) -> str:
    return "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in entries)
