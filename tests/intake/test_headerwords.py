"""Headers with a mark, a unit or a break in them, and units that a line or a header names."""

from typing import Any

import pytest

from kaohe.intake.tables.headerwords import other_unit
from tests.intake.ballots import ballots
from tests.intake.yearbook import YearBook, csv_bytes, found, only, remarkable, scheme, sheet_rows, workbook


def headed(year: YearBook, table: str, **other: str) -> YearBook:
    """The year with other headers of one table."""
    rows = sheet_rows(table, year.tables[table], chinese=True)
    rows[0] = [other.get(header, header) for header in rows[0]]
    year.without(table).put(f"{table}.csv", csv_bytes(rows))
    return year


@pytest.mark.parametrize(
    "header",
    ["数\n值", "数值（人）", "数值*", "*数值", "数值：", "数\u00a0值", "数值（必填）", "数值(value)", "数值[元]"],
)
def test_what_is_clearly_meant_is_taken_and_said(year: YearBook, header: str) -> None:
    intake = headed(year, "metrics", 数值=header).read()
    finding = only(intake, "header-taken")
    assert (finding.severity, finding.row, finding.column) == ("warning", 1, header)
    assert "读作“数值”" in finding.message
    assert remarkable(intake) == ["header-taken"]
    assert intake.data.metrics["C01", "trainees"].value == 10


def test_marks_on_every_header_are_said_once(year: YearBook) -> None:
    intake = headed(year, "ratings", 单位编号="单位编号*", 指标编号="指标编号*", 评分人="评分人*", 分值="分值*").read()
    assert remarkable(intake) == ["header-taken"]
    assert intake.data.ratings


def test_nothing_to_say_of_what_cannot_be_seen(year: YearBook) -> None:
    assert remarkable(headed(year, "metrics", 数值="数\u200b值").read()) == []


def test_another_thing_of_that_name_is_named_and_not_taken(year: YearBook) -> None:
    intake = headed(year, "metrics", 数值="数值（上年）").read()
    assert "是否指“数值”" in only(intake, "unknown-column").expected
    assert only(intake, "missing-column").severity == "error"
    assert not found(intake, "missing")


def across(year: YearBook, header: str, value: Any) -> YearBook:
    year.tables["metrics"] = [row for row in year.tables["metrics"] if row["metric"] != "invigilation_rate"]
    rows = [["单位编号", header], *([unit, value] for unit in ("C01", "C02"))]
    year.save("宽表.xlsx", workbook({"指标数据": rows}))
    return year


def test_a_metric_across_with_its_unit(year: YearBook) -> None:
    intake = across(year, "重点社会实践\n团队数（个）", 3).read()
    assert only(intake, "header-taken").column == "重点社会实践\n团队数（个）"
    assert intake.data.metrics["C02", "practice_teams"].value == 3


def test_percent_in_a_header_is_a_question_only_where_a_number_is_plain(year: YearBook) -> None:
    name = scheme().metrics["invigilation_rate"].name
    asked = only(across(year, f"{name}（%）", 0.9).read(), "unit-above")
    assert (asked.severity, asked.row, asked.column) == ("error", 1, f"{name}（%）")
    assert not found(across(year, f"{name}（%）", "90%").look(), "unit-above")


UNITS_NAMED = [
    "单位：人、万元",
    "（金额：万元）",
    "仟元",
    "萬元",
    "单位:千元",
    "（千元）",
    "金额以万元为单位",
    "单位：美元",
]


@pytest.mark.parametrize("title", UNITS_NAMED)
def test_a_line_above_that_names_another_unit_is_one_question(year: YearBook, title: str) -> None:
    for row in year.tables["metrics"]:  # so small that its size alone would be asked about
        if row["metric"] == "training_income":
            row["value"] = 12
    rows = [[title], *sheet_rows("metrics", year.tables["metrics"])]
    year.without("metrics").save("表.xlsx", workbook({"metrics": rows}))
    finding = only(year.read(), "unit-above")
    assert (finding.severity, finding.row, finding.value) == ("error", 1, title)
    assert not found(year.look(), "magnitude")


@pytest.mark.parametrize("header", ["金额（万元）", "金额（仟元）"])
def test_a_header_that_names_another_unit_is_one_question(year: YearBook, header: str) -> None:
    finding = only(headed(year, "achievements", 金额=header).read(), "unit-above")
    assert (finding.severity, finding.row, finding.column) == ("error", 1, header)


def test_a_unit_in_two_cells_and_one_in_the_header_itself(year: YearBook) -> None:
    rows = sheet_rows("ballots", year.tables["ballots"])
    year.without("ballots").save("票.xlsx", workbook({"ballots": [["单位：", "百人"], *rows]}))
    assert only(year.read(), "unit-above").row == 1
    year.save("票.xlsx", workbook({"ballots": [[*rows[0], "（百人）"], *rows[1:]]}))
    assert only(year.look(), "unit-above").column == "（百人）"


@pytest.mark.parametrize("text", ["十、经费", "三百人大会", "填报单位：千人计划办公室", "单位：人", "表 万"])
def test_words_that_are_no_unit(text: str) -> None:
    assert not other_unit(text)


def test_a_year_in_brackets_behind_a_header_is_held_against_the_year(year: YearBook) -> None:
    rows = ballots(year, chinese=True)
    rows[0][1:] = [f"{each}（2017-2018）" for each in rows[0][1:]]
    year.save("票.xlsx", workbook({"民主测评": rows}))
    assert {each.column for each in found(year.read(), "other-year")} == set(rows[0][1:])
