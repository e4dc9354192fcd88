"""One person or one work written in two ways: counted once, and told with both places."""

import pytest

from tests.intake.yearbook import YearBook, achievement, found, only


@pytest.mark.parametrize("other", ["张 伟", "张　伟", "张\u200b伟", "张\u00ad伟", "张\u3164伟", "张\u00a0伟"])
def test_one_leader_in_two_spellings_is_one_voice(year: YearBook, other: str) -> None:
    rows = [row for row in year.tables["leader_ratings"] if row["unit_id"] == "C01"]
    rows[1]["leader"] = "张伟"
    again = {**rows[1], "leader": other}
    year.tables["leader_ratings"].append(again)
    intake = year.read()
    assert [each.leader for each in intake.data.leader_ratings["C01"]].count("张伟") == 1
    finding = only(intake, "repeated-row")
    assert f"第 {year.row_of('leader_ratings', again)} 行" in finding.message
    assert f"第 {year.row_of('leader_ratings', rows[1])} 行" in finding.message
    spelled = only(intake, "name-spelling")
    assert spelled.row == year.row_of("leader_ratings", again)
    assert f"第 {year.row_of('leader_ratings', rows[1])} 行" in spelled.message


def test_one_rater_in_two_spellings_and_with_two_values_is_a_contradiction(year: YearBook) -> None:
    row = next(row for row in year.tables["ratings"] if row["rater"] == "甲")
    row["rater"], again = "王伟", {**row, "rater": "王　伟", "points": 0}
    year.tables["ratings"].append(again)
    finding = only(year.read(), "conflict")
    assert finding.row == year.row_of("ratings", again)
    assert f"第 {year.row_of('ratings', row)} 行" in finding.message


def test_names_that_are_nearly_one_are_asked_about(year: YearBook) -> None:
    for row in year.tables["ratings"]:
        row["rater"] = {"甲": "Li Ming", "乙": "LiMing"}[row["rater"]]
    finding = only(year.read(), "similar-names")
    assert (finding.value, finding.column) == ("LiMing", "rater")
    assert "Li Ming" in finding.message


@pytest.mark.parametrize(
    "other", ["《一篇 论文》", "一篇论文。", "【一篇论文】", "一篇\u3000论文", "一篇\u200b论文", "<一篇论文>"]
)
def test_a_work_in_another_punctuation_counts_once(year: YearBook, other: str) -> None:
    year.tables["achievements"].append(achievement(title=other))
    finding = only(year.read(), "repeated-title")
    assert finding.row == 3
    assert "第 2 行" in finding.message
    assert ("写作“一篇论文”" in finding.message) == ("\u200b" not in other)


@pytest.mark.parametrize("serial", [43529, "43529", "４３５２９", 43529.5])
def test_the_number_of_a_day_is_taken_and_said_once(year: YearBook, serial: object) -> None:
    year.tables["achievements"] = [achievement(date=serial), achievement(title="另一篇", date=serial)]
    intake = year.read()
    finding = only(intake, "date-serial")
    assert (finding.severity, finding.row, finding.column) == ("warning", 2, "date")
    assert "2019-03-05" in finding.message
    assert [str(each.date) for each in intake.data.achievements] == ["2019-03-05"] * 2


@pytest.mark.parametrize(
    ("written", "severity"),
    [("信息工程学院", "advisory"), ("C01 信息工程学院", "advisory"), ("c01", "advisory"), ("信息工程", "warning")],
)
def test_a_unit_by_name_where_an_id_is_asked(year: YearBook, written: str, severity: str) -> None:
    for table in ("ballots", "ratings"):
        for row in year.tables[table]:
            if row["unit_id"] == "C01":
                row["unit_id"] = written
    intake = year.read()
    assert {each.severity for each in found(intake, "unit-by-name")} == {severity}
    assert len(found(intake, "unit-by-name")) == 2
    assert intake.ok
    assert intake.data.ballots["C01"].excellent == 60


def test_a_department_by_name_beside_a_short_id(year: YearBook) -> None:
    row = next(row for row in year.tables["ratings"] if row["indicator"].startswith("D10."))
    row |= {"unit_id": "财务处", "indicator": row["indicator"].removeprefix("D10.")}
    assert year.read().ok


def test_a_part_of_two_names_is_asked_about(year: YearBook) -> None:
    year.tables["ballots"][0]["unit_id"] = "教学部"
    finding = only(year.read(), "unknown-unit")
    assert "是否指 F01 基础课教学部、I01 思想政治教学部？" in finding.expected


def test_a_finding_names_what_its_row_is_about(year: YearBook) -> None:
    year.set("metrics", "C01", "trainees", value="十")
    row = year.tables["ratings"][0]
    row["points"] = 10_000
    intake = year.read()
    assert only(intake, "bad-figure").problem.startswith("C01 trainees：")
    assert f"{row['unit_id']} {row['indicator']} {row['rater']}" in str(only(intake, "out-of-range"))
