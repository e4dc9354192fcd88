"""One unit under one indicator, and all of a year: assembled unit by unit, when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from kaohe.rules import Sentence, Trace

Status = Literal["scored", "disputed", "missing", "not_applicable"]
STATUS_NAMES: dict[str, str] = {
    "scored": "已评分",
    "disputed": "数据有争议",
    "missing": "缺数据",
    "not_applicable": "不适用",
}


class Later(Sequence[str]):
    """Sentences that are found when first looked at: most cells are never asked."""

    def __init__(self, find: Callable[[], tuple[str, ...]]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> tuple[str, ...]:
        return self._find()

    def __getitem__(self, place: Any) -> Any:
        return self._found[place]

    def __len__(self) -> int:
        return len(self._found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Later | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self._found)

    def __repr__(self) -> str:
        return repr(self._found)


@dataclass(frozen=True)
class ScoreCell:
    """One unit under one indicator. Points are exact; points = raw − deducted − capped.

    `raters` is how many rated it (None where it is computed); `policies` the open points it turned on;
    `ahead` the nearest way to more points, where it can be computed; `disputed` the disputed evidence and its place.
    """

    unit: str
    indicator: str
    status: Status
    clause: str
    max_points: Fraction | None = None
    points: Fraction | None = None
    raw: Fraction | None = None
    deducted: Fraction | None = None
    capped: Fraction | None = None
    sentences: tuple[Sentence, ...] = ()
    raters: int | None = None
    policies: tuple[str, ...] = ()
    ahead: Sequence[str] = ()
    disputed: tuple[str, ...] = ()
    trace: Trace | None = None

    @property
    def applicable(self) -> bool:
        return self.status != "not_applicable"

    @property
    def reason(self) -> str:
        """Everything said about the cell; for internal eyes."""
        return "；".join(sentence.text for sentence in self.sentences)

    @property
    def lost(self) -> Fraction:
        """Points short of the full mark; 0 where it does not apply or is exceeded."""
        if self.points is None or self.max_points is None:
            return Fraction(0)
        return max(self.max_points - self.points, Fraction(0))


class Cells(Sequence[ScoreCell]):
    """A year's cells, unit by unit in the data's order; a unit's are assembled when first asked for.

    Whoever wants one unit, as the explorer after an edit, does not wait for the others.
    """

    def __init__(
        self,
        units: Iterable[str],
        assemble: Callable[[str], tuple[ScoreCell, ...]],
        points: Callable[[], Mapping[tuple[str, str], Fraction]] | None = None,
    ) -> None:
        self._units, self._assemble, self._find_points = tuple(units), assemble, points
        self._made: dict[str, dict[str, ScoreCell]] = {}

    @classmethod
    def ready(cls, cells: Iterable[ScoreCell]) -> Cells:
        """Of cells that are there already."""
        made: dict[str, list[ScoreCell]] = {}
        for cell in cells:
            made.setdefault(cell.unit, []).append(cell)
        return cls(made, lambda unit: tuple(made[unit]))

    def of(self, unit: str) -> Mapping[str, ScoreCell]:
        """A unit's cells by indicator, in the regulation's order; empty for a unit that has none."""
        if unit not in self._units:
            return {}
        if unit not in self._made:
            self._made[unit] = {cell.indicator: cell for cell in self._assemble(unit)}
        return self._made[unit]

    @cached_property
    def points(self) -> Mapping[tuple[str, str], Fraction]:
        """(unit, indicator) → points of every cell that has some; no cell is assembled where that is not needed."""
        if self._find_points is not None:
            return self._find_points()
        return {(cell.unit, cell.indicator): cell.points for cell in self if cell.points is not None}

    def changed(self, change: Callable[[ScoreCell], ScoreCell]) -> Cells:
        """The same cells, each changed when it is asked for."""
        return Cells(self._units, lambda unit: tuple(change(cell) for cell in self.of(unit).values()))

    def __iter__(self) -> Iterator[ScoreCell]:
        for unit in self._units:
            yield from self.of(unit).values()

    def __len__(self) -> int:
        return sum(len(self.of(unit)) for unit in self._units)

    def __getitem__(self, place: Any) -> Any:
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cells) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self._units)
