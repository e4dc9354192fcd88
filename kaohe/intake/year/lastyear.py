"""The year before, for what is held beside it: its units, figures, and who had rows in tables without keys."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from kaohe.intake.places import Log
from kaohe.intake.tables.data import Key
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.forebears import forebears_of
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.rows import Rows
from kaohe.intake.tables.unite import unite
from kaohe.intake.tables.vocabulary import TABLES, Record, lists
from kaohe.intake.tables.wanted import looks_back
from kaohe.intake.year.decisions import scheme_of
from kaohe.intake.year.files import YearFiles
from kaohe.intake.year.predecessor import predecessor
from kaohe.rules.achievements import normal_title
from kaohe.scheme import Scheme


class LastYear:
    """What is known of the year before `year` below `raw`, read when first asked for.

    Nothing where there is no such year, or none that may be held beside this one (`why_not`). `predecessors`: (unit,
    its id in that year), of units that were renamed or merged. What is wrong with the files of that year is told when
    that year is checked.
    """

    def __init__(self, raw: Path, year: str, scheme: Scheme, predecessors: Iterable[tuple[str, str]] = ()) -> None:
        found = predecessor(raw, year)
        self.year, self.why_not = found.year, found.why_not
        self._folder = found.folder
        self._scheme = scheme
        self._predecessors: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.follow(predecessors)

    def follow(self, predecessors: Iterable[tuple[str, str]]) -> None:
        """Which units of that year those of this one were made of."""
        for unit, old in predecessors:
            self._predecessors[unit].append((unit, old))

    def figure(self, unit: str, metric: str) -> Fraction | None:
        """The unit's figure, or those of the units it was made of together; None where there is none."""
        ids = forebears_of(unit, self._predecessors.get(unit, ()))
        found = [self._figures[each, metric] for each in ids if (each, metric) in self._figures]
        return sum(found, Fraction(0)) if found else None

    @cached_property
    def units(self) -> frozenset[str]:
        """Ids that have figures in that year; empty where there is none."""
        return frozenset(unit for unit, _ in self._figures)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What its units were called, by id."""
        return {each.unit: str(each["name"]) for each in self._records.get("units", ()) if each["name"]}

    def is_predecessor(self, old: str, unit: str) -> bool:
        """Whether the unit is said to follow the one of that id."""
        return (unit, old) in self._predecessors.get(unit, ())

    def rows(self, table: str, unit: str, indicator: str) -> int:
        """How many rows of a table without a key the unit, or those it was made of, had about the indicator."""
        return sum(self._rows[table, each, indicator] for each in forebears_of(unit, self._predecessors.get(unit, ())))

    @property
    def followers(self) -> Iterable[str]:
        """Units that are said to follow others of that year."""
        return self._predecessors

    @property
    def every(self) -> Mapping[Key, Fraction]:
        """Every unit's figures that mean the same now."""
        return self._figures

    def figures(self, metric: str) -> list[Fraction]:
        """Of every unit."""
        return [value for (_, name), value in self._figures.items() if name == metric]

    def has_title(self, unit: str, indicator: str, title: str) -> bool:
        """Whether the unit, or one it was made of, had an achievement of that title for the indicator."""
        ids = forebears_of(unit, self._predecessors.get(unit, ()))
        return any((each, indicator, normal_title(title)) in self._titles for each in ids)

    @cached_property
    def _titles(self) -> frozenset[tuple[str, str, str]]:
        records = self._records.get("achievements", ())
        return frozenset((each.unit, each.subject, normal_title(each["title"])) for each in records if each["title"])

    @cached_property
    def _rows(self) -> Counter[tuple[str, str, str]]:
        names = [table.name for table in lists()]
        listed = ((name, record) for name in names for record in self._records.get(name, ()))
        return Counter((name, record.unit, record.subject) for name, record in listed)

    @cached_property
    def _figures(self) -> Mapping[Key, Fraction]:
        if self._then is None:
            return {}
        now, then = self._scheme.metrics, self._then.metrics
        same = {name for name in now if name in then and now[name].unit == then[name].unit}
        records = [each for each in self._records.get("metrics", ()) if not each["period"] and not each["year"]]
        return {(each.unit, each.subject): each["value"] for each in records if each.subject in same}

    @cached_property
    def _files(self) -> YearFiles | None:
        looked_at = (TABLES["units"], TABLES["metrics"], *lists())
        return YearFiles(self._folder, Log(), only=looked_at) if self._folder else None

    @cached_property
    def _then(self) -> Scheme | None:
        """The scheme of that year; None where there is no such year."""
        return scheme_of(self._files, self.year, Log()) if self._files else None

    @cached_property
    def _records(self) -> Mapping[str, list[Record]]:
        """Of the tables that are looked at, read in one pass."""
        log = Log()
        if self._files is None or self._then is None:
            return {}
        rows, own = Rows(Names(self._then), log), tables_of(self._then)
        for table, grid in self._files.grids():
            rows.add(table, grid)
        rows.settle(self._files.spare)
        return {name: unite(own[name], records, log, set()) for name, records in rows.records.items()}


def earlier_figures(raw: Path, last: LastYear, scheme: Scheme) -> dict[tuple[str, str, str], Fraction]:
    """(unit, metric, year) → the figure, of as many years before as the scheme looks at and folders hold; renamed
    units are followed one year back."""
    found: dict[tuple[str, str, str], Fraction] = {}
    for ago in range(1, looks_back(scheme) + 1):
        if ago > 1:
            last = LastYear(raw, last.year, scheme)
        if not last.year:
            break
        units = {unit for unit, _ in last.every} | set(last.followers)
        names = {name for _, name in last.every}
        for unit in sorted(units):
            for name in names:
                value = last.figure(unit, name)
                if value is not None:
                    found[unit, name, last.year] = value
    return found
