"""A draft scheme on past years: who would have moved, which data would be missing, which items changed.

Every year is scored twice: as it was, and as if the draft had been in force (`recast`). An item whose data that year
has not for every unit is left out for all of them, as an exemption would, so that nobody moves for want of a figure.
Grades are those by points on either side: decisions on grades answered the points of their year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

from kaohe.analysis.recast import Reading, Recast, recast
from kaohe.intake import Intake, read_year
from kaohe.intake.findings import Missing
from kaohe.scheme import Scheme
from kaohe.scheme.differing import Change, differences
from kaohe.scheme.digits import USUAL
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import BoundYear, bind
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.past import past_of
from kaohe.scoring.refusal import RefusedError
from kaohe.scoring.score import NotScorableError, score_intake, undecided, year_before

LACKING = "那一年没有这一项要的数据，各单位都按不适用处理"


@dataclass(frozen=True)
class Moved:
    """A unit under the year's own scheme and under the draft."""

    unit: UnitResult
    then: UnitResult

    @property
    def differs(self) -> bool:
        return (self.unit.rank, self.unit.by_points, self.unit.total) != (
            self.then.rank,
            self.then.by_points,
            self.then.total,
        )


@dataclass(frozen=True)
class Lacking:
    """What the draft asks for and the year has not: of one item and office, with the units it lacks of."""

    item: str
    name: str
    kind: str
    what: str
    called: str
    office: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class ItemChange:
    """An item that the draft adds, takes away or changes. `changes`: what is said otherwise.

    `mean`: what units gained by it on average, in points of the item; None where it has points on neither side.
    """

    id: str
    name: str
    how: str
    changes: tuple[Change, ...]
    mean: Fraction | None
    units: int


@dataclass(frozen=True)
class YearTested:
    """One past year under the draft; `problem`: why it could not be scored, with nothing else then."""

    year: str
    problem: str = ""
    synthetic: bool = False
    provisional: bool = False
    decimals: int = USUAL
    groups: Mapping[str, str] = field(default_factory=dict)  # id → name
    units: tuple[Moved, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    items: tuple[ItemChange, ...] = ()
    others: tuple[Change, ...] = ()  # changes of what is no item: grades, votes, readings …
    left_out: Mapping[str, str] = field(default_factory=dict)  # item → why it is not counted
    readings: tuple[Reading, ...] = ()
    taken: tuple[tuple[str, str, str], ...] = ()  # readings only the draft has: name, question, what is taken
    gone: Mapping[tuple[str, str], int] = field(default_factory=dict)
    scaled: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    unscored: tuple[str, ...] = ()  # units whose category the draft has not

    @property
    def moved(self) -> list[Moved]:
        """Those whose rank, grade or total would be another; the farthest first."""
        found = [each for each in self.units if each.differs]
        return sorted(
            found, key=lambda each: (-abs(each.then.rank - each.unit.rank), -abs(each.then.total - each.unit.total))
        )


@dataclass(frozen=True)
class Backtest:
    """A draft on several years; `scheme_title` and `scheme_id` are the draft's."""

    scheme_id: str
    scheme_title: str
    years: tuple[YearTested, ...]


def backtest(scheme: Scheme, years: Sequence[str], raw: Path, *, provisional: bool = False) -> Backtest:
    """The draft on years below `raw`, each by itself; a year that cannot be scored says why."""
    read = cache(read_year)  # the year before is often asked for, too
    tested = [one_year(scheme, raw, year, provisional=provisional, read=read) for year in years]
    return Backtest(scheme.id, scheme.title, tuple(tested))


def one_year(
    scheme: Scheme,
    raw: Path,
    year: str,
    *,
    provisional: bool = False,
    read: Callable[[Path, str], Intake] = read_year,
) -> YearTested:
    """One year read, scored as it was, and scored under the draft."""
    intake, before = read(raw, year), year_before(raw, year, read)
    try:
        real = score_intake(intake, before=before, provisional=provisional)
        return under(scheme, intake, real, before)
    except (NotScorableError, RefusedError) as error:
        return YearTested(year, str(error))


def under(scheme: Scheme, intake: Intake, real: ScoreBook, before: Intake | None = None) -> YearTested:
    """A year that was scored, scored again under the draft; `before` is the year before, as it was read.

    RefusedError where the draft has no answer for its figures.
    """
    assert intake.scheme
    if not scheme.year.names(intake.year):
        return YearTested(intake.year, f"草案不是按这样的年份考核的（如 {scheme.year.example}）")
    told = recast(intake, scheme)
    if not told.intake.data or not told.intake.data.units:
        return YearTested(intake.year, "这一年的单位在草案里都没有类别，没有可以评分的")
    last = _last(scheme, before)
    bound = _bound(told.intake, last)
    lacking = _missing(bound)
    then, left_out = _scored(told.intake, lacking, bound, last)
    kept = [unit for unit in real.units if then.has_unit(unit.unit_id)]
    changes = differences(intake.scheme, scheme)
    return YearTested(
        year=intake.year,
        synthetic=real.synthetic,
        provisional=real.provisional,
        decimals=max(real.finest, then.finest),
        groups={name: group.name for name, group in real.groups.items()},
        units=tuple(Moved(unit, then.unit(unit.unit_id)) for unit in kept),
        lacking=tuple(_lacking(lacking, scheme)),
        items=tuple(_items(changes, real, then, told)),
        others=tuple(change for change in changes if change.family not in ("items", "metrics")),
        left_out=left_out,
        readings=told.readings,
        taken=tuple(_taken(intake.scheme, scheme, told)),
        gone=told.gone,
        scaled=told.scaled,
        unscored=tuple(unit.unit_id for unit in real.units if not then.has_unit(unit.unit_id)),
    )


def _last(scheme: Scheme, before: Intake | None) -> ScoreBook | None:
    """The year before under the draft, too, where it can be scored at all."""
    if before is None or undecided(before):
        return None
    told = recast(before, scheme).intake
    if not told.data or not told.data.units or not scheme.year.names(before.year):
        return None
    bound = _bound(told, None)
    return _scored(told, _missing(bound), bound, None)[0]


def _bound(intake: Intake, before: ScoreBook | None) -> BoundYear:
    assert intake.scheme
    assert intake.policies
    assert intake.data
    return bind(intake.scheme, intake.policies, intake.data, past_of(before, intake.data.predecessors))


def _missing(bound: BoundYear) -> tuple[Missing, ...]:
    """Every figure, rating and vote that the scheme asks for and that is not there."""
    found = [each for cell in bound.missing.values() for each in cell]
    for item, units in bound.unvoted.items():
        node = bound.scheme.tree[item]
        if node.vote is None:
            continue
        for unit in bound.units:
            if unit.unit_id in units and node.concerns(unit.category, unit.unit_id):
                office = node.vote.definition.by or bound.scheme.office
                found.append(Missing(unit.unit_id, node.vote.definition.paper, item, node.item.name, office))
    return tuple(found)


def _scored(
    intake: Intake, lacking: Sequence[Missing], bound: BoundYear, before: ScoreBook | None
) -> tuple[ScoreBook, dict[str, str]]:
    """The year scored without the items that it has not the data of, and why each is left out."""
    assert intake.scheme
    assert intake.policies
    assert intake.data
    items = dict.fromkeys(each.indicator for each in lacking)
    scored = [name for name in items if name in intake.scheme.indicators]
    left_out = dict.fromkeys(scored, LACKING)
    left_out |= {name: "那一年没有这项投票，各单位都按 0 分计" for name in items if name not in left_out}
    exempt = {(unit.unit_id, name): LACKING for unit in bound.units for name in scored
              if bound.applies(unit.unit_id, name)}  # fmt: skip
    data = replace(intake.data, exemptions={**intake.data.exemptions, **exempt})
    return score_data(intake.scheme, intake.policies, data, before=before), left_out


def _lacking(missing: Sequence[Missing], scheme: Scheme) -> Iterator[Lacking]:
    """By item, input and office."""
    units: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for each in missing:
        units[each.indicator, each.kind, each.what, each.office].append(each.unit)
    for (item, kind, what, office), who in units.items():
        called = scheme.metrics[what].name if kind == "metric" else what
        name = scheme.tree[item].item.name
        yield Lacking(item, name, kind, what, called, office or scheme.office, tuple(dict.fromkeys(who)))


def _items(changes: Sequence[Change], real: ScoreBook, then: ScoreBook, told: Recast) -> Iterator[ItemChange]:
    """Items that are not as they were, in the order in which they are told, with what that did to points."""
    mine: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.family == "items":
            mine[change.id].append(change)
    old = {new: before for before, new in told.moved.items()}
    for item, found in mine.items():
        hows = [change.how for change in found]
        how = next((each for each in ("added", "removed", "moved") if each in hows), "changed")
        gains = list(_gains(real, then, old.get(item, item), item, how))
        mean = sum(gains, Fraction(0)) / len(gains) if gains else None
        yield ItemChange(item, found[0].name, how, tuple(found), mean, len(gains))


def _gains(real: ScoreBook, then: ScoreBook, was: str, now: str, how: str) -> Iterator[Fraction]:
    """What each unit that has the item on either side has more of its points under the draft."""
    had: Callable[[UnitResult], Fraction | None] = lambda unit: real.figure(unit, was, "points")  # noqa: E731
    for unit in real.units:
        if not then.has_unit(unit.unit_id):
            continue
        before = None if how == "added" else had(unit)
        after = None if how == "removed" else then.figure(then.unit(unit.unit_id), now, "points")
        if before is not None or after is not None:
            yield (after or Fraction(0)) - (before or Fraction(0))


def _taken(old: Scheme, new: Scheme, told: Recast) -> Iterator[tuple[str, str, str]]:
    """Readings that the draft asks for and the year could not decide: what is taken of them."""
    policies = told.intake.policies
    assert policies
    for policy in new.policies:
        if policy.name not in old.policy:
            value = str(policies[policy.name])
            says = policy.options[value].says if value in policy.options else value
            yield policy.name, policy.question, says
