"""A rater whose marks are what a program makes of the others' marks: a sum, a mean, the highest or the lowest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import median

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.people import voices
from kaohe.intake.tables.vocabulary import Record

Marks = Sequence[Fraction]

ENOUGH, MANY = 3, 8
"""Rows on which the others differ: so many exact means are no chance; rounded or extreme ones may be, of few."""

LEAST_OTHERS = 2
INEXACT = Fraction(1, 10**9)
"""What a program loses of a third."""

FINEST = 4
"""Decimals to which means are rounded."""


def _trimmed(marks: Marks) -> Fraction | None:
    """Without the highest and the lowest."""
    return (sum(marks, Fraction(0)) - max(marks) - min(marks)) / (len(marks) - 2) if len(marks) > 2 else None


MADE: Mapping[str, Callable[[Marks], Fraction | None]] = {
    "合计": lambda marks: sum(marks, Fraction(0)),
    "平均": lambda marks: sum(marks, Fraction(0)) / len(marks),
    "去掉最高最低后的平均": _trimmed,
    "最高": max,
    "最低": min,
    "中位数": lambda marks: Fraction(median(marks)),
}
ALSO_OF_PERSONS = {"最高", "最低", "中位数"}
"""What one of few raters may well give, too."""


def tell_summaries(tables: Mapping[str, Sequence[Record]], context: Context) -> None:
    """Asks about every rater and voter of whom that holds on every row."""
    for table, (column, value) in voices().items():
        on_row: dict[tuple[str, ...], list[Record]] = defaultdict(list)
        for record in tables[table]:
            on_row[record.unit, record.subject, record["vote"] or "", record["facet"] or ""].append(record)
        by_name: dict[str, list[tuple[Record, list[Fraction]]]] = defaultdict(list)
        for records in on_row.values():
            marks = [(record, record.at.source, record[value]) for record in records]
            for record, source, _ in marks:
                # What stands in one sheet was made of that sheet, wherever the others come from.
                mine = [mark for each, beside, mark in marks if each is not record and beside == source]
                by_name[record[column]].append((record, mine if len(mine) >= LEAST_OTHERS else []))
        found = {name: made for name, rows in by_name.items() if (made := _made(rows, value))}
        last = {made: name for name, made in found.items()}  # whoever is the highest is what the highest is made of
        for name, made in found.items():
            if made not in ALSO_OF_PERSONS or last[made] == name:
                rows = by_name[name]
                message = f"{name} 的 {len(rows)} 个评分都是同表其他各人的{made}：是一位评分人，还是汇总？"
                expected = "汇总的行或列删去；确是一位评分人的请核对"
                at = rows[0][0].spot(column)
                context.log.warning("summary-rater", message, at, expected=expected, office=context.office)


def _made(rows: Sequence[tuple[Record, list[Fraction]]], value: str) -> str:
    """What of the others each mark is, in words; empty where it is none of them on every row."""
    if any(not others for _, others in rows):
        return ""
    return next(_fitting([(record[value], others) for record, others in rows]), "")


def _fitting(rows: Sequence[tuple[Fraction, list[Fraction]]]) -> Iterator[str]:
    """Nearly every rater differs on the first rows; what asks for all of them comes last."""
    half = _half_of_the_last_digit({mark.denominator for mark, _ in rows})
    for name, make in MADE.items():
        personal = name in ALSO_OF_PERSONS
        if _within(INEXACT, make, rows):
            if _telling(rows) >= (MANY if personal else ENOUGH) and (personal or _is_between(rows)):
                yield name
        elif not personal and half and _within(half, make, rows) and _telling(rows) >= MANY and _is_between(rows):
            yield f"{name}（四舍五入）"


def _within(most: Fraction, make: Callable[[Marks], Fraction | None], rows: Sequence[tuple[Fraction, Marks]]) -> bool:
    """Whether each mark is at most so far from what `make` makes of the others."""
    return all((whole := make(others)) is not None and abs(mark - whole) <= most for mark, others in rows)


def _telling(rows: Sequence[tuple[Fraction, Marks]]) -> int:
    """Rows on which the others differ."""
    return sum(min(others) != max(others) for _, others in rows)


def _is_between(rows: Sequence[tuple[Fraction, Marks]]) -> bool:
    """Whether some mark is none of the others' marks; if all are, it is like any rater's."""
    return any(mark not in others for mark, others in rows)


def _half_of_the_last_digit(denominators: Iterable[int]) -> Fraction | None:
    """How far a mean is from what it is rounded to, at as many decimals as the marks have; None where they are too many
    for a rounded mean."""
    places = range(FINEST + 1)
    last = next((each for each in places if all(10**each % one == 0 for one in denominators)), None)
    return None if last is None else Fraction(1, 2 * 10**last)
