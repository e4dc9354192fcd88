"""Every reading of every policy does something, is refused where it cannot be, and can be looked at beside others."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from pydantic import BaseModel

from kaohe.rules import EXACT, FLOAT
from kaohe.rules.base import PolicyReference
from kaohe.rules.conditions import PolicyCondition
from kaohe.rules.inside import policies_in
from kaohe.rules.plain import ByPolicy
from kaohe.scheme import read_scheme
from kaohe.scheme.policies import Decision, PolicyError, resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import Draws, run
from kaohe.scoring.results import results
from tests.reference.years import Shape, build
from tests.scoring.cases import SCHEME, indicator_cases, points, read, result_cases, result_mismatches, year_data
from tests.scoring.tables import year_data as of_tables
from tests.units import own_fulls

STRUCTURAL = {"teaching_depts", "task_shares"}
OPTIONS = {
    policy.name: tuple(sorted(policy.options, key=lambda option, policy=policy: option != policy.default))
    for policy in SCHEME.policies
    if not policy.fraction
}
READINGS = {name: options for name, options in OPTIONS.items() if name not in STRUCTURAL}
READINGS["fail_line"] = (Fraction(3, 5), Fraction(13, 20), Fraction(2, 3))


# ---- each option changes something ----


@pytest.mark.parametrize(
    ("name", "option"),
    [(name, option) for name, options in OPTIONS.items() for option in options[1:] if option != "weights"],
)
def test_an_option_changes_a_case(name, option):
    """Some case worked out by hand under this reading alone comes out otherwise under the default."""
    only = {name: option}
    of_points = [case for case in indicator_cases() if case.policies == only]
    of_results = [case for case in result_cases() if case.policies == only]
    assert of_points or of_results, f"no case under {only} alone"
    assert any(points(replace(case, policies={}), EXACT) != case.expect for case in of_points) or any(
        result_mismatches(replace(case, policies={})) for case in of_results
    )


@pytest.mark.parametrize("line", ["65%", "2/3", "0"])
def test_a_fail_line_changes_a_grade(line):
    cases = [case for case in result_cases() if case.policies == {"fail_line": line}]
    assert cases
    assert any(name.endswith(".grade") for case in cases for name in result_mismatches(replace(case, policies={})))


# ---- what is refused ----


def test_contradictory_pair_is_refused():
    stated, included = {"full_marks": "stated"}, {"teaching_depts": "included"}
    for alone in (stated, included, {"full_marks": "stated", "teaching_depts": "exempt_k31"}):
        resolve(SCHEME, overrides=alone)
    both = r"full_marks=stated 与 teaching_depts=included 相互矛盾"
    with pytest.raises(PolicyError, match=both):
        resolve(SCHEME, overrides=stated | included)
    with pytest.raises(PolicyError, match=both):
        resolve(SCHEME, {"teaching_depts": Decision("included")}, stated)
    # a run may undo what the year decided
    resolve(SCHEME, {"teaching_depts": Decision("included")}, stated | {"teaching_depts": "exempt"})


@pytest.mark.parametrize(
    ("name", "value"),
    [("panels", "mean"), ("P10", "mean"), ("panel", "average"), ("panel", ""), ("panel", None), ("panel", "Mean"),
     ("fail_line", "1.01"), ("fail_line", "-0.1"), ("fail_line", "60"), ("fail_line", "很低"), ("fail_line", "1/0"),
     ("fail_line", None), ("fail_line", True), ("fail_line", "nan"), ("fail_line", "101%")],
)  # fmt: skip
def test_unknown_names_and_values_are_refused(name, value):
    with pytest.raises(PolicyError, match=name):
        resolve(SCHEME, overrides={name: value})
    with pytest.raises(PolicyError, match=name):
        resolve(SCHEME, {name: Decision(value)})


@pytest.mark.parametrize(
    ("given", "exact", "said"),
    [("2/3", Fraction(2, 3), "2/3"), ("65%", Fraction(13, 20), "0.65"), ("0.6", Fraction(3, 5), "0.6"),
     (0.65, Fraction(13, 20), "0.65"), (0, Fraction(0), "0"), ("1", Fraction(1), "1"), ("100%", Fraction(1), "1"),
     (Fraction(1, 3), Fraction(1, 3), "1/3"), (" 62.5 % ", Fraction(5, 8), "0.625")],
)  # fmt: skip
def test_any_fraction_is_a_fail_line(given, exact, said):
    policies = resolve(SCHEME, overrides={"fail_line": given})
    assert policies["fail_line"] == exact
    assert policies.as_text()["fail_line"] == said
    assert resolve(SCHEME, overrides={"fail_line": said})["fail_line"] == exact


def test_run_goes_before_year_and_year_before_default():
    policies = resolve(SCHEME, {"panel": Decision("median"), "yixia": Decision("strict")}, {"panel": "trimmed"})
    assert [policies[name] for name in ("panel", "yixia", "rescale")] == ["trimmed", "strict", "proportional"]
    assert [policies.origin[name] for name in ("panel", "yixia", "rescale")] == ["run", "year", "default"]


# ---- task_shares: weights in the scheme ----


def weighted(folder, departments):
    """The shipped scheme with weights for the tasks of some departments: the first task 3, the others 1."""
    lines = ["based_on: lygtc-2018", "id: weighted", "departments:"]
    for name in departments:
        lines += [f"  - id: {name}", "    tasks:"]
        lines += [
            f"      - {{id: {task.id}, weight: {3 if n == 0 else 1}}}"
            for n, task in enumerate(SCHEME.department[name].tasks)
        ]
    (folder / "scheme.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_scheme(folder)


def test_weights_are_refused_without_weights(tmp_path):
    with pytest.raises(PolicyError, match=r"task_shares=weights.*D01.*D14"):
        resolve(SCHEME, overrides={"task_shares": "weights"})
    with pytest.raises(PolicyError, match=r"没有：D02$"):
        resolve(weighted(tmp_path, sorted(set(SCHEME.department) - {"D02"})), overrides={"task_shares": "weights"})


def test_weights_share_out_the_tasks(tmp_path):
    scheme = weighted(tmp_path, SCHEME.department)
    data = year_data({"D12": {"ratings": {f"T{n:02d}": "80" for n in range(5, 11)}}, "D01": {"ratings": {"T05": "50"}}})

    def cells(share):
        book = score_data(scheme, resolve(scheme, overrides={"task_shares": share}), data, provisional=True)
        return {name: book.cell(name[:3], name) for name in ("D12.T05", "D12.T06", "D01.T05")}, book.unit("D12")

    equal, whole = cells("equal")
    assert {name: (cell.max_points, cell.points) for name, cell in equal.items()} == {
        "D12.T05": (10, 8), "D12.T06": (10, 8), "D01.T05": (Fraction(60, 11), Fraction(30, 11)),
    }  # fmt: skip
    assert (whole.points("target"), own_fulls(whole)) == (48, {"target": 100})
    # D12: 3 + 5 × 1 = 8 parts of 60; D01: 3 + 10 × 1 = 13
    shared, whole = cells("weights")
    assert {name: (cell.max_points, cell.points) for name, cell in shared.items()} == {
        "D12.T05": (Fraction(45, 2), 18), "D12.T06": (Fraction(15, 2), 6),
        "D01.T05": (Fraction(180, 13), Fraction(90, 13)),
    }  # fmt: skip
    assert (whole.points("target"), own_fulls(whole)) == (48, {"target": 100})


# ---- several readings side by side ----


@cache
def telling_year():
    """A small year in which every reading changes something."""
    return bind(SCHEME, resolve(SCHEME), year_data(read("telling-year.yaml")["units"]))


COLUMNS = ("total", "attainable", "fail_below", "rank", "last", "grade", "declared", "vetoed")


def scored(bound, numbers, several=None, draws=None):
    """Every pool's points, and every column of the results, by name."""
    found = run(bound, numbers, several, draws)
    arrays = {f"{pool.name} {pool.members}": outcome.points for pool, outcome in found.outcomes}
    total = results(found)
    arrays |= {name: getattr(total, name) for name in COLUMNS}
    for name in ("ballot", "base", "key", "target", "leader"):
        node = total.evaluation.node(name)
        arrays |= {f"{name} {field}": getattr(node, field) for field in ("raw", "points", "attainable")}
    held = {name: values for name, values in total.consequences.items() if values is not None}
    return arrays | held, found.axes.names


class Singles:
    """A bound year under one reading each, every combination scored once."""

    def __init__(self, bound, numbers):
        self.bound, self.numbers, self.known = bound, numbers, {}

    def __call__(self, chosen):
        chosen = {name: value for name, value in chosen.items() if value != READINGS[name][0]}
        key = tuple(sorted(chosen.items()))
        if key not in self.known:
            policies = resolve(SCHEME, overrides=chosen)
            self.known[key] = scored(replace(self.bound, policies=policies), self.numbers)[0]
        return self.known[key]


def picked(array, place):
    """The units' values at a place of the axes; an axis of length one stands for all its readings."""
    array = array.reshape((1,) * (len(place) + 1 - array.ndim) + array.shape)
    return array[tuple(min(index, size - 1) for index, size in zip(place, array.shape[:-1], strict=True))]


def assert_as_one_by_one(names, singles):
    several = {name: READINGS[name] for name in names}
    together, axes = scored(singles.bound, singles.numbers, several)
    assert set(axes) == set(names)
    for place in product(*(range(len(READINGS[name])) for name in axes)):
        chosen = {name: READINGS[name][index] for name, index in zip(axes, place, strict=True)}
        for what, expected in singles(chosen).items():
            have = picked(together[what], place)
            assert have.tolist() == np.broadcast_to(expected, have.shape).tolist(), (chosen, what)


exact_and_float64 = pytest.mark.parametrize("numbers", [EXACT, FLOAT], ids=["exact", "float64"])


@exact_and_float64
def test_every_reading_tells(numbers):
    """The year is fit for the tests below: no reading leaves everything as it is."""
    singles = Singles(telling_year(), numbers)
    default = singles({})
    for name, readings in READINGS.items():
        for reading in readings[1:]:
            other = singles({name: reading})
            assert any(other[what].tolist() != default[what].tolist() for what in default), (name, reading)


@pytest.mark.slow
@exact_and_float64
def test_several_readings_equal_the_runs_one_by_one(numbers):
    singles = Singles(telling_year(), numbers)
    for name in READINGS:
        assert_as_one_by_one((name,), singles)


def decide(part):
    """Policies that a part of the scheme turns on, with everything inside it."""
    if isinstance(part, ByPolicy | PolicyCondition | PolicyReference):
        yield part.policy
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from decide(getattr(part, name))
    for child in part.values() if isinstance(part, dict) else part if isinstance(part, tuple) else ():
        yield from decide(child)


OF_RESULTS = {*decide(SCHEME.results)} | {
    name for node in SCHEME.tree.nodes.values() for name in decide(node.item.then)
}


def meeting():
    """Pairs of policies that meet in one rule, or in the results."""
    together = [set(policies_in(pool.rule)) for indicator in SCHEME.indicators.values() for pool in indicator.pools]
    together.append(OF_RESULTS)
    return [pair for pair in combinations(READINGS, 2) if any(set(pair) <= names for names in together)]


@pytest.mark.slow
@exact_and_float64
def test_pairs_that_meet_equal_the_runs_one_by_one(numbers):
    singles, pairs = Singles(telling_year(), numbers), meeting()
    assert {("funding_steps", "weight_points"), ("panel", "yixia"), ("rescale", "fail_line")} <= set(pairs)
    for names in pairs:
        assert_as_one_by_one(names, singles)


@pytest.mark.slow
def test_pairs_of_readings_equal_the_runs_one_by_one():
    """Also those that meet only in a total, one beside the next; in float64, as it takes half the time."""
    singles = Singles(telling_year(), FLOAT)
    beside = set(pairwise(READINGS))
    for names in combinations(READINGS, 2):
        if OF_RESULTS & set(names) or names in beside:
            assert_as_one_by_one(names, singles)


def test_readings_of_a_whole_year_equal_the_runs_one_by_one():
    tables = build(Shape(seed=41, colleges=5, departments=("D08", "D12", "D13"), raters=6, exempted=60))
    singles = Singles(bind(SCHEME, resolve(SCHEME), of_tables(tables)), EXACT)
    for names in (("rescale", "cap_break"), ("panel", "fail_line"), ("weight_points", "quota_ties")):
        assert_as_one_by_one(names, singles)


def test_three_readings_at_once():
    singles = Singles(telling_year(), EXACT)
    assert_as_one_by_one(("component_cap", "cap_break", "quota_ties"), singles)
    assert_as_one_by_one(("employment_cap", "employment_floor", "panel"), singles)


def test_readings_beside_draws():
    """The draws' axis lies between the policies' axes and the units."""
    bound = telling_year()
    places = next(pool.members for pool in bound.pools if pool.name == "K4.3")
    plan = np.ones(len(bound.units))
    plan[places] = [float(bound.data.metrics[bound.units[place].unit_id, "recruitment_plan"].value) for place in places]
    shares = np.array([1, 0.95, 0.85, 0.5])
    draws = Draws(len(shares), metrics={"full_time_recruited": shares[:, None] * plan})
    together, axes = scored(bound, FLOAT, {"shortfall_steps": READINGS["shortfall_steps"]}, draws)
    assert axes == ("shortfall_steps",)
    name = next(name for name in together if name.startswith("K4.3"))
    # short 0, 5, 15, 50 %: whole, started, proportional
    expected = {"whole": [6, 6, 4, 0], "started": [6, 4, 2, 0], "proportional": [6, 5, 3, 0]}
    assert together[name].shape == (3, 4, len(places))
    for index, option in enumerate(READINGS["shortfall_steps"]):
        assert together[name][index].mean(axis=-1) == pytest.approx(expected[option])
    assert together["total"].shape == (3, 4, len(bound.units))


@pytest.mark.parametrize("name", sorted(STRUCTURAL))
def test_structural_policies_are_not_scored_side_by_side(name):
    with pytest.raises(ValueError, match=name):
        run(telling_year(), EXACT, {name: OPTIONS[name]})


def test_policies_that_may_stand_side_by_side_are_all_here():
    assert set(READINGS) | STRUCTURAL == set(SCHEME.policy)


@pytest.mark.parametrize(
    ("several", "says"),
    [
        ({"pannel": ("mean", "median")}, "pannel"),
        ({"panel": ("mean", "best")}, "median"),
        ({"full_marks": ("applicable", "stated")}, "contradictory"),
    ],
)
def test_readings_that_cannot_be_scored_together_are_refused(several, says):
    bound = telling_year()
    if "full_marks" in several:
        policies = resolve(SCHEME, overrides={"teaching_depts": "included"})
        bound = bind(SCHEME, policies, bound.data)
    with pytest.raises(ValueError, match=says):
        run(bound, EXACT, several)
