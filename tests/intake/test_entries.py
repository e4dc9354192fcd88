"""Achievements and incidents: their window, what they count, entered twice, and prices."""

import datetime
from fractions import Fraction
from typing import Any

import pytest

from tests.intake.yearbook import (
    YearBook,
    achievement,
    csv_bytes,
    found,
    incident,
    only,
    remarkable,
    sheet_rows,
)

LATE = datetime.date(2019, 9, 20)


# Achievements


def achieved(year: YearBook, **more: Any) -> Any:
    year.tables["achievements"] = [achievement(**more)]
    return year.read()


@pytest.mark.parametrize("day", [datetime.date(2018, 8, 31), datetime.date(2019, 9, 1)])
def test_achievements_outside_the_window(year: YearBook, day: datetime.date) -> None:
    finding = only(achieved(year, date=day), "outside-window")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("warning", 2, "date", str(day))
    assert "2018-09-01～2019-08-31" in finding.expected


@pytest.mark.parametrize("day", [datetime.date(2018, 9, 1), datetime.date(2019, 8, 31)])
def test_achievements_at_the_edges_of_the_window(year: YearBook, day: datetime.date) -> None:
    assert remarkable(achieved(year, date=day)) == []


def test_no_achievement_at_all_is_asked_about(year: YearBook) -> None:
    year.tables["achievements"] = []
    asked = found(year.read(), "no-achievements")
    assert [(each.severity, each.indicator) for each in asked] == [("warning", name) for name in ("K1.1", "K6", "K7.1")]


@pytest.mark.parametrize(("outside", "told"), [(2, True), (1, False)])
def test_a_year_in_the_wrong_folder_is_told_once(year: YearBook, outside: int, told: bool) -> None:
    days = [datetime.date(2016, 3, 5 + number) for number in range(outside)]
    rows = [achievement(title=f"作品 {day}", date=day) for day in days]
    year.tables["achievements"] = [achievement(), *rows]
    assert bool(found(year.read(), "wrong-year")) is told


def test_not_the_first_author(year: YearBook) -> None:
    intake = achieved(year, first_author=False)
    finding = only(intake, "not-first-author")
    assert (finding.severity, finding.column, finding.value) == ("warning", "first_author", "False")
    assert len(intake.data.achievements) == 1


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        ({"kind": "novel"}, "kind", "novel", "检索论文"),
        ({"kind": "program"}, "kind", "program", "检索论文"),
        ({"kind": "topic"}, "level", "", "国家级、省级、市级、校级、横向"),
        ({"kind": "topic", "level": "区级"}, "level", "区级", "国家级"),
        ({"indicator": "K1.1", "kind": "contest", "level": "provincial"}, "award", "", "一等奖、二等奖、三等奖"),
        ({"indicator": "K1.1", "kind": "contest", "level": "provincial", "award": "team"}, "award", "team", "一等奖"),
        ({"indicator": "K1.2"}, "kind", "paper_core", "计入成果的指标"),
    ],
)
def test_achievements_without_a_weight(
    year: YearBook, row: dict[str, Any], column: str, value: str, expected: str
) -> None:
    finding = only(achieved(year, **row), "no-weight")
    assert (finding.severity, finding.column, finding.value) == ("warning", column, value)
    assert expected in finding.expected


def test_a_level_that_does_not_matter_may_stand(year: YearBook) -> None:
    assert remarkable(achieved(year, kind="paper_core", level="区级", award="x")) == []
    assert remarkable(achieved(year, indicator="K1.1", kind="contest", level="national", award="team")) == []


@pytest.mark.parametrize(("kind", "least"), [("funding_social", 20000), ("funding_natural", 50000)])
def test_funding_needs_its_amount(year: YearBook, kind: str, least: int) -> None:
    blank = only(achieved(year, kind=kind), "blank")
    assert (blank.severity, blank.column, blank.expected) == ("error", "amount", "金额（元）")
    below = only(achieved(year, kind=kind, amount=least - 1), "amount-below")
    assert (below.severity, below.value, below.expected) == ("advisory", str(least - 1), f"≥ {least}（元）")
    assert remarkable(achieved(year, kind=kind, amount=least)) == []


def test_a_negative_amount(year: YearBook) -> None:
    finding = only(achieved(year, amount=-5), "out-of-range")
    assert (finding.severity, finding.column, finding.value) == ("error", "amount", "-5")


def test_repeated_titles_count_once_the_highest(year: YearBook) -> None:
    year.tables["achievements"] = [
        achievement(kind="topic", level="school", title="某　课题"),
        achievement(kind="topic", level="provincial", title=" 某 课题 "),
        achievement("C02", kind="topic", level="provincial", title="某 课题"),
        achievement(kind="topic", level="national", title="某 课题", date=LATE),
    ]
    intake = year.read()
    finding = only(intake, "repeated-title")
    assert (finding.severity, finding.row, finding.column) == ("warning", 2, "title")  # the lower one is left out
    assert len(intake.data.achievements) == 4


def test_a_work_of_last_year_is_asked_about(year: YearBook) -> None:
    """A project or a paper of the same title, by the unit or one it was made of; not what is held every year."""
    before = [
        achievement(kind="topic", level="school", title="某　课题"),
        achievement("C09", kind="paper_core", title="论文"),
        achievement("C02", kind="topic", level="school", title="别的学院的课题"),
        achievement(indicator="K7.1", kind="honour", level="municipal", title="优秀党员"),
    ]
    rows = sheet_rows("achievements", before)
    (year.raw / "2017-2018").mkdir(parents=True)
    (year.raw / "2017-2018" / "scheme.yaml").write_text("based_on: lygtc-2018\n", encoding="utf-8")
    (year.raw / "2017-2018" / "achievements.csv").write_bytes(csv_bytes(rows))
    year.tables["predecessors"] = [{"unit_id": "C01", "predecessor": "C09"}]
    year.tables["achievements"] = [
        achievement(kind="topic", level="municipal", title=" 某 课题 "),
        achievement(kind="paper_core", title="论文"),
        achievement(kind="topic", level="school", title="别的学院的课题"),
        achievement(indicator="K7.1", kind="honour", level="municipal", title="优秀党员"),
    ]
    intake = year.read()
    told = found(intake, "title-last-year")
    assert [(each.severity, each.row, each.column) for each in told] == [("warning", row, "title") for row in (2, 3)]
    assert "2017-2018" in told[0].message
    assert "本学年照计" in told[0].message
    assert len(intake.data.achievements) == 4


def test_a_project_and_its_funding_are_two_things(year: YearBook) -> None:
    year.tables["achievements"] = [
        achievement(kind="topic", level="school", title="课题"),
        achievement(kind="funding_social", amount=30000, title="课题"),
    ]
    assert remarkable(year.read()) == []


def test_funding_entered_twice(year: YearBook) -> None:
    year.tables["achievements"] = [achievement(kind="funding_social", amount=amount) for amount in (30000, 40000)]
    assert only(year.read(), "repeated-title").row == 3


def test_a_blank_title(year: YearBook) -> None:
    finding = only(achieved(year, title=None), "blank")
    assert (finding.severity, finding.column) == ("error", "title")


# Incidents


def happened(year: YearBook, **more: Any) -> Any:
    year.tables["incidents"] = [incident(**more)]
    return year.read()


def test_an_indicator_without_deductions(year: YearBook) -> None:
    finding = only(happened(year, indicator="B01"), "no-deductions")
    assert (finding.severity, finding.column, finding.value) == ("error", "indicator", "B01")


def test_incidents_outside_the_window(year: YearBook) -> None:
    finding = only(happened(year, date=LATE), "outside-window")
    assert (finding.severity, finding.file, finding.column) == ("warning", "incidents.csv", "date")


@pytest.mark.parametrize(("count", "code"), [(-1, "out-of-range"), (None, "blank"), ("两", "bad-number")])
def test_the_count_of_incidents(year: YearBook, count: Any, code: str) -> None:
    finding = only(happened(year, count=count), code)
    assert (finding.severity, finding.column) == ("error", "count")


def test_a_count_of_incidents_that_is_not_whole(year: YearBook) -> None:
    assert only(happened(year, count=1.5), "not-whole").severity == "warning"


@pytest.mark.parametrize(
    ("indicator", "count", "points"), [("B17", 2, 2), ("B18", 2, 1), ("B17", 2, -2), ("B17", 3, None)]
)
def test_a_fixed_price_that_agrees(year: YearBook, indicator: str, count: int, points: int | None) -> None:
    intake = happened(year, indicator=indicator, count=count, points=points)
    assert remarkable(intake) == []
    assert intake.data.incidents[0].points == (None if points is None else abs(points))


def test_a_fixed_price_that_does_not_agree(year: YearBook) -> None:
    finding = only(happened(year, indicator="B18", count=2, points=2), "wrong-price")
    assert (finding.severity, finding.column, finding.value, finding.expected) == ("error", "points", "2", "1，或不填")


@pytest.mark.parametrize("points", [0.5, 1, -0.5, -1])
def test_a_discretionary_deduction(year: YearBook, points: float) -> None:
    intake = happened(year, indicator="B07", points=points)
    assert remarkable(intake) == []
    assert intake.data.incidents[0].points == Fraction(str(abs(points)))


@pytest.mark.parametrize(
    ("points", "code"), [(None, "blank"), (0.4, "out-of-range"), (1.1, "out-of-range"), (0, "out-of-range")]
)
def test_a_discretionary_deduction_out_of_bounds(year: YearBook, points: float | None, code: str) -> None:
    finding = only(happened(year, indicator="B07", points=points), code)
    assert (finding.severity, finding.column, finding.expected) == ("error", "points", "0.5～1")


def test_a_discretionary_deduction_is_one_event(year: YearBook) -> None:
    finding = only(happened(year, indicator="B07", points=0.5, count=2), "bad-count")
    assert (finding.severity, finding.column, finding.expected) == ("error", "count", "1")


def test_discretionary_deductions_of_a_year_have_a_limit(year: YearBook) -> None:
    year.tables["incidents"] = [incident(indicator="B07", points=points, note=str(points)) for points in (0.5, 0.6)]
    finding = only(year.read(), "out-of-range")
    assert (finding.severity, finding.row, finding.expected) == ("error", 3, "合计不超过 1")
    assert "incidents.csv 第 2 行、incidents.csv 第 3 行" in finding.message
    year.tables["incidents"][1]["date"] = LATE
    assert not year.read().has_errors
