"""What decided that a unit has other points than before, and between which figures points can turn round."""

from fractions import Fraction

import pytest

from kaohe.rules import EXACT, FLOAT, KINDS, Term
from kaohe.rules.wording import RATE
from tests.rules.given import Given, event, row

F = Fraction
TERMS = {"rate": Term("到课率", RATE), "count": Term("企业数", "个"), "staff": Term("教师数", "人")}
RATES = {"kind": "metric", "metric": "rate"}
COUNT = {"kind": "metric", "metric": "count"}
STEPS = {"kind": "steps", "value": RATES, "bands": [{"at_least": "80%", "points": 1}, {"below": "60%", "points": -2}]}
RANKED = {"kind": "rank_bands", "value": RATES, "bands": [{"first": 1, "last": 2, "points": 2}]}
FIRST = {"at_least": 0, "among": 1, "points": 2}
AMONG = {"kind": "steps", "value": RATES, "bands": [{"at_least": "80%", "points": 1}, FIRST]}
BEST = {"kind": "scaled_to_best", "value": COUNT, "top": 8}


def won(fields, before, after, *, unit=0):
    """What is said of unit `unit` between two states of the pool's evidence."""
    rule = KINDS[fields["kind"]].model_validate(fields)
    then, now = (rule.points(Given(**given)).trace(rule, unit) for given in (before, after))
    return rule.won(then, now, TERMS)


@pytest.mark.parametrize(
    ("fields", "name", "before", "after", "says"),
    [
        (STEPS, "rate", ["0.7"], ["0.8"], "到课率为 80%，符合“≥80%”"),
        (STEPS, "rate", ["0.5"], ["0.6"], "不在“<60%”之内，不再扣 2 分"),
        (AMONG, "rate", ["0.8", "0.9"], ["0.95", "0.9"], "到课率为 95%，在 2 个单位中排第 1，符合“≥0% 且前 1 名”"),
        (RANKED, "rate", [1, 2, 3], [2, 2, 3], "到课率在 3 个单位中排第 2（第 1～2 名计 2 分）"),
        (BEST, "count", [1, 4], [2, 4], "权重分 1 → 2，最高的单位 4 计 8 分，按比例"),
        (BEST, "count", [1, 4], [4, 4], "权重分 1 → 4，为最高，计 8 分"),
        (BEST | {"reading": "capped"}, "count", [1], [2], "权重分 1 → 2，每 1 计 1 分，最高 8 分"),
    ],
)
def test_the_band_the_rank_or_the_best_is_named(fields, name, before, after, says):
    then, now = ({"size": len(values), "metrics": {name: values}} for values in (before, after))
    assert won(fields, then, now) == [says]


def test_only_the_part_that_moved_speaks_and_a_limit_says_that_it_holds():
    each = {"kind": "per_unit", "value": COUNT, "each": "0.5"}
    both = {"kind": "cap", "at": 2, "of": {"kind": "sum", "parts": [each, STEPS]}}
    mine = {"size": 1, "metrics": {"count": [2], "rate": ["0.7"]}}
    other = {"size": 1, "metrics": {"count": [5], "rate": ["0.7"]}}
    assert won(both, mine, other) == ["每 1 个 0.5 分", "合计最高 2 分，超出的不计"]


def test_what_is_no_longer_taken_off_is_said():
    fields = {"kind": "deductions", "start": {"kind": "full"}, "less": [{"kind": "incidents", "each": "0.5"}]}
    assert won(fields, {"size": 1, "happened": [[event()]]}, {"size": 1, "happened": [[]]}) == ["少扣 0.5 分"]


def test_a_tier_and_a_project_of_its_amount():
    tiers = {"kind": "tiers", "tiers": [{"points": 1, "at_least": {"count": 2, "staff": 4}}]}
    few, enough = ({"size": 1, "metrics": {"count": [n], "staff": [4]}} for n in (1, 2))
    assert won(tiers, few, enough) == ["达到“企业数≥2、教师数≥4”"]
    fields = {"kind": "counted_amounts", "at_least": {"money": 20000}, "each": 1}
    none, one = {"size": 1, "rows": [[]]}, {"size": 1, "rows": [[row("money", amount=30000)]]}
    assert won(fields, none, one) == ["达到数额的项目每项 1 分"]


@pytest.mark.parametrize(
    ("bands", "orderly"),
    [
        ([{"at_least": 1, "points": 1}, {"at_least": 2, "points": 2}], True),
        ([{"at_least": 1, "points": -2}], True),
        ([{"at_least": 1, "below": 2, "points": 1}], False),
        ([{"at_least": 1, "points": 1}, {"below": 0, "points": 1}], False),
        ([{"below": 1, "points": 1}, {"at_least": 1, "among": 3, "points": 2}], False),
        ([{"at_least": 1, "points": 1}, {"above": 1, "among": 3, "points": 2}], True),
    ],
)
def test_a_band_in_the_middle_is_no_order(bands, orderly):
    assert KINDS["steps"].model_validate({"kind": "steps", "value": RATES, "bands": bands}).orderly() == orderly


def test_a_lower_rank_that_gives_more_or_a_gap_between_ranks_is_no_order():
    first, second = {"first": 1, "last": 1, "points": 1}, {"first": 2, "last": 2, "points": 2}
    gap = {"first": 3, "last": 3, "points": "0.5"}
    ranks = [[first], [first, second], [first, gap]]
    rules = [
        KINDS["rank_bands"].model_validate({"kind": "rank_bands", "value": RATES, "bands": each}) for each in ranks
    ]
    assert [rule.orderly() for rule in rules] == [True, False, False]


@pytest.mark.parametrize("numbers", [EXACT, FLOAT])
@pytest.mark.parametrize("fields", [STEPS, AMONG, RANKED, BEST])
def test_where_nothing_turns_points_go_one_way(fields, numbers):
    """Along a growing figure each turn only grows or only shrinks, and between two turns so do the points."""
    rule = KINDS[fields["kind"]].model_validate(fields)
    seen = []
    for figure in range(0, 101):
        given = Given(2, {"rate": [F(figure, 100), F(9, 10)], "count": [figure, 90]}, numbers)
        outcome = rule.points(given)
        seen.append((outcome.points[0], tuple(turn[0] for turn in rule.turns(outcome, numbers))))
    for turn in zip(*(turns for _, turns in seen), strict=True):
        assert list(turn) in (sorted(turn), sorted(turn, reverse=True))
    for mark in {turns for _, turns in seen}:
        between = [points for points, turns in seen if turns == mark]
        assert between in (sorted(between), sorted(between, reverse=True))
