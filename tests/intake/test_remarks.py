"""What a remark says against its row, and slips of a digit among votes and single marks, are asked about."""

from fractions import Fraction

import pytest

from kaohe.intake.tables.remarks import against, times_said
from tests.intake.yearbook import YearBook, achievement, csv_bytes, found, incident, only, remarkable, sheet_rows


@pytest.mark.parametrize(
    "text",
    ["应为 102", "实为70", "实际100人", "实际 100 人", "更正为 1,200", "同上年", "沿用去年数", "按上学年填报", "不扣分",
     "经复核撤销", "迟到，申诉成立予以取消", "其中20人重复计算", "重复统计", "数据有误"],
)  # fmt: skip
def test_remarks_against_their_figure(text: str) -> None:
    assert list(against(text, [Fraction(120)]))


@pytest.mark.parametrize(
    "text",
    ["实际120人", "更正为 120", "不含重复", "擅自取消课程", "与去年持平", "省教育厅审核后数据",
     "销假手续补办（上一学年）", "2019年改为3月开课", "应为2019年3月", "统计截止 8 月 31 日", "教务处"],
)  # fmt: skip
def test_and_others(text: str) -> None:
    assert not list(against(text, [Fraction(120)]))


def test_a_percentage_in_a_remark_is_a_rate() -> None:
    assert not list(against("实际85%", [Fraction(17, 20)]))
    assert list(against("实际58%", [Fraction(17, 20)]))


@pytest.mark.parametrize(
    ("text", "times"), [("迟到3次", {3}), ("两起", {2}), ("第3次检查未到", set()), ("缺席1次联席会议", set())]
)
def test_how_often_words_say(text: str, times: set[int]) -> None:
    assert times_said(text) == times


def test_a_remark_beside_a_metric(year: YearBook) -> None:
    row = year.set("metrics", "C01", "trainees", value=120, note="应为 102")
    finding = only(year.read(), "remark-against")
    assert (finding.severity, finding.row, finding.value) == ("warning", year.row_of("metrics", row), "应为 102")
    assert "应为 102" in finding.message


def test_a_remark_that_another_units_figure_is_in_it(year: YearBook) -> None:
    row = year.set("metrics", "C01", "trainees", value=120, note="含机电工程学院 30 人")
    finding = only(year.read(), "remark-against")
    assert (finding.row, finding.unit) == (year.row_of("metrics", row), "C01")


def test_how_often_and_a_withdrawn_event(year: YearBook) -> None:
    year.tables["incidents"] = [incident(note="迟到3次"), incident("C02", note="申诉成立，不扣分")]
    told = found(year.read(), "remark-against")
    assert sorted((each.row, each.column) for each in told) == [(2, "count"), (3, "note")]


@pytest.mark.parametrize("title", ["论文甲；论文乙；论文丙", "核心期刊论文3篇", "1.教学改革 2.课程建设"])
def test_several_works_in_a_row(year: YearBook, title: str) -> None:
    year.tables["achievements"] = [achievement(title=title)]
    assert (only(year.read(), "several-works").row, remarkable(year.look())) == (2, ["several-works"])


@pytest.mark.parametrize("title", ["无", "暂无", "/", "见附件"])
def test_no_work_is_no_work(year: YearBook, title: str) -> None:
    year.tables["achievements"] = [achievement(title=title)]
    intake = year.read()
    assert (only(intake, "blank").column, intake.data.achievements) == ("title", ())


@pytest.mark.parametrize("title", ["智能制造 2.0 与 1+X 证书", "三教改革的 3 个问题研究", "论文集（第 3 册）"])
def test_numbers_in_a_title(year: YearBook, title: str) -> None:
    year.tables["achievements"] = [achievement(title=title)]
    assert not remarkable(year.read())


def test_votes_with_a_digit_too_many(year: YearBook) -> None:
    year.tables["ballots"][0]["excellent"] = 600
    finding = only(year.read(), "votes-total")
    assert (finding.row, finding.column, finding.unit) == (2, "excellent", "C01")


def test_a_single_mark_with_a_digit_too_few(year: YearBook) -> None:
    row = year.tables["leader_ratings"][0]
    row["score"] = row["score"] / 10
    finding = only(year.read(), "mark-slip")
    assert (finding.row, finding.column) == (2, "score")
    assert f"是否指 {round(row['score'] * 10)}？" in finding.expected


def test_one_beside_rates_written_as_85(year: YearBook) -> None:
    year.set("metrics", "C01", "invigilation_rate", value=85)
    row = year.set("metrics", "C02", "invigilation_rate", value=1)
    finding = only(year.read(), "percent-or-whole")
    assert (finding.row, finding.unit) == (year.row_of("metrics", row), "C02")


@pytest.mark.parametrize("written", ["0.85%", 0.0085])
def test_a_rate_a_hundredth_of_the_others(year: YearBook, written: object) -> None:
    row = year.set("metrics", "C01", "invigilation_rate", value=written)
    finding = only(year.read(), "rate-slip")
    assert (finding.row, finding.unit) == (year.row_of("metrics", row), "C01")
    assert "是否指 85%" in finding.expected


def test_a_rate_of_nothing_where_others_have_much(year: YearBook) -> None:
    year.set("metrics", "C01", "invigilation_rate", value=0)
    assert "不能填 0" in only(year.read(), "rate-slip").expected


def test_a_telephone_number_is_no_head_count(year: YearBook) -> None:
    row = year.set("metrics", "C01", "trainees", value=13800138000)
    assert only(year.read(), "magnitude").row == year.row_of("metrics", row)


@pytest.mark.parametrize("name", ["旧/metrics.csv", "备份/metrics.csv", "作废/metrics.csv"])
def test_the_only_table_is_one_put_away(year: YearBook, name: str) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"])
    year.without("metrics").put(name, csv_bytes(rows))
    assert only(year.read(), "old-table").file == name
