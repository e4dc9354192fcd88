"""What was read in this process is not read again, and nothing else is taken for it."""

import pytest

from kaohe.intake import remembered
from kaohe.intake.places import Log, Spot
from kaohe.intake.remembered import MOST_TOLD, Remembered, Told
from kaohe.intake.tables import drafts, rows
from tests.intake.yearbook import only


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
