"""Each kind of finding is said where it holds, and only there."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.charts.headings import banner, heading
from kaohe.charts.sentences import (
    missed_note,
    policy_note,
    unit_findings,
    unit_heading,
    year_findings,
    year_heading,
    years_findings,
    years_heading,
)
from tests.charts.books import changed, full_marks, scored


def marked(book, *, synthetic=False, provisional=False):
    return replace(book, synthetic=synthetic, provisional=provisional)


def test_every_heading_carries_the_marks(book, books):
    both = marked(book, synthetic=True, provisional=True)
    for html in (year_heading(both), unit_heading(both, "C1"), years_heading([books[0], both])):
        assert "演示数据（合成）" in html
        assert "暂定" in html
    for html in (year_heading(book), unit_heading(book, "C1"), years_heading(books), banner(book)):
        assert "演示数据" not in html
        assert "暂定" not in html


def test_a_heading_escapes_and_brings_its_style(book):
    html = heading("<b>x</b>", ["<i>"], book)
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "&lt;i&gt;" in html
    assert html.startswith("<style>")


def test_a_units_heading_has_total_rank_and_grade(book):
    unit = book.unit("C1")
    html = unit_heading(book, "C1")
    assert f"{float(unit.total):.2f} / 200" in html
    assert f"{unit.rank} / {len(book.ranking('yuanbu'))}" in html
    assert unit.grade in html


def graded(book, **grades):
    """Yuanbu graded by place in the ranking: first='优秀', second=…; all others 合格."""
    places = ["first", "second", "third", "fourth"]
    units = book.ranking("yuanbu")
    wanted = {unit.unit_id: {"grade": "合格", "vetoed": False, "declared": True} for unit in book.units}
    for place, unit in zip(places, units, strict=False):
        wanted[unit.unit_id] |= {"grade": grades.get(place, "合格")}
    return changed(book, wanted)


def test_the_last_places_margin_is_said(book):
    made = graded(book, first="优秀", second="优秀")
    second, third = made.ranking("yuanbu")[1:3]
    said = year_findings(made)
    assert f"最后一个名额比下一个具备条件的{third.name}" in said
    assert f"高 {float(second.total - third.total):.2f} 分。" in said
    undeclared = replace(made, facts=tuple(each for each in made.facts if each != "declared"))
    assert f"最后一个名额比下一个{third.name}" in year_findings(undeclared)


def test_free_places_and_pending_ties_are_said(book):
    assert "空缺 1 个名额" in year_findings(graded(book, first="优秀"))
    assert "院部没有评出优秀，2 个名额空缺" in year_findings(graded(book))
    said = year_findings(graded(book, first="优秀", second="待审议", third="待审议"))
    assert "院部需审议" in said
    assert "争 1 个优秀名额" in said
    assert "院部优秀" in said
    assert "空缺" not in said.split("院部优秀")[1].split("</li>")[0]


def test_a_vetoed_front_runner_is_said(book):
    made = graded(book, second="优秀", third="优秀")
    first = made.ranking("yuanbu")[0]
    said = year_findings(changed(made, {first.unit_id: {"vetoed": True}}))
    assert f"{first.name}总分已达优秀线，因有否决事项不得评优" in said
    assert "否决" not in year_findings(made)


def test_failures_and_last_two_years_are_said(book):
    last = book.ranking("yuanbu")[-1]
    made = changed(graded(book), {last.unit_id: {"grade": "不合格", "last_two_years": True}})
    said = year_findings(made)
    assert f"{last.name}不合格（比不合格线低" in said
    assert "须限期整改；连续两年排在院部末位，须通报批评。" in said


def test_what_may_still_change_comes_first(book):
    cells = tuple(
        replace(cell, status={"B01": "missing", "B02": "disputed"}.get(cell.indicator, "scored"))
        if cell.unit == "C1" and cell.applicable
        else replace(cell, status="scored" if cell.applicable else cell.status)
        for cell in book.cells
    )
    said = year_findings(replace(book, cells=cells))
    assert said.index("有 1 项得分缺数据") < said.index("有 1 项得分所依据的数据有争议") < said.index("部门")
    assert "缺数据" in unit_findings(replace(book, cells=cells), "C1")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"grade": "优秀"}, "优秀：优秀申报已认定"),
        ({"grade": "待审议"}, "待审议：优秀申报已认定"),
        ({"grade": "不合格", "total": Fraction(100), "fail_below": Fraction(120)}, "比不合格线 120.00 分低 20.00 分"),
        (
            {"grade": "不合格", "total": Fraction("100.008"), "fail_below": Fraction("120.004")},
            "低 20.00 分（未舍入：120.004 − 100.008）",
        ),
        ({"grade": "合格", "declared": False}, "优秀申报未具备条件或未认定"),
        ({"grade": "合格", "vetoed": True}, "有否决事项"),
    ],
)
def test_a_units_grade_is_explained(book, fields, said):
    made = changed(graded(book, first="优秀"), {"C1": {"declared": True, **fields}})
    assert said in unit_findings(made, "C1")


def test_a_unit_without_losses_is_told_so(book):
    assert "没有失分" in unit_findings(full_marks(book, "C1"), "C1")


def test_years_that_differ_in_readings_are_warned_of(books):
    assert "读法不同" not in years_findings(books)
    other = replace(scored(policies=(("fail_line", "0.7"),)), year="2020-2021")
    assert "1 处读法不同" in years_findings([*books, other])


def test_notes_count(book):
    assert f"共 {len(book.policies)} 处：0 处已有决定" in policy_note(book)
    checked = [check for check in book.checks if check.met is not None]
    assert f"共核对 {len(checked)} 处" in missed_note(book)
    unknown = tuple(replace(check, met=None) for check in book.checks)
    assert "没有上报可以核对的数字" in missed_note(replace(book, checks=unknown))
    assert missed_note(replace(book, checks=())) == ""
