"""领导评价: what one voter gives one unit in a vote of marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.rawtable import RawTable, Records
from kaohe.intake.checks.votes import check_groups, check_mark, missing_votes, without_invalid
from kaohe.intake.findings import Missing
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import Mark, Unit, VoteKey, YearData
from kaohe.intake.tables.papers import papers
from kaohe.intake.tables.shelves import Placed, Shelf, exchanged
from kaohe.intake.tables.vocabulary import Codes, Column, Record, Table
from kaohe.intake.tables.voting import about_votes, vote_codes, votes_in
from kaohe.intake.year.lastyear import LastYear
from kaohe.scheme import Scheme


def _shape(table: Table, scheme: Scheme) -> Table:
    """Voters and their groups are called as the votes call them."""
    votes = votes_in(scheme, table)
    unit, voter, group, mark = table.columns
    voters = tuple(dict.fromkeys(vote.voter for vote in votes.values()))
    groups = tuple(dict.fromkeys(vote.grouping for vote in votes.values()))
    if voters:
        voter = replace(voter, header=voters[0], also=(*voter.also, voter.header, *voters[1:]))
        group = replace(group, header=groups[0], also=(*group.also, group.header, *groups[1:]))
    grouped = [bool(vote.voters) for vote in votes.values()]
    if not all(grouped) or not grouped:
        group = replace(group, optional=True, blank="none")
    found = [unit, *about_votes(scheme, table), voter, *([group] if any(grouped) else []), mark]
    return replace(table, columns=tuple(found), required=bool(votes))


def _codes(scheme: Scheme) -> Codes:
    return vote_codes(scheme, TABLE)


def _record(record: Record) -> Mark:
    return Mark(record["leader"], record["role"] or "", record["score"], record.place)


def _order(row: Mark) -> tuple[str, str]:
    return row.group, row.voter


def _marks() -> Shelf:
    """(unit, vote, facet) → the marks of its voters."""

    def items(held: Any, unit: str) -> Iterator[Placed]:
        for (mine, vote, facet), marks in held.items():
            for each in marks if mine == unit else ():
                known = {"vote": vote, "facet": facet, "leader": each.voter, "role": each.group, "score": each.mark}
                yield known, each

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        new: dict[Any, list[Any]] = defaultdict(list)
        for values, item in rows:
            new[unit, values["vote"], values["facet"]].append(item)
        made = {key: tuple(sorted(marks, key=_order)) for key, marks in new.items()}
        return exchanged(held, made, lambda key: key[0] == unit)

    return Shelf(("marks",), items, put)


def _without(records: list[Record], tables: Records, last: LastYear, context: Context) -> list[Record]:
    return without_invalid(records, context)


def _whole(records: list[Record], last: LastYear, context: Context) -> None:
    check_groups(records, context)


def _hold(records: list[Record], context: Context) -> dict[str, Any]:
    found: dict[VoteKey, list[Mark]] = defaultdict(list)
    for record in records:
        found[record.unit, record["vote"] or "", record["facet"] or ""].append(_record(record))
    return {"marks": context.by_unit({key: tuple(sorted(rows, key=_order)) for key, rows in found.items()})}


def _missing(unit: Unit, data: YearData, context: Context) -> Iterator[Missing]:
    return missing_votes(TABLE, unit, data, context)


TABLE = RawTable(
    "leader_ratings",
    "领导评价",
    (
        columns.unit(),
        Column("leader", "评分人", "person", key=True, also=("voter",)),
        Column("role", "组别", "code", also=("group",)),
        Column("score", "分数", "number", also=("mark",), units=("分",)),
    ),
    given=("unit_id", "leader", "role"),
    place=70,
    shape=_shape,
    codes=_codes,
    gathered=papers,
    paper="marks",
    group="role",
    voice=("leader", "score"),
    record=_record,
    shelf=_marks(),
    input="marks",
    check=check_mark,
    without=_without,
    whole=(_whole,),
    hold=_hold,
    missing=_missing,
)
