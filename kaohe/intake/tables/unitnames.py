"""The units of a year by what offices call them: id, name, or both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kaohe.intake.sheets.cells import word

LEAST = 2


class UnitNames:
    """Finds a unit's id; a name that two units share means neither."""

    def __init__(self, units: Iterable[tuple[str, str]] = ()) -> None:
        self._found: dict[str, set[str]] = defaultdict(set)
        self._ids: set[str] = set()
        self._names: list[tuple[str, str]] = []
        self.every = tuple(units)
        for unit, name in self.every:
            self._ids.add(unit)
            self._names.append((word(name), unit))
            for called in (unit, name, f"{unit} {name}", f"{unit}{name}", f"{name}({unit})"):
                if called:
                    self._found[word(called)].add(unit)

    def __bool__(self) -> bool:
        return bool(self._found)

    def find(self, written: str) -> str | None:
        found = self._found.get(word(written), set())
        return next(iter(found)) if len(found) == 1 else None

    def meant(self, written: str) -> str | None:
        """The one unit of that name, or the only one of which it is the beginning or the end."""
        found, short = self.find(written), self.called(written)
        return found or (short[0] if len(short) == 1 else None)

    def is_id(self, written: str) -> bool:
        return written in self._ids

    def called(self, written: str) -> list[str]:
        """Units whose name begins or ends with a word of at least two letters that is no id: `财务` of `财务处`."""
        said = word(written)
        if len(said) < LEAST or said.isascii():
            return []
        return sorted({unit for name, unit in self._names if name.startswith(said) or name.endswith(said)})
