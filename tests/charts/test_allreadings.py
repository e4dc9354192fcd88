"""The page of all combinations of readings: what it says is what is in its JSON."""

from functools import cache

from kaohe.analysis.answered import Answered
from kaohe.analysis.policiesjson import policies_json
from kaohe.charts.allreadings import flips_table, lines_table, policies_table, rank_ranges, readings_heading
from kaohe.charts.readingwords import findings, limits
from kaohe.charts.style import table_of
from tests.analysis.test_policies import small


@cache
def told():
    return policies_json(small()[1])


def answered():
    return Answered("policies", "2018-2019", "", answer=told())


def test_the_first_sentences_name_what_flips_a_grade_alone_and_what_only_together():
    said = findings(told())
    singles = {some[0]["name"] for flip in told()["flips"] for some in flip["sets"] if len(some) == 1}
    alone = {each["id"] for each in told()["policies"] if each["name"] in singles}
    assert alone
    assert {line.split()[1].partition("“")[0] for line in said if line.startswith("须先决定的是")} == alone
    assert any("最少要同时改 2 处读法" in line for line in said)
    assert "<ul" in readings_heading(answered())
    assert "decide.html" not in readings_heading(answered())  # a notebook alone has no page beside it


def test_the_chart_draws_every_range_and_its_title_counts_them():
    figure = rank_ranges(answered(), "all")
    bars, dots = figure.data
    units = sorted(told()["units"].values(), key=lambda each: each["rank"])
    assert [(round(base + 0.3), round(base + wide - 0.3)) for base, wide in zip(bars.base, bars.x, strict=True)] == [
        (each["rank_min"], each["rank_max"]) for each in units
    ]
    assert list(dots.x) == [each["rank"] for each in units]
    moving = sum(each["rank_min"] < each["rank_max"] for each in units)
    assert f"{moving} 个单位的名次随读法变动，{len(units) - moving} 个怎样读都不变" in figure.layout.meta["title"]
    assert all(each["name"] in table_of(figure) for each in units)


def test_tables_list_every_flip_reading_and_line():
    assert flips_table(answered()).count("<tr") == 1 + len(told()["flips"])
    assert policies_table(answered()).count("<tr") == 1 + len(told()["policies"])
    assert lines_table(answered()).count("<tr") == 1 + len(told()["units"])
    assert any("相互矛盾" in line for line in limits(told()))


def test_nothing_known_is_said_with_its_reason():
    nothing = {**told(), "units": {}, "flips": [], "unknown": {"all": "太多"}}
    assert findings(nothing) == ["没有算出任何单位：太多。"]
    assert (
        "没有名次可画" in rank_ranges(Answered("policies", "2018-2019", "", answer=nothing), "all").layout.meta["title"]
    )
