"""What would it take: the single changes worth most to a unit, and the smallest sets that bring it to a rank or grade.

The other units' data stay as they are, but not their points: where a pool compares, what one unit hands in moves the
others too. Nothing is offered that is not the unit's to change: marks, votes, vetoes, what others approve.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from kaohe.analysis.exact import exactly
from kaohe.analysis.goalsearch import MOST_CHANGES, GoalSearch, Target
from kaohe.analysis.withinreach import SAID, levers_within_reach
from kaohe.intake import Intake
from kaohe.rules import EXACT, FLOAT
from kaohe.rules.judged import Judged
from kaohe.rules.numbers import at
from kaohe.scoring.bind import BoundYear, bind
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.levers import AmountLever, IncidentsLever, Lever, MetricLever, ProjectsLever, levers_of
from kaohe.scoring.nextstep import Move
from kaohe.scoring.nextwords import says_move
from kaohe.scoring.results import Results, results
from kaohe.scoring.score import bound_of
from kaohe.scoring.supposed import Setting, supposed
from kaohe.scoring.supposedyear import SupposedYear

MOST_SETS = 10
MOST_SINGLES = 12
MOST_ON_PAGE = 4
"""Single changes on a unit's page."""


class GoalError(ValueError):
    """A goal that cannot be asked for; says in Chinese why."""


@dataclass(frozen=True)
class Goal:
    """A rank in the unit's group or a grade, as it was asked for."""

    kind: Literal["rank", "grade"]
    value: int | str


@dataclass(frozen=True)
class Change:
    """One input of the unit, from what was handed in to what. `items`: the indicators it moves for the unit.

    `yardstick`: only what it is measured by is smaller.
    """

    items: tuple[str, ...]
    field: str
    start: Fraction
    to: Fraction
    says: str
    yardstick: bool


@dataclass(frozen=True)
class Way:
    """Changes made together, and where the unit stands then. `gains`: points it has more under each indicator."""

    changes: tuple[Change, ...]
    rank: int
    grade: str
    total: Any
    gained: Any
    gains: dict[str, Any]


@dataclass(frozen=True)
class Never:
    """What is not offered, and why; `items` empty where it is no item."""

    items: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class WhatItTakes:
    """The answer for one unit and one goal.

    `size`: how many changes the smallest sets have, 0 where none of up to three leads there; `sets_found`: how many of
    that size do, of which `sets` are those that change least. `barred`: no number of points would do. `nearest`: what
    comes nearest where none does. `tried`: sets that were looked at.
    """

    year: str
    unit: str
    name: str
    synthetic: bool
    decimals: int
    goal: Goal
    rank: int
    of: int
    grade: str
    total: Any
    already: bool
    barred: bool
    size: int
    sets_found: int
    sets: tuple[Way, ...]
    singles: tuple[Way, ...]
    nearest: Way | None
    never: tuple[Never, ...]
    farthest: str
    tried: int
    decided: str = ""

    @property
    def reachable(self) -> bool:
        return self.already or bool(self.size)


class Goals:
    """A year whose units may ask: scored once in float64 and once in fractions.

    `unbounded`: figures may change as far as the catalogue allows, not only as far as the year shows units to get.
    `thorough`: each answer is scored again from the year's tables, whole.
    """

    def __init__(self, bound: BoundYear, *, unbounded: bool = False, thorough: bool = True) -> None:
        self.bound, self.unbounded, self.thorough = bound, unbounded, thorough

    @cached_property
    def _exact(self) -> Scored:
        return run(self.bound, EXACT)

    @cached_property
    def _double(self) -> Scored:
        return run(self.bound, FLOAT)

    @cached_property
    def decimals(self) -> Mapping[str, int]:
        """Item → decimals it is shown with."""
        return self.bound.scheme.decimals

    @cached_property
    def now(self) -> Results:
        return results(self._exact)

    def of(self, unit: str) -> UnitGoals:
        levers = levers_of(self.bound, unit) if self.unbounded else levers_within_reach(self.bound, unit)
        double = SupposedYear(self._double, unit, levers)
        return UnitGoals(self, double, double.exactly(self._exact))


class UnitGoals:
    """What one unit may ask of a year."""

    def __init__(self, year: Goals, double: SupposedYear, exact: SupposedYear) -> None:
        self.year, self.exact = year, exact
        self.bound, self.unit, self.place = exact.bound, exact.unit, exact.member
        self.search = GoalSearch(double, exact, shortest=year.thorough)

    @cached_property
    def _standing(self) -> tuple[int, str, Any]:
        """Rank, grade (before decisions) and total as they are."""
        now = self.year.now
        return int(now.rank[self.place]), str(now.by_points[self.place]), now.total[self.place]

    @cached_property
    def _of(self) -> int:
        """How many units of its group have a rank."""
        return int(self.year.now.known[self.bound.members_of(self.exact.group)].sum())

    def next_goals(self) -> Iterator[Goal]:
        """One rank up, and the grade above the unit's; nothing for a unit without a score."""
        rank, grade, _ = self._standing
        if not self.year.now.known[self.place]:
            return
        grades = [each.name for each in self.bound.scheme.results.grades]
        if rank > 1:
            better = self.year.now.rank[self.bound.members_of(self.exact.group)]
            yield Goal("rank", int(max(each for each in better if 0 < each < rank)))
        if grades and grade != grades[0]:
            yield Goal("grade", grades[grades.index(grade) - 1] if grade in grades else grades[0])

    def answer(self, goal: Goal, *, most: int = MOST_SETS, enough: int | None = None) -> WhatItTakes:
        """GoalError for a goal that the unit's group does not have."""
        bound, now, unit = self.bound, self.year.now, self.bound.units[self.place]
        target = self._target(goal)
        rank, by_points, total = self._standing
        decided = str(now.grade[self.place])
        already = bool(target.reached(now, self.place, 1)[0]) or decided in target.grades
        barred = not already and not self.search.attainable(target)
        size, count, settings = (0, 0, []) if already or barred else self.search.found(target, most, enough)
        near = None if already or barred or size else self.search.nearest(target)
        found = (self._way(setting) for setting in settings)
        return WhatItTakes(
            year=bound.year,
            unit=self.unit,
            name=unit.name,
            synthetic=bound.data.synthetic,
            decimals=self.year.decimals[bound.scheme.groups[self.exact.group].score],
            goal=goal,
            rank=rank,
            of=self._of,
            grade=by_points,
            total=total,
            already=already,
            barred=barred,
            size=size,
            sets_found=count,
            sets=tuple(way for way in found if self._holds(way, target)),
            singles=self._singles,
            nearest=self._way(near) if near is not None else None,
            never=tuple(self._never()),
            farthest="" if self.year.unbounded else SAID,
            tried=self.search.tried,
            decided=decided if decided != by_points else "",
        )  # fmt: skip

    def _target(self, goal: Goal) -> Target:
        unit, scheme = self.bound.units[self.place], self.bound.scheme
        if not self.year.now.known[self.place]:
            raise GoalError(f"{self.unit} {unit.name}没有总分，谈不上名次和等次")
        if goal.kind == "rank":
            if not isinstance(goal.value, int) or not 1 <= goal.value <= self._of:
                raise GoalError(
                    f"名次应为 1 到 {self._of}（{self.unit} 所在的组共 {self._of} 个单位），现为 {goal.value}"
                )
            return Target(rank=goal.value)
        grades = [each.name for each in scheme.results.grades]
        if not grades:
            raise GoalError(f"考核办法 {scheme.title} 不评等次，请改用 --rank")
        named = {
            key: name for each in scheme.results.grades for key, name in ((each.key, each.name), (each.name, each.name))
        }
        if goal.value not in named:
            raise GoalError(f"没有等次 {goal.value}，有：{'、'.join(grades)}")
        return Target(grades=tuple(grades[: grades.index(named[str(goal.value)]) + 1]))

    @cached_property
    def _singles(self) -> tuple[Way, ...]:
        return tuple(self._largest(MOST_SINGLES if self.year.thorough else MOST_ON_PAGE))

    def _largest(self, most: int) -> Iterator[Way]:
        """The largest gains first; of further achievements of one indicator the one that asks for fewest."""
        seen: set[tuple[str, str, bool]] = set()
        turned = [each for each in self.search.singles if each.gained > 1e-9]
        for each in sorted(turned, key=lambda each: (each.yardstick, -round(each.gained, 9), each.asked)):
            ((lever, _),) = each.setting.items()
            key = (lever.item, lever.subject, getattr(lever, "up", True))
            if key not in seen:
                seen.add(key)
                yield self._way(each.setting)
            if len(seen) >= most:
                return

    def _holds(self, way: Way, target: Target) -> bool:
        return way.grade in target.grades if target.grades else way.rank <= target.rank

    def _way(self, setting: Setting) -> Way:
        """Where the unit stands with a setting: exactly, and from the tables on where the year is `thorough`."""
        if self.year.thorough:
            data = supposed(self.bound, self.unit, setting)
            found = results(run(bind(self.bound.scheme, self.bound.policies, data, self.bound.past)))
        else:
            found = self.search.exactly(setting)
        total = at(found.total, self.place)
        return Way(
            tuple(self._change(lever, turn) for lever, turn in setting.items()),
            int(at(found.rank, self.place)), str(at(found.by_points, self.place)),
            total, total - self._standing[2], dict(self._gains(setting)),
        )  # fmt: skip

    def _gains(self, setting: Setting) -> Iterator[tuple[str, Any]]:
        for pool in self.exact.pools:
            if any(pool is each for lever in setting for each in self.exact.seen_by[lever]):
                place = list(pool.members).index(self.place)
                more = self.exact.points(pool, [setting])[0][place] - at(self.exact.base(pool).points, place)
                if more:
                    yield pool.name, more

    def _change(self, lever: Lever, turn: int) -> Change:
        moved = dict(self._gains({lever: turn}))
        return Change(
            items=tuple(moved) or tuple(pool.name for pool in self.exact.seen_by[lever]),
            field=field_of(lever),
            start=lever.start,
            to=lever.value(turn),
            says=says_move(Move(lever, turn), self.bound.scheme),
            yardstick=lever.yardstick,
        )

    def _never(self) -> Iterator[Never]:
        """What the unit has and is not offered to change."""
        scheme = self.bound.scheme
        mine = [pool for pool in self.bound.pools if self.place in pool.members]
        votes = tuple(pool.name for pool in self.bound.vote_pools if self.place in pool.members)
        judged = tuple(pool.name for pool in mine if any(isinstance(rule, Judged) for rule in pool.rule.walk()))
        around = tuple(pool.name for pool in mine if id(pool) in self.exact.around)
        seen = {pool.name for pools in self.exact.seen_by.values() for pool in pools}
        other = tuple(pool.name for pool in mine if pool.name not in {*judged, *around, *seen})
        for items, why in (
            (judged, "由人评定，分数是别人的判断"),
            (votes, "投票和测评是别人投出的"),
            (around, "得分取自其他项目，随它们变动"),
            (other, "没有单位自己可以改的数（按月份、学期或日期上报，或数据已到可填的尽头）"),
        ):
            if items:
                yield Never(items, why)
        if scheme.results.vetoes:
            yield Never((), "否决事项是事实，不作建议")
        if scheme.results.declarations or scheme.results.awards:
            yield Never((), "申报是否认定、奖励是否批准由别人决定")
        yield Never((), "其他单位的数据一律不动")


def field_of(lever: Lever) -> str:
    """What is changed: a metric's name, or which kind of rows."""
    if isinstance(lever, MetricLever):
        return lever.metric
    if isinstance(lever, IncidentsLever):
        return "incidents"
    return (
        "amount"
        if isinstance(lever, AmountLever)
        else "projects"
        if isinstance(lever, ProjectsLever)
        else "achievements"
    )


def goal_json(found: WhatItTakes) -> dict[str, Any]:
    """As the file: exact values as text, beside them rounded ones where they are totals."""
    return {
        "year": found.year,
        "unit": found.unit,
        "name": found.name,
        "synthetic": found.synthetic,
        "decimals": found.decimals,
        "goal": {found.goal.kind: found.goal.value},
        "now": {"rank": found.rank, "of": found.of, "grade": found.grade, "decided": found.decided}
        | _total(found.total),
        "already": found.already,
        "barred": found.barred,
        "reachable": found.reachable,
        "size": found.size,
        "sets_found": found.sets_found,
        "sets": [_way_json(way) for way in found.sets],
        "singles": [_way_json(way) for way in found.singles],
        "nearest": _way_json(found.nearest) if found.nearest is not None else None,
        "never": [{"items": list(each.items), "why": each.why} for each in found.never],
        "parameters": {"most_changes": MOST_CHANGES, "sets_tried": found.tried, "farthest": found.farthest},
    }


def _way_json(way: Way) -> dict[str, Any]:
    return {
        "changes": [_change_json(change) for change in way.changes],
        "rank": way.rank,
        "grade": way.grade,
        **_total(way.total),
        "gained": exactly(way.gained),
        "gained_rounded": round(float(way.gained), 6),
        "gains": {item: exactly(points) for item, points in way.gains.items()},
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "item": change.items[0] if change.items else "",
        "items": list(change.items),
        "field": change.field,
        "from": exactly(change.start),
        "to": exactly(change.to),
        "says": change.says,
        "yardstick": change.yardstick,
    }


def _total(total: Any) -> dict[str, Any]:
    return {"total": exactly(total), "total_rounded": round(float(total), 6)}


def goals_of(intake: Intake, book: ScoreBook, *, unbounded: bool = False, thorough: bool = True) -> Goals:
    """A year that was read and scored, to be asked."""
    return Goals(bound_of(intake, book), unbounded=unbounded, thorough=thorough)


def year_goals(intake: Intake, book: ScoreBook, units: Collection[str] | None = None) -> dict[str, Any]:
    """For every unit (or these of them) what the next rank and the next grade would take: the few nearest sets of
    each."""
    asked = [unit.unit_id for unit in book.units if units is None or unit.unit_id in units]
    year = goals_of(intake, book, thorough=False)
    return {
        "year": book.year,
        "units": {unit: [*_next(year.of(unit))] for unit in asked},
        "names": {unit.unit_id: unit.name for unit in book.units},
        "now": {
            unit.unit_id: {"rank": unit.rank, "grade": unit.by_points, **_total(unit.total)}
            | {"decimals": book.total_decimals(unit.group)}
            for unit in book.units
            if unit.rated
        },
        "groups": {group.name: [unit.unit_id for unit in book.ranking(key)] for key, group in book.groups.items()},
    }


def unit_goals(intake: Intake, book: ScoreBook, unit: str) -> list[dict[str, Any]]:
    """The same of one unit."""
    return [*_next(goals_of(intake, book, thorough=False).of(unit))]


def _next(mine: UnitGoals) -> Iterator[dict[str, Any]]:
    return (goal_json(mine.answer(goal, most=3, enough=60)) for goal in mine.next_goals())
