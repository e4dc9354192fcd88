"""Copies of a table beside it: which cells differ is said in one finding, and nothing of the copy is read."""

import pytest

from kaohe.intake.year.folder import copied_name
from tests.intake.yearbook import YearBook, csv_bytes, found, only, remarkable, sheet_rows, workbook


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("指标数据 (2)", "指标数据"), ("指标数据(1)", "指标数据"), ("指标数据 - 副本", "指标数据"),
        ("副本指标数据", "指标数据"),
        ("Copy of 指标数据", "指标数据"), ("指标数据（最终版）", "指标数据"),
        ("指标数据定稿", "指标数据"), ("指标数据 修改版", "指标数据"),
        ("指标数据 - 副本 (2)", "指标数据"), ("复件 指标数据", "指标数据"), ("metrics_v2", "metrics"),
        ("指标数据", None), ("财务处", None),
        ("评分", None),
    ],
)  # fmt: skip
def test_names_of_copies(name: str, base: str | None) -> None:
    assert copied_name(name) == base


SHEETS = [
    "指标数据 (2)",
    "指标数据2",
    "指标数据_01",
    "指标数据 - 副本",
    "副本指标数据",
    "指标数据(1)",
    "指标数据最终版",
    "指标数据（修改后）",
    "新指标数据",
    "Sheet1 (2)",
]
FILES = [
    "metrics_1.csv",
    "指标数据 - 副本.csv",
    "指标数据 (2).csv",
    "metrics (2).csv",
    "副本/指标数据.csv",
    "旧/metrics.csv",
    "Copy of metrics.csv",
    "指标数据20190601.csv",
]


@pytest.mark.parametrize("name", [*SHEETS, *FILES])
def test_which_cells_of_a_copy_differ(year: YearBook, name: str) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"], chinese=True)
    where = next(number for number, row in enumerate(rows[1:], 1) if row[0] == "C02")
    other = [list(row) for row in rows]
    other[where][2] = 0.123
    year.without("metrics")
    if name in SHEETS:
        year.save("教务处.xlsx", workbook({"指标数据": rows, name: other}))
    else:
        year.put("指标数据.csv", csv_bytes(rows))
        year.put(name, csv_bytes(other))
    intake = year.read()
    assert remarkable(intake) == ["copy-differs"]
    finding = only(intake, "copy-differs")
    assert finding.severity == "error"
    assert f"有 1 格不同：第 {where + 1} 行（C02 " in finding.message
    assert f"这里是 0.123，第 {where + 1} 行是 {rows[where][2]}" in finding.message
    assert not intake.missing


def test_a_workbook_beside_its_copy(year: YearBook) -> None:
    year.write_xlsx(chinese=True, name="报送.xlsx")
    year.tables["achievements"].append({**year.tables["achievements"][0], "title": "副本里才有"})
    year.write_xlsx(chinese=True, name="报送 - 副本.xlsx")
    intake = year.look()
    assert "1 行只在这里：第 3 行（C01 K6 副本里才有）" in only(intake, "copy-differs").message
    assert {each.severity for each in found(intake, "copy")} == {"warning"}
    assert [each.title for each in intake.data.achievements] == ["一篇论文"]


@pytest.mark.parametrize("name", ["民主测评（修改后）", "Sheet2"])
def test_a_sheet_that_only_looks_like_a_table(year: YearBook, name: str) -> None:
    """Of which half the rows and more are not those of the table beside it."""
    rows = sheet_rows("ballots", year.tables["ballots"], chinese=True)
    year.without("ballots").save("票.xlsx", workbook({"民主测评": rows[:6], name: [rows[0], *rows[5:]]}))
    assert only(year.read(), "no-table").sheet == name


def test_what_is_only_called_a_copy_is_read(year: YearBook) -> None:
    half = [row for row in year.tables["ballots"] if row["unit_id"] < "D"]
    rest = [row for row in year.tables["ballots"] if row["unit_id"] >= "D"]
    year.without("ballots").save("票.xlsx", workbook({"民主测评": sheet_rows("ballots", half)}))
    year.save("票（最终版）.xlsx", workbook({"民主测评": sheet_rows("ballots", rest)}))
    assert remarkable(year.read()) == []
