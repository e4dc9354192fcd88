"""Robustness: a draw is the year scored with those raters, planted raters are found, and a clean year is silent."""

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import correlation, mean, median, pstdev, stdev

import numpy as np
import pytest

from kaohe.analysis.calibration import answer as calibrate
from kaohe.analysis.calibration import answer_in_letters
from kaohe.analysis.exact import from_exact
from kaohe.analysis.leftout import without_items, without_raters
from kaohe.analysis.resampling import resampled
from kaohe.analysis.robust import answer, robust, robust_json, scored_exactly
from kaohe.charts.robustwords import findings, limits
from kaohe.intake import read_year
from kaohe.intake.reading import Intake
from kaohe.intake.tables.data import Mark, Rating, Votes
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from kaohe.scoring.score import score_intake
from kaohe.scoring.simulate import simulate
from tests.analysis.agreed import agreed
from tests.analysis.test_agreement import by_hand, w_by_hand
from tests.scoring.anyscheme import scheme_of, year_of
from tests.small import DEMO, small_year

F = Fraction

SCHEME = """
votes:
  ballot: {name: 测评, paper: counts, options: {good: {name: 好, worth: 100}, bad: {name: 差, worth: 50}}, out_of: 100}
  heads: {name: 领导打分, paper: marks, out_of: 100, combine: {how: HOW}}
items:
  - id: total
    name: 总分
    items:
      - {id: V, name: 测评, full: 20, rule: {kind: vote, vote: ballot}}
      - {id: H, name: 领导, full: 20, rule: {kind: vote, vote: heads}}
      - {id: P, name: 工作, items: [
          {id: J, name: 质量, full: 100, rule: {kind: judged, panel: HOW}},
          {id: K, name: 效率, full: 100, rule: {kind: judged, panel: PANEL}}]}
      - {id: Q, name: 规模, items: [{id: M, name: 人数, full: 10, rule: a}, {id: N, name: 面积, full: 10, rule: b}]}
results: {grades: [{id: A, name: 优秀, role: top, quota: {places: 1}}, {id: B, name: 合格}]}
"""
TRUE = {"甲": 86, "乙": 85, "丙": 70, "丁": 60}
"""What everybody thinks of each unit's work."""


def year(marks=None, *, how="mean", panel="mean", units=TRUE, voters=(90, 89, 88), good=30):
    """A year in which each unit is rated by (rater → points) of `marks`; scored, and as it was read."""
    scheme = scheme_of(SCHEME.replace("HOW", how).replace("PANEL", panel))
    rated = marks or {unit: dict.fromkeys(("r1", "r2", "r3", "r4", "r5"), value) for unit, value in units.items()}
    data = year_of({unit: {"a": 5, "b": 5} for unit in units})
    data = replace(
        data,
        ratings={
            (unit, item): tuple(Rating(rater, F(points)) for rater, points in rated[unit].items())
            for unit in units
            for item in ("J", "K")
            if rated[unit]
        },
        votes={
            (unit, "ballot", ""): Votes({("", "good"): F(good), ("", "bad"): F(10)}) for unit in units
        },
        marks={
            (unit, "heads", ""): tuple(Mark(f"v{at}", "", F(mark)) for at, mark in enumerate(voters)) for unit in units
        },
    )  # fmt: skip
    policies = resolve(scheme)
    return Intake(data.year, scheme, policies, data, ()), score_data(scheme, policies, data)


def noisy(seed=0, raters=5, off=None):
    """Ratings with chance in them: unit → rater → points; `off` a rater's own error at some units."""
    random = np.random.default_rng(seed)
    return {
        unit: {
            f"r{at}": int(value + random.integers(-3, 4)) + (off or {}).get((f"r{at}", unit), 0)
            for at in range(1, raters + 1)
        }
        for unit, value in TRUE.items()
    }


WAYS = ("mean", "median", "trimmed")
DROPPING = "{how: mean, from: 4, drop_highest: 1, drop_lowest: 2}"


@pytest.mark.parametrize(("how", "panel"), [*((way, way) for way in WAYS), ("mean", DROPPING)])
def test_a_draw_is_the_year_scored_with_those_raters(how, panel):
    intake, book = year(noisy(), how=how, panel=panel, voters=(90, 85, 70, 66, 95))
    _, base = scored_exactly(intake, book)
    for only, field in (("raters", "ratings"), ("marks", "marks")):
        draft = resampled(base, 6, seed=4, shaken=0.1, only=only)
        found = simulate(base.evaluation.bound, draft.scenarios, chunk=4)
        (source,) = draft.scenarios.sources
        (panel_,) = source.panels
        names = [source.sheet.raters[column] for column in panel_.columns]
        for at, picks in enumerate(panel_.picks):
            rows = {
                cell: tuple(_as_drawn(given, [names[pick] for pick in picks]))
                for cell, given in getattr(intake.data, field).items()
            }
            then = results(run(bind(intake.scheme, intake.policies, replace(intake.data, **{field: rows}))))
            assert found.total[at] == pytest.approx(then.total.astype(float))
            assert found.rank[at].tolist() == then.rank.tolist()


def _as_drawn(given, names):
    """One rated as often as drawn, each time as somebody of their own."""
    by_name = {getattr(row, "rater", None) or row.voter: row for row in given}
    for at, name in enumerate(names):
        row = by_name[name]
        yield replace(row, rater=f"{at}") if isinstance(row, Rating) else replace(row, voter=f"{at}")


def test_ballots_and_weights_spread_as_they_must():
    intake, book = year()
    _, base = scored_exactly(intake, book)
    ballots = simulate(base.evaluation.bound, resampled(base, 20_000, 1, shaken=0, only="ballots").scenarios).total
    share = 30 / 40  # of 40 papers, each of them worth 100 or 50 of 100, of 20 points
    assert ballots.std(axis=0) == pytest.approx(20 * 0.5 * (share * (1 - share) / 40) ** 0.5, rel=0.03)
    draft = resampled(base, 500, 1, shaken=0.2, only="weights")
    drawn = draft.scenarios.part(0, 500).weights
    assert set(drawn) == {"V", "H", "P", "Q"}  # what stands beside each other, not leaves under a mere heading
    fulls = {"V": 20, "H": 20, "P": 200, "Q": 20}
    assert sum(fulls[name] * factor for name, factor in drawn.items()) == pytest.approx(sum(fulls.values()))
    assert all(factor.min() > 0.8 / 1.2 and factor.max() < 1.2 / 0.8 for factor in drawn.values())


def planted():
    """One who is 8 points strict sits on the panels of 甲 and 丙 alone, and takes the place from 甲."""
    marks = {unit: dict.fromkeys(("r1", "r2", "r3", "r4"), value) for unit, value in TRUE.items()}
    for unit, other in (("甲", 8), ("乙", 0), ("丙", 8), ("丁", 0)):
        marks[unit]["strict" if other else "r5"] = TRUE[unit] - other
    return year(marks)


def test_a_strict_rater_who_decides_the_place_is_found():
    intake, book = planted()
    assert [unit.unit_id for unit in book.ranking("all")][:2] == ["乙", "甲"]
    found = answer(intake, book)
    raters = {each["rater"]: each for each in found["raters"] if not each["of"]}
    assert raters["strict"]["severity"] == 8
    assert raters["strict"]["marks"] == ["strict", "decides"]
    assert raters["strict"]["decides"] == ["甲", "乙"]
    assert [name for name, each in raters.items() if each["marks"]] == ["strict"]
    (out,) = [each for each in found["leave_one_rater_out"] if each["out"] == "strict"]
    assert out["moved"] == [
        {"unit": "甲", "rank": 2, "rank_then": 1, "grade": "合格", "grade_then": "优秀"},
        {"unit": "乙", "rank": 1, "rank_then": 2, "grade": "优秀", "grade_then": "合格"},
    ]
    assert any("strict" in said and "8.0" in said for said in findings(found))
    agreed("robust", found, empty=("leave_one_item_out",))


def test_who_rates_everyone_alike_is_told_from_an_item_that_is_full_for_everyone():
    marks = noisy()
    for unit in marks:
        marks[unit]["r3"] = 80
    intake, book = year(marks)
    found = answer(intake, book)
    assert [each["rater"] for each in found["raters"] if "flat" in each["marks"]] == ["r3"]
    everyone = year({unit: dict.fromkeys(("r1", "r2", "r3"), 100) for unit in TRUE})
    assert not any(each["marks"] for each in answer(*everyone)["raters"])


@cache
def demo(name):
    intake = read_year(DEMO, name)
    return intake, score_intake(intake)


@pytest.mark.slow
def test_the_stories_of_the_demonstration_years_are_found_and_a_clean_year_is_silent():
    marked = {}
    for name in ("2018-2019", "2019-2020", "2020-2021"):
        found = calibrate(*demo(name))
        marked[name] = {each["rater"]: each["marks"] for each in found["raters"] if each["marks"]}
    assert marked == {"2018-2019": {}, "2019-2020": {"评委4": ["strict"]}, "2020-2021": {"评委3": ["flat"]}}


@pytest.mark.parametrize("seed", range(3))
def test_a_clean_generated_year_has_no_marks_and_settled_places(seed):
    rng = np.random.default_rng(seed)
    marks = {
        unit: {f"r{at}": 90 - 12 * place + int(rng.integers(-2, 3)) for at in range(5)}
        for place, unit in enumerate(TRUE)
    }
    found = answer(*year(marks))
    assert not any(each["marks"] for each in found["raters"])
    assert [(unit["low"], unit["high"]) for unit in found["units"].values()] == [(at, at) for at in (1, 2, 3, 4)]
    assert [unit["in_quota"] for unit in found["units"].values()] == [1, 0, 0, 0]


def test_leaving_out_is_scoring_again_in_full(tmp_path):
    """Items as if everyone were exempt, raters as if they had handed in nothing: against a year bound anew."""
    small_year(tmp_path)
    intake = read_year(tmp_path / "raw", "2018-2019")
    now, base = scored_exactly(intake, score_intake(intake))
    scheme, policies, data = intake.scheme, intake.policies, intake.data

    def anew(data):
        then = results(run(bind(scheme, policies, data)))
        before = zip(base.rank.tolist(), base.by_points.tolist(), strict=True)
        after = zip(then.rank.tolist(), then.by_points.tolist(), strict=True)
        pairs = zip(data.units, before, after, strict=True)
        return then, [(unit.unit_id, *old, *new) for unit, old, new in pairs if old != new]

    for out in without_raters(now, base):
        ratings = {cell: tuple(row for row in rows if row.rater != out.out) for cell, rows in data.ratings.items()}
        marks = {cell: tuple(row for row in rows if row.voter != out.out) for cell, rows in data.marks.items()}
        _, moved = anew(replace(data, marks=marks) if out.of else replace(data, ratings=ratings))
        assert [(s.unit, s.rank, s.grade, s.rank_then, s.grade_then) for s in out.moved] == moved
    items = {out.out: out for out in without_items(now, base)}
    assert {"ballot", "leader"} < set(items)
    for name in [*list(items)[3:-2:17], "K6", "K4.2"]:
        exempt = {(unit.unit_id, name): "" for unit in data.units}
        then, moved = anew(replace(data, exemptions={**data.exemptions, **exempt}))
        assert [(s.unit, s.rank, s.grade, s.rank_then, s.grade_then) for s in items[name].moved] == moved
        assert results(run(now.bound.without(name))).total.tolist() == then.total.tolist()
    bare = results(run(now.bound.without("ballot")))
    ballot = base.evaluation.node("ballot").points
    assert (bare.total == base.total - ballot).all()
    assert (bare.attainable == base.attainable - base.evaluation.node("ballot").full).all()


def test_the_json_is_what_was_agreed_and_same_seed_same_bytes():
    intake, book = year(noisy())
    texts = [json.dumps(robust_json(robust(intake, book, draws=200, seed=seed))) for seed in (5, 5, 6)]
    assert texts[0] == texts[1] != texts[2]
    found = json.loads(texts[0])
    assert (found["draws"], found["seed"], found["level"]) == (200, 5, 0.95)
    for unit in found["units"].values():
        assert unit["low"] <= unit["rank"] <= unit["high"]
        assert unit["score_low"] <= F(unit["total"]) <= unit["score_high"]
    assert sum(unit["in_quota"] for unit in found["units"].values()) == pytest.approx(1)
    assert {each["out"] for each in found["leave_one_item_out"]} == {"V", "H", "J", "K", "M", "N"}


def uneven():
    """One rater left out of one unit, so that not all means are of the same people."""
    marks = noisy(4)
    del marks["丁"]["r5"]
    return marks


def test_raters_are_those_of_a_plain_second_way():
    """Severity, its error, spread and agreement; agreement of all, and how far apart they are on an item."""
    marks = uneven()
    found = calibrate(*year(marks))
    raters = {each["rater"]: each for each in found["raters"] if not each["of"]}
    for name, told in raters.items():
        mine = [rated for rated in marks.values() if name in rated]
        own = [rated[name] for rated in mine]
        others = [mean(mark for rater, mark in rated.items() if rater != name) for rated in mine]
        off = [median(rated.values()) - rated[name] for rated in mine] * 2  # two items are rated alike
        assert told["n"] == len(off)
        assert told["severity"] == pytest.approx(mean(off), abs=1e-4)
        assert told["severity_error"] == pytest.approx(stdev(off) / len(off) ** 0.5, abs=1e-4)
        assert told["spread"] == pytest.approx(pstdev(own), abs=1e-4)
        assert told["agreement"] == pytest.approx(correlation(own, others), abs=1e-4)
    everywhere = [[rated[f"r{at}"] for at in range(1, 5)] for rated in marks.values()]
    of_all = found["agreement"]["all"]
    assert of_all["kendall_w"] == pytest.approx(w_by_hand(everywhere), abs=1e-4)
    by_name = by_hand(everywhere)
    for name in ("icc2", "icc2k", "icc3", "icc3k"):
        assert of_all[name] == pytest.approx(by_name[name], abs=1e-4)
    apart = {unit: max(rated.values()) - min(rated.values()) for unit, rated in marks.items()}
    (item,) = (each for each in found["items"] if each["id"] == "J")
    assert item["spread"] == pytest.approx(mean(pstdev(rated.values()) for rated in marks.values()), abs=1e-4)
    assert (item["range"], item["widest"]) == (max(apart.values()), max(apart, key=apart.get))


def test_shares_of_draws_are_counted_one_by_one_too():
    intake, book = year(uneven())
    _, base = scored_exactly(intake, book)
    totals = simulate(base.evaluation.bound, resampled(base, 300, 8, shaken=0.1).scenarios).total
    told = robust_json(robust(intake, book, draws=300, seed=8))
    drawn = dict(zip(TRUE, totals.T.tolist(), strict=True))
    for unit, mine in told["units"].items():
        others = [each for name, each in drawn.items() if name != unit]
        first = sum(all(drawn[unit][at] > each[at] + 1e-9 for each in others) for at in range(300))  # no level place
        assert mine["in_quota"] == round(first / 300, 4)
        ordered, at = sorted(drawn[unit]), 0.025 * 299
        low = ordered[int(at)] + (at % 1) * (ordered[int(at) + 1] - ordered[int(at)])
        assert mine["score_low"] == pytest.approx(low, abs=1e-4)
        assert mine["score_sd"] == pytest.approx(pstdev(drawn[unit]), abs=1e-4)
    assert told["pairs"]
    for each in told["pairs"]:
        ahead = sum(one > other for one, other in zip(drawn[each["above"]], drawn[each["below"]], strict=True))
        assert each["share"] == round(ahead / 300, 4)


def test_units_in_another_order_change_nothing_else():
    marks = noisy(3)
    there, back = (answer(*year(marks, units=dict(order))) for order in (TRUE.items(), reversed(TRUE.items())))
    for unit in TRUE:
        one, other = there["units"][unit], back["units"][unit]
        assert (one["rank"], one["total"], one["grade"]) == (other["rank"], other["total"], other["grade"])

    def outs(found, name):
        return {each["out"]: sorted(map(str, each["moved"])) for each in found[name]}

    for name in ("leave_one_rater_out", "leave_one_item_out"):
        assert outs(there, name) == outs(back, name)
    named = [
        {each["rater"]: (each["severity"], each["agreement"]) for each in found["raters"]} for found in (there, back)
    ]
    assert named[0] == named[1]


FEW = {
    "one rater": {unit: {"r1": value} for unit, value in TRUE.items()},
    "two raters": {unit: {"r1": value, "r2": value - 9} for unit, value in TRUE.items()},
}


@pytest.mark.parametrize("name", FEW)
def test_of_fewer_than_three_raters_a_sentence_is_said(name):
    found = answer(*year(FEW[name], voters=(90, 80)))
    assert all(each["severity"] is None and "不足 3 位" in each["why"] for each in found["raters"])
    assert all(each["kendall_w"] is None and each["why"] for each in found["agreement"].values())
    assert found["leave_one_rater_out"] == []
    assert found["drawn"] == ["ballots", "weights"]
    assert any("不足 3 位" in said for said in findings(found))
    assert any("不重抽样" in said for said in limits(found))


def test_years_with_nothing_to_compare_say_so():
    same = answer(*year(units=dict.fromkeys(TRUE, 80), good=0))
    assert {(unit["rank"], unit["low"], unit["high"]) for unit in same["units"].values()} == {(1, 1, 4)}
    assert same["agreement"]["all"]["kendall_w"] is None
    assert findings(same)
    two = answer(*year(units={"甲": 80, "乙": 70}))
    assert two["agreement"]["all"]["why"].startswith("只有 2 个单位")
    assert findings(two)
    one = answer(*year(units={"甲": 80}))
    assert (one["units"]["甲"]["low"], one["units"]["甲"]["high"], one["pairs"]) == (1, 1, [])
    assert any("只有 1 个单位" in said for said in findings(one))


def test_a_scheme_without_raters_votes_and_grades_says_so(tmp_path):
    from tests.batch.test_other_schemes import COUNTRIES, METRICS

    raw = tmp_path / "raw" / "2021"
    raw.mkdir(parents=True)
    Path(tmp_path / "kaohe.yaml").write_text("scheme: undp-hdi-2021\n", encoding="utf-8")
    units = [f"{unit},{name},country" for unit, (name, *_) in COUNTRIES.items()]
    (raw / "units.csv").write_text("\n".join(["unit_id,name,category", *units]), encoding="utf-8")
    rows = [f"{u},{m},{v}" for u, (_, *values) in COUNTRIES.items() for m, v in zip(METRICS, values, strict=True)]
    (raw / "metrics.csv").write_text("\n".join(["unit_id,metric,value", *rows]), encoding="utf-8")
    intake = read_year(tmp_path / "raw", "2021")
    found = answer(intake, score_intake(intake))
    assert {(unit["rank"], unit["in_quota"]) for unit in found["units"].values()} == {(at, None) for at in (1, 2, 3)}
    assert found["raters"] == []
    assert any("没有可以重抽样的" in said for said in findings(found))
    assert any("没有可扰动的权重" in said for said in limits(found))


def test_the_projected_page_names_nobody():
    intake, book = planted()
    open_, closed = calibrate(intake, book), answer_in_letters(intake, book)
    assert [each["letter"] for each in closed["raters"]] == list("ABCDEFGHI")
    assert (closed["raters"][0]["rater"], open_["raters"][0]["rater"]) == ("A", "strict")
    text = json.dumps(closed, ensure_ascii=False)
    for name in ("strict", "r1", "r5", "v0"):
        assert f'"{name}"' not in text.replace('["strict", "decides"]', "")
    assert [each["out"] for each in closed["leave_one_rater_out"]] == [
        next(each["letter"] for each in open_["raters"] if (each["rater"], each["of"]) == (out["out"], out["of"]))
        for out in open_["leave_one_rater_out"]
    ]
    outs = [each["out"] for each in closed["leave_one_rater_out"]]
    assert outs == sorted(outs)  # the order of the names would tell them
    assert open_["items"][0]["range"] == 8
    for each in (open_, closed):
        agreed("calibration", each)


def test_two_ratings_agree_with_nobody():
    """They lie on a line, whatever they are; three say something."""
    marks = {unit: {f"r{at}": value + at for at in range(1, 6)} for unit, value in TRUE.items()}
    for few in (2, 4):
        some = dict(list(marks.items())[few // 2 :])
        left = {unit: {name: at for name, at in rated.items() if name != "r5"} for unit, rated in some.items()}
        (found,) = (each for each in answer(*year({**marks, **left}))["raters"] if each["rater"] == "r5")
        assert (found["n"], found["agreement"] is None) == (few, few == 2)


def test_a_mark_takes_more_than_chance():
    """One unit's ratings far off are chance, though they may decide; who turns all round is against the others."""
    off = dict.fromkeys([("r1", "甲")], -30)
    found = {each["rater"]: each for each in answer(*year(noisy(1, off=off)))["raters"]}
    assert found["r1"]["severity"] > 5
    assert "strict" not in found["r1"]["marks"]
    turned = noisy(2)
    for unit in turned:
        turned[unit]["r1"] = 150 - TRUE[unit]
    assert "contrary" in {each["rater"]: each["marks"] for each in answer(*year(turned))["raters"]}["r1"]


GRADED = "results: {grades: [{id: A, name: 优, at_least: 5}, {id: B, name: 差}]}\n"


@pytest.mark.parametrize(("grades", "says"), [(GRADED, "没有哪一项单独左右等次"), ("", "办法不分等次")])
def test_an_item_without_which_a_unit_has_no_total_decides_nothing(grades, says):
    item = "items: [{id: total, name: 总分, missing: unrated, items: [{id: X, name: 项, full: 10, rule: a}]}]\n"
    scheme = scheme_of(item + grades)
    data, policies = year_of({"甲": {"a": 6}, "乙": {"a": 3}}), resolve(scheme)
    found = answer(Intake(data.year, scheme, policies, data, ()), score_data(scheme, policies, data))
    (out,) = found["leave_one_item_out"]
    assert {shift["rank_then"] for shift in out["moved"]} == {0}
    assert any(says in said for said in findings(found))


@pytest.mark.parametrize(
    "judged",
    [
        "{id: J, name: 质量, full: 100, each: term, fold: mean, rule: {kind: judged}}",
        "{id: W, name: 学期评, each: term, fold: mean, items: [{id: J, name: 质量, full: 100, rule: {kind: judged}}]}",
    ],
)
def test_what_is_rated_each_term_is_drawn_each_term(judged):
    text = "dimensions: {term: {name: 学期, of: 2}}\n"
    text += f"items: [{{id: total, name: 总分, items: [{judged}, {{id: M, name: 数, full: 10, rule: a}}]}}]\n"
    scheme, random = scheme_of(text), np.random.default_rng(0)
    data = year_of({unit: {"a": 3} for unit in TRUE})
    rated = {
        (unit, "J"): tuple(
            Rating(f"r{at}", F(int(random.integers(60, 95))), period=term) for term in "12" for at in range(4)
        )
        for unit in TRUE
    }
    data, policies = replace(data, ratings=rated), resolve(scheme)
    _, base = scored_exactly(Intake(data.year, scheme, policies, data, ()), score_data(scheme, policies, data))
    draft = resampled(base, 5, 1, shaken=0, only="raters")
    drawn = draft.scenarios.part(0, 5).ratings
    assert set(drawn) == {("J", "1"), ("J", "2")}
    found = simulate(base.evaluation.bound, draft.scenarios).total
    assert found == pytest.approx((drawn["J", "1"] + drawn["J", "2"]) / 2 + 3)
    assert found.std() > 0


def test_totals_that_are_roots_are_written_exactly():
    """The root of 2·3."""
    items = "[{id: A, name: 甲, rule: a}, {id: B, name: 乙, rule: b}]"
    scheme = scheme_of(f"items: [{{id: total, name: 总分, combine: geometric_mean, items: {items}}}]")
    data, policies = year_of({"U": {"a": 2, "b": 3}, "V": {"a": 5, "b": 3}}), resolve(scheme)
    book = score_data(scheme, policies, data)
    found = robust_json(robust(Intake(data.year, scheme, policies, data, ()), book, draws=20))
    told = json.loads(json.dumps(found))["units"]
    assert float(from_exact(told["U"]["total"])) == pytest.approx(6**0.5)
