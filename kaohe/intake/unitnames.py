"""The units of a year by what offices call them: id, name, or both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kaohe.intake.cells import word


class UnitNames:
    """Finds a unit's id; a name that two units share means neither."""

    def __init__(self, units: Iterable[tuple[str, str]] = ()) -> None:
        self._found: dict[str, set[str]] = defaultdict(set)
        for unit, name in units:
            for called in (unit, name, f"{unit} {name}", f"{unit}{name}", f"{name}({unit})"):
                if called:
                    self._found[word(called)].add(unit)

    def __bool__(self) -> bool:
        return bool(self._found)

    def find(self, written: str) -> str | None:
        found = self._found.get(word(written), set())
        return next(iter(found)) if len(found) == 1 else None
