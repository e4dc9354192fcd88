"""A past year's data as if another scheme had been in force: what has a place in it, and what has none any more.

The data are those that were read and checked under the year's own scheme. Items and metrics that only have another id
keep their rows; what the other scheme does not know is left aside and counted; readings that it no longer asks for are
named. Ratings in points follow the full mark: 2.4 of 3 become 1.6 of 2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from kaohe.intake import Intake
from kaohe.intake.tables.data import Rating, Unit, YearData
from kaohe.intake.tables.described import tables_of
from kaohe.rules.judged import Judged
from kaohe.scheme import Item, Scheme
from kaohe.scheme.differing import differences
from kaohe.scheme.policies import Decision, Policies, PolicyError, resolve

TABLES: Mapping[str, str] = {
    "units": "单位", "metrics": "指标数据", "achievements": "成果", "ratings": "评分", "incidents": "扣分事件",
    "exemptions": "不适用", "self_scores": "自评", "votes": "投票", "declarations": "申报", "vetoes": "否决事项",
    "rulings": "等次决定",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A decision of the year that the other scheme cannot take up, and why."""

    name: str
    value: str
    question: str
    why: str


@dataclass(frozen=True)
class Recast:
    """The year under the other scheme. `gone`: table and what it is about → rows without a place; `scaled`: rated item
    → its full mark then and now; `moved`: old id → new id of items and metrics."""

    intake: Intake
    gone: Mapping[tuple[str, str], int]
    readings: tuple[Reading, ...]
    scaled: Mapping[str, tuple[Fraction, Fraction]]
    moved: Mapping[str, str]


def recast(intake: Intake, scheme: Scheme) -> Recast:
    """The year's intake with `scheme` in the place of its own; the intake must hold data, scheme and readings."""
    assert intake.scheme
    assert intake.policies
    assert intake.data
    moved = {
        change.before[0]: change.after[0]
        for change in differences(intake.scheme, scheme)
        if change.how == "moved" and change.family in ("items", "metrics")
    }
    fitting = _Fitting(intake.data, intake.scheme, scheme, moved)
    data = fitting.data()
    policies, readings = _policies(intake.scheme, scheme, data.decisions)
    lost = {each.name for each in readings}
    data = replace(data, decisions={name: each for name, each in data.decisions.items() if name not in lost})
    found = replace(intake, scheme=scheme, policies=policies, data=data, findings=(), missing=(), unread=())
    return Recast(found, dict(fitting.gone), readings, fitting.scaled, moved)


def _policies(old: Scheme, new: Scheme, given: Mapping[str, Decision]) -> tuple[Policies, tuple[Reading, ...]]:
    """The new scheme's readings with the year's decisions, as far as it still has them; and those it has not."""
    decided: dict[str, Decision] = {}
    left: list[Reading] = []
    for name, decision in given.items():
        try:
            resolve(new, {**decided, name: decision})
            decided[name] = decision
        except PolicyError as error:
            question = old.policy[name].question if name in old.policy else ""
            why = "草案没有这个读法" if name not in new.policy else str(error)
            left.append(Reading(name, str(decision.value), question, why))
    return resolve(new, decided), tuple(left)


class _Fitting:
    """What of a year's rows fits the other scheme; `gone` counts what does not."""

    def __init__(self, data: YearData, old: Scheme, new: Scheme, moved: Mapping[str, str]) -> None:
        self._data, self._old, self._new, self._moved = data, old, new, moved
        self.gone: Counter[tuple[str, str]] = Counter()
        self.scaled: dict[str, tuple[Fraction, Fraction]] = {}

    def data(self) -> YearData:
        data, item, metric = self._data, self._item, self._metric
        units = tuple(unit for unit in data.units if self._fits("units", unit.category, unit.category, self._category))
        self._units = {unit.unit_id: unit for unit in units}
        self._left_units = {unit.unit_id for unit in data.units} - self._units.keys()
        ratings = dict(self._keyed("ratings", data.ratings, item))
        return replace(
            data,
            units=units,
            metrics=dict(self._keyed("metrics", data.metrics, metric)),
            periods={(unit, self._named(name), when): row for (unit, name, when), row in data.periods.items()
                     if self._known(unit) and metric(unit, self._named(name))},
            earlier={(unit, self._named(name), when): row for (unit, name, when), row in data.earlier.items()
                     if metric(unit, self._named(name))},
            achievements=tuple(self._rows("achievements", data.achievements)),
            incidents=tuple(self._rows("incidents", data.incidents)),
            ratings={key: self._scaled(key, rows) for key, rows in ratings.items()},
            self_scores={
                key: given * self._factor(key) for key, given in self._keyed("self_scores", data.self_scores, item)
            },
            exemptions=dict(self._keyed("exemptions", data.exemptions, item)),
            votes=dict(self._votes(data.votes)),
            marks=dict(self._votes(data.marks)),
            declarations={
                unit: {kind: row for kind, row in rows.items()
                       if self._fits("declarations", kind, kind, self._new.results.declarations.__contains__)}
                for unit, rows in data.declarations.items() if self._known(unit)
            },
            vetoes=tuple(row for row in data.vetoes if self._known(row.unit)
                         and self._fits("vetoes", row.kind, row.kind, self._new.results.vetoes.__contains__)),
            awards=tuple(row for row in data.awards if self._known(row.unit)),
            rulings=self._no_rulings(),
            tables=tables_of(self._new),
        )  # fmt: skip

    def _fits(self, table: str, about: str, value: str, test: Callable[[str], bool]) -> bool:
        if test(value):
            return True
        self.gone[table, about] += 1
        return False

    def _category(self, category: str) -> bool:
        return category in self._new.categories

    def _known(self, unit: str) -> bool:
        """Rows of units that are left out go with them, uncounted."""
        return unit not in self._left_units

    def _named(self, name: str) -> str:
        return self._moved.get(name, name)

    def _item(self, unit: str, name: str) -> bool:
        found = self._new.indicators.get(name)
        return found is not None and found.unit in (None, unit) and self._units[unit].category in found.applies

    def _metric(self, unit: str, name: str) -> bool:
        return name in self._new.metrics

    def _keyed(
        self, table: str, rows: Mapping[tuple[str, str], Any], fits: Callable[[str, str], bool]
    ) -> Iterator[tuple[tuple[str, str], Any]]:
        for (unit, old), row in rows.items():
            name = self._named(old)
            if self._known(unit) and self._fits(table, old, name, partial(fits, unit)):
                yield (unit, name), row

    def _rows(self, table: str, rows: tuple[Any, ...]) -> Iterator[Any]:
        for row in rows:
            name = self._named(row.indicator)
            if self._known(row.unit) and self._fits(table, row.indicator, name, partial(self._item, row.unit)):
                yield row if name == row.indicator else replace(row, indicator=name)

    def _votes(self, votes: Mapping[tuple[str, str, str], Any]) -> Iterator[tuple[tuple[str, str, str], Any]]:
        """Papers of votes that are asked as they were: the same options, voters and kind of paper."""
        for (unit, name, facet), row in votes.items():
            if self._known(unit) and self._fits("votes", name, name, self._same_vote):
                yield (unit, name, facet), row

    def _same_vote(self, name: str) -> bool:
        old, new = self._old.votes.get(name), self._new.votes.get(name)
        if old is None or new is None:
            return False
        same = old.paper == new.paper and set(old.options) == set(new.options)
        return same and set(old.groups) == set(new.groups)

    def _no_rulings(self) -> dict[str, Any]:
        """Decisions on grades answered the points of their year; they say nothing of others."""
        if self._data.rulings:
            self.gone["rulings", ""] += len(self._data.rulings)
        return {}

    def _factor(self, key: tuple[str, str]) -> Fraction:
        """By how much a rating in points grows with the full mark; 1 where the scale stays."""
        unit, name = key
        was = {new: old for old, new in self._moved.items()}.get(name, name)
        now = _highest(self._new.indicators[name], self._units[unit])
        then = _highest(self._old.indicators[was], self._units[unit]) if was in self._old.indicators else None
        if not now or not then or now == then:
            return Fraction(1)
        self.scaled[name] = (then, now)
        return now / then

    def _scaled(self, key: tuple[str, str], rows: tuple[Rating, ...]) -> tuple[Rating, ...]:
        factor = self._factor(key)
        return rows if factor == 1 else tuple(replace(row, points=row.points * factor) for row in rows)


def _highest(item: Item, unit: Unit) -> Fraction | None:
    """The highest rating of an item that is rated in points of its own; None where it is not, or that is no number."""
    rules = (variant.rule for variant in item.pools if unit.category in variant.applies)
    judged = next((part for rule in rules for part in rule.walk() if isinstance(part, Judged)), None)
    if judged is None or not isinstance(item.full, Fraction):
        return None
    return judged.highest_rating(item.full)
