"""Words of the raw tables that depend on the scheme: metrics, indicators, coded values; in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from kaohe.intake.cells import word
from kaohe.intake.vocabulary import ALSO, CODES
from kaohe.scheme import Item, Scheme

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
        self._codes = {at: self._words_of(at) for at in CODES}
        self._hints = 0

    def metric(self, written: str) -> str | None:
        found = self._called.metrics.get(word(written), [])
        return found[0] if len(found) == 1 else None

    def indicator(self, written: str, unit: str | None) -> str | None:
        """The indicator meant; one that departments share by name (`W2`) is the unit's own."""
        found = self.indicators_called(written)
        if len(found) > 1:
            found = [name for name in found if self.scheme.indicators[name].unit == unit]
        return found[0] if len(found) == 1 else None

    def indicators_called(self, written: str) -> list[str]:
        """All that the word may stand for, whichever unit's they are."""
        return self._called.indicators.get(word(written), [])

    def similar(self, written: str, kind: str) -> str:
        """A hint for a misspelt metric or indicator, as the scheme writes it; empty where nothing is near."""
        self._hints += 1
        if self._hints > MOST_HINTS:
            return ""
        known = self._called.metrics if kind == "metric" else self._called.indicators
        near = get_close_matches(word(written), known, n=1, cutoff=0.7)
        return f"，是否指 {self._called.as_written[near[0]]}？" if near else ""

    def codes(self, table: str, column: str) -> Mapping[str, str]:
        """Word in its compared form → code."""
        return self._codes[table, column]

    def choices(self, table: str, column: str) -> str:
        """What may be written, in both languages."""
        known = self.chinese((table, column)).items()
        return "、".join(f"{chinese}（{code}）" if chinese != code else code for code, chinese in known)

    def chinese(self, at: tuple[str, str]) -> Mapping[str, str]:
        """Codes of a table's column with their Chinese words; those the scheme itself defines come from it."""
        own: Mapping[str, str] | None = None
        if at == ("units", "category"):
            own = {code: category.name for code, category in self.scheme.categories.items()}
        elif at == ("declarations", "kind"):
            own = self.scheme.results.declarations
        elif at == ("vetoes", "kind"):
            own = {code: veto.name for code, veto in self.scheme.results.vetoes.items()}
        return CODES[at] if own is None else {code: name or CODES[at].get(code, code) for code, name in own.items()}

    def _words_of(self, at: tuple[str, str]) -> dict[str, str]:
        chinese = self.chinese(at)
        words = {word(name): code for code, name in CODES[at].items() if code in chinese}
        words |= {word(name): code for name, code in ALSO.get(at, {}).items() if code in chinese}
        return words | {word(name): code for code, name in chinese.items()} | {word(code): code for code in chinese}


def own_id(indicator: Item) -> str:
    """The id without the department in front, as departments share it: `D03.W2` → `W2`."""
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
