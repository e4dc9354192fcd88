"""Decisions on grades, dates of what is declared and vetoed, and year.yaml: read, held against the rules, told."""

import datetime
import re
from pathlib import Path

import pytest

from kaohe.intake.tables.data import Letter, PublicNotice, Ruling, StepTaken, YearWords
from tests.intake.yearbook import YearBook, achievement, found, only, remarkable

DAY = datetime.date(2019, 9, 20)


def decision(unit="C01", **more):
    return {"unit_id": unit, "grade": "excellent", "matter": "tie", "reason": "招生工作突出", "decided_on": DAY} | more


def test_a_decision_is_read_in_either_language(year: YearBook) -> None:
    year.tables["decisions"] = [decision(), decision("D03", grade="qualified", matter="核减", reason="数据更正")]
    year.write_csv(chinese=True)
    intake = year.look()
    assert remarkable(intake) == []
    assert list(intake.data.rulings) == ["C01", "D03"]
    row = intake.data.rulings["C01"]
    assert row == Ruling("excellent", "tie", "招生工作突出", DAY, row.place)
    assert intake.data.rulings["D03"].matter == "核减"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [("grade", "优", "bad-code"), ("reason", None, "blank"), ("decided_on", None, "blank"), ("grade", None, "blank")],
)
def test_a_decision_says_what_and_why_and_when(year: YearBook, column, value, code) -> None:
    year.tables["decisions"] = [decision(**{column: value})]
    finding = only(year.read(), code)
    assert (finding.severity, finding.file, finding.row, finding.column) == ("error", "decisions.csv", 2, column)


def test_two_decisions_on_one_unit_contradict(year: YearBook) -> None:
    year.tables["decisions"] = [decision(), decision(grade="qualified")]
    assert only(year.read(), "conflict").severity == "error"


def test_no_decision_makes_a_vetoed_unit_excellent(year: YearBook) -> None:
    year.tables["vetoes"] = [{"unit_id": "C01", "kind": "safety", "note": "火灾"}]
    year.tables["decisions"] = [decision(), decision("C02", grade="qualified")]
    intake = year.read()
    finding = only(intake, "decision-against-veto")
    assert (finding.severity, finding.unit, finding.value) == ("error", "C01", "excellent")
    assert "六·（三）" in finding.message
    assert list(intake.data.rulings) == ["C02"]


def test_more_excellent_than_places_are_told(year: YearBook) -> None:
    year.tables["decisions"] = [decision(unit) for unit in ("C01", "C02", "E01", "D03")]
    finding = only(year.read(), "too-many-excellent")
    assert (finding.severity, finding.unit) == ("warning", "")
    assert "院部有 3 个，名额只有 2 个" in finding.message


def test_a_decision_before_the_year_is_asked_about(year: YearBook) -> None:
    year.tables["decisions"] = [decision(decided_on=datetime.date(2018, 8, 31))]
    assert only(year.read(), "outside-window").severity == "warning"


@pytest.mark.parametrize("day", [datetime.date(2018, 8, 31), datetime.date(2019, 9, 1)])
@pytest.mark.parametrize("table", ["declarations", "vetoes", "awards"])
def test_what_happened_outside_the_year_is_told_and_counts(year: YearBook, table, day) -> None:
    more = {"declarations": {"kind": "innovation", "title": "工作", "accepted": True},
            "vetoes": {"kind": "other", "note": "事项"},
            "awards": {"title": "贡献", "approved": True}}[table]  # fmt: skip
    year.tables[table] = [{"unit_id": "C01", **more, "date": day}]
    intake = year.read()
    finding = only(intake, "outside-window")
    assert (finding.severity, finding.column, finding.value) == ("warning", "date", day.isoformat())
    assert len(getattr(intake.data, table)) == 1
    year.tables[table][0]["date"] = datetime.date(2019, 8, 31)
    assert remarkable(year.read()) == []
    year.tables[table][0]["date"] = None
    assert remarkable(year.read()) == []


def test_an_award_holds_what_it_rests_on(year: YearBook) -> None:
    year.tables["awards"] = [
        {"unit_id": "C01", "title": "省奖", "approved": True, "basis": "苏教〔2019〕1 号", "level": "provincial",
         "review": "一致同意", "date": datetime.date(2019, 3, 5)}
    ]  # fmt: skip
    year.write_csv(chinese=True)
    (row,) = year.look().data.awards
    assert (row.basis, row.level, row.review) == ("苏教〔2019〕1 号", "provincial", "一致同意")


def test_what_a_year_says_of_itself(year: YearBook) -> None:
    year.put(
        "year.yaml",
        "amounts: {bonus: 每人 3000 元, award: 5000}\n"
        "notice: {from: 2019-09-20, to: 2019年9月26日, contact: 王老师, phone: '0518-0', place: 301,\n"
        "  signature: 目标办}\n"
        "letters: {number: 3 号, signed_on: 2019-09-27}\n"
        "admissions_until: 2019-09-20\n"
        "steps:\n  ballot: {done: 是, by: 工会, on: 2019-09-02}\n  leaders: 2019-09-05\n  notice: {done: false}\n",
    )
    intake = year.read()
    assert only(intake, "year-file").row == 2  # the place is a number, which may have lost zeros in front
    assert "加引号" in only(intake, "year-file").expected
    assert intake.data.words == YearWords(
        amounts={"bonus": "每人 3000 元", "award": "5000 元"},
        notice=PublicNotice(DAY, datetime.date(2019, 9, 26), "王老师", "0518-0", signature="目标办"),
        letters=Letter("3 号", signed_on=datetime.date(2019, 9, 27)),
        admissions_until=DAY,
        steps={
            "ballot": StepTaken(True, "工会", datetime.date(2019, 9, 2)),
            "leaders": StepTaken(True, on=datetime.date(2019, 9, 5)),
            "notice": StepTaken(False),
        },
    )
    assert "year.yaml" in intake.data.files


@pytest.mark.parametrize(
    ("text", "line", "value", "says", "expected"),
    [
        ("\nnotices: {}\n", 2, "notices", "没有字段 notices", "amounts、notice"),
        ("notice:\n  tel: x\n", 2, "tel", "notice 没有字段 tel", "contact、phone"),
        ("notice: {from: soon}\n", 1, "soon", "notice.from不是日期", "2019-03-05"),
        ("notice: {from: 2019-09-20, to: 2019-09-19}\n", 1, "", "早于起始", "2019-09-20 以后"),
        ("amounts: {bonus: -1}\n", 1, "-1", "金额为负", "≥ 0"),
        ("admissions_until: 2018-08-01\n", 1, "2018-08-01", "早于本学年", "2018-09-01 以后"),
        ("steps: {vote: 2019-09-01}\n", 1, "vote", "steps 没有字段 vote", "self_review、ballot"),
        ("steps: {ballot: {done: maybe}}\n", 1, "maybe", "steps.ballot.done", "是 或 否"),
        ("- notice\n", 1, "['notice']", "应为“字段: 内容”", "notice"),
        ("notice: [a\n", 1, "", "没有配对", ""),
    ],
)
def test_a_wrong_year_file(year: YearBook, text, line, value, says, expected) -> None:
    year.put("year.yaml", text)
    intake = year.read()
    finding = only(intake, "year-file")
    assert (finding.severity, finding.file, finding.row, finding.value) == ("error", "year.yaml", line, value)
    assert says in finding.message
    assert expected in finding.expected
    assert intake.data  # reading goes on


def test_a_year_file_in_the_wrong_place_is_told(year: YearBook) -> None:
    year.put("教务处/year.yaml", "amounts: {bonus: 1}\n")
    assert only(year.read(), "misplaced").expected == "year.yaml，放在年度文件夹的最上一层"


def test_admissions_end_on_a_day_of_their_own(year: YearBook) -> None:
    """Of an indicator that counts beyond the window (here K6, by a scheme of the year's own)."""
    year.put("scheme.yaml", "based_on: lygtc-2018\nid: own\nwindow: {longer: [K6]}\n")
    days = (datetime.date(2019, 9, 20), datetime.date(2019, 9, 21))
    year.tables["achievements"] = [achievement(title=f"论文 {day}", date=day) for day in days]
    assert found(year.read(), "outside-window") == []
    year.put("year.yaml", "admissions_until: 2019-09-20\n")
    finding = only(year.look(), "outside-window")
    assert (finding.row, finding.expected) == (3, "2018-09-01～2019-09-20（六·（一））")


def test_the_manuals_year_file_is_one(year: YearBook) -> None:
    manual = Path(__file__).parents[2] / "docs" / "手册.md"
    (text,) = re.findall(r"```yaml\n(amounts:.+?)```", manual.read_text(encoding="utf-8"), re.DOTALL)
    year.put("year.yaml", text)
    intake = year.read()
    assert remarkable(intake) == []
    words = intake.data.words
    assert (words.notice.signature, words.steps["ballot"].by, words.amounts["award"]) == (
        "目标办", "工会委员会", "5000 元"
    )  # fmt: skip
