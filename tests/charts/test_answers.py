"""Pages of the health of items and of backtests: titles say what is drawn, and why nothing is."""

from dataclasses import replace

import pytest

from kaohe.analysis.answered import Answered
from kaohe.analysis.backtest import Backtest, under
from kaohe.analysis.backtestjson import backtest_json
from kaohe.analysis.health import health
from kaohe.analysis.healthjson import health_json
from kaohe.charts.backtest import backtest_limits, backtest_says, moves, year_part
from kaohe.charts.health import health_limits, health_says, items_table, proposals_table, weights
from tests.answering import BY_READING, POLICY, clean, item, scored, text, year
from tests.scoring.anyscheme import scheme_of


def of_items(units, **more):
    return Answered("health", "2018-2019", "", answer=health_json(health([scored(units, **more)])))


@pytest.fixture(scope="module")
def weighed():
    units = clean(5, 16)
    return of_items({name: {**each, "a": 40 * place, "b": 9} for place, (name, each) in enumerate(units.items())})


def test_what_items_weigh_is_drawn_as_it_was_found(weighed):
    drawn = weights(weighed, "all")
    bars, dots = drawn.data
    shares = {item["id"]: item["by_group"]["all"] for item in weighed.answer["items"]}
    shown = sorted(shares, key=lambda name: -max(shares[name]["effective_weight"], shares[name]["nominal_weight"]))
    assert list(dots.x) == [shares[name]["effective_weight"] for name in shown]
    assert list(bars.x) == [shares[name]["nominal_weight"] for name in shown]
    ends = zip(dots.x, dots.error_x.arrayminus, dots.error_x.array, strict=True)
    assert [pytest.approx((at - low, at + high)) for at, low, high in ends] == [
        tuple(shares[name]["effective_interval"]) for name in shown
    ]
    title = drawn.layout.meta["title"]
    assert title.startswith("全部：A 项a分值占 20.0%，却占总分差异的 ")
    assert title.split("；")[1:] == [] or "，只占总分差异的 " in title.split("；")[1]


def test_a_proposal_stands_in_the_sentence_and_in_the_table(weighed):
    assert "同分" in health_says(weighed)
    assert weighed.answer["proposals"][0]["evidence"][0] in proposals_table(weighed)
    assert "只看了一年" in health_says(weighed)
    assert "这些数据还看不出的：" in health_says(weighed)
    assert "同分" not in str(health_says(weighed)).split("看不出的：")[1]
    assert items_table(weighed).count("<tr") == 1 + len(weighed.answer["items"])


def test_two_units_are_told_why_nothing_is_drawn():
    found = of_items(clean(8, 2))
    drawn = weights(found, "all")
    assert (len(drawn.data), drawn.layout.meta["title"]) == (0, "全部：各项的实际分量没有算")
    assert "没有哪一项" in health_says(found)
    assert "不足 5 个" in health_limits(found)


def of_draft(*items):
    intake, book = year()
    draft = scheme_of(text(*items) + POLICY)
    found = under(draft, intake, book)
    gap = replace(found, year="2017-2018", problem="数据有错", units=())
    return Answered("backtest", "2018-2019", "", answer=backtest_json(Backtest("x", "草案", (gap, found))))


def test_moves_are_drawn_a_row_a_unit_the_farthest_first():
    found = of_draft(item("A", BY_READING), item("J", "{kind: judged}", 4))
    drawn = moves(found)
    (heat,) = drawn.data
    assert list(heat.x) == ["2018-2019"]  # the other year says why it is not there
    assert [row[0] for row in heat.z] == [2, -1, -1]
    assert heat.text[0][0] == "第 3 → 1 名"
    assert "V：第 3 → 1 名" in heat.hovertext[0][0]
    assert drawn.layout.meta["title"] == "变动最大：V 2018-2019 由第 3 名到第 1 名"
    assert "2017-2018 没有算：数据有错" in backtest_says(found)
    assert "没有算：数据有错" in year_part(found, "2017-2018")
    told = year_part(found, "2018-2019")
    assert "−5.33" in told  # what units lost by the item that goes
    assert "<h3>缺哪些数据</h3>" in told
    assert "按不适用处理" in backtest_limits(found)


def test_a_draft_that_moves_nobody_says_so():
    three = [item("A", BY_READING), item("B", "b"), item("J", "{kind: judged}", 4)]
    drawn = moves(of_draft(*three))
    assert (len(drawn.data), drawn.layout.meta["title"]) == (0, "按草案，没有单位的名次或等次会变")
