"""How figures, tables and sentences write numbers, names and reasons for people."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import Protocol

from kaohe.scheme.digits import USUAL
from kaohe.scoring.exactly import Number, near
from kaohe.scoring.marks import NO_RESULT, OfYear, invented

MINUS = "−"


class Marked(OfYear, Protocol):
    """What says of itself whether it is synthetic or provisional; a ScoreBook also whether it is a trial."""

    @property
    def provisional(self) -> bool: ...


PROVISIONAL = "暂定"


def marks(*about: Marked) -> list[str]:
    """What has to be said over every page and figure of these."""
    out = [*filter(None, [invented(*about)])]
    out += [NO_RESULT] if any(getattr(each, "trial", False) for each in about) else []
    return [*out, PROVISIONAL] if any(each.provisional for each in about) else out


def two(value: Number, apart_from: Iterable[Fraction] = (), digits: int = USUAL) -> str:
    """Two decimals, or `digits`, half up; more where it would look equal to one of `apart_from` that it is not."""
    exact = near(value)
    others = {each for other in apart_from if abs((each := near(other)) - exact) < 1} - {exact}
    while digits < 12 and any(fixed(other, digits) == fixed(exact, digits) for other in others):
        digits += 2
    return fixed(exact, digits)


def signed(value: Number, digits: int = USUAL) -> str:
    """With its sign; a true zero is ±0, a small change never looks like none."""
    exact = near(value)
    if not exact:
        return "±0"
    text = two(abs(exact), [Fraction(0)], digits)
    return f"+{text}" if exact > 0 else f"{MINUS}{text}"


def arrow(climbed: int | None, still: str = "") -> str:
    """`▲5`, `▼1`: places climbed or fallen; `still` for the same place, empty where none can be told."""
    if climbed is None:
        return ""
    return f"{'▲' if climbed > 0 else '▼'}{abs(climbed)}" if climbed else still


def percent(value: Fraction, digits: int = 0) -> str:
    """A share as a percentage; what is short of (or beyond) the whole never looks like exactly 100 %."""
    text = fixed(value * 100, digits)
    if text == fixed(Fraction(100), digits) and value != 1:
        text = fixed(value * 100, 2)
        text = ("99.99" if value < 1 else "100.01") if text == "100.00" else text
    return f"{text}%"


def plain(value: Fraction) -> str:
    """At most two decimals, trailing zeros dropped: full marks and counts."""
    text = two(value)
    return text.rstrip("0").rstrip(".")


def fixed(value: Fraction, digits: int) -> str:
    """So many decimals, half up."""
    value = near(value)
    scaled = (abs(value) * 10**digits * 2 + 1).__floor__() // 2
    text = str(scaled).rjust(digits + 1, "0")
    whole = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"{MINUS}{whole}" if value < 0 and scaled else whole


def tenths(value: float) -> str:
    """An estimate to one decimal."""
    return f"{value:.1f}".replace("-", MINUS)


def hundredths(value: float) -> str:
    """An estimate to two decimals, as correlations have them."""
    return f"{value:.2f}".replace("-", MINUS)


@cache
def _char_width(char: str) -> float:
    return 1 if unicodedata.east_asian_width(char) in "WFA" else 0.56


def width(text: str) -> float:
    """How wide a text is, in widths of a Chinese character."""
    return sum(map(_char_width, text))


def short(text: str, most: float = 16) -> str:
    """The text, cut with … where it is wider than `most` Chinese characters."""
    text = " ".join(text.split())
    if width(text) <= most:
        return text
    kept = ""
    for char in text:
        if width(kept + char) > most - 1:
            break
        kept += char
    return f"{kept}…"


REST = "（余见总报告）"
"""What stands where further clauses were left out of a sheet."""


def clauses(text: str, most: float) -> str:
    """The text, cut after a clause where it is wider than `most` Chinese characters; says that more stands elsewhere.

    A sentence's end or a ； goes before a ，, unless that leaves less than half; quotes and brackets stay whole.
    """
    text = " ".join(text.split())
    if width(text) <= most:
        return text
    ends: dict[str, int] = {}
    depth, used = 0, width(REST)
    for place, char in enumerate(text):
        used += _char_width(char)
        if used > most:
            break
        depth += (char in "“（《(") - (char in "”）》)")
        if not depth and char in "。；，":
            ends["，" if char == "，" else "。"] = place
    whole, part = ends.get("。", 0), ends.get("，", 0)
    end = whole if width(text[:whole]) * 2 >= most else max(whole, part)
    return f"{text[:end]}{REST}" if end else short(text, most)


def lines(text: str, most: float = 34) -> list[str]:
    """Broken into lines no wider than `most` Chinese characters, after punctuation where there is some."""
    out, line, used = [], "", 0.0
    for piece in _pieces(text):
        if line and used + width(piece) > most:
            out.append(line)
            line, used = "", 0.0
        for char in piece:
            if line and used + _char_width(char) > most:
                out.append(line)
                line, used = "", 0.0
            line, used = line + char, used + _char_width(char)
    return [*out, line] if line else out


def _pieces(text: str) -> Iterable[str]:
    piece = ""
    for char in text:
        piece += char
        if char in "，。；：、）！？":
            yield piece
            piece = ""
    if piece:
        yield piece


def figure_text(text: str) -> str:
    """Text for a plotly figure, which knows a little HTML: a name with < stays a name."""
    return html.escape(text, quote=False)


def broken(text: str, most: float = 34) -> str:
    """For a title or hover: escaped, and broken into lines."""
    return "<br>".join(figure_text(line) for line in lines(text, most))


LONGEST_NAME = 18
"""Widths of a Chinese character a name may take where several stand in a row."""


def names(found: Iterable[str], most: int = 6, *, of: str = "个单位") -> str:
    """甲、乙、丙; further ones are counted (`of` what), and a very long one is cut: a list stands inside a sentence."""
    found = [short(name, LONGEST_NAME) for name in found]
    if len(found) <= most:
        return "、".join(found)
    return f"{'、'.join(found[:most])} 等 {len(found)} {of}"


def merged_from(found: Iterable[str]) -> str:
    """What stands after the name of a unit that was merged from others."""
    return f"（由{names(found)}合并）"
