"""All combinations of readings of a year, exactly: who can stand where, what flips a grade, what never matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kaohe.analysis.combinations.branching import NotDecidedError, ranges_of, small_sets
from kaohe.analysis.combinations.choices import Choices, choices_of
from kaohe.analysis.combinations.enumeration import Outcomes, enumerate_space
from kaohe.analysis.combinations.flips import MOVES, Flip, flips_of, in_force, moves_of
from kaohe.analysis.combinations.forms import TooManyError
from kaohe.analysis.combinations.space import NotComputable, Space, spaces_of
from kaohe.intake import Intake
from kaohe.rules import EXACT, Figure
from kaohe.rules.inside import policies_in
from kaohe.scheme import Scheme
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.engine import run
from kaohe.scoring.evaluation import Evaluation
from kaohe.scoring.results import results
from kaohe.scoring.score import bound_of

MOST = 10_000_000
"""Distinct combinations that are gone through one by one; of more, ranges and small sets are found otherwise."""

MOST_ABOVE = 5_000
"""Combinations of readings that act above the figures, which are scored singly."""

ENUMERATED, BRANCHED = "enumerated", "branch_and_bound"


@dataclass(frozen=True)
class UnitRange:
    """Where a unit can stand. `grades`: in how many combinations it has each; None: in some, they were not counted."""

    unit: str
    rank: int
    grade: str
    rank_min: int
    rank_max: int
    grades: Mapping[str, int | None]


@dataclass(frozen=True)
class AllReadings:
    """What every combination of readings comes to."""

    bound: BoundYear
    choices: Choices
    ways: Mapping[str, str]  # group → how it was gone through
    distinct: Mapping[str, int]  # group → distinct combinations
    not_computable: tuple[NotComputable, ...]
    units: tuple[UnitRange, ...]
    flips: tuple[Flip, ...]
    moves: Mapping[str, str]  # reading → how far it reaches, as far as known
    fail_lines: Mapping[str, Fraction]
    outcomes: tuple[Outcomes, ...]  # of the groups that were gone through one by one
    without: Mapping[str, str]  # group → why nothing is known of it

    @property
    def computed(self) -> int:
        return self.choices.combinations - sum(each.count for each in self.not_computable)


def all_readings(intake: Intake, book: ScoreBook, *, most: int = MOST) -> AllReadings:
    """Every combination of readings of a scored year; `book` is what it was scored to."""
    return readings_of(bound_of(intake, book), most=most)


def readings_of(bound: BoundYear, *, most: int = MOST) -> AllReadings:
    """Every combination of readings of a bound year."""
    choices = choices_of(bound)
    if choices.size(choices.outer) > MOST_ABOVE:
        many = choices.size(choices.outer)
        return _nothing(bound, choices, f"有 {many} 种读法组合作用在各项之上，须逐一评分，超过 {MOST_ABOVE} 种")
    try:
        spaces, without = spaces_of(choices)
        if without and not spaces and choices.figures:  # some reading of a figure has no answer: they are taken singly
            choices = choices_of(bound, one_by_one=True)
            spaces, without = spaces_of(choices)
    except TooManyError:
        return _nothing(bound, choices, "一个单位的总分牵涉的读法组合太多，列不全")
    return _gone_through(bound, choices, spaces, without, most)


def _nothing(bound: BoundYear, choices: Choices, why: str) -> AllReadings:
    """Where no combination can be gone through: the reason, and the lines that need none."""
    groups = {key: why for key in bound.scheme.groups if len(bound.members_of(key))}
    return AllReadings(
        bound, choices, {}, {}, (NotComputable(why, choices.combinations),), (), (), {}, fail_lines(bound), (), groups
    )


def _gone_through(
    bound: BoundYear, choices: Choices, spaces: list[Space], without: list[NotComputable], most: int
) -> AllReadings:
    units: list[UnitRange] = []
    flips: list[Flip] = []
    moves: dict[str, str] = {}
    outcomes: list[Outcomes] = []
    ways: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for space in spaces:
        if space.combinations <= most:
            outcomes.append(enumerate_space(space))
            found = outcomes[-1].named()
            ways[space.key] = ENUMERATED
            units += _ranges(found)
            flips += flips_of(found)
            for name, reach in moves_of(found).items():
                moves[name] = max(moves.get(name, MOVES[0]), reach, key=MOVES.index)
            continue
        ways[space.key] = BRANCHED
        try:
            units_here, flips_here = _branched(space)
        except NotDecidedError as error:
            unknown[space.key] = str(error)
            continue
        units += units_here
        flips += flips_here
        for name in space.effects.idle:
            moves.setdefault(name, MOVES[0])
        for name in (
            *choices.named().outer,
            *choices.grades,
            *(name for group in space.groups for name in group.names),
        ):
            moves[name] = max(moves.get(name, MOVES[0]), MOVES[1], key=MOVES.index)
    return AllReadings(
        bound, choices, ways, {space.key: space.combinations for space in spaces}, tuple(without), tuple(units),
        tuple(flips), moves, fail_lines(bound), tuple(outcomes), unknown,
    )  # fmt: skip


def _ranges(found: Outcomes) -> list[UnitRange]:
    space = found.space
    here, now = in_force(found)
    grade = found.grade.reshape(len(found.rank), -1, len(space.units))
    out = []
    for place, unit in enumerate(space.units):
        rank = found.rank[:, place]
        grades = {
            str(name): int(((grade[..., place] == name).sum(axis=1) * found.times).sum())
            for name in np.unique(grade[..., place])
        }
        out.append(
            UnitRange(
                space.choices.bound.units[unit].unit_id, int(rank[here]), str(grade[here, now, place]),
                int(rank.min()), int(rank.max()), grades,
            )
        )  # fmt: skip
    return out


def _branched(space: Space) -> tuple[list[UnitRange], list[Flip]]:
    ranges, (sets, now) = ranges_of(space), small_sets(space)
    units, flips = [], []
    for place, unit in enumerate(space.units):
        name = space.choices.bound.units[unit].unit_id
        mine = {after: found for (at, after), found in sets.items() if at == place}
        rank, grade = now[place]
        low, high = ranges[place]
        units.append(UnitRange(name, rank, grade, low, high, dict.fromkeys([grade, *mine])))
        flips += [Flip(name, grade, after, found) for after, found in sorted(mine.items())]
    return units, flips


def _floors(scheme: Scheme) -> list[Figure]:
    return [grade.at_least for grade in scheme.results.grades[:-1] if grade.at_least is not None]


def line_of(scheme: Scheme) -> str | None:
    """The one fraction that draws the line below which a unit gets the last grade."""
    floors = _floors(scheme)
    names = [each.name for each in scheme.policies if each.fraction and floors and each.name in policies_in(floors[-1])]
    return names[0] if len(names) == 1 else None


def fail_lines(bound: BoundYear) -> dict[str, Fraction]:
    """For each unit with a score the line at which it starts to fail, where a reading draws it in proportion."""
    name, floors = line_of(bound.scheme), _floors(bound.scheme)
    if name is None:
        return {}
    scored = run(bound)
    now = results(scored)
    tried = (Fraction(0), Fraction(1, 2), Fraction(1))
    evaluation = Evaluation(bound, EXACT, Axes(bound.policies, {name: tried}))
    evaluation.keep(scored.outcomes)
    line = np.broadcast_to(floors[-1].of_units(evaluation.everybody()), (3, len(bound.units)))
    out = {}
    for place, unit in enumerate(bound.units):
        none, half, whole = (Fraction(each) for each in line[:, place])
        if now.known[place] and whole > none and half * 2 == none + whole:
            out[unit.unit_id] = (now.total[place] - none) / (whole - none)
    return out
