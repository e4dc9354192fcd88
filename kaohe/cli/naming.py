"""Units and indicators as people write them: by code in any case, or by a name, or a part of one, that is unique."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from kaohe.cli.console import usage

if TYPE_CHECKING:
    from kaohe.scoring.book import ScoreBook

MOST_CLOSE = 5
"""So many are asked about; a part of more names than that says little."""


def unit_named(book: ScoreBook, written: str) -> str:
    """The id of the unit that is meant; ends with 2 where none is, or several."""
    return unit_among({each.unit_id: each.name for each in book.units}, written, f"{book.year} ")


def unit_among(known: Mapping[str, str], written: str, where: str = "") -> str:
    """The same among units by id and name that are known without a book; as files are read, too."""
    found = _meant(written, known)
    if found is None:
        from kaohe.intake.tables.unitnames import UnitNames

        found = UnitNames(known.items()).meant(written)
    return found if found is not None else _unknown(f"{where}没有单位 {written}", written, known)


def indicator_named(book: ScoreBook, unit: str, written: str) -> str:
    """The id of the unit's indicator that is meant; ends with 2 where none is, or several."""
    known = {cell.indicator: book.indicators[cell.indicator].name for cell in book.cells_of(unit)}
    return indicator_among(known, unit, written)


def indicator_among(known: Mapping[str, str], unit: str, written: str) -> str:
    """The same among indicators by id and name that are known without a book."""
    found = _meant(written, known)
    return found if found is not None else _unknown(f"{unit} 没有指标 {written}", written, known)


def _meant(written: str, known: Mapping[str, str]) -> str | None:
    """By code, by the part of a code after the department's, by name, by a part of one: whatever finds only one."""
    if written in known:
        return written
    from kaohe.intake.sheets.cells import word

    said = word(written)
    if not said:
        return None
    tests = (
        lambda code, name: word(code) == said,
        lambda code, name: word(code).endswith(f".{said}"),
        lambda code, name: word(name) == said,
        lambda code, name: said in word(name),
    )
    for test in tests:
        found = [code for code, name in known.items() if test(code, name)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _unknown(problem: str, written: str, known: Mapping[str, str]) -> str:
    """Ends, with what may be meant before all that there are."""
    close = _close(written, known)
    listed = "、".join(f"{code} {known[code]}" for code in known)
    asked = f"；是否指 {'、'.join(f'{code} {known[code]}' for code in close)}？" if close else "；"
    usage(f"{problem}{asked}有：{listed}")


def _close(written: str, known: Mapping[str, str]) -> list[str]:
    """Codes whose name has it, then those that begin so or are written much like it; the name may be, too."""
    from kaohe.intake.sheets.cells import word

    said = word(written)
    if not said:
        return []
    codes = {word(code): code for code in known}
    names = {word(name): code for code, name in known.items()}
    found = [code for name, code in names.items() if said in name]
    found += [code for each, code in codes.items() if each.startswith(said)]
    found += [codes[each] for each in get_close_matches(said, codes, n=MOST_CLOSE, cutoff=0.7)]
    found += [names[each] for each in get_close_matches(said, names, n=MOST_CLOSE, cutoff=0.5)]
    return list(dict.fromkeys(found))[:MOST_CLOSE]
