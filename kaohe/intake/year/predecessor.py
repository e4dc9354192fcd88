"""The year that may be held beside a year as its predecessor: never an invented one beside a real one, unasked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe.intake.sheets.cells import plain
from kaohe.intake.year.folder import COMPARED, SYNTHETIC, printable
from kaohe.intake.year.listed import list_years
from kaohe.scheme import is_year, previous_year
from kaohe.scheme.years import spoken, year_said


def what_follows(year: str) -> str:
    """Of a year whose year before cannot be used."""
    return f"不与{spoken(year).last}对比，也不认定要连看两年的结果"


@dataclass(frozen=True)
class Predecessor:
    """`folder`: where the year before stands; None where there is none, or none that may be used: `why_not` says so.

    A college's first year has none, and nothing to say of it.
    """

    year: str
    folder: Path | None
    why_not: str = ""


def predecessor(raw: Path, year: str) -> Predecessor:
    """Of a year below `raw`, from the names and marks of the folders alone."""
    before = previous_year(year)
    if not before:
        return Predecessor("", None)
    invented = is_invented(raw, year)
    if (raw / before).is_dir():
        if is_invented(raw, before) == invented or (raw / year / COMPARED).is_file():
            return Predecessor(before, raw / before)
        said = spoken(year)
        kinds = ("演示数据（合成）", "真实数据") if not invented else ("真实数据", "演示数据（合成）")
        why = f"{year_said(before)}是{kinds[0]}，不作为{said.this}（{kinds[1]}）的{said.last}：{what_follows(year)}"
        return Predecessor(before, None, why)
    alike = [path.name for path in raw.iterdir() if path.is_dir() and _is_called(path.name, before)]
    if alike:
        called = f"文件夹“{printable(alike[0])}”像是 {year_said(before)}的，名称却不是“{before}”"
        why = f"{called}，没有读取：{what_follows(year)}"
        return Predecessor(before, None, why)
    earlier = [each for each in years_of(raw, invented=invented) if each < before]
    if not earlier:
        return Predecessor(before, None)
    why = f"没有 {year_said(before)}的数据（最近的是 {year_said(earlier[-1])}）：{what_follows(year)}"
    return Predecessor(before, None, why)


def _is_called(name: str, year: str) -> bool:
    """Whether a folder's name has all the digits of a year, and no others: `2018—2019`, `2018-2019学年`, `18-19`."""
    digits = re.findall(r"\d+", plain(name))
    parts = year.split("-")
    return digits in (parts, [each[-2:] for each in parts]) and name != year


def is_invented(raw: Path, year: str) -> bool:
    """Whether the year's folder says that its data are a demonstration."""
    return (raw / year / SYNTHETIC).is_file()


def years_of(raw: Path, *, invented: bool) -> list[str]:
    """The years below `raw` that are real, or those that are invented."""
    return [each for each in list_years(raw) if is_invented(raw, each) == invented]


def side_by_side(raw: Path, years: Sequence[str]) -> list[str]:
    """Those of the years that are held beside each other: no invented ones beside real ones, unless one asks for it."""
    real = [each for each in years if not is_invented(raw, each)]
    asked = any((raw / each / COMPARED).is_file() for each in real)
    return list(years) if asked or not real else real


def skipped(earlier: str, year: str) -> list[str]:
    """The years between two."""
    found = []
    while is_year(year) and (year := previous_year(year)) > earlier:
        found.append(year)
    return found[::-1]
