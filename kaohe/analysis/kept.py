"""Years and earlier scorings to hold side by side: read again from what was kept, and scored as they were."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe.analysis.scorings import run_policies
from kaohe.files.scratch import scratch
from kaohe.intake import Intake, list_years, read_year
from kaohe.intake.year.listed import is_year_of
from kaohe.scheme.schools import WHOSE, whose_file
from kaohe.scheme.whose import said_elsewhere
from kaohe.scheme.years import year_kind
from kaohe.scoring import history
from kaohe.scoring.book import ScoreBook
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
