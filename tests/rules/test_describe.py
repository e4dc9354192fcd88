"""Every rule says how points come about, with every figure it holds and every policy it leaves a reading to."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from pydantic import BaseModel, TypeAdapter

from kaohe.rules import KINDS, AnyFigure, Term
from kaohe.rules.after import Step
from kaohe.rules.base import PolicyReference, policy_key
from kaohe.rules.wording import RATE, number
from kaohe.scheme import shipped
from kaohe.scoring.method import how_scored
from tests.rules.given import ballot, marks

read = TypeAdapter(AnyFigure).validate_python
SCHEME = shipped("lygtc-2018")
TERMS = {"rate": Term("参与率", RATE), "n": Term("项目数", "项"), policy_key("open"): Term("P99"),
         "funding": Term("社科经费")}  # fmt: skip
RATE_OF = {"kind": "metric", "metric": "rate"}
COUNT = {"kind": "metric", "metric": "n"}
EACH = {"kind": "per_unit", "value": COUNT, "each": "0.5"}
OPEN = {"policy": "open"}

CASES = [
    ({"kind": "full"}, ["从满分起扣"]),
    ({"kind": "judged"}, ["评审小组在 0 分至满分之间评分；几位评分人平均"]),
    ({"kind": "judged", "panel": OPEN, "out_of": 100},
     ["评审小组按 100 分制评分，折算为该项分值；几位评分人的评分怎样合成，由读法 P99 决定"]),
    ({"kind": "judged", "panel": "median", "nothing_or_from": "0.5"},
     ["评审小组在 0 分至满分之间评分，计 0 分或不低于 0.5 分；几位评分人取中位数"]),
    ({"kind": "incidents", "each": "0.5"}, ["考核期内的扣分事件每起 0.5 分"]),
    ({"kind": "incidents", "least": "0.5", "most": 1}, ["考核期内的扣分事件每起酌情 0.5～1 分"]),
    ({"kind": "per_unit", "value": COUNT, "each": 2, "per": 10, "steps": "whole"}, ["项目数：每 10 项 2 分，零头不计"]),
    ({"kind": "per_unit", "value": COUNT, "each": 2, "steps": OPEN},
     ["项目数：每 1 项 2 分，零头怎样计，由读法 P99 决定"]),
    (EACH, ["项目数：每 1 项 0.5 分"]),
    ({"kind": "scaled_to_best", "value": {"kind": "tally"}, "top": 6},
     ["权重分最高计 6 分，最高的单位计满，其余按比例"]),
    ({"kind": "scaled_to_best", "value": {"kind": "tally"}, "top": 6, "reading": "capped"},
     ["权重分最高计 6 分，按合计计分，超出不计"]),
    ({"kind": "counted_amounts", "at_least": {"funding": 20000}, "each": 1},
     ["单项经费达到以下数额的项目：社科经费 20000 元；每项 1 分；同一项目只计一次"]),
    ({"kind": "steps", "value": RATE_OF, "bands": [{"at_least": "80%", "points": 1}]}, ["参与率：≥80% 为 1 分"]),
    ({"kind": "steps", "value": RATE_OF, "better": "lower", "or_less": OPEN,
      "against": {"reading": "pooled", "name": "全校比率"},
      "bands": [{"or_less": "70%", "points": 1}, {"below": "50%", "among": 3, "points": 2},
                {"above": "90%", "points": -2}]},
     ["参与率，相当于全校比率（分子、分母各自汇总后相除）的：≤70% 为 1 分；<50% 且前 3 名 为 2 分；>90% 扣 2 分",
      "符合几档的，取分值最高的一档", "名次在一起比较的单位中排，低者在前", "“以下”是否包括本数，由读法 P99 决定"]),
    ({"kind": "tiers", "tiers": [{"at_least": {"n": 2}, "points": 1}]}, ["项目数≥2 同时达到为 1 分"]),
    ({"kind": "rank_bands", "value": COUNT, "bands": [{"first": 1, "last": 2, "points": 2}], "last_excluded": True,
      "zero_excluded": True}, ["按项目数在一起比较的单位中排名：第 1～2 名为 2 分；末位（含并列）、为 0 的不计"]),
    (ballot(),
     ["每票计：优秀 90、合格 70、不合格 50；取全部票的平均", "÷ 100 × 满分"]),
    (ballot(voters={"staff": {"name": "职工", "share": 60}, "heads": {"name": "干部", "share": 40}}),
     ["每票计：优秀 90、合格 70、不合格 50；各组取本组票的平均，再按份额平均：职工 60、干部 40", "÷ 100 × 满分"]),
    (marks(chief=20, deputy=10),
     ["正职校领导评分的平均 ÷ 100 × 20", "副职校领导评分的平均 ÷ 100 × 10"]),
    ({"kind": "sum", "parts": [EACH, EACH]}, ["项目数：每 1 项 0.5 分", "项目数：每 1 项 0.5 分", "各项相加"]),
    ({"kind": "deductions", "start": {"kind": "full"}, "less": [{"kind": "incidents", "each": 1}]},
     ["从满分起扣", "扣分：考核期内的扣分事件每起 1 分", "扣完为止"]),
    ({"kind": "cap", "of": EACH, "at": 2}, ["项目数：每 1 项 0.5 分", "合计最高 2 分"]),
    ({"kind": "cap", "of": EACH, "at": 2, "reading": OPEN},
     ["项目数：每 1 项 0.5 分", "合计最高是标明的 2 分还是各项之和，由读法 P99 决定"]),
    ({"kind": "floor", "of": EACH, "reading": "none"}, ["项目数：每 1 项 0.5 分", "合计可以低于 0 分"]),
    ({"kind": "cap_break", "within": EACH, "beyond": {**EACH, "each": 1}, "at": 2},
     ["项目数：每 1 项 0.5 分", "以上合计最高 2 分", "可突破上限的部分：项目数：每 1 项 1 分",
      "这一部分加在封顶的得分之上"]),
    ({"kind": "tally", "worth": {"横向": {"at_least": 100000, "points": 2}, "纵向": {"per": 50000, "points": 1}}},
     ["按项目经费：横向满 100000 元 计 2 分、纵向每 50000 元 计 1 分；每项都计；同一项目只计一次"]),
]  # fmt: skip


@pytest.mark.parametrize(("written", "said"), CASES, ids=lambda value: value["kind"] if isinstance(value, dict) else "")
def test_a_rule_describes_itself(written, said):
    assert read(written).describe(TERMS) == said


def test_what_a_reading_decides_stands_inside_the_sentence_of_a_step():
    """Said after 由, 最多 and 折算到 alike: a noun, not a sentence of its own."""
    of, to = {**OPEN, "a": "own_full", "b": "stated"}, {**OPEN, "a": "full", "b": "leave"}
    converted = Step.model_validate({"rescale": to, "of": of}).called(TERMS)
    assert converted == "由 读法 P99 定的数（本单位满分；印出的满分） 折算到 读法 P99 定的数（满分；不折算）"
    assert Step.model_validate({"at_most": OPEN}).called(TERMS) == "最多 读法 P99 定的数"


def test_every_kind_is_among_the_cases():
    assert {read(written).kind for written, _ in CASES} == set(KINDS)


def figures(value):
    """Every figure below a rule, its weights or bounds."""
    if isinstance(value, Fraction):
        yield value
    elif isinstance(value, BaseModel):
        for name in value.model_fields_set:  # what the YAML wrote, not defaults
            yield from figures(getattr(value, name))
    elif isinstance(value, Mapping):
        for child in value.values():
            yield from figures(child)
    elif isinstance(value, tuple | list):
        for child in value:
            yield from figures(child)


def references(value):
    if isinstance(value, PolicyReference):
        yield value.policy
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from references(getattr(value, name))
    elif isinstance(value, tuple | list):
        for child in value:
            yield from references(child)


@pytest.mark.parametrize("indicator", SCHEME.indicators.values(), ids=lambda indicator: indicator.id)
def test_every_figure_and_policy_of_the_shipped_scheme_is_said(indicator):
    said = how_scored(indicator, SCHEME)
    text = "；".join(said)
    assert said
    assert all(sentence.strip() for sentence in said)
    for figure in figures([indicator.weights, [variant.rule for variant in indicator.pools]]):
        assert number(abs(figure)) in text or f"{number(figure * 100)}%" in text, figure
    for policy in references([variant.rule for variant in indicator.pools]):
        assert SCHEME.policy[policy].id in text
    for point in indicator.open:
        assert point.question in text
        assert point.taken in text
    for demand in indicator.unscored:
        assert demand in text
    assert not any(name in text for name in SCHEME.metrics)  # terms, not codes
    assert not any(name in text for name in indicator.weights)
