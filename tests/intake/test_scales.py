"""Marks on another scale than the one asked for are asked about, and hide nothing else; no other marks are."""

import random
from typing import Any

import pytest

from kaohe.intake.checks.scales import Mark, misfits
from kaohe.intake.places import Spot
from kaohe.intake.tables.vocabulary import Record
from tests.intake.yearbook import YearBook, found, only, remarkable, scheme
from tests.shipped import TABLES

TASKS = [each.id for each in scheme().applicable("department", "D03") if each.id.startswith("D03.T")]


def rating(year: YearBook, rater: str, unit: str) -> list[dict[str, Any]]:
    return [row for row in year.tables["ratings"] if row["rater"] == rater and row["unit_id"] == unit]


def out_of(row: dict[str, Any], top: float | None) -> float:
    """The mark of a task, out of 100 in the yearbook, on another scale; None: out of the task's own points."""
    full = float(scheme().indicators[row["indicator"]].full)
    return round(row["points"] / 100 * (top or full), 2)


@pytest.mark.parametrize("top", [None, 10, 5, 1])
def test_a_department_rated_out_of_something_else(year: YearBook, top: float | None) -> None:
    rows = [row for row in rating(year, "乙", "D03") if row["indicator"] in TASKS]
    for row in rows:
        row["points"] = out_of(row, top)
    intake = year.read()
    finding = only(intake, "other-scale")
    assert (finding.severity, finding.unit) == ("warning", "D03")
    assert (finding.file, finding.row, finding.column) == ("ratings.csv", year.row_of("ratings", rows[0]), "points")
    assert "评分人 乙 给 D03 党委组织部" in finding.message
    assert f"{len(rows)} 个分数" in finding.message
    assert "0～100" in finding.expected
    assert remarkable(intake) == ["other-scale"]


def test_what_another_rater_does_is_seen_beside_it(year: YearBook) -> None:
    """One of three rates a department out of its points; another is too low everywhere."""
    mine = [row for row in year.tables["ratings"] if row["rater"] == "甲"]
    for name, shift in (("丙", 0.0), ("丁", -0.2)):
        for row in mine:
            highest = 100 if row["indicator"] in scheme().indicators and "T" in row["indicator"] else None
            full = highest or float(scheme().indicators[row["indicator"]].full)
            year.tables["ratings"].append(row | {"rater": name, "points": round(row["points"] + shift * full, 4)})
    for row in rating(year, "乙", "D03") + rating(year, "乙", "D10"):
        if ".T" in row["indicator"]:
            row["points"] = out_of(row, None)
    intake = year.read()
    assert "评分人 乙" in only(intake, "other-scale").message
    assert "D03 党委组织部、D10 财务处" in only(intake, "other-scale").message
    assert "评分人 丁" in only(intake, "rater-apart").message


def test_a_rater_is_held_against_the_own_marks_elsewhere(year: YearBook) -> None:
    """Nobody else rates the departments."""
    year.tables["ratings"] = [
        row for row in year.tables["ratings"] if row["rater"] == "乙" or not row["unit_id"].startswith("D")
    ]
    for row in rating(year, "乙", "D10"):
        if ".T" in row["indicator"]:
            row["points"] = out_of(row, None)
    finding = only(year.read(), "other-scale")
    assert finding.unit == "D10"
    assert "同一人的其他评分" in finding.message


def test_a_leader_who_marks_out_of_ten(year: YearBook) -> None:
    for row in year.tables["leader_ratings"]:
        if row["leader"] == "李":
            row["score"] = row["score"] / 10
    finding = only(year.read(), "other-scale")
    assert "校领导 李" in finding.message
    assert "10 分制" in finding.message


def test_one_item_on_another_scale_for_every_unit() -> None:
    record = Record(TABLES["ratings"], {}, {}, {}, Spot())
    marks = [
        Mark(rater, (f"C{unit}", item), share * (1 if (rater, item) == ("乙", "K1") else 20), 20, 20, record)
        for rater, shift in (("甲", 0.0), ("乙", 0.05))
        for item in ("K1", "K2")
        for unit in range(6)
        for share in [0.6 + 0.05 * unit + shift]
    ]
    (misfit,) = misfits(marks, lambda mark: mark.key[1])
    assert (misfit.rater, misfit.scale.name, {mark.key[1] for mark in misfit.marks}) == ("乙", "0～1 的比例", {"K1"})
    assert misfit.implied == pytest.approx(0.775)


def test_two_kinds_of_items_are_one_question_on_the_scale_that_fits_both() -> None:
    """Out of 5 for all: for items of 5 points that is also out of their points, for those of 2 it is not."""
    record = Record(TABLES["ratings"], {}, {}, {}, Spot())
    marks = [
        Mark(rater, (f"D{unit}", item), share * (5 if rater == "乙" else 100), 100, full, record)
        for rater, shift in (("甲", 0.0), ("乙", 0.05))
        for item, full in (("T1", 5), ("T2", 2))
        for unit in range(6)
        for share in [0.6 + 0.05 * unit + shift]
    ]
    (misfit,) = misfits(marks, lambda mark: mark.key[1])
    assert (misfit.rater, misfit.scale.name, {mark.key[1] for mark in misfit.marks}) == ("乙", "5 分制", {"T1", "T2"})


def test_self_scores_out_of_the_points_are_one_question(year: YearBook) -> None:
    full = {name: float(scheme().indicators[name].full) for name in TASKS}
    year.tables["self_scores"] = [
        {"unit_id": "D03", "indicator": name, "points": round(0.9 * full[name], 2)} for name in TASKS
    ]
    intake = year.read()
    assert "自评" in only(intake, "other-scale").message
    assert not found(intake, "self-score-far")


@pytest.mark.parametrize("seed", range(6))
def test_honest_marks_are_not_asked_about(year: YearBook, seed: int) -> None:
    """Units of any quality, raters of any strictness, and now and then a 0."""
    chance = random.Random(seed)
    strict = {rater: chance.uniform(-0.15, 0.15) for rater in ("甲", "乙", "丙", "丁")}
    quality = {row["unit_id"]: chance.choice([0.1, 0.3, 0.6, 0.8, 0.95]) for row in year.tables["units"]}
    cells = [row for row in year.tables["ratings"] if row["rater"] == "甲"]
    year.tables["ratings"] = []
    for row in cells:
        indicator = scheme().indicators[row["indicator"]]
        highest = 100 if ".T" in indicator.id else float(indicator.full)
        for rater, shift in strict.items():
            share = min(max(quality[row["unit_id"]] + shift + chance.gauss(0, 0.1), 0), 1)
            year.tables["ratings"].append(row | {"rater": rater, "points": round(share * highest, 3)})
    assert not found(year.read(), "other-scale")


def test_a_whole_panel_that_takes_one_department_otherwise(year: YearBook) -> None:
    for row in year.tables["ratings"]:
        if row["indicator"] in TASKS:
            row["points"] = out_of(row, None)
    asked = found(year.read(), "other-scale")
    assert [("甲" in each.message, "乙" in each.message, each.unit) for each in asked] == [
        (True, False, "D03"),
        (False, True, "D03"),
    ]


def test_low_marks_for_everybody_are_no_other_scale(year: YearBook) -> None:
    for row in year.tables["ratings"]:
        row["points"] = round(row["points"] * 0.05, 4)
    assert not found(year.read(), "other-scale")


def others_of(year: YearBook, *raters: str) -> None:
    """More raters, who give what 甲 gave."""
    mine = [row for row in year.tables["ratings"] if row["rater"] == "甲"]
    year.tables["ratings"] += [row | {"rater": name} for name in raters for row in mine]


@pytest.mark.parametrize("top", [5.45, 20, 30])
def test_marks_on_no_known_scale_are_asked_about(year: YearBook, top: float) -> None:
    """The same low mark for every task of one department, where the others give 96 out of 100."""
    others_of(year, "丙")
    for row in year.tables["ratings"]:
        if row["indicator"] in TASKS:
            row["points"] = round(0.96 * top, 2) if row["rater"] == "乙" else 96
    intake = year.read()
    finding = only(intake, "other-scale")
    assert finding.unit == "D03"
    assert "评分人 乙 给 D03" in finding.message
    assert f"{len(TASKS)} 个分数" in finding.message
    assert "全都远低于" in finding.message
    assert "其他评分人约为满分的 96%" in finding.message
    assert "按什么尺度" in finding.expected
    assert not found(intake, "rater-apart")


def test_a_department_that_is_only_rated_lower_is_not_asked_about(year: YearBook) -> None:
    others_of(year, "丙")
    for row in year.tables["ratings"]:
        if row["indicator"] in TASKS:
            row["points"] = 45 if row["rater"] == "乙" else 96
    assert not found(year.read(), "other-scale")


def test_items_of_different_points_are_one_scale_by_their_shares(year: YearBook) -> None:
    """Four items of one heading, 2, 3, 2 and 2 points, out of 1; the rest of the unit's are right."""
    others_of(year, "丙")
    out_of_one = {"K8.1": 0.91, "K8.2": 0.95, "K8.3": 0.95, "K8.4b": 0.91}
    for row in year.tables["ratings"]:
        if row["unit_id"] == "C02" and row["indicator"] in out_of_one:
            share = out_of_one[row["indicator"]] if row["rater"] == "乙" else 0.93
            row["points"] = share if row["rater"] == "乙" else share * float(scheme().indicators[row["indicator"]].full)
    finding = only(year.read(), "other-scale")
    assert finding.unit == "C02"
    assert "4 个分数（K8.1、K8.2、K8.3、K8.4b）像是按0～1 的比例打的" in finding.message
    assert "各项的分值（0～2 至 0～3）" in finding.message
    assert "是否指 1.8" in finding.expected
