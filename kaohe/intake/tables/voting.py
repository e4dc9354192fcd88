"""Tables in which papers of votes stand: which votes those are, and the columns that tell them apart."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.intake.tables.columns import more
from kaohe.intake.tables.vocabulary import TABLES, Codes, Column, Table
from kaohe.rules.votes import Vote
from kaohe.scheme import Scheme


def vote_tables() -> dict[str, Table]:
    """Every table of votes, by the kind of paper that stands in it."""
    return {table.paper: table for table in TABLES.values() if table.paper is not None}


def votes_in(scheme: Scheme, table: Table) -> dict[str, Vote]:
    """The votes whose papers stand in a table."""
    return {name: vote for name, vote in scheme.votes.items() if vote.paper == table.paper}


def about_votes(scheme: Scheme, table: Table) -> Iterator[Column]:
    """Which vote, and which question of it: only where there are several."""
    votes = votes_in(scheme, table)
    if len(votes) > 1:
        yield more("vote", "评议", "code", key=True, also=("投票",))
    if any(vote.facets for vote in votes.values()):
        yield more("facet", "方面", "code", key=True, also=("评议内容",))


def vote_codes(scheme: Scheme, table: Table) -> Codes:
    """Votes, their questions, groups of voters and options, as the scheme calls them."""
    votes = votes_in(scheme, table)
    return {
        "vote": {name: vote.name for name, vote in votes.items()},
        "facet": {name: said for vote in votes.values() for name, said in vote.facets.items()},
        table.group: {name: each.short or each.name for vote in votes.values() for name, each in vote.voters.items()},
        "option": {name: each.name for vote in votes.values() for name, each in vote.options.items()},
    }
