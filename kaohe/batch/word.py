"""The brief as a Word document: one A4 sheet that the meeting's secretary may still edit."""

from __future__ import annotations

import datetime
import io
import struct
from collections.abc import Sequence
from typing import Any

from kaohe.batch.brief import Brief, BriefGroup

LATIN, CHINESE = "Times New Roman", "宋体"
ACROSS, HIGHEST = 182, 125
"""Millimetres a picture may take."""
SIZE = 9
"""Points of the running text."""
SHARES = (0.2, 0.46, 0.18, 0.16)
"""Widths of the ranking's columns."""


def word_of(brief: Brief, pictures: Sequence[bytes] = ()) -> bytes:
    """The document's bytes; `pictures` stand on a sheet of their own behind it."""
    from docx import Document

    document = Document()
    _sheet(document)
    _line(document, f"内部资料　{'　'.join(brief.marks)}".strip(), 9, align="right")
    _line(document, brief.title, 16, bold=True, align="center", after=2)
    _line(document, f"{brief.authority}　依据：{brief.basis}", 9, align="center", after=4)
    _heading(document, f"一、{brief.heading}")
    decisions = [f"{number}．{said}" for number, said in enumerate(brief.decisions, 1)]
    if brief.decisions_left:
        decisions.append(f"另有 {brief.decisions_left} 项，其余见{brief.report}。")
    for said in decisions or ["没有待决的事项。"]:
        _line(document, said, SIZE)
    _heading(document, "二、主要情况")
    for said in brief.messages or ("没有需要说明的情况。",):
        _line(document, f"· {said}", SIZE)
    _heading(document, "三、名次")
    _rankings(document, brief.groups, brief.report)
    _heading(document, "四、会议意见")
    _line(document, "", SIZE, after=16 + 8 * brief.room)
    _line(document, "签字：　　　　　　　　　　　　　　日期：　　　　　　　　", SIZE, after=0)
    if pictures:
        document.add_page_break()
        _heading(document, "附图")
    for picture in pictures:
        _picture(document, picture)
    return _bytes(document, brief.title)


def _picture(document: Any, png: bytes) -> None:
    """As wide as the sheet, or so high that two find room on it."""
    from docx.shared import Mm

    wide, high = struct.unpack(">II", png[16:24])
    document.add_picture(io.BytesIO(png), width=Mm(min(ACROSS, HIGHEST * wide / high)))


def _bytes(document: Any, title: str) -> bytes:
    """Without the moment it was made, so that the same year gives the same words."""
    properties = document.core_properties
    properties.author, properties.title = "kaohe", title
    properties.created = properties.modified = datetime.datetime(2000, 1, 1)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _sheet(document: Any) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(14)
    section.top_margin = section.bottom_margin = Mm(11)
    style = document.styles["Normal"]
    style.paragraph_format.space_before = style.paragraph_format.space_after = 0


def _heading(document: Any, text: str) -> None:
    _line(document, text, 11, bold=True, before=4, after=1)


def _line(
    place: Any, text: str, size: float, *, bold: bool = False, align: str = "left", before: float = 0, after: float = 1
) -> None:
    """A paragraph at the end of a document."""
    _write(place.add_paragraph(), text, size, bold=bold, align=align, before=before, after=after)


def _write(
    paragraph: Any, text: str, size: float, *, bold: bool = False, align: str = "left", before: float = 0,
    after: float = 0,
) -> None:  # fmt: skip
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), Pt(size * 1.35)
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), CHINESE)


def _rankings(document: Any, groups: Sequence[BriefGroup], report: str) -> None:
    """The groups' tables side by side: the cells of one table without lines of its own; the rest is in the `report`."""
    if not groups:
        _line(document, "没有单位。", SIZE)
        return
    outer = document.add_table(rows=1, cols=len(groups))
    for cell, group in zip(outer.rows[0].cells, groups, strict=True):
        _write(
            cell.paragraphs[0], f"{group.name}（满分 {group.full} 分）" if group.full else group.name, SIZE, bold=True
        )
        _ranking(cell, group, 178 / len(groups))
        if group.left:
            _line(cell, f"另有 {group.left} 个单位，其余见{report}。", 8.5, after=0)
        else:
            _line(cell, "", 2, after=0)  # Word wants a paragraph after a table


def _ranking(cell: Any, group: BriefGroup, wide: float) -> None:
    from docx.shared import Mm

    grid = cell.add_table(rows=0, cols=len(SHARES))
    grid.style = cell.part.document.styles["Table Grid"]
    grid.autofit = False
    rows = [("名次", "单位", "总分", "等次"), *((row.rank, row.name, row.total, row.grade) for row in group.rows)]
    for column, share in zip(grid.columns, SHARES, strict=True):
        column.width = Mm(wide * share)
    told = {number for number, row in enumerate(group.rows, start=1) if row.told}
    for number, texts in enumerate(rows):
        for place, share, text in zip(grid.add_row().cells, SHARES, texts, strict=True):
            place.width = Mm(wide * share)
            bold = number == 0 or (number in told and text == texts[-1])
            _write(place.paragraphs[0], text, 8.5, bold=bold, align="left" if share > 0.3 else "center")
