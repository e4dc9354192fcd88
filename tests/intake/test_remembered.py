"""What was read in this process is not read again, and nothing else is taken for it."""

from itertools import product

import pytest

from kaohe.intake import read_year, remembered
from kaohe.intake.places import Log, Spot
from kaohe.intake.remembered import MOST_TOLD, Remembered, Told
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables import drafts, rows
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.vocabulary import TABLES
from tests.intake.toy import HEAD, INDEX, errors, put
from tests.intake.yearbook import csv_bytes, found, only, sheet_rows


@pytest.fixture
def reads(monkeypatch):
    """How many rows are gone through."""
    counted = []
    records = drafts.Draft.records

    def counting(draft):
        counted.append(draft.at)
        return records(draft)

    monkeypatch.setattr(drafts.Draft, "records", counting)
    return counted


def test_the_same_files_are_gone_through_once_and_tell_the_same_again(year, reads):
    year.set("metrics", "C01", "enrolled_students", value="约 3000")
    first = year.read()
    assert only(first, "bad-figure").row == year.row_of("metrics", year.set("metrics", "C01", "enrolled_students"))
    reads.clear()
    again = year.look()
    assert reads == []
    assert (again.findings, again.missing) == (first.findings, first.missing)
    assert again.data == first.data


def test_one_changed_figure_has_its_own_file_read_and_no_other(year, reads):
    before = year.read().data.metrics["C01", "enrolled_students"].value
    year.set("metrics", "C01", "enrolled_students", value=before + 1)
    reads.clear()
    found = year.read()
    assert found.data.metrics["C01", "enrolled_students"].value == before + 1
    assert {at.file for at in reads} == {"metrics.csv"}


def test_the_same_figures_beside_other_units_are_read_anew(year):
    year.set("metrics", "C01", "enrolled_students", unit_id="信息工程学院")
    assert only(year.read(), "unit-by-name").unit == "C01"
    next(row for row in year.tables["units"] if row["unit_id"] == "C01")["name"] = "信息学院"
    intake = year.read()
    assert [finding.code for finding in intake.findings if finding.value == "信息工程学院"] == ["unknown-unit"]


def test_the_same_figures_under_another_scheme_are_read_anew(tmp_path):
    rows = [("单位编号", "预期寿命", "人均收入"), ("A1", 85, 75000), ("A2", 52.5, 75000)]
    assert errors(read_year(put(tmp_path, "2021", HEAD + INDEX, metrics=rows), "2021")) == []
    put(
        tmp_path,
        "2021",
        HEAD + INDEX.replace("岁, kind: number, office: 统计部", "岁, kind: number, office: 教务处, most: 80"),
        metrics=rows,
    )
    (finding,) = [each for each in read_year(tmp_path, "2021").findings if each.severity == "error"]
    assert (finding.code, finding.office) == ("out-of-range", "教务处")


def test_the_same_figures_of_another_year_are_held_against_that_year(tmp_path):
    (tmp_path / "kaohe.yaml").write_text("scheme: toy\n", encoding="utf-8")
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "scheme.yaml").write_text(HEAD + INDEX, encoding="utf-8")
    rows = [("2021 年度各队情况",), ("单位编号", "预期寿命", "人均收入"), ("A1", 85, 75000), ("A2", 52.5, 75000)]
    for year in ("2021", "2020"):
        put(tmp_path / "raw", year, metrics=rows)
    (right, wrong) = (read_year(tmp_path / "raw", year) for year in ("2021", "2020"))
    assert right.scheme is wrong.scheme
    assert [found(each, "other-year") != [] for each in (right, wrong)] == [False, True]


def test_what_a_text_meant_in_one_row_is_taken_for_no_other_rows(tmp_path):
    """Nor is what was wrong, or nothing, before: a row says the same alone and among others."""
    scheme = read_year(put(tmp_path, "2021", HEAD + INDEX), "2021").scheme
    texts = (
        ("预期寿命", "life", "人均收入", "3-1", "无", "寿命", None),
        ("80", "-1", "无", "80岁", "80美元"),
        ("是", "无", "大概"),
    )
    lines = [["A1", metric, value, said] for metric, value, said in product(*texts)]

    def read(rows_):
        log = Log()
        found = rows.Rows(Names(scheme), log)
        found.add(TABLES["metrics"], Grid("a.csv", "", [(1, ["单位编号", "指标", "数值", "有争议"]), *rows_]))
        return [(each.at.row, each.values) for each in found.records["metrics"]], log.findings

    numbered = [*enumerate(lines * 2, start=2)]
    alone = [read([row]) for row in numbered]
    assert read(numbered) == ([one for some, _ in alone for one in some], [one for _, some in alone for one in some])


@pytest.mark.usefixtures("anew")
def test_what_a_later_year_looked_at_is_not_all_that_there_is(year):
    year.write_xlsx(name="数据.xlsx")
    later = year.raw / "2019-2020"
    later.mkdir()
    (later / "units.csv").write_bytes(csv_bytes(sheet_rows("units", year.tables["units"])))
    read_year(year.raw, "2019-2020")
    assert len(year.look().data.votes) == len(year.tables["ballots"])


def test_findings_are_told_again_and_too_many_are_not_kept():
    log, later = Log(), Log()
    told = Told(log)
    told.error("bad", "错", Spot("a.csv", "", 3, "数值", "x"), unit="C01")
    kept = Remembered[str](1000)
    kept.keep("key", "found", told, 1)
    assert kept.get("key", later) == "found"
    assert later.findings == log.findings != []
    for number in range(MOST_TOLD):
        told.error("bad", "错", Spot("a.csv", "", number))
    kept.keep("other", "found", told, 1)
    assert kept.get("other", later) is None


def test_only_the_latest_are_kept(monkeypatch):
    monkeypatch.setattr(remembered, "LEAST", 1)
    kept, told = Remembered[int](10), Told(Log())
    for number in range(4):
        kept.keep(number, number, told, 4)
        kept.get(0, Log())
    assert [kept.get(number, Log()) for number in range(4)] == [0, None, None, 3]
    kept.keep(3, 5, told, 9)
    assert [kept.get(number, Log()) for number in range(4)] == [None, None, None, 5]
    kept.keep(4, 4, told, 11)
    assert kept.get(4, Log()) is None
    assert kept.get(3, Log(), lambda found: found != 5) is None


def test_what_is_small_or_cannot_be_read_does_not_pile_up(year, monkeypatch):
    """A session goes on for days: a sheet without records stays with all its cells, an empty one with its scheme."""
    kept = Remembered[int](10 * remembered.LEAST)
    for number in range(20):
        kept.keep(number, number, Told(Log()), 0)
    assert [kept.get(number, Log()) for number in (9, 10)] == [None, 10]

    monkeypatch.setattr(rows, "_FOUND", kept := Remembered(20_000))
    for number in range(20):
        year.put("指标数据.csv", "unit_id,数,value\n" + f"C01,x,{number}\n" * 3_000)
        only(year.read(), "missing-column")
    assert sum(found.grid.size for found, _, _ in kept._kept.values()) <= 20_000
