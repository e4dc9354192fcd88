"""What must fit together across the parts of a scheme before it can score anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from kaohe.rules import Rule
from kaohe.rules.base import Options, PolicyReference, readings_of
from kaohe.rules.combine import Cap
from kaohe.rules.values import Reference, Value
from kaohe.scheme.model import Indicator, Scheme

Location = tuple[str | int, ...]


def inconsistencies(scheme: Scheme) -> list[tuple[Location, str]]:
    """Every place where two parts of the scheme do not fit: (path in the tree, what was expected)."""
    return [*_ids(scheme), *_indicators(scheme), *_policies(scheme), *_departments(scheme)]


def _ids(scheme: Scheme) -> Iterator[tuple[Location, str]]:
    named: list[tuple[Location, str]] = [
        (("sections", s, "indicators", i, "id"), indicator.id)
        for s, section in enumerate(scheme.sections)
        for i, indicator in enumerate(section.indicators)
    ]
    named += [(("departments", d, "id"), department.id) for d, department in enumerate(scheme.departments)]
    yield from _unique(named)
    yield from _unique([(("policies", p, "name"), policy.name) for p, policy in enumerate(scheme.policies)])


def _unique(named: list[tuple[Location, str]]) -> Iterator[tuple[Location, str]]:
    counts = Counter(name for _, name in named)
    for location, name in named:
        if counts[name] > 1:
            yield location, f"{name} 出现了 {counts[name]} 次，编号不得重复"


def _indicators(scheme: Scheme) -> Iterator[tuple[Location, str]]:
    for s, section in enumerate(scheme.sections):
        for i, indicator in enumerate(section.indicators):
            at: Location = ("sections", s, "indicators", i)
            for category in indicator.applies:
                if category not in scheme.categories:
                    yield (*at, "applies"), f"没有类别 {category}，应为 {'、'.join(scheme.categories)}"
            yield from _known_metrics(scheme, at, indicator)
            for kind in (*indicator.weights, *indicator.amounts):
                if kind not in scheme.kinds:
                    yield (*at, "weights"), f"成果类型（kinds）里没有 {kind}"
            for name, child in (("rule", indicator.rule), *((("variants"), v.rule) for v in indicator.variants)):
                if child is not None:
                    yield from _rule(scheme, (*at, name), child, indicator)


def _known_metrics(scheme: Scheme, at: Location, indicator: Indicator) -> Iterator[tuple[Location, str]]:
    for name in indicator.metrics:
        if name not in scheme.metrics:
            yield (*at, "rule"), f"指标目录（metrics）里没有 {name}"
    for check in indicator.checks:
        if check.metric not in scheme.metrics:
            yield (*at, "checks"), f"指标目录（metrics）里没有 {check.metric}"
    for name in indicator.evidence:
        if name not in scheme.metrics:
            yield (*at, "evidence"), f"指标目录（metrics）里没有 {name}"


def _rule(scheme: Scheme, at: Location, rule: Rule, indicator: Indicator | None) -> Iterator[tuple[Location, str]]:
    for part in rule.walk():
        for model in _with_values(part):
            for name, reference, options in readings_of(model):
                yield from _policy_fits(scheme, (*at, name), reference, options)
        if isinstance(part, Cap) and part.reading != "stated" and part.of.best(part.at) is None:
            yield (*at, "reading"), "所限的部分本身没有上限，不能按各项之和封顶"
        if indicator and _needs_weights(part) and not indicator.weights:
            yield at, "规则用到成果权重分，指标应写 weights"


def _with_values(rule: Rule) -> Iterator[BaseModel]:
    """A rule and the parts of it that are no rules: values and references."""
    yield rule
    for name in type(rule).model_fields:
        field: Any = getattr(rule, name)
        if isinstance(field, Value | Reference):
            yield field


def _needs_weights(rule: Rule) -> bool:
    value = getattr(rule, "value", None)
    return isinstance(value, Value) and value.kind == "tally"


def _policy_fits(
    scheme: Scheme, at: Location, reference: PolicyReference, options: Options
) -> Iterator[tuple[Location, str]]:
    policy = scheme.policy.get(reference.policy)
    if policy is None:
        yield at, f"没有名为 {reference.policy} 的政策（policies）"
    elif not set(policy.options) <= set(options.values) or policy.fraction:
        yield at, f"政策 {policy.name} 的选项应都在 {'、'.join(options.values)} 之内"


def _policies(scheme: Scheme) -> Iterator[tuple[Location, str]]:
    for p, policy in enumerate(scheme.policies):
        at: Location = ("policies", p)
        for option, other in policy.conflicts.items():
            if option not in policy.options:
                yield (*at, "conflicts"), f"{policy.name} 没有选项 {option}"
            for name, excluded in other.items():
                if name not in scheme.policy or excluded not in scheme.policy[name].options:
                    yield (*at, "conflicts"), f"没有政策选项 {name}={excluded}"
        for value, reading in policy.options.items():
            for category, ids in reading.exempts.items():
                unknown = [each for each in ids if each not in scheme.section_of]
                if category not in scheme.categories or unknown:
                    yield (*at, "options", value, "exempts"), f"没有类别或指标：{category} {'、'.join(unknown)}"
    for name, reference, options in readings_of(scheme.results):
        yield from _policy_fits(scheme, ("results", name), reference, options)
    for name in ("fail_line", "exemptions"):
        policy_name = getattr(scheme.results, name).policy
        if policy_name not in scheme.policy:
            yield ("results", name), f"没有名为 {policy_name} 的政策（policies）"
    for key, group in scheme.groups.items():
        yield from _rule(scheme, ("groups", key, "ballot", "rule"), group.ballot.rule, None)
        yield from _rule(scheme, ("groups", key, "leaders", "rule"), group.leaders.rule, None)


def _departments(scheme: Scheme) -> Iterator[tuple[Location, str]]:
    common = scheme.department_common
    yield from _rule(scheme, ("department_common", "work_rule"), common.work_rule, None)
    yield from _rule(scheme, ("department_common", "tasks_rule"), common.tasks_rule, None)
    for name, reference, options in readings_of(common):
        yield from _policy_fits(scheme, ("department_common", name), reference, options)
    for d, department in enumerate(scheme.departments):
        yield from _unique([(("departments", d, "tasks", t, "id"), task.id) for t, task in enumerate(department.tasks)])
        for t, task in enumerate(department.tasks):
            for check in task.targets:
                if check.metric not in scheme.metrics:
                    yield ("departments", d, "tasks", t, "targets"), f"指标目录（metrics）里没有 {check.metric}"
            for field in ("repeats", "overlaps"):
                other = getattr(task, field)
                if other and other not in {each.id for each in department.tasks}:
                    yield ("departments", d, "tasks", t, field), f"{department.id} 没有工作 {other}"
