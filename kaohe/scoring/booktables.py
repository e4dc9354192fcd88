"""A book's tables as data frames: the columns that other programs rely on, numbers as nearest doubles."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kaohe.scoring.unitresult import NodeResult

if TYPE_CHECKING:
    import pandas as pd

    from kaohe.scoring.book import ScoreBook

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


def scores(book: ScoreBook) -> pd.DataFrame:
    """One row a unit and indicator."""
    import pandas as pd

    rows = [
        {
            "year": book.year,
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
        for cell in book.cells
    ]
    frame = pd.DataFrame(rows, columns=SCORE_COLUMNS)
    numbers = dict.fromkeys(("max_points", "points", "raw", "deducted", "capped"), "float64")
    return frame.astype({**numbers, "applicable": "bool"})


def results(book: ScoreBook) -> pd.DataFrame:
    """One row a unit."""
    import pandas as pd

    rows = []
    for unit in book.units:
        row: dict[str, Any] = {"year": book.year}
        row |= {name: getattr(unit, name) for name in ("unit_id", "name", "group", "category")}
        for column, item, what in book.columns_of_points:
            row[column] = _double(book.figure(unit, item, what))
        row |= {"total": float(unit.total) if unit.rated else None, "rank": unit.rank if unit.rated else None}
        row |= {name: getattr(unit, name) for name in book.facts}
        rows.append({**row, **unit.consequences})
    frame = pd.DataFrame(rows, columns=book.result_columns)
    all_rated = all(unit.rated for unit in book.units)
    kinds: dict[str, str] = {name: "float64" for name, _, _ in book.columns_of_points}
    kinds |= {"total": "float64", "rank": "int64" if all_rated else "Int64"}
    kinds |= dict.fromkeys((name for name in book.facts if name != "grade"), "bool")
    looks_back = {name for unit in book.units for name, held in unit.consequences.items() if held is None}
    past = looks_back | book.back
    kinds |= {name: "boolean" if name in past else "bool" for name in book.consequences}
    return frame.astype(kinds)


def nodes(book: ScoreBook) -> pd.DataFrame:
    """One row an item of the tree and unit, leaves included."""
    import pandas as pd

    frame = pd.DataFrame(_node_rows(book), columns=NODE_COLUMNS)
    kinds = {
        **dict.fromkeys(("raw", "points", "full", "weight"), "float64"),
        "parent": "string",
        "period": "string",
    }
    return frame.astype(kinds)


def _node_rows(book: ScoreBook) -> Iterator[dict[str, Any]]:
    """Each month or term before the item itself."""
    for unit in book.units:
        cells = book.cells_by_item(unit.unit_id)
        for item, info in book.tree.items():
            node = unit.nodes.get(item)
            if node is None and item in cells and cells[item].applicable:
                cell = cells[item]
                node = NodeResult(cell.raw, cell.points, cell.max_points, status=cell.status)
                reason = cell.reason
            elif node is not None:
                reason = node.reason
            else:
                continue
            about = {"year": book.year, "unit_id": unit.unit_id, "item": item, "parent": info.parent}
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
