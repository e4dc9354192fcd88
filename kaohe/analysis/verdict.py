"""The year's outcome at the lines that decide it: who has a grade, how narrowly, and what lies inside that margin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaohe.analysis.breakdown import worth
from kaohe.analysis.grades import below_line, entitled, lead, passed_over, top_line
from kaohe.scoring.book import ScoreBook, Shift, UnitResult, WarnedRater
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.marks import PENDING


@dataclass(frozen=True)
class Edge:
    """A line of a group's grades. `inside`: those who have the grade, by rank; `places` None where none are counted.

    `last` is the one of them nearest to the line and `next` the one nearest beyond it, whom a change of `margin` points
    would bring across (exact, not negative; None where there is nobody or no line between them): the distance of the
    two totals, or of a total and its line, in `between`. `tied`: who waits for a decision at the line. `passed`: who
    has the points and not the grade, and why.
    """

    group: str
    grade: str
    role: str
    inside: tuple[UnitResult, ...]
    places: int | None = None
    last: UnitResult | None = None
    next: UnitResult | None = None
    between: tuple[Fraction, ...] = ()
    tied: tuple[UnitResult, ...] = ()
    passed: tuple[tuple[UnitResult, str], ...] = ()

    @property
    def margin(self) -> Fraction | None:
        """How many points would have to change."""
        return abs(self.between[0] - self.between[1]) if self.between else None

    @property
    def near(self) -> tuple[UnitResult, ...]:
        """Whom the margin is between."""
        return tuple(unit for unit in (self.last, self.next) if unit is not None)


def edges(book: ScoreBook, group: str) -> list[Edge]:
    """The best grade's line and the one below which a unit fails; the first rank's where there are no grades."""
    units = book.rated(group)
    if not units:
        return []
    if not book.grading:
        return [_first(group, units)]
    found = [_best(book, group, units)] if book.top else []
    return [*found, _failing(book, group, units)] if book.fail else found


def _next_eligible(book: ScoreBook, units: Sequence[UnitResult]) -> UnitResult | None:
    """The best of those who could have the best grade and have not; None where nobody could."""
    taken = (book.top, PENDING, book.fail)
    could = [unit for unit in units if unit.grade not in taken and entitled(book, unit) and not unit.vetoed]
    return max(could, key=lambda unit: lead(book, unit.group, unit.total, Fraction(0)), default=None)


def _first(group: str, units: Sequence[UnitResult]) -> Edge:
    first = tuple(unit for unit in units if unit.rank == 1)
    after = next((unit for unit in units if unit.rank > 1), None)
    between = (first[0].total, after.total) if after is not None else ()
    return Edge(group, "", "top", first, last=first[-1], next=after, between=between)


def _best(book: ScoreBook, group: str, units: Sequence[UnitResult]) -> Edge:
    inside = tuple(unit for unit in units if unit.grade == book.top)
    tied = tuple(unit for unit in units if unit.grade == PENDING)
    line, after = top_line(book, units), _next_eligible(book, units)
    by_points = [unit for unit in inside if unit.by_points == book.top]
    last = min(by_points, key=lambda unit: lead(book, group, unit.total, Fraction(0)), default=None)
    between: tuple[Fraction, ...] = ()
    if line is not None and after is not None and last is not None and not tied:
        between = (line, after.total) if lead(book, group, line, after.total) > 0 else ()
    places = book.groups[group].quota or None
    passed = tuple((unit, why) for unit in units if (why := passed_over(book, unit, line)))
    return Edge(group, book.top, "top", inside, places, last, after if between else None, between, tied, passed)


def _failing(book: ScoreBook, group: str, units: Sequence[UnitResult]) -> Edge:
    """Each unit has a line of its own; the nearest above it is named where nobody fails by points."""
    inside = tuple(unit for unit in units if unit.grade == book.fail)
    below = [unit for unit in inside if below_line(unit)]
    if below:
        last = min(below, key=lambda unit: unit.fail_below - unit.total)
        return Edge(group, book.fail, "fail", inside, last=last, between=(last.fail_below, last.total))
    lines = [unit for unit in units if unit.fail_below and unit.grade != book.fail]
    near = min(lines, key=lambda unit: unit.total - unit.fail_below, default=None)
    between = (near.total, near.fail_below) if near is not None else ()
    return Edge(group, book.fail, "fail", inside, next=near, between=between)


@dataclass(frozen=True)
class Inside:
    """What could turn an outcome: ids of undecided `readings`, each with the unit it gives another grade and to what;
    ids of items whose figures are `disputed`, and of those rated full though a number the text names was `missed`, each
    with the unit it is about and with as many points at stake as the unit is away from the line; `raters` whose ratings
    of these units are doubtful."""

    readings: tuple[tuple[str, Shift], ...] = ()
    disputed: tuple[tuple[str, str], ...] = ()
    missed: tuple[tuple[str, str], ...] = ()
    raters: tuple[WarnedRater, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.readings or self.disputed or self.missed or self.raters)

    def about(self, unit: str) -> Inside:
        """What of it bears on one unit."""

        def mine(found: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
            return tuple(each for each in found if each[1] == unit)

        readings = tuple(each for each in self.readings if each[1].unit == unit)
        raters = tuple(each for each in self.raters if unit in each.units)
        return Inside(readings, mine(self.disputed), mine(self.missed), raters)


def inside_margin(book: ScoreBook, edge: Edge) -> Inside:
    """What bears on the units nearest to the line, on those that have the grade, and on those that wait for it."""
    about = {unit.unit_id: unit for unit in (*edge.near, *edge.inside, *edge.tied)}
    sides = {edge.grade, PENDING} if edge.role == "top" else {edge.grade}  # who waits for a grade may lose it, too
    decided = {policy.name: policy for policy in book.policies if policy.origin == "default"}
    readings = [
        (decided[effect.policy].id, shift)
        for effect in book.effects or ()
        for option in effect.options
        for shift in option.moved
        if effect.policy in decided and shift.unit in about and {shift.grade, shift.grade_then} & sides
        if shift.grade != shift.grade_then
    ]
    disputed = [cell for cell in book.cells if cell.status == "disputed"]
    missed = [
        cell
        for check in book.checks
        if check.met is False and not (cell := book.cell(check.unit, check.indicator)).lost
    ]
    return Inside(
        tuple(sorted(readings, key=lambda each: (each[0], each[1].unit))),
        _at_stake(book, edge, about, disputed),
        _at_stake(book, edge, about, missed),
        tuple(each for each in book.warned if _doubted(edge, each, about)),
    )


def away(book: ScoreBook, edge: Edge, unit: UnitResult) -> Fraction | None:
    """How many points a unit is from the line: from the nearest beyond it; None where there is no line to it."""
    if edge.role == "fail":
        return abs(unit.total - unit.fail_below) if unit.fail_below else None
    beyond = edge.last if unit is edge.next else edge.next
    return abs(lead(book, edge.group, unit.total, beyond.total)) if beyond is not None else None


def _at_stake(
    book: ScoreBook, edge: Edge, about: Mapping[str, UnitResult], cells: Iterable[ScoreCell]
) -> tuple[tuple[str, str], ...]:
    """Items and units of the cells that could carry their unit across the line: all that is not known to be less."""
    found: dict[tuple[str, str], None] = {}
    for cell in cells:
        unit = about.get(cell.unit)
        if unit is None:
            continue
        distance, rate = away(book, edge, unit), worth(book, unit).get(cell.indicator)
        if distance is None or rate is None or rate * (cell.max_points or Fraction(0)) >= distance:
            found[cell.indicator, cell.unit] = None
    return tuple(found)


def _doubted(edge: Edge, rater: WarnedRater, about: Mapping[str, UnitResult]) -> bool:
    """Whether a doubtful rater rated these units; of one who only stands off the others, whether it decides a grade."""
    if edge.group not in rater.groups or not about.keys() & set(rater.units):
        return False
    return rater.mark == "flat" or any(shift.unit in about for shift in rater.graded)
