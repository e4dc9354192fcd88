"""Rows of one table from all its files, united: the same row once, contradictions told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from kaohe.intake.places import Log, Spot
from kaohe.intake.tables.vocabulary import Column, Record, Table

SEPARATOR = "；"
MOST_RANGES = 10
"""Ranges of rows that a finding lists."""


@dataclass
class Repeats:
    """Rows that stand twice, told once for each pair of sheets."""

    pairs: dict[tuple[tuple[str, str], tuple[str, str]], list[tuple[Spot, Spot]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, first: Spot, again: Spot) -> None:
        self.pairs[first.source, again.source].append((first, again))

    def tell(self, table: Table, log: Log) -> None:
        for pairs in self.pairs.values():
            where, other = _together([spot for _, spot in pairs]), _together([spot for spot, _ in pairs])
            message = f"{table.chinese}的同一行出现了两次：{where} 与 {other} 相同，只计一次"
            log.warning("repeated-row", message, pairs[0][1], expected="每行只填一次")


def _together(spots: list[Spot]) -> str:
    """Rows of one sheet, each once however many figures it holds: `数据.xlsx［单位］第 3～5、8 行`."""
    return spots[0].place.replace(f"第 {spots[0].row} 行", f"第 {_ranges(spot.row or 0 for spot in spots)} 行")


def _ranges(rows: Iterable[int]) -> str:
    """`2～37、40`; of many ranges the first, and how many rows there are."""
    ordered = sorted(set(rows))
    # Rows that follow each other lie at the same distance from their place in the list.
    runs = [[row for _, row in run] for _, run in groupby(enumerate(ordered), lambda each: each[1] - each[0])]
    told = "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}～{run[-1]}" for run in runs[:MOST_RANGES])
    return told if len(runs) <= MOST_RANGES else f"{told} 等 {len(ordered)}"


def unite(table: Table, records: list[Record], log: Log, spoiled: set[tuple[str, str, str]]) -> list[Record]:
    """The table's records without repetitions; of contradicting ones none is kept, and `spoiled` says so."""
    repeats = Repeats()
    if table.keys:
        kept = _keyed(table, records, log, spoiled, repeats)
    elif table.repeats == "events":
        kept = _events(records, repeats)
    elif table.repeats == "all":
        kept = records
    else:
        kept = _distinct(records, repeats)
    repeats.tell(table, log)
    return kept


def _keyed(
    table: Table, records: list[Record], log: Log, spoiled: set[tuple[str, str, str]], repeats: Repeats
) -> list[Record]:
    kept = []
    for same in by_key(records):
        first, *others = same
        if not others:
            kept.append(first)
        elif _contradict(table, same, log):
            spoiled.add((table.name, first.unit, first.subject))
        else:
            for other in others:
                repeats.add(first.at, other.at)
            kept.append(_merged(table, same))
    return kept


def by_key(records: Iterable[Record]) -> Iterable[list[Record]]:
    """Rows of one key together."""
    groups: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for record in records:
        groups[record.key].append(record)
    return groups.values()


def _contradict(table: Table, same: list[Record], log: Log) -> bool:
    """Whether two rows of one key differ in a value; each differing cell is told, with the place of the first."""
    found = False
    for column in table.columns:
        if column.key or column.merge == "note":
            continue
        first, *others = differing(column, same) or same[:1]
        for other in others:
            found = True
            log.error(
                "conflict",
                f"{_about(other)} 有两个不同的{column.header}：{other.place}为“{other.spot(column.name).value}”，"
                f"{first.place}为“{first.spot(column.name).value}”",
                other.spot(column.name),
                expected="两处一致，或只留一处",
                unit=other.unit,
                indicator=str(other["indicator"] or ""),
            )
    return found


def differing(column: Column, same: list[Record]) -> list[Record]:
    """Rows of one key that fill in the column: the first, and each that says otherwise than it."""
    filled = [record for record in same if record[column.name] is not None]
    return filled[:1] + [each for each in filled[1:] if each[column.name] != filled[0][column.name]]


def _about(record: Record) -> str:
    """What the row is about, as entered: `C01 在校生数`."""
    return " ".join(record.spot(name).value.strip() for name in record.table.keys)


def _merged(table: Table, same: list[Record]) -> Record:
    """One record of rows that agree: the first, with what only others fill in, and all their notes."""
    values = dict(same[0].values)
    for column in table.columns:
        given = [record[column.name] for record in same if record[column.name] is not None]
        if not given:
            continue
        if column.merge == "note":
            values[column.name] = any(given) if column.kind == "yes_no" else SEPARATOR.join(dict.fromkeys(given))
        else:
            values[column.name] = given[0]
    return replace(same[0], values=values)


def _content(record: Record) -> Hashable:
    return tuple(sorted((name, str(value)) for name, value in record.values.items() if value is not None))


def _distinct(records: list[Record], repeats: Repeats) -> list[Record]:
    first: dict[Hashable, Record] = {}
    for record in records:
        known = first.setdefault(_content(record), record)
        if known is not record:
            repeats.add(known.at, record.at)
    return list(first.values())


def _events(records: list[Record], repeats: Repeats) -> list[Record]:
    """Each row of a sheet is an event; what another sheet says again is the same event."""
    by_content: dict[Hashable, dict[tuple[str, str], list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        by_content[_content(record)][record.at.source].append(record)
    dropped: Counter[int] = Counter()
    for sheets in by_content.values():
        longest = max(sheets.values(), key=len)
        for rows in sheets.values():
            if rows is not longest:
                for number, record in enumerate(rows):
                    repeats.add(longest[number].at, record.at)
                    dropped[id(record)] += 1
    return [record for record in records if not dropped[id(record)]]
