"""What a case hands in for a unit, held against the scheme: names nobody knows would silently count for nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any

from kaohe.rules.happened import Events
from kaohe.rules.votes import Vote
from kaohe.scheme import Item, Scheme
from kaohe.scheme.messages import unknown
from kaohe.scoring.casedata import (
    EARLIER,
    achievement_fields,
    by_member,
    day,
    figure,
    listed,
    metric_figure,
    rating_figure,
)

GIVEN = (
    "name", "category", "traits", "metrics", "ratings", "votes", "achievements", "incidents", "declared", "rejected",
    "vetoes", "awards", "decided", "exempt", "periods", "earlier",
)  # fmt: skip
"""What may be handed in for a unit, beside its metrics by id."""

INCIDENT = ("date", "count", "points", "class", "period", "note")
ACHIEVEMENT = ("kind", "level", "award", "title", "date", "first_author", "amount", "times")

Told = Iterator[tuple[str, str]]
"""Where something is wrong, below the unit, and what was expected."""


def wrongs(scheme: Scheme, given: Mapping[str, Any]) -> Told:
    """Everything wrong with what is handed in for a unit."""
    yield from _category(scheme, given.get("category"))
    for name, value in given.items():
        if name in scheme.metrics:
            yield from _read(name, partial(metric_figure, scheme, name, value), value)
        elif name not in GIVEN:
            yield name, unknown("指标目录（metrics）和可写的字段里", str(name), (*scheme.metrics, *GIVEN))
        elif name in _OF:
            yield from _OF[name](scheme, value)


def _category(scheme: Scheme, category: Any) -> Told:
    if category is None and len(scheme.categories) > 1:
        yield "category", f"应写类别（category）：{'、'.join(scheme.categories)} 之一"
    elif category is not None:
        yield from _known("category", "类别（categories）里", category, scheme.categories)


def _known(field: str, what: str, name: Any, known: Collection[str]) -> Told:
    if str(name) not in known:
        listed = f"；可写 {'、'.join(known)}" if known else ""
        yield field, unknown(what, str(name), known) + listed


def _read(field: str, way: Callable[[], Any], value: Any) -> Told:
    try:
        way()
    except (ValueError, TypeError) as error:
        said = str(error)
        yield field, said if str(value) in said else f"{said}，现为 {value}"


def _mapping(field: str, value: Any, shape: str) -> Iterator[tuple[str, Any]]:
    """The pairs of a mapping; ValueError in Chinese where it is none."""
    if not isinstance(value, dict):
        raise _ShapeError(field, f"应写成 {shape}，现为 {value}")
    yield from ((str(key), each) for key, each in value.items())


class _ShapeError(ValueError):
    """Something of another shape than expected."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.told = (field, message)


def _shaped(of: Callable[[Scheme, Any], Told]) -> Callable[[Scheme, Any], Told]:
    """The checks of a part, with a wrong shape told as one more."""

    def checks(scheme: Scheme, value: Any) -> Told:
        try:
            yield from of(scheme, value)
        except _ShapeError as error:
            yield error.told

    return checks


def _metrics(scheme: Scheme, given: Any) -> Told:
    for name, value in _mapping("metrics", given, "{指标: 数}"):
        yield from _known(f"metrics.{name}", "指标目录（metrics）里", name, scheme.metrics)
        yield from _read(f"metrics.{name}", partial(metric_figure, scheme, name, value), value)


def _traits(scheme: Scheme, given: Any) -> Told:
    for name, value in _mapping("traits", given, "{属性: 值}"):
        if name not in scheme.traits:
            yield from _known(f"traits.{name}", "属性（traits）里", name, scheme.traits)
        elif scheme.traits[name].values:
            yield from _known(f"traits.{name}", f"属性 {name} 里", value, scheme.traits[name].values)


def _periods(scheme: Scheme, given: Any) -> Told:
    for name, members in _mapping("periods", given, "{指标: [各月的数]}，或 {指标: {月: 数}}"):
        yield from _known(f"periods.{name}", "指标目录（metrics）里", name, scheme.metrics)
        found = by_member(scheme, members)
        yield from _members(scheme, f"periods.{name}", found)
        for value in found.values():
            yield from _read(f"periods.{name}", partial(metric_figure, scheme, name, value), value)


def _members(scheme: Scheme, field: str, found: Collection[Any]) -> Told:
    known = dict.fromkeys(name for dimension in scheme.dimensions.values() for name in dimension.names)
    for member in found:
        if str(member) not in known:
            names = list(known)
            shown = "、".join(names) if len(names) <= FEW else f"{names[0]}～{names[-1]}"
            yield (
                field,
                f"维度（dimensions）里没有 {member}；" + (f"可写 {shown}" if names else "方案没有写 dimensions"),
            )


FEW = 8
"""So many months or terms are still listed."""


def _ratings(scheme: Scheme, given: Any) -> Told:
    for name, marks in _mapping("ratings", given, "{项: [各评分人的分]}，或 {项: {月: [各评分人的分]}}"):
        yield from _known(f"ratings.{name}", "评分的各项里", name, scheme.indicators)
        if isinstance(marks, dict):
            yield from _members(scheme, f"ratings.{name}", marks)
        for each in marks.values() if isinstance(marks, dict) else [marks]:
            for mark in listed(each):
                yield from _read(f"ratings.{name}", partial(rating_figure, scheme, name, mark), mark)


def _votes(scheme: Scheme, given: Any) -> Told:
    for name, cast in _mapping("votes", given, "{投票: {选项: 票数}}，打分的写 {投票: [分数]}"):
        if name not in scheme.votes:
            yield from _known(f"votes.{name}", "投票（votes）里", name, scheme.votes)
        elif facets := scheme.votes[name].facets:
            for facet, below in _mapping(f"votes.{name}", cast, "{方面: …}"):
                yield from _known(f"votes.{name}.{facet}", "方面（facets）里", facet, facets)
                yield from _cast(scheme.votes[name], f"votes.{name}.{facet}", below)
        else:
            yield from _cast(scheme.votes[name], f"votes.{name}", cast)


def _cast(vote: Vote, field: str, cast: Any) -> Told:
    """The papers of one vote: counts by option or marks, of each group of voters where there are some."""
    if not vote.voters:
        yield from _papers(vote, field, cast)
        return
    for group, below in _mapping(field, cast, f"{{投票人: …}}（{'、'.join(vote.voters)}）"):
        yield from _known(f"{field}.{group}", "投票人（voters）里", group, vote.voters)
        yield from _papers(vote, f"{field}.{group}", below)


def _papers(vote: Vote, field: str, cast: Any) -> Told:
    if vote.paper == "counts":
        for option, many in _mapping(field, cast, "{选项: 票数}"):
            yield from _known(f"{field}.{option}", "选项（options）里", option, vote.options)
            yield from _read(f"{field}.{option}", partial(figure, many), many)
        return
    for mark in listed(cast):
        yield from _read(field, partial(figure, mark), mark)


def _incidents(scheme: Scheme, given: Any) -> Told:
    for name, rows in _mapping("incidents", given, "{项: [{count: 起数}]}"):
        field = f"incidents.{name}"
        yield from _known(field, "各项里", name, scheme.indicators)
        for row in listed(rows):
            about = row if isinstance(row, dict) else {"count": row}
            for each in about:
                yield from _known(f"{field}.{each}", "事件的字段里", each, INCIDENT)
            for each in ("count", "points"):
                if each in about:
                    yield from _read(f"{field}.{each}", partial(figure, about[each]), about[each])
            if "date" in about:
                yield from _read(f"{field}.date", partial(day, about["date"]), about["date"])
            if "period" in about:
                yield from _members(scheme, f"{field}.period", [about["period"]])
            if "class" in about and name in scheme.indicators:
                classes = _classes(scheme.indicators[name])
                yield from _known(f"{field}.class", f"{name} 的等级（classes）里", about["class"], classes)


def _classes(item: Item) -> list[str]:
    return list(dict.fromkeys(each for rule in item.rules if isinstance(rule, Events) for each in rule.classes))


def _achievements(scheme: Scheme, given: Any) -> Told:
    for name, rows in _mapping("achievements", given, '{项: ["类型 级别 奖项 x3"]}'):
        field = f"achievements.{name}"
        yield from _known(field, "各项里", name, scheme.indicators)
        for row in listed(rows):
            about = achievement_fields(row)
            for each in about:
                yield from _known(f"{field}.{each}", "成果的字段里", each, ACHIEVEMENT)
            if "date" in about:
                yield from _read(f"{field}.date", partial(day, about["date"]), about["date"])
            named = {
                "kind": ("类型（kinds）里", scheme.kinds),
                "level": ("级别（levels）里", scheme.levels),
                "award": ("奖项（awards）里", scheme.awards),
            }
            for each, (what, known) in named.items():
                if about.get(each):
                    yield from _known(field, what, about[each], known)


def _names(field: str, what: str, known: Callable[[Scheme], Collection[str]]) -> Callable[[Scheme, Any], Told]:
    """The checks of a list of names."""

    def checks(scheme: Scheme, given: Any) -> Told:
        for name in listed(given or []):
            yield from _known(field, what, name, known(scheme))

    return checks


def _earlier(scheme: Scheme, given: Any) -> Told:
    for ago, said in _mapping("earlier", given, "{1: {指标: 上一年的数}}"):
        if not ago.isdigit() or ago == "0":
            yield f"earlier.{ago}", "应为几年以前：1 上一年、2 前年"
            continue
        for name, value in _mapping(f"earlier.{ago}", said, "{指标: 数, points: {项: 分}}"):
            field = f"earlier.{ago}.{name}"
            if name in scheme.metrics:
                yield from _read(field, partial(metric_figure, scheme, name, value), value)
            elif name == "points":
                for item, points in _mapping(field, value, "{项: 分}"):
                    yield from _known(f"{field}.{item}", "各项（items）里", item, scheme.tree.nodes)
                    yield from _read(f"{field}.{item}", partial(figure, points), points)
            elif name == "grade":
                yield from _known(field, "等次（grades）里", value, scheme.results.grade_named)
            elif name not in EARLIER:
                yield field, unknown("指标目录（metrics）和往年可写的里", name, (*scheme.metrics, *EARLIER))


_OF: Mapping[str, Callable[[Scheme, Any], Told]] = {
    "metrics": _shaped(_metrics),
    "traits": _shaped(_traits),
    "periods": _shaped(_periods),
    "ratings": _shaped(_ratings),
    "votes": _shaped(_votes),
    "incidents": _shaped(_incidents),
    "achievements": _shaped(_achievements),
    "earlier": _shaped(_earlier),
    "vetoes": _names("vetoes", "否决事项（results.vetoes）里", lambda scheme: scheme.results.vetoes),
    "declared": _names("declared", "申报（results.declarations）里", lambda scheme: scheme.results.declarations),
    "rejected": _names("rejected", "申报（results.declarations）里", lambda scheme: scheme.results.declarations),
    "exempt": _names("exempt", "各项里", lambda scheme: scheme.indicators),
    "decided": _names("decided", "等次（grades）里", lambda scheme: scheme.results.grade_named),
}
