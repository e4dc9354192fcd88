"""The year's key messages: each kind where it holds, none where there is nothing to say, never too many."""

from dataclasses import replace
from fractions import Fraction
from statistics import mean

from kaohe.analysis.movement import movement
from kaohe.charts.keymessages import MOST, key_messages, may_change
from kaohe.charts.losses import group_losses
from tests.charts.books import changed, full_marks, only, scored


def dull(book):
    """Nobody better or worse than another: all hold full marks, no place, veto, award or earlier year."""
    for unit in book.units:
        book = full_marks(book, unit.unit_id)
    fields = {"grade": "合格", "vetoed": False, "outstanding_award": False, "last_two_years": False}
    book = changed(book, {unit.unit_id: fields for unit in book.units})
    groups = {key: replace(group, quota=0) for key, group in book.groups.items()}
    return replace(book, before=None, groups=groups, checks=())


def test_a_dull_year_has_nothing_to_say(alone):
    assert key_messages(dull(alone)) == []
    cells = tuple(replace(cell, status="scored") for cell in dull(alone).cells if cell.applicable)
    assert may_change(replace(dull(alone), cells=cells, provisional=False)) == []


def test_places_without_a_unit_are_said_empty(alone):
    made = dull(alone)
    made = replace(made, groups=alone.groups)
    assert key_messages(made) == [
        f"{group.name}没有评出优秀，{group.quota} 个名额空缺。" for group in made.groups.values()
    ]


def test_the_best_are_named_with_their_totals(alone):
    made = replace(dull(alone), groups=alone.groups)
    unit = made.ranking("yuanbu")[0]
    made = changed(made, {unit.unit_id: {"grade": "优秀"}})
    said, *_ = key_messages(made)
    assert said.startswith(f"院部优秀：{unit.name}（{float(unit.total):.2f} 分），空缺 1 个名额。")


def test_a_group_without_units_is_left_out(alone):
    made = only(alone, *(unit.unit_id for unit in alone.units if unit.group == "department"))
    assert not any("院部" in said for said in key_messages(made, 99))


def test_movement_says_the_mean_and_who_was_carried_by_what(book):
    moved = movement(book, "yuanbu")
    (said,) = [each for each in key_messages(book, 99) if each.startswith(f"院部与 {moved.before}")]
    gained = mean(move.gained for move in moved.moves)
    assert f"平均总分 {'+' if gained > 0 else '−'}{abs(float(gained)):.2f} 分" in said
    top = moved.climbers[0]
    assert f"{top.unit.name}" in said
    assert f"升 {top.climbed} 位" in said


def test_a_year_like_the_last_has_not_moved(book):
    still = replace(book, before=replace(book.slim(), year="2018-2019"))
    assert not any("2018-2019" in said for said in key_messages(still, 99))


def test_units_that_came_or_went_are_not_in_the_mean(book):
    gone = book.ranking("yuanbu")[-1].unit_id
    made = only(book, *(unit.unit_id for unit in book.units if unit.unit_id != gone))
    count = len(made.ranking("yuanbu"))
    assert any(f"（{count} 个两年都有的单位）" in said for said in key_messages(made, 99))


def test_the_heading_that_costs_most_points_is_told_as_its_chart_tells_it(book):
    assert f"{group_losses(book, 'yuanbu').layout.meta['title']}。" in key_messages(book, 99)


def test_a_failure_and_last_two_years_are_one_message(book):
    last = book.ranking("yuanbu")[-1]
    fields = {"grade": "不合格", "last_two_years": True, "total": Fraction(100), "fail_below": Fraction(120)}
    made = changed(book, {unit.unit_id: {"grade": "合格", "last_two_years": False} for unit in book.units})
    told = key_messages(changed(made, {last.unit_id: fields}))
    found = [said for said in told if said.startswith(f"{last.name}不合格")]
    assert found == [f"{last.name}不合格（比不合格线低 20.00 分），须限期整改；连续两年排在院部末位，须通报批评。"]


def test_an_award_is_said(alone):
    unit = alone.units[0]
    made = changed(dull(alone), {unit.unit_id: {"outstanding_award": True}})
    assert key_messages(made) == [f"{unit.name}获突出贡献奖。"]


def test_there_are_never_more_than_a_page_of_a_minute_holds(book):
    unit = book.ranking("department")[0]
    full = changed(book, {unit.unit_id: {"last_two_years": True, "outstanding_award": True}})
    assert len(key_messages(full, 99)) > MOST
    assert key_messages(full) == key_messages(full, 99)[:MOST]


def test_many_failures_are_told_together(book):
    fields = {"grade": "不合格", "last_two_years": True}
    made = changed(book, {unit.unit_id: fields for unit in book.units})
    assert f"等 {len(book.units)} 个单位不合格，须限期整改。" in "".join(key_messages(made, 99))
    assert f"等 {len(book.units)} 个单位连续两年排在末位" in "".join(key_messages(made, 99))


def test_provisional_scoring_without_gaps_says_so():
    made = scored("2019-2020")
    cells = tuple(replace(cell, status="scored") for cell in made.cells if cell.applicable)
    assert may_change(replace(made, cells=cells, provisional=True)) == ["本次为暂定评分，没有缺项。"]
