"""With how many decimals points are shown: what the regulation leaves of them, by its own words."""

from fractions import Fraction

import pytest

from kaohe.analysis.public import public_units, public_year
from kaohe.charts.amounts import gain, points, reached, total
from kaohe.charts.notation import two
from kaohe.scheme import shipped
from tests.scoring.anyscheme import HEAD, ONE_GROUP, scheme_of, scored

COUNTS = "metrics:\n" + "".join(
    f"  {name}: {{name: 数{name}, unit: 个, kind: {kind}, office: 处}}\n"
    for name, kind in {"a": "number", "b": "number", "w": "count", "d": "count"}.items()
)
SPLIT = HEAD + ONE_GROUP + COUNTS


def whole(rules, then=""):
    items = "".join(f"      - {{id: i{at}, name: 项{at}, rule: {rule}}}\n" for at, rule in enumerate(rules))
    return f"items:\n  - id: total\n    name: 总分\n    items:\n{items}{then}"


def decimals(text):
    found = scheme_of(text, head=SPLIT).decimals
    return [found["total"], *(found[name] for name in found if name.startswith("i"))]


@pytest.mark.parametrize(
    ("rules", "then", "shown"),
    [
        (["a", "b"], "", [2, 2, 2]),  # nothing is rounded
        (["a", "b"], "    then: [{round: 0.001}]", [3, 3, 3]),  # no part coarser than the whole
        (["a", "b"], "    then: [{round: 1}]", [0, 2, 2]),
        (["a", "b"], "    then: [{round: 5}]", [0, 2, 2]),
        (["a", "b"], "    then: [{round: 0.25}]", [2, 2, 2]),
        (["a", "b"], "    then: [{round: 0.1}, {times: 0.5}]", [2, 2, 2]),
        (["a", "b"], "    then: [{round: 0.1}, {at_most: 99.95}]", [2, 2, 2]),
        (["{kind: limit, of: a, round: 0.1}", "b"], "", [2, 1, 2]),
        (["{kind: limit, of: a, round: 0.1}", "{kind: limit, of: b, round: 1}"], "", [1, 1, 0]),
        (["{kind: product, parts: [3, w]}", "d"], "", [0, 0, 0]),  # three for a win, one for a draw
        (["{kind: product, parts: [0.5, w]}", "d"], "", [1, 1, 0]),
        (["{kind: quotient, of: w, to: d}", "d"], "", [2, 2, 2]),
        (["{kind: mean, parts: [w, d]}", "d"], "    then: [{round: 0.0001}]", [4, 4, 0]),
        (["{kind: when, if: {value: w, above: 0}, then: 1.25, else: w}", "d"], "", [2, 2, 0]),
        (["{kind: ladder, by: a, points: [3, 1], ties: mean}", "d"], "", [2, 2, 2]),
        (["{kind: ladder, by: a, points: [25, 18.5]}", "d"], "", [1, 1, 0]),
        (["{kind: score, of: i1}", "w"], "", [0, 0, 0]),
    ],
)  # fmt: skip
def test_as_many_as_the_words_leave(rules, then, shown):
    assert decimals(whole(rules, then)) == shown


def test_a_part_that_is_rounded_within_a_whole_that_is_not():
    parts = "{id: i0, name: 甲, items: [{id: x, name: 子, rule: a}], then: [{round: 0.1}]}, {id: i1, name: 乙, rule: b}"
    assert decimals(f"items: [{{id: total, name: 总分, items: [{parts}]}}]\n") == [2, 1, 2]


def test_what_counts_in_the_place_of_a_missing_figure_has_its_decimals_too():
    text = whole(["w", "d"]).replace("rule: w", "full: 12.5, missing: full, rule: w")
    assert decimals(text) == [1, 1, 0]
    book = scored(text, {"U1": {"d": 1}, "U2": {"w": 3, "d": 1}}, head=SPLIT)
    assert [total(book, unit) for unit in book.units] == ["13.5", "4.0"]


@pytest.mark.parametrize(
    ("scheme", "shown"),
    [("undp-hdi-2021", {3}), ("decathlon", {0}), ("epa-aqi-2013", {0}), ("heritage-ief-2019", {1, 2}),
     ("fina-diving-2000", {2}), ("lygtc-2018", {2})],
)  # fmt: skip
def test_published_systems_are_shown_as_they_are_published(scheme, shown):
    assert set(shipped(scheme).decimals.values()) == shown


def test_pages_and_public_pages_show_these_and_nothing_that_they_hide():
    text = whole(["a", "b"], "    then: [{round: 0.001}]")
    book = scored(text, {"U1": {"a": "0.5004", "b": "0.25"}, "U2": {"a": "0.5", "b": "0.25"}}, head=SPLIT)
    one, two_ = book.units
    assert (total(book, one), total(book, two_)) == ("0.750", "0.750")
    assert one.rank == two_.rank == 1  # the same once rounded
    assert points(book, "i0", Fraction("0.5004")) == "0.500"
    assert gain(book, Fraction("0.012")) == "+0.012"
    assert reached(book, book.cell("U1", "i0")) == "0.500"  # out of nothing
    assert {row.total for row in public_year(book).rows} == {Fraction("0.75")}
    assert {item.points for item in public_units(book)["U1"].items} == {Fraction("0.5"), Fraction("0.25")}


def test_more_are_shown_where_two_would_look_alike():
    assert two(Fraction("89.96"), [Fraction("89.98")], 1) == "89.960"
    assert two(Fraction("89.96"), [Fraction("89.96")], 1) == "90.0"
    assert two(Fraction("3"), [], 0) == "3"


def test_a_look_at_one_earlier_year_is_said_so_and_folds_nothing():
    rule = "{kind: growth, new: a, old: {kind: over, of: a, years: [1], fold: last}}"
    info = scored(whole([rule, "b"]), {"U1": {"a": 1, "b": 1}}, head=SPLIT).indicators["i0"]
    assert any("上一年的数a" in said for said in info.how)
    assert not any("最后一次" in said for said in info.how)
