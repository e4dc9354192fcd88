"""The items of the tree as a table beside scores and results, and numbers that are no fractions in a frozen book."""

import json
from fractions import Fraction

import pandas as pd
import pytest

from kaohe.rules.enclosed import Real, ln, normal, power
from kaohe.scoring import history
from kaohe.scoring.bookfile import FORMAT, frozen, thawed
from kaohe.scoring.exactly import plain_real, real_of
from kaohe.scoring.sound import TABLES, tables_of
from kaohe.scoring.write import differences, write_scores
from tests.scoring.anyscheme import scored

TREE = """
items:
  - id: total
    name: 总分
    combine: geometric_mean
    items:
      - id: sum
        name: 合计
        items: [{id: A, name: 甲, full: 10, rule: a}, {id: B, name: 乙, full: 10, rule: b}]
      - {id: L, name: 对数, rule: {kind: log, of: c}}
"""


@pytest.fixture(scope="module")
def book():
    return scored(TREE, {"U": {"a": 2, "b": 5, "c": 7}, "V": {"a": 3, "b": 5, "c": 9}})


def test_nodes_hold_every_item_of_every_unit(book, tmp_path):
    write_scores(tmp_path, book, {"year": book.year}, csv=True)
    table = pd.read_parquet(tmp_path / "nodes.parquet")
    assert list(table["item"]) == ["total", "sum", "A", "B", "L"] * 2
    assert list(table["parent"].fillna("")) == ["", "total", "sum", "sum", "total"] * 2
    assert table["points"].iloc[1] == 7
    assert table["points"].iloc[0] == pytest.approx((7 * float(ln(7))) ** 0.5)
    assert table["reason"].iloc[1] == "合计：甲 2 + 乙 5 = 7"
    assert list(pd.read_csv(tmp_path / "nodes.csv")["item"]) == list(table["item"])
    assert "nodes.parquet" in json.loads((tmp_path / "manifest.json").read_text())["results"]


def test_a_frozen_book_keeps_numbers_that_are_no_fractions_exactly(book):
    again = thawed(frozen(book))
    total = again.unit("U").total
    assert isinstance(total, Real)
    assert total.terms == book.unit("U").total.terms
    assert total == power(7 * ln(7), Fraction(1, 2))
    assert again.unit("V").total > total > Fraction(36, 10)
    assert frozen(again) == frozen(book)
    assert again.back == book.back


@pytest.mark.parametrize(
    "value",
    [
        ln(Fraction(3, 2)),
        power(2, Fraction(1, 3)),
        normal(Fraction(1)),
        normal(ln(3)),
        power(1 + ln(2), Fraction(1, 2)),
    ],
)
def test_every_such_number_comes_back_the_same(value):
    again = real_of(json.loads(json.dumps(plain_real(value))))
    assert (again.terms, again) == (value.terms, value)


def test_a_book_of_another_format_is_told_to_be_scored_again():
    with pytest.raises(ValueError, match=f"只认 {FORMAT}，请重新评分"):
        thawed(json.dumps({"format": FORMAT - 1, "book": {}}))


def test_manifests_written_before_there_were_nodes_are_still_understood():
    nothing = {"inputs": {}, "previous_inputs": {}, "policies": {}, "provisional": False}
    old = {**nothing, "year": "2018-2019", "scheme": {"sha256": "s"}}
    before = {**old, "kaohe": "0.1", "results": dict.fromkeys(TABLES, "0" * 64)}
    after = {**before, "results": {**before["results"], "nodes.parquet": "1" * 64}}
    assert (tables_of(before), tables_of(after)) == (TABLES, (*TABLES, "nodes.parquet"))
    assert differences(before, after) == []
    assert history.scoring_id(before) != history.scoring_id(after)
    changed = {**after, "results": {**after["results"], "nodes.parquet": "2" * 64}}
    assert len(differences(after, changed)) == 1
