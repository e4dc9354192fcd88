"""What is said around a table's figures of all of them: another unit, percent, another year."""

from typing import Any

import pytest

from kaohe.intake.sheets.worksheet import page_texts
from kaohe.intake.tables.around import other_years
from kaohe.intake.tables.headerwords import share_unit
from tests.intake.yearbook import YearBook, csv_bytes, found, only, remarkable, scheme, sheet_rows, workbook

RATE, MONEY = "invigilation_rate", "training_income"


def wide(year: YearBook, metric: str, value: Any, *, above: Any = (), below: Any = (), **more: Any) -> YearBook:
    """One metric in a wide table of its own, with what stands above and below it."""
    year.tables["metrics"] = [row for row in year.tables["metrics"] if row["metric"] != metric]
    head = ["单位编号", scheme().metrics[metric].name, *more]
    rows = [head, *([unit, value, *more.values()] for unit in ("C01", "C02"))]
    year.save("宽表.xlsx", workbook({"指标数据": [*above, *rows, *below]}))
    return year


@pytest.mark.parametrize("said", ["单位：%", "（%）", "单位：百分比", "单位：‰", "以百分数表示", "计量单位：千分比"])
def test_percent_above_plain_rates_is_asked_about(year: YearBook, said: str) -> None:
    finding = only(wide(year, RATE, 0.9, above=[[said]]).read(), "unit-above")
    assert (finding.severity, finding.row, finding.value) == ("error", 1, said)
    assert scheme().metrics[RATE].name in finding.message
    assert not found(wide(year, RATE, "90%", above=[[said]]).look(), "unit-above")


def test_percent_beside_tall_rates_is_asked_about(year: YearBook) -> None:
    rows = [["单位：%"], *sheet_rows("metrics", year.tables["metrics"])]
    year.without("metrics").put("x/metrics.csv", csv_bytes(rows))
    assert only(year.read(), "unit-above").row == 1


@pytest.mark.parametrize("text", ["达到 85%", "完成率提高 5 %", "单位：元", "百分制", "比 2017 年高 3%"])
def test_what_says_no_share(text: str) -> None:
    assert not share_unit(text)


@pytest.mark.parametrize(
    "said",
    [
        "单位：万元",
        "金额单位：万元",
        "以上数据单位为万元",
        "注：单位万元",
        "注：收入以万元计",
        "单位：百元",
        "单位：千元",
        "说明：单位为万",
    ],
)
@pytest.mark.parametrize("at", [0, 1])
def test_a_unit_below_a_wide_table_is_asked_about(year: YearBook, said: str, at: int) -> None:
    line = [None] * at + [said]
    finding = only(wide(year, MONEY, 12_000, below=[[], line]).read(), "unit-above")
    assert (finding.severity, finding.row, finding.value) == ("error", 5, said)


def test_a_row_of_words_in_a_wide_table_is_told(year: YearBook) -> None:
    said = "本表作废，以教务处重新报送的为准"
    intake = wide(year, MONEY, 12_000, below=[[said]]).read()
    finding = only(intake, "correction-beside")
    assert (finding.severity, finding.row, finding.value) == ("error", 4, said)
    assert not found(intake, "no-data-row")
    other = "以教务处重新报送的数据统计"
    finding = only(wide(year, MONEY, 12_000, below=[[other]]).read(), "no-data-row")
    assert (finding.row, finding.value) == (4, other)
    assert not found(wide(year, MONEY, 12_000, below=[["E01"]]).look(), "no-data-row")


@pytest.mark.parametrize("header", ["计量单位", "单位", "备注", "数据来源"])
def test_a_unit_beside_a_figure_is_asked_about(year: YearBook, header: str) -> None:
    intake = wide(year, MONEY, 12_000, **{header: "万元"}).read()
    assert [(each.row, each.column, each.severity) for each in found(intake, "unit-above")] == [
        (2, header, "error"),
        (3, header, "error"),
    ]
    assert not found(wide(year, MONEY, 12_000, **{header: "元"}).look(), "unit-above")


@pytest.mark.parametrize(
    ("remark", "code"),
    [("上年数据", "other-year"), ("去年数", "other-year"), ("2017年", "other-year"), ("预计数", "provisional-figure")],
)
def test_a_remark_that_the_figure_is_another_one(year: YearBook, remark: str, code: str) -> None:
    intake = wide(year, MONEY, 120_000, 备注=remark).read()
    assert [(each.severity, each.row, each.column) for each in found(intake, code)] == [
        ("warning", 2, "备注"),
        ("warning", 3, "备注"),
    ]
    assert remarkable(wide(year, MONEY, 120_000, 备注="含上年结转").look()) == ["missing"]


def test_a_remark_that_names_an_amount_is_none_of_a_unit(year: YearBook) -> None:
    assert not found(wide(year, MONEY, 12_000, 备注="其中横向 20 万元").read(), "unit-above")


def test_a_column_of_percent_beside_plain_rates(year: YearBook) -> None:
    assert len(found(wide(year, RATE, 0.9, 计量单位="%").read(), "unit-above")) == 2
    assert not found(wide(year, RATE, "90%", 计量单位="%").look(), "unit-above")


@pytest.mark.parametrize("part", ["oddHeader", "oddFooter", "evenHeader", "firstFooter"])
def test_what_is_printed_on_every_page(year: YearBook, part: str) -> None:
    wide(year, MONEY, 12_000)
    book = workbook({"指标数据": [["单位编号", scheme().metrics[MONEY].name], ["C01", 12_000]]})
    getattr(book["指标数据"], part).right.text = "单位：万元"
    year.save("宽表.xlsx", book)
    assert only(year.read(), "unit-above").value == "单位：万元"


def test_codes_of_a_page_are_no_words() -> None:
    assert page_texts('&L&"宋体,常规"&12单位：万元&C第 &P 页&RA && B&K000000') == ["单位：万元", "第  页", "A & B"]


@pytest.mark.parametrize(
    "title",
    ["2017-2018学年收入统计表", "2017—2018学年", "2017学年", "2017年度收入", "二〇一七年度",
     "2019-2020学年", "上学年收入", "2019学年", "去年收入", "2017-18学年",
     "17-18学年", "二○一七—二○一八学年", "2017.9-2018.8", "2018年1月—2018年12月"],
)  # fmt: skip
def test_another_year_above_the_table(year: YearBook, title: str) -> None:
    finding = only(wide(year, MONEY, 120_000, above=[[title]]).read(), "other-year")
    assert (finding.severity, finding.row, finding.value) == ("warning", 1, title)


def test_another_year_in_names_notes_and_columns(year: YearBook) -> None:
    assert only(wide(year, MONEY, 120_000, below=[["注：以上为2017-2018学年数据"]]).read(), "other-year").row == 4
    assert only(wide(year, MONEY, 120_000, 学年="2017-2018").look(), "other-year").column == "学年"
    (year.folder / "宽表.xlsx").rename(year.folder / "收入2017.xlsx")
    assert {each.value for each in found(year.look(), "other-year")} == {"收入2017", "2017-2018"}


@pytest.mark.parametrize(
    "text",
    ["2018-2019学年", "2018—2019 学年度", "2018-19", "2018学年", "2019年度",
     "2019年9月1日", "2018-09 至 2019-08", "2018年9月至2019年8月", "根据2017年印发的办法",
     "〔2017〕12 号", "20190910教务处", "与上年同期相比", "以上年级", "填报日期：2020年1月3日"],
)  # fmt: skip
def test_what_names_no_other_year(text: str) -> None:
    assert not other_years(text, "2018-2019", name=True)


def test_titles_that_say_nothing_are_quiet(year: YearBook) -> None:
    above = [["连云港职业技术学院收入统计表"], ["填报单位：财务处", None, "填报日期：2019年9月1日"]]
    assert remarkable(wide(year, MONEY, 120_000, above=above).read()) == ["missing"]


@pytest.mark.parametrize("title", ["2018-2019学年工作计划", "（预计数，以最终审核为准）", "2018-2019学年上学期"])
def test_a_title_that_says_the_figures_are_not_the_last_ones(year: YearBook, title: str) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"])
    year.without("metrics").put("metrics.csv", csv_bytes([[title], *rows]))
    finding = only(year.read(), "provisional-figure")
    assert (finding.severity, finding.row, finding.value) == ("warning", 1, title)


def test_a_header_that_names_another_year(year: YearBook) -> None:
    header, *rows = sheet_rows("metrics", year.tables["metrics"])
    header[header.index("value")] = "数值（2017-2018）"
    year.without("metrics").put("metrics.csv", csv_bytes([header, *rows]))
    finding = only(year.read(), "other-year")
    assert (finding.row, finding.column) == (1, "数值（2017-2018）")


@pytest.mark.parametrize(("name", "is_told"), [("机电工程学院", True), ("信息工程学院", False), ("财务处", False)])
def test_a_title_that_names_another_unit_than_every_row(year: YearBook, name: str, is_told: bool) -> None:
    """An office that reports a unit's figures names itself."""
    metrics = year.tables["metrics"]
    rows = sheet_rows("metrics", [row for row in metrics if row["unit_id"] == "C01"])
    year.tables["metrics"] = [row for row in metrics if row["unit_id"] != "C01"]
    year.put("a/metrics.csv", csv_bytes([[f"填报单位：{name}"], *rows]))
    told = found(year.read(), "contradicting-name")
    assert [each.file for each in told] == ["a/metrics.csv"] * is_told
