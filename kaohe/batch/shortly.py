"""Long lists of whole numbers as text, a character a number: what JSON writes in five digits takes a byte or two."""

from __future__ import annotations

from collections.abc import Sequence

FIRST = 0x23
"""The character of 0: none before it needs an escape in JSON."""
SURROGATES, MANY = 0xD800, 0x800
MOST = 0x10FFFF - MANY - FIRST
"""The largest number that has a character."""


def letters(numbers: Sequence[int]) -> str:
    """Numbers from 0 to MOST; `web/decide.js` reads them."""
    return "".join(chr(code + MANY if (code := number + FIRST) >= SURROGATES else code) for number in numbers)


def as_met(numbers: Sequence[int]) -> str:
    """Numbers given as they are first met: 0 for the next new one, else how far back from it the number lies."""
    told, met = [], 0
    for number in numbers:
        told.append(met - number if number < met else 0)
        met = max(met, number + 1)
    return letters(told)


def steps(numbers: Sequence[int]) -> str | None:
    """Each as the step from the one before, up and down by turns (0, -1, 1, -2 …); None where one is too far."""
    far = [number - before for number, before in zip(numbers, [0, *numbers], strict=False)]
    told = [2 * step if step >= 0 else -2 * step - 1 for step in far]
    return letters(told) if max(told, default=0) <= MOST else None
