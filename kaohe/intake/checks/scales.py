"""Marks on another scale than the one that is asked for: out of each item's points, of ten, of five or of one.

Such marks lie low all together, and are where the others' are (or the rater's own elsewhere) once they are taken for
what they seem to be. A single low mark says nothing, nor do low marks where others give low ones as well. These are
hints; their limits are chosen here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from kaohe.intake.data import Key
from kaohe.intake.rows import Record

LEAST_MARKS = 4
"""Fewer marks that are not 0 say nothing about a scale."""
NARROW = 1 / 4
"""The other scale ends at most at this share of the one that is asked for."""
HIGH = 2 / 5
"""What the marks are held against lies at least at this share of the full mark …"""
NEAR = 1 / 4
"""… and the marks, on the other scale, are in the middle no farther from it than this."""


@dataclass(frozen=True)
class Mark:
    """One mark: who gave it, about what; the highest that can be given and the points it is worth."""

    rater: str
    key: Key
    points: float
    highest: float
    full: float
    record: Record

    @property
    def share(self) -> float:
        return self.points / self.highest


@dataclass(frozen=True)
class Scale:
    """A scale somebody may have had in mind, and where it ends for a mark."""

    name: str
    top: Callable[[Mark], float]

    def is_short(self, mark: Mark) -> bool:
        """Whether it is so much shorter that it can be told from the right one."""
        return self.top(mark) <= NARROW * mark.highest


SCALES = (
    Scale("各项的分值", lambda mark: mark.full),
    Scale("10 分制", lambda mark: 10),
    Scale("5 分制", lambda mark: 5),
    Scale("0～1 的比例", lambda mark: 1),
)


@dataclass(frozen=True)
class Misfit:
    """Marks of one rater that seem to be out of `scale`; `beside`: the share of the full mark they are held against.

    `own`: that is the rater's own elsewhere, not the others'.
    """

    rater: str
    scale: Scale
    marks: tuple[Mark, ...]
    beside: float
    own: bool

    @property
    def implied(self) -> float:
        """The share they come to on that scale, in the middle."""
        return median(each.points / self.scale.top(each) for each in self.marks)

    @property
    def share(self) -> float:
        """The share they come to as they are read, in the middle."""
        return median(each.share for each in self.marks)


def misfits(marks: Iterable[Mark], by: Callable[[Mark], Hashable]) -> list[Misfit]:
    """Groups (by rater and `by`) whose marks lie on another scale; those of one rater and scale together."""
    of_rater: dict[str, list[Mark]] = defaultdict(list)
    on_cell: dict[Key, list[Mark]] = defaultdict(list)
    for mark in marks:
        of_rater[mark.rater].append(mark)
        on_cell[mark.key].append(mark)
    found: dict[tuple[str, str], list[Misfit]] = defaultdict(list)
    for rater, mine in of_rater.items():
        groups: dict[Hashable, list[Mark]] = defaultdict(list)
        for mark in mine:
            groups[by(mark)].append(mark)
        for group in groups.values():
            misfit = _misfit(rater, group, mine, on_cell)
            if misfit:
                found[rater, misfit.scale.name].append(misfit)
    return [_together(each) for each in found.values()]


def _together(found: Sequence[Misfit]) -> Misfit:
    first = found[0]
    beside = median(each.beside for each in found)
    return Misfit(first.rater, first.scale, tuple(mark for each in found for mark in each.marks), beside, first.own)


def _misfit(rater: str, group: Sequence[Mark], mine: Sequence[Mark], on_cell: dict[Key, list[Mark]]) -> Misfit | None:
    """The scale that explains the marks best; None where the right one does well enough."""
    if sum(0 < mark.points <= NARROW * mark.highest for mark in group) < LEAST_MARKS:
        return None  # nearly always
    best: tuple[float, Misfit] | None = None
    for scale in SCALES:
        short = [mark for mark in group if scale.is_short(mark)]
        telling = [mark for mark in short if mark.points > 0]
        if len(telling) < LEAST_MARKS or any(mark.points > scale.top(mark) for mark in short):
            continue
        for own, beside in ((False, _others(telling, on_cell)), (True, _elsewhere(telling, group, mine, scale))):
            pairs = [(mark, share) for mark, share in zip(telling, beside, strict=True) if share is not None]
            if len(pairs) < LEAST_MARKS or median(share for _, share in pairs) < HIGH:
                continue
            away = median(abs(mark.points / scale.top(mark) - share) for mark, share in pairs)
            if away <= NEAR and (best is None or away < best[0]):
                level = median(share for _, share in pairs)
                best = (away, Misfit(rater, scale, tuple(telling), level, own))
    return best[1] if best else None


def _others(telling: Sequence[Mark], on_cell: dict[Key, list[Mark]]) -> Iterator[float | None]:
    """What other raters gave on the same, in the middle."""
    for mark in telling:
        shares = [each.share for each in on_cell[mark.key] if each.rater != mark.rater]
        yield median(shares) if shares else None


def _elsewhere(
    telling: Sequence[Mark], group: Sequence[Mark], mine: Sequence[Mark], scale: Scale
) -> Iterator[float | None]:
    """What the rater gave where the right scale is as long, in the middle."""
    here = {id(mark) for mark in group}
    shares = [mark.share for mark in mine if id(mark) not in here and scale.is_short(mark)]
    level = median(shares) if len(shares) >= LEAST_MARKS else None
    return (level for _ in telling)


def cells_of(found: Collection[Misfit]) -> set[tuple[str, Key]]:
    """Rater and cell of every mark that is on another scale."""
    return {(each.rater, mark.key) for each in found for mark in each.marks}
