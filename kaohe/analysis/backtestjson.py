"""A backtest as plain data: by year who would have moved, which data would be missing, which items changed."""

from __future__ import annotations

from typing import Any

from kaohe.analysis.backtest import Backtest, ItemChange, Moved, YearTested
from kaohe.analysis.exact import exactly
from kaohe.analysis.recast import TABLES

DIGITS = 6


def backtest_json(found: Backtest) -> dict[str, Any]:
    """Totals and means exact (`exact.exactly`), a rounded float beside; what ends in `_then` is under the draft."""
    return {
        "analysis": "backtest",
        "scheme": {"id": found.scheme_id, "title": found.scheme_title},
        "synthetic": any(year.synthetic for year in found.years),
        "provisional": any(year.provisional for year in found.years),
        "years": {year.year: _year(year) for year in found.years},
        "not_computed": [{"year": year.year, "why": year.problem} for year in found.years if year.problem],
    }


def _year(year: YearTested) -> dict[str, Any]:
    moved = year.moved
    return {
        "problem": year.problem,
        "synthetic": year.synthetic,
        "provisional": year.provisional,
        "decimals": year.decimals,
        "units": len(year.units),
        "rank_moved": sum(each.unit.rank != each.then.rank for each in moved),
        "grade_moved": sum(each.unit.by_points != each.then.by_points for each in moved),
        "moved": [_moved(each, year) for each in moved],
        "missing": [
            {"item": each.item, "name": each.name, "kind": each.kind, "what": each.what, "called": each.called,
             "office": each.office, "units": list(each.units)}
            for each in year.lacking
        ],
        "items": [_item(each) for each in year.items],
        "changes": [str(change) for change in year.others],
        "left_out": dict(year.left_out),
        "readings_gone": [
            {"name": each.name, "value": each.value, "question": each.question, "why": each.why}
            for each in year.readings
        ],
        "readings_new": [{"name": name, "question": asks, "taken": says} for name, asks, says in year.taken],
        "rows_gone": [
            {"table": table, "called": TABLES[table], "about": about, "rows": rows}
            for (table, about), rows in year.gone.items()
        ],
        "ratings_scaled": {name: [str(was), str(now)] for name, (was, now) in year.scaled.items()},
        "unscored": list(year.unscored),
    }  # fmt: skip


def _moved(each: Moved, year: YearTested) -> dict[str, Any]:
    unit, then = each.unit, each.then
    return {
        "unit": unit.unit_id,
        "name": unit.name,
        "group": unit.group,
        "group_name": year.groups.get(unit.group, unit.group),
        "rank": unit.rank,
        "rank_then": then.rank,
        "grade": unit.by_points,
        "grade_then": then.by_points,
        "total": exactly(unit.total),
        "total_then": exactly(then.total),
        "decimals": year.decimals,
        "gain": round(float(then.total - unit.total), DIGITS),
    }


def _item(each: ItemChange) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "how": each.how,
        "changes": [
            {"field": change.field, "before": list(change.before), "after": list(change.after)}
            for change in each.changes
            if change.field
        ],
        "mean": None if each.mean is None else exactly(each.mean),
        "mean_rounded": None if each.mean is None else round(float(each.mean), DIGITS),
        "units": each.units,
    }
