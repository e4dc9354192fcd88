"""Edges of grades: every margin against a plain look at totals, and what the page says of it."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.movement import movement
from kaohe.analysis.verdict import edges, inside_margin
from kaohe.charts.amounts import apart, total
from kaohe.charts.change import movers_said
from kaohe.charts.decisions import open_decisions, to_decide
from kaohe.charts.keymessages import key_messages
from kaohe.charts.policies import regraded, what_changes
from kaohe.charts.sentences import unit_findings
from kaohe.charts.verdict import in_a_line, moved_in_a_line, says_inside, says_margin, verdict
from kaohe.scoring.decided import Ruling
from kaohe.scoring.infos import OptionEffect, PolicyEffect, Shift
from kaohe.scoring.marks import PENDING
from tests.charts.books import changed, scored, two_years
from tests.scoring import anyscheme


@pytest.fixture(scope="module")
def book():
    return scored()


@pytest.mark.parametrize("seed", range(6))
def test_a_margin_is_what_has_to_change_and_no_less(seed):
    """Whoever is named beyond the line stands as far from it as is said, and nobody who could stands nearer."""
    book = scored(seed=seed)
    for group in book.groups:
        for edge in edges(book, group):
            units = book.rated(group)
            have = {unit.unit_id for unit in units if unit.grade == edge.grade}
            assert {unit.unit_id for unit in edge.inside} == have
            if edge.role == "fail":
                gaps = [abs(unit.total - unit.fail_below) for unit in units if (unit.unit_id in have) == bool(have)]
                assert edge.margin in (min(gaps, default=None), None)
            elif edge.margin is not None:
                could = [unit for unit in units if unit.declared and not unit.vetoed]
                outside = [unit.total for unit in could if unit.unit_id not in have]
                assert edge.margin == min(unit.total for unit in edge.inside) - max(outside)


def test_a_tie_at_the_line_has_no_margin_and_is_named(book):
    first, second, *_ = book.ranking("yuanbu")
    made = changed(book, {unit.unit_id: {"grade": PENDING, "declared": True} for unit in (first, second)})
    made = changed(made, {second.unit_id: {"total": first.total, "grade": PENDING, "declared": True}})
    best = edges(made, "yuanbu")[0]
    assert best.margin is None
    assert {unit.unit_id for unit in best.tied} >= {first.unit_id, second.unit_id}
    assert f"{first.name}、{second.name}" in text(verdict(made))


def test_who_has_the_points_and_not_the_grade_is_named_with_the_reason(book):
    first = book.ranking("yuanbu")[0]
    grades = {unit.unit_id: {"grade": "合格", "declared": True} for unit in book.ranking("yuanbu")[2:]}
    second = book.ranking("yuanbu")[1]
    made = changed(
        book,
        {
            **grades,
            first.unit_id: {"grade": "合格", "declared": False, "vetoed": False},
            second.unit_id: {"grade": "优秀", "declared": True, "vetoed": False},
        },
    )
    (best, *_) = edges(made, "yuanbu")
    assert {unit.unit_id: why for unit, why in best.passed}[first.unit_id] == "未具备申报条件"
    assert f"第 1 名{first.name}未具备申报条件（" in text(verdict(made))


def test_a_margin_is_never_another_than_the_totals_beside_it_show(book):
    """158.6385 and 156.7247 are shown as 158.64 and 156.72 and are 1.91 apart."""

    def shown(*totals):
        return apart(book, "yuanbu", *map(Fraction, totals))

    assert shown("158.6385", "156.7247") == "1.91 分（未舍入：158.639 − 156.725）"
    assert shown("156.7247", "158.6385") == shown("158.6385", "156.7247")
    assert shown("158.64", "156.72") == "1.92 分"
    assert shown("0.004", "-0.004") == "0.01 分（未舍入：0.004 − −0.004）"


def test_without_grades_it_is_the_first_ranks_lead(book):
    made = replace(book, grading=(), grades={})
    (lead,) = edges(made, "yuanbu")
    first, after = (unit for unit in made.ranking("yuanbu") if unit.rank in (1, 2))
    assert lead.margin == first.total - after.total
    assert says_margin(made, lead).startswith(f"{first.name}比下一个")


def test_arrows_tell_ranks_since_last_year():
    book = two_years()
    shown = verdict(book, lambda unit: f"units/{unit}.html")
    for key in book.groups:
        for edge in edges(book, key):
            for unit in edge.inside:
                was = {each.unit_id: each.rank for each in book.before.units}.get(unit.unit_id)
                row = re.search(rf'units/{unit.unit_id}\.html">.*?</span>', shown)[0]
                climbed = was - unit.rank if was else 0
                assert f"{'▲' if climbed > 0 else '▼'}{abs(climbed)}" in row if climbed else "kh-up" not in row
                assert ("比上一学年" in row) == bool(climbed)


def test_a_reading_is_told_with_whom_it_turns_and_to_what(book):
    """Not a bare number of the reading."""
    policy = next(each for each in book.policies if each.origin == "default")
    best = edges(book, "yuanbu")[0]
    (unit, *_) = best.inside or best.near
    shift = Shift(unit.unit_id, unit.rank, 9, unit.grade, "另一等")
    option = OptionEffect("x", "另一种读法", (shift,))
    made = replace(book, effects=(PolicyEffect(policy.name, (option,)),))
    best = edges(made, "yuanbu")[0]
    assert inside_margin(made, best).readings == ((policy.id, shift),)
    said = f"{policy.id} 换一种读法，{unit.name}由{unit.grade}变为另一等"
    assert says_inside(made, inside_margin(made, best)).split("；")[0] == said
    assert f"有多稳{said}" in text(verdict(made))
    shifts = [replace(shift, grade=PENDING, grade_then=then) for then in (book.top, "合格")]
    options = tuple(OptionEffect(str(at), "另一种读法", (each,)) for at, each in enumerate(shifts))
    waiting = replace(book, effects=(PolicyEffect(policy.name, options),))
    found = inside_margin(waiting, best)
    assert found.readings == tuple((policy.id, each) for each in shifts)  # who waits may lose it, too
    assert f"变为{book.top}或合格" in says_inside(waiting, found)


def test_of_a_decided_unit_a_reading_turns_what_its_points_give(book):
    """Not the decision that stands over them: it was never 优秀 by points, and stays it."""
    (unit, *_) = edges(book, "yuanbu")[0].inside
    ruling = Ruling(PENDING, "并列", "票数多", "2021-09-20")
    policy = next(each for each in book.policies if each.origin == "default")
    shifts = (Shift(unit.unit_id, unit.rank, 9, PENDING, book.top),)
    effect = PolicyEffect(policy.name, (OptionEffect("x", "另一种读法", shifts),))
    made = replace(changed(book, {unit.unit_id: {"ruling": ruling}}), effects=(effect,))
    best = edges(made, "yuanbu")[0]
    said = f"{unit.name}审议前由{PENDING}变为{book.top}（审议已定为{unit.grade}，须重新核对）"
    assert said in says_inside(made, inside_margin(made, best))
    assert said in what_changes(made, effect)
    assert regraded(made, effect) == (f"{unit.name}按得分变{book.top}",)


def test_the_cards_end_with_who_moved_and_a_veto_is_told_with_its_kind():
    book = two_years()
    shown = text(verdict(book))
    for key in book.groups:
        moved = movement(book, key)
        if moved.climbers or moved.fallers:
            assert f"：{movers_said(book, moved)}" in shown
            assert moved_in_a_line(book, key) == movers_said(book, moved)
            for each in (*moved.climbers[:1], *moved.fallers[:1]):
                assert each.unit.name in movers_said(book, moved)
                assert f" {abs(each.climbed)} 位" in movers_said(book, moved)
    first = book.ranking("yuanbu")[0]
    made = changed(book, {first.unit_id: {"grade": "合格", "vetoed": True, "vetoes": ("一起事故",), "declared": True}})
    assert f"第 1 名{first.name}有否决事项（一起事故）" in text(verdict(made))


def test_a_group_out_of_sight_is_told_in_a_line(book):
    for key in book.groups:
        said = in_a_line(book, key)
        for edge in edges(book, key):
            beside = [unit.total for unit in book.rated(key)]
            assert all(f"{unit.name} {total(book, unit, beside)}" in said for unit in edge.inside)
            last = "末位" if len(edge.inside) > 1 else ""  # of one alone nobody is the last
            if edge.role != "fail" and edge.next is not None and edge.last is not None:
                assert f"，{last}比{edge.next.name}" in said
            assert all(f"第 {unit.rank} 名{unit.name}" in said for unit, _ in edge.passed)
        turning = {reading for edge in edges(book, key) for reading, _ in inside_margin(book, edge).readings}
        assert ("可翻转" in said) == bool(turning)
        assert moved_in_a_line(book, key) == ""
    assert str(verdict(book)).count("没有上一学年的结果可比") == len(book.groups)
    assert "没有上一" not in str(verdict(two_years()))


def test_a_reading_to_decide_says_whom_it_turns(book):
    best = edges(book, "yuanbu")[0]
    policy = next(policy for policy in book.policies if policy.origin == "default")
    shift = Shift(best.last.unit_id, best.last.rank, best.last.rank + 1, book.top, "合格")
    waiting = replace(book, effects=(PolicyEffect(policy.name, (OptionEffect("other", "另一种读法", (shift,)),)),))
    assert f"改判则{best.last.name}变合格" in text(to_decide(waiting, "#decide"))


def test_what_is_to_be_decided_stands_in_one_line(book):
    found = open_decisions(book, short=True)
    said = text(to_decide(book, "#decide"))
    assert said.startswith(f"待决 {len(found)} 项{found[0].what}")
    assert to_decide(book, "#decide").count("<li>") == len(found)
    assert 'href="#decide"' in to_decide(book, "#decide")
    assert to_decide(replace(book, final="会议定稿"), "#decide") == ""


def test_what_lies_inside_names_items_of_those_near_alone(book):
    best = edges(book, "yuanbu")[0]
    near = {unit.unit_id for unit in (*best.near, *best.inside, *best.tied)}
    found = inside_margin(book, best)
    assert {shift.unit for _, shift in found.readings} | {unit for _, unit in (*found.disputed, *found.missed)} <= near
    missed = {(each.indicator, each.unit) for each in book.checks if each.met is False and each.unit in near}
    assert set(found.missed) <= {key for key in missed if not book.cell(key[1], key[0]).lost}


def text(html):
    return re.sub(r"<[^>]*>", "", html)


def lower_first(results):
    """Four units whose totals are 3, 5, 5.5 and 9; the lower in front."""
    group = anyscheme.ONE_GROUP.replace("score: total", "score: total, order: ascending")
    text = "items: [{id: total, name: 总分, rule: a}]\n" + results
    units = {name: {"a": a} for name, a in zip("甲乙丙丁", (9, "5.5", 5, 3), strict=True)}
    return anyscheme.scored(text, units, head=anyscheme.HEAD + group + anyscheme.METRICS)


def test_where_the_lower_is_in_front_a_margin_is_said_the_other_way_round():
    book = lower_first("results: {grades: [{name: 好, quota: {places: 2}}, {name: 差}]}")
    (edge,) = edges(book, "all")
    assert ([unit.unit_id for unit in edge.inside], edge.last.unit_id, edge.next.unit_id) == (["丁", "丙"], "丙", "乙")
    assert edge.passed == ()
    assert says_margin(book, edge) == "末位丙比下一个乙只低 0.50 分"
    assert any("最后一个名额比下一个乙只低 0.50 分" in said for said in key_messages(book))
    assert "差：比好线 5.00 分高 4.00 分。" in unit_findings(book, "甲")
    (first,) = edges(lower_first(""), "all")
    assert says_margin(book, first) == "丁比下一个丙低 2.00 分"
