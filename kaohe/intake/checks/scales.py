"""Marks on another scale than the one asked for: out of each item's points, of ten, of five, of one, or unknown.

Such marks lie low all together, and are where the others' are (or the rater's own elsewhere) once they are taken for
what they seem to be. Where no known scale explains them, they are still asked about if every one lies far below the
others'. A single low mark says nothing, nor do low marks where others give low ones as well. These are hints; their
limits are chosen here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from kaohe.intake.tables.data import Key
from kaohe.intake.tables.vocabulary import Record

LEAST_MARKS = 4
"""Fewer marks that are not 0 say nothing about a scale."""


@dataclass(frozen=True)
class Evidence:
    """What tells another scale: where it ends at most, as a share of the one that is asked for.

    What the marks are held against lies at least at `high` of the full mark; the marks, on that scale, are in the
    middle no farther from it than `near`. `by_own`: the rater's own marks elsewhere may tell it, too.
    """

    reach: float
    high: float
    near: float
    by_own: bool


EVIDENCE = (Evidence(1 / 4, 2 / 5, 1 / 4, by_own=True), Evidence(1 / 2, 7 / 10, 1 / 10, by_own=False))
"""A scale that is half as long is told from low marks only where it fits closely."""

FAR = 2 / 5
"""On no known scale: every mark is at most this share of the others' on the same …"""
FAR_HIGH = 1 / 2
"""… and those are in the middle at least at this share of the full mark."""


SLIP = 1 / 10
"""A single mark is at most this share of the full mark when its point was set a digit too far to the left."""
SLIP_FROM = 10
"""Full marks of fewer points have no digit to lose."""


@dataclass(frozen=True, slots=True)
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

    def is_short(self, mark: Mark, reach: float) -> bool:
        """Whether it is so much shorter that it can be told from the right one."""
        return self.top(mark) <= reach * mark.highest


SCALES = (
    Scale("各项的分值", lambda mark: mark.full),
    Scale("10 分制", lambda mark: 10),
    Scale("5 分制", lambda mark: 5),
    Scale("0～1 的比例", lambda mark: 1),
)


@dataclass(frozen=True)
class Misfit:
    """Marks of one rater that seem to be out of `scale`; `beside`: the share of the full mark they are held against.

    `own`: that is the rater's own elsewhere, not the others'. No `scale`: they are far below, on none that is known.
    """

    rater: str
    scale: Scale | None
    marks: tuple[Mark, ...]
    beside: float
    own: bool

    @property
    def implied(self) -> float:
        """The share they come to on that scale, in the middle; as they are read where none is known."""
        scale = self.scale
        return median(each.points / scale.top(each) for each in self.marks) if scale else self.share

    @property
    def share(self) -> float:
        """The share they come to as they are read, in the middle."""
        return median(each.share for each in self.marks)


def misfits(
    marks: Iterable[Mark], by: Callable[[Mark], Hashable], known: Collection[tuple[str, Key]] = ()
) -> list[Misfit]:
    """Groups (by rater and `by`) whose marks lie on another scale; those of one rater and scale together.

    `known`: rater and cell of marks of which that is known; nothing is held against them.
    """
    of_rater: dict[str, list[Mark]] = defaultdict(list)
    on_cell: dict[Key, list[Mark]] = defaultdict(list)
    for mark in marks:
        if (mark.rater, mark.key) not in known:
            of_rater[mark.rater].append(mark)
            on_cell[mark.key].append(mark)
    found: list[Misfit] = []
    for rater, mine in of_rater.items():
        groups: dict[Hashable, list[Mark]] = defaultdict(list)
        for mark in mine:
            groups[by(mark)].append(mark)
        found += filter(None, (_misfit(rater, group, mine, on_cell) for group in groups.values()))
    return together(found)


def together(found: Iterable[Misfit]) -> list[Misfit]:
    """Those of one rater and scale as one, in the order of their first.

    Of items of 5 points `各项的分值` and `5 分制` are the same: what fits a rater's groups each on a scale of its own
    is on that one of them which fits all.
    """
    of_rater: dict[str, list[Misfit]] = defaultdict(list)
    for each in found:
        of_rater[each.rater].append(each)
    return [one for group in of_rater.values() for one in _joined(group)]


def _joined(found: Sequence[Misfit]) -> Iterator[Misfit]:
    """Of one rater."""
    scales = [scale for scale in SCALES if any(each.scale is scale for each in found)]
    common = min(scales, key=lambda scale: _away(found, scale), default=None) if len(found) > 1 else None
    if common is not None and _away(found, common) <= max(each.near for each in EVIDENCE):
        found = [replace(each, scale=common) for each in found]
    of_one: dict[Scale | None, list[Misfit]] = defaultdict(list)
    for each in found:
        of_one[each.scale].append(each)
    for group in of_one.values():
        marks = tuple(mark for each in group for mark in each.marks)
        of_others = [each for each in group if not each.own] or group
        beside = median(each.beside for each in of_others)
        yield replace(group[0], marks=marks, beside=beside, own=of_others[0].own)


def _away(found: Iterable[Misfit], scale: Scale) -> float:
    """How far the marks of any group are at most, in the middle, from what they are held against, on that scale."""
    return max(
        median(
            abs(mark.points / scale.top(mark) - each.beside) if mark.points <= scale.top(mark) else 1.0
            for mark in each.marks
        )
        for each in found
    )


def _misfit(rater: str, group: Sequence[Mark], mine: Sequence[Mark], on_cell: dict[Key, list[Mark]]) -> Misfit | None:
    """The scale that explains the marks best; None where the right one does well enough."""
    longest = max(each.reach for each in EVIDENCE)
    if sum(0 < mark.points <= longest * mark.highest for mark in group) < LEAST_MARKS:
        return None  # nearly always
    best: tuple[float, Misfit] | None = None
    for scale in SCALES:
        for evidence in EVIDENCE:
            short = [mark for mark in group if scale.is_short(mark, evidence.reach)]
            telling = [mark for mark in short if mark.points > 0]
            if len(telling) < LEAST_MARKS or any(mark.points > scale.top(mark) for mark in short):
                continue
            beside = [(False, list(_others(telling, on_cell)))]
            if evidence.by_own:
                level = _elsewhere(group, mine, scale, evidence.reach)
                beside.append((True, [level] * len(telling)))
            for own, shares in beside:
                pairs = [(mark, share) for mark, share in zip(telling, shares, strict=True) if share is not None]
                if len(pairs) < LEAST_MARKS or median(share for _, share in pairs) < evidence.high:
                    continue
                away = median(abs(mark.points / scale.top(mark) - share) for mark, share in pairs)
                if away <= evidence.near and (best is None or away < best[0]):
                    best = (away, Misfit(rater, scale, tuple(telling), median(share for _, share in pairs), own))
    return best[1] if best else _far_below(rater, group, on_cell)


def _far_below(rater: str, group: Sequence[Mark], on_cell: dict[Key, list[Mark]]) -> Misfit | None:
    """Marks that all are far below the others', whatever scale they may be on."""
    telling = [mark for mark in group if mark.points > 0]
    shares = zip(telling, _others(telling, on_cell), strict=True)
    pairs = [(mark, share) for mark, share in shares if share is not None]
    if len(pairs) < LEAST_MARKS or any(mark.share > FAR * share for mark, share in pairs):
        return None
    level = median(share for _, share in pairs)
    return Misfit(rater, None, tuple(mark for mark, _ in pairs), level, own=False) if level >= FAR_HIGH else None


def _others(telling: Sequence[Mark], on_cell: dict[Key, list[Mark]]) -> Iterator[float | None]:
    """What other raters gave on the same, in the middle."""
    for mark in telling:
        shares = [each.share for each in on_cell[mark.key] if each.rater != mark.rater]
        yield median(shares) if shares else None


def _elsewhere(group: Sequence[Mark], mine: Sequence[Mark], scale: Scale, reach: float) -> float | None:
    """What the rater gave where the right scale is as long, in the middle."""
    here = {id(mark) for mark in group}
    shares = [mark.share for mark in mine if id(mark) not in here and scale.is_short(mark, reach)]
    return median(shares) if len(shares) >= LEAST_MARKS else None


def slips(marks: Iterable[Mark], known: Collection[tuple[str, Key]]) -> Iterator[tuple[Mark, float]]:
    """Single marks that are a tenth of what the rater gives elsewhere and of what others give here; and what others do.

    8.7 where 87 was meant. One who marks somebody low has company, or marks others low as well.
    """
    kept = [mark for mark in marks if (mark.rater, mark.key) not in known and mark.highest >= SLIP_FROM]
    on_cell: dict[Key, list[Mark]] = defaultdict(list)
    of_rater: dict[str, list[float]] = defaultdict(list)
    for mark in kept:
        on_cell[mark.key].append(mark)
        of_rater[mark.rater].append(mark.share)
    for mark in kept:
        if not 0 < mark.share <= SLIP:
            continue
        others = [each.share for each in on_cell[mark.key] if each is not mark]
        elsewhere = sorted(of_rater[mark.rater])
        elsewhere.remove(mark.share)
        if others and len(elsewhere) >= 2 and min(*others, *elsewhere) > FAR_HIGH:
            yield mark, median(others)


def cells_of(found: Collection[Misfit]) -> set[tuple[str, Key]]:
    """Rater and cell of every mark that is on another scale."""
    return {(each.rater, mark.key) for each in found for mark in each.marks}
