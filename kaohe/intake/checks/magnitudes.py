"""Figures of another size than usual: 12.5 where 125 000 yuan were meant, a head count with a digit too many.

Each is a question that names what may have been meant; nothing is changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple, TypeVar

from kaohe.intake.checks.context import Context
from kaohe.intake.tables.data import Key
from kaohe.intake.tables.vocabulary import Record
from kaohe.intake.year.lastyear import LastYear
from kaohe.rules.wording import Term, quantity
from kaohe.rules.wording import number as say
from kaohe.scheme import Item, Metric
from kaohe.scheme.years import spoken

MYRIAD = 10_000
"""万: what is handed in in 元 is budgeted and talked about in 万元."""

FAR = 100
"""Half the digits of a myriad: a figure farther off than this is nearer to the usual one if it was meant in 万."""

DIGIT = 10
CLOSE = 2
"""A number that hardly moves from year to year stays within this factor."""

FEW = 3
"""So many other figures tell what is usual."""

MOST_LISTED = 30
"""Cells that a question names; whoever writes 万元 does so in whole columns."""

PEOPLE = ("人", "人次")
CROWD = 1_000_000
"""So many people are a telephone number, whatever the others have."""
YUAN = Term("", "元")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Range:
    """Where a figure is expected, and in words why; `most` None: no upper end."""

    least: Fraction
    most: Fraction | None
    says: str

    def meant(self, value: Fraction, step: int) -> Fraction | None:
        """Which of the figure, `step` times it and a `step`th of it lies there; None where none or several do."""
        there = [each for each in (value, value * step, value / step) if self._holds(each)]
        return there[0] if len(there) == 1 else None

    def _holds(self, value: Fraction) -> bool:
        return self.least <= value and (self.most is None or value <= self.most)


class Sizes:
    """Figures by size, sorted once, whichever of them is then left out (`but`)."""

    def __init__(self, figures: Iterable[Fraction]) -> None:
        self._ordered = sorted(figures)

    def median(self, but: Fraction | None = None) -> Fraction | None:
        """None where there are too few to tell what is usual."""
        count = self._count(but)
        if count < FEW:
            return None
        return (self._at((count - 1) // 2, but) + self._at(count // 2, but)) / 2

    def largest(self, but: Fraction | None = None) -> Fraction | None:
        """None where there are too few."""
        count = self._count(but)
        return self._at(count - 1, but) if count >= FEW else None

    def _count(self, but: Fraction | None) -> int:
        return len(self._ordered) - (but is not None)

    def _at(self, place: int, but: Fraction | None) -> Fraction:
        return self._ordered[place + (but is not None and place >= bisect_left(self._ordered, but))]


class Meant(NamedTuple):
    """What a figure was probably meant to be (itself, if all is well), and by what it shows."""

    value: Fraction
    says: str


class Doubt(NamedTuple):
    """A figure that was probably meant to be another one."""

    record: Record
    column: str
    meant: Meant

    @property
    def value(self) -> Fraction:
        found: Fraction = self.record[self.column]
        return found

    @property
    def is_too_small(self) -> bool:
        return self.meant.value > self.value


def tell_other_units(metrics: Mapping[Key, Record], last: LastYear, context: Context) -> None:
    """Ask about money, and what else has a usual range in the scheme, that seems to be in 万 or a 万 times too much."""
    for name, records in _by_metric(metrics).items():
        metric = context.scheme.metrics[name]
        if metric.kind != "money" and metric.usual is None:
            continue
        known = _known(name, metric, last)
        found = _in_another_unit(_positive(records, "value"), known, "其他单位", metric.term)
        _tell_units(
            [Doubt(records[unit], "value", meant) for unit, meant in found], metric.term, metric.office, context
        )


def tell_amounts(achievements: Iterable[Record], context: Context) -> None:
    """The same of the amounts of achievements, beside what the text asks of them and the others of their kind."""
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in achievements:
        groups[record.subject, record["kind"]].append(record)
    for (subject, kind), records in groups.items():
        _tell_amounts(context.scheme.indicators[subject], kind, dict(enumerate(records)), context)


def _tell_amounts(indicator: Item, kind: str, records: Mapping[int, Record], context: Context) -> None:
    asked = []
    if kind in indicator.amounts:
        least = indicator.amounts[kind].at_least[kind]
        asked = [Range(least / FAR, None, f"达到 {quantity(least, YUAN)}的才计分")]
    found = _in_another_unit(_positive(records, "amount"), lambda _: asked, "其他同类项目", YUAN)
    term = Term(f"{context.scheme.kinds.get(kind, kind)}的金额", YUAN.unit)
    doubts = [Doubt(records[place], "amount", meant) for place, meant in found]
    _tell_units(doubts, term, indicator.office or "", context, indicator.id)


def tell_head_counts(metrics: Mapping[Key, Record], last: LastYear, context: Context) -> None:
    """Ask about numbers, of people above all, with a digit too many or too few."""
    then = spoken(last.year).last
    for name, records in _by_metric(metrics).items():
        metric = context.scheme.metrics[name]
        if metric.kind == "count" and (metric.steady or metric.unit in PEOPLE):
            values = _positive(records, "value")
            sizes = Sizes(values.values())
            for unit, value in values.items():
                meant = _counted(value, sizes.largest(but=value), last.figure(unit, name), metric, then)
                if meant is not None:
                    _tell_count(Doubt(records[unit], "value", meant), metric, context)


def _by_metric(metrics: Mapping[Key, Record]) -> dict[str, dict[str, Record]]:
    found: dict[str, dict[str, Record]] = defaultdict(dict)
    for (unit, name), record in metrics.items():
        found[name][unit] = record
    return found


def _positive(records: Mapping[K, Record], column: str) -> dict[K, Fraction]:
    """The figures whose size says something."""
    return {key: record[column] for key, record in records.items() if record[column] is not None and record[column] > 0}


def _known(name: str, metric: Metric, last: LastYear) -> Callable[[str], Iterator[Range]]:
    """What is known of a unit's figure without this year's other figures, the surest first."""

    @cache
    def of_all() -> list[Range]:
        sizes = Sizes(each for each in last.figures(name) if each > 0)
        return list(_middle(sizes.median(), f"{spoken(last.year).last}各单位", metric.term))

    def ranges(unit: str) -> Iterator[Range]:
        usual = metric.usual
        if usual is not None:
            says = f"一般为 {_round(usual.least, metric.unit)}～{_round(usual.most, metric.unit)}"
            yield Range(usual.least, usual.most, says)
        own = last.figure(unit, name)
        if own is not None and own > 0:
            yield _around(own, FAR, f"{spoken(last.year).last}为 {quantity(own, metric.term)}")
        else:
            yield from of_all()

    return ranges


def _round(value: Fraction, unit: str) -> str:
    """100000000 元 → 1 亿元: an end of a range, in which nobody counts the zeros."""
    size, word = next(((size, word) for size, word in ((MYRIAD**2, "亿"), (MYRIAD, "万")) if value >= size), (1, ""))
    return f"{say(value / size)} {word}{unit}"


def _around(value: Fraction, factor: int, says: str) -> Range:
    return Range(value / factor, value * factor, says)


def _middle(median: Fraction | None, whose: str, term: Term) -> Iterator[Range]:
    """Around the median, where there is one."""
    if median is not None:
        yield _around(median, FAR, f"{whose}的中位数为 {quantity(median, term)}")


def _in_another_unit(
    values: Mapping[K, Fraction], known: Callable[[K], Iterable[Range]], whose: str, term: Term
) -> Iterator[tuple[K, Meant]]:
    """The figures that were meant to be others, by what is known of each, and else by the other sound ones.

    The others are asked last, and only the sound ones: where a whole column is in 万元, they agree with each other.
    """
    told = {key: _first(value, known(key)) for key, value in values.items()}
    sound = Sizes(value for key, value in values.items() if (told[key] or Meant(value, "")).value == value)
    for key, value in values.items():
        meant = told[key] or _first(value, _middle(sound.median(but=value), whose, term))
        if meant is not None and meant.value != value:
            yield key, meant


def _first(value: Fraction, ranges: Iterable[Range]) -> Meant | None:
    """What the first range that is sure of it says."""
    found = ((each.meant(value, MYRIAD), each.says) for each in ranges)
    return next((Meant(meant, says) for meant, says in found if meant is not None), None)


def _counted(
    value: Fraction, largest: Fraction | None, own: Fraction | None, metric: Metric, then: str
) -> Meant | None:
    """What a count was meant to be by the unit's own of last year (`then`), else by the largest other; else None."""
    if own:
        usual = _around(own, CLOSE, f"{then}为 {quantity(own, metric.term)}")
        before = usual.meant(value, DIGIT)
        if before == value:
            return None
        if before is not None and metric.steady:
            return Meant(before, usual.says)
    far = DIGIT // CLOSE if metric.steady else DIGIT
    if largest is not None and value >= far * largest:
        return Meant(value / DIGIT, f"其他单位最多为 {quantity(largest, metric.term)}")
    if metric.unit in PEOPLE and value >= CROWD:
        return Meant(value / DIGIT, "一个单位没有这么多人")
    return None


def _tell_units(doubts: Iterable[Doubt], term: Term, office: str, context: Context, indicator: str = "") -> None:
    """One question a sheet, at the first of its cells: an office that writes 万元 writes all its figures so."""
    sheets: dict[tuple[tuple[str, str], bool], list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        sheets[doubt.record.at.source, doubt.is_too_small].append(doubt)
    asked = {(each.file, each.sheet) for each in context.log.findings if each.code == "unit-above"}
    for (source, too_small), (first, *more) in sheets.items():
        if source in asked:  # a title or a header has said so already
            continue
        asks = f"是否以万{term.unit}填写" if too_small else f"是否多乘了一万（把{term.unit}当作万{term.unit}换算）"
        message = f"{term.name}{asks}？{first.meant.says}{_more(more)}"
        context.log.warning(
            "magnitude",
            message,
            first.record.spot(first.column),
            expected=f"以{term.unit}计的数，是否指 {say(first.meant.value)}？",
            unit="" if more else first.record.unit,
            indicator=indicator,
            office=office,
        )


def _more(doubts: list[Doubt]) -> str:
    if not doubts:
        return ""
    cells = (f"第 {each.record.at.row} 行 {each.record.unit} 的 {say(each.value)}" for each in doubts[:MOST_LISTED])
    return f"；这张表里还有 {len(doubts)} 处：{'、'.join(cells)}{' 等' if len(doubts) > MOST_LISTED else ''}"


def _tell_count(doubt: Doubt, metric: Metric, context: Context) -> None:
    asks = "是否少写了一位数" if doubt.is_too_small else "是否多写了一位数"
    meant = doubt.meant.value
    guess = f"，是否指 {say(meant)}？" if meant.denominator == 1 else ""
    context.log.warning(
        "magnitude",
        f"{metric.name}{asks}？{doubt.meant.says}",
        doubt.record.spot(doubt.column),
        expected=f"核对过的数{guess}",
        unit=doubt.record.unit,
        office=metric.office,
    )
