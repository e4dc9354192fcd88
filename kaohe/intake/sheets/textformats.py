"""What a format does to a number that is kept as a text: it may put words around it, or hide it."""

from __future__ import annotations

from kaohe.intake.sheets import formats
from kaohe.intake.sheets.cells import PLAINLY, Cell, Doubted, is_figure

MOST = 4
"""Parts of a format; the last of so many is for texts."""


def as_shown(cell: Cell, code: str) -> Cell:
    """The cell, or a doubt where a figure that is a text looks otherwise than it is held."""
    if not isinstance(cell, str) or not ("@" in code or code.count(";") >= MOST - 1) or not is_figure(cell):
        return cell
    sections = formats.parsed(code)
    section = next((each for each in sections if any(kind == "text" for kind, _ in each.pieces)), None)
    if section is None and len(sections) < MOST:
        return cell
    pieces = (section or sections[MOST - 1]).pieces
    seen = "".join(cell if kind == "text" else text for kind, text in pieces).strip()
    if seen == cell.strip():
        return cell
    problem = f"使人看到“{seen}”" if seen else "使内容看不见"
    return Doubted(cell, "disguised-cell", f"单元格格式{problem}，存的却是文本 {cell}", PLAINLY)
