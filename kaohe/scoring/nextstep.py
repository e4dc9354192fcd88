"""The nearest way up: which single input of a unit, changed by how little, gives more points under one indicator.

Found by the rule itself over the whole pool, so that a pool's mean, a rank or a limit that moves with the unit is in
it: searched in float64, then held against exact fractions to the last step: one step less gives no more than today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any, Literal

from kaohe.rules import EXACT, FLOAT, Figure, Numbers, Trace
from kaohe.rules.bands import Steps
from kaohe.rules.counting import CountedAmounts
from kaohe.rules.judged import Incidents, Judged
from kaohe.rules.tiers import RankBands
from kaohe.rules.values import TallyValue
from kaohe.scoring.bind import BoundYear, Pool
from kaohe.scoring.levers import AmountLever, IncidentsLever, Lever, MetricLever, ProjectsLever, RowsLever, levers
from kaohe.scoring.mentions import looked_at, looks_around
from kaohe.scoring.supposed import Setting, Trial

AT_ONCE = 64
"""Settings looked at in one round of the search."""
MOST_AT_ONCE = 256
"""Settings scored together: a rank compares every unit with every other in each of them."""
MOST_TOGETHER = 4
"""Inputs that are changed together where none helps alone."""
MOST_SETS = 6_000
"""Sets of inputs that are tried."""
TINY = 1e-9
"""What float64 may be off; decided exactly afterwards."""

Why = Literal["full", "limit", "judged", "elsewhere", "out of reach"]


@dataclass(frozen=True)
class Move:
    """One input changed: from what was handed in, to what."""

    lever: Lever
    turn: int

    @property
    def start(self) -> Fraction:
        return self.lever.start

    @property
    def to(self) -> Fraction:
        return self.lever.value(self.turn)

    @property
    def relative(self) -> Fraction:
        return self.lever.relative(self.turn)


@dataclass(frozen=True)
class Step:
    """A smallest change that gives more points. Several moves only where each is needed.

    `then` and `now`: the figures of `rule` as they are, and as they would be.
    """

    moves: tuple[Move, ...]
    before: Fraction
    after: Fraction
    rule: Figure
    then: Trace
    now: Trace

    @property
    def setting(self) -> dict[Lever, int]:
        return {move.lever: move.turn for move in self.moves}

    @property
    def relative(self) -> Fraction:
        return sum((move.relative for move in self.moves), Fraction(0))

    @property
    def yardstick(self) -> bool:
        """Whether only what the unit is measured by would become smaller."""
        return any(move.lever.yardstick for move in self.moves)


@dataclass(frozen=True)
class NextSteps:
    """Every input's own smallest change, the nearest first; those of a yardstick after the others.

    Where there is none, `why`: the full mark is reached, a limit of the rule is, only people can give more, the points
    are looked up in other items (`elsewhere`), or no input (nor a few together) leads further; `limit` is that limit.
    `idle`: inputs that give nothing more by themselves, however far they go, and are part of no step; one lever of
    each. `together`: so many at once were tried.
    """

    unit: str
    indicator: str
    points: Fraction
    full: Fraction
    steps: tuple[Step, ...]
    idle: tuple[Lever, ...] = ()
    why: Why | None = None
    limit: Fraction | None = None
    together: int = 1


def next_steps(bound: BoundYear, unit: str, indicator: str) -> NextSteps | None:
    """What gives the unit more points under the indicator; None where it is not scored on it."""
    member = bound.position[unit]
    for pool in bound.pools:
        if pool.name == indicator and member in pool.members:
            return steps_in(bound, pool, list(pool.members).index(member))
    return None


def steps_in(bound: BoundYear, pool: Pool, place: int, then: Trace | None = None) -> NextSteps:
    """The same for the unit at a place of a pool; `then` is what it was scored by, found again where not given."""
    unit = bound.units[pool.members[place]].unit_id
    if looks_around(looked_at(pool)):
        return NextSteps(unit, pool.name, Fraction(0), pool.full, (), why="elsewhere")
    return _Search(Trial(bound, pool, place), unit, then).found()


class _Search:
    """The search for one unit under one indicator."""

    def __init__(self, trial: Trial, unit: str, then: Trace | None) -> None:
        self.trial, self.unit, self.pool = trial, unit, trial.pool
        self.then = then or trial.trace({})
        self.tried = 1

    @cached_property
    def today(self) -> Fraction:
        points: Fraction = self.then.points
        return points

    def found(self) -> NextSteps:
        steps = [step for lever in self._levers if (step := self._alone(lever)) is not None]
        proper = [step for step in steps if not step.yardstick]
        if not proper:
            steps = [*self._together(), *steps]
        steps.sort(key=lambda step: (step.yardstick, len(step.moves), step.relative))
        why = None if steps else self._why()
        limit = self._limit if why == "limit" else None
        moved = {move.lever.subject for step in steps for move in step.moves}
        idle = {lever.subject: lever for lever in self._levers if lever.subject not in moved}
        found = tuple(steps), tuple(idle.values())
        return NextSteps(self.unit, self.pool.name, self.today, self.trial.full, *found, why, limit, self.tried)

    @cached_property
    def _levers(self) -> list[Lever]:
        return levers(self.trial.bound, self.pool, self.unit)

    def _alone(self, lever: Lever) -> Step | None:
        turn = self._first_gain(lever, {})
        return self._step({lever: turn}) if turn is not None else None

    def _step(self, setting: Setting) -> Step:
        now = self.trial.trace(setting)
        moves = tuple(Move(lever, turn) for lever, turn in setting.items())
        return Step(moves, self.today, now.points, self.pool.rule, self.then, now)

    def _first_gain(self, lever: Lever, others: Setting) -> int | None:
        """The fewest turns that give more than today: found in float64, accepted or found again exactly."""
        if isinstance(lever, AmountLever | ProjectsLever | IncidentsLever) or self._meets(lever):
            return self._search(lever, others, EXACT)
        turn = self._search(lever, others, FLOAT)
        probes = [lever.most] if turn is None else [turn, turn - 1] if turn else [0]
        gain, *sooner = self._gains([{**others, lever: probe} for probe in probes], EXACT)
        if gain == (turn is not None) and not any(sooner):
            return turn
        return self._search(lever, others, EXACT)

    def _gains(self, settings: list[Setting], numbers: Numbers) -> list[bool]:
        parts = (settings[first : first + MOST_AT_ONCE] for first in range(0, len(settings), MOST_AT_ONCE))
        found = (self._more(self.trial.figures(part, numbers)[0], numbers) for part in parts)
        return [bool(gain) for gains in found for gain in gains]

    def _more(self, points: Any, numbers: Numbers) -> Any:
        return points > (self.today if numbers.exact else float(self.today) + TINY)

    def _search(self, lever: Lever, others: Setting, numbers: Numbers) -> int | None:
        """Between two turns that agree in the rule's `turns` the points only grow or only shrink: there only an end
        can be the highest. Other stretches are cut until they are one turn long, unless the input is looked at in one
        place only whose points have one direction all along."""
        straight = self._straight(lever)
        known: dict[int, tuple[bool, tuple[Any, ...]]] = {}

        def look(turns: Iterable[int]) -> None:
            new = sorted(set(turns) - set(known))
            if new:
                figures = self.trial.figures([{**others, lever: turn} for turn in new], numbers)
                gains = self._more(figures[0], numbers)
                known.update((turn, (bool(gains[at]), tuple(figures[1:, at]))) for at, turn in enumerate(new))

        look(_doubling(lever.most))
        if known[0][0]:  # the others are enough
            return 0
        while True:
            turns = sorted(known)
            open_: list[tuple[int, int]] = []
            for low, high in pairwise(turns):
                gains, alike = known[high][0], straight or known[low][1] == known[high][1]
                if high - low > 1 and (gains or not alike):
                    open_.append((low, high))
                if gains:
                    if not open_:
                        return high
                    break
            if not open_:
                return None
            look(turn for low, high in open_ for turn in _between(low, high, max(AT_ONCE // len(open_), 1)))

    def _looking(self, lever: Lever) -> list[Figure]:
        return [rule for rule in self.pool.rule.walk() if _looks_at(rule, lever)]

    def _straight(self, lever: Lever) -> bool:
        rules = self._looking(lever)
        return len(rules) == 1 and rules[0].orderly()

    def _meets(self, lever: Lever) -> bool:
        """Whether two other units may become level at one turn only, which float64 could miss."""
        ranked = [rule for rule in self._looking(lever) if isinstance(rule, Steps | RankBands) and not rule.orderly()]
        return any(rule.value.moves_others() for rule in ranked)

    def _together(self) -> list[Step]:
        """The smallest sets of inputs that give more where none does alone: each as little as the others allow."""
        some: list[Lever] = [
            lever for lever in self._levers if isinstance(lever, MetricLever | IncidentsLever) and not lever.yardstick
        ]
        some += [lever for lever in self._levers if isinstance(lever, RowsLever)][:1]
        for size in range(2, min(MOST_TOGETHER, len(some)) + 1):
            sets = [each for each in combinations(some, size) if _one_way(each)]
            if len(sets) > MOST_SETS:
                return []
            self.tried = size if sets else self.tried
            far: list[Setting] = [{lever: lever.most for lever in each} for each in sets]
            likely = [setting for setting, gain in zip(far, self._gains(far, FLOAT), strict=True) if gain]
            sure = [setting for setting in likely if self._gains([setting], EXACT)[0]]
            steps = [self._least(setting) for setting in sure]
            if steps:
                return steps
        return []

    def _least(self, far: Setting) -> Step:
        """Each input of the set in turn as near as the others, far or already near, let it be."""
        setting = dict(far)
        for lever in far:
            others = {each: turn for each, turn in setting.items() if each is not lever}
            turn = self._first_gain(lever, others)
            assert turn is not None
            setting[lever] = turn
        return self._step({lever: turn for lever, turn in setting.items() if turn})

    @cached_property
    def _limit(self) -> Fraction | None:
        """The limit of the rule that holds today's points."""
        held = [
            part["limit"]
            for part in self.then.walk()
            if "limit" in part.quantities
            and (part["over"] > 0 or part.quantities.get("held", part.points) == part["limit"])
        ]
        return held[0] if held else None

    def _why(self) -> Why:
        if self.today >= self.trial.full:
            return "full"
        if self._limit is not None:
            return "limit"
        return "judged" if any(isinstance(rule, Judged) for rule in self.pool.rule.walk()) else "out of reach"


def _one_way(some: tuple[Lever, ...]) -> bool:
    """Whether no metric is to go both ways."""
    names = [lever.metric for lever in some if isinstance(lever, MetricLever)]
    return len(set(names)) == len(names)


def _looks_at(rule: Figure, lever: Lever) -> bool:
    if isinstance(lever, MetricLever):
        return lever.metric in rule.metrics()
    if isinstance(lever, RowsLever):
        return isinstance(getattr(rule, "value", None), TallyValue)
    return isinstance(rule, Incidents if isinstance(lever, IncidentsLever) else CountedAmounts)


def _doubling(most: int) -> Iterator[int]:
    """0, 1, 2, 4 … and the last."""
    turn = 1
    yield 0
    while turn < most:
        yield turn
        turn *= 2
    yield most


def _between(low: int, high: int, count: int) -> Iterator[int]:
    """At most `count` turns that cut the stretch into even pieces."""
    pieces = min(count + 1, high - low)
    for piece in range(1, pieces):
        yield low + (high - low) * piece // pieces
