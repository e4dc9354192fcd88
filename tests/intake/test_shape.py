"""What stands around the figures, told or read past: titles, headers, second tables, names beside ids, hidden rows."""

from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from kaohe.intake import Intake
from kaohe.intake.places import MOST_ALIKE, Log, Spot
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.headers import find_layout
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.unitnames import UnitNames
from tests.intake.ballots import HEADER, ballots, put_ballots, refused
from tests.intake.packages import SHEET, changed, saved, with_cell
from tests.intake.yearbook import YearBook, csv_bytes, found, only, remarkable, scheme, sheet_rows, workbook
from tests.shipped import TABLES

pytestmark = pytest.mark.slow

TITLES: list[list[Any]] = [["民主测评汇总表", None, None, None], ["填表人：张", None, None, "2019-07-01"]]


@pytest.mark.parametrize("excel", [False, True])
def test_a_header_below_titles(year: YearBook, excel: bool) -> None:
    rows = [*TITLES, *ballots(year)]
    if excel:
        book = workbook({"ballots": rows})
        book["ballots"].merge_cells("A1:D1")
        year.save("票.xlsx", book)
    else:
        year.put("票/ballots.csv", csv_bytes(rows))
    intake = year.read()
    assert remarkable(intake) == []
    assert intake.data.votes["C01", "ballot", ""].place.endswith("第 4 行")


def test_a_row_above_the_header_that_may_be_data_is_told(year: YearBook) -> None:
    year.put("票/ballots.csv", csv_bytes([["C09", 1, 2, 3], *ballots(year)]))
    finding = only(year.read(), "header-below")
    assert (finding.severity, finding.row) == ("warning", 2)


def test_two_headers_below_titles_are_one_too_many(year: YearBook) -> None:
    rows = ballots(year)
    year.put("票/ballots.csv", csv_bytes([*TITLES, *rows[:3], *rows]))
    assert only(year.read(), "missing-column").row == 1


def test_a_header_far_below_is_not_looked_for(year: YearBook) -> None:
    year.put("票/ballots.csv", csv_bytes([*TITLES * 6, *ballots(year)]))
    assert only(year.read(), "missing-column").row == 1


def test_a_second_row_of_header_is_told(year: YearBook) -> None:
    rows = ballots(year)
    year.put("票/ballots.csv", csv_bytes([rows[0], ["", "（票）", "（票）", "（票）"], *rows[1:]]))
    assert only(year.read(), "beside-table").row == 2


@pytest.mark.parametrize("line", ["C01,trainees,1,234", "C01,trainees,1,234,,,", 'C01,trainees,"1,234",,,,'])
def test_a_number_split_by_its_comma(year: YearBook, line: str) -> None:
    year.tables["metrics"] = [row for row in year.tables["metrics"] if row["metric"] != "trainees"]
    year.put("a/metrics.csv", f"unit_id,metric,value,source,note,disputed\n{line}\nC02,trainees,5,,,\n")
    intake = year.read()
    assert {finding.row for finding in intake.findings if finding.severity == "error"} == {2}
    assert ("C01", "trainees") not in intake.data.metrics


def test_a_row_with_a_field_too_few(year: YearBook) -> None:
    year.put("a/metrics.csv", "unit_id,practice_teams,affiliated_clubs\nC01,3\nC02,3,4\n")
    year.put("b/self_scores.csv", "unit_id,indicator,points\nC01,B01\nC02,B01\n")  # nobody has points: left out by all
    intake = year.read()
    finding = only(intake, "too-few-fields")
    assert (finding.file, finding.row, finding.severity) == ("a/metrics.csv", 2, "error")
    assert ("C01", "practice_teams") not in intake.data.metrics


def test_rows_that_all_end_with_a_comma(year: YearBook) -> None:
    lines = csv_bytes(ballots(year)).decode().splitlines()
    year.put("a/ballots.csv", "\n".join([lines[0], *(f"{line}," for line in lines[1:])]))
    assert remarkable(year.read()) == []


def test_a_text_cut_off_in_its_last_row(year: YearBook) -> None:
    text = csv_bytes(ballots(year)).decode()
    year.put("a/ballots.csv", text[: text.rindex(",")])
    finding = only(year.read(), "cut-off")
    assert (finding.severity, finding.row) == ("error", 8)


def test_a_last_number_that_may_be_cut_in_two(year: YearBook) -> None:
    text = csv_bytes(ballots(year)).decode().rstrip()
    year.put("a/ballots.csv", text)
    finding = only(year.read(), "open-end")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("warning", 8, "unqualified", "2")


@pytest.mark.parametrize(
    "name", ["平均", "平均分", " 平 均：", "合计", "总分", "最高", "去掉最低分", "平均（去掉最高最低）", "AVG", "均值"]
)
def test_a_summary_is_no_rater(year: YearBook, name: str) -> None:
    row = {**year.tables["ratings"][0], "rater": name}
    year.tables["ratings"].append(row)
    finding = only(year.read(), "summary-row")
    assert (finding.severity, finding.row, finding.column) == ("error", year.row_of("ratings", row), "rater")


@pytest.mark.parametrize("name", ["甲", "总支书记", "高平", "评委1", "计小合"])
def test_but_these_are(year: YearBook, name: str) -> None:
    year.tables["ratings"] += [{**row, "rater": name} for row in year.tables["ratings"] if row["rater"] == "甲" != name]
    assert not year.read().has_errors


def test_nor_is_it_a_leader(year: YearBook) -> None:
    year.tables["leader_ratings"].append({**year.tables["leader_ratings"][0], "leader": "平均分"})
    assert only(year.read(), "summary-row").column == "leader"


def test_a_name_of_another_unit_beside_the_id(year: YearBook) -> None:
    header, *rows = ballots(year)
    names = {unit["unit_id"]: unit["name"] for unit in year.tables["units"]} | {"C01": "机电工程学院"}
    year.put("a/ballots.csv", csv_bytes([[*header, "单位名称"], *([*row, names[row[0]]] for row in rows)]))
    intake = year.read()
    finding = only(intake, "contradicting-name")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("error", 2, "单位名称", "机电工程学院")
    assert "编号是 C01（信息工程学院），单位名称却是 C02 的" in finding.message
    assert not intake.missing
    assert ("C01", "ballot", "") not in intake.data.votes


def test_rows_of_wrong_names_are_not_held_against_each_other(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Spot] = []
    plainly = Spot.at
    monkeypatch.setattr(Spot, "at", lambda spot, *cell: made.append(spot) or plainly(spot, *cell))
    header, *rows = ballots(year)
    year.put("a/ballots.csv", csv_bytes([[*header, "单位名称"], *[[*rows[0], "机电工程学院"]] * 400]))
    assert len(found(year.read(), "contradicting-name")) == MOST_ALIKE + 1
    assert len(made) < 400 * 5


def test_a_name_of_no_unit_beside_the_id_is_an_abbreviation(year: YearBook) -> None:
    header, *rows = ballots(year)
    year.put("a/ballots.csv", csv_bytes([[*header, "单位名称"], *([*row, "信工院"] for row in rows)]))
    assert remarkable(year.read()) == []


def test_a_name_of_another_indicator_beside_the_id(year: YearBook) -> None:
    header, *rows = sheet_rows("ratings", year.tables["ratings"])
    year.without("ratings")
    indicators = year.read().scheme.indicators
    row = next(row for row in rows if row[1] == "B01")
    other = indicators["B02"].name
    year.put(
        "a/ratings.csv", csv_bytes([[*header, "指标名称"], *([*each, other if each is row else ""] for each in rows)])
    )
    finding = only(year.look(), "contradicting-name")
    assert (finding.column, finding.value, finding.row) == ("指标名称", other, rows.index(row) + 2)
    assert "指标编号是 B01" in finding.message


def test_a_metrics_name_beside_its_id(year: YearBook) -> None:
    header, *rows = sheet_rows("metrics", year.tables["metrics"])
    year.without("metrics")
    metrics = year.read().scheme.metrics
    names = [metrics[row[1]].name for row in rows]
    named = [[*header, "指标名称"], *([*each, name] for each, name in zip(rows, names, strict=True))]
    year.put("a/metrics.csv", csv_bytes(named))
    assert remarkable(year.look()) == []
    named[1][-1] = names[1]
    year.put("a/metrics.csv", csv_bytes(named))
    finding = only(year.look(), "contradicting-name")
    assert (finding.column, finding.value, finding.row) == ("指标名称", names[1], 2)
    assert (rows[0][0], rows[0][1]) not in year.look().data.metrics


STRUCK = '<c r="{}" t="inlineStr"><is><r><rPr><strike/></rPr><t>旧</t></r></is></c>'


@pytest.mark.parametrize("wrong", ['<c r="{}" t="e"><v>#N/A</v></c>', '<c r="{}"><f>VLOOKUP(1,A:B,2)</f></c>', STRUCK])
@pytest.mark.parametrize(("table", "column"), [("ratings", "指标名称"), ("ballots", "单位名称")])
def test_a_name_beside_the_id_that_is_none(year: YearBook, table: str, column: str, wrong: str) -> None:
    header, *rows = sheet_rows(table, year.tables[table])
    year.without(table)
    content = saved(workbook({table: [[*header, column], *([*row, "某"] for row in rows)]}))
    at = f"{get_column_letter(len(header) + 1)}2"
    year.put("票.xlsx", with_cell(content, at, wrong.format(at)))
    intake = year.read()
    assert remarkable(intake) == []
    assert intake.ok


def wide_trainees(*below: list[Any]) -> list[list[Any]]:
    return [["单位编号", "社会培训人数"], ["C01", 11], *below]


@pytest.mark.parametrize(
    ("below", "row"),
    [
        ([["招生专业数", None], ["C02", 7]], 3),
        ([[None, None], [None, "招生专业数"], ["C02", 7]], 4),
        ([["单位编号", "招生专业数"], ["C02", 7]], 3),
        ([["单位", "人数"], ["单位编号", None], ["C02", 7]], 4),
    ],
)
def test_a_second_table_below_is_not_read_with_the_first_header(
    year: YearBook, below: list[list[Any]], row: int
) -> None:
    year.tables["metrics"] = [each for each in year.tables["metrics"] if each["metric"] != "trainees"]
    year.save("票.xlsx", workbook({"指标数据": wide_trainees(*below)}))
    intake = year.read()
    assert refused(intake, "second-table").row == row
    assert ("C02", "trainees") not in intake.data.metrics
    assert intake.data.metrics["C01", "trainees"].value == 11


def test_the_header_again_on_the_next_page_is_passed_over(year: YearBook) -> None:
    year.tables["metrics"] = [each for each in year.tables["metrics"] if each["metric"] != "trainees"]
    rows = wide_trainees()
    year.save("票.xlsx", workbook({"指标数据": [*rows, rows[0], ["C02", 7]]}))
    intake = year.read()
    assert (only(intake, "header-again").row, only(intake, "header-again").severity) == (3, "warning")
    assert intake.data.metrics["C02", "trainees"].value == 7


def below(year: YearBook, title: str) -> Intake:
    """The year with its figures below a title."""
    rows = sheet_rows("metrics", year.tables["metrics"])
    year.without("metrics").save("票.xlsx", workbook({"metrics": [["培训经费统计表", None, title], *rows]}))
    return year.read()


@pytest.mark.parametrize(
    "title",
    [
        "单位：万元",
        "单位：万",
        "（单位：千）",
        "单位（人民币）：万元",
        "金额单位:人民币万元",
        "（单位 千人）",
        "单位为百万元",
        "计量单位：（万人次）",
        "数据单位亿元",
    ],
)
def test_a_title_that_says_in_what_the_figures_are(year: YearBook, title: str) -> None:
    finding = refused(below(year, title), "unit-above")
    assert (finding.row, finding.value, "以百、千、万或亿计" in finding.message) == (1, title, True)


@pytest.mark.parametrize(
    "title",
    [
        *("各单位综合考核评分表（百分制）", "填报单位：万方学院", "单位：万方学院", "各单位三千人培训计划完成情况"),
        *("各单位千人培训计划", "填报单位：千人计划办公室", "单位：元", "单位：人", "单位：百分点"),
    ],
)
def test_a_title_that_says_nothing_of_the_kind(year: YearBook, title: str) -> None:
    assert remarkable(below(year, title)) == []


def test_below_the_header_no_titles_are_looked_for() -> None:
    class Line(list[Any]):
        def __iter__(self) -> Any:
            pytest.fail("looked into")

    rows = [(1, ["单位：万元"]), (2, HEADER), *((row, ["C01", 60, 30, 2]) for row in range(3, 20)), (20, Line())]
    log = Log()
    assert find_layout(Grid("票.xlsx", "ballots", rows), TABLES["ballots"], Names(scheme()), log, UnitNames()).row == 2
    assert not log.findings


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('<row r="3"', '<row r="3" ht="0" customHeight="1"'), "hidden-rows"),
        (("<sheetData>", '<cols><col min="2" max="9" width="0" customWidth="1"/></cols><sheetData>'), "hidden-columns"),
    ],
)
def test_rows_and_columns_of_no_size_are_hidden(year: YearBook, change: tuple[str, str], code: str) -> None:
    intake = put_ballots(year, lambda content: changed(content, SHEET, change))
    finding = only(intake, code)
    assert (finding.severity, intake.data.votes["C01", "ballot", ""].counts["", "excellent"]) == ("warning", 60)
    assert {"hidden-columns": "（B、C、D）"}.get(code, "3") in finding.message


def test_hiding_the_rows_below_a_table_hides_none_of_it(year: YearBook) -> None:
    zero = ("<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" ')
    assert remarkable(put_ballots(year, lambda content: changed(content, SHEET, zero))) == []
