"""What must fit together across the parts of a scheme before it can score anything."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from kaohe.rules.base import Figure, PolicyReference, readings_of
from kaohe.rules.choosing import Axis
from kaohe.rules.combine import Cap
from kaohe.rules.comparing import AmongOthers, Share
from kaohe.rules.conditions import Fact, OfTrait, PolicyCondition
from kaohe.rules.counting import CountedAmounts
from kaohe.rules.gathered import Over
from kaohe.rules.placing import Placed
from kaohe.rules.plain import ByPolicy, ByTrait
from kaohe.rules.values import Borrowed, Reference
from kaohe.rules.votes import VoteRule
from kaohe.scheme.deadlines import Due
from kaohe.scheme.items import Check, Item
from kaohe.scheme.messages import unknown
from kaohe.scheme.model import Metric, Scheme

Location = tuple[str | int, ...]
Found = Iterator[tuple[Location, str]]


def inconsistencies(scheme: Scheme) -> list[tuple[Location, str]]:
    """Every place where two parts of the scheme do not fit: (path in the tree, what was expected)."""
    families = (_ids, _dates, _structure, _tree, _metrics, _indicators, _policies, _results, _departments)
    return [found for family in families for found in family(scheme)]


def _ids(scheme: Scheme) -> Found:
    named: list[tuple[Location, str]] = [
        (("sections", s, "indicators", i, "id"), indicator.id)
        for s, section in enumerate(scheme.sections)
        for i, indicator in enumerate(section.indicators)
    ]
    named += [(("departments", d, "id"), department.id) for d, department in enumerate(scheme.departments)]
    yield from _unique(named)
    yield from _unique([(("sections", s, "id"), section.id) for s, section in enumerate(scheme.sections)])
    yield from _unique([(("policies", p, "id"), policy.id) for p, policy in enumerate(scheme.policies)])
    yield from _unique([(("policies", p, "name"), policy.name) for p, policy in enumerate(scheme.policies)])
    yield from _unique([(("process", p, "id"), step.id) for p, step in enumerate(scheme.process)])


def _unique(named: list[tuple[Location, str]]) -> Found:
    counts = Counter(name for _, name in named)
    for location, name in named:
        if counts[name] > 1:
            yield location, f"{name} 出现了 {counts[name]} 次，编号不得重复"


def _dates(scheme: Scheme) -> Found:
    """Days, and what is said of them or across years."""
    for location, date in (
        (("in_force_from",), scheme.in_force_from),
        (("window", "from"), f"2001-{scheme.window.start}"),  # 2001: no leap year, every year has the day
        (("window", "to"), f"2001-{scheme.window.end}"),
        *((("deadlines", name, "day"), f"2001-{each.day}") for name, each in scheme.deadlines.items()),
    ):
        try:
            datetime.date.fromisoformat(date)
        except ValueError:
            yield location, "没有这一天" if location == ("in_force_from",) else "没有这一天（须每年都有）"
    for place, name in enumerate(scheme.lasting):
        if name not in scheme.kinds:
            yield ("lasting", place), unknown("成果类型（kinds）里", name, scheme.kinds)
    for place, name in enumerate(scheme.window.longer):
        if name not in scheme.section_of:
            yield ("window", "longer", place), unknown("指标里", name, scheme.section_of)


def _structure(scheme: Scheme) -> Found:
    """Groups, categories, and where part files hang in the tree."""
    for name, category in scheme.categories.items():
        at: Location = ("categories", name)
        if category.group not in scheme.groups:
            yield (*at, "group"), unknown("分组（groups）里", category.group, scheme.groups)
        for item in category.stated:
            if item not in scheme.tree:
                yield (*at, "stated", item), unknown("各项（items）里", item, scheme.tree.nodes)
        if category.class_ is not None and category.class_ not in scheme.classes:
            yield (*at, "class"), unknown("等级（classes）里", category.class_, scheme.classes)
    named = {category.group for category in scheme.categories.values()}
    for key, group in scheme.groups.items():
        if key not in named:
            yield ("groups", key), unknown("类别（categories）的 group 里", key, named)
        if group.score not in scheme.tree:
            yield ("groups", key, "score"), unknown("各项（items）里", group.score, scheme.tree.nodes)
    for s, section in enumerate(scheme.sections):
        if section.under not in scheme.tree:
            field = "component" if "under" not in section.model_fields_set else "under"
            yield ("sections", s, field), unknown("各项（items）里", section.under, scheme.tree.nodes)
    own = scheme.department_common
    if own is not None and own.under not in scheme.tree:
        yield ("department_common", "under"), unknown("各项（items）里", own.under, scheme.tree.nodes)
    if scheme.departments and own is None:
        yield ("departments",), "各单位自己的项要有 department_common 写明怎样评分"


def _tree(scheme: Scheme) -> Found:
    """Items of the root file with everything inside them."""
    for name in scheme.tree.twice:
        yield _place(scheme.items, name), f"{name} 出现了不止一次，编号不得重复"
    for at, item in _items(scheme.items, ("items",)):
        node = scheme.tree.nodes.get(item.id)
        if node is not None and not node.is_leaf and not node.children:
            yield at, "没有 rule（规则），也没有下级各项（items，或 sections 里写明属于它的部分）"
        if node is not None and item.is_leaf and node.children:
            yield at, "有规则的项不能再有下级"
        for place, category in enumerate(item.applies):
            if category not in scheme.categories:
                yield (*at, "applies", place), f"没有类别 {category}，应为 {'、'.join(scheme.categories)}"
        if item.each is not None and item.each not in scheme.dimensions:
            yield (*at, "each"), unknown("维度（dimensions）里", item.each, scheme.dimensions)
        yield from _checks(scheme, (*at, "checks"), item.checks, item.applies or tuple(scheme.categories))
        yield from _due(scheme, (*at, "due"), item.due)
        own = ("rule", "variants", "full", "weight", "then", "attainable", "each_item")
        for name in own:
            yield from _inside(scheme, (*at, name), getattr(item, name), item)


def _place(items: Iterable[Item], name: str) -> Location:
    return next((at for at, item in _items(tuple(items), ("items",)) if item.id == name), ("items",))


def _items(items: tuple[Item, ...], at: Location) -> Iterator[tuple[Location, Item]]:
    for place, item in enumerate(items):
        yield (*at, place), item
        yield from _items(item.items, (*at, place, "items"))


def _inside(scheme: Scheme, at: Location, value: Any, item: Item | None) -> Found:
    """Everything in a field, be it one part or several."""
    if isinstance(value, BaseModel):
        yield from _rule(scheme, at, value, item)
    elif isinstance(value, tuple):
        for step, each in enumerate(value):
            yield from _inside(scheme, (*at, step), each, item)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _inside(scheme, (*at, name), each, item)


def _indicators(scheme: Scheme) -> Found:
    for s, section in enumerate(scheme.sections):
        for i, indicator in enumerate(section.indicators):
            at: Location = ("sections", s, "indicators", i)
            for place, category in enumerate(indicator.applies):
                if category not in scheme.categories:
                    yield (*at, "applies", place), f"没有类别 {category}，应为 {'、'.join(scheme.categories)}"
            yield from _checks(scheme, (*at, "checks"), indicator.checks, indicator.applies)
            yield from _due(scheme, (*at, "due"), indicator.due)
            for place, name in enumerate(indicator.evidence):
                if name not in scheme.metrics:
                    yield (*at, "evidence", place), _no_metric(scheme, name)
            for kind in indicator.weights:
                if scheme.kinds and kind not in scheme.kinds:
                    yield (*at, "weights", kind), unknown("成果类型（kinds）里", kind, scheme.kinds)
            if indicator.rule is not None:
                yield from _rule(scheme, (*at, "rule"), indicator.rule, indicator)
            for place, variant in enumerate(indicator.variants):
                yield from _rule(scheme, (*at, "variants", place, "rule"), variant.rule, indicator)


def _metrics(scheme: Scheme) -> Found:
    for name, metric in scheme.metrics.items():
        at: Location = ("metrics", name)
        if metric.part_of is not None:
            wrong = _no_whole(scheme, name, metric.part_of)
            if wrong:
                yield (*at, "part_of"), wrong
        if metric.usual is not None:
            if metric.kind == "rate":
                yield (*at, "usual"), "比率只写 least、most，不写 usual"
            elif not _within(metric):
                yield (*at, "usual"), "应在 least、most 之内"
        if metric.steady and metric.kind != "count":
            yield (*at, "steady"), f"只用于整数（kind: count），{metric.name}是 {metric.kind}"


def _no_whole(scheme: Scheme, name: str, whole: str) -> str:
    """Why a metric cannot be a part of another; empty where it can."""
    if whole not in scheme.metrics:
        return _no_metric(scheme, whole)
    if scheme.metrics[whole].unit != scheme.metrics[name].unit:
        return f"{whole} 的单位是{scheme.metrics[whole].unit}，应与 {name} 相同（{scheme.metrics[name].unit}）"
    return f"{name} 成了自己的一部分" if name in _wholes(scheme, name) else ""


def _wholes(scheme: Scheme, name: str) -> list[str]:
    """What it is a part of, what that is a part of …"""
    found: list[str] = []
    whole = scheme.metrics[name].part_of
    while whole in scheme.metrics and whole not in found:
        found.append(whole)
        whole = scheme.metrics[whole].part_of
    return found


def _within(metric: Metric) -> bool:
    """Whether the usual range lies in what the metric can be at all."""
    usual, least, most = metric.usual, metric.least, metric.most
    return usual is None or ((least is None or least <= usual.least) and (most is None or usual.most <= most))


def _checks(scheme: Scheme, at: Location, checks: Iterable[Check], applies: tuple[str, ...] = ()) -> Found:
    for place, check in enumerate(checks):
        if check.metric not in scheme.metrics:
            yield (*at, place, "metric"), _no_metric(scheme, check.metric)
        for step, category in enumerate(check.applies):
            if category not in applies:
                yield (*at, place, "applies", step), f"应为指标适用的类别：{'、'.join(applies)}"


def _due(scheme: Scheme, at: Location, due: Iterable[Due]) -> Found:
    for place, each in enumerate(due):
        if each.by not in scheme.deadlines:
            yield (*at, place, "by"), unknown("期限（deadlines）里", each.by, scheme.deadlines)


def _no_metric(scheme: Scheme, name: str) -> str:
    return unknown("指标目录（metrics）里", name, scheme.metrics)


def _rule(scheme: Scheme, at: Location, rule: BaseModel, indicator: Item | None) -> Found:
    """A rule with everything inside it, each at its own place."""
    for place, part in _parts(rule, at):
        for name, reference, options in readings_of(part):
            yield from _policy_fits(scheme, (*place, name), reference, options.values)
        if isinstance(part, ByPolicy | PolicyCondition):
            yield from _decided(scheme, place, part)
        for field, name in _metric_fields(part):
            if name not in scheme.metrics:
                yield (*place, *field), _no_metric(scheme, name)
        for field, name in _category_fields(part):
            if name not in scheme.categories:
                yield (*place, *field), f"没有类别 {name}，应为 {'、'.join(scheme.categories)}"
        yield from _names(scheme, place, part)
        if isinstance(part, CountedAmounts):
            for kind in part.at_least:
                if scheme.kinds and kind not in scheme.kinds:
                    yield (*place, "at_least", kind), unknown("成果类型（kinds）里", kind, scheme.kinds)
        if isinstance(part, Cap) and part.reading != "stated" and part.of.best(part.at) is None:
            yield (*place, "reading"), "所限的部分本身没有上限，不能按各项之和封顶"
        if indicator and isinstance(part, Figure) and part.kind == "tally" and not indicator.weights:
            yield place, "规则用到成果权重分，指标应写 weights"


def _names(scheme: Scheme, place: Location, part: BaseModel) -> Found:
    """Names of groups, classes, items, declarations, vetoes and grades inside figures and conditions."""
    kinds = {"group": scheme.groups, "category": scheme.categories, "class": scheme.classes or scheme.categories}
    if isinstance(part, ByTrait) and part.trait in kinds:
        known = dict(kinds[part.trait]) | (dict(scheme.categories) if part.trait == "class" else {})
        for name in part.of:
            if name not in known:
                yield (*place, f"by_{part.trait}", name), unknown("", name, known)
    if isinstance(part, OfTrait) and part.trait in kinds:
        for name in part.among:
            if name not in kinds[part.trait]:
                yield (*place, part.trait), unknown("", name, kinds[part.trait])
    if isinstance(part, Fact) and part.name:
        results = scheme.results
        grades = {**results.grade, **{each.name: each for each in results.grades}}
        said = {
            "declared": results.declarations,
            "vetoed": results.vetoes,
            "grade": grades,
            "last": scheme.tree.nodes,
        }.get(part.fact)
        if said is not None and part.name not in said:
            yield (*place, "veto" if part.fact == "vetoed" else part.fact), unknown("", part.name, said)
    yield from _traits(scheme, place, part)
    if isinstance(part, Over) and part.each is not None and part.each not in scheme.dimensions:
        yield (*place, "each"), unknown("维度（dimensions）里", part.each, scheme.dimensions)
    item = getattr(part, "of", None)
    if isinstance(part, Figure) and part.kind in ("score", "attainable") and item not in scheme.tree:
        yield (*place, "of"), unknown("各项（items）里", str(item), scheme.tree.nodes)


def _traits(scheme: Scheme, place: Location, part: BaseModel) -> Found:
    """What of a unit says among whom it is held, and which line of a table it is in."""
    known = ("group", "category", "class", *scheme.traits)
    among = getattr(part, "among", "")
    if isinstance(part, AmongOthers | Placed | Share) and among and among not in known:
        yield (*place, "among"), unknown("", among, known)
    if isinstance(part, Axis) and part.trait is not None:
        if part.trait not in known:
            yield (*place, "trait"), unknown("", part.trait, known)
            return
        kinds = {"group": scheme.groups, "category": scheme.categories, "class": scheme.classes or scheme.categories}
        values = kinds[part.trait] if part.trait in kinds else scheme.traits[part.trait].values
        for step, name in enumerate(part.are):
            if values and name not in values:
                yield (*place, "are", step), unknown("", name, values)


def _decided(scheme: Scheme, place: Location, part: ByPolicy | PolicyCondition) -> Found:
    """A figure or condition for each reading: all that the policy offers."""
    policy = scheme.policy.get(part.policy)
    if policy is None:
        yield (*place, "policy"), unknown("政策（policies）里", part.policy, scheme.policy)
    elif part.options and policy.fraction:
        yield (*place, "policy"), f"政策 {policy.name} 是 0～1 之间的数，没有各种读法可选"
    elif not part.options and not policy.fraction:
        yield place, f"应给政策 {policy.name} 的每种读法写一个数：{'、'.join(policy.options)}"
    elif set(part.options) != set(policy.options) and not policy.fraction:
        lacking = [name for name in policy.options if name not in part.options]
        beyond = next((name for name in part.options if name not in policy.options), None)
        if beyond is not None:
            yield (*place, beyond), unknown(f"政策 {policy.name} ", beyond, policy.options)
        if lacking:
            yield place, f"政策 {policy.name} 的读法 {'、'.join(lacking)} 没有写"


def _parts(part: BaseModel, at: Location) -> Iterator[tuple[Location, BaseModel]]:
    """A part of the scheme and all parts inside it, with their places in the tree."""
    yield at, part
    for name, field in type(part).model_fields.items():
        if isinstance(part, VoteRule) and name == "definition":
            continue  # looked at where it is declared
        yield from _parts_in(getattr(part, name), (*at, field.alias or name))


def _parts_in(value: Any, at: Location) -> Iterator[tuple[Location, BaseModel]]:
    """Parts in a field, be it one, several, or rows of them."""
    if isinstance(value, BaseModel):
        yield from _parts(value, at)
    elif isinstance(value, tuple | dict):
        for step, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _parts_in(child, (*at, step))


def _category_fields(part: BaseModel) -> Iterator[tuple[Location, str]]:
    """Where a value names categories of units."""
    fields = {Reference: ("beside",), Borrowed: ("by", "of")}.get(type(part), ())
    for field in fields:
        for step, name in enumerate(getattr(part, field)):
            yield (field, step), name


def _metric_fields(part: BaseModel) -> Iterator[tuple[Location, str]]:
    """Where a rule or value itself names the metrics it needs."""
    if not isinstance(part, Figure):
        return
    for metric in part.metrics():
        for name in type(part).model_fields:
            value = getattr(part, name)
            if name != "kind" and isinstance(value, str) and value == metric:
                yield (name,), metric
            elif isinstance(value, Figure) and value.kind == "metric" and metric in value.metrics():
                continue  # told at the value's own place
            elif isinstance(value, tuple):  # tiers: minima by metric
                for step, child in enumerate(value):
                    minima = getattr(child, "at_least", None)
                    if isinstance(minima, dict) and metric in minima:
                        yield (name, step, "at_least", metric), metric


def _policy_fits(scheme: Scheme, at: Location, reference: PolicyReference, options: Iterable[str]) -> Found:
    policy, known = scheme.policy.get(reference.policy), tuple(options)
    if policy is None:
        yield (*at, "policy"), unknown("政策（policies）里", reference.policy, scheme.policy)
    elif not set(policy.options) <= set(known) or policy.fraction:
        yield (*at, "policy"), f"政策 {policy.name} 的选项应都在 {'、'.join(known)} 之内"


def _policies(scheme: Scheme) -> Found:
    for p, policy in enumerate(scheme.policies):
        at: Location = ("policies", p)
        for option, other in policy.conflicts.items():
            if option not in policy.options:
                yield (*at, "conflicts", option), unknown(f"政策 {policy.name} ", option, policy.options)
            for name, excluded in other.items():
                here: Location = (*at, "conflicts", option, name)
                if name not in scheme.policy:
                    yield here, unknown("政策（policies）里", name, scheme.policy)
                elif excluded not in scheme.policy[name].options:
                    yield here, unknown(f"政策 {name} ", excluded, scheme.policy[name].options)
        for value, reading in policy.options.items():
            for category, ids in reading.exempts.items():
                here = (*at, "options", value, "exempts", category)
                if category not in scheme.categories:
                    yield here, f"没有类别 {category}，应为 {'、'.join(scheme.categories)}"
                for place, name in enumerate(ids):
                    if name not in scheme.indicators:
                        yield (*here, place), unknown("指标里", name, scheme.indicators)


def _results(scheme: Scheme) -> Found:
    """Votes, named figures and conditions, grades and what follows from them."""
    for field in ("votes", "figures", "conditions"):
        for name, each in getattr(scheme, field).items():
            yield from _rule(scheme, (field, name), each, None)
    results = scheme.results
    yield from _rule(scheme, ("results",), results, None)
    names = {name for each in results.grades for name in (each.key, each.name)}
    effects = [*results.vetoes.items(), *results.limits.items()]
    for (name, each), field in zip(
        effects, ["vetoes"] * len(results.vetoes) + ["limits"] * len(results.limits), strict=True
    ):
        for grade in (*each.effect.bars, *([each.effect.at_best] if each.effect.at_best else [])):
            if grade not in names:
                yield ("results", field, name, "effect"), unknown("等次（grades）里", grade, names)
    if results.innovation and results.innovation not in results.declarations:
        yield ("results", "innovation"), unknown("申报类型（declarations）里", results.innovation, results.declarations)
    keys = [each.key for each in results.grades]
    for place, grade in enumerate(results.grades):
        if keys.count(grade.key) > 1:
            yield ("results", "grades", place), f"{grade.key} 写了不止一次"


def _departments(scheme: Scheme) -> Found:
    common = scheme.department_common
    if common is None:
        return
    applies = scheme.tree[common.under].applies if common.under in scheme.tree else ()
    yield from _rule(scheme, ("department_common", "work_rule"), common.work_rule, None)
    yield from _rule(scheme, ("department_common", "tasks_rule"), common.tasks_rule, None)
    for name, reference, options in readings_of(common):
        yield from _policy_fits(scheme, ("department_common", name), reference, options.values)
    work = [item.id for item in common.work]
    for d, department in enumerate(scheme.departments):
        at: Location = ("departments", d)
        for field in ("extra", "checks"):
            for item in getattr(department, field):
                if item not in work:
                    yield (*at, field, item), f"应为 {'、'.join(work)} 之一"
        for item, checks in department.checks.items():
            yield from _checks(scheme, (*at, "checks", item), checks, applies)
        yield from _unique([((*at, "tasks", t, "id"), task.id) for t, task in enumerate(department.tasks)])
        others = {task.id for task in department.tasks}
        for t, task in enumerate(department.tasks):
            yield from _checks(scheme, (*at, "tasks", t, "targets"), task.targets, applies)
            yield from _due(scheme, (*at, "tasks", t, "due"), task.due)
            for field in ("repeats", "overlaps"):
                other = getattr(task, field)
                if other and (other not in others or other == task.id):
                    yield (*at, "tasks", t, field), f"{department.name}没有另一项工作 {other}"
