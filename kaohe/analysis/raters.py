"""How each rater rates beside the others: strict or lenient, how far apart, in the same order; and which decide.

Everything is in points of a hundred of the highest rating, over what at least three people rated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kaohe.analysis.agreement import icc, kendall_w
from kaohe.analysis.correlation import correlation
from kaohe.analysis.leftout import Out
from kaohe.analysis.panels import FEWEST, Sheet, called, sheets, votes_joined
from kaohe.rules.numbers import Array
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.marks import PENDING
from kaohe.scoring.results import Results

STRICT = 5.0
"""Points of a hundred from the middle of the panel from which on a rater is called strict, or lenient."""
MANY = 8
"""Ratings from which on it is said that a rater orders units the other way round."""
SAME = 1e-9
"""Ratings closer than this are the same: what is left of 0.9 of different full marks."""

MARKS = ("strict", "lenient", "flat", "contrary", "decides")
"""What may be marked of a rater."""


@dataclass(frozen=True)
class Manner:
    """How a rater rates: `severity` is how far below the panel's median, on average; `spread` how far apart the units
    are put (standard deviation within an item); `agreement` the correlation with the others' mean, None where nothing
    varies. `flat`: every unit got the same, and not from the others. `error`: the standard error of the severity."""

    n: int
    severity: float
    error: float
    spread: float
    agreement: float | None
    flat: bool

    @property
    def strict(self) -> bool:
        """Strict, or lenient, by more than chance does."""
        return self.n >= FEWEST and abs(self.severity) >= max(STRICT, 2 * self.error)

    @property
    def contrary(self) -> bool:
        """The other way round than the others, by more than chance does."""
        return self.agreement is not None and self.n >= MANY and self.agreement < -2 / self.n**0.5


@dataclass(frozen=True)
class Rater:
    """One who rated (`of` is "") or voted (`of` the vote); `overall` None where `why` says so."""

    rater: str
    of: str
    name: str
    overall: Manner | None
    groups: Mapping[str, Manner] = field(default_factory=dict)
    decides: tuple[str, ...] = ()
    why: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """Which of `MARKS` hold, in their order."""
        mine = self.overall
        found = set()
        if mine is not None:
            found |= {"strict" if mine.severity > 0 else "lenient"} if mine.strict else set()
            found |= {"flat"} if any(each.flat for each in self.groups.values()) else set()
            found |= {"contrary"} if mine.contrary else set()
        found |= {"decides"} if self.decides else set()
        return tuple(name for name in MARKS if name in found)


@dataclass(frozen=True)
class Agreement:
    """How far the raters of a group's units agree on the units: None and `why` where it cannot be said."""

    of: str
    name: str
    group: str
    units: int = 0
    raters: int = 0
    kendall_w: float | None = None
    icc: Mapping[str, float | None] = field(default_factory=dict)
    why: str = ""


def raters(found: Results, left_out: Sequence[Out]) -> list[Rater]:
    """Everyone who rated or gave marks. `left_out`: what becomes of the ranking without each of them."""
    bound = found.evaluation.bound
    decides = {(each.of, each.out): decided_by(each) for each in left_out}
    out = []
    for sheet in votes_joined(sheets(bound)):
        usable, name = sheet.comparable, called(bound, sheet)
        groups = _groups(bound, usable)
        manners = _Manners(usable, groups)
        for column, rater in enumerate(sheet.raters):
            overall = manners.of(column, np.ones(len(groups), dtype=bool))
            out.append(
                Rater(
                    rater,
                    sheet.of,
                    name,
                    overall,
                    groups={
                        key: manner
                        for key in dict.fromkeys(groups.tolist())
                        if (manner := manners.of(column, groups == key)) is not None
                    },
                    decides=decides.get((sheet.of, rater), ()),
                    why="" if overall else f"所评各处都不足 {FEWEST} 位评分人，不作比较",
                )
            )
    return out


def decided_by(out: Out) -> tuple[str, ...]:
    """Units whose grade turns on who is left out; a tie that waits for a decision hangs on everybody, and on none."""
    return tuple(each.unit for each in out.graded if each.grade != PENDING and each.rank_then)


def _groups(bound: BoundYear, sheet: Sheet) -> Array:
    names = [bound.scheme.group_of(bound.units[slot.unit].category) for slot in sheet.slots]
    return np.array(names, dtype=object)


class _Manners:
    """A sheet's ratings beside each other, with what each is compared within."""

    def __init__(self, sheet: Sheet, groups: Array) -> None:
        self.shares = sheet.shares
        self.blocks = _blocks(sheet, groups)

    def of(self, column: int, rows: Array) -> Manner | None:
        """How one rated, over some slots; None where none of them is this rater's."""
        mine = rows & ~np.isnan(self.shares[:, column])
        if not mine.any():
            return None
        shares, own, blocks = self.shares[mine], self.shares[mine, column], self.blocks[mine]
        others = (np.nansum(shares, axis=1) - own) / ((~np.isnan(shares)).sum(axis=1) - 1)
        off = np.nanmedian(shares, axis=1) - own
        own_apart, others_apart = _centred(own, blocks), _centred(others, blocks)
        same = bool(np.abs(own_apart).max() < SAME)
        # two points lie on a line, whatever they are
        agree = correlation(own_apart, others_apart) if len(own) >= FEWEST else float("nan")
        return Manner(
            n=int(mine.sum()),
            severity=float(off.mean()),
            error=float(off.std(ddof=1) / len(off) ** 0.5) if len(off) > 1 else 0.0,
            spread=float(np.sqrt((own_apart**2).mean())),
            agreement=None if np.isnan(agree) else agree,
            flat=same and len(own) >= FEWEST and bool(np.abs(others_apart).max() > SAME),
        )


def _blocks(sheet: Sheet, groups: Array) -> Array:
    """What ratings are compared within: an item over a group's units; items of a single unit, all such of the group."""
    keys = [(slot.item, slot.period, group) for slot, group in zip(sheet.slots, groups, strict=True)]
    many = Counter(keys)
    places: dict[object, int] = {}
    return np.array([places.setdefault(key if many[key] > 1 else key[2], len(places)) for key in keys], dtype=int)


def _centred(values: Array, blocks: Array) -> Array:
    """Values less the mean of their block."""
    _, block = np.unique(blocks, return_inverse=True)
    means = np.bincount(block, weights=values) / np.bincount(block)
    return np.asarray(values - means[block])


def agreement(found: Results) -> list[Agreement]:
    """By what is rated and by group: each rater's mean of a unit, by full marks, as targets down and raters across."""
    bound = found.evaluation.bound
    out = []
    for sheet in votes_joined(sheets(bound)):
        groups = _groups(bound, sheet)
        for key in dict.fromkeys(groups.tolist()):
            out.append(_agreement(found, sheet.over(groups == key), called(bound, sheet), key))
    return out


def _agreement(found: Results, sheet: Sheet, name: str, group: str) -> Agreement:
    usable = sheet.comparable
    known = ~np.isnan(usable.shares)
    everywhere = np.flatnonzero(known.all(axis=0)) if len(usable.slots) else np.array([], dtype=int)
    units = list(dict.fromkeys(slot.unit for slot in usable.slots))
    about = Agreement(sheet.of, name, group, len(units), len(everywhere))
    if len(everywhere) < FEWEST:
        return replace(about, why=f"每处都评了的评分人不足 {FEWEST} 位，不计算一致性")
    if len(units) < FEWEST:
        return replace(about, why=f"只有 {len(units)} 个单位，不足 {FEWEST} 个，不计算一致性")
    table = np.zeros((len(units), len(everywhere)))
    weights = np.zeros(len(units))
    for row, slot in enumerate(usable.slots):
        full = float(found.evaluation.node(slot.item).full[slot.unit]) or 1.0
        table[units.index(slot.unit)] += usable.shares[row, everywhere] * full
        weights[units.index(slot.unit)] += full
    table /= weights[:, None]
    w = kendall_w(np.round(table, 9))
    return replace(
        about,
        kendall_w=None if np.isnan(w) else w,
        icc={name: None if np.isnan(value) else value for name, value in icc(table).items()},
        why="各单位或各评分人之间没有差别" if np.isnan(w) else "",
    )
