"""The health of items: planted truths are found, a clean year is silent, and each figure is found in a second way."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from kaohe.analysis.health import health
from kaohe.analysis.healthjson import health_json
from kaohe.intake import Intake
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from tests.analysis.agreed import agreed
from tests.answering import clean, scored
from tests.scoring.anyscheme import scheme_of, year_of

F = Fraction
STEPS = "{kind: steps, value: a, bands: [{below: 10, points: 1}, {at_least: 10, points: 4}, {at_least: 99, points: 9}]}"


def looked(*years):
    return health_json(health(years))


def item(found, name):
    return next(each for each in found["items"] if each["id"] == name)


def kinds(found, name=None):
    return [each["kind"] for each in found["proposals"] if name in (None, each["id"])]


@pytest.mark.parametrize("seed", range(6))
def test_a_clean_year_is_silent_alone_and_among_others(seed):
    years = [scored(clean(10 * seed + place), f"20{place + 18}-20{place + 19}") for place in range(3)]
    for found in (looked(years[0]), looked(*years)):
        assert found["proposals"] == []
        assert all(each["redundant_with"] == [] for each in found["items"])


def test_an_item_full_for_everyone_is_named():
    units = {name: {**each, "a": 20} for name, each in clean().items()}
    found = looked(scored(units))
    assert kinds(found) == ["ceiling"]
    full = item(found, "A")
    assert (full["ceiling"], full["distinct"], full["discrimination"], full["effective_weight"]) == (1, 1, None, 0)
    assert {"why": "各单位得分全部相同", "items": ["A"]} in found["not_computed"]
    same = looked(scored({name: {**each, "a": 7} for name, each in clean().items()}))
    assert kinds(same) == ["no_difference"]


def test_two_items_that_measure_the_same_are_named_once():
    units = {name: {**each, "b": each["a"] / 2 + 1} for name, each in clean(1).items()}
    found = looked(scored(units))
    assert kinds(found) == ["redundant"]
    assert found["proposals"][0]["id"] == "B"
    (twin,) = item(found, "A")["redundant_with"]
    assert (twin["id"], twin["rho"]) == ("B", 1)
    assert 0.7 < twin["low"] < twin["high"] < 1
    assert [each["id"] for each in item(found, "B")["redundant_with"]] == ["A"]
    few = {name: units[name] for name in list(units)[:5]}
    assert looked(scored(few))["proposals"] == []  # five who agree are no proof


def test_a_tie_that_one_unit_breaks_is_no_evidence_that_two_items_are_one():
    units = {name: {**each, "a": 20 if name > "U00" else 3, "b": 15 if name > "U00" else 2}
             for name, each in clean(2).items()}  # fmt: skip
    assert item(looked(scored(units)), "A")["redundant_with"] == []


def test_a_self_score_twenty_above_the_panel_is_named():
    units = clean(3)
    units["U04"]["rated"]["J"] = [70, 70, 70]
    found = looked(scored(units, selves={"U04": 90}))
    assert kinds(found) == ["self_score"]
    (above,) = item(found, "J")["self_above"]
    assert (above["unit"], F(above["self"]) - F(above["panel"]), above["share"]) == ("U04", 4, 0.2)
    everybody = {unit: sum(each["rated"]["J"]) / 3 + 20 for unit, each in units.items()}
    mean = item(looked(scored(units, selves=everybody)), "J")["self_minus_panel"]
    assert mean == pytest.approx(4, abs=0.002)  # of 20 points, as 20 of 100


def test_what_one_rater_decides_is_named():
    units = clean(4)
    units["U03"]["rated"]["J"] = [75]
    found = looked(scored(units))
    assert item(found, "J")["decided_by_one_rater"] is True
    assert (kinds(found), item(found, "J")["raters"]) == (["one_rater"], {"fewest": 1, "most": 3})
    flat = {name: {**each, "rated": {"J": [each["rated"]["J"][0], 80, 80]}} for name, each in clean(4).items()}
    assert kinds(looked(scored(flat))) == ["one_rater"]
    assert item(looked(scored(clean(4))), "J")["decided_by_one_rater"] is False
    assert item(found, "A")["decided_by_one_rater"] is None


def test_a_band_that_nobody_reached_is_named_once_there_are_enough_who_could_have():
    years = [scored(clean(place), f"20{place + 18}-20{place + 19}", {"a": STEPS}) for place in range(3)]
    one, three = looked(years[0]), looked(*years)
    assert item(one, "A")["bands_unused"] == item(three, "A")["bands_unused"] == ["≥99 个 为 9 分"]
    assert kinds(one) == []  # of twelve it proves nothing
    assert kinds(three) == ["bands_unused"]
    assert "36 个单位次" in "".join(three["proposals"][0]["evidence"])


def test_an_item_that_decides_far_more_than_its_full_mark_is_named():
    units = {name: {**each, "a": 40 * place, "b": 9, "c": 9 + place % 2, "d": 8 + place % 3}
             for place, (name, each) in enumerate(clean(5, 16).items())}  # fmt: skip
    found = looked(scored(units))
    assert "heavy" in kinds(found, "A")
    assert item(found, "A")["effective_weight"] > 0.9
    assert item(found, "A")["nominal_weight"] == 0.2


def test_figures_are_those_of_plain_second_ways():
    intake, book = scored(clean(6))
    found = looked((intake, book))
    rows = {(unit.unit_id, name): float(book.points[unit.unit_id, name]) for unit in book.units for name in "ABCDJ"}
    table = pd.Series(rows).unstack()
    total = table.sum(axis=1)
    for name in "ABCDJ":
        mine, rest = table[name], total - table[name]
        each = item(found, name)
        assert each["discrimination"] == pytest.approx(np.corrcoef(mine, rest)[0, 1], abs=1e-6)
        assert each["effective_weight"] == pytest.approx(mine.cov(total) / total.var(), abs=1e-6)
        assert each["nominal_weight"] == 0.2
        assert (each["floor"], each["distinct"]) == (0, mine.nunique())
        shares = [
            mine.drop(unit).cov(total.drop(unit)) / total.drop(unit).var() for unit in table.index
        ]  # Tukey's jackknife; Student's 97.5 % of 11 degrees from the tables
        error = (11 / 12 * sum((share - np.mean(shares)) ** 2 for share in shares)) ** 0.5
        low, high = each["effective_interval"]
        assert (high - low) / 2 == pytest.approx(2.200985 * error, abs=2e-6)
        assert (high + low) / 2 == pytest.approx(each["effective_weight"], abs=2e-6)
    assert sum(each["effective_weight"] for each in found["items"]) == pytest.approx(1, abs=1e-5)
    above = [
        float(book.self_scores[unit.unit_id]["J"]) - table.loc[unit.unit_id, "J"] for unit in book.units
    ]  # fmt: skip
    assert item(found, "J")["self_minus_panel"] == pytest.approx(np.mean(above), abs=1e-6)


def test_units_in_another_order_under_other_names_change_nothing():
    units = clean(7)
    units = {name: {**each, "b": each["a"] + 1} for name, each in units.items()}
    renamed = {f"X{name}": units[name] for name in sorted(units, reverse=True)}
    selves = dict.fromkeys(units, 80), dict.fromkeys(renamed, 80)
    one, other = (looked(scored(each, selves=mine)) for each, mine in zip((units, renamed), selves, strict=True))

    def without_names(found):
        return [{**each, "self_above": sorted(row["share"] for row in each["self_above"])} for each in found["items"]]

    assert without_names(one) == without_names(other)


def test_two_units_give_sentences_and_no_figure():
    found = looked(scored(clean(8, 2)))
    assert found["proposals"] == []
    assert all(each["discrimination"] is None and each["effective_weight"] is None for each in found["items"])
    assert "有这一项的单位只有 2 个，不足 5 个" in [each["why"] for each in found["not_computed"]]


def test_a_total_that_is_no_sum_has_no_shares():
    mine = scheme_of(
        "items: [{id: total, name: 总分, combine: geometric_mean, items: [{id: A, name: 甲, rule: a}, "
        "{id: B, name: 乙, rule: b}]}]\n"
    )
    data = year_of({name: {"a": each["a"], "b": each["b"]} for name, each in clean(9).items()})
    intake = Intake("2018-2019", mine, resolve(mine), data, ())
    found = looked((intake, score_data(mine, intake.policies, data)))
    assert [each["effective_weight"] for each in found["items"]] == [None, None]
    assert any("总分不是各项之和" in each["why"] for each in found["not_computed"])


def test_an_item_that_was_something_else_before_is_left_out():
    intake, book = scored(clean(10), "2017-2018")
    other = replace(book, tree={**book.tree, "A": replace(book.tree["A"], name="别的项")})
    found = looked((intake, other), scored(clean(11)))
    assert (item(found, "A")["n"], item(found, "B")["n"]) == (12, 24)
    assert ["2017-2018 A 别的项"] in [each["items"] for each in found["not_computed"]]


def test_the_answer_is_plain_and_holds_what_the_specification_asks_for():
    units = {name: {**each, "b": each["a"] / 2 + 1} for name, each in clean(12).items()}
    found = looked(scored(units, rules={"c": STEPS}))
    assert json.loads(json.dumps(found)) == found
    agreed("health", found)
