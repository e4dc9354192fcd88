"""All combinations of readings: each is what one exact run under it gives; small schemes by brute force."""

import random
from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest

from kaohe.analysis.combinations.lookup import Lookup
from kaohe.analysis.combinations.order import Sorted
from kaohe.analysis.decide import decide_data
from kaohe.analysis.policies import BRANCHED, readings_of
from kaohe.analysis.policiesjson import policies_json
from kaohe.analysis.readings import NO_ANSWER, policy_effects
from kaohe.batch.decide import decide_page
from kaohe.charts.readingwords import limits
from kaohe.intake import read_year
from kaohe.scheme.policies import PolicyError, resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from tests.analysis.agreed import agreed
from tests.scoring.anyscheme import HEAD, METRICS, ONE_GROUP, scheme_of, year_of

pytestmark = pytest.mark.slow

DEMO = Path(__file__).parents[2] / "data" / "raw"


def one_run(bound, values):
    """Unit → total, rank, grade by scoring the year under these readings; None where they exclude each other."""
    try:
        policies = resolve(bound.scheme, overrides={**bound.policies.values, **values})
    except PolicyError:
        return None
    found = results(run(bind(bound.scheme, policies, bound.data, bound.past)))
    return {
        unit.unit_id: (found.total[place], int(found.rank[place]), str(found.grade[place]))
        for place, unit in enumerate(bound.units)
    }


def looked_up(found, values):
    out = {}
    for each in found.outcomes:
        here = Lookup(each).at(values)
        if here is None:
            return None
        out |= here
    return out


@cache
def demo(year):
    intake = read_year(DEMO, year)
    bound = bind(intake.scheme, intake.policies, intake.data)
    return bound, readings_of(bound)


@pytest.mark.parametrize("year", ["2018-2019", "2020-2021"])
def test_random_combinations_are_what_one_run_gives(year):
    """Of a full year, whose page for the meeting stays light."""
    bound, found = demo(year)
    page = decide_page(score_data(bound.scheme, bound.policies, bound.data), decide_data(found))
    assert len(page.encode()) <= 150_000
    looks = [Lookup(each) for each in found.outcomes]
    chance = random.Random(year)
    refused = 0
    for _ in range(15):
        values = {name: chance.choice(each) for name, each in found.choices.values.items()}
        values["task_shares"] = "equal"
        wanted = one_run(bound, values)
        here = [look.at(values) for look in looks]
        if wanted is None:
            refused += 1
            assert None in here
        else:
            assert {unit: each for some in here for unit, each in some.items()} == wanted
    assert refused < 15


def test_the_demonstration_year_has_a_quota_place_that_one_reading_flips():
    _, found = demo("2018-2019")
    told = policies_json(found)
    flips = {(each["unit"], each["to"]): each["sets"] for each in told["flips"] if each["unit"] in ("D10", "D11")}
    ways = {"优秀": "all", "合格": "none"}
    assert flips == {
        (unit, grade): [[{"name": "quota_ties", "value": value}]]
        for unit in ("D10", "D11")
        for grade, value in ways.items()
    }
    agreed("policies", told)
    assert told["combinations"] == told["computed"] + sum(each["count"] for each in told["not_computable"])
    for unit in told["units"].values():
        assert sum(unit["grades"].values()) == told["computed"]
        assert unit["rank_min"] <= unit["rank"] <= unit["rank_max"]
        assert unit["grade"] in unit["grades"]


def test_idle_readings_never_matter_whatever_stands_beside_them():
    bound, found = demo("2018-2019")
    told = policies_json(found)
    chance = random.Random(3)
    assert len(told["idle"]) > 5
    beside = {name: chance.choice(each) for name, each in found.choices.values.items() if name not in told["idle"]}
    beside |= {"task_shares": "equal", "full_marks": "applicable"}
    plain = one_run(bound, beside)
    assert one_run(bound, {**beside, **{name: found.choices.values[name][-1] for name in told["idle"]}}) == plain


def test_a_fail_line_is_where_the_grade_changes():
    bound, found = demo("2020-2021")
    for unit, line in list(found.fail_lines.items())[::9]:
        assert 0 < line < 1
        below, above = ({each: grade for each, (_, _, grade) in one_run(bound, {"fail_line": at}).items()}[unit]
                        for at in (line, line + Fraction(1, 10**6)))  # fmt: skip
        assert (below != "不合格", above) == (True, "不合格")


# One reading of figures under two items, one that excludes a cap above them, two of grades, and a line.
SMALL = """
results:
  grades:
    - {id: best, name: 好, role: top, quota: {places: 1}, fill: {policy: fill}, ties: {policy: tied}, if: {declared: d}}
    - {id: fine, name: 中, at_least: {kind: product, parts: [{policy: line}, {kind: attainable, of: total}]}}
    - {id: poor, name: 差, role: fail}
  declarations: {d: 申报}
items:
  - id: total
    name: 总分
    items:
      - id: sum
        name: 合计
        full: 20
        then:
          - {at_most: {policy: cap, none: no_limit, cap: 12}}
        items:
          - {id: A, name: 甲, full: 10, rule: {policy: how, plain: a, half: {kind: product, parts: [a, 0.5]}}}
          - {id: B, name: 乙, full: 10, rule: {policy: also, plain: b, c: c, both: {kind: best, parts: [b, c]}}}
      - {id: D, name: 丙, full: 10, rule: {policy: how, plain: d, half: d}}
policies:
  - {id: P01, name: how, question: 甲, clause: 一, default: plain, options: {plain: {says: 照算}, half: {says: 减半}}}
  - {id: P02, name: also, question: 乙, clause: 二, default: plain,
     options: {plain: {says: 乙}, c: {says: 丙}, both: {says: 取大}}, conflicts: {c: {cap: cap}}}
  - {id: P03, name: cap, question: 封顶, clause: 三, default: none, options: {none: {says: 否}, cap: {says: 封顶}}}
  - {id: P04, name: fill, question: 顺延, clause: 四, default: pass_down,
     options: {pass_down: {says: 顺延}, within_top: {says: 不顺延}}}
  - {id: P05, name: tied, question: 并列, clause: 五, default: pending,
     options: {pending: {says: 待议}, all: {says: 都}, none: {says: 都不}}}
  - {id: P06, name: line, question: 线, clause: 六, default: "0.4", fraction: true}
"""
UNITS = {
    "u1": {"a": 5, "b": 7, "c": 4, "d": 4, "declared": ["d"]},
    "u2": {"a": 7, "b": 6, "c": 2, "d": 1, "declared": ["d"]},
    "u3": {"a": 6, "b": 8, "c": 2, "d": 7},
    "u4": {"a": 5, "b": 2, "c": 1, "d": 7, "declared": ["d"]},
}


@cache
def small(most=10**7):
    scheme = scheme_of(SMALL)
    bound = bind(scheme, resolve(scheme), year_of(UNITS))
    return bound, readings_of(bound, most=most)


def every(bound):
    """Every combination of the readings named, with its results."""
    names = [each.name for each in bound.scheme.policies if not each.fraction]
    for values in product(*(bound.scheme.policy[name].options for name in names)):
        picked = dict(zip(names, values, strict=True))
        yield picked, one_run(bound, picked)


def brute_flips(bound):
    """(unit, grade) → the smallest sets that give it, by trying every set of readings."""
    now = one_run(bound, {})
    names = [each.name for each in bound.scheme.policies if not each.fraction]
    found = {}
    for size in range(1, len(names) + 1):
        new = {}
        for some in combinations(names, size):
            others = ([v for v in bound.scheme.policy[name].options if v != bound.policies[name]] for name in some)
            for values in product(*others):
                picked = dict(zip(some, values, strict=True))
                for unit, (_, _, grade) in (one_run(bound, picked) or {}).items():
                    if grade != now[unit][2] and (unit, grade) not in found:
                        new.setdefault((unit, grade), set()).add(tuple(picked.items()))
        found |= new
    return found


def flips_in(told):
    return {
        (each["unit"], each["to"]): {tuple((one["name"], one["value"]) for one in some) for some in each["sets"]}
        for each in told["flips"]
    }


def test_a_small_scheme_agrees_with_every_single_run():
    bound, found = small()
    told = policies_json(found)
    all_of_them = list(every(bound))
    runs = [each for _, each in all_of_them if each is not None]
    assert told["combinations"] == len(all_of_them)
    assert told["computed"] == len(runs)
    assert "相互矛盾" in told["not_computable"][0]["why"]
    for picked, wanted in all_of_them:
        assert looked_up(found, picked) == wanted
    for unit, about in told["units"].items():
        assert about["grades"] == Counter(each[unit][2] for each in runs)
        assert (about["rank_min"], about["rank_max"]) == tuple(f(each[unit][1] for each in runs) for f in (min, max))
    assert flips_in(told) == brute_flips(bound)
    assert len(told["flips"]) > 3
    assert max(len(each["sets"][0]) for each in told["flips"]) > 1


def test_beyond_the_limit_ranges_are_the_same_and_small_sets_too():
    _, found = small(most=0)
    told, whole = policies_json(found), policies_json(small()[1])
    assert set(told["way"].values()) == {BRANCHED}
    for unit, about in told["units"].items():
        same = whole["units"][unit]
        assert {name: about[name] for name in ("rank", "grade", "rank_min", "rank_max")} == {
            name: same[name] for name in ("rank", "grade", "rank_min", "rank_max")
        }
        assert set(about["grades"].values()) == {None}
    assert flips_in(told) == flips_in(whole)


@pytest.mark.parametrize(
    ("limit", "why"),
    [
        ("kaohe.analysis.policies.MOST_ABOVE", "作用在各项之上"),
        ("kaohe.analysis.combinations.forms.MOST_LAID_OUT", "一个单位的总分"),
    ],
)
def test_what_cannot_be_gone_through_at_all_is_said_and_lines_are_known_all_the_same(monkeypatch, limit, why):
    monkeypatch.setattr(limit, 0)
    told = policies_json(readings_of(small()[0]))
    assert (told["computed"], told["units"], told["flips"]) == (0, {}, [])
    assert why in told["unknown"]["all"]
    assert told["fail_lines"] == policies_json(small()[1])["fail_lines"] != {}
    assert limits(told)[0].endswith("其中 0 种可以评分。")


def test_two_identical_readings_have_no_effect():
    same = SMALL.replace("{kind: product, parts: [a, 0.5]}", "a")
    scheme = scheme_of(same)
    told = policies_json(readings_of(bind(scheme, resolve(scheme), year_of(UNITS))))
    assert "how" in told["idle"]
    assert told["distinct"] == {"all": 3}  # b and the larger of b and c are one, with the cap and without; c alone


def test_without_readings_votes_or_grades_there_is_one_combination():
    text = "items:\n  - {id: total, name: 总分, items: [{id: A, name: 甲, full: 10, rule: a}]}\n"
    scheme = scheme_of(text)
    told = policies_json(readings_of(bind(scheme, resolve(scheme), year_of({"u": {"a": 1}, "v": {"a": 1}}))))
    assert (told["combinations"], told["computed"], told["flips"], told["idle"]) == (1, 1, [], [])
    assert {(each["rank_min"], each["rank_max"]) for each in told["units"].values()} == {(1, 1)}


def test_scores_that_look_at_other_items_are_scored_singly_and_agree():
    """A step above the figures that rests on another item's points: nothing is reduced, everything still exact."""
    text = SMALL.replace(
        "full: 20\n        then:\n", "full: 20\n        then:\n          - {plus: {kind: score, of: D}}\n"
    )
    assert text != SMALL
    scheme = scheme_of(text)
    bound = bind(scheme, resolve(scheme), year_of(UNITS))
    found = readings_of(bound)
    assert set(found.choices.outer) >= {"how", "also", "cap"}
    for picked, wanted in list(every(bound))[::5]:
        assert looked_up(found, picked) == wanted


@pytest.mark.parametrize("first", ["a", "{policy: how, plain: a, other: 9}"])
def test_totals_that_are_roots_are_gone_through_too(first):
    """They are no fractions; and of a unit on which no reading turns there is a sole figure."""
    text = f"""
items:
  - id: total
    name: 总分
    combine: geometric_mean
    items: [{{id: A, name: 甲, rule: {first}}}, {{id: B, name: 乙, rule: b}}]
policies:
  - {{id: P01, name: how, question: 甲, clause: 一, default: plain,
     options: {{plain: {{says: 甲}}, other: {{says: 乙}}}}}}
"""
    scheme = scheme_of(text)
    bound = bind(scheme, resolve(scheme), year_of({"u": {"a": 1, "b": 2}, "v": {"a": 2, "b": 3}}))
    found = readings_of(bound)
    for picked, wanted in every(bound):
        assert looked_up(found, picked) == wanted
    told = decide_data(found)["groups"][0]["totals"]
    assert [each["says"][0] for each in told] == ["1.41", "2.45"]


def test_a_reading_under_which_a_rule_has_no_answer_is_left_out_and_the_others_are_known():
    """A logarithm of a less 1, where u has 1 of it; the other two readings have their answers."""
    text = """
items:
  - id: total
    name: 总分
    rule: {kind: log, of: {policy: how, plain: a, less: {kind: difference, of: a, less: 1}, more: 4}}
policies:
  - {id: P01, name: how, question: 甲, clause: 一, default: plain,
     options: {plain: {says: 甲}, less: {says: 乙}, more: {says: 丙}}}
"""
    scheme = scheme_of(text)
    bound = bind(scheme, resolve(scheme), year_of({"u": {"a": 1}, "v": {"a": 2}}))
    told = policies_json(readings_of(bound))
    assert (told["combinations"], told["computed"]) == (3, 2)
    assert "算不出来：u u" in told["not_computable"][0]["why"]
    now = run(bound)
    (effect,) = policy_effects(now, results(now))
    assert [(option.value, option.refused) for option in effect.options] == [("less", NO_ANSWER), ("more", "")]
    assert {shift.unit for shift in effect.options[1].moved} == {"u"}


def test_a_reading_of_a_full_mark_moves_the_points_that_rest_on_it():
    """The rule itself names no reading: only the full mark that it asks for does."""
    text = """
items:
  - id: total
    name: 总分
    items:
      - {id: A, name: 甲, full: {policy: how, plain: 5, other: 10}, rule: {kind: share, value: a, of: best}}
      - {id: B, name: 乙, rule: b}
policies:
  - {id: P01, name: how, question: 甲, clause: 一, default: plain, options: {plain: {says: 甲}, other: {says: 乙}}}
results:
  grades: [{id: top, name: 好, at_least: 8}, {id: low, name: 差}]
"""
    scheme = scheme_of(text)
    data = year_of({"u": {"a": 1, "b": 3}, "v": {"a": 2, "b": 0}})
    bound = bind(scheme, resolve(scheme), data)
    assert score_data(scheme, bound.policies, data).cell("v", "A").policies == ("how",)
    found = readings_of(bound)
    for picked, wanted in every(bound):
        assert looked_up(found, picked) == wanted
    told = policies_json(found)
    assert (told["idle"], told["units"]["v"]["grades"]) == ([], {"好": 1, "差": 1})
    now = run(bound)
    (effect,) = policy_effects(now, results(now))
    assert [(shift.unit, shift.grade, shift.grade_then) for shift in effect.options[0].moved] == [
        ("u", "差", "好"), ("v", "差", "好"),
    ]  # fmt: skip


def test_the_order_of_exact_numbers_survives_doubles_that_are_equal():
    near = [
        Fraction(1, 3),
        Fraction(1, 3) + Fraction(1, 10**30),
        Fraction(1, 3) - Fraction(1, 10**30),
        Fraction(1, 3),
        Fraction(2),
    ]
    order = Sorted(near)
    assert order.codes.tolist() == [2, 4, 0, 2, 6]
    assert [order.code(value) for value in (*near[:2], Fraction(1, 2), Fraction(0), Fraction(3))] == [2, 4, 5, -1, 7]


def test_roots_and_weights_above_the_figures_agree_too():
    """Numbers that are no fractions, children that are not added up, no grades."""
    text = """
items:
  - id: total
    name: 总分
    combine: geometric_mean
    items:
      - {id: A, name: 甲, full: 10, rule: {policy: how, plain: a, other: b}}
      - id: mean
        name: 平均
        full: 10
        combine: mean
        items:
          - {id: B, name: 乙, full: 10, weight: 2, rule: {policy: also, plain: c, other: d}}
          - {id: C, name: 丙, full: 10, rule: a}
policies:
  - {id: P01, name: how, question: 甲, clause: 一, default: plain, options: {plain: {says: 甲}, other: {says: 乙}}}
  - {id: P02, name: also, question: 乙, clause: 二, default: plain, options: {plain: {says: 丙}, other: {says: 丁}}}
"""
    scheme = scheme_of(text)
    bound = bind(scheme, resolve(scheme), year_of(UNITS))
    found = readings_of(bound)
    assert found.choices.figures == ("how", "also")
    for picked, wanted in every(bound):
        assert looked_up(found, picked) == wanted
    assert policies_json(found)["graded"] is False
    assert decide_data(found)["groups"][0]["names"] == [""]


@pytest.mark.parametrize(
    "order",
    [
        "order: ascending",
        "ties: dense",
        "ties: last, then_by: [{of: d, order: ascending}]",
        "then_by: [{kind: score, of: A}]",
    ],
)
def test_the_order_of_a_group_is_kept(order):
    head = HEAD + ONE_GROUP.replace("score: total", f"score: total, {order}") + METRICS
    scheme = scheme_of(SMALL, head=head)
    bound = bind(scheme, resolve(scheme), year_of({**UNITS, "u5": {**UNITS["u4"], "d": 3, "a": 9}}))
    found = readings_of(bound)
    for picked, wanted in list(every(bound))[::4]:
        assert looked_up(found, picked) == wanted
