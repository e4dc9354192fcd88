"""Figures, conditions and votes that a scheme declares once: read when first named, each in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from kaohe.rules.conditions import Always
from kaohe.rules.conditions import NamedCondition as SaidCondition
from kaohe.rules.kinds import AnyCondition, AnyFigure
from kaohe.rules.plain import Named, Number
from kaohe.rules.spelling import Names
from kaohe.rules.votes import Vote
from kaohe.scheme.root import Dimension

_FIGURE: TypeAdapter[Any] = TypeAdapter(AnyFigure)
_CONDITION: TypeAdapter[Any] = TypeAdapter(AnyCondition)


class Declared(Mapping[str, Any]):
    """Declared things by name. One that is wrong is told where it is declared; who names it gets `instead`."""

    def __init__(self, raw: Any, make: Callable[[str, Any], Any], instead: Callable[[str], Any]) -> None:
        self._raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        self._make, self._instead = make, instead
        self._made: dict[str, Any] = {}
        self._open: list[str] = []
        self.circles: list[tuple[str, ...]] = []

    def __getitem__(self, name: str) -> Any:
        if name in self._made:
            return self._made[name]
        if name not in self._raw:
            raise KeyError(name)
        if name in self._open:
            self.circles.append((*self._open[self._open.index(name) :], name))
            return self._instead(name)
        self._open.append(name)
        try:
            self._made[name] = self._make(name, self._raw[name])
        except (ValidationError, TypeError, KeyError):  # told again, and better, where it is declared
            self._made[name] = self._instead(name)
        finally:
            self._open.pop()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def __contains__(self, name: object) -> bool:
        return name in self._raw


def declared(content: Mapping[str, Any]) -> Names:
    """What a scheme's content declares, to be read under `naming`."""
    return Names(
        figures=Declared(content.get("figures"), _figure, lambda name: Number(value=0)),
        conditions=Declared(content.get("conditions"), _condition, lambda name: Always(kind="never")),
        members=_members(content.get("dimensions")),
        votes=Declared(content.get("votes"), lambda _, raw: Vote.model_validate(raw), _no_vote),
    )


def _members(raw: Any) -> dict[str, tuple[str, ...]]:
    """Dimension → its members; one that is wrong has none here and is told where it stands."""
    found: dict[str, tuple[str, ...]] = {}
    for name, each in raw.items() if isinstance(raw, Mapping) else ():
        try:
            found[str(name)] = Dimension.model_validate(each).names
        except ValidationError:
            found[str(name)] = ()
    return found


def _said(name: str, raw: Mapping[str, Any]) -> str:
    return str(raw.get("name") or raw.get("says") or name)


def _figure(name: str, raw: Mapping[str, Any]) -> Named:
    return Named(name=name, says_as=_said(name, raw), figure=_FIGURE.validate_python(raw["is"]))


def _condition(name: str, raw: Mapping[str, Any]) -> SaidCondition:
    return SaidCondition(name=name, says_as=_said(name, raw), of=_CONDITION.validate_python(raw["is"]))


def _no_vote(name: str) -> Vote:
    return Vote(name=name, paper="marks", out_of=Number(value=1))
