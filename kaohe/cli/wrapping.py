"""Text broken into lines for a terminal, where a Chinese sign takes two places and punctuation begins no line."""

from __future__ import annotations

import re
import unicodedata

_PIECE = re.compile(r"[“‘（《【]*(?:[!-~]+|.)[，。；：、）！？”’》】…]*", re.DOTALL)
"""What stays together: a Latin word, a path or one Chinese sign, with the punctuation that belongs to it."""

NARROWEST = 20


def places(text: str) -> int:
    """How many places of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def wrapped(text: str, width: int, *, indent: str = "") -> list[str]:
    """Lines of at most `width` places, those after the first behind `indent`; a longer word is cut."""
    width = max(width, NARROWEST)
    out, line = [], ""
    for piece in _PIECE.findall(" ".join(text.split())):
        if places(line + piece.rstrip()) > width and line.strip():
            out.append(line.rstrip())
            line, piece = indent, piece.lstrip()
        for sign in piece:
            if places(line + sign) > width:
                out.append(line)
                line = indent
            line += sign
    return [*out, line.rstrip()] if line.strip() else out or [""]
