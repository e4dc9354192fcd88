"""The cells that a mutation may change, and the ways to write one anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.year import COUNT, RATE, Case, Key, Year, column_names, real, work

Draw = Callable[[st.SearchStrategy[Any]], Any]
Mutation = Callable[[Draw, Year], Case]

UNSEEN = st.sampled_from("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202c\u2066\u2069\u2064\ufe0f\u061c")
SPACES = st.text("\u0020\u3000\u00a0\t\u2003", max_size=2)
BASIC = {"rate": 1000, "count": 1, "money": 100, "points": 100}


@dataclass(frozen=True)
class Target:
    """A cell that holds a figure or a date: where, what kind, and what it says so far."""

    table: str
    row: int
    at: int
    key: Key
    kind: str
    value: Any


class NoneLeftError(Exception):
    """Every table that a mutation could be done to has one already."""


def targets(year: Year, *kinds: str, table: str = "") -> list[Target]:
    """Cells of these kinds in tables without a case so far."""
    found = [each for each in _targets(year, *kinds) if real(each.table) not in year.taken]
    found = [each for each in found if table in ("", each.table)]
    if not found:
        raise NoneLeftError
    return found


@cache
def _targets(year: Year, *kinds: str) -> list[Target]:
    found = [target for table in (*TARGET_COLUMNS, "wide") for target in _of_table(year, table)]
    return [target for target in found if target.kind in kinds]


TARGET_COLUMNS = {
    "metrics": ("value",),
    "ballots": ("excellent", "qualified", "unqualified"),
    "ratings": ("points",),
    "achievements": ("date", "first_author"),
    "leader_ratings": ("score",),
}


def _of_table(year: Year, table: str) -> list[Target]:
    header, *rows = year.tables[table]
    columns = header[1:] if table == "wide" else TARGET_COLUMNS[table]
    found = []
    for place, row in enumerate(rows, start=2):
        cells = dict(zip(header, row, strict=True))
        for column in columns:
            key, kind = _about(table, cells, column)
            found.append(Target(table, place, header.index(column), key, kind, year.expected[key]))
    return found


def _about(table: str, cells: dict[str, Any], column: str) -> tuple[Key, str]:
    unit = cells["unit_id"]
    if table in ("metrics", "wide"):
        metric = column if table == "wide" else cells["metric"]
        return ("metrics", unit, metric), {RATE: "rate", COUNT: "count"}.get(metric, "money")
    if table == "ballots":
        return ("ballots", unit, column), "count"
    if table == "ratings":
        return ("ratings", unit, cells["indicator"], cells["rater"]), "points"
    if table == "leader_ratings":
        return (table, unit, cells["leader"]), "points"
    return ("achievements", work(cells["title"]), column), {"date": "date"}.get(column, "answer")


def a_number(draw: Draw, kind: str) -> Fraction:
    """A value that no check of the year minds."""
    most = {"rate": 1000, "count": 9999, "money": 10**9, "points": 80}[kind]
    return Fraction(draw(st.integers(1, most)), BASIC[kind])


def written(value: Fraction) -> str:
    """As plain decimal digits."""
    text = f"{float(value):.3f}"
    assert Fraction(text) == value
    return text.rstrip("0").rstrip(".")


def numeric(draw: Draw, year: Year, *kinds: str) -> tuple[Target, Fraction]:
    target = draw(st.sampled_from(targets(year, *(kinds or ("rate", "count", "money", "points")))))
    return target, a_number(draw, target.kind)


def case(year: Year, target: Target, cell: Any, meant: Any, excel: bool, **more: Any) -> Case:
    """The year with one cell written anew."""
    rows = year.table(target.table)
    rows[target.row - 1][target.at] = cell
    columns = column_names(rows, target.at)
    return Case(target.table, rows, target.key, meant, target.row, columns, excel=excel, **more)


def whole(year: Year, draw: Draw, *, excel: bool | None = None) -> tuple[Case, Target, Fraction]:
    """A table in which only one number is another, for what is done to the table as a whole; told anywhere in it."""
    target, value = numeric(draw, year)
    excel = draw(st.booleans()) if excel is None else excel
    made = case(year, target, float(value) if excel else written(value), value, excel)
    made.row, made.columns = None, ()
    return made, target, value


def sprinkled(draw: Draw, text: str, what: st.SearchStrategy[str], least: int = 1) -> str:
    for piece in draw(st.lists(what, min_size=least, max_size=4)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + piece + text[at:]
    return text


def wide_digits(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)
