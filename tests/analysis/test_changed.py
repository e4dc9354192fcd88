"""What changed: the four shares are Shapley's values, add up exactly, and say of planted changes what was planted."""

import json
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from kaohe.analysis.changed import changed, changed_json
from kaohe.analysis.kept import Side, side_of
from kaohe.analysis.mixing import CAUSES
from kaohe.analysis.shapley import shapley
from kaohe.charts.changed import (
    changed_brief,
    changed_chart,
    changed_limits,
    changed_lines,
    changed_marks,
    changed_says,
    changed_table,
    far_movers,
    only_others,
)
from kaohe.cli import app
from kaohe.intake import Intake
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from tests.analysis.agreed import agreed
from tests.scoring.anyscheme import ROOTS, scheme_of, year_of
from tests.small import add, metric, small_year

F = Fraction
TREE = """
items:
- id: total
  name: 总分
  then: [{{at_most: 60}}]
  items:
  - {{id: A, name: 比较项, full: 10, rule: {{kind: share, value: a, of: best, top: 10}}}}
  - {{id: B, name: 自身项, full: {full}, rule: {{policy: way, once: b, twice: {{kind: product, parts: [b, {times}]}}}}}}
policies:
- id: P01
  name: way
  question: 怎样计
  clause: 一
  default: once
  options: {{once: {{says: 一倍}}, twice: {{says: 几倍}}}}
"""


def side(units, way="once", times=2, full=50):
    scheme = scheme_of(TREE.format(times=times, full=full))
    policies, data = resolve(scheme, overrides={"way": way}), year_of(units)
    return Side("一方", Intake(data.year, scheme, policies, data, ()), score_data(scheme, policies, data))


FIGURES = st.fixed_dictionaries({"a": st.integers(0, 6), "b": st.integers(0, 40)})
YEARS = st.builds(
    side,
    st.fixed_dictionaries(dict.fromkeys("UVW", FIGURES)),
    st.sampled_from(["once", "twice"]),
    st.sampled_from([2, 3]),
)


def by_orders(worth):
    """Shapley's values by their definition: what each cause adds, averaged over every order."""
    orders = list(permutations(CAUSES))
    found = dict.fromkeys(CAUSES, F(0))
    for order in orders:
        for place, cause in enumerate(order):
            before, after = (worth[frozenset(order[:end])] for end in (place, place + 1))
            found[cause] += F(after - before, len(orders))
    return found


@given(st.lists(st.integers(-50, 50), min_size=16, max_size=16))
def test_shares_are_averages_over_all_orders(values):
    sets = [
        frozenset(cause for cause, bit in zip(CAUSES, f"{number:04b}", strict=True) if bit == "1")
        for number in range(16)
    ]
    worth = dict(zip(sets, map(F, values), strict=True))
    found = shapley(CAUSES, lambda causes: {"x": worth[causes]})
    assert {cause: shares.get("x", F(0)) for cause, shares in found.items()} == by_orders(worth)


def mixed(before, after, unit, causes):
    """The total of a mixture scored from its definition, with nothing taken over."""
    rules, read = (after if "scheme" in causes else before), (after if "policies" in causes else before)
    own, others = (after if "own" in causes else before), (after if "others" in causes else before)
    given = {}
    for each in others.intake.data.units:
        data = (own if each.unit_id == unit else others).intake.data
        given[each.unit_id] = {name: data.metrics[each.unit_id, name].value for name in "ab"}
    policies = resolve(rules.intake.scheme, overrides=read.intake.policies.as_text())
    return score_data(rules.intake.scheme, policies, year_of(given)).unit(unit).total


@settings(max_examples=10, deadline=None)
@given(before=YEARS, after=YEARS)
def test_every_difference_is_split_exactly(before, after):
    found = changed(before, after)
    assert not found.left_out
    for each in found.units:
        assert each.total.start + each.total.gained == each.total.end
        assert each.rank.start + each.rank.gained == each.rank.end
        assert sum((item.gained for item in each.items.values()), F(0)) + each.rest.gained == each.total.gained
        for item in each.items.values():
            assert item.end - item.start == item.gained
    unit = found.units[0]
    sets = [frozenset(c for c, bit in zip(CAUSES, f"{n:04b}", strict=True) if bit == "1") for n in range(16)]
    worth = {causes: mixed(before, after, unit.unit, causes) for causes in sets}
    assert {cause: getattr(unit.total, cause) for cause in CAUSES} == by_orders(worth)


def test_a_unit_that_fell_only_because_others_rose():
    """U handed in the same as before; V's best figure makes its share of the best smaller, and V passes it."""
    before = side({"U": {"a": 4, "b": 10}, "V": {"a": 2, "b": 12}})
    after = side({"U": {"a": 4, "b": 10}, "V": {"a": 8, "b": 12}})
    found = changed(before, after)
    fell = {each.unit: each for each in found.units}["U"]
    assert (fell.total.own, fell.total.others, fell.total.scheme, fell.total.policies) == (0, -5, 0, 0)
    assert (fell.rank.start, fell.rank.end, fell.rank.own, fell.rank.others) == (1, 2, 0, 1)
    assert {name: each.others for name, each in fell.items.items()} == {"A": -5}
    told = changed_json(found)
    assert [unit["name"] for unit in only_others(told)] == ["U"]
    assert "名次下降只因其他单位的数据（自己的数据没有使它下降）：U" in changed_says(told)
    assert far_movers(told) == ""  # one rank is not far


def test_who_moved_far_is_told_by_what_and_through_which_items():
    before = side({"U": {"a": 6, "b": 40}, "V": {"a": 5, "b": 30}, "W": {"a": 4, "b": 20}, "X": {"a": 3, "b": 10}})
    after = side({"U": {"a": 6, "b": 2}, "V": {"a": 5, "b": 30}, "W": {"a": 4, "b": 20}, "X": {"a": 3, "b": 10}})
    said = str(far_movers(changed_json(changed(before, after))))
    assert said.count("<strong>") == 1
    assert "<strong>U</strong> 降 3 位（第 1 → 4 名）：本单位的数据 降 3" in said
    assert "，其中 自身项 −38" in said
    assert "比较项" not in said  # it did not fall there


def test_a_reading_and_a_draft_are_causes_of_their_own():
    units = {"U": {"a": 4, "b": 10}, "V": {"a": 4, "b": 12}}
    read = changed(side(units), side(units, way="twice")).units[0]
    assert (read.total.gained, read.total.policies) == (12, 12)
    drafted = changed(side(units, way="twice"), side(units, way="twice", times=3)).units[0]
    assert (drafted.total.gained, drafted.total.scheme) == (12, 12)
    both = changed(side(units), side(units, way="twice", times=3)).units[0]
    assert (both.total.scheme, both.total.policies) == (6, 18)  # the draft says nothing while the reading is once
    capped = changed(side(units), side({**units, "V": {"a": 4, "b": 60}})).units[0]
    assert (capped.unit, capped.items["B"].own, capped.rest.own, capped.total.own) == ("V", 48, -10, 38)


def test_who_is_new_or_gone_is_left_out_with_its_reason():
    before = side({"U": {"a": 4, "b": 10}, "X": {"a": 9, "b": 1}})
    found = changed(before, side({"U": {"a": 4, "b": 10}, "V": {"a": 2, "b": 12}}))
    assert [each.unit for each in found.units] == ["U"]
    assert found.left_out == (("V", "V", "新增或由几个单位合并，没有可对照的一个"), ("X", "X", "不再参评"))
    assert found.units[0].total.others == found.units[0].total.gained != 0
    assert "X X：不再参评，没有拆分" in changed_limits(changed_json(found))


def test_the_file_holds_exact_figures_and_the_same_sides_differ_in_nothing():
    one = side({"U": {"a": 1, "b": 1}, "V": {"a": 3, "b": 1}})
    told = changed_json(changed(one, one))
    assert json.loads(json.dumps(told)) == told
    about = told["units"]["U"]
    agreed("changed", told, empty=("units.*.items",))
    assert (about["from"], about["own"], about["items"]) == ("13/3", "0", {})
    assert "没有变" in str(changed_chart(told).layout.title.text)
    assert "2 个单位前后都有总分，总分都没有变" in "".join(changed_lines(told))


def test_parts_that_cancel_out_are_shown_but_change_no_total():
    """U is half as far as the best now, which takes 5 points of it, and has 5 more of its own."""
    before = side({"U": {"a": 4, "b": 10}, "V": {"a": 4, "b": 1}, "W": {"a": 0, "b": 1}})
    after = {"U": {"a": 4, "b": 15}, "V": {"a": 8, "b": 1}, "W": {"a": 0, "b": 1}}
    told = changed_json(changed(before, side(after)))
    assert (told["units"]["U"]["own"], told["units"]["U"]["others"]) == ("5", "-5")
    assert "各单位的总分都没有变，1 个单位的各方面变动互相抵消" in str(changed_brief(told))
    drawn = changed_chart(told)
    assert "总分都没有变" in drawn.layout.meta["title"]
    assert sorted(trace.x[0] for trace in drawn.data) == [-5, 5]
    moved = changed_json(changed(before, side(after | {"W": {"a": 0, "b": 3}})))
    assert "1 个单位的总分有变，其中 1 个主要由于本单位的数据" in changed_chart(moved).layout.meta["title"]


def test_totals_that_are_roots_are_split_and_said_too():
    """The root of 3·b: U goes from √6 to √15, V from √3 to √21 and past it."""
    scheme = scheme_of(ROOTS)

    def scored(units):
        data, policies = year_of(units), resolve(scheme)
        return Side("一方", Intake(data.year, scheme, policies, data, ()), score_data(scheme, policies, data))

    found = changed(
        scored({"U": {"a": 2, "b": 3}, "V": {"a": 1, "b": 3}}), scored({"U": {"a": 5, "b": 3}, "V": {"a": 7, "b": 3}})
    )
    told = json.loads(json.dumps(changed_json(found)))
    lines = changed_lines(told)
    assert any("总分 +1.42（本单位的数据 +1.42），第 1 → 2 名" in line for line in lines)
    assert "2 个单位前后都有总分，其中 2 个总分有变" in lines
    assert "考核方案、读法没有带来变动" in lines  # the others' data moved ranks, though no total
    assert [round(value, 6) for value in changed_chart(told).data[0].x] == [2.850525, 1.423494]
    assert "+2.85" in changed_table(told)


EVENTS = """
id: meeting
title: 比赛
authority: 联合会
in_force_from: "2001-01-01"
year: {kind: event}
categories: {unit: {name: 运动员, group: all}}
groups: {all: {name: 全部, score: total}}
metrics: {a: {name: 成绩, unit: 分, kind: number, office: 裁判组}}
items: [{id: total, name: 总分, items: [{id: A, name: 甲, rule: a}]}]
"""


def test_two_events_stand_beside_each_other_without_moving_dates(tmp_path):
    """Their names say no year; who came and who went is told, whatever is in a name."""
    (tmp_path / "办法").mkdir()
    (tmp_path / "办法" / "scheme.yaml").write_text(EVENTS, encoding="utf-8")
    (tmp_path / "kaohe.yaml").write_text("scheme: 办法\n", encoding="utf-8")
    for event, units in (("athens", {"U": 1, "V": 2}), ("beijing", {"U": 4, "W": 2})):
        folder = tmp_path / "raw" / event
        folder.mkdir(parents=True)
        rows = [f"{unit},队：{unit},unit" for unit in units]
        (folder / "units.csv").write_text("\n".join(["unit_id,name,category", *rows]), encoding="utf-8")
        rows = [f"{unit},a,{value}" for unit, value in units.items()]
        (folder / "metrics.csv").write_text("\n".join(["unit_id,metric,value", *rows]), encoding="utf-8")
    ended = CliRunner().invoke(app, ["changed", "athens", "beijing", "--data", str(tmp_path)])
    assert ended.exit_code == 0, ended.output
    assert "U 队：U：总分 +3.00（本单位的数据 +3.00），第 2 → 1 名" in ended.output
    assert "W 队：W：新增，没有拆分" in ended.output
    assert "V 队：V：不再参评，没有拆分" in ended.output


@pytest.mark.slow
def test_of_a_corrected_demonstration_year(tmp_path):
    """One unit's figure and one reading: by command and file, with the page's chart and table made of it."""
    small_year(tmp_path / "then")
    folder = small_year(tmp_path / "now")
    metric(folder, "C03", "major_teachers", "400")
    metric(folder, "C02", "survey_rate", "0.45")
    add(folder, "vetoes", unit_id="C02", kind="safety", note="事故")
    was, now = (side_of("2018-2019", tmp_path / each) for each in ("then", "now"))
    found = {each.unit: each for each in changed(was, now).units}
    assert found["C02"].total.own < 0
    assert found["C01"].total.own == 0
    assert found["C01"].total.others == found["C01"].total.gained != 0
    words = ["changed", str(tmp_path / "then" / "raw" / "2018-2019"), "2018-2019", "--data", str(tmp_path / "now")]
    ended = CliRunner().invoke(app, [*words, "--json", str(tmp_path / "c.json")])
    assert ended.exit_code == 0, ended.output
    assert "考核方案、读法没有带来变动" in ended.output
    told = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert F(told["units"]["C02"]["own"]) == found["C02"].total.own
    assert "major_teachers" not in changed_table(told)
    assert len(changed_chart(told).data) == 2
    assert changed_marks(told | {"provisional": True})[-1] == "暂定"
    name = told["units"]["C02"]["name"]
    assert f"C02 {name}：" in CliRunner().invoke(app, [*words, "--unit", name]).output
    assert CliRunner().invoke(app, [*words, "--unit", "C99"]).exit_code == 2
