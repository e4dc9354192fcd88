"""A year as a whole: what is read while files come and go, what is absent, and how findings are counted."""

import hashlib
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from kaohe.files import failpoints
from kaohe.files.sets import whole_set
from kaohe.intake import list_years, read_year
from kaohe.intake.findings import tally
from kaohe.intake.reading import read_rows
from kaohe.intake.year import files
from kaohe.scheme.policies import PolicyError
from tests.intake.yearbook import (
    YEAR,
    YearBook,
    achievement,
    csv_bytes,
    found,
    incident,
    only,
    remarkable,
    sheet_rows,
    workbook,
)
from tests.shipped import TABLES


def test_a_complete_year_has_nothing_remarkable(year: YearBook) -> None:
    intake = year.read()
    assert remarkable(intake) == []
    assert intake.ok
    assert not intake.has_errors
    assert intake.missing == ()
    assert intake.data
    assert intake.data.metrics["C01", "invigilation_rate"].value == Fraction(4, 5)
    assert [rating.rater for rating in intake.data.ratings["C01", "B01"]] == ["乙", "甲"]
    assert intake.data.votes["C01", "ballot", ""].total == 92
    assert [row.group for row in intake.data.marks["D03", "leaders", ""]] == ["chief", "deputy", "deputy"]
    assert intake.data.unit("C02").traits == {"party_org": "branch"}


def test_rows_carry_their_place(year: YearBook) -> None:
    year.without("ballots")
    rows = [["单位编号", "优秀", "合格", "不合格"], *([unit["unit_id"], 9, 1, 0] for unit in year.tables["units"])]
    year.save("目标办/测评.xlsx", workbook({"民主测评": rows}))
    data = year.read().data
    assert data.votes["C01", "ballot", ""].place == "目标办/测评.xlsx［民主测评］第 2 行"
    assert data.metrics["C01", "invigilation_rate"].place.startswith("metrics.csv 第 ")


def test_every_file_is_hashed(year: YearBook) -> None:
    year.put("policies.yaml", "funding_steps: proportional\n")
    year.put("SYNTHETIC.md", "演示\n")
    year.put("教务处/说明.txt", "不读\n")
    data = year.read().data
    assert data.synthetic
    assert set(data.files) == {
        *("units.csv", "metrics.csv", "ratings.csv", "ballots.csv", "leader_ratings.csv", "achievements.csv"),
        *("policies.yaml", "SYNTHETIC.md"),
    }
    assert data.files["policies.yaml"] == hashlib.sha256(b"funding_steps: proportional\n").hexdigest()


def test_a_year_read_as_it_would_be_with_other_files(year: YearBook) -> None:
    year.write_csv()
    old = (year.folder / "ballots.csv").read_bytes()
    year.tables["ballots"][0]["excellent"] = 61
    new = csv_bytes(sheet_rows("ballots", year.tables["ballots"]))
    would_be = read_rows(year.raw, YEAR, exchanged={"ballots.csv": None, "目标办/民主测评.csv": new}).intake
    assert (year.folder / "ballots.csv").read_bytes() == old
    assert not (year.folder / "目标办").exists()
    (year.folder / "ballots.csv").unlink()
    year.put("目标办/民主测评.csv", new)
    assert would_be == year.look()
    assert would_be.data.votes["C01", "ballot", ""].counts["", "excellent"] == 61


def test_rows_stand_in_their_files_before_they_are_united(year: YearBook) -> None:
    year.put("另一份/ballots.csv", csv_bytes(sheet_rows("ballots", year.tables["ballots"])))
    year.write_csv()
    rows = read_rows(year.raw, YEAR).rows["ballots"]
    assert {row.at.file for row in rows} == {"ballots.csv", "另一份/ballots.csv"}
    assert len(rows) == 2 * len(year.tables["ballots"])


def test_real_data_is_not_synthetic(year: YearBook) -> None:
    assert not year.read().data.synthetic


def test_a_year_that_does_not_exist(tmp_path: Path, year: YearBook) -> None:
    year.write_csv()
    intake = read_year(year.raw, "2030-2031")
    finding = only(intake, "no-year")
    assert "2030-2031" in finding.message
    assert YEAR in finding.expected
    assert intake.data is None
    assert not intake.ok


def test_years_are_listed_by_name(tmp_path: Path) -> None:
    for name in ("2019-2020", "2018-2019", "2018-2020", "模板", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "2020-2021").write_text("a file")
    assert list_years(tmp_path) == ["2018-2019", "2019-2020"]
    assert list_years(tmp_path / "nowhere") == []


def changing_while_read(year: YearBook, monkeypatch: pytest.MonkeyPatch, change, times: int = 1) -> None:
    """`change(n)` happens when the tables are read for the nth time, after the first of them."""
    real, done = files.tables_in, []

    def between(grids, log):
        if "ballots.csv" in {grid.file for grid in grids} and len(done) < times:
            done.append(1)
            change(len(done))
        return real(grids, log)

    monkeypatch.setattr(files, "tables_in", between)


def test_what_lands_during_a_reading_is_read_whole(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    year.write_csv()

    def land(_):
        with whole_set(year.folder) as stage:
            ballots = (year.folder / "ballots.csv").read_text("utf-8")
            stage.write("ballots.csv", ballots.replace("C01,60,", "C01,61,"))
            stage.write("incidents.csv", "unit_id,indicator,date,count,note\nC01,B17,2019-03-05,1,迟到\n")

    changing_while_read(year, monkeypatch, land)
    data = year.look().data
    assert (data.votes["C01", "ballot", ""].counts["", "excellent"], len(data.incidents)) == (61, 1)
    assert data.files["ballots.csv"] == hashlib.sha256((year.folder / "ballots.csv").read_bytes()).hexdigest()


def test_decisions_stand_under_the_hash_of_what_was_read(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    year.write_csv()
    year.put("policies.yaml", "funding_steps: whole\n")
    changing_while_read(year, monkeypatch, lambda _: year.put("policies.yaml", "funding_steps: proportional\n"))
    intake = year.look()
    assert intake.policies["funding_steps"] == "proportional"
    assert intake.data.files["policies.yaml"] == hashlib.sha256(b"funding_steps: proportional\n").hexdigest()


def test_a_folder_that_never_stands_still(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    year.write_csv()
    changing_while_read(year, monkeypatch, lambda n: year.put(f"{n}/awards.csv", ""), times=100)
    assert only(year.look(), "changing").severity == "error"


def test_an_import_killed_half_way_is_completed_or_told(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    year.write_csv()

    def refuse(place, path):
        if place == "replaced" and path.name == "ballots.csv":
            raise KeyboardInterrupt

    def land():
        with whole_set(year.folder) as stage:
            for name in ("ballots.csv", "metrics.csv"):
                stage.write(name, (year.folder / name).read_text("utf-8") + "\n")

    with monkeypatch.context() as patch:
        patch.setattr("kaohe.files.failpoint", refuse)
        with pytest.raises(KeyboardInterrupt):
            land()
    failpoints.arm("held=1")  # nothing can be written
    try:
        assert "没有写入权限" in only(year.look(), "unfinished").message
    finally:
        failpoints.arm("")
    assert year.look().ok
    assert (year.folder / "metrics.csv").read_text("utf-8").endswith("\n\n")


@pytest.mark.parametrize("table", ["units", "metrics", "ratings", "ballots", "leader_ratings"])
def test_a_required_table_is_missing(year: YearBook, table: str) -> None:
    intake = year.without(table).read()
    finding = only(intake, "missing-table")
    assert finding.severity == "error"
    assert TABLES[table].chinese in finding.message
    assert not found(intake, "unknown-unit")  # without units nothing else can be said of them


def test_an_absent_table_is_told_once_not_cell_by_cell(year: YearBook) -> None:
    intake = year.without("ratings").read()
    assert not found(intake, "missing")
    assert any(missing.kind == "rating" for missing in intake.missing)


@pytest.mark.parametrize("name", ["metrics.csv", "教务处.xlsx", "教务处.xls"])
def test_a_file_that_cannot_be_read_is_one_finding(year: YearBook, name: str) -> None:
    year.without("metrics").put(name, b"\xff\xfe\0")
    intake = year.read()
    assert [each.file for each in intake.findings if each.severity == "error"] == [name]
    assert not found(intake, "missing")
    assert not intake.missing
    assert len(intake.unread) > 100
    assert not intake.ok


def test_a_sheet_that_cannot_be_read_is_one_finding(year: YearBook) -> None:
    rows = [["单位编号", "优", "良"], ["C01", 3, 4]]
    year.without("ballots").save("票.xlsx", workbook({"民主测评": rows}))
    intake = year.read()
    assert [each.code for each in intake.findings if each.severity == "error"] == ["missing-column"]
    assert not found(intake, "missing")
    assert {each.kind for each in intake.unread} == {"counts"}


@pytest.mark.parametrize("table", ["metrics", "ratings", "ballots", "leader_ratings"])
def test_a_table_with_nothing_but_its_header_is_one_finding(year: YearBook, table: str) -> None:
    year.tables[table] = []
    intake = year.read()
    assert only(intake, "empty-table").severity == "warning"
    assert not found(intake, "missing")
    assert intake.missing


def test_a_year_without_units_has_an_error(year: YearBook) -> None:
    year.tables["units"] = []
    assert only(year.read(), "empty-table").severity == "error"


def test_empty_year(tmp_path: Path) -> None:
    (tmp_path / YEAR).mkdir()
    intake = read_year(tmp_path, YEAR)
    assert [finding.code for finding in intake.findings] == ["missing-table"] * 5
    assert intake.data
    assert intake.data.units == ()


def test_all_findings_at_once(year: YearBook) -> None:
    year.tables["ballots"][0]["excellent"] = "九"
    year.tables["ballots"][1]["qualified"] = None
    year.tables["metrics"][0]["value"] = "n/a"
    year.tables["ratings"][0]["points"] = -1
    year.put("坏.xlsx", b"")
    intake = year.read()
    errors = {finding.code for finding in intake.findings if finding.severity == "error"}
    assert errors == {"bad-number", "blank", "bad-figure", "out-of-range", "unreadable"}
    severities = [finding.severity for finding in intake.findings]
    assert severities == sorted(severities, key=["error", "warning", "advisory"].index)
    assert not found(intake, "missing")  # what was handed in wrongly is not also missing
    assert ("C01", "ballot", "") not in intake.data.votes


def test_the_same_thing_wrong_in_every_row_is_listed_in_part_and_counted_whole(year: YearBook) -> None:
    rows = "".join(f"C01,a{number},b,c\n" for number in range(3000))
    year.without("ballots").put("a/ballots.csv", f"unit_id,excellent,qualified,unqualified\n{rows}")
    intake = year.read()
    errors = [each for each in found(intake, "bad-number") if each.times == 1]
    assert Counter(each.column for each in errors) == {"excellent": 200, "qualified": 200, "unqualified": 200}
    rest = {each.column: each for each in found(intake, "bad-number") if each.times > 1}
    assert {column: each.times for column, each in rest.items()} == dict.fromkeys(
        ("excellent", "qualified", "unqualified"), 2800
    )
    assert "另有 2800 处同样的问题" in rest["excellent"].message
    assert (rest["excellent"].file, rest["excellent"].row) == ("a/ballots.csv", None)
    assert tally(intake.findings)["error"] == 9000


def test_as_many_columns_as_one_likes_are_no_header(year: YearBook) -> None:
    header = ",".join(f"列{number}" for number in range(5000))
    year.without("ballots").put("ballots.csv", f"unit_id,excellent,qualified,unqualified,{header}\nC01,1,2,3\n")
    finding = only(year.read(), "too-large")
    assert (finding.file, finding.row, finding.severity) == ("ballots.csv", 1, "error")


def test_overrides_that_are_wrong_are_the_callers_fault(year: YearBook) -> None:
    year.write_csv()
    with pytest.raises(PolicyError, match="nonsense"):
        year.look({"nonsense": "x"})
    with pytest.raises(PolicyError, match="funding_steps"):
        year.look({"funding_steps": "sometimes"})
    with pytest.raises(PolicyError, match="矛盾"):
        year.look({"full_marks": "stated", "teaching_depts": "included"})


def test_overrides_reach_the_checks(year: YearBook) -> None:
    year.write_csv()
    intake = year.look({"teaching_depts": "included"})
    assert {missing.indicator for missing in intake.missing} == {"K1.4", "K7.3"}
    assert intake.policies["teaching_depts"] == "included"


def test_units_spread_over_files_and_folders(year: YearBook) -> None:
    metrics = year.tables.pop("metrics")
    for number, unit in enumerate(year.tables["units"]):
        rows = [row for row in metrics if row["unit_id"] == unit["unit_id"]]
        if number % 2:
            year.save(f"{unit['name']}/数据.xlsx", workbook({"指标数据": sheet_rows("metrics", rows, chinese=True)}))
        else:
            year.put(f"{unit['name']}/metrics.csv", csv_bytes(sheet_rows("metrics", rows)))
    intake = year.read()
    assert remarkable(intake) == []
    assert len(intake.data.metrics) == len(metrics)


def test_optional_tables(year: YearBook) -> None:
    year.tables["achievements"] = [achievement()]
    year.tables["incidents"] = [incident()]
    year.tables["declarations"] = [{"unit_id": "C01", "kind": "innovation", "title": "新", "accepted": "yes"}]
    year.tables["vetoes"] = [{"unit_id": "C02", "kind": "safety", "note": "事故"}]
    year.tables["awards"] = [{"unit_id": "D03", "title": "贡献", "approved": 0}]
    year.tables["exemptions"] = [{"unit_id": "C02", "indicator": "K4.2", "reason": "新设"}]
    year.tables["self_scores"] = [{"unit_id": "C01", "indicator": "B01", "points": 0.8}]
    intake = year.read()
    data = intake.data
    assert not intake.has_errors
    assert data.achievements[0].title == "一篇论文"
    assert data.incidents[0].count == 1
    assert data.declarations["C01"]["innovation"].accepted
    assert data.vetoes[0].kind == "safety"
    assert not data.awards[0].approved
    assert data.exemptions == {("C02", "K4.2"): "新设"}
    assert data.self_scores["C01", "B01"] == Fraction(4, 5)
