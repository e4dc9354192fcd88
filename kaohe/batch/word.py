"""The brief as a Word document: one A4 sheet that the meeting's secretary may still edit."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import Any

from kaohe.batch.brief import SIDE_BY_SIDE, Brief, BriefGroup, BriefRow
from kaohe.batch.office import office_bytes

LATIN, CHINESE = "Times New Roman", "宋体"
INSTEAD = "SimSun,Songti SC,STSong,Noto Serif CJK SC,Source Han Serif SC"
"""Where there is no font of that name: Windows in other languages, macOS, Linux."""
ACROSS, HIGHEST = 182, 125
"""Millimetres a picture may take."""
SIZE = 12
"""Points of everything but the title: 小四, which is read across a table."""
TITLE = 18
SHARES = {"名次": 0.13, "单位": 0.36, "总分": 0.23, "升降": 0.13, "等次": 0.15}
"""Widths of the ranking's columns: a total stays in one line whatever font stands for the missing one."""


def word_of(brief: Brief, pictures: Sequence[bytes] = ()) -> bytes:
    """The document's bytes; `pictures` stand on a sheet of their own behind it."""
    from docx import Document

    document = Document()
    _sheet(document)
    _line(document, f"内部资料　{'　'.join(brief.marks)}".strip(), SIZE, align="right", after=0)
    _line(document, brief.title, TITLE, bold=True, align="center", after=0)
    _line(document, f"{brief.authority}　依据：{brief.basis}", SIZE, align="center", after=2)
    _heading(document, f"一、{brief.heading}")
    for said in brief.numbered:
        _line(document, said, SIZE)
    _heading(document, "二、主要情况")
    for said in brief.messages or ("没有需要说明的情况。",):
        _line(document, f"· {said}", SIZE)
    _heading(document, "三、名次")
    _rankings(document, brief)
    _heading(document, "四、会议意见")
    _line(document, "", SIZE, after=4 + 12 * brief.room)
    _line(document, "签字：　　　　　　　　　　　　　　日期：　　　　　　　　", SIZE, after=0)
    if pictures:
        document.add_page_break()
        _heading(document, "附图")
    for picture in pictures:
        _picture(document, picture)
    return office_bytes(document, brief.title)


def _picture(document: Any, png: bytes) -> None:
    """As wide as the sheet, or so high that two find room on it."""
    from docx.shared import Mm

    wide, high = struct.unpack(">II", png[16:24])
    document.add_picture(io.BytesIO(png), width=Mm(min(ACROSS, HIGHEST * wide / high)))


def _sheet(document: Any) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(14)
    section.top_margin = section.bottom_margin = Mm(11)
    style = document.styles["Normal"]
    style.paragraph_format.space_before = style.paragraph_format.space_after = 0
    _name_fonts(document)


def _name_fonts(document: Any) -> None:
    """Say which fonts stand for the Chinese one where it is not there."""
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    part = next(part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    fonts = parse_xml(part.blob)
    for old in [each for each in fonts if each.get(qn("w:name")) == CHINESE]:
        fonts.remove(old)
    fonts.append(
        parse_xml(
            f'<w:font {nsdecls("w")} w:name="{CHINESE}"><w:altName w:val="{INSTEAD}"/><w:charset w:val="86"/>'
            '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        )
    )
    part._blob = serialize_part_xml(fonts)


def _heading(document: Any, text: str) -> None:
    _line(document, text, SIZE, bold=True, before=3, after=0)


def _line(
    place: Any, text: str, size: float, *, bold: bool = False, align: str = "left", before: float = 0, after: float = 0
) -> None:
    """A paragraph at the end of a document."""
    _write(place.add_paragraph(), text, size, bold=bold, align=align, before=before, after=after)


def _write(
    paragraph: Any, text: str, size: float, *, bold: bool = False, align: str = "left", before: float = 0,
    after: float = 0, line: float = 1.35,
) -> None:  # fmt: skip
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), Pt(size * line)
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), CHINESE)


def _rankings(document: Any, brief: Brief) -> None:
    """The groups' tables side by side: the cells of one table without lines of its own; the rest is in the report."""
    groups = brief.groups
    if not groups:
        _line(document, "没有单位。", SIZE)
        return
    outer = document.add_table(rows=-(-len(groups) // SIDE_BY_SIDE), cols=min(len(groups), SIDE_BY_SIDE))
    places = [cell for row in outer.rows for cell in row.cells]
    for cell, group in zip(places, groups, strict=False):
        _write(
            cell.paragraphs[0], f"{group.name}（满分 {group.full} 分）" if group.full else group.name, SIZE, bold=True
        )
        _ranking(cell, group, brief.moving, 178 / SIDE_BY_SIDE)
        if group.left:
            _line(cell, f"另有 {group.left} 个单位，其余见{brief.report}。", SIZE)
        else:
            _line(cell, "", 2, after=0)  # Word wants a paragraph after a table


def _ranking(cell: Any, group: BriefGroup, moving: bool, wide: float) -> None:
    from docx.shared import Mm

    heads = [name for name in SHARES if moving or name != "升降"]
    spare = 0 if moving else SHARES["升降"]
    shares = [SHARES[name] + (spare if name == "单位" else 0) for name in heads]
    grid = cell.add_table(rows=0, cols=len(heads))
    grid.style = cell.part.document.styles["Table Grid"]
    grid.autofit = False
    _close(grid)
    rows = [heads, *(_cells(row, moving) for row in group.rows)]
    for column, share in zip(grid.columns, shares, strict=True):
        column.width = Mm(wide * share)
    told = {number for number, row in enumerate(group.rows, start=1) if row.told}
    for number, texts in enumerate(rows):
        for place, share, text in zip(grid.add_row().cells, shares, texts, strict=True):
            place.width = Mm(wide * share)
            bold = number == 0 or (number in told and text == texts[-1])
            _write(place.paragraphs[0], text, SIZE, bold=bold, align="left" if share > 0.3 else "center", line=1.15)


def _close(grid: Any) -> None:
    """Little room between a cell's text and its lines."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    sides = "".join(f'<w:{side} w:w="34" w:type="dxa"/>' for side in ("left", "right"))
    margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")
    look = grid._tbl.tblPr.find(qn("w:tblLook"))  # Word wants them in this order
    if look is not None:
        look.addprevious(margins)
    else:
        grid._tbl.tblPr.append(margins)


def _cells(row: BriefRow, moving: bool) -> list[str]:
    return [row.rank, row.name, row.total, *([row.moved] if moving else []), row.grade]
