"""The method page says what counts how much, how every indicator is scored, and what other readings would change."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.charts.html import fold
from kaohe.charts.method import (
    components_table,
    indicators_by_section,
    own_by_unit,
    readings_note,
    readings_table,
    sections_table,
    tasks_note,
    votes_note,
)
from kaohe.scoring.book import OptionEffect, PolicyEffect, Shift
from tests.charts.books import scored
from tests.charts.test_tables import rows


def test_components_add_up_to_the_groups_full_mark(book):
    found = {row[0]: row[1:] for row in rows(components_table(book))}
    for place, group in enumerate(book.groups.values()):
        parts = [found[name][place] for name in ("民主测评", "基础指标", "重点指标", "目标考核", "领导班子评价")]
        assert sum(Fraction(part) for part in parts if part != "–") == group.full == Fraction(found["总分"][place])
        assert found["优秀名额"][place] == str(group.quota)


def test_votes_are_said_once_where_all_groups_count_alike(book):
    said = votes_note(book)
    assert said.count("领导班子评价") == 1
    assert "P13" in said
    (one, *_) = book.groups
    other = {**book.groups, one: replace(book.groups[one], how={**book.groups[one].how, "leader": ("另一种算法",)})}
    assert f"领导班子评价（{book.groups[one].name}）：另一种算法。" in votes_note(replace(book, groups=other))


def test_headings_hold_the_full_marks_of_what_applies(book):
    found = {row[0]: row[1:] for row in rows(sections_table(book, "yuanbu"))}
    assert found["重点指标"] == ["95", "95", "58", "41", "41"]
    assert found["招生工作"][-1] == "–"
    assert sections_table(book, "department") == ""  # one category: the department's own list says it


def test_a_reading_that_takes_an_indicator_from_a_category_takes_its_mark():
    included = scored(policies=(("teaching_depts", "included"),))
    found = {row[0]: row[1:] for row in rows(sections_table(included, "yuanbu"))}
    assert found["重点指标"][-1] == "46"


def test_every_shared_indicator_stands_with_how_it_is_scored(book):
    html = indicators_by_section(book)
    found = {row[0]: row for row in rows(html)}
    shared = [info for info in book.indicators.values() if not info.id.startswith(("D03", "D05", "D06", "D13"))]
    assert shared
    for info in shared:
        row = found[info.id]
        assert info.name in row[1]
        assert all(sentence in row[4] for sentence in info.how)
        assert info.office in row[5]
        assert info.clause in row[5]
    assert found["B01"][3] == "全部"
    assert found["K1.4"][3] == "二级学院、继续教育学院"
    assert html.count("<details") == len({info.section for info in shared})
    assert "≥ 2" in found["K5.2b"][4]


def test_an_indicator_nobody_is_scored_on_says_so(book):
    none = {**book.indicators, "B01": replace(book.indicators["B01"], fulls={})}
    found = {row[0]: row for row in rows(indicators_by_section(replace(book, indicators=none)))}
    assert found["B01"][2:4] == ["–", "本学年都不考核"]


def test_each_departments_tasks_stand_in_a_fold_of_its_own(book):
    html = own_by_unit(book)
    departments = [unit for unit in book.units if unit.group == "department"]
    assert html.count("<details") == len(departments)
    for unit in departments:
        assert unit.name in html
    names = {row[1] for row in rows(html)}
    assert any("专业设置与培养方案" in name for name in names)
    assert any("校企融合与现代学徒制 创新性工作" in name for name in names)
    assert any("≥ 3020000 元" in row[3] for row in rows(html))


def test_ways_of_scoring_tasks_are_said_once(book):
    said = tasks_note(book)
    assert said.count("<li>") == 2
    assert "年度主要工作：评审小组按 100 分制评分" in said


def moved(book, name):
    shift = Shift(book.units[0].unit_id, 1, 2, "优秀", "合格")
    return tuple(
        PolicyEffect(policy.name, (OptionEffect("other", "另一种", (shift,) if policy.name == name else ()),))
        for policy in book.policies
    )


def test_readings_that_change_something_are_open_the_rest_folded(book):
    made = replace(book, effects=moved(book, "panel"))
    shown, folded = readings_table(made).split("<details")
    assert "P10" in shown
    assert f"“另一种”：{book.units[0].name}由优秀变为合格" in shown
    assert "P01" not in shown
    assert "P01" in folded
    assert f"（{len(book.policies) - 1} 处）" in folded


def test_decided_readings_stay_in_sight_with_date_and_reason(book):
    decided = tuple(
        replace(policy, origin="year", reason="避免临界差异", decided_on="2021-09-10") if policy.id == "P03" else policy
        for policy in book.policies
    )
    made = replace(book, policies=decided, effects=moved(book, "panel"))
    shown = readings_table(made).split("<details")[0]
    assert "2021-09-10，避免临界差异" in shown
    assert f"共 {len(book.policies)} 处：1 处本学年已有决定，{len(book.policies) - 1} 处采用默认读法" in readings_note(
        made
    )


def test_without_effects_all_readings_are_shown(book):
    html = readings_table(replace(book, effects=None))
    assert "<details" not in html
    assert len(rows(html)) == len(book.policies)


def test_the_fail_line_says_its_room(book):
    line = PolicyEffect("fail_line", steady_above=Fraction(1, 2), steady_to=Fraction(13, 20))
    html = readings_table(replace(book, effects=(line,)))
    assert "高于 50.00%、不高于 65.00% 时，哪些单位不合格都和现在一样" in html


@pytest.mark.parametrize("opened", [True, False])
def test_a_fold_escapes_and_opens_as_asked(opened):
    html = fold("<b>", fold("x", readings_note(scored())), opened=opened)
    assert "&lt;b&gt;" in html
    assert html.startswith('<details class="kh kh-fold" open>') == opened
