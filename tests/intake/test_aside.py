"""Totals, notes and signatures beside the rows of a table, and units below its header."""

from pathlib import Path
from typing import Any

import pytest

from kaohe.intake import read_year
from kaohe.intake.tables.aside import kind_of
from tests.intake.toy import HEAD, INDEX, put
from tests.intake.yearbook import YearBook, found, only, remarkable, sheet_rows, workbook

BELOW = [
    ["合计", 440, 210, 14],
    [None, "合　计：", 440, 210],
    ["注：1.票数由组织部统计"],
    ["备注：无效票不计"],
    ["数据来源：组织部"],
    ["填表人：张三", None, "审核人：李四"],
    ["负责人", "张三", "审核人", "李四"],
    [None, "单位负责人（签字）：", None, "2019年7月1日"],
    ["（盖章）"],
    ["2019年7月1日"],
    ["年　月　日"],
    ["平均分", 62.5],
    ["全校", 62],
    ["无", "/", "无"],
    ["甲", "1", "2", "3"],
    ["合计（7 个单位）", 440, 210, 14],
    ["Grand total", 440, 210, 14],
    ["上述部门小计", 440, 210, 14],
    ["最高", 66, 30, 2],
    ["同比", "1.2%", "-3%", 0],
    ["——以下空白——"],
    ["第 1 页，共 2 页"],
    ["以上数据属实"],
    ["1. 票数以现场清点为准"],
]


@pytest.mark.parametrize("below", BELOW)
def test_what_stands_below_a_table_is_said_to_be_that(year: YearBook, below: list[Any]) -> None:
    rows = sheet_rows("ballots", year.tables["ballots"])
    year.without("ballots").save("票.xlsx", workbook({"民主测评": [*rows, below]}))
    intake = year.read()
    assert remarkable(intake) == ["beside-table"]
    finding = only(intake, "beside-table")
    assert (finding.row, kind_of(below) in finding.message) == (len(rows) + 1, True)
    assert len(intake.data.votes) == 7


def test_all_of_it_is_told_once_also_where_cells_are_merged(year: YearBook) -> None:
    rows = sheet_rows("ballots", year.tables["ballots"])
    book = workbook({"民主测评": [*rows, *BELOW[:6]]})
    book["民主测评"].merge_cells(f"A{len(rows) + 3}:D{len(rows) + 3}")
    year.without("ballots").save("票.xlsx", book)
    assert remarkable(year.read()) == ["beside-table"]


@pytest.mark.parametrize(
    "line",
    [
        ["C01", 60, 30, 2],
        ["注册中心", 1],
        ["日期", "事件", "次数"],
        ["附属小学", "甲"],
        ["D03", "负责人"],
        [],
        ["1、信息学院", "一等奖"],
    ],
)
def test_rows_that_may_be_data(line: list[Any]) -> None:
    assert not kind_of(line)


def test_a_metric_that_is_called_like_a_total(tmp_path: Path) -> None:
    scheme = HEAD + INDEX.replace("人均收入", "增长率")
    rows = [("metric", "甲队", "乙队"), ("预期寿命", 70, 71), ("增长率", 500, 600), ("平均", 1, 2)]
    intake = read_year(put(tmp_path, "2020", scheme, metrics=rows), "2020")
    assert len(intake.data.metrics) == 4
    assert "第 4 行是合计" in only(intake, "beside-table").message


def test_units_below_the_header(year: YearBook) -> None:
    head, *rows = sheet_rows("ballots", year.tables["ballots"])
    year.without("ballots").save("票.xlsx", workbook({"民主测评": [head, [None, "（人）", "（人）"], *rows]}))
    assert remarkable(year.read()) == ["beside-table"]
    year.save("票.xlsx", workbook({"民主测评": [head, [None, "（百人）", "（百人）"], *rows]}))
    assert only(year.look(), "unit-above").row == 2


def test_a_note_goes_on_below_and_a_correction_in_it_is_an_error(year: YearBook) -> None:
    rows = sheet_rows("ballots", year.tables["ballots"])
    below = [["注：1. 票数以现场清点为准"], ["2. C01 优秀票误填，应为 61"]]
    year.without("ballots").save("票.xlsx", workbook({"民主测评": [*rows, *below]}))
    intake = year.read()
    assert remarkable(intake) == ["correction-beside", "beside-table"]
    assert only(intake, "correction-beside").row == len(rows) + 2
    assert f"第 {len(rows) + 1}、{len(rows) + 2} 行是说明" in only(intake, "beside-table").message


def test_a_table_of_nothing_but_notes_is_empty(year: YearBook) -> None:
    year.tables["metrics"] = []
    year.write_csv()
    year.put("metrics.csv", "unit_id,metric,value\n注：另报,,\n")
    intake = year.look()
    assert [only(intake, each).code for each in ("empty-table", "beside-table")]
    assert not found(intake, "missing")
