"""What becomes of the ranking without one rater or one item: scored again in full, exactly.

Grades are those before anything was decided of them, as with other readings: a decision would hide what moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from kaohe.analysis.panels import FEWEST, periods_of
from kaohe.intake.tables.data import Rating, YearData, voted
from kaohe.rules.votes import VoteRule
from kaohe.scoring.bind import BoundYear, Pool
from kaohe.scoring.book import Shift
from kaohe.scoring.engine import Scored
from kaohe.scoring.mentions import asks_others, looked_at, looks_around
from kaohe.scoring.refusal import UncomputableError
from kaohe.scoring.results import Results, results


@dataclass(frozen=True)
class Out:
    """Without a rater (`of` is "" for ratings, else the vote) or an item; `why` it cannot be said, where it cannot."""

    out: str
    of: str = ""
    name: str = ""
    moved: tuple[Shift, ...] = ()
    why: str = ""

    @property
    def graded(self) -> tuple[Shift, ...]:
        """Units that would have another grade."""
        return tuple(each for each in self.moved if each.grade != each.grade_then)


def without_raters(now: Scored, base: Results) -> Iterator[Out]:
    """Every rater left out of all panels, then every voter whose marks count, each by itself."""
    data = now.bound.data
    for rater in sorted({row.rater for rows in data.ratings.values() for row in rows}):
        yield without_rater(now, base, rater)
    for vote in dict.fromkeys(rule.vote for rule in _votes(now) if rule.definition.paper == "marks"):
        rules = [rule for rule in _votes(now) if rule.vote == vote]
        voters = {(row.group, row.voter) for key, rows in data.marks.items() if key[1] == vote for row in rows}
        order = {group: place for place, group in enumerate(rules[0].definition.groups)}
        for _, voter in sorted(voters, key=lambda each: (order.get(each[0], len(order)), each[1])):
            yield _without_voter(now, base, rules, voter)


def without_voter(now: Scored, base: Results, vote: str, voter: str) -> Out:
    """One voter left out of a vote whose marks count."""
    return _without_voter(now, base, [rule for rule in _votes(now) if rule.vote == vote], voter)


def _votes(now: Scored) -> list[VoteRule]:
    return [pool.rule for pool in now.bound.vote_pools if isinstance(pool.rule, VoteRule)]


def without_rater(now: Scored, base: Results, rater: str) -> Out:
    """One rater left out of all panels."""
    bound = now.bound
    mine = {cell for cell, rows in bound.data.ratings.items() if any(row.rater == rater for row in rows)}
    few = sum(len({row.rater for row in bound.data.ratings[cell]}) < FEWEST for cell in mine)
    if few:
        return Out(rater, why=f"所评的有 {few} 处不足 {FEWEST} 位评分人，不作去掉一人的比较")
    left = {
        cell: tuple(row for row in rows if row.rater != rater) if cell in mine else rows
        for cell, rows in bound.data.ratings.items()
    }
    if any(_gap(bound, cell[1], left[cell]) for cell in mine):
        return Out(rater, why="有的时段只有这一位评分人，去掉后没有评分")
    items = {item for _, item in mine}
    found = _again(now, replace(bound.data, ratings=left), lambda pool: pool.name in items)
    return Out(rater, moved=moved(bound, base, found))


def _gap(bound: BoundYear, item: str, rows: tuple[Rating, ...]) -> bool:
    """Whether some month or term has no rating any more."""
    return any(
        not any(not period or row.period in ("", period) for row in rows)
        for period in periods_of(bound.scheme.indicators[item])
    )


def _without_voter(now: Scored, base: Results, rules: list[VoteRule], voter: str) -> Out:
    bound, vote = now.bound, rules[0].vote
    name = rules[0].definition.name
    cast = {key: rows for key, rows in bound.data.marks.items() if key[1] == vote}
    if any(len(rows) < FEWEST for rows in cast.values() if any(row.voter == voter for row in rows)):
        return Out(voter, vote, name, why=f"{name}不足 {FEWEST} 人，不作去掉一人的比较")
    left = {key: tuple(row for row in rows if row.voter != voter) for key, rows in cast.items()}
    data = replace(bound.data, marks={**bound.data.marks, **left})
    units = [unit.unit_id for unit in bound.units]
    if any(voted(rule, bound.data, unit) and not voted(rule, data, unit) for rule in rules for unit in units):
        return Out(voter, vote, name, why=f"去掉后有的单位在{name}中缺一组的打分")
    found = _again(now, data, lambda pool: isinstance(pool.rule, VoteRule) and pool.rule.vote == vote)
    return Out(voter, vote, name, moved=moved(bound, base, found))


def without_items(now: Scored, base: Results) -> Iterator[Out]:
    """Every item that is scored, left out as if the text had none; marks of the others are converted as always."""
    bound = now.bound
    asked, around = _asked(bound), _around(bound)
    for node in bound.scheme.tree.leaves:
        if not bound.present(node).any() or not node.item.counts:
            continue
        name = node.item.name
        if node.id in asked:
            yield Out(node.id, name=name, why=f"{'、'.join(asked[node.id])}要用它的得分，不能单独去掉")
            continue
        try:
            found = results(_without_item(now, node.id, around))
        except UncomputableError as error:
            yield Out(node.id, name=name, why=str(error))
            continue
        yield Out(node.id, name=name, moved=moved(bound, base, found))


def _without_item(now: Scored, item: str, around: set[str]) -> Scored:
    """Items that neither stand above it nor ask about others are as they were."""
    kept = tuple(each for each in now.outcomes if each[0].name != item and each[0].name not in around)
    found = Scored(now.bound.without(item), now.numbers, now.axes, kept)
    above = {node.id for node in now.bound.scheme.tree.above(item)}
    found.evaluation.share(now.evaluation, {item, *above, *around})
    return found


def _around(bound: BoundYear) -> set[str]:
    """Items that ask about others' points, and all that stand above such."""
    tree = bound.scheme.tree
    out: set[str] = set()
    for node in tree.nodes.values():
        if node.id not in out and asks_others((node.item.rule, node.item.variants, node.item.full, node.item.then)):
            out |= {node.id, *(above.id for above in tree.above(node.id))}
    return out


def _asked(bound: BoundYear) -> dict[str, list[str]]:
    """Item → names of those that are computed from its points."""
    out: dict[str, list[str]] = {}
    for node in bound.scheme.tree.nodes.values():
        for item in node.item.asks:
            out.setdefault(item, []).append(node.item.name)
    return out


def _again(now: Scored, data: YearData, turns: Callable[[Pool], bool]) -> Results:
    """Scored with other data: pools that do not turn on what changed keep their outcomes."""
    kept = tuple(each for each in now.outcomes if not turns(each[0]) and not looks_around(looked_at(each[0])))
    return results(Scored(replace(now.bound, data=data), now.numbers, now.axes, kept))


def moved(bound: BoundYear, base: Results, then: Results) -> tuple[Shift, ...]:
    """Units whose rank, or grade by their points, is another."""
    places: Iterable[int] = np.flatnonzero((base.rank != then.rank) | (base.by_points != then.by_points)).tolist()
    return tuple(
        Shift(
            bound.units[place].unit_id,
            int(base.rank[place]),
            int(then.rank[place]),
            str(base.by_points[place]),
            str(then.by_points[place]),
        )
        for place in places
    )
