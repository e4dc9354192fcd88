"""The records that passed every check, as a year's data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeVar

from kaohe.intake.checks.achievements import achievement
from kaohe.intake.checks.context import Context, Kept
from kaohe.intake.checks.incidents import incident
from kaohe.intake.tables.data import (
    Award,
    Declaration,
    Key,
    Mark,
    MetricRow,
    NilReport,
    Rating,
    Rectification,
    Ruling,
    SelfReport,
    Veto,
    VoteKey,
    Votes,
    YearData,
)
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.drafts import Record
from kaohe.intake.year.files import YearFiles
from kaohe.scheme.policies import Decision

T = TypeVar("T")
Tables = Mapping[str, list[Record]]


def kept(tables: Tables) -> Kept:
    """The records by what they are about."""
    return Kept(
        metrics=_one(each for each in tables["metrics"] if not each["period"] and not each["year"]),
        ratings=_many(tables["ratings"]),
        self_scores=_one(tables["self_scores"]),
        incidents=_many(tables["incidents"]),
        marks=_by_unit(tables["leader_ratings"]),
    )


def _one(records: Iterable[Record]) -> dict[Key, Record]:
    return {(record.unit, record.subject): record for record in records}


def _many(records: Iterable[Record]) -> dict[Key, list[Record]]:
    found: dict[Key, list[Record]] = defaultdict(list)
    for record in records:
        found[record.unit, record.subject].append(record)
    return dict(found)


def _by_unit(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record.unit].append(record)
    return dict(found)


def year_data(
    context: Context,
    tables: Tables,
    found: Kept,
    decisions: Mapping[str, Decision],
    files: YearFiles,
    uncompared: str = "",
    earlier: Mapping[tuple[str, str, str], Fraction] = MappingProxyType({}),
) -> YearData:
    """Everything typed and in an order that does not depend on how it was spread over files."""
    order = {unit: place for place, unit in enumerate(context.units)}
    subjects = {name: place for place, name in enumerate((*context.scheme.metrics, *context.scheme.indicators))}

    def sorted_keys(keys: Iterable[Key]) -> list[Key]:
        return sorted(keys, key=lambda key: (order[key[0]], subjects[key[1]]))

    return YearData(
        year=context.year,
        units=tuple(context.units.values()),
        metrics={key: metric_row(found.metrics[key]) for key in sorted_keys(found.metrics)},
        periods=_when(tables["metrics"], "period"),
        earlier={
            **{key: MetricRow(value) for key, value in earlier.items()},
            **_when(tables["metrics"], "year"),
        },
        achievements=tuple(achievement(record) for record in tables["achievements"]),
        ratings={key: _ratings(found.ratings[key]) for key in sorted_keys(found.ratings)},
        incidents=tuple(incident(record) for record in tables["incidents"]),
        votes=_votes(context, tables["ballots"]),
        marks=_marks(context, tables["leader_ratings"]),
        declarations=_declarations(tables["declarations"]),
        vetoes=tuple(map(veto, tables["vetoes"])),
        awards=tuple(map(award, tables["awards"])),
        exemptions={(each.unit, each.subject): each["reason"] for each in tables["exemptions"]},
        self_scores={key: found.self_scores[key]["points"] for key in sorted_keys(found.self_scores)},
        predecessors=tuple((each.unit, each["predecessor"]) for each in tables["predecessors"]),
        self_reports=_of_units(context, tables["self_reports"], self_report),
        rulings=_of_units(context, tables["decisions"], ruling),
        rectifications=_of_units(context, tables["rectifications"], rectification),
        nil_reports=tuple(map(nil_report, tables["nil_reports"])),
        decisions=dict(decisions),
        tables=tables_of(context.scheme),
        synthetic=files.synthetic,
        uncompared=uncompared,
        files=dict(sorted(files.hashes.items())),
    )


def metric_row(record: Record) -> MetricRow:
    return MetricRow(record["value"], record["source"], record["note"], bool(record["disputed"]), record.place)


def rating(record: Record) -> Rating:
    more = (record["note"], bool(record["disputed"]), record.place, record["period"] or "")
    return Rating(record["rater"], record["points"], *more)


def votes(record: Record) -> Votes:
    group = record["group"] or ""
    filled = {(group, name): record[name] for name in record.table.options if record[name] is not None}
    return Votes(filled, {group: record.place})


def mark(record: Record) -> Mark:
    return Mark(record["leader"], record["role"] or "", record["score"], record.place)


def vote_key(record: Record) -> VoteKey:
    return record.unit, record["vote"] or "", record["facet"] or ""


def declaration(record: Record) -> Declaration:
    return Declaration(record["title"], record["accepted"], record.place, record["date"])


def veto(record: Record) -> Veto:
    return Veto(record.unit, record["kind"], record["note"], record.place, record["date"])


def award(record: Record) -> Award:
    more = (record[name] for name in ("basis", "level", "review", "date"))
    return Award(record.unit, record["title"], record["approved"], record.place, *more)


def ruling(record: Record) -> Ruling:
    return Ruling(record["grade"], record["matter"], record["reason"], record["decided_on"], record.place)


def self_report(record: Record) -> SelfReport:
    return SelfReport(record["received_on"], record["note"], record.place)


def rectification(record: Record) -> Rectification:
    columns = ("responsible", "cause", "measures", "due", "done_on", "note")
    return Rectification(**{name: record[name] for name in columns}, place=record.place)


def nil_report(record: Record) -> NilReport:
    return NilReport(record["office"], record["indicator"], record["unit_id"])


ITEMS: Mapping[str, Callable[[Record], Any]] = {
    "metrics": metric_row,
    "ratings": rating,
    "ballots": votes,
    "leader_ratings": mark,
    "achievements": achievement,
    "incidents": incident,
    "declarations": declaration,
    "vetoes": veto,
    "awards": award,
    "decisions": ruling,
}
"""How a record of a table becomes the object that the year's data holds."""


def _of_units(context: Context, records: Iterable[Record], make: Callable[[Record], T]) -> dict[str, T]:
    """One row a unit, in the order of the units."""
    found = {record.unit: record for record in records}
    return {unit: make(found[unit]) for unit in context.units if unit in found}


def _ratings(records: list[Record]) -> tuple[Rating, ...]:
    return tuple(sorted(map(rating, records), key=lambda row: (row.period, row.rater)))


def _when(records: Iterable[Record], column: str) -> dict[tuple[str, str, str], MetricRow]:
    """Figures of one month, or of a year before, by unit, metric and which."""
    return {(each.unit, each.subject, each[column]): metric_row(each) for each in records if each[column]}


def _votes(context: Context, records: Iterable[Record]) -> dict[VoteKey, Votes]:
    """The papers of all groups of voters together."""
    found: dict[VoteKey, Votes] = {}
    for record in _in_order(context, records):
        mine, known = votes(record), found.get(vote_key(record), Votes({}))
        found[vote_key(record)] = Votes({**known.counts, **mine.counts}, {**known.places, **mine.places})
    return found


def _marks(context: Context, records: Iterable[Record]) -> dict[VoteKey, tuple[Mark, ...]]:
    found: dict[VoteKey, list[Mark]] = defaultdict(list)
    for record in _in_order(context, records):
        found[vote_key(record)].append(mark(record))
    return {key: tuple(sorted(rows, key=lambda row: (row.group, row.voter))) for key, rows in found.items()}


def _in_order(context: Context, records: Iterable[Record]) -> list[Record]:
    order = {unit: place for place, unit in enumerate(context.units)}
    return sorted(records, key=lambda record: (order[record.unit], vote_key(record), record["group"] or ""))


def _declarations(records: list[Record]) -> dict[str, dict[str, Declaration]]:
    found: dict[str, dict[str, Declaration]] = defaultdict(dict)
    for each in records:
        found[each.unit][each["kind"]] = declaration(each)
    return dict(found)
