"""One person or one work written in two ways: counted once, and told with both places."""

from collections.abc import Callable

import pytest

from kaohe.intake.tables.people import person, persons_meant
from kaohe.intake.tables.unitnames import UnitNames
from tests.intake.yearbook import YearBook, achievement, found, only


@pytest.mark.parametrize("other", ["张 伟", "张　伟", "张\u200b伟", "张\u00ad伟", "张\u3164伟", "张\u00a0伟"])
def test_one_leader_in_two_spellings_is_one_voice(year: YearBook, other: str) -> None:
    rows = [row for row in year.tables["leader_ratings"] if row["unit_id"] == "C01"]
    rows[1]["leader"] = "张伟"
    again = {**rows[1], "leader": other}
    year.tables["leader_ratings"].append(again)
    intake = year.read()
    assert [each.voter for each in intake.data.marks["C01", "leaders", ""]].count("张伟") == 1
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


@pytest.mark.parametrize("name", ["甲老师", "甲（组长）", "评委：甲"])
def test_a_letter_with_a_title_is_asked_about(year: YearBook, name: str) -> None:
    row = next(row for row in year.tables["ratings"] if row["rater"] == "甲")
    year.tables["ratings"].append({**row, "rater": name})
    finding = only(year.read(), "similar-names")
    assert (finding.row, finding.value) == (year.row_of("ratings", year.tables["ratings"][-1]), name)


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
    [
        ("信息工程学院", "advisory"),
        ("C01 信息工程学院", "advisory"),
        ("c01", "advisory"),
        ("信息工程", "warning"),
        ("信工学院", "warning"),
        ("信息工程 學院（C01）", "warning"),
    ],
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
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 60


@pytest.mark.parametrize(
    ("written", "meant"),
    [("C01-信息工程学院", "C01"), ("信息工程学院C01", "C01"), ("C 01", "C01"), ("信工", "C01"), ("机械学院", None),
     ("学院", None), ("工程学院", None), ("信息工程系", None)],
)  # fmt: skip
def test_which_unit_is_meant_by_a_short_name(written: str, meant: str | None) -> None:
    units = [("C01", "信息工程学院"), ("C02", "机电工程学院"), ("C03", "机械电子学院"), ("C04", "机械工程学院")]
    assert UnitNames(units).meant(written) == meant


@pytest.mark.parametrize("written", ["——", "/", "（）", ""])
def test_signs_alone_mean_no_unit_without_a_name(written: str) -> None:
    assert UnitNames([("C01", ""), ("C02", "机电工程学院")]).meant(written) is None


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


@pytest.mark.parametrize("column", ["rater", "leader"])
@pytest.mark.parametrize(
    "said", ["总评", "综合", "综合评分", "Σ", "加权", "去掉最高最低", "部门打分", "最后得分", "均值（3人）", "合议结果"]
)
def test_a_sum_of_raters_is_no_rater(year: YearBook, column: str, said: str) -> None:
    table = {"rater": "ratings", "leader": "leader_ratings"}[column]
    row = {**year.tables[table][0], column: said}
    year.tables[table].append(row)
    finding = only(year.read(), "summary-row")
    assert (finding.row, finding.column, finding.value) == (year.row_of(table, row), column, said)


@pytest.mark.parametrize("said", ["/", "-", "——", "无", "…", "弃权", "缺席", "未评"])
def test_a_sign_is_nobody(year: YearBook, said: str) -> None:
    year.tables["ratings"].append({**year.tables["ratings"][0], "rater": said})
    assert only(year.read(), "no-person").value == said


@pytest.mark.parametrize("said", ["甲、乙", "王伟/李强", "评委1，评委2"])
def test_several_raters_in_one_cell_are_asked_about(year: YearBook, said: str) -> None:
    year.tables["ratings"].append({**year.tables["ratings"][0], "rater": said})
    assert only(year.read(), "several-persons").value == said


@pytest.mark.parametrize("name", ["评委1", "王总", "高低平", "专家组", "甲", "和平", "李均", "1"])
def test_a_name_is_a_person(name: str) -> None:
    assert person(name) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("评委1", "评委1老师"), ("评委1", "评委1（主任）"), ("评委1", "评委一"), ("评委1", "1号评委"),
        ("评委1", "评委01"),
        ("王伟", "王伟（组长）"), ("王伟教授", "王伟书记"), ("王伟", "评委王伟"), ("王伟", "王伟院长"),
        ("王伟", "王伟（财务处）"),
        ("王伟", "王偉"), ("王伟", "王伟2"), ("教务处王伟", "王伟"),
        ("校长（张三）", "张三"), ("党委书记", "书记"), ("校长张三", "张三"), ("评委1（张三）", "张三"),
    ],
)  # fmt: skip
def test_one_person_with_a_title_is_asked_about(year: YearBook, one: str, other: str) -> None:
    for row in year.tables["ratings"]:
        row["rater"] = {"甲": one, "乙": other}[row["rater"]]
    finding = only(year.read(), "similar-names")
    assert {finding.value} | {each for each in (one, other) if f"“{person(each)}”" in finding.message} == {one, other}


@pytest.mark.parametrize("name", ["001王伟", "1.王伟", "王伟-教务处", "王伟更正", "王伟代李四", "王伟20190601", "王偉"])
def test_who_may_be_meant_by_a_name_with_more_beside_it(name: str) -> None:
    assert "王伟" in persons_meant(name)


@pytest.mark.parametrize("name", ["王?", "王□", "王\ufffd", "王\ue863"])
def test_a_name_with_a_letter_lost_is_told(year: YearBook, name: str) -> None:
    for row in year.tables["leader_ratings"]:
        row["leader"] = {"王": name}.get(row["leader"], row["leader"])
    assert only(year.read(), "garbled-name").value == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王立新", "王立"), ("王伟（教务处）", "王伟（财务处）"), ("张书记", "张院长"), ("评委1", "评委11"),
        ("专家1", "评委1"), ("王伟1", "王伟2"), ("教务处王伟", "财务处王伟"), ("王会明", "王明"),
        ("副校长1", "副校长2"), ("校长", "副校长"), ("张正", "张代"), ("王伟", "王炜"),
    ],
)  # fmt: skip
def test_two_persons_are_two(year: YearBook, one: str, other: str) -> None:
    for row in year.tables["ratings"]:
        row["rater"] = {"甲": one, "乙": other}[row["rater"]]
    assert not found(year.read(), "similar-names")


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda marks: sum(marks) / len(marks), "平均"),
        (lambda marks: round(sum(marks) / len(marks), 2), "平均（四舍五入）"),
        (max, "最高"),
        (min, "最低"),
        (lambda marks: sorted(marks)[1], "中位数"),
    ],
)
def test_a_rater_made_of_the_others_is_asked_about(year: YearBook, made: Callable[..., float], says: str) -> None:
    rows = [row for row in year.tables["ratings"] if row["rater"] == "甲"]
    for place, row in enumerate(rows):
        others = [row["points"] * share for share in (1, 0.9 - 0.01 * (place % 7), 0.8 + 0.013 * (place % 5))]
        year.tables["ratings"] += [
            {**row, "rater": name, "points": mark}
            for name, mark in zip("丙丁戊", [*others[1:], made(others)], strict=True)
        ]
    year.tables["ratings"] = [row for row in year.tables["ratings"] if row["rater"] != "乙"]
    finding = only(year.read(), "summary-rater")
    assert finding.value == "戊"
    assert f"其他各人的{says}：" in finding.message
