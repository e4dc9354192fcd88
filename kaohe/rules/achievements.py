"""Weighted counting of achievements: weights by kind, level and award; repeated titles once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from kaohe.rules.evidence import Achievement

WeightTable = Mapping[str, Any]
"""kind → weight, or kind → level → weight, or kind → level → award → weight."""


def weight_of(weights: WeightTable, row: Achievement) -> Fraction | None:
    """The row's weight, or None where kind, level and award have none."""
    found: Any = weights.get(row.kind)
    for key in (row.level, row.award):
        if not isinstance(found, Mapping):
            break
        found = found.get(key)
    return found if isinstance(found, Fraction) else None


_SIGNS = "+#%&@="
"""They make another word of one: `C#`, `C++`."""

_BETWEEN_DIGITS = re.compile(rf"(?<=\d)(?:[^\w{_SIGNS}]|_)+(?=\d)")


@cache
def normal_title(title: str) -> str:
    """The form in which two titles are held to be the same work: no matter the punctuation, brackets and spaces.

    Between digits it matters that there is something, and whether it is a point: `15`, `1-5`, `1.5`.
    """
    plain = unicodedata.normalize("NFKC", title).casefold()
    parted = _BETWEEN_DIGITS.sub(lambda found: "\1" if found[0] == "." else "\0", plain)
    return "".join(filter(_tells, parted)) or " ".join(plain.split())


def _tells(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return kind[0] in "LN" or kind in ("Co", "Mc", "Sc") or letter in _SIGNS or letter in "\0\1"


@dataclass(frozen=True)
class Tally:
    """A unit's counted rows with their weights, the repeats left out, and rows without a weight."""

    counted: tuple[tuple[Achievement, Fraction], ...] = ()
    repeated: tuple[Achievement, ...] = ()
    weightless: tuple[Achievement, ...] = ()
    sum: Fraction = field(default=Fraction(0))


def tally(rows: Iterable[Achievement], worth: Callable[[Achievement], Fraction | None]) -> Tally:
    """Count each title once, at its highest worth; rows worth None are set aside.

    `rows` are one unit's rows for one indicator that may count at all (window, first author).
    """
    best: dict[str, tuple[Achievement, Fraction]] = {}
    repeated: list[Achievement] = []
    weightless: list[Achievement] = []
    for row in rows:
        weight = worth(row)
        if weight is None:
            weightless.append(row)
            continue
        key = normal_title(row.title)
        if key not in best:
            best[key] = (row, weight)
        elif weight > best[key][1]:
            repeated.append(best[key][0])
            best[key] = (row, weight)
        else:
            repeated.append(row)
    counted = tuple(best.values())
    return Tally(counted, tuple(repeated), tuple(weightless), sum((w for _, w in counted), Fraction(0)))
