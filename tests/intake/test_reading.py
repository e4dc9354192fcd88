"""A year as a whole: what is read, from which files, and what is said about the files themselves."""

import builtins
import hashlib
import os
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from kaohe.exchange.receipts import LEDGER
from kaohe.files import failpoints
from kaohe.files.sets import whole_set
from kaohe.intake import list_years, read_year
from kaohe.intake.findings import tally
from kaohe.intake.reading import read_rows
from kaohe.intake.year import files
from kaohe.intake.year.folder import notes_name
from kaohe.scheme.policies import PolicyError
from kaohe.scheme.years import spoken
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
    real, done = files.grids_of, []

    def between(name, *given):
        found = real(name, *given)
        if name == "ballots.csv" and len(done) < times:
            done.append(1)
            change(len(done))
        return found

    monkeypatch.setattr(files, "grids_of", between)


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


@pytest.mark.parametrize("name", ["旧表.xls", "宏.xlsm", "金山/表.et", "表.XLS"])
def test_formats_to_be_saved_anew(year: YearBook, name: str) -> None:
    year.put(name, b"whatever")
    finding = only(year.read(), "file-type")
    assert finding.severity == "error"
    assert finding.file == name
    assert "另存为 .xlsx" in finding.message


@pytest.mark.parametrize(
    "name",
    [
        *(
            "~$数据.xlsx",
            ".~lock.数据.xlsx#",
            "._metrics.csv",
            "__MACOSX/metrics.csv",
            ".ipynb_checkpoints/metrics.csv",
        ),
        *("Thumbs.db", "教务处/desktop.ini", ".DS_Store", ".gitignore", ".gitkeep", ".received/ab.xlsx"),
        *(".incidents.csv.swp", ".metrics.csv~", ".pre-commit-config.yaml", ".教务处/说明.pdf", ".git/incidents.tsv"),
        *(notes_name(spoken(YEAR)), LEDGER),
    ],
)
def test_what_systems_and_kaohe_leave_is_passed_over(year: YearBook, name: str) -> None:
    year.put(name, b"\x00\x01")
    assert remarkable(year.read()) == []


@pytest.mark.parametrize("name", ["通知.docx", "教务处/说明.md", "a/b.txt", "README", "扫描件.pdf", "会议.JPG"])
def test_documents_beside_the_tables_are_named_and_stop_nothing(year: YearBook, name: str) -> None:
    year.put(name, "请各单位于 6 月底前报送，逾期不候。\n")
    intake = year.read()
    finding = only(intake, "not-read")
    assert (finding.severity, finding.file) == ("advisory", name)
    assert intake.ok


@pytest.mark.parametrize("name", ["扣分事件.pdf", "incidents.docx", "policies.md", "metrics.csv~", "数据.xlsx.bak"])
def test_a_document_that_is_called_like_a_table_is_worth_a_look(year: YearBook, name: str) -> None:
    year.put(name, "x")
    finding = only(year.read(), "not-read")
    assert (finding.severity, finding.file) == ("warning", name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *((f"incidents{kind}", "file-type") for kind in (".txt", ".tsv", ".csv.txt", "", ".json", ".zip", ".htm")),
        *((f"扣分事件{kind}", "file-type") for kind in (".xlt", ".xltm", ".xlsb", ".ods", ".numbers", ".xlsx.lnk")),
        *(("数据.rar", "file-type"), ("policies.txt", "file-type")),
        *(("incidents.csv ", "file-name"), ("incidents.csv.", "file-name"), ("incidents.ＣＳＶ", "file-name")),
        *((".教务处/incidents.csv", "hidden-file"), ("教务处/.incidents.xlsx", "hidden-file")),
        *((f".教务处/{name}", "hidden-file") for name in ("incidents.tsv", "数据.tsv", "incidents.json", "扣分事件")),
    ],
)
def test_a_file_that_may_hold_data_is_an_error_that_names_it(year: YearBook, name: str, code: str) -> None:
    year.put(name, "x")
    finding = only(year.read(), code)
    assert (finding.severity, finding.file) == ("error", name)


@pytest.mark.parametrize("name", [".policies.yaml", ".教务处/scheme.yml", ".incidents.pdf"])
def test_a_hidden_decision_or_document_is_worth_a_look(year: YearBook, name: str) -> None:
    year.put(name, "x")
    finding = only(year.read(), "hidden-file")
    assert (finding.severity, finding.file) == ("warning", name)


@pytest.mark.parametrize("name", ["教务处.txt", "教务处报送"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_text_that_begins_like_a_table_is_one(year: YearBook, name: str, encoding: str) -> None:
    year.put(name, "扣分事件登记\n单位编号\t指标编号\t日期\nC01\tB17\t2019-03-05\n".encode(encoding))
    assert only(year.read(), "file-type").file == name


@pytest.mark.parametrize("name", ["incidents.csv", "教务处/扣分事件.xlsx", "policies.yaml", "数据.numbers"])
def test_a_folder_named_like_a_table(year: YearBook, name: str) -> None:
    (year.folder / name).mkdir(parents=True)
    finding = only(year.read(), "folder")
    assert (finding.severity, finding.file) == ("error", name)


def test_links_are_followed(year: YearBook, tmp_path: Path) -> None:
    year.write_csv()
    away = tmp_path / "office"
    away.mkdir()
    (year.folder / "metrics.csv").rename(away / "metrics.csv")
    (year.folder / "教务处").symlink_to(away)
    (year.folder / "ratings.csv").rename(tmp_path / "ratings")
    (year.folder / "ratings.csv").symlink_to(tmp_path / "ratings")
    intake = year.look()
    assert remarkable(intake) == []
    assert {"教务处/metrics.csv", "ratings.csv"} <= set(intake.data.files)


def test_links_that_lead_nowhere_or_in_a_circle(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    (year.folder / "教务处").symlink_to(year.folder / "gone")
    (year.folder / "a").mkdir()
    (year.folder / "a/back").symlink_to(year.folder)
    intake = year.read()
    assert [(each.file, each.severity) for each in found(intake, "link")] == [("a/back", "error"), ("教务处", "error")]
    monkeypatch.setattr("kaohe.intake.year.folder.MOST_ENTRIES", 5)
    assert only(year.look(), "too-many-files").severity == "error"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", ["metrics.csv", "policies.yaml", "scheme.yaml"])
def test_a_pipe_is_not_waited_for(year: YearBook, name: str) -> None:
    year.write_csv()
    (year.folder / name).unlink(missing_ok=True)
    os.mkfifo(year.folder / name)
    assert only(year.look(), "unreadable").file == name


@pytest.mark.parametrize("name", ["教务处/policies.yaml", "policies.yml", "旧/scheme.yaml", "metrics.yaml"])
def test_decisions_in_the_wrong_place_are_told(year: YearBook, name: str) -> None:
    year.put(name, "funding_steps: proportional\n")
    finding = only(year.read(), "misplaced")
    assert finding.severity == "warning"
    assert finding.file == name


def test_a_csv_that_is_no_table(year: YearBook) -> None:
    year.put("教务处/成绩单.csv", "姓名,分数\n张,1\n")
    finding = only(year.read(), "no-table")
    assert (finding.severity, finding.file) == ("error", "教务处/成绩单.csv")
    assert "指标数据、成果" in finding.expected


def test_sheets_that_are_no_table(year: YearBook) -> None:
    year.save("a.xlsx", workbook({"说明": [["请填写"]], "成绩单": [["姓名"], ["张"]], "Sheet1": []}))
    intake = year.read()
    error = only(intake, "no-table")
    assert (error.severity, error.file, error.sheet) == ("error", "a.xlsx", "成绩单")
    empty = only(intake, "empty-sheet")
    assert (empty.severity, empty.sheet) == ("advisory", "Sheet1")


def test_an_empty_table_counts_as_absent(year: YearBook) -> None:
    year.without("ballots").put("ballots.csv", "")
    intake = year.read()
    assert only(intake, "empty-sheet").file == "ballots.csv"
    assert "民主测评" in only(intake, "missing-table").message


def test_a_locked_file(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    year.write_xlsx(name="教务处.xlsx")
    real = builtins.open

    def locked(file, *args, **kwargs):
        if Path(file).name == "教务处.xlsx":
            raise PermissionError(13, "Permission denied")
        return real(file, *args, **kwargs)

    monkeypatch.setattr(builtins, "open", locked)
    intake = year.look()
    finding = only(intake, "locked")
    assert finding.severity == "error"
    assert finding.file == "教务处.xlsx"
    assert "请先在 Excel 中关闭 教务处.xlsx" in finding.message


def test_an_unreadable_file(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    year.put("a/metrics.csv", "x")
    real = builtins.open

    def broken(file, *args, **kwargs):
        if Path(file).parent.name == "a":
            raise OSError(5, "Input/output error")
        return real(file, *args, **kwargs)

    monkeypatch.setattr(builtins, "open", broken)
    assert only(year.read(), "unreadable").file == "a/metrics.csv"


def test_a_folder_that_cannot_be_listed(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    year.put("人事处/说明.txt", "x")
    real = os.scandir

    def closed(path):
        if Path(path).name == "人事处":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    finding = only(year.read(), "unreadable")
    assert (finding.severity, finding.file) == ("error", "人事处")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "无法打开"),
        (b"not a workbook", "无法打开"),
        (b"PK\x03\x04junk", "无法打开"),
        (b"\xd0\xcf\x11\xe0x", "密码"),
    ],
)
def test_a_damaged_workbook(year: YearBook, content: bytes, says: str) -> None:
    year.put("坏.xlsx", content)
    finding = only(year.read(), "unreadable")
    assert (finding.severity, finding.file) == ("error", "坏.xlsx")
    assert says in finding.message


def test_a_truncated_workbook(year: YearBook) -> None:
    year.write_xlsx(name="a.xlsx")
    path = year.folder / "a.xlsx"
    path.write_bytes(path.read_bytes()[:-900])
    assert only(year.look(), "unreadable").file == "a.xlsx"


def test_a_chart_sheet_holds_no_data(year: YearBook) -> None:
    book = Workbook()
    book.active.title = "说明"
    book.create_chartsheet("图").add_chart(BarChart())
    year.save("a.xlsx", book)
    finding = only(year.read(), "chart-sheet")
    assert (finding.severity, finding.sheet) == ("advisory", "图")


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_csv(year: YearBook, encoding: str) -> None:
    year.write_csv(chinese=True, encoding=encoding)
    intake = year.look()
    assert remarkable(intake) == []
    assert intake.data.unit("C01").name == "信息工程学院"


@pytest.mark.parametrize(("content", "code"), [(b"a\xff\xff\xffb", "encoding"), ("单位".encode("utf-16"), "encoding")])
def test_an_unknown_encoding(year: YearBook, content: bytes, code: str) -> None:
    year.put("a/metrics.csv", content)
    finding = only(year.read(), code)
    assert (finding.severity, finding.file) == ("error", "a/metrics.csv")
    assert "GB18030" in finding.expected


def test_a_workbook_named_csv(year: YearBook) -> None:
    year.write_xlsx(name="a.xlsx")
    (year.folder / "a").mkdir()
    (year.folder / "a.xlsx").rename(year.folder / "a/metrics.csv")
    assert "Excel" in only(year.look(), "not-csv").message


def test_csv_with_a_comma_that_is_not_in_quotes(year: YearBook) -> None:
    year.put(
        "a/achievements.csv",
        "unit_id,indicator,kind,level,award,title,date,first_author,amount\n"
        "C01,K6,paper_core,,,论教学,改革,2019-03-05,1,5\n",
    )
    finding = only(year.read(), "too-many-fields")
    assert (finding.file, finding.row, finding.severity) == ("a/achievements.csv", 2, "error")


INCIDENTS = "unit_id,indicator,date,count,points,note\n"


@pytest.mark.parametrize(
    "rows",
    [
        'C01,B17,2019-03-05,1,,"a\nC02,B17,2019-03-06,1,,b"\nC01,B17,2019-03-07,1,,c\n',
        'C01,B17,2019-03-05,1,,"a\r\nC02,B17,2019-03-06,1,,b"\r\n',
        '"C01,B17,2019-03-05,1,,a\nC02",B17,2019-03-06,1,,b\nC01,B17,2019-03-07,1,,c\n',
        'C01,B17,2019-03-05,1,,"a\nC02,B17,2019-03-06,1,,\nC01,B17,2019-03-07",1,,c\nC01,B17,2019-03-08,1,,d\n',
        'C01,B17,"2019-03-05,1,,a\nC02,B17,2019-03-06",1,,b\n',
    ],
)
def test_a_quotation_mark_that_takes_in_rows_below_is_told(year: YearBook, rows: str) -> None:
    year.put("incidents.csv", INCIDENTS + rows)
    finding = only(year.read(), "swallowed-rows")
    assert (finding.severity, finding.file, finding.row) == ("error", "incidents.csv", 2)


@pytest.mark.parametrize(
    "rows",
    [
        'C01,B17,2019-03-05,1,,"一次迟到，\n后已改正,无他"\n',
        'C01,B17,2019-03-05,1,,"甲,乙,丙,丁,戊,己\n都迟到了\nC02 无"\n',
        'C01,B17,2019-03-05,1,,"两行\n的"\nC02,B17,2019-03-06,1,,"又是\n两行的"\n',
        '"C01\n",B17,2019-03-05,1,,x\nC02,B17,2019-03-06,1,,y\n',
    ],
)
def test_a_note_of_several_lines_is_a_note(year: YearBook, rows: str) -> None:
    year.put("incidents.csv", INCIDENTS + rows)
    intake = year.read()
    assert not intake.has_errors
    assert len(intake.data.incidents) == rows.count("B17")


def test_rows_are_numbered_as_excel_shows_them(year: YearBook) -> None:
    year.put(
        "a/achievements.csv",
        "unit_id,indicator,kind,level,award,title,date,first_author,amount\n"
        '\nC01,K6,paper_core,,,"两行的\n标题",2019-03-05,1,\n,,,,,,,,\nC01,K6,paper_core,,,另一篇,日期,1,\n',
    )
    finding = only(year.read(), "bad-date")
    assert finding.row == 5


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
