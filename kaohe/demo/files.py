"""Files as bytes that depend on their contents alone: no clock, no machine in them."""

import csv
import io

from openpyxl import Workbook

from kaohe.files.timeless import timeless

SAVED_AT = (2021, 9, 1, 8, 0, 0)


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
    saved = io.BytesIO()
    workbook.save(saved)
    return timeless(saved.getvalue(), SAVED_AT)
