"""Files whose bytes depend on their contents alone: no clock, no machine in them."""

import csv
import io
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook

from kaohe.files import whole_file

SAVED_AT = (2021, 9, 1, 8, 0, 0)
STAMP = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*SAVED_AT)


def write_csv(path: Path, columns: list[str], rows: list[dict]) -> None:
    """UTF-8 with a byte order mark, so that Excel reads the Chinese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_csv_value(row.get(column)) for column in columns] for row in rows)
    write_bytes(path, b"\xef\xbb\xbf" + text.getvalue().encode("utf-8"))


def _csv_value(value: object) -> object:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def write_workbook(path: Path, workbook: Workbook) -> None:
    """Save with the moment of saving replaced by a fixed one, in the properties and in the archive."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    workbook.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", STAMP.encode(), content)
            entry = zipfile.ZipInfo(name, SAVED_AT)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            target.writestr(entry, content)
    write_bytes(path, fixed.getvalue())


def write_text(path: Path, text: str) -> None:
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    with whole_file(path, lasting=False) as part:
        part.write_bytes(content)
