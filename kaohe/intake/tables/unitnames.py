"""The units of a year by what offices call them: id, name, or both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kaohe.intake.sheets.cells import letters_of, word
from kaohe.intake.tables.han import simplified

LEAST = 2


class UnitNames:
    """Finds a unit's id; a name that two units share means neither."""

    def __init__(self, units: Iterable[tuple[str, str]] = ()) -> None:
        self._found: dict[str, set[str]] = defaultdict(set)
        self._ids: set[str] = set()
        self._names: list[tuple[str, str]] = []
        self._loosely: dict[str, set[str]] = defaultdict(set)
        self.every = tuple(units)
        for unit, name in self.every:
            self._ids.add(unit)
            self._names.append((word(name), unit))
            for closed in (unit, name, f"{unit}{name}", f"{name}{unit}"):
                if letters := _closed(closed):
                    self._loosely[letters].add(unit)
            for called in (unit, name, f"{unit} {name}", f"{unit}{name}", f"{name}({unit})"):
                if called:
                    self._found[word(called)].add(unit)

    def __bool__(self) -> bool:
        return bool(self._found)

    def find(self, written: str) -> str | None:
        found = self._found.get(word(written), set())
        return next(iter(found)) if len(found) == 1 else None

    def meant(self, written: str) -> str | None:
        """The one unit of that name, whatever signs and characters, or the only one that it is a short name of."""
        loosely, short = self._loosely.get(_closed(written), set()), self.called(written)
        found = self.find(written) or (next(iter(loosely)) if len(loosely) == 1 else None)
        return found or (short[0] if len(short) == 1 else None)

    def is_id(self, written: str) -> bool:
        return written in self._ids

    def called(self, written: str) -> list[str]:
        """Units whose name begins or ends with a word of at least two letters that is no id (`财务` of `财务处`), or is
        shortened to it: `机电学院` of `机电工程学院`."""
        said = word(written)
        if len(said) < LEAST or said.isascii():
            return []
        parts = sorted({unit for name, unit in self._names if name.startswith(said) or name.endswith(said)})
        return parts or sorted({unit for name, unit in self._names if _shortens(_closed(said), _closed(name))})


def _closed(text: str) -> str:
    """Without spaces and signs, in simplified characters: `C01-信息工程 學院`."""
    return letters_of(simplified(text))


def _shortens(short: str, name: str) -> bool:
    """Whether a name begins alike and has all the letters in their order."""
    rest = iter(name)
    return short[:1] == name[:1] and not short.isascii() and all(letter in rest for letter in short)
