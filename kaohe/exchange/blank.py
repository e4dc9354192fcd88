"""What a template that lies there is: still blank, or with something of somebody's in it; and what it asks for."""

from __future__ import annotations

import datetime
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from kaohe.exchange.guide import due_in
from kaohe.intake.tables.vocabulary import NO_TABLE, TABLES, UNIT_NAME

BLANK = "kaohe-blank-"
"""With a hash of what a template's open cells held when it was made, among the workbook's properties."""

_UNIT = TABLES["units"].column["unit_id"].header
_INDICATOR = TABLES["ratings"].column["indicator"].header


@dataclass(frozen=True)
class Asks:
    """The units a template knows, id → name, and its open cells: (sheet, unit, metric or indicator or column)."""

    units: dict[str, str]
    cells: frozenset[tuple[str, str, str]]


def sign(book: Workbook) -> Workbook:
    """The workbook, which will know later whether anything was entered."""
    book.properties.keywords = _mark(book)
    return book


def opened(path: Path) -> Workbook | None:
    """The workbook; None where the file is none, or cannot be read now."""
    try:
        return load_workbook(path)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, InvalidFileException):
        return None


def is_blank(book: Workbook) -> bool:
    """Whether nothing has been entered since it was made; one that does not say what it held must hold nothing."""
    known = str(book.properties.keywords or "")
    return known == _mark(book) if known.startswith(BLANK) else not any(_entered(book))


def asks(book: Workbook) -> Asks:
    """What the template asks for."""
    return Asks(_units(book), frozenset(_open_cells(book)))


def due_of(book: Workbook) -> datetime.date | None:
    """By when it asks to be handed in."""
    page = book[NO_TABLE] if NO_TABLE in book.sheetnames else None
    return due_in(str(cell.value) for cell in page["A"]) if page is not None else None


def _mark(book: Workbook) -> str:
    held = "\n".join(_entered(book))
    return f"{BLANK}{hashlib.sha256(held.encode()).hexdigest()[:20]}"


def _entered(book: Workbook) -> Iterator[str]:
    """What stands in cells that may be changed."""
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if cell.value is not None and not cell.protection.locked:
                    yield f"{page.title}!{cell.coordinate}={cell.value}"


def _units(book: Workbook) -> dict[str, str]:
    """From the sheet 说明, which lists them for people."""
    if NO_TABLE not in book.sheetnames:
        return {}
    page = book[NO_TABLE]
    at = next((cell.column for cell in page[1] if cell.value == _UNIT), None)
    if at is None:
        return {}
    found = {}
    for unit, name in page.iter_rows(min_row=2, min_col=at, max_col=at + 1, values_only=True):
        if unit is None:
            break
        found[str(unit)] = str(name or "")
    return found


def _open_cells(book: Workbook) -> Iterator[tuple[str, str, str]]:
    """Those of rows that are about a unit."""
    for page in book.worksheets:
        heads: list[Any] = [cell.value for cell in page[1]]
        if page.title == NO_TABLE or heads[0] != _UNIT:
            continue
        subject = heads.index(_INDICATOR) if _INDICATOR in heads else None
        for row in page.iter_rows(min_row=2):
            if row[0].value is None or not row[0].protection.locked:
                continue
            for cell, head in zip(row, heads, strict=False):
                if not cell.protection.locked and head != UNIT_NAME.header:
                    about = head if subject is None else row[subject].value
                    yield page.title, str(row[0].value), str(about)
