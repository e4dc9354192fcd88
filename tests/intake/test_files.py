"""Text files and names of files, of any encoding and kind."""

import os
from fractions import Fraction

import pytest
from openpyxl import Workbook

from tests.intake.ballots import ballots, refused
from tests.intake.yearbook import YearBook, csv_bytes, found, only, sheet_rows

pytestmark = pytest.mark.slow

# Text files


def test_utf16_is_named(year: YearBook) -> None:
    year.put("票/ballots.csv", "\ufeff".encode("utf-16-le") + "单位编号\n".encode("utf-16-le"))
    assert "UTF-16" in only(year.read(), "encoding").message


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("單位編號,優秀,合格,不合格\nC01,60,30,2\n", "big5"),
        ("単位番号,カリキュラム,学部,メモです\nC01,60,30,2\n", "shift_jis"),
        ("unit_id,name,category,party_org\nC09,信息工程學院與體育館,college,branch\n", "big5"),
        ("unit_id,name\nC09,Université\n", "latin-1"),
    ],
)
def test_other_encodings_are_told(year: YearBook, text: str, encoding: str) -> None:
    year.put("票/units.csv", text.encode(encoding))
    assert only(year.read(), "encoding").file == "票/units.csv"


def test_utf8_that_breaks_off(year: YearBook) -> None:
    text = csv_bytes(sheet_rows("units", year.tables["units"], chinese=True))
    at = text.rindex("党总支".encode())
    year.without("units").put("units.csv", text[: at + 4])
    finding = only(year.read(), "encoding")
    assert (finding.file, finding.row) == ("units.csv", 6)
    assert "UTF-8" in finding.message


def test_rates_in_gb18030_without_any_chinese(year: YearBook) -> None:
    rows = ballots(year)
    rows[1][1] = "６０"
    year.put("a/ballots.csv", csv_bytes(rows, "gb18030"))
    assert year.read().data.votes["C01", "ballot", ""].counts["", "excellent"] == 60


def test_a_quotation_mark_that_is_never_closed(year: YearBook) -> None:
    lines = csv_bytes(ballots(year)).decode().splitlines()
    year.put("a/ballots.csv", "\n".join([*lines[:3], lines[3].replace("E01", '"E01'), *lines[4:]]))
    assert only(year.read(), "not-csv").file == "a/ballots.csv"


def test_a_huge_text_file(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaohe.intake.sheets.csvfile.MOST_CELLS", 1000)
    year.put("a/ballots.csv", b"," * 2000 + b"x\n")
    finding = next(each for each in found(year.read(), "too-large") if each.file == "a/ballots.csv")
    assert (finding.severity, "第 1 行" in finding.message) == ("error", True)


def test_a_file_beyond_all_measure(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaohe.intake.year.files.MOST_BYTES", 100_000)
    year.put("a/ballots.csv", b"x" * 100_001)
    assert "MB" in only(year.read(), "too-large").expected


def test_references_that_unfold_into_billions(year: YearBook) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))]
    year.put("policies.yaml", "\n".join([*lines, "funding_steps: *a9\n"]))
    assert "展开后过大" in only(year.read(), "policies").message


# Names


def test_a_pipe_is_not_waited_for(year: YearBook) -> None:
    year.write_csv()
    os.mkfifo(year.folder / "票.xlsx")
    assert "普通文件" in refused(year.look(), "unreadable").expected


@pytest.mark.parametrize("name", ["\udcff\udcfe.csv", "教务处\udcff/ballots.csv", "bal\nlots.csv", "\x1b[2J.xlsx"])
def test_names_that_are_no_text(year: YearBook, name: str) -> None:
    year.put(name, b"x")
    finding = only(year.read(), "file-name")
    assert finding.severity == "error"
    assert str(finding).encode()


@pytest.mark.parametrize(
    "unit_id",
    ["../x", "a/b", "a\\b", "CON", "lpt1", "<b>", "x" * 33, "C\n1", ".", "..", "C:1", "a b", "=1+1", "-x", "C#"],
)
def test_an_id_that_cannot_name_a_file(year: YearBook, unit_id: str) -> None:
    year.tables["units"].append({"unit_id": unit_id, "name": "新学院", "category": "college", "party_org": "branch"})
    intake = year.read()
    finding = only(intake, "unit-id")
    assert (finding.severity, finding.file, finding.row, finding.column) == ("error", "units.csv", 9, "unit_id")
    assert unit_id not in {unit.unit_id for unit in intake.data.units}


@pytest.mark.parametrize("unit_id", ["C-1", "c_2", "信息学院", "101", "Console", "Ｃ０９"])
def test_an_id_that_can(year: YearBook, unit_id: str) -> None:
    year.tables["units"].append({"unit_id": unit_id, "name": "新学院", "category": "college", "party_org": "branch"})
    assert not found(year.read(), "unit-id")


def test_ids_that_differ_by_capitals_alone(year: YearBook) -> None:
    year.tables["units"].append({"unit_id": "c01", "name": "新学院", "category": "college", "party_org": "branch"})
    finding = only(year.read(), "unit-id")
    assert (finding.value, "大小写" in finding.message) == ("c01", True)


def test_a_workbook_of_names_with_markup_and_formulas(year: YearBook) -> None:
    year.tables["units"][0]["name"] = "=cmd|' /C calc'!A0"
    year.tables["units"][1]["name"] = "<img src=x onerror=alert(1)>/../"
    book = Workbook()
    book.active.title = "units"
    for row in sheet_rows("units", year.tables["units"]):
        book.active.append(row)
    book.active["B2"].data_type = "s"
    year.without("units").save("a.xlsx", book)
    intake = year.read()
    assert [unit.name for unit in intake.data.units[:2]] == ["=cmd|' /C calc'!A0", "<img src=x onerror=alert(1)>/../"]


def test_fractions_stay_exact(year: YearBook) -> None:
    year.set("metrics", "C01", "invigilation_rate", value="８５．５ ％")
    assert year.read().data.metrics["C01", "invigilation_rate"].value == Fraction("0.855")
