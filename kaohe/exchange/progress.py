"""Who has handed in what: inputs that apply, handed in and missing, by office and by unit; and the files received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kaohe.exchange.asking import Asked, offices, wanted
from kaohe.exchange.receipts import Receipt, current
from kaohe.exchange.senders import offices_of
from kaohe.intake import Intake
from kaohe.intake.checks.desk import Desk
from kaohe.intake.findings import Input, Missing, by_input
from kaohe.intake.ledger import CHANGEABLE, rows_of
from kaohe.intake.vocabulary import TABLES

UNCOUNTED = ("achievements", "incidents", "declarations", "vetoes", "awards")
"""Tables of which nobody knows how many rows there should be."""
COLLECTED = ("declarations", "vetoes", "awards")
"""Those of them that come from no office but the one that collects."""


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

    Of figures that are only looked at: `optional`, and `of_them` handed in.
    """

    more: Mapping[str, int]
    optional: int
    of_them: int
    files: tuple[File, ...]


@dataclass(frozen=True)
class Progress:
    by_office: tuple[Office, ...]
    by_unit: tuple[Count, ...]
    rows: dict[str, int]
    files: tuple[File, ...]


def progress(intake: Intake, desk: Desk, entries: Iterable[Receipt]) -> Progress:
    """How far the year is."""
    entries = list(entries)
    asked = [first for first, *_ in by_input(wanted(desk)).values()]
    missing = by_input(intake.missing)
    names = {unit.unit_id: f"{unit.unit_id} {unit.name}" for unit in desk.units.values()}
    return Progress(
        tuple(_offices(intake, desk, entries, {each.name: each for each in _counts(asked, missing, _office)})),
        tuple(_counts(asked, missing, lambda each: names[each.unit])),
        _rows(intake),
        tuple(files(intake, entries)),
    )


def _office(each: Missing) -> str:
    return each.office


def _offices(intake: Intake, desk: Desk, entries: Iterable[Receipt], owed: Mapping[str, Count]) -> Iterator[Office]:
    """Everyone who has a form to fill in, also one who owes nothing."""
    known, everything = offices(desk), Asked(desk)
    hashes = intake.data.files if intake.data else {}
    received = current(entries, hashes)
    theirs: dict[str, list[File]] = defaultdict(list)
    for file in files(intake, entries):
        for office in offices_of(file.name, received.get(file.name), known):
            theirs[office].append(file)
    for name in known:
        count = owed.get(name, Count(name, 0, 0))
        optional = [
            (unit, metric)
            for metric, users in everything.metrics.items()
            if desk.scheme.metrics[metric].office == name
            for unit in users
            if not everything.needs(unit, metric)
        ]
        there = sum(key in intake.data.metrics for key in optional) if intake.data else 0
        more = _more(intake, everything, name)
        yield Office(name, count.asked, count.missing, more, len(optional), there, tuple(theirs[name]))


def _more(intake: Intake, everything: Asked, office: str) -> dict[str, int]:
    """Tables of which nobody knows how many rows an office has; and how many there are."""
    desk, data = everything.desk, intake.data
    found = {}
    for table, indicators in (("achievements", everything.counting), ("incidents", everything.costing)):
        mine = {each.id for each in indicators.values() if (each.office or desk.office) == office}
        if mine:
            found[TABLES[table].chinese] = sum(row.indicator in mine for row in getattr(data, table, ()))
    if office == desk.office:
        rows = _rows(intake)
        found |= {title: rows.get(title, 0) for title in (TABLES[name].chinese for name in COLLECTED)}
    return found


def _counts(asked: list[Missing], missing: Container[Input], name: Callable[[Missing], str]) -> list[Count]:
    found: dict[str, list[bool]] = {}
    for each in asked:
        found.setdefault(name(each), []).append(each.input in missing)
    return [Count(who, len(lacking), sum(lacking)) for who, lacking in found.items()]


def _rows(intake: Intake) -> dict[str, int]:
    data = intake.data
    if data is None:
        return {}
    return {
        TABLES[name].chinese: sum(len(rows_of(data, name, unit.unit_id)) for unit in data.units)
        for name in CHANGEABLE
        if name in UNCOUNTED
    }


def files(intake: Intake, entries: Iterable[Receipt]) -> list[File]:
    """The raw tables of the year, with what the ledger knows of them."""
    hashes = intake.data.files if intake.data else {}
    known = current(entries, hashes)
    found = []
    for name in hashes:
        if name.casefold().endswith((".csv", ".xlsx")):
            entry = known.get(name)
            found.append(File(name, entry.time[:10] if entry else "", entry.office if entry else ""))
    return found
