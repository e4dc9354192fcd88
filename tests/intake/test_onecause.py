"""One cause is one finding: what is a consequence of it is neither listed as lacking nor told again."""

from typing import Any

import pytest

from tests.intake.yearbook import YearBook, csv_bytes, only, remarkable, sheet_rows, workbook


def wide(year: YearBook) -> list[list[Any]]:
    rows = sheet_rows("metrics", year.tables["metrics"], chinese=True, wide=True)
    year.without("metrics")
    return rows


@pytest.mark.parametrize("header", ["社会培训人数排名", "社会培训人数（上年）", "社会培训人次"])
def test_a_header_that_names_nearly_a_metric_is_all_there_is_to_say(year: YearBook, header: str) -> None:
    rows = wide(year)
    rows[0][rows[0].index("社会培训人数")] = header
    year.save("宽.xlsx", workbook({"指标数据": rows}))
    intake = year.read()
    assert remarkable(intake) == ["unknown-metric"]
    assert "是否指 社会培训人数" in only(intake, "unknown-metric").expected


def test_ids_under_merged_cells_are_one_finding(year: YearBook) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"])
    book = workbook({"metrics": rows})
    for unit in ("C01", "C02"):
        of_unit = [at for at, row in enumerate(rows, start=1) if row[0] == unit]
        book["metrics"].merge_cells(f"A{of_unit[0]}:A{of_unit[-1]}")
    year.without("metrics").save("a.xlsx", book)
    intake = year.read()
    assert remarkable(intake) == ["merged-cells"]
    assert only(intake, "merged-cells").message.count("第 ") == 2
    assert not intake.missing


def test_a_header_of_two_rows_is_read_and_said(year: YearBook) -> None:
    rows = wide(year)
    groups = [rows[0][0], "教学", None, "其他", *[None] * (len(rows[0]) - 4)]
    book = workbook({"指标数据": [groups, [None, *rows[0][1:]], *rows[1:]]})
    book["指标数据"].merge_cells("A1:A2")
    year.save("宽.xlsx", book)
    intake = year.read()
    assert remarkable(intake) == ["two-row-header"]
    assert len(intake.data.metrics) == 106


@pytest.mark.parametrize(
    ("name", "sheet"), [("指标数据V2.csv", ""), ("教务处 - 指标数据_20190701.csv", ""), ("指标数据.xlsx", "Sheet1")]
)
def test_a_name_with_the_tables_in_it_is_one_finding(year: YearBook, name: str, sheet: str) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"])
    year.without("metrics")
    if sheet:
        year.save(name, workbook({sheet: rows}))
    else:
        year.put(name, csv_bytes(rows))
    intake = year.read()
    assert remarkable(intake) == ["no-table"]
    assert "是否指“指标数据”" in only(intake, "no-table").expected
    assert (intake.missing, bool(intake.unread)) == ((), True)
