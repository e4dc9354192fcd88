"""The metrics of the year before, for what is held beside them; nothing else of that year is looked into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from kaohe.intake.data import Key
from kaohe.intake.decisions import scheme_of
from kaohe.intake.files import YearFiles
from kaohe.intake.names import Names
from kaohe.intake.places import Log
from kaohe.intake.rows import Rows
from kaohe.intake.unite import unite
from kaohe.intake.vocabulary import TABLES
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
        self._predecessors = tuple(predecessors)

    def figure(self, unit: str, metric: str) -> Fraction | None:
        """The unit's figure, or those of the units it was made of together; None where there is none."""
        ids = forebears_of(unit, self._predecessors)
        found = [self._figures[each, metric] for each in ids if (each, metric) in self._figures]
        return sum(found, Fraction(0)) if found else None

    @property
    def units(self) -> frozenset[str]:
        """Ids that have figures in that year; empty where there is none."""
        return frozenset(unit for unit, _ in self._figures)

    def figures(self, metric: str) -> list[Fraction]:
        """Of every unit."""
        return [value for (_, name), value in self._figures.items() if name == metric]

    @cached_property
    def _figures(self) -> Mapping[Key, Fraction]:
        log = Log()
        table = TABLES["metrics"]
        files = YearFiles(self._folder, log, only=table)
        scheme = scheme_of(files, self.year, log) if self._folder.is_dir() else None
        if scheme is None:
            return {}
        rows = Rows(Names(scheme), log)
        for _, grid in files.grids():
            rows.add(table, grid)
        now, then = self._scheme.metrics, scheme.metrics
        same = {name for name in now if name in then and now[name].unit == then[name].unit}
        records = unite(table, rows.records.get(table.name, []), log, set())
        return {(each.unit, each.subject): each["value"] for each in records if each.subject in same}
