"""Kinds of figures in a whole scheme: read, scored with the tree, missing years told."""

import numpy as np
import pytest

from kaohe.rules import FLOAT
from kaohe.scheme import SchemeError
from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from tests.scoring.anyscheme import HEAD, ONE_GROUP, scheme_of, scored, year_of

UNITS = {"u1": {"a": 3, "b": 4}, "u2": {"a": 6, "b": 2}, "u3": {"a": 2, "b": 2}}
ONE = "items: [{id: total, name: 总分, items: [{id: x, name: 甲, full: 10, rule: %s}]}]\n"


def points(book, item):
    found = book.nodes[book.nodes["item"] == item]
    return dict(zip(found["unit_id"], found["points"], strict=True))


def test_places_by_another_items_points_and_steps_after_them():
    text = """
items:
  - id: total
    name: 总分
    then: [{times: 2, if: {value: {kind: score, of: y}, at_least: 10}}, {at_most: 30}]
    items:
      - {id: x, name: 甲, full: 10, rule: {kind: share, value: a, of: best}}
      - {id: y, name: 乙, full: 10, rule: {kind: ladder, by: {kind: score, of: x}, points: [10, 8, 6]}}
"""
    book = scored(text, UNITS)
    assert points(book, "x") == pytest.approx({"u1": 5, "u2": 10, "u3": 10 / 3})
    assert points(book, "y") == {"u1": 8, "u2": 10, "u3": 6}
    assert points(book, "total") == pytest.approx({"u1": 13, "u2": 30, "u3": 28 / 3})


def test_what_is_no_fraction_is_ranked_and_told():
    book = scored(ONE % "{kind: line, scale: log, value: a, through: [[1, 0], [10, 1]]}", UNITS)
    assert points(book, "total") == pytest.approx(
        {"u1": 0.477121254719662, "u2": 0.778151250383644, "u3": 0.301029995663981}
    )
    assert dict(zip(book.results["unit_id"], book.results["rank"], strict=True)) == {"u1": 2, "u2": 1, "u3": 3}


def test_names_inside_new_kinds_are_looked_up():
    line = "{kind: line, value: a, through: [[0, 0], [nix, 1]]}"
    rule = f"{{kind: over, each: month, fold: mean, of: {{kind: rank, among: nobody, of: {line}}}}}"
    with pytest.raises(SchemeError) as found:
        scheme_of(ONE % rule)
    told = [str(problem) for problem in found.value.problems]
    assert len(told) == 3
    for field, name in (("each", "month"), ("among", "nobody"), ("through", "nix")):
        assert any(field in each and name in each for each in told)


def test_a_line_below_zero_is_said_in_brackets_and_rates_as_percentages():
    text = ONE % "{kind: line, value: rise, through: [[-5%, 100], [0, 50]]}"
    head = HEAD + ONE_GROUP + "metrics: {rise: {name: 增长, unit: '%', kind: rate, office: 处, least: -100%}}\n"
    book = scored(text, {"u1": {"rise": "-1/100"}}, head=head)
    said = [each.text for each in book.cell("u1", "x").sentences]
    assert said == ["增长 -1%；100 + （-1% − （-5%））÷（0% − （-5%）） ×（50 − 100）= 60"]


def test_in_doubles_there_is_no_logarithm_of_nothing_and_nobody_is_warned_of_it(recwarn):
    text = ONE % "{kind: pool, of: {kind: log, of: a}, how: percentile, at: 25%}"
    scheme = scheme_of(text)
    found = results(run(bind(scheme, resolve(scheme), year_of({"u1": {"a": 0}, "u2": {"a": 1}})), FLOAT))
    assert np.isnan(found.total).all()
    assert not recwarn.list
