"""Workbooks as the zip archives that they are: parts read, changed and put back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(of: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in of.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(content: bytes, part: str, *replacements: tuple[str, str]) -> bytes:
    """The workbook with texts of one part replaced, each of which must be there."""
    found = parts(content)
    text = found[part].decode()
    for old, new in replacements:
        assert old in text, (old, text[:2000])
        text = text.replace(old, new)
    return packed({**found, part: text.encode()})


def with_cell(content: bytes, cell: str, xml: str, part: str = SHEET) -> bytes:
    """The workbook with one cell written as `xml`."""
    found = parts(content)
    text, count = re.subn(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', lambda _: xml, found[part].decode())
    assert count == 1, found[part].decode()
    return packed({**found, part: text.encode()})


def sheet_xml(rows: Any) -> bytes:
    """A worksheet part of its own, of anything that can be written in pieces."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{"".join(rows)}</sheetData></worksheet>'.encode()


def computed(content: bytes, formula: str, result: int) -> bytes:
    """B2 as a formula with a result, saved by a program that computes."""
    content = with_cell(content, "B2", f'<c r="B2"><f>{formula}</f><v>{result}</v></c>')
    return changed(content, BOOK, ('fullCalcOnLoad="1"', ""))
