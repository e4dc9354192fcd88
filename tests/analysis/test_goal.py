"""What it would take: held against trying everything, and of planted years against what was planted."""

import json
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from kaohe.analysis.answered import Answered
from kaohe.analysis.goal import Goal, GoalError, Goals, goal_json, goals_of, year_goals
from kaohe.analysis.public import public_unit
from kaohe.charts.goal import goal_brief, goal_lines, goal_section, goals_says, goals_table, group_says, verdict
from kaohe.charts.goalchart import SHADES, goals_chart
from kaohe.charts.public import public_ahead
from kaohe.charts.style import INK
from kaohe.cli import app
from kaohe.intake import read_year
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import bind
from kaohe.scoring.score import score_intake
from tests.analysis.agreed import agreed
from tests.scoring.anyscheme import HEAD, ONE_GROUP, scheme_of, year_of
from tests.small import small_year

F = Fraction
COUNTS = "metrics:\n" + "".join(
    f"  {name}: {{name: 数{name}, unit: 个, kind: count, office: 处, least: 0, most: {most}}}\n"
    for name, most in (("a", 4), ("b", 4), ("c", 3), ("d", 20))
)
SCHEME = scheme_of(
    """
items:
- id: total
  name: 总分
  items:
  - {id: A, name: 比较项, full: 10, rule: {kind: share, value: a, of: best, top: 10}}
  - id: B
    name: 分档项
    full: 6
    rule: {kind: steps, value: b, bands: [{at_least: 4, points: 6}, {at_least: 2, points: 2}], else: 0}
  - id: C
    name: 两样都要
    full: 5
    rule: {kind: when, if: {all: [{value: b, at_least: 3}, {value: c, at_least: 2}]}, then: 5, else: 0}
  - {id: J, name: 人评项, full: 10, rule: {kind: judged}}
results:
  declarations: {new: 创新}
  grades:
  - {id: top, name: 甲, at_least: 20, quota: {places: 1}, ties: none, fill: within_top}
  - {id: mid, name: 乙, at_least: 12}
  - {id: low, name: 丙}
""",
    head=HEAD + ONE_GROUP + COUNTS,
)
POLICIES = resolve(SCHEME)


def year(units):
    return year_of({unit: {"d": 1, "rated": {"J": [5]}, **given} for unit, given in units.items()})


def goals(data, **more):
    return Goals(bind(SCHEME, POLICIES, data), **more)


def with_figures(data, unit, figures):
    units = {each.unit_id: {name: data.metrics[each.unit_id, name].value for name in "abcd"} for each in data.units}
    return year({**units, unit: {**units[unit], **figures}})


def fewest(data, unit, there):
    """The fewest metrics of the unit that have to change, by trying every value of all of them."""
    now = {name: int(data.metrics[unit, name].value) for name in "abc"}
    best = None
    for values in product(range(5), range(5), range(4)):
        figures = dict(zip("abc", values, strict=True))
        changes = sum(figures[name] != now[name] for name in "abc")
        if (best is None or changes < best) and there(
            score_data(SCHEME, POLICIES, with_figures(data, unit, figures)).unit(unit)
        ):
            best = changes
    return best


FIGURES = st.fixed_dictionaries({"a": st.integers(0, 4), "b": st.integers(0, 4), "c": st.integers(0, 3)})


@settings(max_examples=5, deadline=None)
@given(units=st.fixed_dictionaries(dict.fromkeys("UVW", FIGURES)), grade=st.booleans())
def test_the_smallest_sets_are_those_that_trying_everything_finds(units, grade):
    data = year(units)
    goal = Goal("grade", "甲") if grade else Goal("rank", 1)
    found = goals(data, unbounded=True).of("U").answer(goal)

    def there(unit):
        return unit.grade == "甲" if grade else unit.rank == 1

    size = fewest(data, "U", there)
    assert found.reachable == (size is not None)
    assert found.size == (size or 0)
    for way in found.sets:
        figures = {change.field: change.to for change in way.changes}
        again = score_data(SCHEME, POLICIES, with_figures(data, "U", figures)).unit("U")
        assert (again.total, again.rank, again.grade) == (way.total, way.rank, way.grade)
        assert there(again)
        for change in way.changes:  # one step less is not enough
            step = 1 if change.to > change.start else -1
            less = {**figures, change.field: change.to - step}
            assert not there(score_data(SCHEME, POLICIES, with_figures(data, "U", less)).unit("U"))


@pytest.fixture(scope="module")
def planted():
    """U is two steps from the best grade: one more of b for the upper band, and a third of a to pass V."""
    return year({"U": {"a": 2, "b": 3, "c": 0}, "V": {"a": 4, "b": 2, "c": 2}, "W": {"a": 0, "b": 0, "c": 0}})


def test_a_unit_two_steps_from_the_best_grade(planted):
    book = score_data(SCHEME, POLICIES, planted)
    assert [(unit.unit_id, unit.total, unit.grade) for unit in book.ranking("all")] == [
        ("V", 17, "乙"), ("U", 12, "乙"), ("W", 5, "丙"),
    ]  # fmt: skip
    found = goals(planted).of("U").answer(Goal("grade", "甲"))
    assert (found.already, found.barred, found.size) == (False, False, 2)
    told = {tuple((change.field, int(change.start), int(change.to)) for change in way.changes) for way in found.sets}
    assert told == {
        (("a", 2, 4), ("b", 3, 4)), (("a", 2, 4), ("c", 0, 2)), (("c", 0, 2), ("b", 3, 4)),
    }  # fmt: skip
    assert [(way.changes[0].field, way.gained) for way in found.singles] == [("a", 5), ("c", 5), ("b", 4)]
    assert [way.gains for way in found.singles] == [{"A": 5}, {"C": 5}, {"B": 4}]
    assert {item for each in found.never for item in each.items} == {"J"}
    assert any("申报" in each.why for each in found.never)
    assert "最少改 2 处数据" in verdict(goal_json(found))
    (brief,) = goal_brief([goal_json(found)])
    assert brief.startswith("要到甲：最少改 2 处数据，如A ")
    assert goal_brief(None) == []
    told = goal_json(found)
    # The same ways lead to both.
    assert goal_brief([{**told, "goal": {"rank": 1}}, told]) == [brief.replace("要到甲", "要到第 1 名、甲")]


def test_pool_effects_are_in_it():
    """One more of a than V has makes V's share smaller, too: U passes it with less than V had."""
    data = year({"U": {"a": 2, "b": 0, "c": 0}, "V": {"a": 2, "b": 2, "c": 0}, "W": {"a": 0, "b": 0, "c": 0}})
    assert score_data(SCHEME, POLICIES, data).unit("V").total == 17
    found = goals(data).of("U").answer(Goal("rank", 1))
    (way,) = [way for way in found.sets if way.changes[0].field == "a"]
    assert (way.changes[0].to, way.total, way.rank, way.changes[0].items) == (3, 15, 1, ("A",))
    assert (way.gained, way.gains) == (0, {})


def test_a_page_finds_what_is_more_together_than_one_by_one():
    """Of a product each figure alone is worth little: the few sets looked at for a page must not be judged by that."""
    product_of = scheme_of(
        "items: [{id: total, name: 总分, combine: geometric_mean, items: [{id: A, name: 甲, rule: a},"
        " {id: B, name: 乙, rule: b}]}]\n",
        head=HEAD + ONE_GROUP + COUNTS,
    )
    bound = bind(product_of, resolve(product_of), year_of({"U": {"a": 1, "b": 1}, "V": {"a": 4, "b": 3}}))
    for thorough in (True, False):
        found = Goals(bound, thorough=thorough).of("U").answer(Goal("rank", 1))
        assert (found.size, found.nearest) == (2, None)
        assert sorted(change.to for change in found.sets[0].changes) == [3, 4]


def test_what_no_points_reach_and_what_is_reached(planted):
    barred = scheme_of(
        "items: [{id: total, name: 总分, items: [{id: A, name: 项, full: 4, rule: a}]}]\n"
        "results:\n  declarations: {new: 创新}\n"
        "  grades: [{id: top, name: 甲, if: {declared: new}}, {id: low, name: 乙}]\n",
        head=HEAD + ONE_GROUP + COUNTS,
    )
    mine = Goals(bind(barred, resolve(barred), year_of({"U": {"a": 1}, "V": {"a": 2}}))).of("U")
    found = mine.answer(Goal("grade", "甲"))
    assert (found.barred, found.reachable, found.sets) == (True, False, ())
    assert "得多少分都到不了" in verdict(goal_json(found))
    near = goals(year({"U": {"a": 0, "b": 0, "c": 0}, "V": {"a": 4, "b": 4, "c": 3}})).of("V")
    assert near.answer(Goal("rank", 1)).already
    assert list(near.next_goals()) == []
    assert "已是第 1 名" in goal_section([])


def test_a_grade_that_asks_for_a_figure_is_the_units_to_reach():
    """More points alone would not do: a limit asks for the figure itself."""
    limited = scheme_of(
        "items: [{id: total, name: 总分, items: [{id: A, name: 甲, rule: a}, {id: B, name: 乙, rule: b}]}]\n"
        "results:\n  grades: [{id: top, name: 好, at_least: 4}, {id: low, name: 差}]\n"
        "  limits: [{name: 低分, effect: {bars: [top]}, if: {value: a, below: 3}}]\n",
        head=HEAD + ONE_GROUP + COUNTS,
    )
    bound = bind(limited, resolve(limited), year_of({"U": {"a": 2, "b": 3}, "V": {"a": 4, "b": 3}}))
    for thorough in (True, False):
        found = Goals(bound, thorough=thorough).of("U").answer(Goal("grade", "好"))
        assert (found.barred, found.size) == (False, 1)
        assert [(each.field, each.to) for each in found.sets[0].changes] == [("a", 3)]


def test_within_three_changes_it_may_not_be():
    """Everything the unit can change is not enough: how near it comes is told."""
    data = year_of(
        {
            "U": {"a": 0, "b": 0, "c": 0, "d": 0, "rated": {"J": [0]}},
            "V": {"a": 4, "b": 4, "c": 3, "d": 0, "rated": {"J": [10]}},
        }
    )
    found = goals(data).of("U").answer(Goal("rank", 1))
    assert (found.size, found.reachable, found.barred) == (0, False, False)
    assert (found.nearest.rank, found.nearest.total, len(found.nearest.changes)) == (2, 21, 3)
    assert "改三处数据以内到不了；最近能到第 2 名、乙（21.00 分）" in verdict(goal_json(found))


def test_a_goal_that_there_is_not_is_told(planted):
    mine = goals(planted).of("U")
    with pytest.raises(GoalError, match="没有等次 丁，有：甲、乙、丙"):
        mine.answer(Goal("grade", "丁"))
    with pytest.raises(GoalError, match="名次应为 1 到 3"):
        mine.answer(Goal("rank", 4))
    plain = scheme_of(
        "items: [{id: total, name: 总分, items: [{id: A, name: 项, full: 4, rule: a}]}]\n",
        head=HEAD + ONE_GROUP + COUNTS,
    )
    alone = Goals(bind(plain, resolve(plain), year_of({"U": {"a": 1}}))).of("U")
    with pytest.raises(GoalError, match="不评等次"):
        alone.answer(Goal("grade", "甲"))
    assert list(alone.next_goals()) == []


def test_the_file_has_what_outside_checks_read(planted):
    told = goal_json(goals(planted).of("U").answer(Goal("grade", "甲")))
    assert json.loads(json.dumps(told)) == told
    agreed("goal", told)
    for way in (*told["sets"], *told["singles"]):
        for change in way["changes"]:
            assert F(change["to"]).denominator == 1
    assert "不提供：由人评定" in "\n".join(goal_lines(told))


def numbered(trace):
    """The numbers in a trace's marks, their colours, and the marks'."""
    if trace.mode != "markers+text":
        return (), (), ()
    return trace.text, trace.textfont.color, trace.marker.color


@pytest.mark.slow
def test_of_a_demonstration_year(tmp_path):
    """By command and for the year's page; what is handed to the unit names nothing of others."""
    small_year(tmp_path)
    intake = read_year(tmp_path / "raw", "2018-2019")
    book = score_intake(intake)
    answer = year_goals(intake, book)
    assert json.loads(json.dumps(answer)) == answer
    last = next(unit for unit in reversed(book.ranking("yuanbu")) if answer["units"][unit.unit_id][0]["sets"])
    (quick, *_) = answer["units"][last.unit_id]
    words = ["goal", "2018-2019", last.unit_id, "--rank", str(quick["goal"]["rank"]), "--data", str(tmp_path)]
    ended = CliRunner().invoke(app, [*words, "--json", str(tmp_path / "g.json")])
    assert ended.exit_code == 0, ended.output
    told = json.loads((tmp_path / "g.json").read_text("utf-8"))
    assert told["size"] == quick["size"]
    assert told["sets"][0]["total"] == quick["sets"][0]["total"]  # from the tables on, and by what is touched alone
    assert last.name in goals_table(answer, "院部")
    assert "前进一名" in group_says(answer, "院部")
    assert goals_says(answer)
    drawn = goals_chart(Answered("goal", book.year, "", answer=answer), "院部")
    sized = {text for trace in drawn.data for text in trace.text or () if text in ("1", "2", "3")}
    goals = [each for unit in answer["groups"]["院部"] for each in answer["units"][unit]]
    assert sized == {str(each["size"]) for each in goals if each["size"]}
    ranked = [unit for unit in answer["groups"]["院部"] if unit in answer["now"]]
    assert len(drawn.layout.yaxis.ticktext) == len(ranked)
    answer["now"][ranked[0]] |= {"total": "721/8", "total_rounded": 90.125}  # half up, as tables write it
    for trace in drawn.data:
        for text, colour, mark in zip(*numbered(trace), strict=True):
            assert not text or (colour == INK) == (mark == SHADES[3])  # dark on the palest alone
    assert "90.13 分" in goals_chart(Answered("goal", book.year, "", answer=answer), "院部").data[1].hovertext[0]
    assert quick["sets"][0]["changes"][0]["says"] in goal_section([quick])
    assert CliRunner().invoke(app, [*words, "--grade", "优秀"]).exit_code == 2
    assert CliRunner().invoke(app, [*words[:3], "--grade", "特优", "--data", str(tmp_path)]).exit_code == 2
    page = public_unit(book, last.unit_id)
    ahead = {item.id for item in page.items if item.ahead}
    assert ahead
    assert not ahead & {name for name, info in book.indicators.items() if info.judged or info.compares}
    assert "最近的一步" in public_ahead(page)
    assert goals_of(intake, book).of(last.unit_id).unit == last.unit_id


def test_where_the_lower_is_in_front_the_way_goes_down():
    """甲 has 7, 乙 9 strokes: two less are level, which is the first place, too; one less is not enough."""
    text = """
items:
- id: total
  name: 杆数
  items: [{id: A, name: 第一轮, rule: a}, {id: B, name: 第二轮, rule: b}]
"""
    head = (HEAD + ONE_GROUP).replace("score: total", "score: total, order: ascending") + COUNTS
    scheme = scheme_of(text, head=head)
    data = year_of({"U1": {"a": 3, "b": 4}, "U2": {"a": 4, "b": 5}})
    found = Goals(bind(scheme, resolve(scheme), data)).of("U2").answer(Goal("rank", 1))
    assert not found.barred
    assert found.size == 1
    ends = {(change.field, change.start, change.to) for way in found.sets for change in way.changes}
    assert ends == {("a", 4, 2), ("b", 5, 3)}
    assert {(way.total, way.rank, way.gained) for way in found.sets} == {(7, 1, -2)}
