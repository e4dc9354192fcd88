"""What was read in this process and need not be read again: the same bytes under the same scheme mean the same.

A year is read for its check, its scores, the year after it and each question; of its dozen tables a correction changes
one. Kept is only what rests on nothing but its key, and as much of it as a few years hold.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from kaohe.intake.places import Log, Spot

LEAST = 500
"""What each result weighs at least: the scheme it was read by may stay with it."""

MOST_TOLD = 500
"""Findings of a table that is kept; one with more is wrong as a whole."""

_every: list[Remembered[Any]] = []

T = TypeVar("T")


class Told(Log):
    """Hands everything on to `log`, and keeps it so that it can be told of the same table again."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log
        self.events: list[tuple[Any, ...]] = []

    @property
    def errors(self) -> bool:
        return any(event[0] == "error" for event in self.events)

    @property
    def few(self) -> bool:
        return len(self.events) <= MOST_TOLD

    def _add(self, severity: Any, code: str, message: str, at: Spot, more: dict[str, str]) -> None:
        if self.few:
            self.events.append((severity, code, message, at, more))
        self._log._add(severity, code, message, at, more)

    def tell(self, log: Log) -> None:
        for event in self.events:
            log._add(*event)


class Remembered(Generic[T]):
    """The latest results by what they rest on, until together they weigh more than `most`."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._kept: OrderedDict[Hashable, tuple[T, Told, int]] = OrderedDict()
        _every.append(self)

    def clear(self) -> None:
        self._kept.clear()
        self._weight = 0

    def get(self, key: Hashable, log: Log, fits: Callable[[T], bool] = lambda found: True) -> T | None:
        """What is kept under the key, its findings told to `log`; None where nothing is, or it does not fit."""
        kept = self._kept.get(key)
        if kept is None or not fits(kept[0]):
            return None
        self._kept.move_to_end(key)
        kept[1].tell(log)
        return kept[0]

    def keep(self, key: Hashable, found: T, told: Told, weight: int) -> None:
        weight = max(weight, LEAST)
        if weight > self._most or not told.few:
            return
        self._weight += weight - self._kept.pop(key, (None, None, 0))[2]
        self._kept[key] = found, told, weight
        while self._weight > self._most:
            self._weight -= self._kept.popitem(last=False)[1][2]


def forget() -> None:
    """Nothing is remembered any more: what was read is read anew, as by other limits."""
    for each in _every:
        each.clear()
