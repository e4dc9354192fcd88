"""What rules look at: figures of each unit, and the same figure of a pool taken together."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from kaohe.rules import EXACT, FLOAT, Term
from kaohe.rules.base import PolicyReference
from kaohe.rules.kinds import AnyFigure
from kaohe.rules.values import Growth, MeanOf, MetricValue, Ratio, Reference, Shortfall, TallyValue
from kaohe.rules.wording import RATE
from tests.rules.given import Given, row

F = Fraction
RATIO = Ratio(of="students", to="teachers")
BOTH = MeanOf(parts=(Ratio(of="a", to="staff"), Ratio(of="b", to="staff")))
both = pytest.mark.parametrize("numbers", [EXACT, FLOAT], ids=["exact", "float64"])


@both
def test_metric(numbers):
    value, inputs = MetricValue(metric="m"), Given(3, {"m": [1, F(5, 2), 0]}, numbers)
    assert value.of_units(inputs).tolist() == [1, 2.5, 0]
    assert value.pooled(inputs).tolist() == [3.5]
    assert (value.metrics(), value.denominators()) == (("m",), ())


@both
def test_ratio(numbers):
    inputs = Given(2, {"students": [30, 10], "teachers": [2, 4]}, numbers)
    assert RATIO.of_units(inputs).tolist() == [15, 2.5]
    assert RATIO.pooled(inputs).tolist() == [numbers.const(F(40, 6))]  # not the mean 8.75
    assert (RATIO.metrics(), RATIO.denominators()) == (("students", "teachers"), ("teachers",))


@both
def test_mean_of_ratios(numbers):
    inputs = Given(2, {"a": [1, 3], "b": [2, 0], "staff": [10, 30]}, numbers)
    assert BOTH.of_units(inputs) == pytest.approx([float(F(3, 20)), float(F(1, 20))])
    assert BOTH.pooled(inputs) == pytest.approx([float(F(3, 40))])  # (4/40 + 2/40) ÷ 2
    assert (BOTH.metrics(), BOTH.denominators()) == (("a", "staff", "b"), ("staff",))


@both
def test_growth(numbers):
    value, inputs = Growth(new="now", old="then"), Given(3, {"now": [90, 110, 100], "then": [100, 100, 50]}, numbers)
    assert value.of_units(inputs) == pytest.approx([-0.1, 0.1, 1])
    assert value.pooled(inputs) == pytest.approx([0.2])
    assert (value.metrics(), value.denominators()) == (("now", "then"), ("then",))


@both
def test_shortfall(numbers):
    value, inputs = Shortfall(of="have", plan="plan"), Given(4, {"have": [100, 90, 0, 150], "plan": [100] * 4}, numbers)
    assert value.of_units(inputs) == pytest.approx([0, 0.1, 1, 0])
    assert (value.metrics(), value.denominators()) == (("have", "plan"), ("plan",))


def test_exact_at_the_threshold():
    """7/10 is 70 %, whatever the sizes."""
    inputs = Given(3, {"students": [7, 49, 700], "teachers": [10, 70, 1000]})
    assert set(RATIO.of_units(inputs)) == {F("0.7")}


def test_tally():
    inputs = Given(3, rows=[[row("x"), row("x", title="二")], [], [row("none")]], weight_table={"x": F(3)})
    value = TallyValue()
    assert value.of_units(inputs).tolist() == [6, 0, 0]
    assert value.pooled(inputs).tolist() == [6]
    assert [each.sum for each in value.evidence(inputs)["tally"]] == [6, 0, 0]


@both
@pytest.mark.parametrize("value", [RATIO, BOTH, Growth(new="now", old="then")], ids=lambda value: value.kind)
def test_a_pool_of_nothing_is_nothing(numbers, value):
    """Numerators of 0: the pool's figure is 0, without a division by zero."""
    zeros = {name: [0, 0] for name in ("students", "a", "b", "now", "then", "teachers", "staff")}
    assert value.pooled(Given(2, zeros, numbers)).tolist() == [0]


def test_references():
    inputs = Given(2, {"students": [30, 10], "teachers": [2, 4]}, policies={"how": "mean_of_units"})
    assert Reference(reading="pooled", name="全校").of_pool(RATIO, inputs).tolist() == [F(20, 3)]
    assert Reference(reading="mean_of_units", name="全校").of_pool(RATIO, inputs).tolist() == [F(35, 4)]
    policy = Reference(reading=PolicyReference(policy="how"), name="全校")
    assert policy.of_pool(RATIO, inputs).tolist() == [F(35, 4)]
    with pytest.raises(ValidationError, match="pooled、mean_of_units"):
        Reference(reading="median", name="全校")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=6))
def test_pooled_lies_between_the_units(pairs):
    inputs = Given(len(pairs), {"students": [s for s, _ in pairs], "teachers": [t for _, t in pairs]})
    units, (pooled,) = RATIO.of_units(inputs).tolist(), RATIO.pooled(inputs).tolist()
    assert min(units) <= pooled <= max(units)
    if len({t for _, t in pairs}) == 1:
        assert pooled == sum(units) / len(units)


def test_found_by_kind():
    read = TypeAdapter(AnyFigure).validate_python
    assert read({"kind": "ratio", "of": "students", "to": "teachers"}) == RATIO
    assert read({"kind": "tally"}) == TallyValue()
    with pytest.raises(ValidationError):
        read({"kind": "ratio", "of": "students"})
    with pytest.raises(ValidationError):
        read({"kind": "portion", "of": "students", "to": "teachers"})
    with pytest.raises(ValidationError):
        read({"kind": "metric", "metric": "m", "times": 2})


TERMS = {
    "students": Term("学生", "人"),
    "teachers": Term("教师", "人"),
    "rate": Term("就业率", RATE),
    "then": Term("上年", "人"),
    "now": Term("今年", "人"),
    "staff": Term("教职工", "人"),
    "a": Term("培训", "人次"),
    "b": Term("实践", "人次"),
}


@pytest.mark.parametrize(
    ("value", "figures", "text", "unit"),
    [
        (RATIO, {"students": F(30), "teachers": F(2)}, "学生 30 人 ÷ 教师 2 人", RATE),
        (Ratio(of="students", to="teachers", form="number"), {"students": F(30), "teachers": F(2)},
         "学生 30 人 ÷ 教师 2 人", ""),
        (MetricValue(metric="rate"), {"rate": F(17, 20)}, "就业率 85%", RATE),
        (Growth(new="now", old="then"), {"now": F(9), "then": F(10)}, "上年 10 人 → 今年 9 人", RATE),
        (Shortfall(of="now", plan="then"), {"now": F(9), "then": F(10)}, "今年 9 人，上年 10 人", RATE),
        (BOTH, {"a": F(1), "b": F(2), "staff": F(10)},
         "（培训 1 人次 ÷ 教职工 10 人，实践 2 人次 ÷ 教职工 10 人）两两相除后取平均", RATE),
    ],
)  # fmt: skip
def test_words(value, figures, text, unit):
    assert value.says(figures, TERMS) == text
    assert value.unit(TERMS).unit == unit


def test_a_metric_is_not_rounded_onto_a_line():
    value, figures = MetricValue(metric="rate"), {"rate": F("0.79999")}
    assert value.says(figures, TERMS) == "就业率 80%"
    assert value.says(figures, TERMS, [F(4, 5)]) == "就业率 79.999%"
