"""Each analysis at its edges: one rater, everybody equal, two units, one unit, no year before. A sentence, no figure
that nothing stands behind, and never a failure."""

import json
import re

import pytest

from kaohe.analysis.answered import Answered
from kaohe.analysis.backtest import Backtest, under
from kaohe.analysis.backtestjson import backtest_json
from kaohe.analysis.changed import changed, changed_json
from kaohe.analysis.kept import Side
from kaohe.analysis.questions import QUESTIONS
from kaohe.analysis.stability import stability
from kaohe.charts.allreadings import readings_heading
from kaohe.charts.backtestwords import backtest_finding
from kaohe.charts.calibration import calibration_heading, severities
from kaohe.charts.changed import changed_brief, changed_says
from kaohe.charts.goal import goals_says, group_says
from kaohe.charts.goalchart import goals_chart
from kaohe.charts.health import health_heading, health_says
from kaohe.charts.robust import rank_intervals, robust_heading
from kaohe.charts.sentences import years_findings
from kaohe.charts.stability import said, stability_table
from tests.analysis.test_robust import year

pytestmark = pytest.mark.slow

FOUR = {"甲": 86, "乙": 85, "丙": 70, "丁": 60}
EDGES = {
    "one rater": lambda: year({unit: {"r1": mark} for unit, mark in FOUR.items()}, voters=(90,)),
    "all equal": lambda: year(units=dict.fromkeys("甲乙丙", 80), voters=(90, 90, 90)),
    "two units": lambda: year(units={"甲": 86, "乙": 60}),
    "one unit": lambda: year(units={"甲": 86}),
}

SAYS = {
    ("policies", "one rater"): "没有可以组合的",
    ("policies", "all equal"): "没有可以组合的",
    ("policies", "two units"): "没有可以组合的",
    ("policies", "one unit"): "没有可以组合的",
    ("robust", "one rater"): "评分人不足 3 位，不作宽严、一致性的比较",
    ("robust", "all equal"): "甲、乙、丙总分并列待审议，去掉谁都可能分出先后，不算在内",
    ("robust", "two units"): "甲在全部抽样中都得优秀",
    ("robust", "one unit"): "只有 1 个单位，没有名次可比",
    ("calibration", "one rater"): "评分人不足 3 位，不作宽严、一致性的比较",
    ("calibration", "all equal"): "各项评分人之间都没有分歧",
    ("calibration", "two units"): "没有明显偏严、偏宽或不加区分的评分人",
    ("calibration", "one unit"): "没有明显偏严、偏宽或不加区分的评分人",
    ("goal", "one rater"): "就能前进一名的 1 个",
    ("goal", "all equal"): "甲离优秀只差 1 处",
    ("goal", "two units"): "三处以内不能前进的 1 个",
    ("goal", "one unit"): "没有可以前进一名的单位",
    ("health", "one rater"): "一位评分人决定：J 质量、K 效率",
    ("health", "all equal"): "没有哪一项有问题大到这些数据足以看出来",
    ("health", "two units"): "没有哪一项有问题大到这些数据足以看出来",
    ("health", "one unit"): "没有哪一项有问题大到这些数据足以看出来",
    ("changed", "one rater"): "4 个单位前后都有总分，总分都没有变",
    ("changed", "all equal"): "3 个单位前后都有总分，总分都没有变",
    ("changed", "two units"): "2 个单位前后都有总分，总分都没有变",
    ("changed", "one unit"): "1 个单位前后都有总分，总分都没有变",
    ("backtest", "one rater"): "4 个单位中名次变 0 个、等次变 0 个",
    ("backtest", "all equal"): "3 个单位中名次变 0 个、等次变 0 个",
    ("backtest", "two units"): "2 个单位中名次变 0 个、等次变 0 个",
    ("backtest", "one unit"): "1 个单位中名次变 0 个、等次变 0 个",
    ("stability", "one rater"): "甲：名次区间 1～2",
    ("stability", "all equal"): "乙：名次区间 1～3",
    ("stability", "two units"): "乙：名次区间 2",
    ("stability", "one unit"): "甲：名次区间 1",
}


def plain(*parts):
    """What a reader reads: no style, no tag."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", " ".join(map(str, parts)), flags=re.DOTALL))


def answer_of(name, intake, book):
    found = next(each for each in QUESTIONS if each.id == name).answer(intake, book)
    found = json.loads(json.dumps(found, allow_nan=False))
    return Answered(name, book.year, "", answer=found)


def of_policies(intake, book):
    return plain(readings_heading(answer_of("policies", intake, book)))


def of_robust(intake, book):
    found = answer_of("robust", intake, book)
    return plain(robust_heading(found), *(rank_intervals(found, key).layout.meta["text"] for key in book.groups))


def of_calibration(intake, book):
    found = answer_of("calibration", intake, book)
    return plain(calibration_heading(found), severities(found).layout.meta["text"])


def of_goal(intake, book):
    found = answer_of("goal", intake, book)
    drawn = [goals_chart(found, name).layout.meta["text"] for name in found.answer["groups"]]
    return plain(goals_says(found.answer), *(group_says(found.answer, name) for name in found.answer["groups"]), *drawn)


def of_health(intake, book):
    found = answer_of("health", intake, book)
    return plain(health_heading(found), health_says(found))


def of_changed(intake, book):
    found = changed_json(changed(Side("前", intake, book), Side("后", intake, book)))
    return plain(changed_says(found), changed_brief(found))


def of_backtest(intake, book):
    found = Backtest(book.scheme_id, book.scheme_title, (under(intake.scheme, intake, book),))
    return plain(backtest_finding(backtest_json(found)))


def of_stability(intake, book):
    found = stability(intake, book, draws=200)
    words = [f"{key}：{said(each)}" for key, each in found.units.items()]
    return plain(*words, *(stability_table(book, found, key) for key in book.groups))


SAID = {name.removeprefix("of_"): function for name, function in list(globals().items()) if name.startswith("of_")}


@pytest.fixture(scope="module", params=EDGES)
def edge(request):
    return request.param, *EDGES[request.param]()


@pytest.mark.parametrize("analysis", SAID)
def test_each_edge_gives_its_sentence(analysis, edge):
    name, intake, book = edge
    told = SAID[analysis](intake, book)
    assert SAYS[analysis, name] in told
    assert not re.search(r"nan|inf\b|None|null|-0\.00", told)


def test_every_question_about_a_year_is_in_the_table():
    asked = {each.id for each in QUESTIONS} - {"calibration_letters"}
    assert asked <= {analysis for analysis, _ in SAYS}
    assert set(SAYS) == {(analysis, name) for analysis in SAID for name in EDGES}


def test_without_a_year_before_that_is_said_and_nothing_is_compared():
    _, book = EDGES["two units"]()
    assert book.before is None
    told = plain(years_findings([book]))
    assert told.strip()
    assert "→" not in told
