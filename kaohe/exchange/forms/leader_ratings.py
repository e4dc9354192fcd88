"""领导评价: a row a unit and voter, with the voters of last year where there is one such vote."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form, TallRows, units_given
from kaohe.exchange.forms.votes import clauses, voted, votes_of
from kaohe.exchange.lists import Lists
from kaohe.exchange.rowchecks import Fitting, Line, once
from kaohe.exchange.validation import Entry
from kaohe.intake.checks.votes import highest_mark
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.vocabulary import Column, Table
from kaohe.scheme import Scheme

MORE_VOTERS = 60
"""Blank rows for voters who were none last year."""


def _rows(asked: Asked, table: Table, voters: Mapping[str, str]) -> TallRows:
    if not voters or not {"vote", "facet"}.isdisjoint(table.column):
        return TallRows()
    roles = Names(asked.context.scheme).chinese((table.name, "role"))
    given = [
        {**row, "leader": voter, "role": roles.get(role, role)}
        for row in units_given(asked)
        for voter, role in voters.items()
    ]
    return TallRows(given, MORE_VOTERS)


def _words(scheme: Scheme) -> Mapping[str, str]:
    """How the scheme calls voters and their groups."""
    columns = tables_of(scheme)["leader_ratings"].column
    return {"voter": columns["leader"].header, "grouping": columns["role"].header if "role" in columns else ""}


def _entry(asked: Asked, column: Column) -> Entry | None:
    if column.name != "score":
        return None
    return Entry("points", Fraction(0), max(map(highest_mark, votes_of(asked, "marks")), default=Fraction(100)))


def _fitting(asked: Asked, line: Line, lists: Lists) -> Fitting:
    """A voter gives a unit one mark in each vote and facet."""
    names = tuple(name for name in ("vote", "facet") if name in line.letters)
    voters = {vote.voter for vote in votes_of(asked, "marks")}
    who = voters.pop() if len(voters) == 1 else "评分人"
    return Fitting((once(line, ("unit_id", *names, "leader"), f"同一单位同一{who}只填一行", ("leader", "score")),))


FORM = Form(
    "leader_ratings",
    offered=voted("marks"),
    rows=_rows,
    says={
        "leader": "{voter}的称呼，各单位写法一致；同一单位同一{voter}只填一行",
        "role": "这位{voter}的{grouping}，决定所占分值；各单位写法一致",
        "score": "单位：分；这位{voter}给这个单位的评分",
    },
    words=_words,
    clauses=clauses("marks"),
    entry=_entry,
    fitting=_fitting,
)
