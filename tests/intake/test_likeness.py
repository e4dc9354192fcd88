"""One work or event entered twice with a word, a bracket or a character changed: told with both places."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.intake.checks.likeness import likeness, marks_of
from tests.intake.yearbook import YearBook, achievement, found, incident, only

TITLE = "高职院校课程思政建设路径研究"


@pytest.mark.parametrize("unit", ["C01", "C02"])
@pytest.mark.parametrize(
    "other",
    ["高职院校课程思政建设的路径研究", f"{TITLE}（二等奖）", f"2019年{TITLE}", f"关于{TITLE}", f"论{TITLE}",
     "高職院校課程思政建設路徑研究",
     f"{TITLE}——以连云港为例", "高职院校课程思政建设路劲研究", "高职院校课程思政建设路径", f"《{TITLE}》（省级立项）"],
)  # fmt: skip
def test_one_work_under_two_titles_is_told_with_both_places(year: YearBook, unit: str, other: str) -> None:
    year.tables["achievements"] = [achievement(title=TITLE), achievement(unit, title=other)]
    finding = only(year.read(), "similar-title")
    assert (finding.severity, finding.row, finding.value) == ("warning", 3, other)
    assert "achievements.csv 第 2 行" in finding.message
    assert ("另一单位（C01）" in finding.message) == (unit == "C02")


@pytest.mark.parametrize("other", [TITLE, f"《{TITLE}》。", "高职院校 课程思政建设路径研究"])
def test_one_work_claimed_by_two_units(year: YearBook, other: str) -> None:
    year.tables["achievements"] = [achievement(title=TITLE), achievement("C02", title=other)]
    assert only(year.read(), "similar-title").row == 3


@pytest.mark.parametrize(
    "other",
    [f"1.{TITLE}", f"（2）{TITLE}", f"③{TITLE}", f"四、{TITLE}", f"{TITLE} 江苏高教 2019(3)",
     f"{TITLE}[J],2019,(3):12-15",
     f"张三.{TITLE}", f"核心论文《{TITLE}》", f"{TITLE}（第一作者张三）", f"{TITLE} ZL201920123456.7"],
)  # fmt: skip
def test_what_lists_and_printers_put_around_a_title(other: str) -> None:
    assert likeness(TITLE, other)
    assert set(marks_of(TITLE)) & set(marks_of(other))


def test_one_patent_by_its_number() -> None:
    one, other = "ZL201920123456.7", "一种新型传感器（专利号：ZL 201920123456.7）"
    assert likeness(one, other) == "写着同一个编号"
    assert set(marks_of(one)) & set(marks_of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("校本教材建设（上册）", "校本教材建设（下册）"),
        ("创新项目1", "创新项目2"),
        ("项目一", "项目二"),
        ("优秀党员（张三）", "优秀党员（李四）"),
        ("教学能力比赛《航运管理》课堂教学", "教学能力比赛《动漫制作》课堂教学"),
        ("机电技术研究之一", "机电技术研究之二"),
        ("短题甲", "短题乙"),
        ("1.项目一", "2.项目二"),
        ("一种传感器（ZL201920123456.7）", "一种传感器（ZL201920123457.1）"),
        ("教学能力比赛《航运管理信息系统》课堂教学", "《航运管理信息系统》教材编写组建设"),
    ],
)
def test_two_works_are_two(one: str, other: str) -> None:
    assert not likeness(one, other)


@given(
    st.text("高职院校课程思政建設的路徑研究《》（）之一1lI年2019—、", min_size=0, max_size=14),
    st.integers(0, 14),
    st.sampled_from(["", "的", "1", "（二等奖）", "2019年", "路", "——以某市为例", "《"]),
    st.booleans(),
)
def test_what_is_probably_one_has_a_mark_in_common(text: str, at: int, put: str, instead: bool) -> None:
    """Only texts with a mark in common are held against each other."""
    other = text[:at] + put + text[at + instead :]
    assert not likeness(text, other) or set(marks_of(text)) & set(marks_of(other))


def test_works_of_other_kinds_are_not_held_against_each_other(year: YearBook) -> None:
    year.tables["achievements"] = [achievement(title=TITLE), achievement("C02", title=TITLE, kind="paper_other")]
    assert not found(year.read(), "similar-title")


@pytest.mark.parametrize(
    "other",
    [{"note": "兼职教师聘用缺备案"}, {"note": "兼职教师聘用未备案。"}, {"date": datetime.date(2019, 3, 6)}],
)
def test_one_event_entered_twice(year: YearBook, other: dict[str, object]) -> None:
    rows = [incident(note="兼职教师聘用未备案"), incident(**{"note": "兼职教师聘用未备案", **other})]
    year.tables["incidents"] = rows
    finding = only(year.read(), "similar-incident")
    assert (finding.row, "incidents.csv 第 2 行" in finding.message) == (3, True)
    assert len(year.look().data.incidents) == 2


def test_events_of_other_days_or_words_are_two(year: YearBook) -> None:
    year.tables["incidents"] = [
        incident(note="兼职教师聘用未备案"),
        incident(note="监考迟到十分钟"),
        incident(note="兼职教师聘用未备案", date=datetime.date(2019, 5, 17)),
    ]
    assert not found(year.read(), "similar-incident")


def test_no_times_at_all_is_asked_about(year: YearBook) -> None:
    year.tables["incidents"] = [incident(count=0)]
    finding = only(year.read(), "count-zero")
    assert (finding.severity, finding.row, finding.column) == ("warning", 2, "count")
