"""Public pages: what the filtered table holds, no script, nothing else."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.public import public_unit, public_year
from kaohe.charts.public import (
    public_components,
    public_findings,
    public_heading,
    public_points,
    public_ranking,
    public_sections,
    public_unit_heading,
)
from tests.charts.books import all_equal
from tests.charts.test_tables import rows


@pytest.fixture
def book(book):
    """Final: its panels are of every size, and nothing were told of the totals before."""
    return replace(book, final="2020-09-20 定稿：会议")


@pytest.fixture
def published(book):
    return public_year(book)


@pytest.fixture
def unit(book):
    return public_unit(book, "C1")


def test_rank_unit_total_and_grade(published):
    for group in published.groups:
        found = rows(public_ranking(published, group))
        wanted = [row for row in published.rows if row.group == group]
        assert [(row[0].split()[-1], row[1], row[2], row[4]) for row in found] == [
            (str(row.rank), row.name, f"{float(row.total):.2f}", f"{row.grade} {row.why}".strip()) for row in wanted
        ]


def test_a_high_rank_without_the_best_grade_has_its_reason_beside_it(published):
    """Whoever stands above somebody of the best grade and has it not is told why."""
    for group in published.groups:
        ranked = [row for row in published.rows if row.group == group]
        best = [at for at, row in enumerate(ranked) if row.grade == "优秀"]
        above = [row for row in ranked[: max(best, default=0)] if row.grade == "合格"]
        assert above or group == "yuanbu"
        assert all(row.why for row in above)


def test_bars_are_style_alone(published, unit):
    html = public_ranking(published, "yuanbu") + public_components(unit) + public_sections(unit) + public_points(unit)
    assert "<script" not in html
    assert "kh-track" in html


def test_totals_that_look_equal_are_explained(published):
    first, second, *rest = [row for row in published.rows if row.group == "yuanbu"]
    close = replace(published, rows=(replace(first, rank=1), replace(second, rank=2, total=first.total), *rest))
    assert "名次按未舍入的总分排定" in public_ranking(close, "yuanbu")


def test_a_true_tie_needs_no_explanation(book):
    tied = public_year(all_equal(book))
    html = public_ranking(tied, "yuanbu")
    assert "并列 1" in html
    assert "未舍入" not in html


def test_a_tie_that_was_decided_says_so(published):
    said = replace(published, rows=tuple(replace(row, decided=row.rank == 1) for row in published.rows))
    assert "经审议决定" not in public_ranking(published, "yuanbu")
    assert "并列，经审议决定" in public_ranking(said, "yuanbu")


def test_totals_that_are_not_told_yet_say_why(book):
    open_book = replace(book, final="")
    published, unit = public_year(open_book), public_unit(open_book, "C1")
    why = published.open["yuanbu"]
    assert why in public_findings(published)
    assert why in public_unit_heading(unit)
    assert {(row[0], row[2], row[4]) for row in rows(public_ranking(published, "yuanbu"))} == {("待定", "–", "待定")}


def test_withheld_points_say_why(unit):
    hidden = replace(
        unit, components=tuple(replace(item, points=None, reasons=("不足三人",)) for item in unit.components)
    )
    found = rows(public_components(hidden))
    assert all(row[2] == "–" and row[3] == "不足三人" for row in found)


def test_items_stand_under_their_headings_with_reasons(unit):
    html = public_points(unit)
    for item in unit.items:
        assert item.name in html
        for reason in item.reasons:
            assert reason.replace("<", "&lt;").replace(">", "&gt;") in html
    assert html.count('class="section"') == len(unit.sections)


def test_headings_carry_marks_and_figures(book, published, unit):
    assert "演示数据（合成）" in public_heading(replace(published, synthetic=True))
    assert "暂定" in public_unit_heading(replace(unit, provisional=True))
    assert f"{float(unit.total):.2f} / 200" in public_unit_heading(unit)
    assert f"{unit.rank} / {unit.of}" in public_unit_heading(unit)


def test_findings_name_the_grades(published):
    made = replace(
        published, rows=tuple(replace(row, grade="待审议" if row.rank == 1 else "合格") for row in published.rows)
    )
    said = public_findings(made)
    assert "待审议" in said
    assert "优秀" not in said


def test_names_are_escaped(published, unit):
    evil = replace(published, rows=tuple(replace(row, name="<b>x</b>") for row in published.rows))
    assert "<b>x</b>" not in public_ranking(evil, "yuanbu")
    assert "<b>x</b>" not in public_unit_heading(replace(unit, name="<b>x</b>"))


def test_more_than_full_and_less_than_nothing_still_draw_a_bar(unit):
    first, second, *rest = unit.components
    odd = replace(unit, components=(replace(first, points=first.full + 1), replace(second, points=Fraction(-1)), *rest))
    html = public_components(odd)
    assert "width:100.0%" in html
    assert "width:0.0%" in html
