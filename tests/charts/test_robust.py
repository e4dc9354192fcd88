"""Titles and drawings of robustness and calibration are true of the answer they are made from."""

import json

import pytest

from kaohe.analysis.answered import Answered
from kaohe.analysis.calibration import answer as calibrate
from kaohe.analysis.robust import robust, robust_json
from kaohe.charts.calibration import calibration_heading, calibration_limits, items_table, severities
from kaohe.charts.robust import (
    agreement_table,
    left_out_table,
    pairs_table,
    rank_intervals,
    raters_table,
    robust_heading,
    robust_limits,
)
from kaohe.charts.robustwords import share, signed_short
from kaohe.charts.style import table_of, text_of
from tests.analysis.test_robust import FEW, TRUE, noisy, planted, year


def asked(intake, book, answer):
    return Answered("robust", book.year, "", answer=json.loads(json.dumps(answer(intake, book))))


def robustly(intake, book):
    return robust_json(robust(intake, book, draws=300))


def test_what_is_drawn_is_what_was_found():
    answered = asked(*planted(), robustly)
    drawn = rank_intervals(answered, "all")
    sets, ranks, _ = drawn.data
    units = sorted(answered.answer["units"].items(), key=lambda each: each[1]["rank"])
    assert list(ranks.x) == [unit["rank"] for _, unit in units]
    assert [list(sets.x[at : at + 2]) for at in range(0, len(sets.x), 3)] == [[u["low"], u["high"]] for _, u in units]
    assert "虚线左边为优秀名额" in text_of(drawn)
    assert len(drawn.layout.shapes) == 1
    for name in TRUE:
        assert name in table_of(drawn)
    page = "".join([
        robust_heading(answered), pairs_table(answered), raters_table(answered), agreement_table(answered),
        left_out_table(answered, "leave_one_rater_out"), left_out_table(answered, "leave_one_item_out"),
        robust_limits(answered),
    ])  # fmt: skip
    for said in ("偏严", "左右等次", "优秀 → 合格", "不是某个名次为真的概率", "肯德尔 W"):
        assert said in page


def test_no_line_of_the_quota_where_the_first_are_barred():
    answered = asked(*planted(), robustly)
    found = answered.answer
    for unit in found["units"].values():
        unit["grade"] = "合格" if unit["rank"] == 1 else "优秀" if unit["rank"] == 2 else unit["grade"]
    assert not rank_intervals(answered, "all").layout.shapes


def test_the_strictest_stands_first_and_is_named_in_the_title():
    answered = asked(*planted(), calibrate)
    drawn = severities(answered)
    assert drawn.data[0].x[0] == -8
    assert text_of(drawn).startswith("strict 偏严 8.0 分")
    assert "strict" in calibration_heading(answered)
    assert "质量" in items_table(answered)
    assert "不等于评错" in calibration_limits(answered)
    assert "宽严相近" in text_of(severities(asked(*year(noisy()), calibrate)))


@pytest.mark.parametrize("name", FEW)
def test_of_few_raters_nothing_is_drawn(name):
    given = year(FEW[name], voters=(90, 80))
    assert "没有可以比较的评分人" in text_of(severities(asked(*given, calibrate)))
    assert "不足 3 位评分人" in raters_table(asked(*given, robustly))


def test_numbers_never_look_like_what_they_are_not():
    assert [share(each) for each in (0, 0.001, 0.5, 0.999, 1)] == ["0%", "不到 1%", "50%", "99% 以上", "100%"]
    assert [signed_short(each) for each in (-0.04, 0, 0.04, -8, 2.55)] == ["0.0", "0.0", "0.0", "−8.0", "+2.5"]
