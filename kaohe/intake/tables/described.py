"""The raw tables as one scheme has them: columns for its traits, votes, periods and classes, required as it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from kaohe.intake.tables.vocabulary import TABLES, Blank, Column, ColumnKind, Table
from kaohe.rules import Figure
from kaohe.rules.happened import Events
from kaohe.rules.votes import Vote
from kaohe.scheme import Scheme

VOTES = {"ballots": "counts", "leader_ratings": "marks"}
"""Which papers stand in which table."""

_known: list[tuple[Scheme, Mapping[str, Table]]] = []
"""Of the latest schemes: each row that is read asks for its table."""


def is_shaped(table: str) -> bool:
    """Whether a scheme may give the table columns of its own."""
    return table in _MADE


def tables_of(scheme: Scheme) -> Mapping[str, Table]:
    """Every raw table by name, with the columns that the scheme gives it."""
    for known, tables in _known:
        if known is scheme:
            return tables
    found = {name: _MADE[name](table, scheme) if name in _MADE else table for name, table in TABLES.items()}
    _known[:] = [*_known[-3:], (scheme, found)]
    return found


def votes_in(scheme: Scheme, table: str) -> dict[str, Vote]:
    """The votes whose papers stand in a table."""
    return {name: vote for name, vote in scheme.votes.items() if vote.paper == VOTES[table]}


def _more(name: str, header: str, kind: ColumnKind, *, key: bool = False, also: tuple[str, ...] = ()) -> Column:
    """A column that may be left out: blank is what the table means without it."""
    return Column(name, header, kind, key=key, optional=True, blank="none", also=also)


def _period(scheme: Scheme) -> tuple[Column, ...]:
    if not scheme.dimensions:
        return ()
    names = tuple(each.name for each in scheme.dimensions.values())
    return (_more("period", "期间", "code", key=True, also=names),)


def _units(table: Table, scheme: Scheme) -> Table:
    traits = (_more(name, trait.name, "code" if trait.values else "text") for name, trait in scheme.traits.items())
    return replace(table, columns=(*table.columns, *traits))


def _metrics(table: Table, scheme: Scheme) -> Table:
    year = (_more("year", "年度", "year", key=True, also=("学年", "年份")),) if looks_back(scheme) else ()
    unit, metric, *rest = table.columns
    return replace(table, columns=(unit, metric, *_period(scheme), *year, *rest), required=bool(scheme.metrics))


def _ratings(table: Table, scheme: Scheme) -> Table:
    unit, indicator, rater, *rest = table.columns
    judged = any(item.judged for item in scheme.indicators.values())
    return replace(table, columns=(unit, indicator, *_period(scheme), rater, *rest), required=judged)


def _incidents(table: Table, scheme: Scheme) -> Table:
    columns = list(table.columns)
    extra = [_more("class", "等级", "code")] if classes_of(scheme) else []
    extra += [replace(each, key=False) for each in _period(scheme)]
    return replace(table, columns=(*columns[:3], *extra, *columns[3:]))


def classes_of(scheme: Scheme) -> tuple[str, ...]:
    """Classes of events that some item tells apart."""
    rules = (rule for item in scheme.indicators.values() for rule in item.rules)
    return tuple(dict.fromkeys(name for rule in rules if isinstance(rule, Events) for name in rule.classes))


def _about_votes(scheme: Scheme, table: str) -> Iterator[Column]:
    """Which vote, and which question of it: only where there are several."""
    votes = votes_in(scheme, table)
    if len(votes) > 1:
        yield _more("vote", "评议", "code", key=True, also=("投票",))
    if any(vote.facets for vote in votes.values()):
        yield _more("facet", "方面", "code", key=True, also=("评议内容",))


def _ballots(table: Table, scheme: Scheme) -> Table:
    """A column an option; those of several votes stand side by side, each row filling in its own."""
    votes = votes_in(scheme, table.name)
    columns = [*table.columns[:1], *_about_votes(scheme, table.name)]
    if any(vote.voters for vote in votes.values()):
        columns.append(_more("group", "投票人", "code", key=True, also=("voter_group", "组别")))
    names: dict[str, dict[str, None]] = {}
    for vote in votes.values():
        for option, about in vote.options.items():
            names.setdefault(option, {})[about.name] = None
    alone = len(votes) == 1
    blank: Blank = "error" if alone else "none"
    for option, (header, *also) in names.items():
        columns.append(Column(option, header, "number", optional=not alone, blank=blank, also=(*also,), units=("票",)))
    return replace(table, columns=tuple(columns), required=bool(votes), options=tuple(names))


TALL_VOTES = (
    Column("option", "选项", "code", key=True),
    Column("votes", "票数", "number", units=("票",)),
)


def tall_ballots(table: Table) -> Table:
    """The same table with a row an option."""
    kept = tuple(column for column in table.columns if column.name not in table.options)
    return replace(table, columns=(*kept, *TALL_VOTES), options=())


def _marks(table: Table, scheme: Scheme) -> Table:
    votes = votes_in(scheme, table.name)
    unit, voter, group, mark = table.columns
    voters = tuple(dict.fromkeys(vote.voter for vote in votes.values()))
    groups = tuple(dict.fromkeys(vote.grouping for vote in votes.values()))
    if voters:
        voter = replace(voter, header=voters[0], also=(*voter.also, voter.header, *voters[1:]))
        group = replace(group, header=groups[0], also=(*group.also, group.header, *groups[1:]))
    grouped = [bool(vote.voters) for vote in votes.values()]
    if not all(grouped) or not grouped:
        group = replace(group, optional=True, blank="none")
    columns = [unit, *_about_votes(scheme, table.name), voter, *([group] if any(grouped) else []), mark]
    return replace(table, columns=tuple(columns), required=bool(votes))


def looks_back(scheme: Scheme) -> int:
    """How many years before this one the scheme looks at."""
    beside = (want.ago for each in scheme.beside.values() for wants in each.wants.values() for want in wants)
    leaves = (ago for node in scheme.tree.leaves for rule in node.item.rules for ago in _ago(rule))
    return max((*leaves, *beside), default=0)


def _ago(figure: Figure) -> Iterator[int]:
    yield getattr(figure, "ago", 0)
    yield from getattr(figure, "years", ()) or ()


_MADE: Mapping[str, Callable[[Table, Scheme], Table]] = {
    "units": _units,
    "metrics": _metrics,
    "ratings": _ratings,
    "incidents": _incidents,
    "ballots": _ballots,
    "leader_ratings": _marks,
}
