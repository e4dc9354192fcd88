"""Names of offices and people as file names: never a path, never a name that a system or our readers treat apart."""

from __future__ import annotations

import re
import unicodedata

_UNUSABLE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
LONGEST = 60


def file_name(name: str, otherwise: str = "未命名") -> str:
    """`name` as one part of a path; `otherwise` where nothing is left of it."""
    text = _UNUSABLE.sub("_", unicodedata.normalize("NFC", name))
    text = text.lstrip(".~$ ").rstrip(". ")[:LONGEST].rstrip(". ")
    if not text.strip("_"):
        return otherwise
    return f"_{text}" if _DEVICES.fullmatch(text) else text
