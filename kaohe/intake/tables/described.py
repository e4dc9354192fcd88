"""The raw tables as one scheme has them: columns for its traits, votes, periods and classes, required as it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kaohe.intake.tables.vocabulary import TABLES, Column, Table
from kaohe.scheme import Scheme

_known: list[tuple[Scheme, Mapping[str, Table]]] = []
"""Of the latest schemes: each row that is read asks for its table."""


def tables_of(scheme: Scheme) -> Mapping[str, Table]:
    """Every raw table by name, with the columns that the scheme gives it."""
    for known, tables in _known:
        if known is scheme:
            return tables
    found = {name: table.shape(table, scheme) for name, table in TABLES.items()}
    _known[:] = [*_known[-3:], (scheme, found)]
    return found


TALL_VOTES = (
    Column("option", "选项", "code", key=True),
    Column("votes", "票数", "number", units=("票",)),
)


def tall_ballots(table: Table) -> Table:
    """A table with a column an option, with a row an option."""
    kept = tuple(column for column in table.columns if column.name not in table.options)
    return replace(table, columns=(*kept, *TALL_VOTES), options=())
