"""What the rules do beyond the scheme's own cases: their fields, their limits, their words."""

from fractions import Fraction

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from kaohe.rules import EXACT, FLOAT, AnyFigure, Outcome, Term
from kaohe.rules.bands import Steps
from kaohe.rules.combine import Cap, CapBreak, Deductions, Floor, Sum
from kaohe.rules.counting import CountedAmounts, PerUnit, ScaledToBest
from kaohe.rules.judged import TRIMMED_FROM, Full, Incidents, Judged
from kaohe.rules.kinds import FIGURES
from kaohe.rules.wording import RATE
from kaohe.rules.written import exact_number
from tests.rules.given import Given, event, row, said

F = Fraction
read = TypeAdapter(AnyFigure).validate_python
both = pytest.mark.parametrize("numbers", [EXACT, FLOAT], ids=["exact", "float64"])
RATES = {"rate": Term("参与率", RATE), "money": Term("经费", "元")}


def steps(*bands, **more):
    return Steps(value={"kind": "metric", "metric": "rate"}, bands=bands, **more)


def per_unit(metric="n", each=1, **more):
    return PerUnit(value={"kind": "metric", "metric": metric}, each=each, **more)


def given(numbers=EXACT, full_mark=1, policies=None, **metrics):
    size = len(next(iter(metrics.values()))) if metrics else 1
    return Given(size, metrics, numbers, full_mark, policies=policies or {})


# ---- fields ----


@pytest.mark.parametrize(
    ("written", "exact"),
    [(1, F(1)), ("1.5", F(3, 2)), ("70%", F(7, 10)), (" 12.5 % ", F(1, 8)), ("2/3", F(2, 3)), (F(1, 3), F(1, 3)),
     ("-2", F(-2))],
)  # fmt: skip
def test_figures_are_exact(written, exact):
    assert exact_number(written) == exact


@pytest.mark.parametrize(
    "written",
    [0.1, True, None, "", "%", "七十", "1/0", "nan", "inf", [1], "70％x", "1e999999999", "1e-9_999_999%", "1e100%",
     "9" * 41],
)  # fmt: skip
def test_other_figures_are_refused(written):
    with pytest.raises(ValueError, match="应为数字"):
        exact_number(written)


def test_rules_are_found_by_kind():
    half_each = {"kind": "per_unit", "value": {"kind": "metric", "metric": "n"}, "each": "0.5"}
    rule = read({"kind": "cap", "at": 2, "of": half_each})
    assert rule == Cap(at=2, of=per_unit(each="0.5"))
    assert all(cls.model_fields["kind"].default == kind for kind, cls in FIGURES.items())
    for wrong in ({"kind": "caps", "at": 2}, {"kind": "full", "more": 1}, {"kind": "judged", "panel": "best"},
                  {"kind": "steps", "value": {"kind": "tally"}, "bands": []},
                  {"kind": "sum", "parts": []}):  # fmt: skip
        with pytest.raises(ValidationError):
            read(wrong)


def test_a_band_needs_a_bound():
    with pytest.raises(ValidationError, match="至少要有一个界限"):
        steps({"points": 1, "among": 3})


@pytest.mark.parametrize("fields", [{}, {"each": 1, "least": 1, "most": 2}, {"least": 1}, {"most": 1}])
def test_incidents_cost_a_figure_or_a_range(fields):
    with pytest.raises(ValidationError, match="应写 each"):
        Incidents(**fields)


def test_rules_walk_with_their_traces():
    rule = Floor(of=Cap(at=3, of=Sum(parts=(per_unit("n"), steps({"below": "60%", "points": -1})))))
    inputs = given(n=[5, 0], rate=["0.5", "0.6"])
    trace = rule.points(inputs).trace(rule, 0)
    assert [part.kind for part in rule.walk()] == [part.kind for part in trace.walk()] == [
        "floor", "cap", "sum", "per_unit", "steps",
    ]  # fmt: skip


def test_a_trace_holds_printed_figures_but_no_parts():
    rule = Cap(at=2, of=per_unit())
    trace = rule.points(given(n=[3])).trace(rule, 0)
    assert trace.rule == {"at": 2, "reading": "stated", "on": "net"}
    assert trace.parts[0].rule["each"] == 1
    assert trace["over"] == 1


# ---- points ----


@both
def test_points_are_awarded_less_deducted_less_capped(numbers):
    outcome = Outcome(*(numbers.array(values) for values in ([5, 5], [1, 0], [0, 3])))
    assert outcome.points.tolist() == [4, 2]


@both
def test_a_negative_band_deducts(numbers):
    rule = steps({"at_least": "80%", "points": 1}, {"below": "80%", "points": -2})
    outcome = rule.points(given(numbers, rate=["0.8", "0.79"]))
    assert (outcome.awarded.tolist(), outcome.deducted.tolist()) == ([1, 0], [0, 2])
    assert (rule.best(F(3)), rule.worst(F(3))) == (1, -2)


@both
def test_the_best_band_counts_whatever_their_order(numbers):
    bands = [{"at_least": bound, "points": points} for bound, points in (("70%", 1), ("150%", 3), ("100%", 2))]
    for ordered in (bands, bands[::-1]):
        assert steps(*ordered).points(given(numbers, rate=["0.6", "0.7", "1", "2"])).points.tolist() == [0, 1, 2, 3]


@both
def test_deductions_take_no_more_than_there_is(numbers):
    rule = Deductions(start=Full(), less=(per_unit(each="0.2"), per_unit("m", each="0.5")))
    outcome = rule.points(given(numbers, 2, n=[0, 5, 20], m=[0, 1, 0]))
    assert outcome.points == pytest.approx([2, 0.5, 0])
    assert outcome.awarded.tolist() == [2, 2, 2]
    assert rule.best(F(2)) == 2
    assert rule.worst(F(2)) == 0


@both
def test_deductions_from_less_than_nothing(numbers):
    """Where the start is already below 0, nothing more is taken."""
    rule = Deductions(start=steps({"below": "60%", "points": -1}), less=(per_unit(),))
    assert rule.points(given(numbers, rate=["0.5", "0.9"], n=[3, 3])).points.tolist() == [-1, 0]


@both
def test_cap_break_readings(numbers):
    inputs = given(numbers, n=[1, 3, 1, 3], m=[0, 1, 5, 5])
    readings = {"provincial_on_top": [1, 3, 6, 7], "provincial_alone": [1, 2, 5, 5], "none": [1, 2, 2, 2]}
    for reading, expected in readings.items():
        rule = CapBreak(within=per_unit(), beyond=per_unit("m"), at=2, reading=reading)
        outcome = rule.points(inputs)
        assert outcome.points.tolist() == expected
        assert (outcome.awarded - outcome.capped).tolist() == expected
        assert rule.best(F(2)) == (2 if reading == "none" else None)


def test_a_cap_by_its_parts_needs_parts_with_limits():
    rule = Cap(of=per_unit(), at=2, reading="parts")
    with pytest.raises(ValueError, match="parts"):
        rule.points(given(n=[1]))


@both
def test_best_of_none_is_nothing(numbers):
    inputs = Given(2, rows=[[], []], numbers=numbers)
    rule = ScaledToBest(value={"kind": "tally"}, top=8)
    assert rule.points(inputs).points.tolist() == [0, 0]
    assert said(rule, inputs)[0].endswith("各单位均为 0，不计分")


def test_amounts_count_by_title():
    rule = CountedAmounts(at_least={"social": 20000, "natural": 50000}, each=1)
    rows = [row("social", amount=20000, title="甲"), row("natural", amount=60000, title="甲 "),
            row("natural", amount=49999), row("social", title="没有金额"),
            row("other", amount=10**9, title="别的")]  # fmt: skip
    outcome = rule.points(Given(2, rows=[rows, []]))
    assert outcome.points.tolist() == [1, 0]
    found = outcome.trace(rule, 0)["tally"]
    assert [each.title for each in found.weightless] == ["成果", "没有金额"]


def test_steps_over_scenarios():
    """Axes before the units are scenarios: each is ranked by itself."""

    class Scenarios(Given):
        def metric(self, name):
            one = super().metric(name)
            return np.stack([one, one[::-1]])

    rule = steps({"above": 0, "among": 1, "points": 2}, {"above": 0, "points": 1})
    assert rule.points(Scenarios(3, {"rate": [3, 2, 0]})).points.tolist() == [[2, 1, 0], [0, 1, 2]]


# ---- words ----


def test_or_less_is_said_as_it_is_read():
    inclusive = steps({"or_less": "70%", "points": "0.5"}, or_less={"policy": "yixia"})
    at = given(rate=["0.7"], policies={"yixia": "inclusive"})
    assert said(inclusive, at, terms=RATES) == ["参与率 70%；符合“≤70%”，对应 0.5 分"]
    at = given(rate=["0.7"], policies={"yixia": "strict"})
    assert said(inclusive, at, terms=RATES) == ["参与率 70%；未进入任何一档（<70% 对应 0.5 分）"]
    below = given(rate=["0.69"], policies={"yixia": "strict"})
    assert said(inclusive, below, terms=RATES) == ["参与率 69%；符合“<70%”，对应 0.5 分"]


def test_a_value_beside_a_line_is_not_said_to_be_on_it():
    rule = steps({"at_least": "80%", "points": 1}, {"below": "80%", "points": -2})
    (text,) = said(rule, given(rate=["0.799999"]), terms=RATES)
    assert text.startswith("参与率 79.9999%；符合“<80%”，对应 -2 分")
    money = Steps(value={"kind": "metric", "metric": "money"}, bands=({"at_least": 500000, "points": 3},))
    (text,) = said(money, given(money=["499999.999999"]), terms=RATES)
    assert text.startswith("经费 499999.999999 元；未进入任何一档")


def test_a_value_short_of_a_step_is_not_said_to_reach_it():
    short = PerUnit(value={"kind": "shortfall", "of": "have", "plan": "plan"}, each=2, per="10%", steps="whole")
    (text,) = said(short, given(have=[27001], plan=[30000]))
    assert text.endswith("缺额比例 9.9967%；每 10% 2 分 × 0 = 0 分")
    (text,) = said(short, given(have=[24001], plan=[30000]))
    assert text.endswith("缺额比例 19.9967%；每 10% 2 分 × 1 = 2 分")
    money = PerUnit(value={"kind": "metric", "metric": "money"}, each=1, per=100000, steps="whole")
    (text,) = said(money, given(money=["199999.99999"]), terms=RATES)
    assert text == "经费 199999.99999 元；每 100000 元 1 分 × 1 = 1 分"


def panel_words(*ratings):
    inputs = Given(1, rated=[ratings], policies={"panel": "trimmed"})
    return said(Judged(panel={"policy": "panel"}), inputs)[1]


def test_too_few_raters_are_not_said_to_be_trimmed():
    few, enough = panel_words(*[F(1, 2)] * (TRIMMED_FROM - 1)), panel_words(*[F(1, 2)] * TRIMMED_FROM)
    assert few == "4 位评分人平均（人数少，不去掉最高最低） 0.5，得 0.5 分（满分 1 分）"
    assert enough == "5 位评分人去掉最高最低后平均 0.5，得 0.5 分（满分 1 分）"


def test_single_ratings_are_confidential():
    inputs = Given(1, rated=[(F(1, 2), F(1, 4))])
    rule = Judged()
    trace = rule.points(inputs).trace(rule, 0)
    assert [(sentence.text, sentence.confidential) for sentence in rule.words(trace, {})] == [
        ("各评分人评分：0.5、0.25", True),
        ("2 位评分人平均 0.375，得 0.375 分（满分 1 分）", True),
    ]


def test_deductions_keep_what_is_confidential():
    rule = Deductions(start=Judged(), less=(Incidents(each=1),))
    inputs = Given(1, rated=[(F(1, 2),)], happened=[[event(note="迟到"), event(2)]])
    trace = rule.points(inputs).trace(rule, 0)
    assert [(sentence.text, sentence.confidential) for sentence in rule.words(trace, {})] == [
        ("各评分人评分：0.5", True),
        ("1 位评分人平均 0.5，得 0.5 分（满分 1 分）", True),
        ("考核期内扣分事件 3 起，每起 1 分（迟到），扣 3 分", False),
        ("应扣 3 分，扣完为止，实扣 0.5 分", True),
    ]


def test_discretionary_incidents_say_their_sum():
    rule = Incidents(least="0.5", most=1)
    inputs = Given(2, happened=[[event(points="0.5"), event(points="0.25")], []])
    assert said(rule, inputs) == ["考核期内扣分事件 2 起，酌情扣分合计 0.75 分"]
    assert said(rule, inputs, 1) == ["考核期内无扣分事件"]
    assert rule.discretionary
    assert (rule.best(F(1)), Incidents(each=1).best(F(1))) == (1, None)
