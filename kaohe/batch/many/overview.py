"""The page over the sites of many schools: every school and year, what is not done first, and the way to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kaohe.batch.assets import share_assets
from kaohe.batch.export import Page, page_of_template
from kaohe.batch.many.told import SchoolTold, YearTold, told_of_json
from kaohe.batch.unchanged import last_stood
from kaohe.files.locks import holding
from kaohe.files.sets import whole_set
from kaohe.scheme.years import year_said
from kaohe.scoring.marks import INVENTED
from kaohe.scoring.refusal import RefusedError

CALLED = {"scored": "已评分", "refused": "数据有错误或未报齐", "failed": "没有做成"}


@dataclass(frozen=True)
class Cell:
    """A school's year: where it leads, and what is said of it."""

    text: str
    href: str = ""
    marks: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    sort: str = ""


@dataclass(frozen=True)
class Row:
    """A school; `href`: its site, where it has one."""

    school: str
    authority: str
    title: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Wrong:
    """A school, or one year of it, and what is wrong."""

    name: str
    said: str


def refuse_one_site(out: Path) -> None:
    """RefusedError where `out` is the site of one school: its index would be lost."""
    if any(out.glob("*/check.html")):
        raise RefusedError(f"{out} 里是一所学校的报告，各校的不能写进去；请用 --out 另选一个文件夹")


def write_overview(out: Path, schools: Iterable[str], told: Mapping[str, SchoolTold]) -> Path:
    """Write `out`/index.html over the sites of `schools`; `told` is known of those that were done now.

    Of the others it says what their last run left, if that ended well.
    """
    with holding(out, deep=False), whole_set(out) as stage:
        known = {school: told.get(school) or _remembered(out, school) for school in schools}
        years = sorted({*_years_told(known.values()), *_years_there(out, known)}, reverse=True)
        rows = [_row(out, school, known[school], years) for school in known]
        share_assets(stage)
        stage.write("index.html", _page(rows, years, known))
    return out / "index.html"


def _remembered(out: Path, school: str) -> SchoolTold | None:
    stood = last_stood(out / school)
    return told_of_json(stood.about) if stood else None


def _years_told(known: Iterable[SchoolTold | None]) -> Iterator[str]:
    for school in known:
        yield from (year.year for year in school.years) if school else ()


def _years_there(out: Path, schools: Iterable[str]) -> Iterator[str]:
    for school in schools:
        yield from (page.parent.name for page in (out / school).glob("*/check.html"))


def _row(out: Path, school: str, told: SchoolTold | None, years: Iterable[str]) -> Row:
    years_told = {year.year: year for year in told.years} if told else {}
    cells = tuple(_cell(out, school, year, years_told.get(year)) for year in years)
    href = _there(out, f"{school}/index.html")
    title = told.title if told else "" if href else "还没有数据"
    return Row(school, told.authority if told else "", title, href, cells)


def _cell(out: Path, school: str, year: str, told: YearTold | None) -> Cell:
    index, check = _there(out, f"{school}/{year}/index.html"), _there(out, f"{school}/{year}/check.html")
    if told is None:
        href = index or check
        return Cell("见其网页", href, lines=("上次运行没有全部做成，或不含这一年",)) if href else Cell("—")
    if told.state != "scored":
        return Cell(CALLED[told.state], check, lines=(told.said,))
    lines = (*([told.said] if told.said else []), *told.lines, f"评分编号 {told.id}")
    return Cell(f"{told.units} 个单位", index, told.marks, lines, str(told.units))


def _there(out: Path, page: str) -> str:
    return page if (out / page).is_file() else ""


def _page(rows: list[Row], years: list[str], known: Mapping[str, SchoolTold | None]) -> str:
    told = [school for school in known.values() if school is not None]
    scored = [year for school in told for year in school.years if year.state == "scored"]
    wrong = list(_wrong(told))
    summary = f"{len(rows)} 所学校，{len(scored)} 个年度有结果" + (f"，{len(wrong)} 处没有做成" if wrong else "")
    invented = [INVENTED in year.marks for year in scored]
    partly = "其中有演示数据（合成）" if any(invented) and not all(invented) else ""
    page = Page(
        title="各校考核一览", assets="assets/", synthetic=bool(invented) and all(invented), partly=partly,
        provisional=any("暂定" in year.marks for year in scored),
    )  # fmt: skip
    return page_of_template("schools.html.j2", page, summary=summary, wrong=wrong, rows=rows, years=years)


def _wrong(told: Iterable[SchoolTold]) -> Iterator[Wrong]:
    for school in told:
        if school.failed:
            yield Wrong(school.school, school.failed)
        for year in school.years:
            if year.said:
                yield Wrong(f"{school.school} {year_said(year.year)}", year.said)
