"""When totals, ranks and grades may be told: a change of the total alone would say what came late.

Where one rated item alone changes between two editions, the difference of the totals, which have two decimals, is that
of the item's mean. So a group has its totals published only of opinions (ratings, votes) that are all there: before
that nothing, no rank and no grade either, since a rank between two known totals is nearly a total. What was published
once and rests on other opinions by now is published again only when the year is final.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kaohe.analysis.coarse import FEWEST, ratings_of
from kaohe.files import write_text
from kaohe.files.kept import DamagedError, kept_json
from kaohe.scoring.book import Cast, ScoreBook, UnitResult
from kaohe.scoring.components import missing_votes

PUBLISHED = "published.json"
"""In the year's processed folder: unit → the opinions that the total rested on when it was last published."""

LATE, FEW, CHANGED = "评分、测评尚未报齐", "有的评分、测评不足三人", "评分、测评在公布总分之后有改动"
ALONE = "总分里的评分、测评不足三项，减去其余得分就能推知"
UNTIL_FINAL = "为避免由前后两版推算出单个评分，定稿前不公布总分、名次和等次"


def open_groups(book: ScoreBook, published: Mapping[str, str]) -> dict[str, str]:
    """Group → why nothing is told of its totals; a group whose totals may be told is not in it."""
    if book.final:
        return {}
    found = {}
    for key in book.groups:
        units = [unit for unit in book.units if unit.group == key]
        if why := _late(book, units) or _changed(book, units, published):
            found[key] = f"{why}，{UNTIL_FINAL}"
    return found


def _late(book: ScoreBook, units: list[UnitResult]) -> str:
    """What is still to come, or too small: the raters of an item, and the voters, rate every unit of a group."""
    cells = [cell for unit in units for cell in book.cells_of(unit.unit_id) if cell.applicable]
    panels: dict[str, set[int]] = {}
    for cell in cells:
        if cell.raters is not None:
            panels.setdefault(cell.indicator, set()).add(cell.raters)
    voters: dict[str, set[int]] = {}
    for unit in units:
        for name, cast in unit.cast.items():  # of votes that are counted some stay away: only too few of them matter
            voters.setdefault(name, set()).add(len(cast.marks) if cast.marks else min(int(cast.votes), FEWEST))
    voteless = any(missing_votes(book, unit) for unit in units)
    if voteless or any(len(sizes) > 1 for sizes in (*voters.values(), *panels.values())):
        return LATE
    smallest = min((min(sizes) for sizes in (*panels.values(), *voters.values())), default=FEWEST)
    if smallest < FEWEST:
        return LATE if smallest == 0 else FEW
    return ALONE if any(0 < len(_held(book, unit, book.groups[unit.group].score)) < FEWEST for unit in units) else ""


def _held(book: ScoreBook, unit: UnitResult, item: str, seen: frozenset[str] = frozenset()) -> Held:
    """The panels and votes whose points stand in an item's, a month's each; of parts of which one alone may count the
    fewest there are.
    """
    if item in seen:
        return frozenset()
    node = book.tree[item]
    inside = (*(child.id for child in book.below.get(item, ())), *node.asks)
    parts = [found for each in inside if (found := _held(book, unit, each, seen | {item}))]
    if node.combine in ONE_COUNTS and parts:
        return min(parts, key=len)
    cell = book.cells_by_item(unit.unit_id).get(item)
    own = int(item in unit.nodes) if node.vote else len(ratings_of(cell.trace)) if cell is not None else 0
    return frozenset((item, place) for place in range(own)).union(*parts)


Held = frozenset[tuple[str, int]]
ONE_COUNTS = ("best", "worst", "median", "first")
"""Ways to make one of several whose result may be one of them."""


def _changed(book: ScoreBook, units: list[UnitResult], published: Mapping[str, str]) -> str:
    known = [unit for unit in units if unit.unit_id in published]
    renamed = len(known) < len(units) and any(not book.has_unit(each) for each in published)
    return CHANGED if renamed or any(published[each.unit_id] != opinions(book, each) for each in known) else ""


def opinions(book: ScoreBook, unit: UnitResult) -> str:
    """A fingerprint of every mark and vote under the total, and of what the readings in force make of them."""
    marks = [
        (cell.indicator, sorted(map(str, rating["ratings"])), str(rating.points))
        for cell in book.cells_of(unit.unit_id)
        for rating in ratings_of(cell.trace)
    ]
    votes: list[object] = []
    for name, about in book.votes.items():
        if name not in unit.nodes:
            continue
        cast = unit.cast.get(name, Cast())
        votes += map(str, cast.counts.values())
        votes += [] if about.paper == "counts" else [sorted((group, str(mark)) for group, mark in cast.marks)]
        votes.append(str(unit.nodes[name].points or 0))
    return hashlib.sha256(json.dumps([marks, votes]).encode()).hexdigest()


def published(folder: Path) -> dict[str, str]:
    """What was published of the year in `folder`; DamagedError where that can no longer be read."""
    try:
        found = kept_json(folder / PUBLISHED, _problem)
    except FileNotFoundError:
        return {}
    units: dict[str, str] = found["units"]
    return units


def unreadable(folder: Path) -> Iterator[str]:
    """Why it is no longer known what was published, in a sentence; nothing where it is."""
    try:
        published(folder)
    except DamagedError as error:
        yield str(error)


def publish(folder: Path, book: ScoreBook) -> None:
    """Remember of which opinions totals are about to be told; nothing is written where that is known."""
    before = published(folder)
    still = open_groups(book, before)
    now = before | {unit.unit_id: opinions(book, unit) for unit in book.units if unit.group not in still}
    if now != before:
        write_text(folder / PUBLISHED, json.dumps({"units": now, "sha256": _mark(now)}, indent=1) + "\n")


def _problem(found: Any) -> str:
    if not isinstance(found, dict) or set(found) != {"units", "sha256"} or not isinstance(found["units"], dict):
        return "不是公布过的总分的记录"
    return "" if found["sha256"] == _mark(found["units"]) else "与它的校验值不符"


def _mark(units: Mapping[str, str]) -> str:
    """A unit that got another name, or lost its line, would pass for one that was never published."""
    return hashlib.sha256(json.dumps(units, sort_keys=True).encode()).hexdigest()
