"""What one scoring of a year did to another, from records and tables that were kept; light: nothing is read again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from kaohe.rules.wording import fixed
from kaohe.scoring import history
from kaohe.scoring.parquet import rows_of


def run_policies(about: Mapping[str, Any]) -> dict[str, str]:
    """The readings of a scoring that were given for that run alone."""
    return {name: str(policy["value"]) for name, policy in about["policies"].items() if policy["origin"] == "run"}


def moved(folder: Path, earlier: history.Record, later: history.Record) -> list[str]:
    """Who has another rank, grade or total in the later of two scorings, from the tables that were kept."""
    then, now = (_results(folder, each.manifest["results"]["results.parquet"], each.id) for each in (earlier, later))
    names = {unit: str(row["name"]) for table in (then, now) for unit, row in table.items()}
    said = []
    for unit, new in now.items():
        if unit not in then:
            said.append(f"{unit} {names[unit]}：新增")
            continue
        old = then[unit]
        parts = []
        if old["rank"] != new["rank"]:
            parts.append(f"第 {old['rank']} → {new['rank']} 名")
        if old.get("grade") != new.get("grade"):
            parts.append(f"{old.get('grade', '–')} → {new.get('grade', '–')}")
        if old["total"] != new["total"]:
            was, is_now = ("–" if each["total"] is None else fixed(each["total"]) for each in (old, new))
            parts.append(f"{was} → {is_now} 分")
        if parts:
            said.append(f"{unit} {names[unit]}：{'，'.join(parts)}")
    said += [f"{unit} {names[unit]}：不再参评" for unit in then if unit not in now]
    return said


@lru_cache(maxsize=2)  # a history is gone through pair by pair: each table is the later one, then the earlier
def _results(folder: Path, sha256: str, scoring: str) -> Mapping[str, Mapping[str, Any]]:
    """Unit → its name, rank, grade and total, from the table that was kept by this hash; HistoryError where another
    file was put in its place, record and all."""
    content = history.kept(folder, sha256)
    try:
        rows = rows_of(content, ["unit_id", "name", "rank", "total"], ["grade"])
        totals = [None if row["total"] is None else float(row["total"]) for row in rows]
        found = {str(row["unit_id"]): {**row, "total": total} for row, total in zip(rows, totals, strict=True)}
        if len(found) < len(rows):
            raise ValueError("单位重复")
    except (ValueError, TypeError, OSError, KeyError) as error:
        raise history.HistoryError(f"历史中评分 {scoring} 的结果表不是评分结果：{error}；{history.ADVICE}") from None
    return found


def changed_files(earlier: history.Record, later: history.Record) -> list[str]:
    """Raw files of the year that are new, changed or gone."""
    then, now = earlier.manifest["inputs"], later.manifest["inputs"]
    return [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
