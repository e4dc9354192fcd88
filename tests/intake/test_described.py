"""Headers, wide forms, both languages: every way of writing a year down reads the same."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.intake.tables.data import YearData
from tests.intake.yearbook import (
    YearBook,
    achievement,
    csv_bytes,
    incident,
    only,
    remarkable,
    scheme,
    sheet_rows,
    workbook,
)
from tests.shipped import ALSO, CODES, TABLES


def without_places(data: YearData) -> YearData:
    """The data alone, to compare two ways of writing it down."""

    def bare(row: Any) -> Any:
        return replace(row, place="")

    return replace(
        data,
        units=tuple(map(bare, data.units)),
        metrics={key: bare(row) for key, row in data.metrics.items()},
        achievements=tuple(map(bare, data.achievements)),
        ratings={key: tuple(map(bare, rows)) for key, rows in data.ratings.items()},
        incidents=tuple(map(bare, data.incidents)),
        votes={unit: replace(row, places={}) for unit, row in data.votes.items()},
        marks={unit: tuple(map(bare, rows)) for unit, rows in data.marks.items()},
        declarations={
            unit: {kind: bare(row) for kind, row in rows.items()} for unit, rows in data.declarations.items()
        },
        vetoes=tuple(map(bare, data.vetoes)),
        awards=tuple(map(bare, data.awards)),
        files={},
    )


def with_everything(year: YearBook) -> YearBook:
    day = datetime.date(2019, 3, 5)
    year.tables["achievements"] = [
        achievement(),
        achievement(indicator="K1.1", kind="contest", level="provincial", award="second", title="竞赛", date=day),
        achievement(kind="funding_social", title="课题", amount=30000),
    ]
    year.tables["incidents"] = [incident(), incident("C02", indicator="B07", points=0.5)]
    year.tables["declarations"] = [
        {"unit_id": "C01", "kind": kind, "title": "题", "accepted": kind == "innovation"}
        for kind in CODES["declarations", "kind"]
    ]
    year.tables["vetoes"] = [{"unit_id": "C02", "kind": kind, "note": "事由"} for kind in CODES["vetoes", "kind"]]
    year.tables["awards"] = [{"unit_id": "D03", "title": "贡献", "approved": True}]
    year.tables["exemptions"] = [{"unit_id": "C02", "indicator": "K4.2", "reason": "新设"}]
    year.tables["self_scores"] = [{"unit_id": "C01", "indicator": "B01", "points": 0.8}]
    return year


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chinese=st.booleans(),
    wide=st.booleans(),
    excel=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    rates=st.lists(st.integers(0, 1000), min_size=1, max_size=3),
    points=st.lists(st.integers(0, 20), min_size=2, max_size=2),
)
def test_every_way_of_writing_a_year_down_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    chinese: bool,
    wide: bool,
    excel: bool,
    encoding: str,
    rates: list[int],
    points: list[int],
) -> None:
    def year() -> YearBook:
        book = with_everything(YearBook(tmp_path_factory.mktemp("year") / "raw"))
        for unit, rate in zip(("C01", "C02", "F01"), rates, strict=False):
            book.set("metrics", unit, "invigilation_rate", value=rate / 1000)
        rated = [row for row in book.tables["ratings"] if (row["unit_id"], row["indicator"]) == ("C01", "B02")]
        for row, value in zip(rated, points, strict=True):
            row["points"] = value / 20
        return book

    plain, other = year(), year()
    plain.write_csv()
    if excel:
        other.write_xlsx(chinese=chinese, wide=wide)
    else:
        other.write_csv(chinese=chinese, wide=wide, encoding=encoding)
    first, second = plain.look(), other.look()
    assert not first.has_errors
    assert not second.has_errors
    assert without_places(first.data) == without_places(second.data)
    assert list(first.data.metrics) == list(second.data.metrics)
    assert list(first.data.ratings) == list(second.data.ratings)
    assert sorted(map(_bare, first.findings)) == sorted(map(_bare, second.findings))


def _bare(finding: Any) -> tuple[str, ...]:
    return (finding.severity, finding.code, finding.unit, finding.indicator)


def test_every_coded_value_is_read_in_chinese_and_english(year: YearBook) -> None:
    with_everything(year).write_xlsx(chinese=True)
    data = year.look().data
    assert [unit.category for unit in data.units[:5]] == ["college", "college", "continuing", "foundation", "ideology"]
    assert [row.kind for row in data.vetoes] == ["decision", "safety", "discipline", "other"]
    assert set(data.declarations["C01"]) == {"innovation", "breakthrough"}
    assert (data.achievements[1].level, data.achievements[1].award) == ("provincial", "second")


@pytest.mark.parametrize(("word", "kind"), [*ALSO["declarations", "kind"].items(), ("Innovation", "innovation")])
def test_further_words_for_a_code(year: YearBook, word: str, kind: str) -> None:
    year.tables["declarations"] = [{"unit_id": "C01", "kind": word, "title": "题", "accepted": 1}]
    assert set(year.read().data.declarations["C01"]) == {kind}


def test_the_vocabulary_is_the_one_of_the_contract() -> None:
    assert [(table.name, table.chinese) for table in TABLES.values()] == [
        ("units", "单位"),
        ("metrics", "指标数据"),
        ("achievements", "成果"),
        ("ratings", "评分"),
        ("incidents", "扣分事件"),
        ("ballots", "民主测评"),
        ("leader_ratings", "领导评价"),
        ("declarations", "优秀申报"),
        ("vetoes", "否决事项"),
        ("awards", "突出贡献奖"),
        ("exemptions", "不适用"),
        ("nil_reports", "零报告"),
        ("predecessors", "沿革"),
        ("self_scores", "自评"),
        ("self_reports", "自查报告"),
        ("decisions", "审议决定"),
        ("rectifications", "整改"),
    ]
    keys = {table.name: table.keys for table in TABLES.values()}
    assert keys["ratings"] == ("unit_id", "indicator", "rater")
    assert keys["achievements"] == keys["incidents"] == keys["vetoes"] == keys["awards"] == ()
    for table in TABLES.values():
        words = [word for column in table.columns for word in (column.name, column.header, *column.also)]
        assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("header", "name"),
    [("单位名称", "name"), ("名称", "name"), (" NAME ", "name"), ("ｎａｍｅ", "name"), ("\u200b单位名称　", "name")],
)
def test_headers_are_compared_leniently(year: YearBook, header: str, name: str) -> None:
    rows = sheet_rows("units", year.tables["units"])
    rows[0][1] = header
    year.without("units").put("units.csv", csv_bytes(rows))
    assert remarkable(year.read()) == []


def test_an_unknown_column_is_a_warning(year: YearBook) -> None:
    for row in year.tables["ballots"]:
        row["填表人"] = "张"
    finding = only(year.read(), "unknown-column")
    assert (finding.severity, finding.file, finding.row, finding.column) == ("warning", "ballots.csv", 1, "填表人")
    assert "单位编号、优秀、合格" in finding.expected


def test_a_unit_name_beside_the_id_is_for_people(year: YearBook) -> None:
    rows = sheet_rows("ballots", year.tables["ballots"], chinese=True)
    rows = [[row[0], "单位名称" if number == 0 else "某院", *row[1:]] for number, row in enumerate(rows)]
    year.without("ballots").save("a.xlsx", workbook({"民主测评": rows}))
    assert remarkable(year.read()) == []


def test_an_indicator_name_beside_its_id_is_for_people(year: YearBook) -> None:
    rows = [["单位编号", "指标编号", "指标名称", "分值"], ["C01", "B01", "随便什么", 0.8]]
    year.save("a.xlsx", workbook({"自评": rows}))
    intake = year.read()
    assert remarkable(intake) == []
    assert ("C01", "B01") in intake.data.self_scores


def test_an_indicator_by_its_name_alone(year: YearBook) -> None:
    name = scheme().indicators["B01"].name
    task = scheme().indicators["D03.T12"].name
    rows = [
        ["单位编号", "指标名称", "分值"],
        ["C01", name, 0.8],
        ["D03", task, 85],
        ["D03", "工作作风", 8],
        ["D10", "W1", 8],
    ]
    year.save("a.xlsx", workbook({"自评": rows}))
    intake = year.read()
    assert remarkable(intake) == []
    assert set(intake.data.self_scores) == {("C01", "B01"), ("D03", "D03.T12"), ("D03", "D03.W1"), ("D10", "D10.W1")}


def test_an_ambiguous_indicator_name(year: YearBook) -> None:
    year.save("a.xlsx", workbook({"自评": [["单位编号", "指标编号", "分值"], ["C01", "工作作风", 8]]}))
    finding = only(year.read(), "unknown-indicator")
    assert (finding.value, finding.row) == ("工作作风", 2)


@pytest.mark.parametrize("column", ["unit_id", "excellent"])
def test_a_missing_required_column(year: YearBook, column: str) -> None:
    rows = sheet_rows("ballots", year.tables["ballots"])
    at = rows[0].index(column)
    year.without("ballots").put("ballots.csv", csv_bytes([row[:at] + row[at + 1 :] for row in rows]))
    finding = only(year.read(), "missing-column")
    assert (finding.severity, finding.file, finding.row) == ("error", "ballots.csv", 1)
    assert TABLES["ballots"].column[column].header in finding.message


def test_a_sheet_without_a_header(year: YearBook) -> None:
    rows = sheet_rows("ballots", year.tables["ballots"])
    year.without("ballots").put("ballots.csv", csv_bytes(rows[1:]))
    assert "第一行应为表头" in only(year.read(), "missing-column").message


def test_a_repeated_column(year: YearBook) -> None:
    rows = sheet_rows("ballots", year.tables["ballots"])
    rows = [[*row, "优秀" if number == 0 else 3] for number, row in enumerate(rows)]
    year.without("ballots").put("ballots.csv", csv_bytes(rows))
    finding = only(year.read(), "duplicate-column")
    assert (finding.severity, finding.column) == ("error", "优秀")
    assert "B 列“excellent”、E 列“优秀”" in finding.message


def test_blank_rows_and_trailing_blank_columns(year: YearBook) -> None:
    rows = [[*row, "", ""] for row in sheet_rows("ballots", year.tables["ballots"])]
    rows.insert(3, [""] * 7)
    rows.append([" "] * 7)
    year.without("ballots").put("ballots.csv", csv_bytes(rows))
    assert remarkable(year.read()) == []


def test_a_column_without_a_header_but_with_data(year: YearBook) -> None:
    rows = [
        [*row, None if number == 0 else "x"] for number, row in enumerate(sheet_rows("ballots", year.tables["ballots"]))
    ]
    year.without("ballots").save("a.xlsx", workbook({"ballots": rows}))
    finding = only(year.read(), "unknown-column")
    assert (finding.severity, finding.column) == ("warning", "E")


def test_figures_of_a_wide_table_without_a_header(year: YearBook) -> None:
    year.save("宽表/a.xlsx", workbook({"metrics": [["unit_id", None, "practice_teams"], ["C01", 5, 3]]}))
    finding = only(year.read(), "unknown-column")
    assert (finding.severity, finding.row, finding.column) == ("error", 1, "B")


def wide(year: YearBook, table: str, rows: list[list[Any]]) -> YearBook:
    year.save("宽表/a.xlsx", workbook({table: rows}))
    return year


def test_a_wide_table_names_the_cell(year: YearBook) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"], chinese=True, wide=True)
    at = rows[0].index("社会培训人数")
    rows[1][at] = "十"
    finding = only(wide(year.without("metrics"), "指标数据", rows).read(), "bad-figure")
    assert (finding.file, finding.sheet, finding.row, finding.column) == ("宽表/a.xlsx", "指标数据", 2, "社会培训人数")
    assert (finding.value, finding.unit) == ("十", "C01")


def test_a_wide_table_may_carry_a_source_for_each_row(year: YearBook) -> None:
    wide(
        year,
        "metrics",
        [["单位编号", "单位名称", "重点社会实践团队数", "数据来源", "有争议"], ["C01", "x", 3, "团委", "是"]],
    )
    row = year.read().data.metrics["C01", "practice_teams"]
    assert (row.value, row.source, row.disputed) == (3, "团委", True)


def test_an_unknown_metric_across(year: YearBook) -> None:
    wide(year, "metrics", [["unit_id", "practice_teams", "trainee", "备用"], ["C01", 3, 5, None]])
    intake = year.read()
    finding = only(intake, "unknown-metric")
    assert (finding.severity, finding.row, finding.column) == ("error", 1, "trainee")
    assert "是否指 trainees？" in finding.expected
    assert only(intake, "unknown-column").column == "备用"  # it holds nothing


def test_the_same_metric_across_in_both_languages(year: YearBook) -> None:
    wide(year, "metrics", [["unit_id", "practice_teams", "重点社会实践团队数"], ["C01", 3, 4]])
    finding = only(year.read(), "duplicate-column")
    assert (finding.severity, finding.column) == ("error", "重点社会实践团队数")


def test_a_tall_table_without_its_metric_column_is_not_wide(year: YearBook) -> None:
    wide(year, "metrics", [["unit_id", "项目", "value"], ["C01", "practice_teams", 3]])
    assert "指标名称" in only(year.read(), "missing-column").message


def test_wide_ratings_need_the_rater(year: YearBook) -> None:
    wide(year, "评分", [["单位编号", "B01", "B02"], ["C01", 1, 1]])
    assert "评分人" in only(year.read(), "missing-column").message


def test_wide_ratings_of_departments_by_short_ids(year: YearBook) -> None:
    year.tables["ratings"] = [row for row in year.tables["ratings"] if not row["unit_id"].startswith("D")]
    tasks = [name.partition(".")[2] for name in scheme().indicators if name.startswith(("D03.", "D10."))]
    header = ["单位编号", "评分人", *dict.fromkeys(tasks)]
    rows = [
        [unit, "甲", *(8 if f"{unit}.{task}" in scheme().indicators else None for task in header[2:])]
        for unit in ("D03", "D10")
    ]
    intake = wide(year, "评分", [header, *rows]).read()
    assert not intake.has_errors
    assert not intake.missing


def test_a_bad_row_of_a_wide_table_is_told_once(year: YearBook) -> None:
    wide(year, "metrics", [["unit_id", "practice_teams", "declaration_check_rate"], [None, 3, 0.2]])
    assert only(year.read(), "blank").row == 2
