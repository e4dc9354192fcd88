"""New editions: a file that says again, under another name, most of what one says that was taken before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.intake.changes import Cells, Key

ALIKE = Fraction(4, 5)
"""So much of a taken file stands again in its new edition, be it with other values."""

A_ROW = 6
"""Cells that may be withdrawn with one row."""
MUCH = Fraction(1, 5)


@dataclass(frozen=True)
class Edition:
    """How a delivered file compares with `name`, which was taken before: cells of both, of the one and of the other."""

    source: Path
    name: str
    same: int
    different: int
    more: int
    less: int

    def __str__(self) -> str:
        parts = [f"{self.same} 格相同", f"{self.different} 格不同"]
        parts += [f"{what} {count} 格" for what, count in (("多", self.more), ("少", self.less)) if count]
        return f"{self.source} 像是已收的 {self.name} 的新一版：{'，'.join(parts)}"


def edition(source: Path, mine: Cells, name: str, theirs: Cells) -> Edition | None:
    """The comparison, where the file says again most of what the other says."""
    both = mine.keys() & theirs.keys()
    if not both or len(both) < ALIKE * len(theirs):
        return None
    alike = sum(mine[key][0].value == theirs[key][0].value for key in both)
    return Edition(source, name, alike, len(both) - alike, len(mine) - len(both), len(theirs) - len(both))


def same(mine: Cells, theirs: Cells) -> bool:
    """Whether both say the same of the same."""
    return _values(mine) == _values(theirs)


def _values(cells: Cells) -> dict[Key, list[Any]]:
    return {key: [each.value for each in several] for key, several in cells.items()}


@dataclass(frozen=True)
class Loss:
    """A file that takes more cells out of the year than it brings."""

    source: Path
    names: tuple[str, ...]
    gone: int
    new: int

    def __str__(self) -> str:
        return f"{self.source} 会替换 {'、'.join(self.names)}：消失 {self.gone} 格，新增只有 {self.new} 格"


def is_loss(gone: int, new: int, had: int) -> bool:
    """Whether it is more than a correction: more than a row, and more than a fifth of what was there."""
    return gone - new > A_ROW and gone - new > MUCH * had


def first_names(names: Iterable[str], most: int = 5) -> str:
    """`甲、乙`; of many the first."""
    listed = list(names)
    return "、".join(listed[:most]) + (f" 等 {len(listed)} 个" if len(listed) > most else "")
