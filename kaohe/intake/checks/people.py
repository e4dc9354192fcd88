"""Names of raters and voters: one person written in two ways is one voice, and is told with both places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kaohe.intake.checks.context import Context
from kaohe.intake.sheets.cells import letters_of, shown
from kaohe.intake.tables.people import one_letter, persons_meant
from kaohe.intake.tables.vocabulary import TABLES, Record

_LOST = re.compile("[?\ufffd□■▯\ue000-\uf8ff\U000f0000-\U0010fffd]")


def voices() -> dict[str, tuple[str, str]]:
    """Tables in which each name is a voice: the column of the names, and that of what they say."""
    return {table.name: table.voice for table in TABLES.values() if table.voice is not None}


def tell_spellings(rows: Mapping[str, list[Record]], context: Context) -> None:
    """Of rows as handed in: a name in two spellings is one; two names that are nearly one are asked about."""
    for table, (column, _) in voices().items():
        first: dict[str, dict[str, Record]] = {}
        for record in rows.get(table, ()):
            first.setdefault(record[column], {}).setdefault(_written(record, column), record)
        for name, spellings in first.items():
            _tell_one(name, column, list(spellings.values()), context)
        names = {name: next(iter(spellings.values())) for name, spellings in first.items()}
        _tell_garbled(names, column, context)
        asked = _tell_nearly_one(names, column, context)
        _tell_letters(rows.get(table, ()), column, asked, context)


def _written(record: Record, column: str) -> str:
    return shown(record.cells.get(column)).strip()


def _tell_one(name: str, column: str, records: list[Record], context: Context) -> None:
    known, *others = records
    for other in others:
        message = f"与{known.place}的“{_written(known, column)}”只差空格、字形或看不见的字符，按同一人（{name}）计"
        context.log.warning(
            "name-spelling", message, other.spot(column), expected="同一人只有一种写法", office=context.office
        )


def _tell_garbled(names: Mapping[str, Record], column: str, context: Context) -> None:
    """A letter that some program could not write: two of 王喆 and 王珺 would be one `王?`."""
    for name, record in names.items():
        if _LOST.search(name):
            message = "姓名里有缺字或乱码（? □ 之类），同样写法的几个人会算成一个"
            context.log.warning(
                "garbled-name", message, record.spot(column), expected="完整的姓名", office=context.office
            )


def _tell_nearly_one(names: Mapping[str, Record], column: str, context: Context) -> set[str]:
    """Capitals, signs, titles and brackets apart they are the same; Chinese names that differ otherwise are two.

    Returns the names that it asks about.
    """
    first: dict[str, list[tuple[str, Record]]] = {}
    asked = set()
    for name, record in names.items():
        forms = {(form, more) for form, more in persons_meant(name).items()} | {(letters_of(name), "")}
        known = next(
            (
                other
                for form, more in sorted(forms)
                for also, other in first.get(form, ())
                if other is not record and (not more or not also or more == also)
            ),
            None,
        )
        if known is not None:
            _ask(record, known, column, context)
            asked.add(name)
        for form, more in forms:
            first.setdefault(form, []).append((more, record))
    return asked


def _tell_letters(records: Iterable[Record], column: str, asked: set[str], context: Context) -> None:
    """`甲老师` beside `甲`, where one office's table has both for one item."""
    together: dict[tuple[tuple[str, str], str], dict[str, Record]] = {}
    for record in records:
        together.setdefault((record.at.source, record.subject), {}).setdefault(record[column], record)
    for names in together.values():
        for name, record in names.items():
            known = names.get(one_letter(name))
            if known is not None and name not in asked:
                asked.add(name)
                _ask(record, known, column, context)


def _ask(record: Record, known: Record, column: str, context: Context) -> None:
    message = f"与{known.place}的“{known[column]}”几乎一样，现按两人计：是否同一人？"
    expected = "同一人只有一种写法；确是两人的写法要能分清"
    context.log.warning("similar-names", message, record.spot(column), expected=expected, office=context.office)
