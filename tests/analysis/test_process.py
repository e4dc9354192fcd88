"""The steps of the year's procedure: from the data where they show it, from year.yaml where somebody says so."""

import datetime
from types import SimpleNamespace

import pytest

from kaohe.analysis.process import steps
from kaohe.charts.process import amounts_list, steps_table
from kaohe.scoring.explanation import explain_result
from kaohe.scoring.score import score_intake
from tests.exchange.filling import kaohe
from tests.intake.yearbook import UNITS, YEAR, YearBook

FINAL = SimpleNamespace(reason="会议通过", day="2019-09-18")


@pytest.fixture
def year(tmp_path) -> YearBook:
    made = YearBook(tmp_path / "data" / "raw")
    made.tables["self_reports"] = [
        {"unit_id": unit, "received_on": datetime.date(2019, 6, day)} for day, (unit, *_) in enumerate(UNITS, start=1)
    ]
    made.tables["awards"] = [
        {"unit_id": "C01", "title": "省奖", "approved": True}, {"unit_id": "C02", "title": "奖", "approved": False}
    ]  # fmt: skip
    made.put("year.yaml", "notice: {from: 2019-09-20, to: 2019-09-26}\n")
    return made


def done(found) -> dict[str, bool]:
    return {step.name: step.done for step in found}


def test_a_year_that_is_through(year: YearBook) -> None:
    intake = year.read()
    found = steps(intake, score_intake(intake), FINAL)
    assert [step.done for step in found] == [True] * 6 + [False]  # whether its days are over no page can know
    by_clause = {step.clause: step for step in found}
    assert list(by_clause) == [f"五·{number}" for number in range(1, 8)]
    assert (by_clause["五·1"].on, by_clause["五·1"].says) == ("2019-06-07", "7 个单位，收到自查报告 7 份")
    assert by_clause["五·5"].says == "申报 2 项，批准 1 项"
    assert by_clause["五·6"].says == "已定稿：会议通过"
    assert by_clause["五·7"].says.startswith("公示 2019-09-20 至 2019-09-26，已安排")


def test_what_is_lacking_leaves_its_step_open(year: YearBook) -> None:
    year.tables["self_reports"].pop()
    year.tables["ballots"].pop()
    year.tables["ratings"] = [row for row in year.tables["ratings"] if row["indicator"] != "B01"]
    year.tables["leader_ratings"] = [row for row in year.tables["leader_ratings"] if row["unit_id"] != "C01"]
    year.tables["awards"] = []
    intake = year.read()
    found = steps(intake)
    assert set(done(found).values()) == {False}
    says = [step.says for step in found]
    assert says[:2] == ["7 个单位，收到自查报告 6 份", "6 个单位已有票数，尚缺 1 个"]
    assert says[3:5] == ["尚缺 1 个单位的评价", "没有登记申报"]
    assert says[5:] == ["尚未定稿", "公示 2019-09-20 至 2019-09-26；尚未定稿"]


def test_a_tie_keeps_the_sixth_step_open(year: YearBook) -> None:
    intake = year.read()
    book = score_intake(intake)
    first = book.units[0]
    tied = SimpleNamespace(groups=book.groups, ranking=lambda key: [SimpleNamespace(grade="待审议", name=first.name)])
    step = steps(intake, tied, FINAL)[5]
    assert (step.done, step.on) == (False, "")
    assert first.name in step.says


def test_somebodys_word_goes_before_the_data_and_both_are_told(year: YearBook) -> None:
    year.tables["ballots"].pop()
    year.put(
        "year.yaml",
        "steps:\n  ballot: {by: 工会, on: 2019-06-20, note: 会议室}\n  leaders: {done: false, note: 待补签}\n",
    )
    found = {step.name: step for step in steps(year.read())}
    ballot, leaders = found["民主测评"], found["领导班子评价"]
    assert (ballot.done, ballot.by, ballot.on) == (True, "工会", "2019-06-20")
    assert ballot.says == "6 个单位已有票数，尚缺 1 个；会议室；学年说明写明已完成"
    assert (leaders.done, leaders.says) == (False, "各单位的评价已齐；待补签")


def test_the_page_and_the_command_tell_them(year: YearBook) -> None:
    year.tables["self_reports"].pop()
    intake = year.read()
    html = steps_table(steps(intake))
    assert "1. 自查自评" in html
    assert "未完成" in html
    assert "奖励性绩效工资（2）：5000 元" in amounts_list({"bonus": "5000 元"}, intake.scheme.amounts)
    assert amounts_list({}, intake.scheme.amounts) == ""
    code, out = kaohe("status", YEAR, "--data", year.raw.parent)
    assert code == 0
    assert "2019-06-06" in out
    assert "D10 财务处" in out
    assert "未收到" in out
    assert "7 个单位，收到自查报告 6 份" in out


def test_awards_are_judged_when_every_one_is_decided(year: YearBook) -> None:
    year.tables["awards"][1]["approved"] = None
    intake = year.read()
    assert not intake.has_errors
    step = steps(intake)[4]
    assert (step.done, step.says) == (False, "申报 2 项，批准 1 项，1 项还没有写批准与否")
    book = score_intake(intake)
    assert [book.unit(unit).consequences["outstanding_award"] for unit in ("C01", "C02")] == [True, False]
    assert "申报突出贡献奖（待评选）：奖" in explain_result(book, "C02")[-1].lines


def test_self_scores_stand_beside_the_panels(year: YearBook) -> None:
    from kaohe.analysis.public import public_unit, write_public
    from kaohe.charts.points import points_table
    from kaohe.charts.public import public_points
    from kaohe.scoring.bookfile import frozen, thawed

    year.tables["self_scores"] = [
        {"unit_id": "C01", "indicator": "B01", "points": 0.77},
        {"unit_id": "D03", "indicator": "D03.T05", "points": 88},
    ]
    book = score_intake(year.read())
    full = book.cell("D03", "D03.T05").max_points
    assert book.self_scores == {
        "C01": {"B01": book.self_scores["C01"]["B01"]},
        "D03": {"D03.T05": full * 88 / 100},
    }
    assert float(book.self_scores["C01"]["B01"]) == 0.77
    assert thawed(frozen(book)).self_scores == book.self_scores
    for page in (points_table(book, "C01"), public_points(public_unit(book, "C01"))):
        assert "自评" in page
        assert "0.77" in page
    for page in (points_table(book, "C02"), public_points(public_unit(book, "C02"))):
        assert "自评" not in page
    assert '"own":"77/100"' in write_public(public_unit(book, "C01"))
