"""What pages are told of a scheme's consequences and votes, in its own words, and what was voted on a unit."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.intake.data import Unit
from kaohe.rules.plain import fixed_number
from kaohe.scheme import Scheme
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.book import Cast, ConsequenceInfo, VoteInfo
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


def cast_of(bound: BoundYear, unit: Unit) -> Iterator[tuple[str, Cast]]:
    """Item → what was voted on a unit; items nobody voted on are left out."""
    for name, rule in bound.scheme.votes_on(unit.category).items():
        key = (unit.unit_id, rule.vote, rule.facet or "")
        votes, marks = bound.data.votes.get(key), bound.data.marks.get(key, ())
        if rule.definition.paper == "counts" and votes is not None:
            counts = dict.fromkeys(rule.definition.options, Fraction(0))
            for (_, option), count in votes.counts.items():
                counts[option] = counts.get(option, Fraction(0)) + count
            yield name, Cast(counts)
        elif marks:
            yield name, Cast(marks=tuple((each.group, each.mark) for each in marks))
