"""The workbook of findings: every one a row, a sheet an office, texts that stay texts."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from kaohe.exchange.findingsbook import ALL, HEADS, findings_book
from kaohe.intake import Intake
from kaohe.intake.findings import Finding, Missing
from kaohe.scheme import shipped
from tests.exchange.filling import kaohe
from tests.small import add, small_year

YEAR = "2018-2019"


def rows(page):
    heads, *lines = page.iter_rows(values_only=True)
    assert heads == ("部门", *HEADS)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def made(findings=(), missing=()):
    return findings_book(
        Intake(YEAR, scheme=shipped("lygtc-2018"), policies=None, data=None, findings=findings, missing=missing)
    )


def test_a_row_a_finding_on_one_sheet_and_on_the_offices() -> None:
    office = "教务处"
    wrong = Finding(
        "error",
        "x",
        "比率超出范围",
        "教务处/a.xlsx",
        "指标数据",
        7,
        "数值",
        "85",
        "0～1 之间的数",
        "C01",
        "B07",
        office,
    )
    placed = Finding("warning", "y", "行已隐藏", "财务处/b.xlsx", row=3)
    nobody = Finding("advisory", "z", "不是数据表，未读取", "通知.pdf")
    lacking = [Missing("C01", "metric", name, "training_income", "财务处") for name in ("K2b", "K2c")]
    book = made((nobody, placed, wrong), tuple(lacking))
    assert book.sheetnames == ["说明", ALL, "教务处", "目标办", "财务处"]
    first, *others = rows(book[ALL])
    assert tuple(first.values()) == (
        "教务处", "错误", "教务处/a.xlsx", "指标数据", 7, "数值", "C01", "B07", "85", "比率超出范围", "0～1 之间的数",
    )  # fmt: skip
    assert [row["级别"] for row in others] == ["警告", "提示", "尚缺"]
    assert [row["问题"] for row in rows(book["财务处"])] == ["行已隐藏", "尚未报送：培训与成人教育收入"]
    assert rows(book["财务处"])[1]["指标"] == "K2b、K2c"
    assert [row["文件"] for row in rows(book["目标办"])] == ["通知.pdf"]


def test_texts_stay_texts_and_long_offices_have_sheets_of_their_own() -> None:
    value = '=HYPERLINK("http://x","y")'
    long = "某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某处"
    found = [Finding("error", "x", "甲" * 3000, value=value, office=f"{long}{end}") for end in ("一", "二")]
    book = made(tuple(found))
    cell = book[ALL]["I2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (value, "s", True)
    assert len(book.sheetnames) == 4
    assert all(len(name) <= 31 for name in book.sheetnames)


@pytest.mark.slow
def test_the_command_writes_it_and_overwrites_nothing_unasked(tmp_path: Path) -> None:
    folder = small_year(tmp_path / "data", units=("C01", "D03"))
    add(folder, "metrics", unit_id="X99", metric="survey_rate", value="0.5")
    file = tmp_path / "问题.xlsx"
    code, out = kaohe("check", YEAR, "--out", file, "--data", tmp_path / "data")
    assert (code, f"已写出：{file}" in out) == (1, True)
    assert any(row["现为"] == "X99" for row in rows(load_workbook(file)[ALL]))
    before = file.read_bytes()
    assert kaohe("check", YEAR, "--out", file, "--data", tmp_path / "data")[0] == 2
    assert file.read_bytes() == before
    assert kaohe("check", YEAR, "--out", file, "--data", tmp_path / "data", "--overwrite")[0] == 1
    assert kaohe("check", YEAR, "--out", tmp_path / "a.xls", "--data", tmp_path / "data")[0] == 2
