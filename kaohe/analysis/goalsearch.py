"""The search behind `goal`: which few inputs of a unit, changed how little, bring it to a rank or a grade.

In float64 over the whole year (`SupposedYear`), every answer held against exact fractions. An input has two turns that
are tried in sets: where the unit's own total is highest, and where its lead over the others is; inputs that do nothing
by themselves are tried at their ends, together with others of the same indicator. What is said to be out of reach is so
under these turns; between two turns looked at (5 % apart or nearer) a figure could only hide a narrow peak.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, islice, product
from typing import Any

import numpy as np

from kaohe.analysis.goalturns import PIECES, TINY, nearer, samples, top_of, turns_between
from kaohe.rules import Figure
from kaohe.rules.inside import everything_in
from kaohe.rules.numbers import Array
from kaohe.scoring.levers import AmountLever, Lever, MetricLever, ProjectsLever
from kaohe.scoring.mentions import looks_around
from kaohe.scoring.results import Results
from kaohe.scoring.supposed import Setting
from kaohe.scoring.supposedyear import SupposedYear

MOST_CHANGES = 3
AT_ONCE = 1024
"""Settings scored together."""
ROUNDS = 12
ADDING = ("sum", "mean", "best")
"""Ways of combining parts that give no more for several gains than for each by itself."""
MOST_BESIDE = 12
"""Inputs of one indicator that are tried two and three at a time where they do nothing alone."""


@dataclass(frozen=True)
class Target:
    """A rank in the unit's group, or one of the grades that are as good as one (or better)."""

    rank: int = 0
    grades: tuple[str, ...] = ()

    def reached(self, found: Results, place: int, size: int) -> Array:
        """For each of `size` settings whether the unit is there; grades are those before decisions."""
        if self.grades:
            return np.broadcast_to(np.isin(found.by_points[..., place], self.grades), (size,))
        rank = np.broadcast_to(found.rank[..., place], (size,))
        return (rank > 0) & (rank <= self.rank)


@dataclass(frozen=True)
class Turned:
    """Levers turned together that are worth something: one, or several that are only together."""

    setting: Setting
    gained: float

    @property
    def subjects(self) -> frozenset[tuple[str, str]]:
        return _inputs(self.setting)

    @property
    def asked(self) -> tuple[Fraction, int]:
        """How much is changed against what there is; of as much, in how many steps."""
        return effort(self.setting)[1], sum(self.setting.values())

    @property
    def yardstick(self) -> bool:
        return effort(self.setting)[0]


class GoalSearch:
    """One unit of a year: what each of its inputs is worth, and what leads to a target."""

    def __init__(self, double: SupposedYear, exact: SupposedYear, *, shortest: bool = True) -> None:
        """`shortest`: whether every answer is tried exactly with one step less of each change."""
        self.double, self.exact, self.shortest = double, exact, shortest
        self._found: dict[frozenset[tuple[Lever, int]], Results] = {}
        self.place, self.bound = double.member, double.bound
        mine = self.bound.members_of(double.group)
        self.others = mine[mine != self.place]
        self.front = -1 if self.bound.scheme.groups[double.group].order == "ascending" else 1
        """By what totals are taken, so that the higher is in front."""
        self.tried = 0

    # What each lever is worth

    @cached_property
    def now(self) -> tuple[float, float]:
        own, lead = self._worth([{}])
        return float(own[0]), float(lead[0])

    def _worth(self, settings: Sequence[Setting]) -> tuple[Array, Array]:
        """How far the unit's total is in front, and how far ahead of the others' mean."""
        totals = self._totals(settings)
        own = totals[:, self.place]
        return own, own - (totals[:, self.others].mean(axis=1) if len(self.others) else 0)

    def _totals(self, settings: Sequence[Setting]) -> Array:
        return np.asarray(self.front * self.double.totals(settings))

    @cached_property
    def peaks(self) -> dict[Lever, tuple[int, ...]]:
        """Lever → the first turn at which the total is highest, and the one at which the lead is; none where neither
        is more than today."""
        known: dict[Lever, dict[int, tuple[float, float]]] = {lever: {0: self.now} for lever in self._levers}
        look = {lever: samples(lever) for lever in known}
        for _ in range(ROUNDS):
            look = {lever: turns - set(known[lever]) for lever, turns in look.items()}
            settings = [(lever, turn) for lever, turns in look.items() for turn in sorted(turns)]
            if not settings:
                break
            for some in _chunks(settings):
                own, lead = self._worth([{lever: turn} for lever, turn in some])
                for at, (lever, turn) in enumerate(some):
                    known[lever][turn] = float(own[at]), float(lead[at])
            look = {lever: {turn for what in (0, 1) for turn in nearer(seen, what)} for lever, seen in known.items()}
        return {
            lever: tuple(dict.fromkeys(top for what in (0, 1) if (top := top_of(seen, what))))
            for lever, seen in known.items()
        }

    @cached_property
    def _levers(self) -> tuple[Lever, ...]:
        return tuple(lever for lever, pools in self.double.seen_by.items() if pools)

    @cached_property
    def singles(self) -> list[Turned]:
        """Each lever at its peaks, the largest gain first; those that reduce a yardstick last."""
        settings = [{lever: turn} for lever, turns in self.peaks.items() for turn in turns]
        return self._worthy(settings)

    @cached_property
    def jointly(self) -> list[Turned]:
        """Two or three levers of one indicator that give together what none gives alone."""
        found: list[Setting] = []
        for pool in self.double.pools:
            levers = [lever for lever, pools in self.double.seen_by.items() if any(pool is each for each in pools)]
            levers = [lever for lever in levers if not isinstance(lever, AmountLever | ProjectsLever)][:MOST_BESIDE]
            idle = {lever for lever in levers if not self.peaks[lever]}
            for size in range(2, MOST_CHANGES + 1):
                for some in combinations(levers, size):
                    if idle & set(some) and _apart(some):
                        ends = [(*self.peaks[lever], lever.most)[:2] for lever in some]
                        found += [dict(zip(some, turns, strict=True)) for turns in product(*ends)]
        parts = {lever: max((each.gained for each in self.singles if lever in each.setting), default=0.0)
                 for lever in self._levers}  # fmt: skip
        worthy = self._worthy(found)
        return [each for each in worthy if each.gained > sum(parts[lever] for lever in each.setting) + TINY]

    def _worthy(self, settings: Sequence[Setting]) -> list[Turned]:
        out = []
        for some in _chunks(settings):
            own, _ = self._worth(some)
            out += [Turned(setting, float(gain)) for setting, gain in zip(some, own - self.now[0], strict=True)]
        return sorted(out, key=lambda each: (any(lever.yardstick for lever in each.setting), -each.gained))

    # What leads to a target

    def attainable(self, target: Target) -> bool:
        """Whether any number of points would do, or figures beside them may; else nothing of its own lifts the bar."""
        if target.grades and self._conditional:
            return True
        (there,) = target.reached(self.double.under([{}], more=self.front * 1e6), self.place, 1)
        return bool(there)

    def found(self, target: Target, most: int, enough: int | None = None) -> tuple[int, int, list[Setting]]:
        """The smallest sets that reach it: of how many changes, how many such sets there are, and up to `most` of
        them, each change as small as the others allow. `enough`: so many sets are looked at, no more sought."""
        for size in range(1, MOST_CHANGES + 1):
            sets: list[Setting] = []
            if not self.shortest and not self._hopeful(target, size):
                continue
            for some in _chunks(self._sets(size)):
                there = self._reached(some, target)
                self.tried += len(some)
                sets += [setting for setting, reached in zip(some, there, strict=True) if reached]
                if enough is not None and len(sets) >= enough:
                    break
            out = self._least_of(sets, target, most)
            if out:
                return size, len(sets), out
        return 0, 0, []

    def _sets(self, size: int) -> Iterator[Setting]:
        """Every set of so many changes that are worth something, the larger gains first."""
        for some in combinations(self.singles, size):
            if _compatible(some):
                yield _merged(some)
        for joint in self.jointly:
            rest = size - len(joint.setting)
            for some in combinations(self.singles, rest) if rest >= 0 else ():
                if _compatible((joint, *some)):
                    yield _merged((joint, *some))

    def _hopeful(self, target: Target, size: int) -> bool:
        """Whether so many of the largest gains, and of the largest losses of any rival, could add up to enough.

        Asked for pages alone, where gains add up: two figures of one ratio may give a little more together.
        """
        if self.jointly or not self._adds_up or (target.grades and self._conditional):
            return True
        leads: dict[tuple[str, str], float] = {}
        for some in _chunks(self.singles):
            totals = self._totals([each.setting for each in some])
            fall = (self._before[self.rivals] - totals[:, self.rivals]).max(axis=1, initial=0)
            for each, lost in zip(some, fall, strict=True):
                (subject,) = each.subjects
                leads[subject] = max(leads.get(subject, 0.0), each.gained + float(lost))
        most = sum(sorted(leads.values(), reverse=True)[:size])
        (there,) = target.reached(self.double.under([{}], more=self.front * (most + TINY)), self.place, 1)
        return bool(there)

    @cached_property
    def _conditional(self) -> bool:
        """Whether a grade or a limit asks for figures or for points of single items, which the unit can change."""
        found = self.bound.scheme.results
        parts = (found.grades, tuple(found.limits.values()))
        return looks_around(parts) or any(isinstance(each, Figure) and each.metrics() for each in everything_in(parts))

    @cached_property
    def _adds_up(self) -> bool:
        """Whether no item on the way to the total makes more of several gains than their sum, as products do."""
        tree = self.bound.scheme.tree
        return all(
            tree[name].item.combine in ADDING for pool in self.double.pools for name in self.double.above(pool.name)
        )

    @cached_property
    def _before(self) -> Array:
        return self._totals([{}])[0]

    def _likely(self, size: int) -> Iterator[Setting]:
        return self._sets(size) if self.shortest else islice(self._sets(size), AT_ONCE // MOST_CHANGES)

    def _least_of(self, sets: Sequence[Setting], target: Target, most: int) -> list[Setting]:
        """Of sets that turn the same inputs (further achievements of one weight or another) one is enough."""
        out: dict[frozenset[tuple[str, str]], Setting] = {}
        for far in sorted(sets, key=effort):
            least = self._least(far, target) if _inputs(far) not in out else None
            if least is not None and self._possible(least):
                out[_inputs(far)] = least
            if len(out) >= most:
                break
        return sorted(out.values(), key=effort)

    def _least(self, far: Setting, target: Target) -> Setting | None:
        """Each change in turn, the largest first, as small as the others let it be; None where exactly it is not
        reached."""
        setting = dict(far)
        for lever in sorted(far, key=lambda each: -each.relative(far[each])):
            setting[lever] = self._nearest(lever, setting, target)
        setting = {lever: turn for lever, turn in setting.items() if turn}
        for more in (
            setting,
            *({**setting, lever: turn + 1} for lever, turn in setting.items() if turn < far[lever]),
            far,
        ):
            if self._there(more, target):
                return self._shortest(more, target) if self.shortest else more
        return None

    def _shortest(self, setting: Setting, target: Target) -> Setting:
        """Exactly no step more than it takes: float64 may have missed that a bound is met."""
        for lever in setting:
            while setting[lever] > 1 and self._there(less := {**setting, lever: setting[lever] - 1}, target):
                setting = less
        return setting

    def _nearest(self, lever: Lever, setting: Setting, target: Target) -> int:
        """The fewest turns that are enough beside the others, in float64."""
        far, low = setting[lever], -1
        turns = sorted({0, far, *(turn for turn in samples(lever) if turn < far)})
        while True:
            there = self._reached([{**setting, lever: turn} for turn in turns], target)
            first = int(np.argmax(there)) if there.any() else len(turns) - 1
            high, low = turns[first], turns[first - 1] if first else low
            if high - low <= 1 or not first:
                return high
            turns = [*turns_between(low, high, 4 * PIECES), high]

    def _reached(self, settings: Sequence[Setting], target: Target) -> Array:
        """Whether float64 sees the unit there; a rank by the totals alone."""
        if target.grades:
            return target.reached(self.double.under(settings, more=self.front * TINY), self.place, len(settings))
        totals = self._totals(settings)
        ahead = totals[:, self.rivals] > totals[:, [self.place]] + TINY
        return np.asarray(1 + ahead.sum(axis=1) <= target.rank)

    @cached_property
    def rivals(self) -> Array:
        """The others of the group that have a score."""
        known = self.exactly({}).known
        return self.others[known[self.others]]

    def _there(self, setting: Setting, target: Target) -> bool:
        (there,) = target.reached(self.exactly(setting), self.place, 1)
        return bool(there)

    def exactly(self, setting: Setting) -> Results:
        """The year's results under one setting, in fractions."""
        key = frozenset(setting.items())
        if key not in self._found:
            self._found[key] = self.exact.under([setting])
        return self._found[key]

    def _possible(self, setting: Setting) -> bool:
        """Whether no part is larger than its whole, once all are changed."""
        data, metrics = self.bound.data.metrics, self.bound.scheme.metrics
        turned = {lever.metric: lever.value(turn) for lever, turn in setting.items() if isinstance(lever, MetricLever)}

        def value(name: str) -> Fraction | None:
            row = data.get((self.double.unit, name))
            return turned.get(name, row.value if row is not None else None)

        for name, metric in metrics.items():
            if metric.part_of and (name in turned or metric.part_of in turned):
                part, whole = value(name), value(metric.part_of)
                if part is not None and whole is not None and part > whole:
                    return False
        return True

    def nearest(self, target: Target) -> Setting | None:
        """Of everything within so many changes what comes nearest: the best rank (or grade), then the highest total.

        For a page (not `shortest`) of the sets of the largest gains alone.
        """
        best: tuple[tuple[float, ...], Setting] | None = None
        grades = [grade.name for grade in self.bound.scheme.results.grades]
        sets = (each for size in range(1, MOST_CHANGES + 1) for each in self._likely(size))
        for some in _chunks(sets):
            found = self.double.under(some)
            total, rank = (np.broadcast_to(each[..., self.place], (len(some),)) for each in (found.total, found.rank))
            grade = np.broadcast_to(found.by_points[..., self.place], (len(some),))
            place = (
                [grades.index(each) if each in grades else len(grades) for each in grade]
                if target.grades
                else [0] * len(some)
            )
            keys = [(-float(p), -float(r), self.front * float(t)) for p, r, t in zip(place, rank, total, strict=True)]
            at = max(range(len(some)), key=keys.__getitem__)
            if best is None or keys[at] > best[0]:
                best = keys[at], some[at]
        return best[1] if best else None


def effort(setting: Setting) -> tuple[bool, Fraction]:
    """How much is changed against what there is; changes of a yardstick come after all others."""
    return any(lever.yardstick for lever in setting), sum(
        (lever.relative(turn) for lever, turn in setting.items()), Fraction(0)
    )


def _apart(levers: Iterable[Lever]) -> bool:
    """Whether no input is to go both ways, and no further achievements of two weights are asked for at once."""
    named = [(lever.item, lever.subject) for lever in levers]
    return len(set(named)) == len(named)


def _compatible(some: Sequence[Turned]) -> bool:
    """Whether no input is turned twice."""
    subjects = [subject for each in some for subject in each.subjects]
    return len(set(subjects)) == len(subjects)


def _merged(some: Sequence[Turned]) -> Setting:
    return {lever: turn for each in some for lever, turn in each.setting.items()}


def _inputs(setting: Setting) -> frozenset[tuple[str, str]]:
    return frozenset((lever.item, lever.subject) for lever in setting)


def _chunks(settings: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(settings)
    while some := list(islice(rest, AT_ONCE)):
        yield some
