from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.charts.style import table_of
from kaohe.charts.targets import FURTHEST, targets, title
from kaohe.scoring.book import CheckResult
from tests.charts.books import full_marks


def checked(book, *checks):
    return replace(book, checks=tuple(checks))


def check(indicator, value, bound, sign="≥"):
    value, bound = Fraction(value), Fraction(bound)
    met = value >= bound if sign == "≥" else value <= bound
    share = value / bound if sign == "≥" else bound / value
    return CheckResult(indicator.partition(".")[0], indicator, f"数 {sign} {bound}", value, met, share)


def said(book, unit="D03"):
    return targets(book, unit).layout.meta["title"]


def test_a_department_shows_every_task_with_its_share_of_the_full_mark(book):
    _, bars, *_ = targets(book, "D03").data
    cells = [cell for cell in book.cells_of("D03") if cell.indicator.startswith("D03.T") and cell.applicable]
    assert list(bars.meta["indicators"]) == [cell.indicator for cell in cells]
    assert list(bars.x) == [float(cell.points / cell.max_points) for cell in cells]


def test_a_college_shows_the_indicators_whose_text_names_a_number(book):
    _, bars, *_ = targets(book, "C1").data
    checks = book.checks_of("C1")
    assert set(bars.meta["indicators"]) == {each.indicator for each in checks if each.met is not None}


def test_a_number_stands_where_it_was_reached_and_far_ones_at_the_edge(book):
    made = checked(book, check("D03.T08", 63, 70), check("D03.T08", 400, 40), check("D03.T13", 30, 30))
    _, bars, met, missed = targets(made, "D03").data
    assert list(missed.x) == [0.9]
    assert list(met.x) == [float(FURTHEST), 1.0]
    assert "1000%" in met.hovertext[0]
    assert "画在 130% 处" in targets(made, "D03").layout.meta["says"]
    assert bars.meta["indicators"][missed.y[0]] == "D03.T08"


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ([check("D03.T08", 63, 70)], "其中 1 处数字未达到：“双带头人培育与工作室”"),
        ([check("D03.T08", 70, 70)], "写明的 1 处数字都达到"),
        ([CheckResult("D03", "D03.T08", "数 ≥ 70", None, None)], "1 处数字未上报，其余都达到"),
        (
            [check("D03.T08", 63, 70), CheckResult("D03", "D03.T13", "数 ≥ 70", None, None)],
            "其中 1 处数字未达到：“双带头人培育与工作室”；另有 1 处数字未上报",
        ),
        ([], "最低的是“"),
    ],
    ids=["missed", "met", "not handed in", "missed and not handed in", "no numbers"],
)
def test_the_title_says_which_numbers_were_missed(book, checks, words):
    assert words in said(checked(book, *checks))


def test_less_can_be_better():
    assert check("D03.T08", 2, 3, "≤").share == Fraction(3, 2)


def test_full_marks_without_numbers_is_said(book):
    assert "项项满分" in said(full_marks(checked(book), "D03"))


def test_nothing_to_hold_against_is_said(book):
    assert "没有可以核对的数字" in said(checked(book), "C1")


def test_the_table_behind_has_every_number(book):
    made = checked(book, check("D03.T08", 63, 70))
    assert "数 ≥ 70" in table_of(targets(made, "D03"))
    assert title(made, "D03", [book.cell("D03", "D03.T08")], [Fraction(1)]).endswith("：“双带头人培育与工作室”")
