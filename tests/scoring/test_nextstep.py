"""The nearest way up: every claim is re-scored by the engine, and one step less gives no more than today."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.intake.tables.data import MetricRow, Unit, YearData
from kaohe.rules.bands import Steps
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.kinds import KINDS
from kaohe.scheme import shipped
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import Pool, bind
from kaohe.scoring.engine import run
from kaohe.scoring.levers import MetricLever, levers, levers_of
from kaohe.scoring.nextstep import next_steps, steps_in
from kaohe.scoring.nextwords import says_idle, says_next
from kaohe.scoring.supposed import supposed
from tests.reference.years import policy_sets, years
from tests.scoring.anyscheme import scheme_of, year_of
from tests.scoring.tables import year_data

F = Fraction
SCHEME = shipped("lygtc-2018")
FIRST_DAY = SCHEME.window.days("2018-2019")[0]


def bound_of(figures, category="college", policies=None, **more):
    """A year of units with these metrics alone: unit → metric → value."""
    units = tuple(Unit(unit, unit, category) for unit in figures)
    metrics = {(unit, name): MetricRow(F(value)) for unit, given in figures.items() for name, value in given.items()}
    return bind(SCHEME, resolve(SCHEME, overrides=policies or {}), YearData("2018-2019", units, metrics, **more))


def moves(step):
    return {getattr(move.lever, "metric", type(move.lever).__name__): (move.start, move.to) for move in step.moves}


def pool_of(bound, unit, indicator):
    return next(each for each in bound.pools if each.name == indicator and bound.position[unit] in each.members)


def rescored(bound, unit, indicator, setting):
    """The engine's points from data in which the setting is true."""
    pool, data = pool_of(bound, unit, indicator), supposed(bound, unit, setting)
    (_, outcome), *_ = run(replace(bound, data=data, pools=(pool,))).outcomes  # votes come after it
    return outcome.points[list(pool.members).index(bound.position[unit])]


def assert_holds(bound, unit, found, dice):
    """Each claim gives what it says; with any move one step, or some steps, shorter there is no more than today."""
    for step in found.steps:
        assert step.after > step.before == found.points
        assert rescored(bound, unit, found.indicator, step.setting) == step.after
        for move in step.moves:
            for turn in {move.turn - 1, dice.randrange(move.turn)}:
                less = {**step.setting, move.lever: turn}
                assert rescored(bound, unit, found.indicator, less) <= step.before, (found.indicator, moves(step), turn)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(tables=years(), policies=policy_sets(), seed=st.integers(0, 10**6))
def test_every_claim_of_a_random_year_is_true_and_smallest(tables, policies, seed):
    dice = random.Random(seed)
    bound = bind(SCHEME, resolve(SCHEME, overrides=policies), year_data(tables))
    unit = dice.choice([each for each in bound.units if each.category != "department"] or bound.units).unit_id
    claims = []
    for indicator in SCHEME.indicators:
        found = next_steps(bound, unit, indicator)
        if found is None:
            continue
        assert_holds(bound, unit, found, dice)
        claims += [(found.indicator, step) for step in found.steps]
        pool = pool_of(bound, unit, indicator)
        alone = {step.moves[0].lever.subject for step in found.steps if len(step.moves) == 1}
        assert not alone & {lever.subject for lever in found.idle}
        idle = [lever for lever in levers(bound, pool, unit) if lever.subject not in alone]
        for lever in idle:  # leads no further by itself, however far
            for turn in (lever.most, dice.randint(1, lever.most)):
                assert rescored(bound, unit, indicator, {lever: turn}) <= found.points, (indicator, lever, turn)
    for indicator, step in dice.sample(claims, min(len(claims), 1)):  # and once the whole year, from its tables on
        book = score_data(SCHEME, bound.policies, supposed(bound, unit, step.setting))
        assert book.points[unit, indicator] == step.after


RATIOS = {"C1": 850, "C2": 900, "C3": 946, "C4": 975, "C5": 1300}


def students(unit):
    return {"students_taught": RATIOS[unit], "major_teachers": 50}


def test_a_third_place_is_nearer_than_the_next_band():
    bound = bound_of({unit: students(unit) for unit in RATIOS})
    found = next_steps(bound, "C4", "K3.1")
    assert [moves(step) for step in found.steps] == [
        {"students_taught": (975, 946)},  # 946 ÷ 50 = 18.92, level with the third: ties share the better rank
        {"major_teachers": (50, 52)},  # 975 ÷ 52 = 18.75; 975 ÷ 51 = 19.12 is still fourth
    ]
    assert {(step.before, step.after) for step in found.steps} == {(1, 2)}
    said = says_next(found, SCHEME)[0]
    assert said.startswith("专业教师授课学生数由 975 人减到 946 人：1 分 → 2 分")
    assert "18.92" in said
    assert "在 5 个单位中排第 3" in said


def test_the_pools_own_figure_moves_with_the_unit():
    """Fewer students make the mean smaller too: 95 of a mean of 100 is not reached at 95."""
    bound = bound_of({f"C{n}": {"students_taught": 1000, "major_teachers": 50} for n in range(1, 4)})
    (by_students, by_teachers) = next_steps(bound, "C1", "K3.1").steps
    assert moves(by_students) == {"students_taught": (1000, 999)}
    assert by_students.after == 2
    assert moves(by_teachers) == {"major_teachers": (50, 51)}


def bound_as(categories, figures, policies):
    """A year of units of several categories."""
    bound = bound_of(figures, policies=policies)
    units = tuple(Unit(each, each, category) for each, category in categories.items())
    return bind(SCHEME, bound.policies, replace(bound.data, units=units))


def left_out(unit):
    """Who is held against whom: a place in the pool is another among those that count."""
    taught = {"JC": 2600, "C1": 1000, "C2": 1000, "C3": 1100}
    figures = {each: {"students_taught": value, "major_teachers": 50} for each, value in taught.items()}
    categories = {each: "foundation" if each == "JC" else "college" for each in figures}
    bound = bound_as(categories, figures, {"students_whole": "without", "teaching_depts": "included"})
    found = next_steps(bound, unit, "K3.1")
    assert_holds(bound, unit, found, random.Random(1))
    return [moves(step) for step in found.steps], says_next(found, SCHEME)


def test_a_unit_that_counts_for_itself_only_is_held_against_the_others_alone():
    """1033.3 is their mean: 1033 is less; and what the unit has does not move it."""
    (by_students, _), said = left_out("JC")
    assert by_students == {"students_taught": (2600, 1033)}
    assert "（不含" in said[0]


def test_a_unit_among_those_that_count_moves_their_figure():
    """Below the mean of 1000, 1000 and its own, not of all four."""
    (by_students, _), _ = left_out("C3")
    assert by_students == {"students_taught": (1100, 999)}


def test_what_is_borrowed_is_no_figure_of_ones_own():
    """The second unit divides by 1000, the mean of the first and the third."""
    figures = {
        "C1": {"trainees": 0, "enrolled_students": 500},
        "JX": {"trainees": 690, "enrolled_students": 90},
        "C2": {"trainees": 800, "enrolled_students": 1500},
    }
    categories = {"C1": "college", "JX": "continuing", "C2": "college"}
    bound = bound_as(categories, figures, {"training_base": "mean_of_others"})
    by_unit = {unit: next_steps(bound, unit, "K2a") for unit in figures}
    for unit, found in by_unit.items():
        assert_holds(bound, unit, found, random.Random(1))
    assert [moves(step) for step in by_unit["JX"].steps] == [{"trainees": (690, 700)}]
    assert "enrolled_students" in {lever.subject for lever in by_unit["JX"].idle}
    assert [moves(step) for step in by_unit["C2"].steps] == [
        {"trainees": (800, 1050)},
        {"enrolled_students": (1500, 1142)},
    ]


def test_a_smaller_yardstick_is_found_and_comes_last():
    bound = bound_of({"C1": {"trainees": 1000, "enrolled_students": 1001}})
    steps = next_steps(bound, "C1", "K2a").steps
    assert [(moves(step), step.yardstick) for step in steps] == [
        ({"trainees": (1000, 1001)}, False),
        ({"enrolled_students": (1001, 1000)}, True),
    ]
    assert says_next(next_steps(bound, "C1", "K2a"), SCHEME)[1].startswith(
        "在校生数若为 1000 人（现 1001 人）：1 分 → 2 分"
    )


def test_a_part_is_no_larger_than_its_whole_and_a_divisor_never_zero():
    bound = bound_of(
        {
            "C1": {"dual_qualified_teachers": 1, "full_time_teachers": 1},
            "C2": {"dual_qualified_teachers": 0, "full_time_teachers": 1},
        }
    )
    assert next_steps(bound, "C1", "K3.3").why == "full"
    (step,) = next_steps(bound, "C2", "K3.3").steps
    assert moves(step) == {"dual_qualified_teachers": (0, 1)}


def test_money_goes_to_the_yuan_and_rates_to_a_hundredth_of_a_per_cent():
    bound = bound_of({"C1": {"training_income": "999999.5"}})
    (step,) = next_steps(bound, "C1", "K2b").steps
    assert moves(step) == {"training_income": (F("999999.5"), 1_000_000)}
    employed = {
        "initial_employment_rate": "0.79999",
        "yearend_employment_rate": "0.95",
        "agreement_failure_rate": "0.1",
        "survey_rate": "0.8",
    }
    steps = next_steps(bound_of({"C1": employed}), "C1", "K5.3").steps
    assert [moves(step) for step in steps] == [
        {"initial_employment_rate": (F("0.79999"), F("0.8"))},
        {"agreement_failure_rate": (F("0.1"), F("0.0999"))},
    ]
    assert "初次就业率由 79.999%增到 80%" in says_next(next_steps(bound_of({"C1": employed}), "C1", "K5.3"), SCHEME)[0]


def test_a_share_counted_without_steps_says_even_the_smallest_gain():
    bound = bound_of({"C1": {"project_funding": 150000}}, policies={"funding_steps": "proportional"})
    step = next(each for each in next_steps(bound, "C1", "K1.1").steps if "project_funding" in moves(each))
    assert moves(step) == {"project_funding": (150000, 150001)}
    assert step.after - step.before == F(1, 100000)
    assert "1.5 分 → 1.50001 分" in says_next(next_steps(bound, "C1", "K1.1"), SCHEME)[0]


def test_what_only_helps_together_is_said_together():
    bound = bound_of({"C1": {"partner_companies": 0, "cooperation_projects": 0}})
    (step,) = next_steps(bound, "C1", "K1.3").steps
    assert moves(step) == {"partner_companies": (0, 1), "cooperation_projects": (0, 2)}
    assert step.after == F(1, 2)
    (said,) = says_next(next_steps(bound, "C1", "K1.3"), SCHEME)
    assert said.startswith("同时 合作企业数由 0 个增到 1 个，校企合作项目数由 0 项增到 2 项：0 分 → 0.5 分")


def test_more_was_called_than_there_is_to_take():
    """15 classes cost 3 of 2: the first points come back with the tenth."""
    bound = bound_of({"C1": {"classes_without_adviser": 15, "leaders_not_advising": 0}})
    (step,) = next_steps(bound, "C1", "K5.1a").steps
    assert moves(step) == {"classes_without_adviser": (15, 9)}
    both = bound_of({"C1": {"classes_without_adviser": 10, "leaders_not_advising": 4}})
    (step,) = next_steps(both, "C1", "K5.1a").steps
    assert set(moves(step)) == {"classes_without_adviser", "leaders_not_advising"}
    assert step.after > 0


def test_further_achievements_and_amounts_are_counted():
    bound = bound_of({"C1": {}, "C2": {}})
    found = next_steps(bound, "C1", "K6")
    assert found.points == 0
    rows = [step for step in found.steps if "RowsLever" in moves(step)]
    assert [step.moves[0].lever.weight for step in rows] == [1, 2, 3, 4]
    assert all(step.after == 6 for step in rows)  # the only one that has any is the best
    assert sum("项权重" in said for said in says_next(found, SCHEME)) == 1
    project = next(step for step in found.steps if "ProjectsLever" in moves(step))
    assert project.after == 1


def test_an_input_that_gives_nothing_more_is_told():
    """The tally is the best already: only a project of its amount gives more."""
    paper = Achievement("C1", "K6", "paper_core", None, None, "论文", FIRST_DAY, True, None)
    found = next_steps(bound_of({"C1": {}, "C2": {}}, achievements=(paper,)), "C1", "K6")
    assert [moves(step) for step in found.steps] == [{"ProjectsLever": (0, 1)}]
    assert says_idle(found, SCHEME) == ("单是成果的权重分再变，不加分",)


def projects(count):
    """What projects may still bring a unit that has one of social science, as projects are counted: from, to, kinds."""
    had = Achievement("C1", "K6", "funding_social", None, None, "项目", FIRST_DAY, True, F(20000))
    bound = bound_of({"C1": {}, "C2": {}}, policies={"funding_count": count}, achievements=(had,))
    found = [step for step in next_steps(bound, "C1", "K6").steps if "RowsLever" not in moves(step)]
    assert all(rescored(bound, "C1", "K6", step.setting) == step.after == 2 for step in found)
    made = [move for step in found for move in step.moves]
    return [(move.start, move.to, [kind for kind, _ in getattr(move.lever, "kinds", ())]) for move in made]


def test_projects_are_counted_as_the_text_is_read():
    assert projects("project") == [(1, 2, ["funding_social", "funding_natural"])]
    assert projects("kind") == [(1, 2, ["funding_natural"])]  # another of social science would count no more
    assert projects("multiple") == [(20000, 40000, []), (1, 2, ["funding_social", "funding_natural"])]  # equally near


def test_a_title_entered_twice_is_raised_past_its_other_row():
    """Two multiples are counted by the dearer row: the cheaper one gives more from the third on."""
    rows = tuple(
        Achievement("C1", "K6", "funding_social", None, None, "项目", FIRST_DAY, True, F(amount))
        for amount in (20000, 50000)
    )
    bound = bound_of({"C1": {}}, policies={"funding_count": "multiple"}, achievements=rows)
    found = next_steps(bound, "C1", "K6")
    raised = [step for step in found.steps if "AmountLever" in moves(step)]
    assert [moves(step) for step in raised] == [{"AmountLever": (50000, 60000)}, {"AmountLever": (20000, 60000)}]
    assert all(rescored(bound, "C1", "K6", step.setting) == step.after == 3 for step in raised)


def test_an_amount_that_gives_nothing_more_is_told_apart_from_further_projects():
    rows = tuple(
        Achievement("C1", "K6", "funding_social", None, None, title, FIRST_DAY, True, F(amount))
        for title, amount in (("大", 20000), ("小", 5000))
    )
    found = next_steps(bound_of({"C1": {}}, policies={"funding_count": "kind"}, achievements=rows), "C1", "K6")
    assert [moves(step) for step in found.steps if "ProjectsLever" in moves(step)] == [{"ProjectsLever": (1, 2)}]
    assert says_idle(found, SCHEME) == ("单是已报项目的金额再变，不加分",)


def test_fewer_incidents_win_points_back():
    happened = (Incident("C1", "K3.4a", FIRST_DAY, F(3), None, None),)
    tables = bound_of({"C1": {}}, incidents=happened)
    rule = KINDS["deductions"].model_validate(
        {"kind": "deductions", "start": {"kind": "full"}, "less": [{"kind": "incidents", "each": "0.5"}]}
    )
    pool = Pool(SCHEME.indicators["K3.4a"], rule, np.arange(1), F(1))
    found = steps_in(tables, pool, 0)
    assert [(moves(step), step.before, step.after) for step in found.steps] == [
        ({"IncidentsLever": (3, 1)}, 0, F(1, 2))
    ]
    assert says_next(found, SCHEME) == ("扣分事件由 3 起减到 1 起：0 分 → 0.5 分（少扣 1 分）",)


def in_pool(rule, figures, full=5):
    """What a rule of one's own gives the first unit."""
    bound = bound_of(figures)
    rule = KINDS[rule["kind"]].model_validate(rule)
    return steps_in(bound, Pool(SCHEME.indicators["K2b"], rule, np.arange(len(figures)), F(full)), 0)


INCOME = {"kind": "metric", "metric": "training_income"}


@pytest.mark.parametrize(("income", "to"), [(3, 1000), (1000000, 1003)])
def test_a_narrow_band_in_the_middle_is_not_jumped_over(income, to):
    rule = {"kind": "steps", "value": INCOME, "bands": [{"at_least": 1000, "at_most": 1003, "points": 2}]}
    assert not Steps.model_validate(rule).orderly()
    (step,) = in_pool(rule, {"C1": {"training_income": income}}).steps
    assert moves(step) == {"training_income": (income, to)}


@pytest.mark.parametrize(
    "bands",
    [
        {"kind": "steps", "bands": [{"at_least": 0, "among": 2, "points": 1}]},
        {"kind": "rank_bands", "bands": [{"first": 1, "last": 2, "points": 1}]},
    ],
)
def test_two_others_may_become_level_at_one_figure_only(bands):
    """300 ÷ ((500 + 100) ÷ 2) = 100 ÷ 100: there, and nowhere else, only one place is ahead of the first unit."""
    figures = {
        "C1": {"trainees": 1, "enrolled_students": 100},
        "C2": {"trainees": 100, "enrolled_students": 100},
        "JX": {"trainees": 300, "enrolled_students": 1},
    }
    categories = {"C1": "college", "C2": "college", "JX": "continuing"}
    borrowed = {"by": ["continuing"], "of": ["college"], "reading": "mean_of_others"}
    value = {"kind": "ratio", "of": "trainees", "to": "enrolled_students", "borrowed": borrowed}
    rule = KINDS[bands["kind"]].model_validate({**bands, "value": value, "ties": "dense"})
    pool = Pool(SCHEME.indicators["K2a"], rule, np.arange(3), F(2))
    found = steps_in(bound_as(categories, figures, {}), pool, 0)
    assert {"enrolled_students": (100, 500)} in [moves(step) for step in found.steps]
    assert "在 3 个单位中排第 2（并列的合占一个名次）" in " ".join(says_next(found, SCHEME))


def test_a_limit_on_gains_holds_whatever_is_taken_off():
    """The limit is 2, half a point is taken off by a figure that can go no lower."""
    off = {"kind": "steps", "value": INCOME, "bands": [{"at_least": 0, "points": "-0.5"}]}
    gains = {"kind": "per_unit", "value": {"kind": "metric", "metric": "trainees"}, "each": 1}
    rule = {"kind": "cap", "at": 2, "on": "gains", "of": {"kind": "sum", "parts": [gains, off]}}
    found = in_pool(rule, {"C1": {"training_income": 0, "trainees": 2}})
    assert (found.steps, found.points, found.why, found.limit) == ((), F("1.5"), "limit", 2)


def test_where_a_limit_holds_there_is_nothing_more():
    rule = {"kind": "cap", "at": 2, "of": {"kind": "per_unit", "value": INCOME, "each": 1}}
    found = in_pool(rule, {"C1": {"training_income": 2}})
    assert (found.steps, found.why, found.limit) == ((), "limit", 2)
    assert says_next(found, SCHEME) == ("已到上限 2 分，再多不计",)
    (step,) = in_pool(rule, {"C1": {"training_income": "1.5"}}).steps
    assert (step.after, moves(step)) == (2, {"training_income": (F("1.5"), 2)})


def test_who_is_alone_has_no_rank_to_win():
    rule = {
        "kind": "rank_bands",
        "value": INCOME,
        "last_excluded": True,
        "bands": [{"first": 1, "last": 2, "points": 2}],
    }
    found = in_pool(rule, {"C1": {"training_income": 5}})
    assert (found.steps, found.why) == ((), "out of reach")
    (step,) = in_pool(rule, {"C1": {"training_income": 5}, "C2": {"training_income": 7}}).steps
    assert moves(step) == {"training_income": (5, 8)}  # level with the other both would be last
    assert says_next(in_pool(rule, {"C1": {"training_income": 5}}), SCHEME)[0].startswith(
        "本单位的任何一项数据，在可填的范围内"
    )


def test_what_a_step_divides_by_stays_above_0():
    inside = "items: [{id: x, name: 项, rule: b}]"
    for then, positive in (
        (f"then: [{{plus: {{kind: ratio, of: a, to: b, form: number}}}}], {inside}", True),
        (inside, False),
    ):
        scheme, data = scheme_of(f"items: [{{id: total, name: 总分, {then}}}]\n"), year_of({"U": {"a": 8, "b": 4}})
        found = levers_of(bind(scheme, resolve(scheme), data), "U")
        (down,) = [each for each in found if isinstance(each, MetricLever) and each.metric == "b" and not each.up]
        assert (down.value(down.most) > 0) is positive
