"""What must fit together in a row of a tall table, as formulas: what the reader would refuse, the sheet refuses.

Formulas are those of the sheet's first row of entries. A cell takes one rule only, so a list cannot look at its
neighbours: the next cell of the row that has no list refuses for it, and what does not fit is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kaohe.exchange.asking import Asked
from kaohe.exchange.lists import Lists
from kaohe.exchange.validation import Entry, accepted
from kaohe.intake.tables.asked import Facts
from kaohe.intake.tables.data import Unit
from kaohe.intake.tables.vocabulary import Table
from kaohe.scheme import Item

FIRST_ROW = 2


@dataclass(frozen=True)
class Line:
    """The first row of entries, as formulas name its cells and columns. `letters`: column → letter."""

    letters: Mapping[str, str]

    def cell(self, column: str) -> str:
        return f"${self.letters[column]}{FIRST_ROW}"

    def every(self, column: str) -> str:
        return f"${self.letters[column]}:${self.letters[column]}"

    def alike(self, column: str) -> str:
        """The column, and the row's own value as what is looked for in it."""
        return f"{self.every(column)},{self.cell(column)}"

    def filled(self, columns: Iterable[str]) -> str:
        return ",".join(f'{self.cell(each)}<>""' for each in columns)

    def key(self, *columns: str) -> str:
        return '&"|"&'.join(map(self.cell, columns))


@dataclass(frozen=True)
class Condition:
    """Formulas (with commas between) that must hold once all of `columns` are filled in.

    `refused`: the columns whose cells refuse an entry against it; the others of `marked` only show it.
    `only_told`: the reader takes it and says something.
    """

    formula: str
    says: str
    columns: tuple[str, ...]
    marked: tuple[str, ...]
    refused: tuple[str, ...] = ()
    only_told: bool = False


@dataclass(frozen=True)
class Fitting:
    """What holds in the rows of a table; `needed`: column → when it may not be blank although it often may."""

    conditions: tuple[Condition, ...] = ()
    needed: Mapping[str, str] | None = None


def applied(entry: Entry, column: str, fits: Fitting) -> Entry:
    """The entry together with the conditions that its cells refuse against."""
    mine = [each for each in fits.conditions if column in each.refused]
    if not mine:
        return entry
    formula = ",".join(each.formula for each in mine)
    return replace(entry, also=formula, also_says="；".join(each.says for each in mine))


def marks(table: Table, line: Line, fits: Fitting, entries: Mapping[str, Entry]) -> Iterator[tuple[str, str, bool]]:
    """(column, when its cell is marked, whether only told): blank where it may not be, or not fitting."""
    own = [column.name for column in table.columns if column.name not in table.given]
    begun = f"COUNTA({','.join(map(line.cell, own))})>0"
    for column in table.columns:
        cell, needs = line.cell(column.name), (fits.needed or {}).get(column.name)
        wrong, told = (list(_unfit(line, fits, column.name, only_told=told)) for told in (False, True))
        plain = accepted(replace(entries[column.name], also=""), cell)
        if plain != "TRUE":
            wrong.append(f'AND({cell}<>"",NOT(IFERROR({plain},FALSE)))')
        if needs:
            wrong.append(f'AND({cell}="",{begun},IFERROR({needs},FALSE))')
        if column.blank in ("error", "warning"):
            (wrong if column.blank == "error" else told).append(f'AND({cell}="",{begun})')
        for found, only_told in ((wrong, False), (told, True)):
            if found:
                yield column.name, f"OR({','.join(found)})", only_told


def _unfit(line: Line, fits: Fitting, column: str, *, only_told: bool) -> Iterator[str]:
    for each in fits.conditions:
        if column in each.marked and each.only_told is only_told:
            yield f"AND({line.filled(each.columns)},NOT(IFERROR(AND({each.formula}),FALSE)))"


def keep_pairs(pairs: Iterable[tuple[Unit, Item, Facts]], lists: Lists, name: str) -> None:
    """Units and indicators that go together, where formulas find them."""
    lists.keep(name, [f"{unit.unit_id}|{each.id}" for unit, each, _ in pairs])


def apply(line: Line, name: str, refused: tuple[str, ...], *, only_told: bool = False) -> Condition:
    pair = ("unit_id", "indicator")
    formula = f"COUNTIF({name},{line.key(*pair)})>0"
    return Condition(formula, "这项指标须考核这个单位（不相配的显示为红色）", pair, pair, refused, only_told)


def once(line: Line, columns: tuple[str, ...], says: str, refused: tuple[str, ...]) -> Condition:
    alike = ",".join(map(line.alike, columns))
    return Condition(f"COUNTIFS({alike})<2", says, columns, columns, refused)


def in_time(asked: Asked, line: Line, indicators: Mapping[str, Item], lists: Lists, name: str) -> Iterator[Condition]:
    """The end of the year where only some of the indicators count beyond it; else the date's own rule says it."""
    longer = longer_ones(asked, indicators)
    if not longer or len(longer) == len(indicators):
        return
    last = asked.context.scheme.window.days(asked.context.year)[1]
    lists.keep(name, longer)
    beyond = f"COUNTIF({name},{line.cell('indicator')})>0"
    formula = f"OR({line.cell('date')}<=DATE({last.year},{last.month},{last.day}),{beyond})"
    says = f"{last} 以后只有 {'、'.join(longer)} 还计"
    yield Condition(formula, says, ("indicator", "date"), ("date",), ("date",))


def longer_ones(asked: Asked, indicators: Iterable[str]) -> list[str]:
    """Those whose materials count beyond the year's end."""
    return [each for each in indicators if each in asked.context.scheme.window.longer]


def one_a_unit(asked: Asked, line: Line, lists: Lists) -> Fitting:
    unit = ("unit_id",)
    says = "一个单位只填一行（重复的显示为红色）"
    return Fitting((Condition(f"COUNTIFS({line.alike('unit_id')})<2", says, unit, unit),))
