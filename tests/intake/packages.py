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


def rich_value(kind: str) -> tuple[dict[str, bytes], str]:
    """Parts of a workbook with one rich value, which a cell calls by `vm="1"`, and how the workbook refers to them."""
    space = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    types = '<metadataTypes><metadataType name="XLRICHVALUE"/></metadataTypes>'
    future = '<futureMetadata name="XLRICHVALUE"><bk><extLst><ext><x:rvb i="0"/></ext></extLst></bk></futureMetadata>'
    cells = '<valueMetadata><bk><rc t="1" v="0"/></bk></valueMetadata>'
    texts = {
        "sheetMetadata": f'<metadata xmlns="{main}" xmlns:x="{space}">{types}{future}{cells}</metadata>',
        "rdRichValue": f'<rvData xmlns="{space}"><rv s="0"><v>0</v></rv></rvData>',
        "rdRichValueStructure": f'<rvStructures xmlns="{space}"><s t="{kind}"/></rvStructures>',
    }
    related = "".join(f'<Relationship Id="{name}" Type="x/{name}" Target="{name}.xml"/>' for name in texts)
    return {f"xl/{name}.xml": text.encode() for name, text in texts.items()}, related
