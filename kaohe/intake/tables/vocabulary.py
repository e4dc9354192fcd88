"""What a raw table is: its columns, how a scheme changes them, and where the year's data holds its rows.

Each table is described once, in a module of `kaohe/intake/raw`; what is general looks its description up here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Literal

from kaohe.intake.sheets.cells import Cell, shown
from kaohe.scheme import Item, Scheme

if TYPE_CHECKING:
    from kaohe.intake.places import Log, Spot
    from kaohe.intake.tables.asked import Facts
    from kaohe.intake.tables.shelves import Shelf

ColumnKind = Literal[
    "id", "person", "text", "code", "open_code", "metric", "indicator", "figure", "number", "yes_no", "date", "year"
]
"""`figure`: a number in its metric's unit; `open_code`: a word that need not be among the codes."""

Blank = Literal["error", "warning", "none", "absent"]
"""What a blank cell is: `absent` means the whole row has not been handed in."""

Merge = Literal["value", "note"]
"""Rows of one key must agree on values; their notes are joined. A text that is a value is a name or a title."""

Codes = Mapping[str, Mapping[str, str]]
"""By column: code → Chinese word."""


MOST_ABOUT = 40
"""Letters of a title that a finding shows beside its cell."""


@dataclass(frozen=True)
class Column:
    """One column of a table: English name, Chinese header, and what may stand in it.

    `units`: words that may follow its numbers and change nothing: `30000元`. `rated`: one of the words that the item
    of the row knows (优, 良) stands for its worth.
    """

    name: str
    header: str
    kind: ColumnKind
    key: bool = False
    optional: bool = False
    blank: Blank = "error"
    merge: Merge = "value"
    also: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    rated: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: typed values, and for findings the cells they came from."""

    table: Table
    values: Mapping[str, Any]
    cells: Mapping[str, Cell]
    headers: Mapping[str, str]
    at: Spot

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)

    @property
    def unit(self) -> str:
        return str(self.values.get("unit_id") or "")

    @property
    def subject(self) -> str:
        """The metric or indicator it is about; empty where it is about neither."""
        return str(self.values.get("metric") or self.values.get("indicator") or "")

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(map(self.values.get, self.table.keys))

    @property
    def place(self) -> str:
        return self.at.place

    def spot(self, column: str) -> Spot:
        return self.at.at(self.headers.get(column, ""), shown(self.cells.get(column)), about_of(self.table, self.cells))


def about_of(table: Table, cells: Mapping[str, Cell]) -> str:
    """What a row is about, as entered: `C01 在校生数`."""
    said = (" ".join(shown(cells.get(name)).split()) for name in table.telling)
    return " ".join(each if len(each) <= MOST_ABOUT else f"{each[:MOST_ABOUT]}…" for each in said if each)


@dataclass(frozen=True)
class OtherRow:
    """A row of a table that the year's data has no form of its own for."""

    unit: str
    values: Mapping[str, Any]
    place: str = ""


@dataclass(frozen=True)
class Silence:
    """What no row in a list means. `rests`: whether an item counts its rows; `says`: with office, table, items and how
    many rows there were the year before; `by_unit`: one without rows that had some is asked about, too."""

    rests: Callable[[Item, Facts], bool]
    code: str
    severity: Literal["warning", "advisory"]
    says: str
    by_unit: bool = False


def as_printed(table: Table, scheme: Scheme) -> Table:
    """A table that is the same whatever the scheme."""
    return table


def other_row(record: Record) -> OtherRow:
    return OtherRow(record.unit, record.values, record.place)


def no_codes(scheme: Scheme) -> Codes:
    return {}


@dataclass(frozen=True)
class Table:
    """One raw table. `across`: the key column that may run across in the wide form.

    `given`: columns that a template fills in; a row that holds nothing else has not been handed in yet.
    """

    name: str
    chinese: str
    columns: tuple[Column, ...]
    required: bool = False
    across: str | None = None
    value: str | None = None
    given: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Columns that each hold the votes for one option."""

    place: int = 0
    """Where it stands wherever tables are listed; the lower the earlier."""

    prefixed: bool = False
    """A scheme may put a word before its Chinese name: whatever ends so is the table."""

    shape: Callable[[Table, Scheme], Table] = as_printed
    """The table as a scheme has it: columns of its own, required as it needs."""

    codes: Callable[[Scheme], Codes] = no_codes
    """The coded values that a scheme declares, with its words."""

    named_by: tuple[str, ...] = ()
    """Columns that name a row where there is no key; several of one name are counted from 1."""

    repeats: Literal["once", "events", "all"] = "once"
    """Rows without a key that say the same: one row, one event where two sheets say it, or each its own."""

    gathered: Callable[[Table, Iterable[Record], Scheme, Log, set[tuple[str, str, str]]], list[Record]] | None = None
    """What is made of its rows before they are united: rows that are parts of one, what a blank can only mean."""

    silence: Silence | None = None
    """Of a list: its rows are about an indicator, and nobody knows how many there should be, or whether any."""

    by_unit: bool = False
    """A sheet may be about one unit, and its header alone says that it is of this table."""

    paper: Literal["counts", "marks"] | None = None
    """Papers of which votes stand in it."""

    group: str = ""
    """The column in which a paper's group of voters stands."""

    voice: tuple[str, str] | None = None
    """The column of whose opinion a row is, and that of the opinion."""

    record: Callable[[Record], Any] = other_row
    """The object that the year's data holds of a row."""

    shelf: Shelf | None = None
    """Where those objects lie, found again by unit; None: beside what has a place of its own (`others`)."""

    changeable: bool = True
    """Whether a trial may change its rows: figures and judgements, not who is assessed on what."""

    input: str = ""
    """What kind of input it holds, where one that is asked for may be missing (`Missing.kind`)."""

    @cached_property
    def column(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """Columns that say, to whoever reads a finding, what a row is about."""
        kinds = ("metric", "indicator", "person")
        return tuple(each.name for each in self.columns if each.name in ("unit_id", "title") or each.kind in kinds)

    @property
    def is_list(self) -> bool:
        return self.silence is not None

    @property
    def is_shaped(self) -> bool:
        """Whether a scheme may give it columns of its own."""
        return self.shape is not as_printed


def described_in(package: str, name: str) -> list[Any]:
    """What the modules of a package hold under `name`: whatever is described a module each, by being there."""
    home = import_module(package)
    modules = (import_module(f"{package}.{each.name}") for each in iter_modules(home.__path__))
    return [getattr(module, name) for module in modules if hasattr(module, name)]


class Tables(Mapping[str, Table]):
    """Every raw table by name, in their order; described in the modules of a package, which are read when first asked.

    Descriptions name checks and files, so they stand to the right of what only asks for a name or a column.
    """

    def __init__(self, package: str) -> None:
        self._package = package

    @cached_property
    def _known(self) -> dict[str, Table]:
        found: Iterable[Table] = described_in(self._package, "TABLE")
        return {table.name: table for table in sorted(found, key=lambda each: each.place)}

    def __getitem__(self, name: str) -> Table:
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


TABLES: Mapping[str, Table] = Tables("kaohe.intake.raw")
NIL_REPORTS = "nil_reports"


def lists() -> list[Table]:
    """Tables of which nobody knows how many rows there should be about an indicator, or whether any."""
    return [table for table in TABLES.values() if table.is_list]


def changeable() -> list[str]:
    """Names of the tables whose rows a trial may change: those whose rows have a key first."""
    found = [table for table in TABLES.values() if table.changeable]
    return [table.name for table in sorted(found, key=lambda each: not each.keys)]


UNIT_NAME = Column("name", "单位名称", "text", optional=True, blank="none")
"""May stand beside the unit's id in any table, for people to read; it must not be another unit's."""

NO_TABLE = "说明"
"""The sheet that explains a workbook; it is never read."""
