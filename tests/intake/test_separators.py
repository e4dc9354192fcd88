"""CSV files parted by something else than commas, and cells marked as text: read where there is no doubt."""

import csv
import io

import pytest

from tests.intake.yearbook import YearBook, found, only, remarkable, sheet_rows


def parted(year: YearBook, sign: str, table: str = "metrics", *, wide: bool = False) -> str:
    """The table's text with another sign between fields; the year no longer has the table."""
    text = io.StringIO()
    csv.writer(text, delimiter=sign).writerows(sheet_rows(table, year.tables[table], chinese=True, wide=wide))
    year.without(table)
    return text.getvalue()


@pytest.mark.parametrize("sign", [";", "\t", "，", "|", "；"])
@pytest.mark.parametrize("said", [True, False])
def test_another_separator_is_read_and_said(year: YearBook, sign: str, said: bool) -> None:
    text = parted(year, sign)
    year.put("metrics.csv", (f"sep={sign}\r\n" if said else "") + text)
    intake = year.read()
    assert remarkable(intake) == ["separator"]
    row = intake.data.metrics["C01", "trainees"]
    assert row.value == 10
    assert text.splitlines()[int(row.place.split(" ")[2]) - 1 - said].startswith("C01")


def test_a_wide_file_and_a_line_that_names_the_comma(year: YearBook) -> None:
    year.put("ballots.csv", "sep=,\n" + parted(year, ",", "ballots"))
    year.put("宽/metrics.csv", parted(year, ";", wide=True))
    assert remarkable(year.read()) == ["separator"]


def test_rows_parted_otherwise_than_the_header(year: YearBook) -> None:
    head, _, rest = parted(year, ",", "ballots").partition("\n")
    year.put("ballots.csv", head.replace(",", "，") + "\n" + rest)
    finding = only(year.read(), "separator")
    assert (finding.severity, finding.row) == ("error", 2)
    assert not found(year.look(), "missing")


def test_rows_parted_otherwise_that_would_look_blank(year: YearBook) -> None:
    head, _, rest = parted(year, ",", "leader_ratings").partition("\n")
    year.put("leader_ratings.csv", head + "\n" + rest.replace(",", ";"))
    finding = only(year.read(), "separator")
    assert (finding.severity, finding.row) == ("error", 2)


def test_a_comma_in_a_number_may_then_be_a_point(year: YearBook) -> None:
    year.set("metrics", "C01", "training_income", value="1,234")
    year.set("metrics", "C02", "training_income", value="5,678")
    year.put("metrics.csv", parted(year, ";"))
    finding = only(year.read(), "decimal-comma")
    assert (finding.severity, finding.value) == ("error", "1,234")


@pytest.mark.parametrize("mark", ["'{}", '="{}"', "＇{}", '"{}"', "“{}”", "'{}'", "`{}", "^{}"])
def test_text_marks_throughout_are_said_once(year: YearBook, mark: str) -> None:
    head, *rows = sheet_rows("ballots", year.tables["ballots"], chinese=True)
    text = io.StringIO()
    csv.writer(text).writerows([[mark.format(cell) for cell in row] for row in (head, *rows)])
    year.without("ballots").put("ballots.csv", text.getvalue())
    intake = year.read()
    assert remarkable(intake) == ["text-mark"]
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 60


def test_quotation_marks_of_a_text_stay(year: YearBook) -> None:
    year.set("metrics", "C01", "trainees", note="'90后'与'00后'")
    assert year.read().data.metrics["C01", "trainees"].note == "'90后'与'00后'"


@pytest.mark.parametrize(("written", "is_read"), [("=60", True), ('"60"', True), ("`60", False), ("60'", False)])
def test_a_text_mark_of_one_cell(year: YearBook, written: str, is_read: bool) -> None:
    year.tables["ballots"][0]["excellent"] = written
    assert remarkable(year.read()) == ["text-mark" if is_read else "bad-number"]
