"""Archives as bytes that depend on their contents alone: neither a clock nor this machine is in them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

Moment = tuple[int, int, int, int, int, int]
DAY: Moment = (2000, 1, 1, 0, 0, 0)
"""Stands where a moment has to stand."""
_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def packed(parts: Mapping[str, bytes], moment: Moment = DAY, *, comment: bytes = b"") -> bytes:
    """A zip archive of the parts in their order, each as if it was saved at `moment`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()


def timeless(office_file: bytes, moment: Moment = DAY) -> bytes:
    """A workbook, document or presentation as if it, and each workbook inside it, was made and saved at `moment`."""
    stamp = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*moment).encode()
    parts = {}
    with zipfile.ZipFile(io.BytesIO(office_file)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(stamp, content)
            parts[name] = timeless(content, moment) if name.endswith(".xlsx") else content
    return packed(parts, moment)
