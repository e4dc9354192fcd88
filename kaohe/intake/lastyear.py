"""Metrics and achievements of the year before, for what is held beside them; nothing else of it is looked into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from kaohe.intake.data import Key
from kaohe.intake.decisions import scheme_of
from kaohe.intake.files import YearFiles
from kaohe.intake.names import Names
from kaohe.intake.places import Log
from kaohe.intake.rows import Record, Rows
from kaohe.intake.unite import unite
from kaohe.intake.vocabulary import TABLES
from kaohe.rules.achievements import normal_title
from kaohe.rules.forebears import forebears_of
from kaohe.scheme import Scheme, previous_year


class LastYear:
    """Figures of the year before `year` below `raw`, read when first asked for.

    `predecessors`: (unit, its id in that year), of units that were renamed or merged. What is wrong with the files of
    that year is told when that year is checked.
    """

    def __init__(self, raw: Path, year: str, scheme: Scheme, predecessors: Iterable[tuple[str, str]] = ()) -> None:
        self.year = previous_year(year)
        self._folder = raw / self.year
        self._scheme = scheme
        self._predecessors: dict[str, list[tuple[str, str]]] = defaultdict(list)
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

    def figures(self, metric: str) -> list[Fraction]:
        """Of every unit."""
        return [value for (_, name), value in self._figures.items() if name == metric]

    def has_title(self, unit: str, indicator: str, title: str) -> bool:
        """Whether the unit, or one it was made of, had an achievement of that title for the indicator."""
        ids = forebears_of(unit, self._predecessors.get(unit, ()))
        return any((each, indicator, normal_title(title)) in self._titles for each in ids)

    @cached_property
    def _titles(self) -> frozenset[tuple[str, str, str]]:
        _, records = self._read("achievements")
        return frozenset((each.unit, each.subject, normal_title(each["title"])) for each in records if each["title"])

    @cached_property
    def _figures(self) -> Mapping[Key, Fraction]:
        scheme, records = self._read("metrics")
        now, then = self._scheme.metrics, scheme.metrics if scheme else {}
        same = {name for name in now if name in then and now[name].unit == then[name].unit}
        return {(each.unit, each.subject): each["value"] for each in records if each.subject in same}

    def _read(self, name: str) -> tuple[Scheme | None, list[Record]]:
        """That year's scheme and the rows of one of its tables; nothing where there is no such year."""
        log = Log()
        table = TABLES[name]
        files = YearFiles(self._folder, log, only=table)
        scheme = scheme_of(files, self.year, log) if self._folder.is_dir() else None
        if scheme is None:
            return None, []
        rows = Rows(Names(scheme), log)
        for _, grid in files.grids():
            rows.add(table, grid)
        return scheme, unite(table, rows.records.get(table.name, []), log, set())
