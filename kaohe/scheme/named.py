"""Names inside rules, conditions and steps: everything they name is there, of the sort that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from kaohe.rules.amongtied import AmongTied
from kaohe.rules.base import Figure, PolicyReference, readings_of
from kaohe.rules.choosing import Axis
from kaohe.rules.combine import Cap
from kaohe.rules.conditions import Every, Fact, Not, OfTrait, PolicyCondition
from kaohe.rules.counting import CountedAmounts
from kaohe.rules.gathered import Over
from kaohe.rules.inside import everything_in
from kaohe.rules.kinds import FIGURES
from kaohe.rules.plain import ByPolicy, ByTrait
from kaohe.rules.scored import Attainable, CountItems, OfItem
from kaohe.rules.values import Borrowed, Reference
from kaohe.rules.votes import VoteRule
from kaohe.scheme.items import Item
from kaohe.scheme.messages import unknown
from kaohe.scheme.model import Scheme

Location = tuple[str | int, ...]
Found = Iterator[tuple[Location, str]]

FAMILIES: Mapping[str, str] = {
    "metrics": "指标目录",
    "figures": "数",
    "conditions": "条件",
    "votes": "投票",
    "dimensions": "维度",
    "groups": "分组",
    "categories": "类别",
    "classes": "等级",
    "traits": "单位的特征",
    "kinds": "成果类型",
    "levels": "级别",
    "awards": "奖项",
    "policies": "政策",
    "deadlines": "期限",
}
"""What a scheme declares by name, as it is called."""


def declared(scheme: Scheme, family: str) -> Mapping[str, Any]:
    """What stands under a family's names."""
    found: Mapping[str, Any] = scheme.policy if family == "policies" else getattr(scheme, family)
    return found


def absent(scheme: Scheme, family: str, given: str) -> str:
    """`指标目录（metrics）里没有 x，是否应为 y`; or what else is called so."""
    said = unknown(f"{FAMILIES[family]}（{family}）里", given, declared(scheme, family))
    return said if "是否应为" in said else said + _elsewhere(scheme, family, given)


def no_item(scheme: Scheme, given: str) -> str:
    """`各项（items）里没有 x`."""
    said = unknown("各项（items）里", given, {node.id: node.item.name for node in scheme.tree.nodes.values()})
    return said if "是否应为" in said else said + _elsewhere(scheme, "items", given)


def _elsewhere(scheme: Scheme, family: str, given: str) -> str:
    """Where something else of that name is declared."""
    others = [name for name in FAMILIES if name != family and given in declared(scheme, name)]
    said = [f"{FAMILIES[name]}（{name}）" for name in others]
    said += ["各项（items）"] if family != "items" and given in scheme.tree else []
    return f"；{given} 是{'、'.join(said)}里的名称" if said else ""


def inside(scheme: Scheme, at: Location, value: Any, item: Item | None = None) -> Found:
    """Everything in a field, be it one part or several."""
    if isinstance(value, BaseModel):
        yield from rule(scheme, at, value, item)
    elif isinstance(value, tuple):
        for step, each in enumerate(value):
            yield from inside(scheme, (*at, step), each, item)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from inside(scheme, (*at, name), each, item)


def rule(scheme: Scheme, at: Location, part: BaseModel, item: Item | None = None) -> Found:
    """A rule with everything inside it, each at its own place."""
    for place, each in _parts(part, at):
        for name, reference, options in readings_of(each):
            yield from policy_fits(scheme, (*place, name), reference, options.values)
        if isinstance(each, ByPolicy | PolicyCondition):
            yield from _decided(scheme, place, each)
        for field, name in _metric_fields(each):
            if name not in scheme.metrics:
                yield (*place, *field), _no_metric(scheme, name)
        for field, name in _category_fields(each):
            if name not in scheme.categories:
                yield (*place, *field), f"没有类别 {name}，应为 {'、'.join(scheme.categories)}"
        yield from _names(scheme, place, each)
        yield from _units(scheme, place, each)
        if isinstance(each, CountedAmounts):
            for kind in each.at_least:
                if scheme.kinds and kind not in scheme.kinds:
                    yield (*place, "at_least", kind), absent(scheme, "kinds", kind)
        if isinstance(each, Cap) and each.reading != "stated" and each.of.best(each.at) is None:
            yield (*place, "reading"), "所限的部分本身没有上限，不能按各项之和封顶"
        if item and isinstance(each, Figure) and each.kind == "tally" and not item.weights:
            yield place, "规则用到成果权重分，指标应写 weights"


def _no_metric(scheme: Scheme, name: str) -> str:
    """A word that stands for a figure may be a metric, or a figure that the scheme names."""
    if name in FIGURES:
        return f"{name} 是一种规则，应写成 {{kind: {name}}}"
    known = {**scheme.metrics, **scheme.figures}
    said = unknown("指标目录（metrics）里", name, scheme.metrics)
    if "是否应为" in said or not scheme.figures:
        return said if "是否应为" in said else said + _elsewhere(scheme, "metrics", name)
    return unknown("指标目录（metrics）、数（figures）里", name, known)


def _names(scheme: Scheme, place: Location, part: BaseModel) -> Found:
    """Names of items, declarations, vetoes, grades, dimensions and facets inside figures and conditions."""
    results = scheme.results
    if isinstance(part, Fact) and part.name:
        sorts: dict[str, tuple[str, Mapping[str, Any]]] = {
            "declared": ("申报类型（results.declarations）里", results.declarations),
            "vetoed": ("否决事项（results.vetoes）里", results.vetoes),
            "grade": ("等次（results.grades）里", results.grade_named),
        }
        known = sorts.get(part.fact)
        if part.fact == "last" and part.name not in scheme.tree:
            yield (*place, "last"), no_item(scheme, part.name)
        if known is not None and part.name not in known[1]:
            yield (*place, "veto" if part.fact == "vetoed" else part.fact), unknown(known[0], part.name, known[1])
    if isinstance(part, OfItem) and part.of not in scheme.tree:
        yield (*place, "of"), no_item(scheme, part.of)
    elif isinstance(part, CountItems) and not scheme.tree[part.of].children:
        yield (*place, "of"), f"{part.of} 下面没有各项可数"
    if isinstance(part, Over) and any(part.years):
        for each in everything_in(part.of):
            if isinstance(each, Attainable | CountItems):
                yield (*place, "of"), f"往年只有各项的得分（score），没有 {each.kind}（{each.of}）"
    if isinstance(part, Over | AmongTied) and part.each is not None and part.each not in scheme.dimensions:
        yield (*place, "each"), absent(scheme, "dimensions", part.each)
    if isinstance(part, VoteRule) and part.facet is not None and part.facet not in part.definition.facets:
        yield (*place, "facet"), unknown(f"投票 {part.vote} 的 facets 里", part.facet, part.definition.facets)


def _units(scheme: Scheme, place: Location, part: BaseModel) -> Found:
    """Names of groups, categories, classes and traits, and of their values."""
    among = getattr(part, "among", None)
    pooled = isinstance(part, Figure) and isinstance(among, str) and among not in EVERYBODY
    of_members = among in scheme.dimensions and among not in scheme.traits  # of one month everybody is
    if pooled and (of_members or _values(scheme, str(among)) is None):
        yield (*place, "among"), absent(scheme, "traits", str(among))
    trait = getattr(part, "trait", None)
    if not isinstance(part, ByTrait | OfTrait | Axis) or not isinstance(trait, str):
        return
    known = _values(scheme, trait)
    if known is None:
        yield (*place, "trait"), absent(scheme, "traits", trait)
        return
    family, values = known
    for field, name in _given(part, trait):
        if values and name not in values:
            yield (*place, *field), unknown(family, name, values)


def _given(part: ByTrait | OfTrait | Axis, trait: str) -> Iterator[tuple[Location, str]]:
    """Every value that is named, with the word under which it stands."""
    if isinstance(part, ByTrait):
        yield from (((f"by_{trait}", name), name) for name in part.of)
    elif isinstance(part, Axis):
        yield from ((("are", place), name) for place, name in enumerate(part.are))
    else:
        yield from (((trait,) if trait in OWN_TRAITS else ("is",), name) for name in part.among)


OWN_TRAITS = ("group", "category", "class")
"""What every unit has, whatever the scheme declares besides."""

EVERYBODY = ("", "pool", "all")
"""Words for the whole pool."""


def _values(scheme: Scheme, trait: str) -> tuple[str, Mapping[str, Any]] | None:
    """How a trait's values are called in a message, and which there are; None where there is no such trait."""
    if trait == "group":
        return "分组（groups）里", scheme.groups
    if trait == "category":
        return "类别（categories）里", scheme.categories
    if trait == "class":
        return "等级（classes）里", {**scheme.classes, **scheme.categories}
    if trait not in scheme.traits and trait in scheme.dimensions:
        dimension = scheme.dimensions[trait]
        return f"{dimension.name}（dimensions.{trait}）里", {each: dimension.called(each) for each in dimension.names}
    about = scheme.traits.get(trait)
    return (f"{about.name}（traits.{trait}.values）里", about.values) if about else None


def _decided(scheme: Scheme, place: Location, part: ByPolicy | PolicyCondition) -> Found:
    """A figure or condition for each reading: all that the policy offers."""
    policy = scheme.policy.get(part.policy)
    if policy is None:
        yield (*place, "policy"), absent(scheme, "policies", part.policy)
    elif part.options and policy.fraction:
        yield (*place, "policy"), f"政策 {policy.name} 是 0～1 之间的数，没有各种读法可选"
    elif not part.options and not policy.fraction:
        yield place, f"应给政策 {policy.name} 的每种读法写一个数：{'、'.join(policy.options)}"
    elif set(part.options) != set(policy.options) and not policy.fraction:
        lacking = [name for name in policy.options if name not in part.options]
        beyond = [name for name in part.options if name not in policy.options]
        for name in beyond:
            yield (*place, name), unknown(f"政策 {policy.name} ", name, policy.options)
        if lacking:
            yield place, f"政策 {policy.name} 的读法 {'、'.join(lacking)} 没有写"


def policy_fits(scheme: Scheme, at: Location, reference: PolicyReference, options: Iterable[str]) -> Found:
    """A field's policy offers no reading that the field does not know."""
    policy, known = scheme.policy.get(reference.policy), tuple(options)
    if policy is None:
        yield (*at, "policy"), absent(scheme, "policies", reference.policy)
    elif not set(policy.options) <= set(known) or policy.fraction:
        yield (*at, "policy"), f"政策 {policy.name} 的选项应都在 {'、'.join(known)} 之内"


_TOLD_WHERE_DECLARED = ("named", "named_condition")


def _parts(part: BaseModel, at: Location) -> Iterator[tuple[Location, BaseModel]]:
    """A part of the scheme and all parts inside it, with their places in the tree; declared things are told there."""
    yield at, part
    if getattr(part, "kind", "") in _TOLD_WHERE_DECLARED:
        return
    for name, info in type(part).model_fields.items():
        value: Any = getattr(part, name)
        if isinstance(part, VoteRule) and name == "definition":
            continue
        yield from _parts_in(value, (*at, info.alias or name, *_written_as(part, name)))


def _parts_in(value: Any, at: Location) -> Iterator[tuple[Location, BaseModel]]:
    """Parts in a field, be it one, several, or rows of them."""
    if isinstance(value, BaseModel):
        yield from _parts(value, at)
    elif isinstance(value, tuple | dict):
        for step, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _parts_in(child, (*at, step))


def _written_as(part: BaseModel, field: str) -> tuple[str, ...]:
    """The word under which a field stands in the file where the part is written for short: `{any: [...]}`."""
    if field != "of":
        return ()
    if isinstance(part, ByTrait):
        return (f"by_{part.trait}",)
    return (str(part.kind),) if isinstance(part, Every | Not) else ()


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
