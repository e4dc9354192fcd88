"""What rules say and describe where the text is read otherwise than by default."""

from fractions import Fraction

import numpy as np
import pytest
from pydantic import TypeAdapter

from kaohe.rules import AnyFigure, Term
from kaohe.rules.base import category_key, policy_key
from kaohe.rules.numbers import dense_ranks, ranks
from kaohe.rules.wording import RATE
from tests.rules.given import Given, event, marks, row, said

read = TypeAdapter(AnyFigure).validate_python
TERMS = {"rate": Term("参与率", RATE), "n": Term("项目数", "项"), "pupils": Term("学生数", "人"),
         "teachers": Term("教师数", "人"), "social": Term("社科经费"), "natural": Term("自科经费"),
         category_key("a"): Term("甲类"), category_key("b"): Term("乙类"), policy_key("open"): Term("P99")}  # fmt: skip
OPEN = {"policy": "open"}
JUDGED = {"kind": "judged"}
RATE_OF = {"kind": "metric", "metric": "rate"}
PER_TEACHER = {"kind": "ratio", "of": "pupils", "to": "teachers", "form": "number"}
BEST_THREE = [{"at_least": 1, "among": 3, "points": 2}]
GAIN_AND_LOSS = {"kind": "sum", "parts": [
    {"kind": "per_unit", "value": {"kind": "metric", "metric": "n"}, "each": 1},
    {"kind": "steps", "value": RATE_OF, "bands": [{"below": "50%", "points": -2}]},
]}  # fmt: skip

DEDUCTED = {"kind": "deductions", "start": JUDGED, "less": [{"kind": "incidents", "each": "0.5"}]}
HONOURS = {
    "kind": "rank_bands",
    "value": {"kind": "metric", "metric": "n"},
    "bands": [{"first": 1, "last": 2, "points": 2}],
}
FUNDED = {"kind": "counted_amounts", "at_least": {"social": 20000, "natural": 50000}, "each": 1}
WHOLE = {"reading": "pooled", "name": "全校比值", "beside": ["b"]}
HELD = {"kind": "steps", "value": PER_TEACHER, "bands": [{"at_least": 1, "points": 1}]}
REACHED = "单项经费达到（社科经费20000 元、自科经费50000 元）"
BORROWED = {"kind": "steps", "bands": [{"at_least": 1, "points": 1}],
            "value": {**PER_TEACHER, "borrowed": {"by": ["b"], "of": ["a"], "reading": "mean_of_others"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "given", "words"),
    [
        ({**DEDUCTED, "off": "full"}, Given(1, rated=[("0.4",)], happened=[[event()]]),
         ["各评分人评分：0.4", "1 位评分人平均 0.4，得 0.4 分（满分 1 分）", "从满分 1 分起扣，以上不计入",
          "考核期内扣分事件 1 起，每起 0.5 分，扣 0.5 分"]),
        ({"kind": "judged", "nothing_or_from": "0.5", "held": "down"}, Given(1, rated=[(0, 0, 1)]),
         ["各评分人评分：0、0、1", "3 位评分人平均 0.3333，不足 0.5，按 0 计，得 0 分（满分 1 分）"]),
        ({"kind": "judged", "nothing_or_from": "0.5", "held": "up"}, Given(1, rated=[(0, 0, 1)]),
         ["各评分人评分：0、0、1", "3 位评分人平均 0.3333，不足 0.5，按 0.5 计，得 0.5 分（满分 1 分）"]),
        ({"kind": "steps", "value": RATE_OF, "or_more": "strict", "bands": [{"or_more": "70%", "points": 1}]},
         Given(1, {"rate": ["0.7"]}), ["参与率 70%；未进入任何一档（>70% 对应 1 分）"]),
        ({"kind": "steps", "value": {"kind": "metric", "metric": "n"}, "ties": "dense", "bands": BEST_THREE},
         Given(5, {"n": [1, 9, 5, 5, 3]}), ["项目数 1 项，在 5 个单位中排第 4（并列的合占一个名次）；"
          "未进入任何一档（≥1 项 且前 3 名 对应 2 分）"]),
        ({**HONOURS, "ties": "dense"}, Given(3, {"n": [1, 2, 2]}),
         ["项目数 1 项；项目数 1 项，在 3 个单位中排第 2（并列的合占一个名次）；第 1～2 名计 2 分"]),
        ({"kind": "cap", "of": GAIN_AND_LOSS, "at": 3, "on": "gains"}, Given(1, {"n": [4], "rate": ["0.4"]}),
         ["项目数 4 项；1 分 × 4 = 4 分", "参与率 40%；符合“<50%”，对应 -2 分",
          "各项得分（未减扣分）合计超过上限 3 分，超出的 1 分 不计"]),
        ({**FUNDED, "count": "kind"},
         Given(1, rows=[[row("social", amount=20000), row("social", title="乙", amount=30000)]]),
         [REACHED + "的项目 2 项：《成果》20000 元、《乙》30000 元；每类计 1 分，得 1 分"]),
        ({**FUNDED, "count": "multiple"}, Given(1, rows=[[row("social", amount=70000)]]),
         [REACHED + "的项目 1 项：《成果》70000 元；每满一次数额计 1 分，得 3 分"]),
        ({"kind": "steps", "value": {"kind": "metric", "metric": "n"}, "against": "best",
          "bands": [{"at_least": "50%", "points": 1}]}, Given(2, {"n": [2, 4]}),
         ["项目数 2 项；各单位最高为 4 项，相当于其 50%；符合“≥50%”，计 1 分"]),
        ({"kind": "steps", "value": {"kind": "metric", "metric": "n"},
          "bands": [{"at_least": 1, "when": {"value": "pupils", "above": 5}, "points": 2}]},
         Given(1, {"n": [3], "pupils": [9]}), ["项目数 3 项；符合“≥1 项 且 学生数 > 5 人”，计 2 分"]),
        (BORROWED, Given(3, {"pupils": [100, 0, 0], "teachers": [1, 10, 30]}, of_category=["b", "a", "a"]),
         ["学生数 100 人 ÷ 教师数（甲类平均） 20 人，学生数÷教师数为 5；符合“≥1”，对应 1 分"]),
        ({**HELD, "against": {**WHOLE, "whole": "without"}},
         Given(2, {"pupils": [20, 90], "teachers": [1, 1]}, of_category=["a", "b"]),
         ["学生数 20 人 ÷ 教师数 1 人，学生数÷教师数为 20；全校比值（不含乙类）为 20，相当于其 100%；"
          "符合“≥100%”，对应 1 分"]),
        (marks("median", chief=20), Given(1, full_mark=20, scores={"chief": [(0, 80, 90)]}),
         ["正职校领导 3 位，取中位数 80，÷ 100 × 20 得 16 分"]),
        (marks("trimmed", chief=20), Given(1, full_mark=20, scores={"chief": [(70, 80, 90)]}),
         ["正职校领导 3 位，平均（人数少，不去掉最高最低） 80，÷ 100 × 20 得 16 分"]),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_words_tell_the_reading(written, given, words):
    assert said(read(written), given, terms=TERMS) == words


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({**DEDUCTED, "off": OPEN}, "以下扣分从以上得分起扣还是从满分起扣，由读法 P99 决定"),
        ({**DEDUCTED, "off": "full"}, "从满分起扣，以上不计入"),
        ({"kind": "judged", "nothing_or_from": "0.5", "held": OPEN}, "合成后不足 0.5 分怎样计，由读法 P99 决定"),
        ({"kind": "judged", "nothing_or_from": "0.5", "held": "up"}, "合成后不足 0.5 分的计 0.5 分"),
        ({"kind": "steps", "value": RATE_OF, "or_more": OPEN, "bands": [{"or_more": "70%", "points": 1}]},
         "恰为 70% 算不算达到，由读法 P99 决定"),
        ({"kind": "steps", "value": RATE_OF, "ties": OPEN, "bands": BEST_THREE},
         "名次在一起比较的单位中排，高者在前，并列怎样占名次，由读法 P99 决定"),
        ({**HONOURS, "ties": "dense"}, "并列的合占一个名次"),
        ({"kind": "cap", "of": GAIN_AND_LOSS, "at": 3, "on": OPEN},
         "上限管减去扣分后的合计还是只管得分，由读法 P99 决定"),
        ({**FUNDED, "count": OPEN},
         "单项经费达到以下数额的项目：社科经费 20000 元、自科经费 50000 元；"
         "每项、每类还是每满一次数额计 1 分，由读法 P99 决定；同一项目只计一次"),
        (BORROWED, "学生数÷教师数（乙类除以甲类教师数的平均）：≥1 为 1 分"),
        ({**HELD, "against": {**WHOLE, "whole": OPEN}},
         "学生数÷教师数，相当于全校比值（分子、分母各自汇总后相除；含不含乙类，由读法 P99 决定）的：≥100% 为 1 分"),
        (marks(OPEN, chief=20), "几位评分人的评分怎样合成，由读法 P99 决定"),
        (marks("median", chief=20), "正职校领导评分的中位数 ÷ 100 × 20"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_rule_describes_the_reading(written, told):
    assert told in read(written).describe(TERMS)


FINES = {"kind": "events", "start": 5, "each": -1, "classes": {"重": -3}}


@pytest.mark.parametrize(
    ("written", "given", "used"),
    [
        ({"kind": "incidents", "each": "0.5"}, Given(3, happened=[[], [event()], [event(), event()]]), [0, 1, 1]),
        (FINES, Given(3, happened=[[], [event()], [event(), event()]]), [0, 1, 1]),
        (FUNDED, Given(2, rows=[[row("social", amount=19999)], [row("social", amount=20000)]]), [0, 1]),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_one_event_or_project_is_enough_for_a_clause_to_have_applied(written, given, used):
    rule = read(written)
    assert [int(each) for each in rule.branches(rule.points(given), TERMS)[0].used] == used


def test_among_whom_a_place_is_said_by_the_traits_name():
    rule = read({"kind": "ladder", "by": {"kind": "metric", "metric": "n"}, "among": "level", "points": [3, 1]})
    assert "项目数在同层次的单位中的名次" in "".join(rule.describe({**TERMS, "trait:level": Term("层次")}))


def test_what_is_divided_by_others_figures_compares():
    own = {**BORROWED["value"], "borrowed": {**BORROWED["value"]["borrowed"], "reading": "own"}}
    assert read(BORROWED).compares()
    assert not read({**BORROWED, "value": own}).compares()


def test_ranks_with_and_without_gaps():
    values = np.array([Fraction(n) for n in (3, 5, 5, 1, 3, 9)], dtype=object)
    assert ranks(values).tolist() == [4, 2, 2, 6, 4, 1]
    assert dense_ranks(values).tolist() == [3, 2, 2, 4, 3, 1]
    assert dense_ranks(values, lowest_first=True).tolist() == [2, 3, 3, 1, 2, 4]
    several = np.array([[1.0, 2.0, 2.0], [2.0, 2.0, 1.0]])
    assert dense_ranks(several).tolist() == [[2, 1, 1], [1, 1, 2]]
