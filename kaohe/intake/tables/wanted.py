"""What a rule wants of a unit: figures of the year, of each month or term, or of years before; and what is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kaohe.intake.tables.data import YearData
from kaohe.rules import Figure
from kaohe.rules.after import EachMember
from kaohe.rules.base import Value
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
        return tuple(dict.fromkeys(_wants(rule)))
    names = dict.fromkeys(name for part in parts for name in part.metrics())
    judged = [Want("")] if any(isinstance(part, Judged) for part in parts) else []
    return (*map(Want, names), *judged)


def _wants(rule: Figure) -> Iterator[Want]:
    for figure, member, ago in _parts(rule):
        yield from (Want(name, member, ago) for name in figure.metrics())
        if isinstance(figure, Judged):
            yield Want("", member, ago)


def divisors_of(rule: Figure) -> tuple[Want, ...]:
    """The figures by which the rule divides, each once: none of them may be 0."""
    divided = ((each.denominators(), member, ago) for part, member, ago in _parts(rule) for each in with_values(part))
    return tuple(dict.fromkeys(Want(name, member, ago) for names, member, ago in divided for name in names))


def with_values(figure: Figure) -> list[Figure]:
    """A figure, and what it looks at itself: values in its fields that are none of its parts."""
    parts = figure.children()
    fields = (getattr(figure, name) for name in type(figure).model_fields)
    return [figure, *(each for each in fields if isinstance(each, Value) and not any(each is part for part in parts))]


def _parts(figure: Figure, member: str = "", ago: int = 0) -> Iterator[tuple[Figure, str, int]]:
    """A figure and all that it is made of, with the month or term and the year (so many before) that each is of."""
    yield figure, member, ago
    if isinstance(figure, EachMember) or (isinstance(figure, Over) and figure.each is not None):
        for each in figure.members:
            yield from _parts(figure.of, each, ago)
    elif isinstance(figure, Over):
        for years in figure.years:
            yield from _parts(figure.of, member, ago + years)
    else:
        for child in figure.children():
            yield from _parts(child, member, ago)


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
    return year_before(scheme, data.year, want.ago) if want.ago else want.member


def year_before(scheme: Scheme, year: str, ago: int) -> str:
    """The year so many before, as the scheme counts them; in words where it knows none, empty where it is the same."""
    years = scheme.year.years_before(year, ago) if ago else []
    return years[-1] if ago and len(years) == ago else f"{ago} 年前" if ago else ""


def looks_back(scheme: Scheme) -> int:
    """How many years before this one the scheme looks at."""
    return max((ago for node in scheme.tree.leaves for rule in node.item.rules for ago in _ago(rule)), default=0)


def _ago(figure: Figure) -> Iterator[int]:
    yield getattr(figure, "ago", 0)
    yield from getattr(figure, "years", ()) or ()
