"""Which tables stand in which file: one workbook of everything, or the workbooks of many offices."""

from collections.abc import Iterator
from dataclasses import dataclass

from kaohe.scheme.demo.profiles import departments, yuanbu
from kaohe.scheme.demo.tables import Tables

WORKBOOK_YEAR, OFFICES_YEAR = "2019-2020", "2020-2021"
WIDE_FROM = 3
"""An office with so many metrics sends them side by side: units down, metrics across."""

OF_OFFICE = {"党委组织部（人事处）": ("units", "exemptions")}  # whole tables that an office keeps
ACHIEVEMENTS_OF = {"教务处": "K1.1", "科技与产业处": "K6", "党委宣传部": "K7.1"}


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook; `wide`: units down, metrics or indicators across."""

    table: str
    rows: list[dict]
    wide: bool = False


@dataclass(frozen=True)
class Book:
    """A workbook: its path below the year's folder, the office that sends it and what it holds."""

    path: str
    office: str
    about: str
    sheets: list[Sheet]


def single_book(year: str, tables: Tables) -> Iterator[Book]:
    sheets = [Sheet(table, rows) for table, rows in tables.items()]
    yield Book(f"综合目标考核原始数据（{year}）.xlsx", "目标办", "全部原始数据，一表一页", sheets)


def office_books(tables: Tables) -> Iterator[Book]:
    of_yuanbu = [row for row in tables["metrics"] if row["unit_id"] in yuanbu()]
    offices = {row["source"] for row in of_yuanbu} | set(OF_OFFICE) | set(ACHIEVEMENTS_OF)
    yield from (_office_book(office, of_yuanbu, tables) for office in sorted(offices))
    decided = [Sheet(table, tables[table]) for table in ("vetoes", "incidents")]
    yield Book("纪委.xlsx", "监察室（纪委办公室）", "否决事项与扣分事件", decided)
    yield from _assessment_office_books(tables)


def _office_book(office: str, of_yuanbu: list[dict], tables: Tables) -> Book:
    sheets = [Sheet(table, tables[table]) for table in OF_OFFICE.get(office, ())]
    if metrics := [row for row in of_yuanbu if row["source"] == office]:
        wide = len({row["metric"] for row in metrics}) >= WIDE_FROM
        sheets.append(Sheet("metrics", metrics, wide))
    if indicator := ACHIEVEMENTS_OF.get(office):
        sheets.append(Sheet("achievements", [row for row in tables["achievements"] if row["indicator"] == indicator]))
    return Book(f"{_path(office)}.xlsx", office, "本部门掌握的院部考核数据与成果", sheets)


def _path(office: str) -> str:
    """An office inside another one sends its file from there: 党委组织部（人事处） is 党委组织部/人事处."""
    return office.replace("（", "/").replace("）", "")


def _assessment_office_books(tables: Tables) -> Iterator[Book]:
    """What the assessment office gathers itself, in a folder of its own; base indicators are rated on a wide sheet."""

    def book(name: str, about: str, *sheets: Sheet) -> Book:
        return Book(f"目标办/{name}.xlsx", "目标办", about, list(sheets))

    def whole(*names: str) -> list[Sheet]:
        return [Sheet(name, tables[name]) for name in names]

    def rated(start: str) -> list[dict]:
        return [row for row in tables["ratings"] if row["indicator"].startswith(start)]

    targets = [row for row in tables["metrics"] if row["unit_id"] in departments()]
    yield book("民主测评与领导评价", "民主测评票数与校领导评分", *whole("ballots", "leader_ratings"))
    yield book("申报与评选", "优秀申报与突出贡献奖", *whole("declarations", "awards"))
    yield book("部门目标数据", "部门年度任务中有数字要求的完成情况", Sheet("metrics", targets))
    yield book("各单位自评", "各单位自查自评分", *whole("self_scores"))
    yield book("评分/院部基础指标评分", "考核组评分：院部基础指标", Sheet("ratings", rated("B"), wide=True))
    yield book("评分/院部重点指标评分", "考核组评分：院部重点指标", Sheet("ratings", rated("K")))
    yield book("评分/部门评分", "考核组评分：部门", Sheet("ratings", rated("D")))
