"""How Chinese words are typed: their initials, and spelled out. Made when pages are written, never in the browser."""

from __future__ import annotations

import re
from functools import cache


@cache
def initials(words: str) -> str:
    """`智能制造学院` → `znzzxy`; letters and digits stay, signs and spaces go."""
    from pypinyin import Style, lazy_pinyin

    return _plain("".join(lazy_pinyin(words, style=Style.FIRST_LETTER)))


@cache
def spelled(words: str) -> str:
    """`名次` → `ming-ci`: syllables apart, everything else as it is, in small letters."""
    from pypinyin import lazy_pinyin

    return "-".join(lazy_pinyin(words)).lower()


def _plain(words: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", words.lower())
