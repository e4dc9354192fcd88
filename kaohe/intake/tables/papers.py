"""Papers of votes before rows are united: which vote they are of, and rows with one option each put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from kaohe.intake.places import Log
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.unite import by_key, unite
from kaohe.intake.tables.vocabulary import Record, Table
from kaohe.intake.tables.voting import votes_in
from kaohe.rules.votes import EVERYBODY, Vote
from kaohe.scheme import Scheme

Spoiled = set[tuple[str, str, str]]


def papers(table: Table, records: Iterable[Record], scheme: Scheme, log: Log, spoiled: Spoiled) -> list[Record]:
    """The records of a table of votes, each of one known vote, facet and group; what is none of them is told."""
    known = [found for each in records if (found := _placed(each, scheme, log, spoiled)) is not None]
    tall = [each for each in known if "option" in each.table.column]
    if not tall:
        return known
    wide = tables_of(scheme)[table.name]
    united = unite(tall[0].table, tall, log, spoiled)
    return [*(each for each in known if each not in tall), *_side_by_side(wide, united, scheme, log, spoiled)]


def _placed(record: Record, scheme: Scheme, log: Log, spoiled: Spoiled) -> Record | None:
    """The row with the vote, facet and group that a blank can only mean."""
    name, of = record.table.name, record.table.group
    votes = votes_in(scheme, record.table)
    about: dict[str, Any] = {"unit": record.unit, "office": scheme.collector}
    vote = record["vote"] or (next(iter(votes)) if len(votes) == 1 else _by_options(record, votes))
    if vote is None:
        listed = "、".join(each.name for each in votes.values()) or "方案中的评议（没有）"
        log.error("which-vote", "不知是哪一次评议", record.spot("vote"), expected=listed, **about)
        spoiled.add((name, record.unit, ""))
        return None
    facets, groups = votes[vote].facets, votes[vote].voters
    facet = record["facet"] or (next(iter(facets)) if len(facets) == 1 else "")
    group = record[of] or (next(iter(groups)) if len(groups) == 1 else EVERYBODY)
    for column, found, known, what in (
        ("facet", facet, facets, "方面"),
        (of, group, {key: each.short or each.name for key, each in groups.items()}, "投票人"),
    ):
        if (found or known) and found not in known:
            expected = "、".join(known.values()) or f"空白（“{votes[vote].name}”不分{what}）"
            message = f"“{votes[vote].name}”的{what}{'有误' if found else '没有填写'}"
            log.error(f"which-{column}", message, record.spot(column), expected=expected, **about)
            spoiled.add((name, record.unit, ""))
            return None
    return replace(record, values={**record.values, "vote": vote, "facet": facet, of: group})


def _by_options(record: Record, votes: Mapping[str, Vote]) -> str | None:
    """The only vote that has all the options of a row."""
    filled = {name for name in record.table.options if record[name] is not None}
    filled |= {record["option"]} if record["option"] else set()
    found = [name for name, vote in votes.items() if filled and filled <= vote.options.keys()]
    return found[0] if len(found) == 1 else None


def _side_by_side(wide: Table, records: list[Record], scheme: Scheme, log: Log, spoiled: Spoiled) -> Iterator[Record]:
    """One record a paper, a column an option; an option without a row has no votes."""
    about = ("unit_id", "vote", "facet", "group")
    for same in by_key(replace(each, table=replace(wide, columns=_keys(each.table))) for each in records):
        first = same[0]
        options = scheme.votes[first["vote"]].options
        wrong = next((each for each in same if each["option"] not in options), None)
        if wrong is not None:
            expected = "、".join(option.name for option in options.values())
            log.error("bad-code", "这次评议没有这个选项", wrong.spot("option"), expected=expected, unit=wrong.unit)
            spoiled.add((wide.name, wrong.unit, ""))
            continue
        given = {each["option"]: each for each in same}
        values = {name: first[name] for name in about}
        values |= {name: given[name]["votes"] if name in given else Fraction(0) for name in options}
        cells = {**first.cells, **{name: each.cells.get("votes") for name, each in given.items()}}
        headers = {**first.headers, **{name: each.headers.get("votes", "") for name, each in given.items()}}
        yield Record(wide, values, cells, headers, first.at)


def _keys(table: Table) -> tuple[Any, ...]:
    """The columns that say which paper a row is of, without its option."""
    return tuple(column for column in table.columns if column.key and column.name != "option")
