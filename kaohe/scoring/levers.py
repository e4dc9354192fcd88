"""What a unit could hand in differently under one indicator: each input with the steps in which it can change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from kaohe.rules.achievements import WeightTable
from kaohe.rules.base import Value
from kaohe.rules.counting import CountedAmounts
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.judged import Incidents
from kaohe.rules.values import TallyValue
from kaohe.scheme import Item, Metric
from kaohe.scheme.wants import divisors_of
from kaohe.scoring.bind import BoundYear, Pool

GRAINS: Mapping[str, Fraction] = {
    "count": Fraction(1),
    "money": Fraction(1),
    "number": Fraction("0.01"),
    "rate": Fraction("0.0001"),
}
"""In what steps a metric of a kind is looked at: whole things, yuan, hundredths, hundredths of a per cent."""

FARTHEST = 10**9
"""Steps an input without a limit of its own is followed; more than any figure handed in."""
MOST_ROWS = 1_000
"""Further achievements that are tried."""
MOST_PROJECTS = 64
"""Further projects of an amount that are tried: their rows are counted one trial after the other."""


@dataclass(frozen=True, eq=False)
class Lever:
    """One input and one direction. At turn 0 it is as handed in (`start`), at turn n by n steps elsewhere, up to
    `most`. `yardstick`: what the unit's own figure is divided by or held against becomes smaller, nothing better.
    `item`: the only indicator that looks at it; empty for a metric, which several may look at."""

    start: Fraction
    most: int
    yardstick: bool = False
    item: str = field(default="", kw_only=True)

    @property
    def subject(self) -> str:
        """What is turned, whichever way: a metric, or a kind of row."""
        return type(self).__name__

    def turns_at(self, item: str, metrics: Collection[str]) -> bool:
        """Whether an indicator that looks at these metrics sees it."""
        return item == self.item

    def value(self, turn: int) -> Fraction:
        """What is handed in then: a figure, or how many rows."""
        return self.start + turn

    def relative(self, turn: int) -> Fraction:
        """How large the change is against what there is."""
        return abs(self.value(turn) - self.start) / max(abs(self.start), Fraction(1))


@dataclass(frozen=True, eq=False)
class MetricLever(Lever):
    """A metric, along the multiples of its grain."""

    metric: str = ""
    grain: Fraction = Fraction(1)
    up: bool = True

    @property
    def subject(self) -> str:
        return self.metric

    def turns_at(self, item: str, metrics: Collection[str]) -> bool:
        return self.metric in metrics

    def value(self, turn: int) -> Fraction:
        if not turn:
            return self.start
        steps = floor(self.start / self.grain) + turn if self.up else ceil(self.start / self.grain) - turn
        return steps * self.grain

    def relative(self, turn: int) -> Fraction:
        return abs(self.value(turn) - self.start) / max(abs(self.start), self.grain)


@dataclass(frozen=True, eq=False)
class RowsLever(Lever):
    """Further achievements of one weight; `kinds` are the kind, level and award of each that has it."""

    weight: Fraction = Fraction(1)
    kinds: tuple[tuple[str, str | None, str | None], ...] = ()

    def relative(self, turn: int) -> Fraction:
        return turn * self.weight / max(self.start, Fraction(1))

    def rows(self, turn: int, unit: str, day: Any) -> list[Achievement]:
        kind, level, award = self.kinds[0]
        titles = (f"另一项成果 {kind} {level} {award} {number}" for number in range(turn))
        return [Achievement(unit, self.item, kind, level, award, title, day, True, None) for title in titles]


@dataclass(frozen=True, eq=False)
class ProjectsLever(Lever):
    """Further projects that reach their kind's amount; `start` is how many count today."""

    kinds: tuple[tuple[str, Fraction], ...] = ()

    def rows(self, turn: int, unit: str, day: Any) -> list[Achievement]:
        kind, amount = self.kinds[0]
        titles = (f"另一个项目 {kind} {number}" for number in range(turn))
        return [Achievement(unit, self.item, kind, None, None, title, day, True, amount) for title in titles]


@dataclass(frozen=True, eq=False)
class AmountLever(Lever):
    """A project handed in whose amount falls short: raised to what counts, further turns to the next multiples."""

    row: Achievement | None = None
    least: Fraction = Fraction(0)
    each: Fraction = Fraction(0)

    def value(self, turn: int) -> Fraction:
        return self.least + (turn - 1) * self.each if turn else self.start


@dataclass(frozen=True, eq=False)
class IncidentsLever(Lever):
    """Fewer incidents: of those at the panel's discretion whole rows, the dearest first."""

    rule: Incidents | None = None

    def value(self, turn: int) -> Fraction:
        return self.start - turn

    def left(self, rows: Iterable[Incident], turn: int) -> list[Incident]:
        """The rows that remain."""
        assert self.rule
        if self.rule.discretionary:
            dear = sorted(rows, key=lambda row: (-self.rule.cost(row), row.date))  # type: ignore[union-attr]
            return dear[turn:]
        out, away = [], Fraction(turn)
        for row in rows:
            taken = min(away, row.count)
            away -= taken
            if row.count > taken:
                out.append(replace(row, count=row.count - taken))
        return out


def levers(bound: BoundYear, pool: Pool, unit: str) -> list[Lever]:
    """Every input of the unit that the pool's rule looks at, in the rule's order; what people judge is none."""
    return [*_of_metrics(bound, (pool,), unit), *_of_rows(bound, pool, unit)]


def levers_of(bound: BoundYear, unit: str) -> list[Lever]:
    """Every input of the unit that any of its indicators looks at, each once."""
    member = bound.position[unit]
    mine = tuple(pool for pool in bound.pools if member in pool.members)
    return [*_of_metrics(bound, mine, unit), *(lever for pool in mine for lever in _of_rows(bound, pool, unit))]


def _of_metrics(bound: BoundYear, pools: Sequence[Pool], unit: str) -> list[Lever]:
    names = dict.fromkeys(name for pool in pools for rule in pool.rule.walk() for name in rule.metrics())
    category = bound.units[bound.position[unit]].category
    below = {each.metric for pool in pools for each in divisors_of(pool.rule)}
    below |= {each.metric for found in bound.scheme.beside.values() for each in found.divisors.get(category, ())}
    return [lever for name in names for lever in _of_metric(bound, unit, name, divides=name in below)]


def _of_rows(bound: BoundYear, pool: Pool, unit: str) -> list[Lever]:
    """Achievements, projects and incidents under one indicator."""
    indicator = pool.indicator
    found: list[Lever] = []
    if indicator is None:
        return found
    if any(isinstance(value, TallyValue) for value in _values(pool)):
        have = bound.tally(unit, indicator).sum
        by_weight: dict[Fraction, list[tuple[str, str | None, str | None]]] = {}
        for each, weight in _leaves(indicator):
            by_weight.setdefault(weight, []).append(each)
        found += [
            RowsLever(have, MOST_ROWS, False, weight, tuple(by_weight[weight]), item=indicator.id)
            for weight in sorted(by_weight)
        ]
    for rule in pool.rule.walk():
        if isinstance(rule, CountedAmounts):
            found += _of_amounts(bound, unit, indicator, rule)
        if isinstance(rule, Incidents):
            found += _of_incidents(bound, unit, indicator, rule)
    return found


def _values(pool: Pool) -> list[Value]:
    return [value for rule in pool.rule.walk() if isinstance(value := getattr(rule, "value", None), Value)]


def _of_metric(bound: BoundYear, unit: str, name: str, *, divides: bool) -> Iterator[MetricLever]:
    """Both directions, as far as the catalogue of metrics lets them go."""
    metric = bound.scheme.metrics[name]
    if (unit, name) not in bound.data.metrics or metric.kind not in GRAINS:
        return  # handed in by month or term, or a day
    start, grain = bound.data.metrics[unit, name].value, GRAINS[metric.kind]
    least, most = _limits(bound, unit, name, metric)
    if divides:
        least = max(least, grain) if least is not None else grain
    steps_up = FARTHEST if most is None else floor(most / grain) - floor(start / grain)
    steps_down = FARTHEST if least is None else ceil(start / grain) - ceil(least / grain)
    if steps_up > 0:
        yield MetricLever(start, min(steps_up, FARTHEST), False, name, grain, True)
    if steps_down > 0:
        yield MetricLever(start, min(steps_down, FARTHEST), divides, name, grain, False)


def _limits(bound: BoundYear, unit: str, name: str, metric: Metric) -> tuple[Fraction | None, Fraction | None]:
    """What the metric can be at all, beside what it is a part of and what is a part of it."""
    start = bound.data.metrics[unit, name].value
    least, most = metric.least, metric.most
    whole = bound.data.metrics.get((unit, metric.part_of)) if metric.part_of else None
    if whole is not None and whole.value >= start:
        most = whole.value if most is None else min(most, whole.value)
    for other, each in bound.scheme.metrics.items():
        part = bound.data.metrics.get((unit, other)) if each.part_of == name else None
        if part is not None and part.value <= start:
            least = part.value if least is None else max(least, part.value)
    return least, most


def _leaves(indicator: Item) -> Iterator[tuple[tuple[str, str | None, str | None], Fraction]]:
    """Each kind, level and award that has a weight, but for kinds counted by their amount."""

    def below(table: WeightTable, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Fraction]]:
        for key, value in table.items():
            if isinstance(value, Mapping):
                yield from below(value, (*path, key))
            else:
                yield (*path, key), value

    for path, weight in below(indicator.weights, ()):
        kind, level, award = (*path, None, None)[:3]
        if weight > 0 and kind is not None and kind not in indicator.amounts:
            yield (kind, level, award), weight


def _of_amounts(bound: BoundYear, unit: str, indicator: Item, rule: CountedAmounts) -> Iterator[Lever]:
    """Projects short of an amount, or of its next multiple where that counts; and further ones, by kind where each kind
    counts once."""
    rows = [row for row in bound.achievements.get((unit, indicator.id), ()) if row.kind in rule.at_least]
    how = bound.policies.read(rule.count)
    for row in rows:
        if row.amount is not None and (how == "multiple" or rule.worth(row) is None):
            least = rule.at_least[row.kind]
            most = MOST_PROJECTS if how == "multiple" else 1  # a title entered twice may count more in its other row
            yield AmountLever(row.amount, most, False, row, (row.amount // least + 1) * least, least, item=indicator.id)
    counted = Fraction(sum(rule.worth(row) is not None for row in rows))
    kinds = tuple(rule.at_least.items())
    for some in [(each,) for each in kinds] if how == "kind" else [kinds]:
        yield ProjectsLever(counted, MOST_PROJECTS, False, some, item=indicator.id)


def _of_incidents(bound: BoundYear, unit: str, indicator: Item, rule: Incidents) -> Iterator[Lever]:
    rows = bound.incidents.get((unit, indicator.id), ())
    count = Fraction(len(rows)) if rule.discretionary else sum((row.count for row in rows), Fraction(0))
    if count:
        yield IncidentsLever(count, floor(count), False, rule, item=indicator.id)
