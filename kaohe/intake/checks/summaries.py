"""A rater whose marks are what a program makes of the others' marks: a sum, a mean, the highest or the lowest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import median

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.people import voices
from kaohe.intake.tables.drafts import Record

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
            for record in records:
                # What stands in one sheet was made of that sheet, wherever the others come from.
                beside = [each for each in records if each is not record]
                mine = [each[value] for each in beside if each.at.source == record.at.source]
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
    telling = sum(min(others) != max(others) for _, others in rows)
    for name, make in MADE.items():
        made = [(mark, make(others)) for mark, others in rows]
        if all(whole is not None and abs(mark - whole) <= INEXACT for mark, whole in made):
            between = sum(mark not in others for mark, others in rows)
            if telling >= (MANY if name in ALSO_OF_PERSONS else ENOUGH) and (name in ALSO_OF_PERSONS or between):
                yield name
        elif telling >= MANY and name not in ALSO_OF_PERSONS and _is_rounded(made, rows):
            yield f"{name}（四舍五入）"


def _is_rounded(made: list[tuple[Fraction, Fraction | None]], rows: Sequence[tuple[Fraction, list[Fraction]]]) -> bool:
    """Rounded to as many decimals as the marks have: more than the others' marks, or it were like any rater's."""
    finest = max((_decimals(mark) for mark, _ in made), default=0)
    if finest > FINEST:
        return False
    half = Fraction(1, 2 * 10**finest)
    near = all(whole is not None and abs(mark - whole) <= half for mark, whole in made)
    return near and any(mark not in others for mark, others in rows)


def _decimals(mark: Fraction) -> int:
    return next((places for places in range(FINEST + 1) if (mark * 10**places).denominator == 1), FINEST + 1)
