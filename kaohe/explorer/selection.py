"""Where one is: group, unit, component, section, indicator; and the lines to choose from, with points and changes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.analysis.breakdown import CONVERSION, by_component, component_fulls, name_of
from kaohe.charts import amounts
from kaohe.charts.notation import plain
from kaohe.explorer.evidence import TOTAL
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.components import component_of, has, points_of, subtotal
from kaohe.scoring.components import components as components_of

ALL = "*"
"""Everything the total is made of, where it is no sum that could be taken apart."""

Option = tuple[str, str]
"""(label, value), as a widget takes it."""


@dataclass(frozen=True)
class Selection:
    group: str = ""
    unit: str = ""
    component: str = TOTAL
    section: str = ""
    indicator: str = ""


def settled(book: ScoreBook, wish: Selection) -> Selection:
    """The nearest to the wish that the book has."""
    groups = [key for key in book.groups if book.ranking(key)]
    group = wish.group if wish.group in groups else groups[0]
    unit = _one_of(wish.unit, [value for _, value in units(book, group)])
    component = _one_of(wish.component, [value for _, value in components(book, book, unit)], TOTAL)
    section = _one_of(wish.section, [value for _, value in sections(book, book, unit, component)])
    indicator = _one_of(wish.indicator, [value for _, value in indicators(book, book, unit, section)])
    return Selection(group, unit, component, section, indicator)


def _one_of(wish: str, known: list[str], otherwise: str = "") -> str:
    if wish in known:
        return wish
    return otherwise if otherwise in known else known[0] if known else ""


def in_order(book: ScoreBook, group: str) -> list[UnitResult]:
    """A group's units in the data's order: ranks move, the list one chooses from stays."""
    return [unit for unit in book.units if unit.group == group]


def units(book: ScoreBook, group: str) -> list[Option]:
    return [(f"{unit.unit_id} {unit.name}", unit.unit_id) for unit in in_order(book, group)]


def components(real: ScoreBook, book: ScoreBook, unit_id: str) -> list[Option]:
    """The total, then what it is made of; where that cannot be added up, everything under it and the votes."""
    unit, before = book.unit(unit_id), real.unit(unit_id)
    total = amounts.total(book, unit) if unit.rated else "–"
    lines = [(f"总分 {total}{changed(book, then=before.total, now=unit.total)}", TOTAL)]
    if components_of(book, unit.group) == (book.groups[unit.group].score,):
        votes = [(info.name, name) for name, info in book.votes.items() if has(book, unit, name)]
        return [*lines, ("各项", ALL), *votes]
    now, then = _points(book, unit), _points(real, before)
    fulls = component_fulls(book, unit)
    for name, points in now.items():
        if name != CONVERSION:
            full = f"/{plain(fulls[name])}" if name in fulls else ""
            moved = changed(book, then=then.get(name, points), now=points)
            lines.append((f"{name_of(book, name)} {amounts.points(book, name, points)}{full}{moved}", name))
    return lines


def _points(book: ScoreBook, unit: UnitResult) -> dict[str, Fraction]:
    """Component → points, of a unit without a score too."""
    found = by_component(book, unit)
    if unit.rated:
        return found
    return {name: points_of(book, unit, name) or Fraction(0) for name in components_of(book, unit.group)}


def sections(real: ScoreBook, book: ScoreBook, unit_id: str, component: str) -> list[Option]:
    """A component's headings."""
    lines, group = [], book.unit(unit_id).group
    for section, cells in book.sections_of(unit_id):
        if component == ALL or component_of(book, section.id, group) == component:
            now, full = subtotal(book, book.unit(unit_id), section.id, cells)
            then = _before(real, unit_id, section.id, [cell.indicator for cell in cells])
            said = f"{section.name}　{amounts.amount(book, now)}{_of(full)}{changed(book, then=then, now=now)}"
            lines.append((said, section.id))
    return lines


def indicators(real: ScoreBook, book: ScoreBook, unit_id: str, section: str) -> list[Option]:
    """A heading's indicators."""
    lines = []
    for found, cells in book.sections_of(unit_id):
        if found.id != section:
            continue
        for cell in cells:
            now, then = cell.points or Fraction(0), real.points.get((unit_id, cell.indicator), Fraction(0))
            points, full = amounts.points(book, cell.indicator, now), _of(cell.max_points or Fraction(0))
            said = f"{_numbered(book, cell)}　{points}{full}{changed(book, then=then, now=now)}"
            lines.append((said, cell.indicator))
    return lines


def _numbered(book: ScoreBook, cell: ScoreCell) -> str:
    """`K3.1 生师比`: an item's number, without the unit's of one that is its own, and its name."""
    return f"{cell.indicator.removeprefix(f'{cell.unit}.')} {book.indicators[cell.indicator].name}"


def _of(full: Fraction) -> str:
    """` / 20`; empty where nothing says how much there is to get."""
    return f" / {plain(full)}" if full else ""


def _before(real: ScoreBook, unit_id: str, section: str, ids: list[str]) -> Fraction:
    """What the heading had in the real data, over what applies to the unit now."""
    cells = [cell for cell in real.cells_of(unit_id) if cell.indicator in ids]
    return subtotal(real, real.unit(unit_id), section, cells)[0]


def changed(book: ScoreBook, *, then: Fraction, now: Fraction) -> str:
    """▲+0.50; empty where nothing changed."""
    if now == then:
        return ""
    return f" {'▲' if now > then else '▼'}{amounts.gain(book, now - then)}"


def with_names_like(book: ScoreBook, group: str, written: str) -> set[str]:
    """The group's units of whose id or name one of the words is a part; of nothing written, all."""
    words = written.casefold().replace("、", " ").replace("，", " ").split()
    return {
        unit.unit_id
        for unit in in_order(book, group)
        if not words or any(word in f"{unit.unit_id} {unit.name}".casefold() for word in words)
    }


def items(book: ScoreBook, unit_id: str) -> list[Option]:
    """Everything the unit is scored on: (number and name, id)."""
    return [(_numbered(book, cell), cell.indicator) for _, cells in book.sections_of(unit_id) for cell in cells]


def items_like(book: ScoreBook, unit_id: str, written: str) -> list[Option]:
    """Those of the unit's items that are meant: by number or the whole line, else by a part of the name."""
    said = written.strip().casefold()
    known = items(book, unit_id)
    exact = [each for each in known if said in (each[0].casefold(), each[0].split(" ", 1)[0].casefold())]
    return exact or [each for each in known if said in each[0].casefold()]


def at_item(book: ScoreBook, at: Selection, indicator: str) -> Selection:
    """The selection that shows an item of the unit."""
    section = next(found.id for found, cells in book.sections_of(at.unit) if indicator in {c.indicator for c in cells})
    component = component_of(book, section, at.group)
    known = [value for _, value in components(book, book, at.unit)]
    return Selection(at.group, at.unit, component if component in known else ALL, section, indicator)
