"""What pages are told of a scheme's consequences and votes, in its own words, and what was voted on a unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kaohe.rules import Outcome
from kaohe.rules.plain import fixed_number
from kaohe.rules.votes import EVERYBODY
from kaohe.scheme import Scheme
from kaohe.scoring.bind import Pool
from kaohe.scoring.book import Cast, ConsequenceInfo, VoteInfo
from kaohe.scoring.engine import Scored
from kaohe.scoring.results import looks_back


def follows_info(scheme: Scheme) -> dict[str, ConsequenceInfo]:
    """Consequence → its words; a scheme that says none is told by the consequence's name."""
    return {
        name: ConsequenceInfo(
            name=each.name,
            heading=each.heading or each.name,
            yes=each.yes or each.name,
            no=each.no,
            says=each.says,
            act=each.act,
            role=each.role,
            back=looks_back(each.held, each.unless),
        )
        for name, each in scheme.results.consequences.items()
    }


def votes_info(scheme: Scheme) -> dict[str, VoteInfo]:
    """Item → the vote it is scored by, in the order of the tree."""
    out = {}
    for node in scheme.tree.nodes.values():
        if node.vote is not None:
            vote = node.vote.definition
            out[node.id] = VoteInfo(
                name=node.item.name,
                paper=vote.paper,
                voter=vote.voter,
                options={name: option.name for name, option in vote.options.items()},
                voters={name: group.short or group.name for name, group in vote.groups.items()},
                out_of=fixed_number(vote.out_of),
            )
    return out


def cast_of(
    scored: Scored, place: int, votes: Mapping[str, tuple[Pool, Outcome]], where: Mapping[str, Mapping[int, int]]
) -> Iterator[tuple[str, Cast]]:
    """Item → what was voted on the unit at `place`; items nobody voted on are left out."""
    bound = scored.bound
    for name, (pool, outcome) in votes.items():
        node, at = bound.scheme.tree[name], where[name].get(place)
        if node.vote is None or at is None:
            continue
        vote = node.vote.definition
        if vote.paper == "counts":
            trace = outcome.trace(pool.rule, at)
            heads = ["" if group == EVERYBODY else f"{group}:" for group in vote.groups]
            yield name, Cast({option: sum(trace[head + option] for head in heads) for option in vote.options})
        else:
            rows = bound.data.marks.get((bound.units[place].unit_id, node.vote.vote, node.vote.facet or ""), ())
            yield name, Cast(marks=tuple((row.group, row.mark) for row in rows))
