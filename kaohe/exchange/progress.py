"""Who has handed in what: inputs that apply, handed in and missing, by office and by unit; and the files received."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from kaohe.exchange.asking import wanted
from kaohe.exchange.receipts import Receipt, current
from kaohe.intake import Intake
from kaohe.intake.checks.desk import Desk
from kaohe.intake.findings import Input, Missing, by_input
from kaohe.intake.ledger import CHANGEABLE, rows_of
from kaohe.intake.vocabulary import TABLES

UNCOUNTED = ("achievements", "incidents", "declarations", "vetoes", "awards")
"""Tables of which nobody knows how many rows there should be."""


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
class Progress:
    by_office: tuple[Count, ...]
    by_unit: tuple[Count, ...]
    rows: dict[str, int]
    files: tuple[File, ...]


def progress(intake: Intake, desk: Desk, entries: Iterable[Receipt]) -> Progress:
    """How far the year is."""
    asked = [first for first, *_ in by_input(wanted(desk)).values()]
    missing = by_input(intake.missing)
    names = {unit.unit_id: f"{unit.unit_id} {unit.name}" for unit in desk.units.values()}
    return Progress(
        tuple(_counts(asked, missing, lambda each: each.office)),
        tuple(_counts(asked, missing, lambda each: names[each.unit])),
        _rows(intake),
        tuple(files(intake, entries)),
    )


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
