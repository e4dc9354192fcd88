"""What was declared for a unit and what stands in its way, by the scheme's names; for internal pages only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kaohe.scoring.bind import BoundYear
    from kaohe.scoring.book import UnitResult


@dataclass(frozen=True)
class Declared:
    """One declaration; `tasks` are the unit's tasks marked innovative that it is made for."""

    kind: str
    name: str
    title: str
    accepted: bool
    tasks: tuple[str, ...] = ()


def declared_of(bound: BoundYear, unit: str) -> Iterator[Declared]:
    """The unit's declarations in the scheme's order."""
    results, made = bound.scheme.results, bound.data.declarations.get(unit, {})
    for kind, name in results.declarations.items():
        if kind in made:
            title = made[kind].title or ""
            tasks = tuple(_meant(bound, unit, title)) if kind == results.innovation else ()
            yield Declared(kind, name, title, made[kind].accepted, tasks)


def _meant(bound: BoundYear, unit: str, title: str) -> list[str]:
    """Tasks marked innovative: the one that the title names, otherwise each of them."""
    marked = [each for each in bound.scheme.indicators.values() if each.unit == unit and each.innovative]
    named = [each for each in marked if each.name in title or each.id.partition(".")[2] in title]
    return [each.id for each in named or marked]


def vetoes_of(bound: BoundYear, unit: str) -> tuple[str, ...]:
    """The scheme's names of what stands against 优秀, each once; never the notes, which are confidential."""
    names = bound.scheme.results.vetoes
    found = (names.get(row.kind, row.kind) for row in bound.data.vetoes if row.unit == unit)
    return tuple(dict.fromkeys(found))


def says_vetoes(unit: UnitResult) -> str:
    """`有否决事项（较严重安全责任事故）`; empty where there is none."""
    if not unit.vetoed:
        return ""
    return f"有否决事项（{'、'.join(unit.vetoes)}）" if unit.vetoes else "有否决事项"


def says_declared(each: Declared) -> str:
    """`创新性工作并取得成效：《…》，已认定`."""
    title = f"：《{each.title}》" if each.title else ""
    return f"{each.name}{title}，{'已认定' if each.accepted else '未认定'}"
