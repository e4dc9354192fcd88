"""Words of the raw tables that depend on the scheme: metrics, indicators, coded values; in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from kaohe.intake.sheets.cells import shown, word
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.described import TALL_VOTES, tables_of, tall_ballots
from kaohe.intake.tables.vocabulary import TABLES, Table
from kaohe.scheme import Item, Scheme

SEARCHED = 10
"""Rows among which a header may stand."""

MOST_HINTS = 1_000
"""Each costs a millisecond; a file with more misspelt names is wrong as a whole."""


@dataclass(frozen=True)
class _Called:
    """The words of a scheme in their compared form: the ids they may stand for, and how the scheme writes them."""

    metrics: Mapping[str, list[str]]
    indicators: Mapping[str, list[str]]
    as_written: Mapping[str, str]


_known: list[tuple[Scheme, _Called]] = []
"""Of the latest schemes: each year, form and answer asks for the same one."""


def _called_in(scheme: Scheme) -> _Called:
    for known, called in _known:
        if known is scheme:
            return called
    metrics = {name: _metric_called(name, metric.name) for name, metric in scheme.metrics.items()}
    indicators = {each.id: _called(each) for each in scheme.indicators.values()}
    written = (each for some in (*metrics.values(), *indicators.values()) for each in some)
    found = _Called(_index(metrics), _index(indicators), {word(each): each for each in written})
    _known[:] = [*_known[-3:], (scheme, found)]
    return found


class Names:
    """Finds ids by what offices write: the id itself, or the Chinese name where it is unambiguous."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self._called = _called_in(scheme)
        self._codes: dict[tuple[str, str], dict[str, str]] = {}
        self.hints = 0

    def metric(self, written: str) -> str | None:
        found = self._called.metrics.get(word(written), [])
        return found[0] if len(found) == 1 else None

    def indicator(self, written: str, unit: str | None) -> str | None:
        """The indicator meant; one that units share by name (`W2`) is the unit's own."""
        found = self.indicators_called(written)
        if len(found) > 1:
            found = [name for name in found if self.scheme.indicators[name].unit == unit]
        return found[0] if len(found) == 1 else None

    def indicators_called(self, written: str) -> list[str]:
        """All that the word may stand for, whichever unit's they are."""
        return self._called.indicators.get(word(written), [])

    def similar(self, written: str, kind: str) -> tuple[str, list[str]]:
        """A hint for a misspelt metric or indicator, as the scheme writes it, and the ids that may be meant; empty
        where nothing is near."""
        self.hints += 1
        if self.hints > MOST_HINTS:
            return "", []
        known = self._called.metrics if kind == "metric" else self._called.indicators
        near = get_close_matches(word(written), known, n=1, cutoff=0.7)
        return (f"，是否指 {self._called.as_written[near[0]]}？", known[near[0]]) if near else ("", [])

    def table(self, table: Table, grid: Grid | None = None) -> Table:
        """The table as the scheme has it; ballots whose `grid` has a row an option, in that form."""
        own = tables_of(self.scheme)[table.name]
        return tall_ballots(own) if own.options and grid is not None and _is_tall(grid) else own

    def codes(self, table: str, column: str) -> Mapping[str, str]:
        """Word in its compared form → code."""
        at = (table, column)
        if at not in self._codes:
            self._codes[at] = self._words_of(at)
        return self._codes[at]

    def choices(self, table: str, column: str) -> str:
        """What may be written, in both languages."""
        known = self.chinese((table, column)).items()
        return "、".join(f"{chinese}（{code}）" if chinese != code else code for code, chinese in known)

    def chinese(self, at: tuple[str, str]) -> Mapping[str, str]:
        """Codes of a table's column with their Chinese words, as the scheme declares them."""
        return codes_of(self.scheme).get(at, {})

    def _words_of(self, at: tuple[str, str]) -> dict[str, str]:
        chinese = self.chinese(at)
        also = self.scheme.also.get(at[0], {}).items()
        words = {word(name): code for name, code in also if code in chinese}
        if at[1] == "period":
            words |= {
                word(f"{code}{each.name}"): code for each in self.scheme.dimensions.values() for code in each.names
            }
        return words | {word(name): code for code, name in chinese.items()} | {word(code): code for code in chinese}


def _is_tall(grid: Grid) -> bool:
    """Whether some row among the first names the columns of options and of votes."""
    option, votes = ({word(column.name), word(column.header)} for column in TALL_VOTES)
    rows = ({word(shown(cell)) for cell in cells if cell is not None} for _, cells in grid.rows[:SEARCHED])
    return any(option & words and votes & words for words in rows)


Codes = Mapping[tuple[str, str], Mapping[str, str]]
"""By table and column: code → Chinese word."""

_codes: list[tuple[Scheme, Codes]] = []
"""Of the latest schemes."""


def codes_of(scheme: Scheme) -> Codes:
    """By table and column the codes that a scheme declares, with its words; those that it only uses stand for
    themselves."""
    for known, codes in _codes:
        if known is scheme:
            return codes
    found = {(table.name, column): words for table in TABLES.values() for column, words in table.codes(scheme).items()}
    _codes[:] = [*_codes[-3:], (scheme, found)]
    return found


def own_id(indicator: Item) -> str:
    """The id without the unit in front, as units share it: `D03.W2` → `W2`."""
    return indicator.id.partition(".")[2] if indicator.unit else indicator.id


def _metric_called(name: str, chinese: str) -> tuple[str, ...]:
    return name, chinese, f"{name} {chinese}"


def _called(indicator: Item) -> tuple[str, ...]:
    """What may stand for an indicator: its id, its name, or both as a template writes them: `B17 师德师风`."""
    ids = tuple(dict.fromkeys((indicator.id, own_id(indicator))))
    return *ids, indicator.name, *(f"{each} {indicator.name}" for each in ids)


def _index(named: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, words in named.items():
        for written in {word(each) for each in words}:
            found[written].append(name)
    return found
