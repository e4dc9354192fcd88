"""One item of every unit over the years: what can be followed, and where two years' points are not the same kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kaohe.analysis.breakdown import by_component, component_fulls, name_of
from kaohe.rules.wording import number
from kaohe.scheme.years import year_said
from kaohe.scoring.book import IndicatorInfo, ScoreBook, UnitResult
from kaohe.scoring.components import component_of, subtotal

TOTAL = "total"
ZERO = Fraction(0)


@dataclass(frozen=True)
class Reached:
    """Points of an item and its full mark, as they are scored: an indicator's before conversion."""

    points: Fraction
    full: Fraction


@dataclass(frozen=True)
class Item:
    """What can be followed over years: the total, a vote or component, a heading, an indicator."""

    kind: Literal["total", "component", "heading", "indicator"]
    id: str
    name: str


def items_of(books: Sequence[ScoreBook], group: str) -> list[Item]:
    """Every item that a unit of the group has in some year; as the latest year orders them, older ones last."""
    found: dict[Item, None] = {Item("total", TOTAL, "总分"): None}
    for kind in ("component", "heading", "indicator"):
        known: dict[str, Item] = {}
        for book in reversed(books):
            for item in _items(book, group):
                if item.kind == kind:
                    known.setdefault(item.id, item)
        found |= dict.fromkeys(known.values())
    return list(found)


def _items(book: ScoreBook, group: str) -> Iterator[Item]:
    units = book.ranking(group)
    used = {cell.indicator for unit in units for cell in book.cells_of(unit.unit_id) if cell.applicable}
    sections = {book.indicators[name].section for name in used}
    for name in dict.fromkeys(name for unit in units for name in component_fulls(book, unit)):
        yield Item("component", name, name_of(book, name))
    for section in book.sections:
        if section.id in sections:
            component = component_of(book, section.id, group)
            above = f"{name_of(book, component)}·" if component not in (section.id, book.groups[group].score) else ""
            yield Item("heading", section.id, f"{above}{section.name}")
    for name, info in book.indicators.items():
        if name in used:
            yield Item("indicator", name, f"{name} {info.name}")


def reached(book: ScoreBook, unit: UnitResult) -> Mapping[tuple[str, str], Reached]:
    """(kind, id) → what the unit reached; what does not apply is not in it."""
    found = {("total", TOTAL): Reached(unit.total, book.groups[unit.group].full)} if unit.rated else {}
    points = by_component(book, unit)
    for name, full in component_fulls(book, unit).items():
        if name in points:
            found["component", name] = Reached(points[name], full)
    for section, cells in book.sections_of(unit.unit_id):
        here = [Reached(cell.points or ZERO, cell.max_points or ZERO) for cell in cells]
        found["heading", section.id] = Reached(*subtotal(book, unit, section.id, cells))
        found |= {("indicator", cell.indicator): each for cell, each in zip(cells, here, strict=True)}
    return found


def unlike(book: ScoreBook, latest: ScoreBook, group: str, item: Item) -> str:
    """How an item of a year is not what it is in the latest year, in words; empty where it is the same."""
    if item.kind == "indicator":
        then, now = book.indicators.get(item.id), latest.indicators.get(item.id)
        if then is None or now is None:
            return "" if then is None else f"{year_said(latest.year)}没有这一项"
        fulls = [f"满分 {_listed(info.fulls.values())} 分" if _known(info) else "没有满分" for info in (then, now)]
        if then.fulls != now.fulls:
            return f"{fulls[0]}，{year_said(latest.year)}为{fulls[1]}" if fulls[0] != fulls[1] else "各类单位的满分不同"
        return f"计分方法与 {year_said(latest.year)}不同" if _undated(then.how) != _undated(now.how) else ""
    one, other = (_full(each, group, item) for each in (book, latest))
    return (
        f"满分 {number(one)} 分，{year_said(latest.year)}为 {number(other)} 分"
        if one and other and one != other
        else ""
    )


def _full(book: ScoreBook, group: str, item: Item) -> Fraction | None:
    """The printed full mark of what is no indicator."""
    info = book.groups.get(group)
    if info is None:
        return None
    if item.kind == "total":
        return info.full
    if item.kind == "component":
        return info.fulls.get(item.id)
    return next((section.full for section in book.sections if section.id == item.id), None)


def _undated(how: Sequence[str]) -> list[str]:
    """Sentences that name the year itself are the same rule every year."""
    return [_YEAR.sub("", said) for said in how]


_YEAR = re.compile(r"20\d\d(-20\d\d)?\s*(学年|年)")


def _known(info: IndicatorInfo) -> bool:
    return any(full is not None for full in info.fulls.values())


def _listed(fulls: Iterable[Fraction | None]) -> str:
    return "、".join(number(each) for each in sorted({full for full in fulls if full is not None}, reverse=True))
