"""Files as bytes that depend on their contents alone: no clock, no machine in them."""

import csv
import io
import re
import zipfile

from openpyxl import Workbook

SAVED_AT = (2021, 9, 1, 8, 0, 0)
STAMP = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*SAVED_AT)


def csv_bytes(columns: list[str], rows: list[dict]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads the Chinese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_csv_value(row.get(column)) for column in columns] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _csv_value(value: object) -> object:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def workbook_bytes(workbook: Workbook) -> bytes:
    """Saved with the moment of saving replaced by a fixed one, in the properties and in the archive."""
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
    return fixed.getvalue()
