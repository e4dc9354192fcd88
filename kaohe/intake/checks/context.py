"""What every check works with: the scheme, the policies in force, the units, and who is assessed on what."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from kaohe.intake.places import Log
from kaohe.intake.tables.asked import Facts, facts_beside, facts_of
from kaohe.intake.tables.data import Key, Unit, VoteKey, YearData
from kaohe.intake.tables.unitnames import UnitNames
from kaohe.intake.tables.vocabulary import Record
from kaohe.intake.tables.wanted import lacking
from kaohe.scheme import Item, Scheme
from kaohe.scheme.policies import Applicability, Policies, applicability, exempted_by, say_value
from kaohe.scheme.tree import handled
from kaohe.scheme.wants import Want

T = TypeVar("T")


@dataclass
class Context:
    """One year's checking. `doubtful`: units that stand in the table, in rows that cannot be used.

    `admissions_until`: the year's end of what counts beyond the window, where it is known.
    """

    year: str
    scheme: Scheme
    policies: Policies
    log: Log
    spoiled: set[tuple[str, str, str]]
    units: dict[str, Unit] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    exempt: set[Key] = field(default_factory=set)
    admissions_until: datetime.date | None = None
    _applicability: dict[Key, Applicability] = field(default_factory=dict)
    _by_text: dict[str, list[Item]] = field(default_factory=dict)
    _applicable: dict[str, list[Item]] = field(default_factory=dict)
    _handled: dict[str, bool] = field(default_factory=dict)
    _users: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _told: set[tuple[object, ...]] = field(default_factory=set)

    @property
    def office(self) -> str:
        """Who collects votes, decisions and what no other office supplies."""
        own = self.scheme.department_common
        return (own.tasks_office if own is not None else None) or self.scheme.collector

    def first_time(self, *what: object) -> bool:
        """True once: what holds for many rows is told at the first of them."""
        new = what not in self._told
        self._told.add(what)
        return new

    def exempt_from(self, keys: set[Key]) -> None:
        """Take decided exemptions into account from here on."""
        self.exempt = keys
        self._applicability.clear()
        self._applicable.clear()

    def reject(self, record: Record) -> None:
        """Leave the row out of the data, and remember that something was handed in."""
        self.spoiled.add((record.table.name, record.unit, record.subject))

    def applicability(self, unit: Unit, indicator: str) -> Applicability:
        """Why the indicator applies to the unit or not."""
        key = (unit.unit_id, indicator)
        if key not in self._applicability:
            self._applicability[key] = self._find_applicability(unit, indicator)
        return self._applicability[key]

    def _find_applicability(self, unit: Unit, item: str) -> Applicability:
        if item not in self.scheme.indicators:  # it asks beside its leaves: no reading or decision exempts from that
            return "applies" if unit.category in self.scheme.tree[item].applies else "text"
        exempt = (unit.unit_id, item) in self.exempt
        return applicability(
            self.scheme, self.policies, self.scheme.indicators[item], unit.category, unit.unit_id, exempt
        )

    def facts(self, unit: Unit, indicator: str) -> Facts:
        """What the indicator asks of the unit's category."""
        return facts_of(self.scheme.indicators[indicator], unit.category)

    def beside(self, unit: Unit) -> list[tuple[str, Item, Facts]]:
        """What is asked of the unit beside what its leaves rest on, and for which item."""
        found = ((name, each.item, facts_beside(each, unit.category)) for name, each in self.scheme.beside.items())
        return [(name, item, facts) for name, item, facts in found if facts.wants]

    def by_text(self, unit: Unit) -> list[Item]:
        """What the text gives to the unit, before policies and exemptions."""
        if unit.unit_id not in self._by_text:
            self._by_text[unit.unit_id] = self.scheme.applicable(unit.category, unit.unit_id)
        return self._by_text[unit.unit_id]

    def users(self, unit: Unit, metric: str) -> list[str]:
        """Indicators the text gives to the unit that use the metric: in their rule, a check or as evidence."""
        if unit.unit_id not in self._users:
            found: dict[str, list[str]] = {}
            for indicator in self.by_text(unit):
                for name in self.facts(unit, indicator.id).useful:
                    found.setdefault(name, []).append(indicator.id)
            for _, item, facts in self.beside(unit):
                for name in facts.useful:
                    found.setdefault(name, []).append(item.id)
            self._users[unit.unit_id] = found
        return self._users[unit.unit_id].get(metric, [])

    def applicable(self, unit: Unit) -> list[Item]:
        """What the unit is assessed on."""
        if unit.unit_id not in self._applicable:
            found = [each for each in self.by_text(unit) if self.applicability(unit, each.id) == "applies"]
            self._applicable[unit.unit_id] = found
        return self._applicable[unit.unit_id]

    def unit_of(self, record: Record) -> Unit | None:
        """The row's unit; None, with an error at its first row in a sheet, where there is none."""
        unit = self.units.get(record.unit)
        unknown = unit is None and self.units and record.unit not in self.doubtful
        if unknown and self.first_time("unit", record.table.name, record.at.source, record.unit):
            message = f"单位表中没有单位 {record.unit}（同一工作表里它的其他行不再列出）"
            near = UnitNames((each.unit_id, each.name) for each in self.units.values()).called(record.unit)
            listed = [f"{unit} {self.units[unit].name}" for unit in near] or list(self.units)[:3]
            expected = f"单位表中的编号，{'是否指' if near else '如'} {'、'.join(listed)}{'？' if near else ''}"
            self.log.error("unknown-unit", message, record.spot("unit_id"), expected=expected, unit=record.unit)
        return unit

    def divisors(self) -> Iterator[tuple[Unit, Item, Want]]:
        """By which figures of each unit something is divided, and for which item."""
        for unit in self.units.values():
            asked = [(each, self.facts(unit, each.id)) for each in self.applicable(unit)]
            asked += [(item, facts) for _, item, facts in self.beside(unit)]
            yield from ((unit, item, want) for item, facts in asked for want in facts.divisors)

    def is_spoiled(self, table: str, unit: Unit, subject: str = "") -> bool:
        """Whether something was handed in that cannot be used: it has its own finding, and is not lacking."""
        return (table, unit.unit_id, subject) in self.spoiled

    def lacking(self, unit: Unit, data: YearData, *, rated: bool) -> Iterator[tuple[str, Want, str]]:
        """Ratings, or figures, that the unit's items want and that are not there: of which item, month or year.

        Figures also of what follows after items, and of the results, beside what leaves rest on.
        """
        for indicator in self.applicable(unit):
            if not self._is_handled(indicator.id):
                wants = [want for want in self.facts(unit, indicator.id).wants if (not want.metric) is rated]
                for want, when in lacking(data, self.scheme, unit.unit_id, indicator.id, wants):
                    yield indicator.id, want, when
        for name, _, facts in [] if rated else self.beside(unit):
            if name not in self.scheme.tree or not self._is_handled(name):
                for want, when in lacking(data, self.scheme, unit.unit_id, name, facts.wants):
                    yield name, want, when

    def _is_handled(self, item: str) -> bool:
        """Whether the scheme says what follows where the item is missing: of every unit the same."""
        if item not in self._handled:
            self._handled[item] = handled(self.scheme.tree, self.scheme.tree[item])
        return self._handled[item]

    def in_order(self, records: Iterable[Record]) -> list[Record]:
        """Rows by unit and what they are about: an order that does not depend on how files hold them."""
        units = {unit: place for place, unit in enumerate(self.units)}
        subjects = {name: place for place, name in enumerate((*self.scheme.metrics, *self.scheme.indicators))}
        return sorted(records, key=lambda each: (units[each.unit], subjects.get(each.subject, -1)))

    def by_unit(self, held: Mapping[VoteKey, T]) -> dict[VoteKey, T]:
        """What is held by unit, vote and facet, in that order."""
        units = {unit: place for place, unit in enumerate(self.units)}
        return {key: held[key] for key in sorted(held, key=lambda key: (units[key[0]], key))}

    def applies(self, record: Record, unit: Unit, what: str) -> bool:
        """Whether the row's indicator is for the unit by the text; where only a decision takes it away, a warning."""
        indicator = self.scheme.indicators[record.subject]
        stands = self.applicability(unit, indicator.id)
        about = {"unit": unit.unit_id, "indicator": indicator.id, "office": indicator.office or ""}
        name = f"{indicator.id} {indicator.name}"
        if stands == "text":
            message = f"{name}不适用于{unit.name}，不能有{what}"
            self.log.error(
                "not-applicable", message, record.spot("indicator"), expected=self._for_whom(indicator), **about
            )
            return False
        if stands != "applies" and self.first_time("applies", record.table.name, unit.unit_id, indicator.id):
            why = (
                self._policy_words(indicator, unit)
                if stands == "policy"
                else f"{self.scheme.deciders}认定不适用（“不适用”表）"
            )
            message = f"{name}不考核{unit.name}：{why}；{what}不计"
            self.log.warning("not-assessed", message, record.spot("indicator"), expected="不填", **about)
        return True

    def _policy_words(self, indicator: Item, unit: Unit) -> str:
        policy = exempted_by(self.scheme, self.policies, indicator, unit.category)
        assert policy is not None
        value = say_value(self.policies[policy.name])
        return f"{policy.id} {policy.options[value].says if value in policy.options else value}"

    def _for_whom(self, indicator: Item) -> str:
        if indicator.unit:
            return f"{indicator.unit} 的指标，只用于它"
        return "适用的指标；本指标用于" + "、".join(self.scheme.categories[each].name for each in indicator.applies)


@dataclass(frozen=True)
class Kept:
    """The records that passed, by what they are about."""

    metrics: Mapping[Key, Record]
    ratings: Mapping[Key, list[Record]]
    self_scores: Mapping[Key, Record]
    incidents: Mapping[Key, list[Record]]
    marks: Mapping[str, list[Record]]
    """Of voters, by unit."""
