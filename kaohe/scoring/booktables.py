"""A book's tables: the columns that other programs rely on, numbers as nearest doubles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from kaohe.scoring.booktable import BookTable
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.infos import NodeInfo
from kaohe.scoring.unitresult import NodeResult, UnitResult

SCORE_COLUMNS = (
    "year",
    "unit_id",
    "indicator",
    "applicable",
    "max_points",
    "points",
    "raw",
    "deducted",
    "capped",
    "status",
    "clause",
    "reason",
)


NODE_COLUMNS = (
    "year",
    "unit_id",
    "item",
    "parent",
    "period",
    "raw",
    "points",
    "full",
    "weight",
    "status",
    "reason",
)


def scores(year: str, cells: Iterable[ScoreCell]) -> BookTable:
    """One row a unit and indicator."""
    rows = (
        {
            "year": year,
            "unit_id": cell.unit,
            "indicator": cell.indicator,
            "applicable": cell.applicable,
            "max_points": _double(cell.max_points),
            "points": _double(cell.points),
            "raw": _double(cell.raw),
            "deducted": _double(cell.deducted),
            "capped": _double(cell.capped),
            "status": cell.status,
            "clause": cell.clause,
            "reason": cell.reason,
        }
        for cell in cells
    )
    numbers = dict.fromkeys(("max_points", "points", "raw", "deducted", "capped"), "float64")
    return BookTable.of_rows(rows, SCORE_COLUMNS, {**numbers, "applicable": "bool"})


ABOUT = ("unit_id", "name", "group", "category")
"""Columns that say whose row it is, beside the year."""


def result_columns(points: Iterable[str], facts: Iterable[str], consequences: Iterable[str]) -> tuple[str, ...]:
    """Columns of the results: items at the first steps of the tree, then what follows from them."""
    return ("year", *ABOUT, *points, "total", "rank", *facts, *consequences)


def results(
    year: str,
    units: Sequence[UnitResult],
    columns: Sequence[str],
    points: Callable[[UnitResult], Mapping[str, Fraction | None]],
    facts: Sequence[str],
    consequences: Iterable[str],
    back: Collection[str],
) -> BookTable:
    """One row a unit; `columns` are points of items, a unit's `points` by them, `back` consequences that look back."""
    rows: list[dict[str, Any]] = []
    for unit in units:
        row: dict[str, Any] = {"year": year, **{name: getattr(unit, name) for name in ABOUT}}
        row |= {column: _double(figure) for column, figure in points(unit).items()}
        row |= {"total": float(unit.total) if unit.rated else None, "rank": unit.rank if unit.rated else None}
        row |= {name: getattr(unit, name) for name in facts}
        rows.append({**row, **unit.consequences})
    consequences = tuple(consequences)
    all_rated = all(unit.rated for unit in units)
    kinds = {**dict.fromkeys(columns, "float64"), "total": "float64", "rank": "int64" if all_rated else "Int64"}
    kinds |= dict.fromkeys((name for name in facts if name != "grade"), "bool")
    past = {*back, *(name for unit in units for name, held in unit.consequences.items() if held is None)}
    kinds |= {name: "boolean" if name in past else "bool" for name in consequences}
    return BookTable.of_rows(rows, result_columns(columns, facts, consequences), kinds)


Cells = Callable[[str], Mapping[str, ScoreCell]]
"""Unit → its cells by item."""


def nodes(year: str, units: Iterable[UnitResult], tree: Mapping[str, NodeInfo], cells_of: Cells) -> BookTable:
    """One row an item of the tree and unit, leaves included."""
    rows = (row for unit in units for row in _node_rows(year, unit, tree, cells_of(unit.unit_id)))
    kinds = {
        **dict.fromkeys(("raw", "points", "full", "weight"), "float64"),
        "parent": "string",
        "period": "string",
    }
    return BookTable.of_rows(rows, NODE_COLUMNS, kinds)


def _node_rows(
    year: str, unit: UnitResult, tree: Mapping[str, NodeInfo], cells: Mapping[str, ScoreCell]
) -> Iterator[dict[str, Any]]:
    """Each month or term before the item itself."""
    for item, info in tree.items():
        node = unit.nodes.get(item)
        if node is None and item in cells and cells[item].applicable:
            cell = cells[item]
            node = NodeResult(cell.raw, cell.points, cell.max_points, status=cell.status)
            reason = cell.reason
        elif node is not None:
            reason = node.reason
        else:
            continue
        about = {"year": year, "unit_id": unit.unit_id, "item": item, "parent": info.parent}
        for period, points in node.periods.items():
            yield {**about, "period": period, "points": _double(points), "status": node.status, "reason": ""}
        yield {
            **about,
            "period": None,
            "raw": _double(node.raw),
            "points": _double(node.points),
            "full": _double(node.full),
            "weight": _double(node.weight),
            "status": node.status,
            "reason": reason,
        }


def _double(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
