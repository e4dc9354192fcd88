"""What formulas call by name: cells and formulas that a workbook gives names, its tables, and its sheets in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.utils import range_boundaries

from kaohe.intake.sheets.formulas.formula import Formula, Name, Named, Node, NotUnderstoodError, Part, Reference

MOST_BEHIND = 200
"""Formulas that one calls by name, and those call."""

_SPECIFIERS = re.compile(r"\[((?:[^\[\]']|'.)*)\]([,:]?)|[^\S\n]+")
_ITEMS = {"#all", "#data", "#headers", "#totals", "#this row"}


@dataclass(frozen=True)
class NamedTable:
    """An area whose columns have names; it begins with `headers` rows of those and ends with `totals`."""

    sheet: str
    area: tuple[int, int, int, int]
    columns: tuple[str, ...]
    headers: int = 1
    totals: int = 0

    @classmethod
    def at(cls, sheet: str, ref: str, columns: tuple[str, ...], headers: int, totals: int) -> NamedTable:
        left, top, right, bottom = range_boundaries(ref)
        if top is None or left is None or right is None or bottom is None:
            raise ValueError("a table without ends")
        return cls(sheet, (top, bottom, left, right), columns, headers, totals)

    def part(self, written: str, row: int) -> Reference:
        """The cells that stand in brackets, for a formula in that row; NotUnderstoodError where they are not clear."""
        items, columns = _specified(written)
        top, bottom, left, right = self.area
        first, last = top + self.headers, bottom - self.totals
        match items:
            case [] | ["#data"]:
                pass
            case ["#all"]:
                first, last = top, bottom
            case ["#headers"] if self.headers:
                first = last = top
            case ["#totals"] if self.totals:
                first = last = bottom
            case ["#this row"] if first <= row <= last:
                first = last = row
            case _:
                raise NotUnderstoodError
        if columns:
            places = [self._column(each) for each in columns]
            left, right = left + min(places), left + max(places)
        return Reference(self.sheet, (left, True, first, True), (right, True, last, True))

    def _column(self, name: str) -> int:
        names = [each.casefold() for each in self.columns]
        if names.count(name.casefold()) != 1:
            raise NotUnderstoodError
        return names.index(name.casefold())


def _specified(written: str) -> tuple[list[str], list[str]]:
    """The rows and the columns: `数`, `@数`, `[#This Row],[数]`, `[甲]:[乙]`."""
    items: list[str] = []
    columns: list[str] = []
    if written.startswith("@"):
        items.append("#this row")
        written = written[1:]
    if "[" not in written:
        written = f"[{written}]" if written else ""
    at = 0
    while at < len(written):
        found = _SPECIFIERS.match(written, at)
        if not found:
            raise NotUnderstoodError
        at = found.end()
        if found[1] is not None:
            plain = re.sub("'(.)", r"\1", found[1])
            (items if plain.casefold() in _ITEMS else columns).append(plain)
    if len(columns) > 2 or (len(columns) == 2 and ":" not in written):
        raise NotUnderstoodError
    return [each.casefold() for each in items], columns


@dataclass
class Names:
    """By name in small letters; defined names by the sheet that they are for, too, which is "" for the whole book."""

    defined: dict[tuple[str, str], Formula] = field(default_factory=dict)
    tables: dict[str, NamedTable] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)

    def meant(self, named: Named, sheet: str, row: int) -> Node:
        """What a name stands for, in a formula of that sheet and row."""
        if isinstance(named, Part):
            table = self.tables.get(named.table.casefold())
            if table is None:
                raise NotUnderstoodError
            return table.part(named.part, row)
        found = self._formula(named, sheet)
        if found is None or found.tree is None or not all(each.stays and each.sheet for each in found.references):
            raise NotUnderstoodError
        return found.tree

    def _formula(self, named: Name, sheet: str) -> Formula | None:
        name = named.name.casefold()
        return self.defined.get((sheet.casefold(), name)) or self.defined.get(("", name))

    def behind(self, formula: Formula, sheet: str) -> list[Formula]:
        """The formula and those of the names that it calls, each once."""
        found = [formula]
        for each in found:
            for named in each.names:
                other = self._formula(named, sheet) if isinstance(named, Name) else None
                if other and not any(other is known for known in found):
                    found.append(other)
            if len(found) > MOST_BEHIND:
                break
        return found

    def references(self, formula: Formula, sheet: str, row: int) -> Iterator[Reference]:
        """All cells that a formula calls for, by whatever name."""
        for each in self.behind(formula, sheet) if formula.names else [formula]:
            yield from each.references
            for part in (named for named in each.names if isinstance(named, Part)):
                try:
                    node = self.meant(part, sheet, row)
                except NotUnderstoodError:
                    continue
                if isinstance(node, Reference):
                    yield node

    def is_volatile(self, formula: Formula, sheet: str) -> bool:
        return any(each.is_volatile for each in self.behind(formula, sheet))

    def through(self, reference: Reference) -> list[Reference]:
        """One for each of the sheets through which it reaches."""
        if not reference.until:
            return [reference]
        ends = [reference.sheet.casefold(), reference.until.casefold()]
        if any(self.sheets.count(each) != 1 for each in ends):
            return []
        first, last = sorted(self.sheets.index(each) for each in ends)
        return [Reference(each, reference.first, reference.last) for each in self.sheets[first : last + 1]]
