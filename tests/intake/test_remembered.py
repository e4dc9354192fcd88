"""What was read in this process is not read again, and nothing else is taken for it."""

import pytest

from kaohe.intake.places import Log, Spot
from kaohe.intake.remembered import MOST_TOLD, Remembered, Told
from kaohe.intake.tables import drafts
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
    kept = Remembered[str](10)
    kept.keep("key", "found", told, 1)
    assert kept.get("key", later) == "found"
    assert later.findings == log.findings != []
    for number in range(MOST_TOLD):
        told.error("bad", "错", Spot("a.csv", "", number))
    kept.keep("other", "found", told, 1)
    assert kept.get("other", later) is None


def test_only_the_latest_are_kept():
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
