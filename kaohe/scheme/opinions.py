"""Where ratings and votes may stand in a scheme: where they are asked for, and where it is known what tells of them.

And whatever else is of one item.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kaohe.rules import Figure
from kaohe.rules.inside import everything_in
from kaohe.rules.judged import Judged
from kaohe.rules.scored import points_asked
from kaohe.rules.votes import VoteRule
from kaohe.scheme.items import Item
from kaohe.scheme.model import Scheme

PARTS = ("rule", "variants", "full", "weight", "then", "attainable", "each_item")
"""Fields of an item in which figures stand."""

ELSEWHERE = "别处要用它，写 {kind: score, of: 那一项}"


def misplaced(scheme: Scheme, item: Item) -> Iterator[tuple[str, str]]:
    """(field, what is wrong): a vote is an item of its own and a rating part of one's points; no full mark is either,
    for full marks are published.
    """
    for name in PARTS:
        for each in everything_in(getattr(item, name)):
            if isinstance(each, VoteRule) and each is not item.rule:
                yield name, f"投票（{each.vote}）应单独是一项的 rule；{ELSEWHERE}"
            if isinstance(each, Judged) and not any(each is rule for rule in item.rules):
                yield name, f"评审小组打分（judged）应写在一项的得分里，不能写在条件、满分、权重和 then 里；{ELSEWHERE}"
            if name == "full" and by_people(scheme, points_asked(each)):
                yield name, f"满分要公布，不能取自有评分、投票的 {points_asked(each)}"


OF_ITEMS = ("judged", "vote", "full", "own_mark", "tally", "tally_by_amount", "counted_amounts", "events", "incidents")
"""Kinds that look at what is handed in of an item, or printed for it: nothing where they stand in none."""


def of_no_item(part: Any) -> Iterator[str]:
    """What is wrong with a part of the scheme outside the items: grades, the order of a group."""
    found = [each for each in everything_in(part) if isinstance(each, Figure) and each.kind in OF_ITEMS]
    for word in dict.fromkeys(str(getattr(each, "word", each.kind)) for each in found):
        yield f"{word} 是某一项的，这里没有哪一项可言；另写一项（可不计入），这里写 {{kind: score, of: 那一项}}"


def by_people(scheme: Scheme, name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether ratings or votes are in an item's points: its own, its parts' or those of items that it asks."""
    if name in seen or name not in scheme.tree:
        return False
    node = scheme.tree[name]
    if node.is_vote or node.item.judged is not None:
        return True
    parts = [getattr(node.item, part) for part in PARTS]
    asked = map(points_asked, everything_in(parts))
    return any(by_people(scheme, each, seen | {name}) for each in (*node.children, *asked))
