"""Doubtful raters beside the boundary they touch: counted, unnamed, with what the grades would be without them."""

from dataclasses import replace
from fractions import Fraction

from kaohe.analysis.readings import with_effects
from kaohe.analysis.verdict import away, edges, inside_margin
from kaohe.analysis.warned import DOUBTFUL
from kaohe.charts.keymessages import key_messages
from kaohe.charts.verdict import group_stability, unit_stability, verdict
from kaohe.scoring.bookfile import frozen, thawed
from tests.analysis.test_robust import TRUE, noisy, planted, year
from tests.charts.books import scored


def looked(given):
    intake, book = given
    return with_effects(book, intake)


def test_a_strict_rater_who_decides_the_place_stands_at_the_boundary():
    book = looked(planted())
    (warned,) = book.warned
    assert (warned.mark, warned.items, warned.units) == ("strict", 2, ("丙", "甲"))
    assert [(each.unit, each.grade_then) for each in warned.graded] == [("甲", "优秀"), ("乙", "合格")]
    said = "一位评分人给全部的分明显偏严（不计这位的分，甲由合格变为优秀、乙由优秀变为合格）"
    assert said in verdict(book)
    assert any(said in each for each in unit_stability(book, "甲"))
    assert any(said in each for each in key_messages(book))
    assert not any("评分人" in each for each in unit_stability(book, "丁"))


def test_one_who_gives_every_unit_the_same_is_told_although_no_grade_turns():
    marks = noisy()
    for unit in marks:
        marks[unit]["r3"] = 80
    book = looked(year(marks))
    assert [each.mark for each in book.warned] == ["flat"]
    assert group_stability(book, "all") == [
        "全部优秀有多稳：一位评分人在 2 项上给全部各单位的分都一样（不计这位的分，等次不变）。"
    ]


def test_nobody_is_named_and_a_clean_year_warns_of_nobody():
    assert looked(year()).warned == ()
    book = looked(planted())
    assert thawed(frozen(book)).warned == book.warned
    assert "strict" not in "".join([*key_messages(book), verdict(book), *unit_stability(book, "甲")])
    assert {each.mark for each in book.warned} <= set(DOUBTFUL)
    assert set(TRUE) >= set(book.warned[0].units)


def test_what_is_worth_less_than_the_way_to_the_line_is_not_inside_it():
    book = scored()
    edge = edges(book, "yuanbu")[0]
    unit = edge.last or edge.inside[0]
    cell = next(each for each in book.cells_of(unit.unit_id) if each.applicable and each.max_points)
    disputed = tuple(replace(each, status="disputed" if each is cell else "scored") for each in book.cells)
    made = replace(book, cells=disputed, checks=())
    beyond = replace(unit, unit_id="X", name="另一个", total=unit.total - Fraction(1, 1000))
    near = replace(edge, last=unit, next=beyond)
    far = replace(near, next=replace(beyond, total=unit.total - 1000))
    assert away(made, near, unit) == Fraction(1, 1000)
    assert inside_margin(made, near).disputed == ((cell.indicator, unit.unit_id),)
    assert inside_margin(made, far).disputed == ()
