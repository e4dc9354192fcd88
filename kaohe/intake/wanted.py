"""What a rule wants of a unit: figures of the year, of each month or term, or of years before; and what is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kaohe.intake.data import YearData
from kaohe.rules import Figure
from kaohe.rules.after import EachMember
from kaohe.rules.gathered import Over
from kaohe.rules.judged import Judged
from kaohe.scheme import Item, Scheme


@dataclass(frozen=True)
class Want:
    """One figure: a metric, or (where it is empty) ratings; of the whole year or one `member`, `ago` years before."""

    metric: str
    member: str = ""
    ago: int = 0


def wants_of(rule: Figure) -> tuple[Want, ...]:
    """Everything that the rule looks at, each once, in its order."""
    parts = list(rule.walk())
    if any(isinstance(part, EachMember | Over) for part in parts):
        return tuple(dict.fromkeys(_wants(rule, "", 0)))
    names = dict.fromkeys(name for part in parts for name in part.metrics())
    judged = [Want("")] if any(isinstance(part, Judged) for part in parts) else []
    return (*map(Want, names), *judged)


def _wants(figure: Figure, member: str, ago: int) -> Iterator[Want]:
    yield from (Want(name, member, ago) for name in figure.metrics())
    if isinstance(figure, Judged):
        yield Want("", member, ago)
    if isinstance(figure, EachMember) or (isinstance(figure, Over) and figure.each is not None):
        for each in figure.members:
            yield from _wants(figure.of, each, ago)
    elif isinstance(figure, Over):
        for years in figure.years:
            yield from _wants(figure.of, member, ago + years)
    else:
        for child in figure.children():
            yield from _wants(child, member, ago)


def wants_in(item: Item, category: str) -> tuple[Want, ...]:
    """What an item wants of units of a category."""
    rule = next((variant.rule for variant in item.pools if category in variant.applies), None)
    return wants_of(rule) if rule is not None else ()


def lacking(data: YearData, scheme: Scheme, unit: str, item: str, wants: Sequence[Want]) -> list[tuple[Want, str]]:
    """What of it is not there, with the month, term or year of which it is lacking; a figure of the whole year stands
    for each of its months."""
    return [(want, _when(data, scheme, want)) for want in wants if not _there(data, scheme, unit, item, want)]


def _there(data: YearData, scheme: Scheme, unit: str, item: str, want: Want) -> bool:
    if not want.metric:
        rows = data.ratings.get((unit, item), ())
        return any(not want.member or row.period in ("", want.member) for row in rows)
    if want.ago:
        return (unit, want.metric, _when(data, scheme, want)) in data.earlier
    if want.member and (unit, want.metric, want.member) in data.periods:
        return True
    return (unit, want.metric) in data.metrics


def _when(data: YearData, scheme: Scheme, want: Want) -> str:
    if not want.ago:
        return want.member
    years = scheme.year.years_before(data.year, want.ago)
    return years[-1] if len(years) == want.ago else f"{want.ago} 年前"
