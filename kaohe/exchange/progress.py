"""Who has handed in what: inputs that apply, handed in and missing, by office and by unit; and the files received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kaohe.exchange.asking import Asked, offices, wanted
from kaohe.exchange.forms.form import forms
from kaohe.exchange.receipts import Receipt, current, tables_there
from kaohe.exchange.senders import Senders, by_file
from kaohe.exchange.tall import tall_tables
from kaohe.intake import Intake
from kaohe.intake.checks.context import Context
from kaohe.intake.checks.lists import Listed, is_answered, list_items
from kaohe.intake.findings import Input, Missing, by_input
from kaohe.intake.reading import RawYear
from kaohe.intake.tables.data import NilReport, YearData
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.sourcerows import Row, rows_of
from kaohe.intake.tables.vocabulary import TABLES, lists


@dataclass(frozen=True)
class Count:
    """Inputs of an office or a unit."""

    name: str
    asked: int
    missing: int

    @property
    def handed_in(self) -> int:
        return self.asked - self.missing


@dataclass(frozen=True)
class File:
    """A file that is there; `taken` and `office` where it came by `kaohe import` and is still the same."""

    name: str
    taken: str
    office: str


@dataclass(frozen=True)
class Office(Count):
    """What it owes; `more`: what else it may hand in – a table, and its rows there are; and its files.

    Of figures that are only looked at: `optional`, and `of_them` handed in. Of indicators that rest on lists without
    a row: `nil` are those of which it has said that there is nothing, `silent` the others.
    """

    more: Mapping[str, int]
    nil: tuple[str, ...]
    silent: tuple[str, ...]
    optional: int
    of_them: int
    files: tuple[File, ...]


@dataclass(frozen=True)
class Progress:
    by_office: tuple[Office, ...]
    by_unit: tuple[Count, ...]
    rows: dict[str, int]
    files: tuple[File, ...]


def progress(reading: RawYear, context: Context, entries: Iterable[Receipt]) -> Progress:
    """How far the year is; `context` is that of its units."""
    data = reading.intake.data
    assert data is not None
    asked = [first for first, *_ in by_input(wanted(context)).values()]
    missing = by_input((*reading.intake.missing, *reading.intake.unread))
    names = {unit.unit_id: f"{unit.unit_id} {unit.name}" for unit in context.units.values()}
    owed = {each.name: each for each in _counts(asked, missing, lambda each: each.office)}
    there = files(reading.intake, entries)
    everybody = Asked(context)
    own = tables_of(context.scheme)
    uncounted = [name for name, form in forms().items() if form.uncounted]
    rows = {name: sum(len(rows_of(data, name, unit.unit_id)) for unit in data.units) for name in uncounted}
    offered = {table.name for table in tall_tables(everybody)}
    return Progress(
        tuple(_offices(data, everybody, owed, rows, _by_office(there, reading))),
        tuple(_counts(asked, missing, lambda each: names[each.unit])),
        {own[name].chinese: count for name, count in rows.items() if count or name in offered},
        tuple(there),
    )


def _by_office(there: Iterable[File], reading: RawYear) -> Mapping[str, list[File]]:
    senders, rows = Senders(reading.intake), by_file(reading.rows)
    found: dict[str, list[File]] = defaultdict(list)
    for file in there:
        for office in senders.whose(file.name, rows.get(file.name, {}), file.office):
            found[office].append(file)
    return found


def _offices(
    data: YearData, asked: Asked, owed: Mapping[str, Count], rows: Mapping[str, int], theirs: Mapping[str, list[File]]
) -> Iterator[Office]:
    """Everyone who has a form to fill in, also one who owes nothing."""
    items, listed = list_items(asked.context), list(_listed(data))
    own = tables_of(asked.context.scheme)
    for name in offices(asked.context):
        count = owed.get(name, Count(name, 0, 0))
        optional = [
            (unit, metric)
            for metric, users in asked.metrics.items()
            if asked.context.scheme.metrics[metric].office == name
            for unit in users
            if not asked.needs(unit, metric)
        ]
        there = sum(key in data.metrics for key in optional)
        more = {own[table].chinese: number for table, number in _more(listed, asked, name, rows)}
        mine = [item for item in items if item.office == name]
        nil, silent = _without_rows(listed, mine, data.nil_reports)
        files = tuple(theirs.get(name, ()))
        yield Office(name, count.asked, count.missing, more, nil, silent, len(optional), there, files)


def _without_rows(
    listed: Iterable[tuple[str, Row]], mine: Iterable[Listed], reports: Sequence[NilReport]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of indicators that nobody has a row about: those with a nil report, and the others."""
    there = {(name, row.values["indicator"]) for name, row in listed}
    empty = [item for item in mine if (item.table, item.indicator.id) not in there]
    said = [item for item in empty if is_answered(item, None, reports)]
    return tuple(item.indicator.id for item in said), tuple(item.indicator.id for item in empty if item not in said)


def _more(
    listed: Sequence[tuple[str, Row]], asked: Asked, office: str, rows: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """Tables of which nobody knows how many rows an office has; and how many there are."""
    for table in lists():
        mine = {each.id for _, each, _ in forms()[table.name].pairs(asked)
                if (each.office or asked.context.office) == office}  # fmt: skip
        if mine:
            yield table.name, sum(name == table.name and row.values["indicator"] in mine for name, row in listed)
    if office == asked.context.office:
        yield from ((table, count) for table, count in rows.items() if not TABLES[table].is_list)


def _listed(data: YearData) -> Iterator[tuple[str, Row]]:
    """Every row of a list, with its table."""
    for table in lists():
        for unit in data.units:
            yield from ((table.name, row) for row in rows_of(data, table.name, unit.unit_id))


def _counts(asked: list[Missing], missing: Container[Input], name: Callable[[Missing], str]) -> list[Count]:
    found: dict[str, list[bool]] = {}
    for each in asked:
        found.setdefault(name(each), []).append(each.input in missing)
    return [Count(who, len(lacking), sum(lacking)) for who, lacking in found.items()]


def files(intake: Intake, entries: Iterable[Receipt]) -> list[File]:
    """The raw tables of the year, with what the ledger knows of them."""
    there = tables_there(intake)
    known = current(entries, there)
    return [
        File(name, known[name].time[:10], known[name].office) if name in known else File(name, "", "") for name in there
    ]
