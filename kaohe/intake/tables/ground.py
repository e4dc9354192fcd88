"""What rows are read against: the scheme's names, the units known so far, and what was told of rows already."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from kaohe.intake.places import Log, Spot
from kaohe.intake.tables.asked import facts_of
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.unitnames import UnitNames
from kaohe.intake.tables.vocabulary import Record, Table


class Ground:
    """Of one year: `records` are the rows read so far, `spoiled` what was handed in but cannot be used."""

    def __init__(self, names: Names, log: Log, units: Iterable[tuple[str, str]] = (), year: str = "") -> None:
        """`units`: id and name of those that are known before the units' own table is read.

        `year`: against which years that files name are held; none is where it is empty.
        """
        self.year = year
        self.names = names
        self.log = log
        self.records: dict[str, list[Record]] = {}
        self.spoiled: set[tuple[str, str, str]] = set()
        self.serial: set[tuple[str, str, str]] = set()
        """Columns in which dates came as plain numbers."""
        self.meant: dict[str, dict[tuple[str, object], object]] = {}
        """By table: what a text in a column means, where that rests on nothing else in its row."""
        self.of_1904: set[tuple[str, str]] = set()
        """Sheets of workbooks in which a plain number may be either of two days."""
        self._units = tuple(units)
        self._listed = -1, UnitNames()
        self._meant: set[tuple[str, str, str]] = set()
        self._asked_of: dict[tuple[str, str], frozenset[str]] = {}

    def unit_meant(self, written: str, table: Table, spot: Callable[[], Spot]) -> str:
        """The id of the unit that stands where an id is asked: an id, a name, or a part of one that only it has."""
        if table.name == "units":
            return written
        units = self.known_units()
        if units.is_id(written):
            return written
        unit = units.meant(written)
        if unit is None:
            return written
        at = spot()
        place = (*at.source, written)
        if place not in self._meant:
            self._meant.add(place)
            tell = self.log.advisory if units.find(written) else self.log.warning
            message = f"“{written}”不是单位编号，按名称读作 {unit}；本表同样的不再列出"
            tell("unit-by-name", message, at, expected=f"单位编号 {unit}", unit=unit)
        return unit

    def known_units(self) -> UnitNames:
        """Those known so far: the units' own table is read first."""
        listed = self.records.get("units", [])
        if self._listed[0] != len(listed):
            known = ((each.unit, str(each["name"] or "")) for each in listed)
            self._listed = len(listed), UnitNames({*self._units, *known})
        return self._listed[1]

    def is_needless(self, unit: str, metric: str) -> bool:
        """Whether nothing of the text asks the unit for that metric: `/` there can only say that it is not its own."""
        for record in self.records.get("units", []):
            if record.unit == unit and record["category"] in self.names.scheme.categories:
                return metric not in self._asked(record["category"], unit)
        return False

    def _asked(self, category: str, unit: str) -> frozenset[str]:
        if (category, unit) not in self._asked_of:
            asked = (facts_of(each, category).useful for each in self.names.scheme.applicable(category, unit))
            beside = (each.metrics(category) for each in self.names.scheme.beside.values())
            self._asked_of[category, unit] = frozenset(chain(*asked, *beside))
        return self._asked_of[category, unit]
