"""民主测评: papers that are counted, a column an option; those of several votes side by side, each row its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.rawtable import RawTable
from kaohe.intake.checks.votes import check_ballot, missing_votes, tell_totals
from kaohe.intake.findings import Missing
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import Unit, VoteKey, Votes, YearData
from kaohe.intake.tables.papers import papers
from kaohe.intake.tables.shelves import Placed, Shelf, exchanged
from kaohe.intake.tables.vocabulary import Blank, Codes, Column, Record, Table
from kaohe.intake.tables.voting import about_votes, vote_codes, votes_in
from kaohe.intake.year.lastyear import LastYear
from kaohe.scheme import Scheme


def _shape(table: Table, scheme: Scheme) -> Table:
    votes = votes_in(scheme, table)
    found = [*table.columns[:1], *about_votes(scheme, table)]
    if any(vote.voters for vote in votes.values()):
        found.append(columns.more("group", "投票人", "code", key=True, also=("voter_group", "组别")))
    names: dict[str, dict[str, None]] = {}
    for vote in votes.values():
        for option, about in vote.options.items():
            names.setdefault(option, {})[about.name] = None
    alone = len(votes) == 1
    blank: Blank = "error" if alone else "none"
    for option, (header, *also) in names.items():
        found.append(Column(option, header, "number", optional=not alone, blank=blank, also=(*also,), units=("票",)))
    return replace(table, columns=tuple(found), required=bool(votes), options=tuple(names))


def _codes(scheme: Scheme) -> Codes:
    return vote_codes(scheme, TABLE)


def _record(record: Record) -> Votes:
    group = record["group"] or ""
    filled = {(group, name): record[name] for name in record.table.options if record[name] is not None}
    return Votes(filled, {group: record.place})


def _papers() -> Shelf:
    """(unit, vote, facet) → the votes of all groups of voters; one row a group."""

    def items(held: Any, unit: str) -> Iterator[Placed]:
        for (mine, vote, facet), found in held.items():
            if mine == unit:
                for group in dict.fromkeys(group for group, _ in found.counts):
                    counts = {name: votes for (whose, name), votes in found.counts.items() if whose == group}
                    known = {"vote": vote, "facet": facet, "group": group, **counts}
                    yield known, Votes(found.counts, {"": found.places.get(group, "")})

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        new: dict[Any, Votes] = {}
        for values, item in rows:
            key = (unit, values["vote"], values["facet"])
            group = values["group"]
            mine = {(whose, name): votes for (whose, name), votes in item.counts.items() if whose == group}
            known = new.get(key, Votes({}))
            new[key] = Votes({**known.counts, **mine}, {**known.places, group: item.place})
        return exchanged(held, new, lambda key: key[0] == unit)

    return Shelf(("votes",), items, put)


def _whole(records: list[Record], last: LastYear, context: Context) -> None:
    tell_totals(records, context)


def _hold(records: list[Record], context: Context) -> dict[str, Any]:
    """The papers of all groups of voters together."""
    found: dict[VoteKey, Votes] = {}
    for record in sorted(context.in_order(records), key=lambda each: each["group"] or ""):
        key = (record.unit, record["vote"] or "", record["facet"] or "")
        mine, known = _record(record), found.get(key, Votes({}))
        found[key] = Votes({**known.counts, **mine.counts}, {**known.places, **mine.places})
    return {"votes": context.by_unit(found)}


def _missing(unit: Unit, data: YearData, context: Context) -> Iterator[Missing]:
    return missing_votes(TABLE, unit, data, context)


TABLE = RawTable(
    "ballots",
    "民主测评",
    (columns.unit(),),
    given=("unit_id",),
    place=60,
    shape=_shape,
    codes=_codes,
    gathered=papers,
    paper="counts",
    group="group",
    record=_record,
    shelf=_papers(),
    input="counts",
    check=check_ballot,
    whole=(_whole,),
    hold=_hold,
    missing=_missing,
)
