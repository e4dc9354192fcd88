"""A unit's points as plain data: every quantity a sentence used, item by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from kaohe.rules import Trace
from kaohe.rules.achievements import Tally
from kaohe.rules.enclosed import Real
from kaohe.rules.evidence import Achievement, Incident
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.components import components


def trace_json(book: ScoreBook, unit_id: str, indicator: str | None = None) -> dict[str, Any]:
    """The traces as plain data. KeyError for an unknown unit or indicator.

    Of a whole unit, too: each vote's trace by the vote's name, `nodes` for every item above the scored leaves, and
    `result`, named as the columns of the results.
    """
    cells = [book.cell(unit_id, indicator)] if indicator else book.cells_of(unit_id)
    out: dict[str, Any] = {
        "year": book.year,
        "unit_id": unit_id,
        "scheme": book.scheme_id,
        "policies": {policy.name: policy.value for policy in book.policies},
        **({"trial": True} if book.trial else {}),
        "indicators": [_cell(book, cell) for cell in cells],
    }
    if indicator is None:
        unit = book.unit(unit_id)
        out["nodes"] = list(_nodes(book, unit))
        for item, vote in book.votes.items():
            node = unit.nodes.get(item)
            out.setdefault(vote.id, plain_trace(node.trace) if node is not None and node.trace else None)
        out["result"] = _result(book, unit)
    return out


def _result(book: ScoreBook, unit: UnitResult) -> dict[str, Any]:
    nodes = {name: unit.nodes[name] for name in components(book, unit.group) if name in unit.nodes}
    own = {name: node.own_full for name, node in nodes.items() if node.own_full is not None}
    return {
        **{column: _plain(value) for column, value in book.point_columns(unit).items()},
        "total": _plain(unit.total) if unit.rated else None,
        "attainable": _plain(unit.attainable),
        "own_full": _plain(own),
        "rank": unit.rank if unit.rated else None,
        **{name: getattr(unit, name) for name in ("grade", "declared", "vetoed")},
        **unit.consequences,
    }


def _nodes(book: ScoreBook, unit: UnitResult) -> Iterator[dict[str, Any]]:
    for item, info in book.tree.items():
        node = unit.nodes.get(item)
        if node is not None:
            yield {
                "item": item,
                "name": info.name,
                "clause": info.clause,
                "parent": info.parent,
                "combine": info.combine,
                **{name: _plain(getattr(node, name)) for name in ("raw", "points", "full", "own_full", "weight")},
                "points_exact": None if node.points is None else _exact(node.points),
                "periods": _plain(node.periods),
                "status": node.status,
                "sentences": [sentence.text for sentence in node.sentences],
            }


def _cell(book: ScoreBook, cell: ScoreCell) -> dict[str, Any]:
    info = book.indicators[cell.indicator]
    return {
        "indicator": cell.indicator,
        "name": info.name,
        "clause": cell.clause,
        "status": cell.status,
        **{name: _plain(getattr(cell, name)) for name in ("max_points", "points", "raw", "deducted", "capped")},
        "policies": list(cell.policies),
        "sentences": [sentence.text for sentence in cell.sentences],
        "ahead": list(cell.ahead),
        "due": [due.says for due in info.due],
        "trace": plain_trace(cell.trace) if cell.trace else None,
    }


def plain_trace(trace: Trace) -> dict[str, Any]:
    """A trace and its parts as JSON data; numbers as nearest doubles, points also exactly."""
    return {
        "kind": trace.kind,
        "points": _plain(trace.points),
        "points_exact": _exact(trace.points),
        "awarded": _plain(trace.awarded),
        "deducted": _plain(trace.deducted),
        "capped": _plain(trace.capped),
        "quantities": {name: _plain(value) for name, value in trace.quantities.items()},
        "rule": {name: _plain(value) for name, value in trace.rule.items()},
        "parts": [plain_trace(part) for part in trace.parts],
    }


def _exact(value: Any) -> str:
    """A fraction as `n/d`; of a number that is none the nearest double."""
    return str(float(value)) if isinstance(value, Real) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, BaseModel):
        return {name: _plain(child) for name, child in value if child is not None}
    if isinstance(value, Tally):
        return {
            "sum": _plain(value.sum),
            "counted": [{**_plain(row), "weight": _plain(weight)} for row, weight in value.counted],
            "repeated": _plain(value.repeated),
            "weightless": _plain(value.weightless),
        }
    if isinstance(value, Achievement | Incident):
        return {name: _plain(child) for name, child in vars(value).items()}
    if isinstance(value, Mapping):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(child) for child in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
