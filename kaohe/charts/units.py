"""All units of a year in one table to search: where each stands and how it moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from kaohe.analysis.exact import mean
from kaohe.analysis.grades import grade_kinds
from kaohe.analysis.movement import pool_between
from kaohe.charts.amounts import gain_cell
from kaohe.charts.change import pool_said
from kaohe.charts.html import Cell, Content, Head, Html, Row, badge, grade, join, number, table, text
from kaohe.charts.notation import arrow
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.lineage import forebears


def units_table(book: ScoreBook, page: Callable[[str], str], failed: Collection[str] = ()) -> Html:
    """Group by group, best first; `page` is where a unit's own page lies, `failed` those whose page is not there."""
    rows = [
        Row(_row(book, unit, page, failed), anchor=unit.unit_id) for key in book.groups for unit in book.ranking(key)
    ]
    heads: list[Head | str] = ["单位", "组别", Head("名次", number=True), Head("总分", number=True)]
    heads += ["等次"] if book.grading else []
    if book.before is not None:
        heads += [Head(f"名次升降（比 {book.before.year}）", number=True), Head("总分增减", number=True)]
    return table(heads, rows, caption="；".join(_pools(book)), empty=f"{book.spoken.this}没有单位。")


def _pools(book: ScoreBook) -> Iterator[str]:
    """Groups in which not the same units are ranked as last year."""
    if book.before is None:
        return
    for key, group in book.groups.items():
        pool = pool_between(book.before, book, key)
        if pool.changed:
            yield f"{group.name}：与 {year_said(book.before.year)}相比，{pool_said(pool)}"


def _row(
    book: ScoreBook, unit: UnitResult, page: Callable[[str], str], failed: Collection[str]
) -> list[Cell | Content]:
    link = Html(f'<a href="{text(page(unit.unit_id))}">{text(unit.name)}</a>')
    name = join([link, badge("本次生成失败", "fail") if unit.unit_id in failed else ""], " ")
    totals = [other.total for other in book.rated(unit.group)]
    cells: list[Cell | Content] = [
        Cell(name, name="name"),
        book.groups[unit.group].name,
        Cell(unit.rank, sort=unit.rank, number=True) if unit.rated else Cell("–", sort=1e9, number=True, name="none"),
        number(unit.total if unit.rated else None, totals, book.total_decimals(unit.group)),
        *([grade(unit.grade, grade_kinds(book))] if book.grading else []),
    ]
    return cells if book.before is None else [*cells, *_since(book, unit)]


def _since(book: ScoreBook, unit: UnitResult) -> tuple[Cell, Cell]:
    assert book.before is not None
    before = forebears(book.before, book, unit.unit_id)
    if before and not (unit.rated and all(was.rated for was in before)):
        return Cell("–", sort=float("-inf"), number=True, name="none"), Cell("–", sort=float("-inf"), number=True)
    if not before:
        return Cell("新增", sort=float("-inf"), number=True, name="none"), Cell("–", sort=float("-inf"), number=True)
    gained = unit.total - mean(was.total for was in before)
    if len(before) > 1:
        return Cell("合并", sort=float("-inf"), number=True, name="none"), gain_cell(book, gained)
    climbed = before[0].rank - unit.rank
    return Cell(arrow(climbed, "="), sort=climbed, number=True), gain_cell(book, gained)
