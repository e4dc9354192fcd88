"""Years and earlier scorings to hold side by side: read again from what was kept, and scored as they were."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kaohe.files.scratch import scratch
from kaohe.intake import Intake, list_years, read_year
from kaohe.intake.year.folder import is_year_of
from kaohe.rules.wording import fixed
from kaohe.scheme.schools import WHOSE
from kaohe.scheme.whose import said_elsewhere, whose_file
from kaohe.scheme.years import year_kind
from kaohe.scoring import history
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.parquet import rows_of
from kaohe.scoring.score import NotScorableError, score_intake, year_before
from kaohe.scoring.write import is_trial, read_manifest


@dataclass(frozen=True)
class Side:
    """A scored year and how it is called beside the other."""

    name: str
    intake: Intake
    book: ScoreBook


class SideError(ValueError):
    """What was asked for is no year, scoring or folder that can be scored; says in Chinese why."""


def side_of(given: str, data: Path, year: str = "") -> Side:
    """A year, a scoring's id or manifest, or a folder of raw tables (of `year`, where its name does not say)."""
    path = Path(given)
    if is_year_of(data / "raw", given) and (data / "raw" / given).is_dir():
        return _of_raw(f"{given} 现在的数据", data / "raw", given)
    if path.is_file():
        about = read_manifest(path.parent) if path.name == "manifest.json" else {}
        if "id" not in about:
            raise SideError(f"{path} 不是 kaohe score 写出的 manifest.json")
        if is_trial(about):
            raise SideError(f"{path} 是试算的，没有历史，不能对照；试算与真实数据的不同，评分时已经列出")
        return of_record(path.parent, history.find(path.parent, about["id"]))
    if path.is_dir():
        return _of_folder(path, year, data / "raw")
    for folder in _folders(data):
        if any(record.id.startswith(given) for record in history.scorings(folder)):
            return of_record(folder, history.find(folder, given))
    known = "、".join(list_years(data / "raw"))
    kinds = "年度、评分编号、manifest.json 或原始数据文件夹"
    raise SideError(f"{given} 不是{kinds}；已有年度：{known}，编号见 kaohe history")


def _folders(data: Path) -> Iterator[Path]:
    """The folders of results that a history belongs to."""
    root = data / "processed"
    yield from (root / name for name in list_years(root))


def of_record(folder: Path, record: history.Record) -> Side:
    """An earlier scoring, made again from the raw files and readings that were kept."""
    about = record.manifest
    with scratch() as place:
        raw = place / "raw"
        history.restore(folder, record, raw)
        _same_scheme(folder.parent.parent / "raw", place)
        name = f"{about['year']} 评分 {record.id[:7]}（{record.time[:16].replace('T', ' ')}）"
        return _of_raw(name, raw, about["year"], run_policies(about), provisional=about["provisional"])


def run_policies(about: Mapping[str, Any]) -> dict[str, str]:
    """The readings of a scoring that were given for that run alone."""
    return {name: str(policy["value"]) for name, policy in about["policies"].items() if policy["origin"] == "run"}


def _same_scheme(raw: Path, place: Path) -> None:
    """Years put into another folder keep the scheme that is named beside where they come from."""
    said = said_elsewhere(raw)
    if said is not None:
        (place / WHOSE).write_text(said, encoding="utf-8")


def _of_folder(path: Path, year: str, raw: Path) -> Side:
    """A folder of raw tables; one that is not named by a year is read as one of `year`; under the scheme of `raw`
    where nothing beside it names another."""
    if is_year_of(path.parent, path.name) and (whose_file(path.parent) or said_elsewhere(raw) is None):
        return _of_raw(str(path), path.parent, path.name)
    year = year or path.name
    if year_kind(year) in (None, "event") and not is_year_of(raw, year):
        raise SideError(f"{path} 的名称不是年度（如 2018-2019、2021），不知道是哪一年度的数据")
    with scratch() as place:
        shutil.copytree(path, place / "raw" / year)
        _same_scheme(raw, place)
        return _of_raw(str(path), place / "raw", year)


def _of_raw(
    name: str, raw: Path, year: str, policies: Mapping[str, Any] | None = None, *, provisional: bool = False
) -> Side:
    intake = read_year(raw, year, policies)
    try:
        book = score_intake(
            intake, before=year_before(raw, year), provisional=provisional, despite_errors=provisional
        )  # fmt: skip
    except NotScorableError as error:
        raise SideError(f"{name}：{error}") from None
    return Side(name, intake, book)


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
