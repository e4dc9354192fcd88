"""What parts the fields of a CSV file: a comma, unless a `sep=` line or the header leaves no doubt about another."""

from __future__ import annotations

import re
from collections.abc import Collection

from kaohe.intake.sheets.cells import word

COMMA = ","
SIGNS = {";": "分号", "\t": "制表符", "，": "全角逗号", "；": "全角分号", "|": "竖线", "、": "顿号"}
"""What else programs and people put between fields, and what it is called."""

SEARCHED = 10
_SAID = re.compile(r"\ufeff?\"?sep=(?P<sign>[^\r\n])\"?[ ,;]*(?:\r\n|\r|\n|$)", re.IGNORECASE)


def separated_by(text: str, known: Collection[str]) -> tuple[str, str, int]:
    """The sign between fields, the text without a line that names it, and the number of its first line.

    `known`: headers that some table has, as they are compared.
    """
    said = _SAID.match(text)
    if said:
        sign = said["sign"]
        return (sign if sign in SIGNS else COMMA), text[said.end() :], 2
    found = {
        sign for line in _first_lines(text) if COMMA not in line for sign in SIGNS if _is_header(line, sign, known)
    }
    return (found.pop() if len(found) == 1 else COMMA), text, 1


def _first_lines(text: str) -> list[str]:
    return [line for line in text[:20_000].splitlines() if line.strip()][:SEARCHED]


def _is_header(line: str, sign: str, headers: Collection[str]) -> bool:
    """Whether it begins with a column of some table, and names another or has several more."""
    fields = [word(field.strip().strip('"')) for field in line.split(sign)]
    known = [field in headers for field in fields]
    return len(fields) > 1 and any(known) and (sum(known) > 1 or len(fields) > 2 or known[0])
