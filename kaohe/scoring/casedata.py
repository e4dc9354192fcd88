"""What a case hands in for its units, as a year's data: the same that intake would hand on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from kaohe.intake.tables.data import Award, Declaration, Mark, MetricRow, Rating, Ruling, Unit, Veto, Votes, YearData
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.votes import EVERYBODY
from kaohe.rules.written import exact_number
from kaohe.scheme import Scheme
from kaohe.scoring.bind import Past

EARLIER = ("points", "last", "grade")
"""What may be said of a year before, beside its metrics."""


def figure(value: Any) -> Fraction:
    """An exact figure: 1.5, 70%, and sums by hand such as 7/3; ValueError in Chinese."""
    if isinstance(value, str) and "/" in value:
        over, _, under = value.partition("/")
        below = exact_number(under)
        if not below:
            raise ValueError("分母不能为 0")
        return exact_number(over) / below
    return exact_number(value)


def metric_figure(scheme: Scheme, metric: str, value: Any) -> Fraction:
    """What is handed in of a metric: a figure, or a day where the metric is a date; ValueError in Chinese."""
    if metric in scheme.metrics and scheme.metrics[metric].kind == "date":
        return Fraction(day(value).toordinal())
    return figure(value)


def day(value: Any) -> datetime.date:
    """A day as written; ValueError in Chinese."""
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"日期应为年-月-日，如 2019-03-01，现为 {value}") from None


def rating_figure(scheme: Scheme, item: str, value: Any) -> Fraction:
    """A rating: points, or a word the item knows (优, 良); ValueError in Chinese."""
    indicator = scheme.indicators.get(item)
    judged = indicator.judged if indicator is not None else None
    if judged is not None and judged.options and indicator is not None:
        worth = judged.worth(str(value), indicator.printed_full)
        if worth is not None:
            return worth
    return figure(value)


def listed(value: Any) -> list[Any]:
    """A list as it is, anything else as the one thing in it."""
    return value if isinstance(value, list) else [value]


_TIMES = re.compile(r"x\d+")


def achievement_fields(row: Any) -> dict[str, Any]:
    """The fields of an achievement, written as such or as `kind level award x3`."""
    if isinstance(row, dict):
        return row
    words = str(row).split()
    named = [word for word in words if not _TIMES.fullmatch(word)]
    times = [word[1:] for word in words if _TIMES.fullmatch(word)]
    return {**dict(zip(("kind", "level", "award"), named, strict=False)), "times": times[0] if times else 1}


def usual_year(scheme: Scheme) -> str:
    """A year in which the scheme is in force."""
    first = int(scheme.in_force_from[:4])
    return f"{first}-{first + 1}" if scheme.year.kind == "school" else str(first)


def day_in(scheme: Scheme, year: str) -> datetime.date:
    """A day that counts, where a case names none."""
    return scheme.window.days(year)[0]


def past_of(scheme: Scheme, units: Mapping[str, Mapping[str, Any]]) -> dict[int, Past]:
    """What the cases say of years before: `earlier: {1: {metric: …, points: {item: …}, last: yes, grade: …}}`."""
    years = {int(ago) for given in units.values() for ago in given.get("earlier") or {}}
    out = {}
    for ago in sorted(years):
        said = {unit: (given.get("earlier") or {}).get(ago) or {} for unit, given in units.items()}
        words = EARLIER
        out[ago] = Past(
            points={
                (unit, str(k)): figure(v) for unit, row in said.items() for k, v in (row.get("points") or {}).items()
            },
            metrics={
                (unit, str(k)): metric_figure(scheme, str(k), v)
                for unit, row in said.items()
                for k, v in row.items()
                if k not in words
            },
            last=frozenset(unit for unit, row in said.items() if row.get("last") in (True, "yes")),
            grades={unit: str(row["grade"]) for unit, row in said.items() if "grade" in row},
        )
    return out


def by_member(scheme: Scheme, given: Any) -> dict[Any, Any]:
    """Figures by month, term or round: as they are written, or a list in the order of the dimension that has as many.

    Where several have, or none, of the one that has the fewest that suffice.
    """
    if isinstance(given, dict):
        return given
    values = listed(given)
    enough = [each.names for each in scheme.dimensions.values() if len(each.names) >= len(values)]
    names = min(enough, key=len, default=())
    return dict(zip(names or range(1, len(values) + 1), values, strict=False))


def year_data(scheme: Scheme, year: str, units: Mapping[str, Mapping[str, Any]]) -> YearData:
    """The inputs of a case as a year's data."""
    rows: dict[str, Any] = {name: {} for name in ("metrics", "periods", "ratings", "votes", "marks")}
    rows |= {name: {} for name in ("declarations", "rulings", "exemptions")}
    lists: dict[str, list[Any]] = {name: [] for name in ("achievements", "incidents", "vetoes", "awards")}
    only = next(iter(scheme.categories)) if len(scheme.categories) == 1 else ""
    people = []
    for unit, given in units.items():
        traits = given.get("traits") or {}
        category = str(given.get("category") or only)
        people.append(Unit(unit, str(given.get("name") or unit), category, {k: str(v) for k, v in traits.items()}))
        metrics = {**{k: v for k, v in given.items() if k in scheme.metrics}, **(given.get("metrics") or {})}
        rows["metrics"] |= {
            (unit, name): MetricRow(metric_figure(scheme, name, value)) for name, value in metrics.items()
        }
        for metric, members in (given.get("periods") or {}).items():
            found = by_member(scheme, members)
            rows["periods"] |= {
                (unit, metric, str(m)): MetricRow(metric_figure(scheme, metric, value)) for m, value in found.items()
            }
        for item, marks in (given.get("ratings") or {}).items():
            rows["ratings"][unit, item] = tuple(_ratings(scheme, item, marks))
        for vote, cast in (given.get("votes") or {}).items():
            _vote(rows, scheme, unit, str(vote), cast)
        lists["achievements"] += _achievements(scheme, year, unit, given.get("achievements") or {})
        lists["incidents"] += _incidents(scheme, year, unit, given.get("incidents") or {})
        rows["declarations"][unit] = {
            kind: Declaration("工作", accepted)
            for field, accepted in (("declared", True), ("rejected", False))
            for kind in listed(given.get(field) or [])
        }
        lists["vetoes"] += [Veto(unit, str(kind)) for kind in listed(given.get("vetoes") or [])]
        lists["awards"] += [Award(unit, "奖项", each in (True, "yes")) for each in listed(given.get("awards") or [])]
        if "decided" in given:
            rows["rulings"][unit] = Ruling(str(given["decided"]), None, "算例", datetime.date(2000, 1, 1))
        rows["exemptions"] |= {(unit, str(name)): "算例" for name in listed(given.get("exempt") or [])}
    return YearData(year=year, units=tuple(people), **rows, **_tuples(lists))


def _tuples(lists: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {name: tuple(rows) for name, rows in lists.items()}


def _ratings(scheme: Scheme, item: str, marks: Any) -> Iterator[Rating]:
    """Marks of the year, or a list of them for each month or term."""
    for period, given in (marks if isinstance(marks, dict) else {"": marks}).items():
        for place, mark in enumerate(listed(given), 1):
            yield Rating(f"评委{place}", rating_figure(scheme, item, mark), period=str(period))


def _vote(rows: dict[str, Any], scheme: Scheme, unit: str, vote: str, cast: Any) -> None:
    """Counts by option, or marks: a list, or a list for each group of voters; of each facet where it has some."""
    for facet, given in (cast if scheme.votes[vote].facets else {"": cast}).items():
        _facet(rows, scheme, (unit, vote, str(facet)), given)


def _facet(rows: dict[str, Any], scheme: Scheme, at: tuple[str, str, str], cast: Any) -> None:
    definition = scheme.votes[at[1]]
    if definition.paper == "counts":
        none = {(group, option): Fraction(0) for group in definition.groups for option in definition.options}
        groups = cast if definition.voters else {EVERYBODY: cast}
        counted = {
            (str(group), str(option)): figure(many) for group, given in groups.items() for option, many in given.items()
        }
        rows["votes"][at] = Votes({**none, **counted})
        return
    groups = cast if isinstance(cast, dict) else {EVERYBODY: cast}
    rows["marks"][at] = tuple(
        Mark(f"{group}{n}", str(group), figure(mark))
        for group, marks in groups.items()
        for n, mark in enumerate(listed(marks), 1)
    )


def _achievements(scheme: Scheme, year: str, unit: str, given: Mapping[str, Any]) -> Iterator[Achievement]:
    """By item: "kind level award x3", or mappings."""
    for item, rows in given.items():
        for place, each in enumerate(listed(rows)):
            row = achievement_fields(each)
            for copy in range(int(row.get("times", 1))):
                yield Achievement(
                    unit, str(item), row["kind"], row.get("level"), row.get("award"),
                    row.get("title", f"成果 {item} {place}-{copy}"), _day(scheme, year, row),
                    row.get("first_author") not in (False, "no"),
                    figure(row["amount"]) if "amount" in row else None,
                )  # fmt: skip


def _incidents(scheme: Scheme, year: str, unit: str, given: Mapping[str, Any]) -> Iterator[Incident]:
    for item, rows in given.items():
        for row in listed(rows):
            about = row if isinstance(row, dict) else {"count": row}
            points = figure(about["points"]) if "points" in about else None
            yield Incident(
                unit, str(item), _day(scheme, year, about), figure(about.get("count", 1)), points, about.get("note"),
                period=str(about.get("period") or ""), class_=str(about.get("class") or ""),
            )  # fmt: skip


def _day(scheme: Scheme, year: str, row: Mapping[str, Any]) -> datetime.date:
    return day(row["date"]) if "date" in row else day_in(scheme, year)
