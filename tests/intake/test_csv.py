"""Files of values parted by commas: their encodings, quotation marks, rows of several lines."""

import pytest

from tests.intake.yearbook import YearBook, only, remarkable, sheet_rows


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


@pytest.mark.parametrize(("comma", "code"), [(";", "decimal-comma"), (",", None)])
def test_commas_for_points_and_the_end_of_an_old_file(year: YearBook, comma: str, code: str | None) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"])
    point = "," if comma == ";" else "."
    lines = [comma.join("" if cell is None else str(cell) for cell in row) for row in rows]
    written = [lines[0], *(line.replace(".", point) for line in lines[1:])]
    year.without("metrics").put("metrics.csv", "\r\n".join(written) + "\r\n\x1a")
    intake = year.read()
    assert sorted(remarkable(intake)) == ([code, "separator"] if code else [])
    assert (len(intake.data.metrics), intake.has_errors) == (106, False)
    assert str(intake.data.metrics["C02", "survey_rate"].value) == "81/100"
