"""A CSV file as a grid of cells: UTF-8 with or without BOM, or GB18030."""

from __future__ import annotations

import csv
import io

from kaohe.intake.cells import Cell
from kaohe.intake.grid import Grid, cell_of_text
from kaohe.intake.places import Log, Spot


def read_csv(content: bytes, file: str, log: Log) -> Grid | None:
    """The file's rows; None, with a finding, where it is no CSV text."""
    at = Spot(file)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        log.error("not-csv", "这是 Excel 文件，扩展名却是 .csv", at, expected="CSV 文本，或把扩展名改为 .xlsx")
        return None
    text = _decode(content)
    if text is None:
        log.error("encoding", "文件的编码无法识别", at, expected="UTF-8 或 GB18030（GBK）编码")
        return None
    rows: list[tuple[int, list[Cell]]] = []
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for number, fields in enumerate(reader, start=1):
            cells = [cell_of_text(field) for field in fields]
            if any(cell is not None for cell in cells):
                rows.append((number, cells))
    except csv.Error as error:
        log.error("not-csv", f"第 {reader.line_num} 行附近不是合法的 CSV：{error}", at, expected="以逗号分隔、引号成对")
        return None
    return Grid(file, "", rows)


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text  # UTF-16 or a binary file
    return None
