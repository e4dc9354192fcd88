"""What pages are told of a scheme's consequences and votes, in its own words, and what was voted on a unit."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.intake.tables.data import Unit
from kaohe.rules.conditions import Condition, Fact
from kaohe.rules.inside import everything_in
from kaohe.rules.plain import fixed_number
from kaohe.rules.wording import percent
from kaohe.scheme import Scheme
from kaohe.scheme.outcomes import Grade
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.book import Cast, ConsequenceInfo, GradeInfo, VoteInfo
from kaohe.scoring.results import years_back


def follows_info(scheme: Scheme) -> dict[str, ConsequenceInfo]:
    """Consequence → its words; a scheme that says none is told by the consequence's name."""
    fails = {word for grade in scheme.results.grades if grade.role == "fail" for word in (grade.key, grade.name)}
    return {
        name: ConsequenceInfo(
            name=each.name,
            heading=each.heading or each.name,
            yes=each.yes or each.name,
            no=each.no,
            says=each.says,
            act=each.act,
            role=each.role,
            back=bool(years_back(each.held, each.unless)),
            asks=_facts(each.held, each.unless),
            failed=each.unless is None and _asks_grade(each.held, fails),
        )
        for name, each in scheme.results.consequences.items()
    }


def _facts(*conditions: Condition | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.fact for part in everything_in(conditions) if isinstance(part, Fact)))


BOUNDS = {"at_least": "至少", "above": "高于", "at_most": "至多", "below": "低于"}


def grades_info(scheme: Scheme) -> tuple[GradeInfo, ...]:
    """The grades, best first, with who reaches each."""
    return tuple(
        GradeInfo(
            each.key,
            each.name,
            each.role,
            each.colour,
            bounds=tuple(f"{BOUNDS[name]} {bound.called(scheme.terms)}" for name, bound in each.bounds.items()),
            needs=tuple(_needs(each, scheme)),
        )
        for each in scheme.results.grades
    )


def _needs(grade: Grade, scheme: Scheme) -> Iterator[str]:
    """A grade's conditions and how many may have it."""
    if grade.held is not None:
        yield grade.held.called(scheme.terms)
    if grade.unless is not None:
        yield f"除非{grade.unless.called(scheme.terms)}"
    if grade.quota is not None:
        places, share = grade.quota.places, grade.quota.share
        if places is not None:
            yield f"名额 {places.called(scheme.terms)}"
        if share is not None:
            part = fixed_number(share)
            yield f"不超过单位数的 {share.called(scheme.terms) if part is None else percent(part)}"


def _asks_grade(condition: Condition | None, names: set[str]) -> bool:
    """Whether it asks for this year's grade to be one of these, and for nothing else."""
    return isinstance(condition, Fact) and condition.fact == "grade" and not condition.ago and condition.name in names


def votes_info(scheme: Scheme) -> dict[str, VoteInfo]:
    """Item → the vote it is scored by, in the order of the tree."""
    out = {}
    for node in scheme.tree.nodes.values():
        if node.vote is not None:
            vote = node.vote.definition
            out[node.id] = VoteInfo(
                id=node.vote.vote,
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
