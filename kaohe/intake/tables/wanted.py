"""What of all that is wanted of a unit has not been handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kaohe.intake.tables.data import YearData
from kaohe.rules import Figure
from kaohe.scheme import Scheme
from kaohe.scheme.wants import Some, Want


def lacking(data: YearData, scheme: Scheme, unit: str, item: str, wants: Sequence[Want]) -> list[tuple[Want, str]]:
    """What of it is not there, with the month, term or year of which it is lacking; a figure of the whole year stands
    for each of its months."""
    found = data.metrics  # asked for every unit and item: nearly all of it is simply there
    lacks = [
        want
        for want in wants
        if (want.ago or (unit, want.metric) not in found) and not _elsewhere(data, scheme, unit, item, want)
    ]
    return [
        (want, _when(data, scheme, want)) for want in lacks if want.some is None or _too_few(want.some, wants, lacks)
    ]


def _too_few(some: Some, wants: Sequence[Want], lacks: Sequence[Want]) -> bool:
    """Whether of months, terms or years of which some may lack too few are there."""
    there = {(want.member, want.ago) for want in wants if want.some == some}
    there -= {(want.member, want.ago) for want in lacks if want.some == some}
    return len(there) < some.fewest


def _elsewhere(data: YearData, scheme: Scheme, unit: str, item: str, want: Want) -> bool:
    """Whether it is there though not among the figures of the year: a rating, one of a year before or of a month."""
    if not want.metric:
        rows = data.ratings.get((unit, item), ())
        return any(row.period in ("", want.member) for row in rows) if want.member else bool(rows)
    if want.ago:
        return (unit, want.metric, _when(data, scheme, want)) in data.earlier
    return (unit, want.metric, want.member) in data.periods


def _when(data: YearData, scheme: Scheme, want: Want) -> str:
    return year_before(scheme, data.year, want.ago) if want.ago else want.member


def year_before(scheme: Scheme, year: str, ago: int) -> str:
    """The year so many before, as the scheme counts them; in words where it knows none, empty where it is the same."""
    years = scheme.year.years_before(year, ago) if ago else []
    return years[-1] if ago and len(years) == ago else f"{ago} 年前" if ago else ""


def looks_back(scheme: Scheme) -> int:
    """How many years before this one the scheme looks at."""
    beside = (want.ago for each in scheme.beside.values() for wants in each.wants.values() for want in wants)
    leaves = (ago for node in scheme.tree.leaves for rule in node.item.rules for ago in _ago(rule))
    return max((*leaves, *beside), default=0)


def _ago(figure: Figure) -> Iterator[int]:
    yield getattr(figure, "ago", 0)
    yield from getattr(figure, "years", ()) or ()
