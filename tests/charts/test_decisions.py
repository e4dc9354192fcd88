"""What has to be decided: each kind where it holds, by consequence, and nothing where there is nothing."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.charts.amounts import apart
from kaohe.charts.decisions import (
    MOST_DISPUTES,
    Decision,
    _if_rated_less,
    decisions,
    decisions_table,
    open_decisions,
    open_list,
    settled_decisions,
    to_decide,
)
from kaohe.charts.disputes import ranks_within_reach, said_of
from kaohe.charts.evidence import missed_with_full_marks
from kaohe.charts.keymessages import may_change
from kaohe.charts.policies import MOST_NAMED, grades_change, option_changes, ranks_change, undecided, unmoved_note
from kaohe.charts.verdict import lines_of, verdict
from kaohe.scoring.book import OptionEffect, PolicyEffect, Shift
from tests.charts.books import changed
from tests.charts.test_tables import rows


def quiet(book):
    """Nothing open: places given within the quota, no failure, veto, award or doubt."""
    grades = {}
    for key, group in book.groups.items():
        for place, unit in enumerate(book.ranking(key)):
            grades[unit.unit_id] = {
                "grade": "优秀" if place < group.quota else "合格",
                "vetoed": False, "rectify": False, "last_two_years": False, "outstanding_award": False,
            }  # fmt: skip
    cells = tuple(cell if cell.status == "not_applicable" else replace(cell, status="scored") for cell in book.cells)
    return replace(changed(book, grades), cells=cells, checks=())


def told(book, **how):
    return {decision.what: decision for decision in decisions(book, **how)}


def with_status(book, status, count=1, **fields):
    """The book with so many of its applicable cells of that status."""
    chosen = [cell for cell in book.cells if cell.applicable][:count]
    return replace(
        book,
        cells=tuple(replace(each, status=status, **fields) if each in chosen else each for each in book.cells),
    ), chosen


def test_a_quiet_year_only_confirms_its_best(book):
    assert set(told(quiet(book))) == {"院部优秀", "部门优秀"}
    assert open_decisions(quiet(book)) == []
    assert "待决" not in decisions_table(quiet(book))
    assert "没有待决的事项" in open_list(quiet(book))


def test_a_tie_across_the_line_comes_first_and_counts_the_places_left(book):
    made = quiet(book)
    _, second, third = made.ranking("yuanbu")[:3]
    tied = changed(made, {unit.unit_id: {"grade": "待审议"} for unit in (second, third)})
    first = rows(decisions_table(tied))[0]
    assert first[0] == "优秀名额并列 待决"
    assert first[1] == f"{second.name}、{third.name}"
    assert "名额还剩 1 个" in first[2]
    assert told(tied)["优秀名额并列"].turns == ()
    first = made.ranking("yuanbu")[0]
    card = str(verdict(tied)).replace("<b>", "").replace("</b>", "")
    assert f"{first.name}比并列的高 " in card


def test_a_tie_that_a_reading_decides_by_itself_names_it(book):
    made = quiet(book)
    tied = changed(made, {unit.unit_id: {"grade": "待审议"} for unit in made.ranking("yuanbu")[1:3]})
    unit = made.ranking("yuanbu")[1]
    read = with_effects(tied, quota_ties=(Shift(unit.unit_id, 2, 2, "待审议", "优秀"),))
    (policy,) = (each.id for each in read.policies if each.name == "quota_ties")
    found = told(read)["优秀名额并列"]
    assert (found.turns, found.otherwise) == ((f"{unit.name}变优秀",), f"{policy} 改判")
    assert f"办法未明的 {policy} 换一种读法" in found.says
    assert f"（{policy} 改判则{unit.name}变优秀）" in str(to_decide(read, "#x"))


def test_a_veto_is_open_only_where_it_costs_a_place(book):
    made = quiet(book)
    first, last = made.ranking("yuanbu")[0], made.ranking("yuanbu")[-1]
    costly = changed(made, {first.unit_id: {"vetoed": True, "declared": True, "grade": "合格"}})
    assert told(costly)["否决事项"].open
    harmless = changed(made, {last.unit_id: {"vetoed": True}})
    assert not told(harmless)["否决事项"].open


def test_a_veto_says_what_follows_if_it_does_not_stand(book):
    first, second = quiet(book).ranking("yuanbu")[:2]
    made = changed(quiet(book), {first.unit_id: {"vetoed": True, "declared": True, "grade": "合格"}})
    shifts = Shift(first.unit_id, 1, 1, "合格", "优秀"), Shift(second.unit_id, 2, 2, "优秀", "合格")
    veto = told(replace(made, unvetoed={first.unit_id: shifts}))["否决事项"]
    assert f"。否决若不成立，{first.name}由合格变为优秀，{second.name}由优秀变为合格" in veto.says
    assert veto.turns == (f"{first.name}变优秀", f"{second.name}变合格")
    assert "不成立则" in to_decide(replace(made, unvetoed={first.unit_id: shifts}), "#x")
    assert told(made)["否决事项"].turns == ()


def test_full_marks_though_a_number_was_missed_are_open_where_they_could_turn_a_grade(book):
    made = replace(quiet(book), checks=book.checks)
    turning = {found for key in made.groups for _, inside in lines_of(made, key) for found in inside.missed}
    missed = {(check.indicator, check.unit) for check in missed_with_full_marks(made)}
    assert missed
    found = [each for each in decisions(made) if "未达标却评满分" in each.what]
    assert sum(each.open for each in found) == len(turning & missed)
    assert bool(missed - turning) == any(not each.open for each in found)
    assert all("条文要求" in each.says and "实际" in each.says for each in found)


def test_a_mark_unearned_says_from_where_on_it_turns(book):
    made = quiet(book)
    first, second = made.ranking("yuanbu")[:2]
    made = changed(made, {each.unit_id: {"grade": "合格"} for each in made.ranking("yuanbu")[1:]} | {
        second.unit_id: {"grade": "合格", "declared": True}
    })  # fmt: skip
    (edge,) = (edge for edge, _ in lines_of(made, "yuanbu") if edge.role == "top")
    assert edge.next is not None
    found = _if_rated_less(made, Decision("未达标却评满分：项", (first.name,), "", ""), first, edge)
    assert found.turns == (f"{edge.next.name}在前",)
    assert found.otherwise == f"{first.name}少评超过 {apart(made, 'yuanbu', first.total, edge.next.total)}"
    assert _if_rated_less(made, found, made.ranking("yuanbu")[-1], edge) is found


def test_an_unused_place_is_open(book):
    made = quiet(book)
    none = changed(made, {unit.unit_id: {"grade": "合格"} for unit in made.units if unit.group == "department"})
    assert "评出 0 个" in told(none)["优秀名额空缺"].says
    assert told(none)["优秀名额空缺"].open


def test_failures_last_two_years_and_awards_are_told(book):
    made = quiet(book)
    unit = made.ranking("yuanbu")[-1]
    made = changed(made, {unit.unit_id: {"rectify": True, "last_two_years": True, "outstanding_award": True}})
    assert {"不合格", "连续两年末位", "突出贡献奖"} <= set(told(made))
    assert open_decisions(made) == []


def test_missing_evidence_is_open(book):
    made, _ = with_status(quiet(book), "missing")
    assert told(made)["缺数据"].open
    assert "1 个单位、1 项得分" in told(made)["缺数据"].says


class TestDisputed:
    def test_it_is_named_with_its_figure_and_place(self, book):
        made, (cell,) = with_status(quiet(book), "disputed", disputed=("参与率 85%（教务处/metrics.csv 第 3 行）",))
        name = book.indicators[cell.indicator].name
        found = told(made)[f"数据有争议：{cell.indicator} {name}"]
        assert found.open
        assert found.who == (book.unit(cell.unit).name,)
        assert "参与率 85%（教务处/metrics.csv 第 3 行）" in found.says
        assert f"{float(cell.points):.2f} / " in found.says

    def test_the_ranks_within_reach_are_those_of_its_total_with_nothing_and_all(self, book):
        unit, behind = book.ranking("yuanbu")[1:3]
        cell = next(cell for cell in book.cells_of(unit.unit_id) if cell.applicable and cell.points)
        made = changed(book, {behind.unit_id: {"total": unit.total - Fraction(1, 1000)}})
        component = book.indicators[cell.indicator].component
        rate = book.groups["yuanbu"].fulls[component] / unit.nodes[component].own_full
        others = [other.total for other in made.ranking("yuanbu") if other.unit_id != unit.unit_id]
        best, worst = ranks_within_reach(made, cell)
        assert best == 1 + sum(other > unit.total + rate * cell.lost for other in others)
        assert worst == 1 + sum(other > unit.total - rate * cell.points for other in others)
        assert best < worst
        assert f"得满分为第 {best} 名，得 0 分为第 {worst} 名" in said_of(made, cell)

    def test_a_unit_far_from_others_stays_where_it_is(self, book):
        unit = book.ranking("yuanbu")[0]
        cell = next(cell for cell in book.cells_of(unit.unit_id) if cell.applicable)
        far = changed(book, {unit.unit_id: {"total": Fraction(199)}})
        assert "不论得 0 分还是满分，都是第 1 名" in said_of(far, cell)

    def test_beyond_a_handful_they_are_counted(self, book):
        made, _ = with_status(quiet(book), "disputed", MOST_DISPUTES + 7)
        found = told(made)
        assert sum(what.startswith("数据有争议") for what in found) == MOST_DISPUTES
        assert "另有 7 项得分" in found["其他有争议的数据"].says


def shift(unit, rank=3, then=3, grade="合格", grade_then="合格"):
    return Shift(unit, rank, then, grade, grade_then)


def with_effects(book, **moved):
    """The book in which the other reading of each policy named moves those units."""
    effects = tuple(
        PolicyEffect(policy.name, (OptionEffect("other", "另一种读法", moved.get(policy.name, ())),))
        for policy in book.policies
    )
    return replace(book, effects=effects)


class TestReadings:
    def test_those_that_change_a_grade_are_named_with_what_they_change(self, book):
        made = with_effects(quiet(book), eligibility=(shift("C1", 1, 1, "优秀", "合格"), shift("C2", 2, 3)))
        policy = next(policy for policy in book.policies if policy.name == "eligibility")
        found = told(made)[f"办法未明（{policy.id}）：{policy.question}"]
        one, two = book.unit("C1").name, book.unit("C2").name
        assert found.open
        assert found.clause == policy.clause
        assert found.who == (one,)
        assert found.says == (
            f"现按“{policy.says}”。若按“另一种读法”：{one}由优秀变为合格；{two}由第 2 名变为第 3 名。"
        )

    def test_those_that_change_grades_come_before_those_that_change_ranks(self, book):
        made = with_effects(
            quiet(book), rescale=(shift("C1", 3, 4), shift("C2", 4, 3)), panel=(shift("C1", 1, 2, "优秀", "合格"),)
        )
        assert [policy.name for policy, _ in grades_change(made)] == ["panel"]
        assert [policy.name for policy, _ in ranks_change(made)] == ["rescale"]
        assert [decision.what[:9] for decision in open_decisions(made)] == ["办法未明（P10）", "办法未明（P01）"]

    def test_in_short_those_that_change_ranks_are_one(self, book):
        moved = (shift("C1", 3, 4), shift("C2", 4, 3))
        made = with_effects(quiet(book), rescale=moved, panel=moved, yixia=moved, cap_break=moved)
        (found,) = open_decisions(made, short=True)
        assert found.what == "办法另有 4 处未明，只影响名次"
        assert "2 个单位的名次会变" in found.says
        assert "等 4 处" in found.says
        assert len(open_decisions(made)) == 4

    def test_a_tie_that_waits_anyway_is_not_listed_twice(self, book):
        made = with_effects(quiet(book), quota_ties=(shift("C1", 2, 2, "待审议", "优秀"),))
        assert open_decisions(made) == []

    @pytest.mark.parametrize("origin", ["year", "run"])
    def test_what_was_decided_is_no_question(self, book, origin):
        made = with_effects(quiet(book), panel=(shift("C1", 1, 2, "优秀", "合格"),))
        made = replace(made, policies=tuple(replace(policy, origin=origin) for policy in made.policies))
        assert undecided(made) == []
        assert open_decisions(made) == []
        assert unmoved_note(made) == ""

    def test_where_effects_were_not_looked_at_nothing_is_said(self, book):
        made = replace(quiet(book), effects=None)
        assert open_decisions(made) == []
        assert unmoved_note(made) == ""

    def test_those_that_change_nothing_are_counted_in_one_sentence(self, book):
        made = with_effects(quiet(book), panel=(shift("C1", 1, 2),))
        assert f"还有 {len(book.policies) - 1} 处未明" in unmoved_note(made)

    def test_the_fail_lines_room_is_said(self, book):
        line = PolicyEffect("fail_line", steady_above=Fraction(11, 20), steady_to=Fraction(13, 20))
        said = unmoved_note(replace(quiet(book), effects=(line,)))
        assert "高于 55.00%、不高于 65.00%" in said

    def test_many_ranks_are_counted_the_largest_named(self, book):
        ids = [unit.unit_id for unit in book.ranking("yuanbu")]
        moved = tuple(shift(unit, place, place + 1 + (place == 4)) for place, unit in enumerate(ids, 1))
        option = OptionEffect("other", "另一种读法", moved, Fraction(-5, 2), ids[0])
        said = option_changes(book, option)
        assert said.startswith(f"{book.unit(ids[3]).name}由第 4 名变为第 6 名")
        assert said.count("变为第") == MOST_NAMED
        assert f"等 {len(ids)} 个单位名次变动" in said
        assert f"总分最多变 −2.50 分（{book.unit(ids[0]).name}）" in said

    def test_a_refused_reading_says_so(self, book):
        assert option_changes(book, OptionEffect("x", "x", refused="不能同时采用")) == "不能同时采用"
        assert option_changes(book, OptionEffect("x", "x")) == "没有变化"


def test_a_final_year_lists_what_was_decided_and_nothing_as_open(book):
    made, _ = with_status(quiet(book), "disputed")
    none = changed(made, {unit.unit_id: {"grade": "合格"} for unit in made.units if unit.group == "department"})
    final = replace(none, final="2020-07-15 定稿：会议通过")
    assert open_decisions(none)
    assert open_decisions(final) == []
    assert [each.what for each in settled_decisions(final)] == [each.what for each in open_decisions(none, short=True)]
    assert settled_decisions(none) == []
    assert told(final)["优秀名额空缺"].act == f"空缺 {final.groups['department'].quota} 个名额"
    for html in (decisions_table(final), open_list(final)):
        assert "优秀名额空缺" in html
        assert not [word for word in ("待决", "裁定争议后重新评分", "要做的事：") if word in html]
    assert "2020-07-15 定稿：会议通过" in open_list(final)
    assert "没有需要另行决定的事项" in open_list(replace(quiet(book), final="2020-07-15 定稿：会议通过"))
    assert may_change(final) == ["本学年结果已定稿（2020-07-15 定稿：会议通过）。"]
