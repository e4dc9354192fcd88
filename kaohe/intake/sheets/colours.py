"""Colours of letters and of the ground below them: where both are the same, nothing can be read."""

from __future__ import annotations

from kaohe.intake.sheets.stream import Attributes

WHITE, BLACK, OTHER = "FFFFFF", "000000", "?"
NEAR = 16
"""How far each of red, green and blue may differ where an eye sees no difference."""

_THEME = {"0": WHITE, "1": BLACK}
_INDEXED = {
    "0": BLACK, "1": WHITE, "2": "FF0000", "3": "00FF00", "4": "0000FF", "5": "FFFF00", "6": "FF00FF", "7": "00FFFF",
    "8": BLACK, "9": WHITE, "10": "FF0000", "11": "00FF00", "12": "0000FF", "13": "FFFF00", "14": "FF00FF",
    "15": "00FFFF", "22": "C0C0C0", "23": "808080", "64": BLACK, "65": WHITE,
}  # fmt: skip


def colour(about: Attributes) -> str:
    """A colour as six digits, or as a theme's; OTHER where it is not clear, which is like none."""
    if "rgb" in about:
        return about["rgb"][-6:].upper() if len(about["rgb"]) in (6, 8) else OTHER
    shade = about.get("tint", "0")
    if "theme" in about:
        plain = _THEME.get(about["theme"]) if float(shade) == 0 else None
        return plain or f"{about['theme']} {shade}"
    return _INDEXED.get(about.get("indexed", ""), OTHER)


def is_same(ink: str, paper: str) -> bool:
    """Whether letters of the one cannot be seen on the other; without a colour letters are black, the ground white."""
    one, other = ink or BLACK, paper or WHITE
    if one == other:
        return one != OTHER
    try:
        pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4)]
    except ValueError:
        return False
    return len(one) == len(other) == 6 and all(abs(mine - yours) <= NEAR for mine, yours in pairs)
