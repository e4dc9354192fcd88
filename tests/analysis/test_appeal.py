"""The answer to an appeal: evidence with its places, rule, pool, readings, points; nothing confidential, one sheet."""

import re
from html import escape

import pytest

from kaohe.analysis.appeal import MOST_ROWS, answer
from kaohe.batch.appeal import appeal_page
from kaohe.batch.chromium import find_chromium
from kaohe.intake import read_year
from kaohe.scoring.score import score_intake
from tests.small import add, change, small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"
EVIL = "<script>alert('x')</script>"


@pytest.fixture
def folder(tmp_path):
    return small_year(tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The book of such a year as it is, and what it was scored from."""
    return scored(small_year(tmp_path_factory.mktemp("whole")))


def scored(folder):
    intake = read_year(folder.parent, YEAR)
    return score_intake(intake, provisional=True), intake


def answered(folder, unit, indicator, **more):
    """The answer of a year that was changed."""
    return answer(*scored(folder), unit, indicator, **more)


def test_a_computed_indicator_shows_inputs_rule_pool_reading_and_what_is_ahead(whole):
    found = answer(*whole, "C01", "K3.1")
    assert any(re.fullmatch(r"metrics\.csv 第 \d+ 行", row.place) for row in found.evidence)
    assert found.how
    assert "智能制造学院" in found.pool
    assert any("P05a" in said for said in found.policies)
    assert found.reasons
    page = appeal_page(found, "暂定（尚未定稿）")
    for part in (*found.how, found.clause, "暂定（尚未定稿）", "演示数据（合成）"):
        assert escape(part) in page
    assert "src=" not in page.replace("data-src=", "")
    assert not re.findall(r"""(?:href|src)=["'](?!#)""", page)


def test_whether_others_count_is_told_as_it_is_read(whole, folder):
    alone = "只看本单位，不与其他单位比较"
    assert answer(*whole, "C01", "K2a").pool == alone
    intake = read_year(folder.parent, YEAR, {"training_base": "mean_of_others"})
    found = answer(score_intake(intake, provisional=True), intake, "C01", "K2a", internal=True)  # a trial
    assert found.pool != alone
    assert "智能制造学院" in found.pool


def test_what_the_next_band_needs_is_said(folder):
    change(folder, "metrics", lambda row: {**row, "value": "0.45"}, where=lambda row: row["metric"] == "survey_rate")
    found = answered(folder, "C02", "K5.3")
    assert found.ahead
    assert found.ahead[0] in appeal_page(found)


def test_every_office_that_supplied_a_figure_is_named(whole, folder):
    found = answer(*whole, "C01", "K3.1")
    assert [(row.what, row.office) for row in found.evidence] == [
        ("专业教师授课学生数", "教务处"),
        ("专业教师数", "党委组织部（人事处）"),
    ]
    assert found.offices == ("教务处", "党委组织部（人事处）")
    assert "书面更正" in appeal_page(found).partition("（教务处、党委组织部（人事处））")[2]
    taught = {"unit_id": "C01", "metric": "students_taught"}
    change(folder, "metrics", lambda row: {**row, "source": "财务处"}, where=lambda row: taught.items() <= row.items())
    assert answered(folder, "C01", "K3.1").offices == ("财务处", "党委组织部（人事处）")


def test_ratings_and_the_figures_beside_them_have_their_offices(whole):
    found = answer(*whole, "C02", "K1.2")
    assert {row.what: row.office for row in found.evidence} == {"毕业生双证书获取率": "教务处", "评分": "教务处"}
    *_, rated = answer(*whole, "D03", "D03.T12").evidence
    assert (rated.what, rated.office) == ("评分", "目标办")
    assert answer(*whole, "D03", "D03.T12").offices == ("党委组织部（教师发展中心）", "目标办")


def test_where_no_way_is_computed_it_says_why(whole):
    assert answer(*whole, "C02", "B10").settled == "其余的分由评分人评定，不作推算"
    assert "由评分人评定" in appeal_page(answer(*whole, "C02", "B10"))
    computed = (cell for cell in whole[0].cells_of("C02") if cell.applicable and cell.raters is None)
    full = next(cell for cell in computed if cell.points == cell.max_points)
    assert answer(*whole, "C02", full.indicator).settled == "已得满分"


def test_single_raters_are_for_the_office_alone(folder):
    change(
        folder, "ratings", lambda row: {**row, "points": "0.3179"},
        where=lambda row: (row["unit_id"], row["indicator"]) == ("C02", "B10") and row["rater"].endswith("1"),
    )  # fmt: skip
    given, inside = answered(folder, "C02", "B10"), answered(folder, "C02", "B10", internal=True)
    raters = {row.what for row in inside.evidence}
    assert any(each.startswith("评分人 ") for each in raters)
    page = appeal_page(given)
    assert not any(each in page for each in raters)
    assert "单个评分人的分值不公开" in page
    assert "内部资料" not in page
    assert "内部资料" in appeal_page(inside)


def test_points_of_fewer_than_three_raters_are_withheld(folder):
    mine = {"unit_id": "C02", "indicator": "B10"}
    seen = []

    def first_two(row):
        seen.append(row)
        return row if len(seen) <= 2 else None

    change(folder, "ratings", first_two, where=lambda row: mine.items() <= row.items())
    found = answered(folder, "C02", "B10")
    assert found.result == "评分人不足三人，不公开"
    assert (found.reasons, found.ahead, found.sums) == ((), (), "")
    assert found.settled == "不公开得分，不作推算"
    assert "满分" in answered(folder, "C02", "B10", internal=True).result


def test_what_was_handed_in_is_escaped_and_cut_to_a_sheet(folder):
    kind = {"unit_id": "C01", "indicator": "K5.1b"}
    for number in range(20):
        add(folder, "incidents", **kind, date="2019-03-05", count="1", note=f"{EVIL}{number}")
    change(folder, "units", lambda row: {**row, "name": EVIL}, where=lambda row: row["unit_id"] == "C01")
    found = answered(folder, "C01", "K5.1b")
    assert len(found.evidence) == MOST_ROWS
    assert found.left == 21 - MOST_ROWS
    page = appeal_page(found)
    assert EVIL not in page
    assert "&lt;script&gt;" in page
    assert f"另有 {found.left} 行" in page


@pytest.mark.browser
def test_the_longest_answer_prints_on_one_sheet(whole, tmp_path):
    from kaohe.batch.printing import print_pages

    assert find_chromium()
    book, intake = whole
    rows = [(unit, cell.indicator) for unit in ("C01", "D03") for cell in book.cells_of(unit)]
    longest = max((appeal_page(answer(book, intake, *row), "暂定（尚未定稿）") for row in rows[::7]), key=len)
    path = tmp_path / "appeal.html"
    path.write_text(longest, encoding="utf-8")
    printed = print_pages([path])
    assert not printed.failed
    assert len(re.findall(rb"/Type */Page(?!s)", path.with_suffix(".pdf").read_bytes())) == 1
