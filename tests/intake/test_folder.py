"""Files in a year's folder: which are tables, which are passed over, which cannot be read, and how that is said."""

import builtins
import os
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from kaohe.exchange.receipts import LEDGER
from kaohe.intake.year.folder import notes_name
from kaohe.scheme.years import spoken
from tests.intake.yearbook import (
    YEAR,
    YearBook,
    found,
    only,
    remarkable,
    workbook,
)


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
