"""A sheet a unit, and units across: the values that a plain table holds, each at its cell; never another unit's."""

from typing import Any

import pytest

from kaohe.intake import Intake
from tests.intake.yearbook import YearBook, csv_bytes, found, only, remarkable, scheme, workbook

NAMES = {name: metric.name for name, metric in scheme().metrics.items()}


def by_unit(year: YearBook, table: str = "metrics") -> dict[str, list[dict[str, Any]]]:
    """Unit → its rows; the table itself is then left out."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in year.tables[table]:
        rows.setdefault(row["unit_id"], []).append(row)
    year.without(table)
    return rows


def sheet(rows: list[dict[str, Any]]) -> list[list[Any]]:
    return [["指标名称", "数值"], *([NAMES[row["metric"]], row["value"]] for row in rows)]


def values(intake: Intake) -> dict[tuple[str, str], Any]:
    return {key: row.value for key, row in intake.data.metrics.items()}


def names_of(year: YearBook) -> dict[str, str]:
    return {row["unit_id"]: row["name"] for row in year.tables["units"]}


@pytest.mark.parametrize("how", ["id", "name", "both", "said", "said beside", "with a column"])
def test_a_sheet_a_unit_is_read_as_a_table_of_all(year: YearBook, how: str) -> None:
    expected, names = values(year.read()), names_of(year)
    (year.folder / "metrics.csv").unlink()
    sheets = {}
    for number, (unit, rows) in enumerate(by_unit(year).items(), start=1):
        lines = sheet(rows)
        match how:
            case "said":
                lines = [[f"单位：{names[unit]}"], ["填表人：张三"], *lines]
            case "said beside":
                lines = [["填报单位", unit], *lines]
            case "with a column":
                lines = [[*lines[0], "单位编号"], *([*line, unit] for line in lines[1:])]
        called = {"name": names[unit], "both": f"{unit} {names[unit]}", "said": f"表{number}"}
        sheets[called.get(how.split()[0], unit)] = lines
    year.save("分表.xlsx", workbook(sheets))
    intake = year.read()
    assert values(intake) == expected
    assert not intake.has_errors
    told = only(intake, "unit-sheets")
    assert (told.severity, told.file) == ("advisory", "分表.xlsx")
    assert "C01" in told.message


def test_a_finding_names_the_cell_of_the_sheet(year: YearBook) -> None:
    rows = by_unit(year)["C01"]
    lines = sheet(rows)
    lines[3][1] = "没有数"
    year.save("分表.xlsx", workbook({"C01": lines}))
    finding = next(each for each in found(year.read(), "bad-figure"))
    assert (finding.file, finding.sheet, finding.row, finding.column) == ("分表.xlsx", "C01", 4, "数值")
    assert (finding.unit, finding.value) == ("C01", "没有数")


def test_ratings_on_a_sheet_a_unit(year: YearBook) -> None:
    expected = year.read().data.ratings
    (year.folder / "ratings.csv").unlink()
    header = ["指标编号", "评分人", "分值"]
    rows = by_unit(year, "ratings")
    lines = {unit: [[row["indicator"], row["rater"], row["points"]] for row in mine] for unit, mine in rows.items()}
    year.save("评分.xlsx", workbook({unit: [header, *mine] for unit, mine in lines.items()}))
    read = year.read().data.ratings
    assert {key: [(each.rater, each.points) for each in some] for key, some in read.items()} == {
        key: [(each.rater, each.points) for each in some] for key, some in expected.items()
    }


def test_another_units_rows_on_a_units_sheet(year: YearBook) -> None:
    lines = sheet(by_unit(year)["C01"])
    lines = [[*lines[0], "单位编号"], *([*line, "C01"] for line in lines[1:])]
    lines[2][-1] = "C02"
    year.save("分表.xlsx", workbook({"C01": lines}))
    finding = only(year.read(), "contradicting-name")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("error", 3, "单位编号", "C02")


def test_a_sheet_named_by_one_unit_that_says_another(year: YearBook) -> None:
    year.save("分表.xlsx", workbook({"C01": [["单位：机电工程学院"], *sheet(by_unit(year)["C01"])]}))
    intake = year.read()
    assert (only(intake, "contradicting-name").sheet, intake.data.metrics) == ("C01", {})


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("C77", [["指标名称", "数值"], ["社会培训人数", 3]]),
        ("C01", [["姓名", "数值"], ["社会培训人数", 3]]),
        ("C01", [["指标编号", "分值"], ["B01", 1]]),
        ("表1", [["单位：万元"], ["指标名称", "数值"], ["社会培训人数", 3]]),
    ],
    ids=["no unit", "no table", "whose ratings?", "a measure"],
)
def test_what_is_no_sheet_of_a_unit(year: YearBook, name: str, lines: list[list[Any]]) -> None:
    year.save("a.xlsx", workbook({name: lines}))
    finding = only(year.read(), "no-table")
    assert (finding.severity, finding.file, finding.sheet) == ("error", "a.xlsx", name)


def test_a_name_of_two_units_is_no_units_sheet(year: YearBook) -> None:
    year.tables["units"][1]["name"] = "信息工程学院"
    year.save("a.xlsx", workbook({"信息工程学院": sheet(by_unit(year)["C01"])}))
    assert only(year.read(), "no-table").sheet == "信息工程学院"


@pytest.mark.parametrize("how", ["id", "name", "csv"])
def test_units_across(year: YearBook, how: str) -> None:
    expected, names = values(year.read()), names_of(year)
    (year.folder / "metrics.csv").unlink()
    rows = by_unit(year)
    cells = {(row["unit_id"], row["metric"]): row["value"] for some in rows.values() for row in some}
    units, metrics = list(rows), list(dict.fromkeys(metric for _, metric in cells))
    header = ["指标名称", *(names[unit] if how == "name" else unit for unit in units)]
    lines = [header, *([NAMES[metric], *(cells.get((unit, metric)) for unit in units)] for metric in metrics)]
    if how == "csv":
        year.put("a/指标数据.csv", csv_bytes(lines))
    else:
        year.save("a.xlsx", workbook({"指标数据": lines}))
    intake = year.read()
    assert values(intake) == expected
    assert remarkable(intake) == ["units-across"]


def test_ratings_with_units_across(year: YearBook) -> None:
    by_unit(year, "ratings")
    year.save(
        "a.xlsx", workbook({"评分": [["指标", "评分人", "D03", "D10"], ["W2", "甲", 9, 8], ["B01", "甲", None, None]]})
    )
    read = year.read().data.ratings
    assert {key: [each.points for each in some] for key, some in read.items()} == {
        ("D03", "D03.W2"): [9],
        ("D10", "D10.W2"): [8],
    }


def test_a_wrong_cell_with_units_across(year: YearBook) -> None:
    by_unit(year)
    lines = [
        ["序号", "指标名称", "C01", "信息学院", "C02"],
        [1, "社会培训人数", "许多", 3, 4],
        [2, "培训人次", 1, None, 2],
    ]
    year.save("a.xlsx", workbook({"指标数据": lines}))
    intake = year.read()
    finding = only(intake, "bad-figure")
    assert (finding.row, finding.column, finding.value, finding.unit) == (2, "C01", "许多", "C01")
    unit = only(intake, "unknown-unit")
    assert (unit.severity, unit.row, unit.column) == ("error", 1, "信息学院")
    assert only(intake, "unknown-column").column == "序号"
    assert {(each.row, each.value) for each in found(intake, "unknown-metric")} == {(3, "培训人次")}
    assert values(intake) == {("C02", "trainees"): 4}
