"""Which words name which column of a table."""

from __future__ import annotations

from collections.abc import Collection

from kaohe.intake.sheets.cells import word
from kaohe.intake.tables.headerwords import meant
from kaohe.intake.tables.vocabulary import UNIT_NAME, Column, Table

ALTERNATIVE = {"indicator": "指标名称", "metric": "指标名称"}
"""Beside 指标编号 (or a metric's English name) the name is for people; alone it says which one is meant."""


def words_present(table: Table, texts: Collection[str]) -> dict[str, Column]:
    """The same where these headers are there, also with marks or units around their words."""
    every = known_words(table, set())
    loosely = (meant(text, every.get) for text in texts if word(text) not in every)
    return known_words(table, {*map(word, texts), *(found[1] for found in loosely if found)})


def known_words(table: Table, present: set[str]) -> dict[str, Column]:
    """Header in its compared form → column."""
    words = {word(UNIT_NAME.header): UNIT_NAME} if "unit_id" in table.column else {}
    for column in table.columns:
        words |= {word(text): column for text in (column.name, column.header, *column.also)}
        other = ALTERNATIVE.get(column.name)
        if other:
            same = {word(column.name), word(column.header), *map(word, column.also)} - {word(other)}
            alone = not present & same
            words[word(other)] = column if alone else Column(f"{column.name}_name", other, "text", optional=True)
    return words
