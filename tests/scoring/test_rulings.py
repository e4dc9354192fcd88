"""A tie is settled by a decision: shown with its reason, told where it departs from the points, needed to be final."""

import pytest

from kaohe.analysis.grades import departures, passed_over, ruling_says, top_line, waiting
from kaohe.analysis.readings import policy_effects
from kaohe.charts.decisions import decisions
from kaohe.charts.keymessages import key_messages
from kaohe.charts.ranking import ranking
from kaohe.charts.sentences import unit_findings
from kaohe.charts.tables import consequences_table
from kaohe.scoring.bind import bind
from kaohe.scoring.bookfile import frozen, thawed
from kaohe.scoring.engine import run
from kaohe.scoring.explanation import explain
from kaohe.scoring.history import scorings
from kaohe.scoring.results import results
from tests.exchange.filling import kaohe
from tests.scoring.cases import SCHEME, policies_of, result_book, result_cases, year_data
from tests.small import small_year

CASES = {case.name: case for case in result_cases()}


@pytest.fixture
def tied():
    return result_book(CASES["第三名并列：两个都待审议"])


@pytest.fixture
def settled():
    return result_book(CASES["第三名并列：一个审议定为优秀，另一个仍待审议"])


def test_a_decision_is_shown_with_its_reason_wherever_the_grade_is(settled) -> None:
    says = "审议定为优秀（并列，2019-09-20）：会议纪要"
    assert ruling_says(settled.unit("D03")) == says
    listed = {(each.what, each.says) for each in decisions(settled)}
    assert ("审议决定", says) in listed
    assert any(says in each for each in key_messages(settled))
    assert any("D04总分同为 129.00 分，优秀名额已定，待登记审议结论" in each for each in key_messages(settled))
    assert says in unit_findings(settled, "D03")
    assert says in consequences_table(settled, "department")
    grade = next(each for each in explain(settled, "D03") if each.title == "等次：优秀")
    assert "领导小组审议定为优秀（并列，2019-09-20）：会议纪要" in grade.lines
    assert "审议之前，按得分和条件为待审议" in grade.lines


def test_what_departs_from_the_points_is_told_and_a_settled_tie_is_not(tied, settled) -> None:
    assert departures(tied) == []
    (said,) = departures(settled)
    assert said.startswith("D05 ")
    assert "审议定为不合格，与按得分和条件算得的合格不同" in said
    assert any(each.what == "审议决定与得分不一致" and each.open for each in decisions(settled))


def test_the_line_stays_where_the_points_put_it(tied, settled) -> None:
    line = top_line(tied, tied.ranking("department"))
    assert line == top_line(settled, settled.ranking("department")) == 129
    assert passed_over(settled, settled.unit("D05"), line) == ""
    assert [unit.unit_id for unit in waiting(tied)] == ["D03", "D04"]
    assert [unit.unit_id for unit in waiting(settled)] == ["D04"]


def test_who_failed_by_decision_is_not_said_to_lie_below_the_line(settled) -> None:
    listed = {(each.what, each.who): each.says for each in decisions(settled)}
    name = settled.unit("D05").name
    assert listed["不合格", (name,)].endswith("经审议定为不合格")
    assert f"{name}不合格（经审议），须限期整改。" in key_messages(settled)
    hovers = str([trace.hovertext for trace in ranking(settled, "department").data])
    assert "等次经审议决定" in hovers
    assert "低于不合格线" not in hovers


def test_other_fail_lines_are_held_against_the_points() -> None:
    case = CASES["第三名并列：一个审议定为优秀，另一个仍待审议"]
    bound = bind(SCHEME, policies_of(case), year_data(case.units))
    now = run(bound)
    (effect,) = (each for each in policy_effects(now, results(now)) if each.policy == "fail_line")
    assert effect.steady_above == 0
    assert effect.steady_to > bound.policies["fail_line"]


def test_a_decision_that_a_veto_overrides_gave_no_grade() -> None:
    book = result_book(CASES["有否决事项的，审议也不能定为优秀"])
    assert (book.unit("D01").grade, book.unit("D01").ruling) == ("合格", None)
    assert book.unit("D02").ruling is not None


def test_a_frozen_book_keeps_the_decision(settled) -> None:
    assert thawed(frozen(settled)).unit("D03").ruling == settled.unit("D03").ruling


@pytest.mark.slow
def test_a_year_with_a_tie_is_neither_final_nor_posted_unless_that_is_said(tmp_path) -> None:
    year, one, other = "2018-2019", "D10", "D11"
    folder = small_year(tmp_path / "data", year, ("C01", "D03", "D06", one, other))
    data, out = ("--data", tmp_path / "data"), tmp_path / "公示.xlsx"
    assert kaohe("score", year, *data)[0] == 0
    for command in (("freeze", year, "--reason", "通过"), ("export", year, out, "--public")):
        code, said = kaohe(*command, *data)
        assert code == 1
        assert f"{one} " in said
        assert f"{other} " in said
        assert "审议决定" in said
        assert not out.exists()
    assert kaohe("export", year, out, "--public", "--pending", *data)[0] == 0
    assert kaohe("freeze", year, "--reason", "通过", "--pending", *data)[0] == 0
    rows = f"{one},优秀,并列,招生突出,2019-09-20\n{other},合格,并列,次之,2019-09-20\n"
    (folder / "审议决定.csv").write_text(f"单位编号,结论,事项,理由,日期\n{rows}", encoding="utf-8")
    assert kaohe("score", year, "--unfreeze", "--reason", "审议", *data)[0] == 0
    code, said = kaohe("history", year, *data)
    assert "审议决定.csv" in said
    first, last = (record.id for record in scorings(tmp_path / "data" / "processed" / year))
    code, said = kaohe("diff", first, last, *data)
    assert "审议决定" in said
    assert "等次 待审议 → 优秀" in said
    assert kaohe("freeze", year, "--reason", "通过", *data)[0] == 0
    assert kaohe("export", year, out, "--public", "--overwrite", *data)[0] == 0
