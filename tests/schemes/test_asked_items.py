"""What looks at other items, in whatever way, turns on them: it is told no closer than they are, and found anew."""

import pytest

from kaohe.analysis.leftout import without_items
from kaohe.analysis.public import HOLDS_WITHHELD, public_item
from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from tests.scoring.anyscheme import scheme_of, scored, year_of

SCHEME = """
items:
  - id: total
    name: 总分
    items:
      - id: part
        name: 部分
        items: [{id: A, name: 甲项, full: 10, rule: FIRST}, {id: B, name: 乙项, full: 10, rule: b}]
      - {id: D, name: 扣分, rule: RULE}
"""
LOOKS = [
    "{kind: product, parts: [{kind: count_items, of: part, below: 60%}, -4]}",
    "{kind: when, if: {last: part}, then: -4}",
    "{kind: when, if: {value: {kind: score, of: part}, below: 15}, then: -4}",
]


@pytest.mark.parametrize("rule", LOOKS)
def test_what_looks_at_ratings_is_told_no_closer_than_they_are(rule):
    """It could be read off it who was rated low."""
    text = SCHEME.replace("FIRST", "{kind: judged}").replace("RULE", rule)
    book = scored(text, {"甲": {"b": 9, "rated": {"A": [5]}}, "乙": {"b": 9, "rated": {"A": [8]}}})
    assert [book.cell(unit, "D").points for unit in "甲乙"] == [-4, 0]
    assert book.tree["D"].asks == ("part",)
    told = public_item(book, "甲", "D")
    assert (told.points, told.reasons) == (None, (HOLDS_WITHHELD,))


@pytest.mark.parametrize("rule", LOOKS)
def test_it_is_found_anew_when_an_item_goes(rule):
    """With the points of before, nobody's place would change without 甲项: 7 − 4 is less than 6."""
    scheme = scheme_of(SCHEME.replace("FIRST", "a").replace("RULE", rule))
    now = run(bind(scheme, resolve(scheme), year_of({"甲": {"a": 5, "b": 7}, "乙": {"a": 9, "b": 6}})))
    base = results(now)
    assert base.total.tolist() == [8, 15]
    (left,) = (each for each in without_items(now, base) if each.out == "A")
    assert [(each.unit, each.rank, each.rank_then) for each in left.moved] == [("甲", 2, 1), ("乙", 1, 2)]
