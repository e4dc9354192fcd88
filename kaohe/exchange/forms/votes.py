"""What the sheets of votes have in common: which votes stand in them, and by which clauses they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kaohe.exchange.asking import Asked
from kaohe.intake.tables.voting import vote_tables, votes_in
from kaohe.rules.votes import Vote, VoteRule


def votes_of(asked: Asked, paper: str) -> list[Vote]:
    """The votes of a kind of paper."""
    return list(votes_in(asked.context.scheme, vote_tables()[paper]).values())


def voted(paper: str) -> Callable[[Asked], bool]:
    """Who collects them fills it in, where there are any."""
    return lambda asked: asked.is_collector and bool(votes_of(asked, paper))


def clauses(paper: str) -> Callable[[Asked], Iterable[str]]:
    """Those of the items that the votes decide."""

    def found(asked: Asked) -> Iterable[str]:
        votes = ((node.item, node.item.rule) for node in asked.context.scheme.tree.leaves)
        return (item.clause for item, rule in votes if isinstance(rule, VoteRule) and rule.definition.paper == paper)

    return found
