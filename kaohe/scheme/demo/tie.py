"""The exact tie: two departments whose raw figures differ cell by cell and yet come to the same total.

The second department gets the first one's figures in another order: the lines of the panel's sheet are moved to other
items of equal share, the leaders of one role change places, and two votes 合格 become one 优秀 and one 不合格
(90 + 50 = 2 × 70).
"""

from kaohe.scheme.demo.profiles import CHIEFS, DEPUTIES
from kaohe.scheme.demo.stories import STORY, tells


def _turned(items: list[str]) -> dict[str, str]:
    """Each item is answered by its neighbour's."""
    return dict(zip(items, items[1:] + items[:1], strict=True))


def _other(name: str, first: str, second: str) -> str:
    return name.replace(first, second, 1)


def tie(year: str, tables: dict[str, list[dict]]) -> None:
    """Rewrite the second department of the tie in the year's tables."""
    if not tells("quota_tie", year):
        return
    first, second = STORY["quota_tie"].units
    _tie_panel(tables["ratings"], first, second)
    _tie_panel(tables["self_scores"], first, second)
    _tie_leaders(tables["leader_ratings"], first, second)
    _tie_ballots(tables["ballots"], first, second)


def _tie_panel(rows: list[dict], first: str, second: str) -> None:
    given = {(row["indicator"], row.get("rater")): row["points"] for row in rows if row["unit_id"] == first}
    indicators = list(dict.fromkeys(indicator for indicator, _ in given))
    work, tasks = ([name for name in indicators if kind in name] for kind in (".W", ".T"))
    turned = _turned(work) | _turned(tasks)
    for row in rows:
        if row["unit_id"] == second:
            row["points"] = given[turned[_other(row["indicator"], second, first)], row.get("rater")]
            row.pop("note", None)  # it spoke of another figure


def _tie_leaders(rows: list[dict], first: str, second: str) -> None:
    given = {row["leader"]: row["score"] for row in rows if row["unit_id"] == first}
    turned = _turned(list(CHIEFS)) | _turned(list(DEPUTIES))
    for row in rows:
        if row["unit_id"] == second:
            row["score"] = given[turned[row["leader"]]]


def _tie_ballots(rows: list[dict], first: str, second: str) -> None:
    given = next(row for row in rows if row["unit_id"] == first)
    for row in rows:
        if row["unit_id"] == second:
            row["excellent"] = given["excellent"] + 1
            row["qualified"] = given["qualified"] - 2
            row["unqualified"] = given["unqualified"] + 1
