"""What must fit together across the parts of a scheme before it can score anything."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from kaohe.rules import Rule
from kaohe.rules.base import Options, PolicyReference, exact_number, readings_of
from kaohe.rules.combine import Cap
from kaohe.rules.counting import CountedAmounts
from kaohe.rules.values import Borrowed, Reference, Value
from kaohe.scheme.deadlines import Due
from kaohe.scheme.messages import unknown
from kaohe.scheme.model import DEPARTMENT, Check, Indicator, Metric, Scheme

Location = tuple[str | int, ...]
COMPONENTS = ("base", "key", "target")
Found = Iterator[tuple[Location, str]]


def inconsistencies(scheme: Scheme) -> list[tuple[Location, str]]:
    """Every place where two parts of the scheme do not fit: (path in the tree, what was expected)."""
    families = (_ids, _dates, _structure, _metrics, _indicators, _policies, _departments)
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
    """Groups, their components and the categories' printed marks."""
    astray: list[Location] = [
        ("groups", key, "target", "parts", component)
        for key, group in scheme.groups.items()
        for component in group.target.parts
        if component not in COMPONENTS
    ]
    if astray:  # everything below would only follow from it
        yield from ((location, f"应为 {'、'.join(COMPONENTS)} 之一") for location in astray)
        return
    for name, category in scheme.categories.items():
        at: Location = ("categories", name)
        if category.group not in scheme.groups:
            yield (*at, "group"), f"groups 里没有 {category.group}"
            continue
        parts = scheme.groups[category.group].target.parts
        for component in category.stated:
            if component not in parts:
                yield (*at, "stated", component), f"应为 {'、'.join(parts)} 之一（见 groups 的 target.parts）"
        for component in parts:
            if component not in category.stated:
                yield (*at, "stated"), f"缺少 {component} 的满分"
    named = {category.group for category in scheme.categories.values()}
    for key in scheme.groups:
        if key not in named:
            yield ("groups", key), unknown("类别（categories）的 group 里", key, named)
    for s, section in enumerate(scheme.sections):
        categories = {category for indicator in section.indicators for category in indicator.applies}
        for group in {scheme.categories[each].group for each in categories if each in scheme.categories}:
            if group in scheme.groups and section.component not in scheme.groups[group].target.parts:
                offered = "、".join(scheme.groups[group].target.parts)
                yield ("sections", s, "component"), f"{scheme.groups[group].name}的 target.parts 只有 {offered}"


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
                if kind not in scheme.kinds:
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


def _checks(scheme: Scheme, at: Location, checks: Iterable[Check], applies: tuple[str, ...] = (DEPARTMENT,)) -> Found:
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


def _rule(scheme: Scheme, at: Location, rule: Rule, indicator: Indicator | None) -> Found:
    """A rule with everything inside it, each at its own place."""
    for place, part in _parts(rule, at):
        for name, reference, options in readings_of(part):
            yield from _policy_fits(scheme, (*place, name), reference, options)
        for field, name in _metric_fields(part):
            if name not in scheme.metrics:
                yield (*place, *field), _no_metric(scheme, name)
        for field, name in _category_fields(part):
            if name not in scheme.categories:
                yield (*place, *field), f"没有类别 {name}，应为 {'、'.join(scheme.categories)}"
        if isinstance(part, CountedAmounts):
            for kind in part.at_least:
                if kind not in scheme.kinds:
                    yield (*place, "at_least", kind), unknown("成果类型（kinds）里", kind, scheme.kinds)
        if isinstance(part, Cap) and part.reading != "stated" and part.of.best(part.at) is None:
            yield (*place, "reading"), "所限的部分本身没有上限，不能按各项之和封顶"
        if indicator and isinstance(part, Value) and part.kind == "tally" and not indicator.weights:
            yield place, "规则用到成果权重分，指标应写 weights"


def _parts(part: BaseModel, at: Location) -> Iterator[tuple[Location, BaseModel]]:
    """A part of the scheme and all parts inside it, with their places in the tree."""
    yield at, part
    for name in type(part).model_fields:
        value: Any = getattr(part, name)
        for step, child in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
            if isinstance(child, BaseModel):
                yield from _parts(child, (*at, name) if step is None else (*at, name, step))


def _category_fields(part: BaseModel) -> Iterator[tuple[Location, str]]:
    """Where a value names categories of units."""
    fields = {Reference: ("beside",), Borrowed: ("by", "of")}.get(type(part), ())
    for field in fields:
        for step, name in enumerate(getattr(part, field)):
            yield (field, step), name


def _metric_fields(part: BaseModel) -> Iterator[tuple[Location, str]]:
    """Where a rule or value itself names the metrics it needs."""
    if not isinstance(part, Rule | Value):
        return
    for metric in part.metrics():
        for name in type(part).model_fields:
            value = getattr(part, name)
            if name != "kind" and value == metric:
                yield (name,), metric
            elif isinstance(value, tuple):  # tiers: minima by metric
                for step, child in enumerate(value):
                    minima = getattr(child, "at_least", None)
                    if isinstance(minima, dict) and metric in minima:
                        yield (name, step, "at_least", metric), metric


def _policy_fits(scheme: Scheme, at: Location, reference: PolicyReference, options: Options) -> Found:
    policy = scheme.policy.get(reference.policy)
    if policy is None:
        yield (*at, "policy"), unknown("政策（policies）里", reference.policy, scheme.policy)
    elif not set(policy.options) <= set(options.values) or policy.fraction:
        yield (*at, "policy"), f"政策 {policy.name} 的选项应都在 {'、'.join(options.values)} 之内"


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
                    if name not in scheme.section_of:
                        yield (*here, place), unknown("指标里", name, scheme.section_of)
    for name, reference, options in readings_of(scheme.results):
        yield from _policy_fits(scheme, ("results", name), reference, options)
    if scheme.results.innovation and scheme.results.innovation not in scheme.results.declarations:
        declared = scheme.results.declarations
        yield ("results", "innovation"), unknown("申报类型（declarations）里", scheme.results.innovation, declared)
    for name in ("fail_line", "exemptions"):
        decides = getattr(scheme.results, name).policy
        here = ("results", name, "policy")
        if decides not in scheme.policy:
            yield here, unknown("政策（policies）里", decides, scheme.policy)
        elif name == "exemptions" and scheme.policy[decides].fraction:
            yield here, f"政策 {decides} 应有 options，写明哪类单位不考核哪些指标"
        elif name == "fail_line" and not all(map(_is_share, scheme.policy[decides].options)):
            yield here, f"政策 {decides} 的选项应为 0～1 之间的数，或写 fraction: true"
    for key, group in scheme.groups.items():
        yield from _rule(scheme, ("groups", key, "ballot", "rule"), group.ballot.rule, None)
        yield from _rule(scheme, ("groups", key, "leaders", "rule"), group.leaders.rule, None)


def _is_share(option: str) -> bool:
    try:
        return 0 <= exact_number(option) <= 1
    except ValueError:
        return False


def _departments(scheme: Scheme) -> Found:
    common = scheme.department_common
    yield from _rule(scheme, ("department_common", "work_rule"), common.work_rule, None)
    yield from _rule(scheme, ("department_common", "tasks_rule"), common.tasks_rule, None)
    for name, reference, options in readings_of(common):
        yield from _policy_fits(scheme, ("department_common", name), reference, options)
    work = [item.id for item in common.work]
    for d, department in enumerate(scheme.departments):
        at: Location = ("departments", d)
        for field in ("extra", "checks"):
            for item in getattr(department, field):
                if item not in work:
                    yield (*at, field, item), f"应为 {'、'.join(work)} 之一"
        for item, checks in department.checks.items():
            yield from _checks(scheme, (*at, "checks", item), checks)
        yield from _unique([((*at, "tasks", t, "id"), task.id) for t, task in enumerate(department.tasks)])
        others = {task.id for task in department.tasks}
        for t, task in enumerate(department.tasks):
            yield from _checks(scheme, (*at, "tasks", t, "targets"), task.targets)
            yield from _due(scheme, (*at, "tasks", t, "due"), task.due)
            for field in ("repeats", "overlaps"):
                other = getattr(task, field)
                if other and (other not in others or other == task.id):
                    yield (*at, "tasks", t, field), f"{department.name}没有另一项工作 {other}"
