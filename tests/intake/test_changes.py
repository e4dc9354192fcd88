"""What differs between two readings: as it was written, once a cell, and what contradicts is no loss."""

import pytest

from kaohe.intake.changes import NOTHING_MORE, changes
from kaohe.intake.reading import read_rows
from tests.intake.yearbook import YEAR, YearBook, achievement, csv_bytes, incident, scheme, sheet_rows, workbook


def table(name: str, *rows: dict) -> bytes:
    return csv_bytes(sheet_rows(name, list(rows)))


@pytest.fixture
def book(year: YearBook) -> YearBook:
    year.write_csv()
    return year


def found(year: YearBook, **exchanged: bytes | None) -> list[tuple]:
    """Kind, what it is about, column, old and new text of each change; `__` in a name is a folder, `.csv` is added."""
    files = {f"{name.replace('__', '/')}.csv": content for name, content in exchanged.items()}
    return [
        (each.kind, each.about, each.column, each.old and each.old.text, each.new and each.new.text)
        for each in changes(read_rows(year.raw, YEAR), read_rows(year.raw, YEAR, exchanged=files), scheme())
    ]


def metric(value, name="invigilation_rate", unit="C01", **more):
    return {"unit_id": unit, "metric": name, "value": value} | more


def with_metrics(year: YearBook, *others: dict) -> bytes:
    """The year's metrics, those of the same name replaced by `others`."""
    names = {(row["unit_id"], row["metric"]) for row in others}
    kept = [row for row in year.tables["metrics"] if (row["unit_id"], row["metric"]) not in names]
    return table("metrics", *kept, *others)


def test_nothing_differs_where_rows_only_moved(book: YearBook) -> None:
    assert found(book, metrics=None, 教务处__metrics=with_metrics(book), ballots=None,
                 民主测评=table("ballots", *reversed(book.tables["ballots"]))) == []  # fmt: skip


def test_figures_stand_as_they_were_written(book: YearBook) -> None:
    name = scheme().metrics["invigilation_rate"].name
    assert found(book, metrics=with_metrics(book, metric("85.21%"))) == [
        ("changed", f"C01 {name}", "数值", "0.8", "85.21%")
    ]


def test_a_percent_cell_of_excel_stands_as_excel_shows_it(year: YearBook) -> None:
    year.write_csv()
    book = workbook({"指标数据": [["单位编号", scheme().metrics["invigilation_rate"].name], ["C01", 0.8521]]})
    book.active["B2"].number_format = "0.00%"
    (year.folder / "metrics.csv").write_bytes(table("metrics", *year.tables["metrics"][1:]))
    year.save("率.xlsx", book)
    content = (year.folder / "率.xlsx").read_bytes()
    (year.folder / "率.xlsx").unlink()
    readings = read_rows(year.raw, YEAR), read_rows(year.raw, YEAR, exchanged={"率.xlsx": content})
    assert "85.21%" in [each.new.text for each in changes(*readings, scheme()) if each.new]


def test_the_same_figure_in_another_form_does_not_differ(book: YearBook) -> None:
    assert found(book, metrics=with_metrics(book, metric("80.0 %"))) == []


def test_a_contradiction_names_both_cells_and_is_no_loss(book: YearBook) -> None:
    (change,) = changes(
        read_rows(book.raw, YEAR),
        read_rows(book.raw, YEAR, exchanged={"a/metrics.csv": table("metrics", metric(0.9))}),
        scheme(),
    )
    assert (change.kind, change.old.text, change.new.text) == ("conflict", "0.8", "0.9")
    assert (change.old.file, change.new.place) == ("metrics.csv", "a/metrics.csv 第 2 行")


def test_a_contradiction_that_was_there_before_does_not_differ_and_one_that_ends_does(book: YearBook) -> None:
    book.put("b/metrics.csv", table("metrics", metric(0.9)))
    other = ("new", f"C01 {scheme().metrics['practice_teams'].name}", "数值", None, "5")
    assert found(book, c__metrics=table("metrics", metric(5, "practice_teams"))) == [other]
    assert [each[:1] + each[3:] for each in found(book, metrics=with_metrics(book, metric(0.9)))] == [
        ("changed", "0.8", "0.9")
    ]


def test_what_stands_there_in_error_is_not_gone(book: YearBook) -> None:
    ((kind, _, _, old, new),) = found(book, metrics=with_metrics(book, metric("很多")))
    assert (kind, old, new) == ("unusable", "0.8", None)


def test_what_is_gone_is_gone_also_beside_an_old_error(book: YearBook) -> None:
    book.put("b/metrics.csv", table("metrics", metric("很多")))
    rows = [row for row in book.tables["metrics"] if row != metric(0.8)]
    assert [each[0] for each in found(book, metrics=table("metrics", *rows))] == ["gone"]


def test_notes_of_two_places_are_one_cell(book: YearBook) -> None:
    note = {"note": "另附说明", "disputed": "否"}
    changed = found(book, a__metrics=table("metrics", metric(0.8, **note)))
    assert [(each[2], each[4]) for each in changed] == [("备注", "另附说明")]
    book.put("a/metrics.csv", table("metrics", metric(0.8, **note)))
    again = found(book, b__metrics=table("metrics", metric(0.8, note="又及", disputed="是")))
    assert [(each[0], each[2], each[4]) for each in again] == [
        ("changed", "备注", "另附说明；又及"), ("new", "有争议", "是"),
    ]  # fmt: skip


def test_rows_that_only_name_something_count(book: YearBook) -> None:
    predecessor = {"unit_id": "C01", "predecessor": "C09"}
    assert found(book, predecessors=table("predecessors", predecessor)) == [
        ("new", "C01 C09", "备注", None, NOTHING_MORE)
    ]
    book.put("predecessors.csv", table("predecessors", predecessor))
    assert found(book, predecessors=table("predecessors", predecessor | {"note": "更名"})) == [
        ("changed", "C01 C09", "备注", NOTHING_MORE, "更名")
    ]


def test_rows_without_a_key_are_counted_by_their_name(book: YearBook) -> None:
    book.put("incidents.csv", table("incidents", incident(), incident()))
    more = found(book, incidents=table("incidents", incident(), incident(), incident(count=2)))
    assert {each[1] for each in more} == {f"C01 B17 {scheme().indicators['B17'].name} 2019-03-05 （第 3 条）"}
    assert {each[0] for each in more} == {"new"}
    assert found(book, 副本__incidents=table("incidents", incident())) == []
    renamed = found(book, achievements=table("achievements", achievement(title="另一篇")))
    assert {each[0] for each in renamed} == {"new", "gone"}
