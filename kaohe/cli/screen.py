"""The one place where text reaches a terminal: names and cells of files are plain, printable text there.

What looks like rich's markup is text, and what would move a terminal's cursor, clear it or turn its letters round is
spelt out (`\\x1b`).
"""

from __future__ import annotations

import unicodedata
from typing import Any

from rich.console import Console
from rich.text import Text

_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0x2028, 0x2029}
"""Marks that change the direction of what follows, and line ends that some terminals know."""


class Screen(Console):
    """A console for text that others wrote."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """Every string on its way to the terminal, those in the cells of a table too."""
        return super().render_str(plain(text), **{**options, "markup": False, "emoji": False})


def plain(text: str) -> str:
    """The text without what a terminal would act on; its own line ends stay."""
    if text.isprintable():  # none of what `_harmless` spells out is
        return text
    return "".join(each if _harmless(each) else _spelt(each) for each in text)


def plain_json(text: str) -> str:
    """The same of JSON, which says such letters its own way and means the same."""
    return "".join(each if _harmless(each) else f"\\u{ord(each):04x}" for each in text)


def _harmless(letter: str) -> bool:
    return letter == "\n" or (unicodedata.category(letter) not in ("Cc", "Cs") and ord(letter) not in _TURNING)


def _spelt(letter: str) -> str:
    if letter == "\t":
        return " "
    return f"\\x{ord(letter):02x}" if ord(letter) < 0x100 else f"\\u{ord(letter):04x}"
