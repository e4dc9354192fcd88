"""What must fit together across the parts of a scheme before it can score anything."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from kaohe.rules.base import readings_of
from kaohe.rules.conditions import Condition, Fact
from kaohe.rules.folding import fewest
from kaohe.scheme.circles import circles
from kaohe.scheme.deadlines import Due
from kaohe.scheme.items import Check, Item
from kaohe.scheme.messages import unknown
from kaohe.scheme.model import Scheme
from kaohe.scheme.named import Found, Location, absent, inside, no_item, policy_fits, rule
from kaohe.scheme.ofmembers import asked_outside, astray
from kaohe.scheme.opinions import PARTS, misplaced, of_no_item
from kaohe.scheme.outcomes import Grade, LimitRule, Results
from kaohe.scheme.root import Metric
from kaohe.scheme.tree import TASKS, own_id


def inconsistencies(scheme: Scheme) -> list[tuple[Location, str]]:
    """Every place where two parts of the scheme do not fit: (path in the tree, what was expected)."""
    families = (_ids, _dates, _structure, _tree, _metrics, _policies, _results, _departments)
    return [found for family in families for found in family(scheme)]


def _ids(scheme: Scheme) -> Found:
    """Ids that must be one's own: of everything that hangs in the tree, of units with own items, of policies, steps."""
    yield from _unique(list(_hung(scheme)))
    yield from _unique([(("departments", d, "id"), each.id) for d, each in enumerate(scheme.departments)])
    yield from _unique([(("policies", p, "id"), policy.id) for p, policy in enumerate(scheme.policies)])
    yield from _unique([(("policies", p, "name"), policy.name) for p, policy in enumerate(scheme.policies)])
    yield from _unique([(("process", p, "id"), step.id) for p, step in enumerate(scheme.process)])


def _hung(scheme: Scheme) -> Iterator[tuple[Location, str]]:
    """Every item of the tree with the place where it is written."""
    for at, item in _items(scheme.items, ("items",)):
        yield (*at, "id"), item.id
    for s, section in enumerate(scheme.sections):
        yield ("sections", s, "id"), section.id
        for at, item in _items(section.indicators, ("sections", s, "indicators")):
            yield (*at, "id"), item.id
    common = scheme.department_common
    if common is None:
        return
    yield ("department_common",), TASKS
    for w, work in enumerate(common.work):
        yield ("department_common", "work", w, "id"), work.id
    for d, each in enumerate(scheme.departments):
        for t, task in enumerate(each.tasks):
            yield ("departments", d, "tasks", t, "id"), own_id(each.id, task.id)
        for work in common.work:
            yield ("departments", d, "id"), own_id(each.id, work.id)


def _unique(named: list[tuple[Location, str]]) -> Found:
    counts = Counter(name for _, name in named)
    for location, name in dict.fromkeys(named):
        if counts[name] > 1:
            yield location, f"{name} 出现了 {counts[name]} 次，编号不得重复"


def _dates(scheme: Scheme) -> Found:
    """Days, and what is said of them or across years."""
    for location, date in (
        (("in_force_from",), scheme.in_force_from),
        (("year", "starts"), f"2001-{scheme.year.starts}"),
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
            yield ("lasting", place), absent(scheme, "kinds", name)
    for place, name in enumerate(scheme.window.longer):
        if name not in _written(scheme):
            yield ("window", "longer", place), unknown("指标里", name, _written(scheme))


def _written(scheme: Scheme) -> Mapping[str, Any]:
    """Leaves by id, those of a section that hangs nowhere too."""
    return {**scheme.section_of, **scheme.indicators}


def _structure(scheme: Scheme) -> Found:
    """Groups, categories, and where part files hang in the tree."""
    for name, category in scheme.categories.items():
        at: Location = ("categories", name)
        if category.group not in scheme.groups:
            yield (*at, "group"), absent(scheme, "groups", category.group)
        for item in category.stated:
            if item not in scheme.tree:
                yield (*at, "stated", item), no_item(scheme, item)
        if category.class_ is not None and category.class_ not in scheme.classes:
            yield (*at, "class"), absent(scheme, "classes", category.class_)
    named = {category.group for category in scheme.categories.values()}
    for key, group in scheme.groups.items():
        if key not in named:
            yield ("groups", key), unknown("类别（categories）的 group 里", key, named)
        if group.score not in scheme.tree:
            yield ("groups", key, "score"), no_item(scheme, group.score)
        yield from rule(scheme, ("groups", key), group, None)
        yield from ((("groups", key, "then_by"), wrong) for wrong in (*astray(scheme, group), *of_no_item(group)))
    for s, section in enumerate(scheme.sections):
        if section.under not in scheme.tree:
            yield ("sections", s, "under", "component"), no_item(scheme, section.under)
    own = scheme.department_common
    if own is not None and own.under not in scheme.tree:
        yield ("department_common", "under"), no_item(scheme, own.under)
    if scheme.departments and own is None:
        yield ("departments",), "各单位自己的项要有 department_common 写明怎样评分"


def _tree(scheme: Scheme) -> Found:
    """Items with everything inside them, and which of them wait for one another."""
    places = {item.id: at for at, item in _everywhere(scheme)}
    for at, item in _everywhere(scheme):
        yield from _item(scheme, at, item)
    for circle in circles(scheme):
        first = next((name for name in circle if name in places), circle[0])
        yield places.get(first, ("items",)), f"互相要用对方的得分，算不出来：{' → '.join(circle)}"


def _everywhere(scheme: Scheme) -> Iterator[tuple[Location, Item]]:
    yield from _items(scheme.items, ("items",))
    for s, section in enumerate(scheme.sections):
        yield from _items(section.indicators, ("sections", s, "indicators"))


def _item(scheme: Scheme, at: Location, item: Item) -> Found:
    node = scheme.tree.nodes.get(item.id)
    if node is not None and not node.is_leaf and not node.children:
        yield at, "没有 rule（规则），也没有下级各项（items，或 sections 里写明属于它的部分）"
    if node is not None and item.is_leaf and node.children:
        yield at, "有规则的项不能再有下级"
    for place, category in enumerate(item.applies):
        if category not in scheme.categories:
            yield (*at, "applies", place), f"没有类别 {category}，应为 {'、'.join(scheme.categories)}"
    if item.each is not None and item.each not in scheme.dimensions:
        yield (*at, "each"), absent(scheme, "dimensions", item.each)
    yield from _once_a_member(scheme, at, item)
    yield from (((*at, name), wrong) for name, wrong in asked_outside(scheme, scheme.tree, item))
    yield from _weighted(scheme, at, item)
    yield from _checks(scheme, (*at, "checks"), item.checks, item.applies or tuple(scheme.categories))
    yield from _due(scheme, (*at, "due"), item.due)
    for place, name in enumerate(item.evidence):
        if name not in scheme.metrics:
            yield (*at, "evidence", place), absent(scheme, "metrics", name)
    yield from _weights(scheme, (*at, "weights"), item.weights)
    yield from (((*at, name), wrong) for name, wrong in misplaced(scheme, item))
    for name in PARTS:
        yield from inside(scheme, (*at, name), getattr(item, name), item)


def _weighted(scheme: Scheme, at: Location, item: Item) -> Found:
    """Weights where nothing is weighed would be passed over."""
    node = scheme.tree.nodes.get(item.id)
    above = scheme.tree.nodes.get(node.parent) if node is not None and node.parent else None
    if item.weight is None or above is None:
        return
    how = above.item.combine
    if how not in ("sum", "mean", "geometric_mean"):
        yield (*at, "weight"), f"上级 {above.id} 的 combine 是 {how}，不用权重；权重只用于 sum、mean、geometric_mean"
    elif how == "geometric_mean" and not (isinstance(item.weight, Fraction) and item.weight >= 0):
        yield (*at, "weight"), "几何平均的权重应为不小于 0 的数"


def _once_a_member(scheme: Scheme, at: Location, item: Item) -> Found:
    """Items that are scored once a month or term: by what is handed in for each, and by one dimension only."""
    node = scheme.tree.nodes.get(item.id)
    if node is None or node.item.unit is not None:
        return
    over = scheme.tree.over(item.id)
    if over is None or over.each not in scheme.dimensions:
        return
    if node.within is not None and item.each is not None:
        yield (*at, "each"), f"上级 {node.within} 已写 each: {over.each}，下级不能再写"
    of_the_year = [rule.kind for rule in item.rules if rule.kind in ONCE_A_YEAR]
    if of_the_year:
        yield (*at, "rule"), f"{of_the_year[0]} 的数据不分期（{over.each}），不能每期评一次；请移到 each 之外"
    fold, many = over.fold, len(scheme.dimensions[over.each].names)
    if over.id == item.id and not isinstance(fold, str) and fold.drops >= many:
        yield (*at, "fold"), f"去掉的个数应少于 {over.each} 的个数 {many}"
    elif over.id == item.id and fewest(fold, many) > many:
        yield (*at, "fold"), f"needs 不应大于 {over.each} 的个数 {many}"
    elif over.id == item.id and not isinstance(fold, str) and fold.weights and len(fold.weights) != many:
        yield (*at, "fold"), f"weights 应有 {many} 个，与 {over.each} 的个数一样多"


ONCE_A_YEAR = ("vote", "tally", "counted_amounts")
"""Kinds whose evidence does not say of which month or term it is."""


def _weights(scheme: Scheme, at: Location, weights: Mapping[str, Any]) -> Found:
    """Kinds, levels and awards of achievements: those of the scheme."""
    for kind, worth in weights.items():
        if scheme.kinds and kind not in scheme.kinds:
            yield (*at, kind), absent(scheme, "kinds", kind)
        for level, inner in worth.items() if isinstance(worth, Mapping) else ():
            if level not in scheme.levels:
                yield (*at, kind, level), _declare(scheme, "levels", level)
            for award, last in inner.items() if isinstance(inner, Mapping) else ():
                if award not in scheme.awards:
                    yield (*at, kind, level, award), _declare(scheme, "awards", award)
                elif isinstance(last, Mapping):
                    yield (*at, kind, level, award), "应为数字：权重只分成果类型、级别、奖项三层"


def _declare(scheme: Scheme, family: str, given: str) -> str:
    return f"{absent(scheme, family, given)}；本方案另有的，在 {family} 里写明它和它的名称"


def _items(items: tuple[Item, ...], at: Location) -> Iterator[tuple[Location, Item]]:
    for place, item in enumerate(items):
        yield (*at, place), item
        yield from _items(item.items, (*at, place, "items"))


RESERVED = {
    "full": "满分",
    "own_full": "本单位适用各项的满分合计",
    "stated": "印出的满分",
    "no_limit": "没有界限",
    "leave": "不折算",
    "best": "各单位最高",
    "mean": "各单位平均",
}
"""Words that stand for something in rules: a name that is the same would be taken for it."""


def _metrics(scheme: Scheme) -> Found:
    for field in ("metrics", "figures", "conditions"):
        for name in getattr(scheme, field):
            if name in RESERVED:
                yield (field, name), f"{name} 在规则里另有意思（{RESERVED[name]}），请换一个名称"
    for name in scheme.figures:
        if name in scheme.metrics:
            yield ("figures", name), f"指标目录（metrics）里也有 {name}，规则里分不出是哪一个，请换一个名称"
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
        return absent(scheme, "metrics", whole)
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
            yield (*at, place, "metric"), absent(scheme, "metrics", check.metric)
        values = {value: said for trait in scheme.traits.values() for value, said in trait.values.items()}
        if check.party_org is not None and check.party_org not in values:
            yield (*at, place, "party_org"), unknown("单位的特征（traits）的各种值里", check.party_org, values)
        for step, category in enumerate(check.applies):
            if category not in applies:
                yield (*at, place, "applies", step), f"应为指标适用的类别：{'、'.join(applies)}"


def _due(scheme: Scheme, at: Location, due: Iterable[Due]) -> Found:
    for place, each in enumerate(due):
        if each.by not in scheme.deadlines:
            yield (*at, place, "by"), absent(scheme, "deadlines", each.by)


def _policies(scheme: Scheme) -> Found:
    for p, policy in enumerate(scheme.policies):
        at: Location = ("policies", p)
        for option, other in policy.conflicts.items():
            if option not in policy.options:
                yield (*at, "conflicts", option), unknown(f"政策 {policy.name} ", option, policy.options)
            for name, excluded in other.items():
                here: Location = (*at, "conflicts", option, name)
                if name not in scheme.policy:
                    yield here, absent(scheme, "policies", name)
                elif excluded not in scheme.policy[name].options:
                    yield here, unknown(f"政策 {name} ", excluded, scheme.policy[name].options)
        for value, reading in policy.options.items():
            for category, ids in reading.exempts.items():
                here = (*at, "options", value, "exempts", category)
                if category not in scheme.categories:
                    yield here, f"没有类别 {category}，应为 {'、'.join(scheme.categories)}"
                for place, name in enumerate(ids):
                    if name not in _written(scheme):
                        yield (*here, place), unknown("指标里", name, _written(scheme))


def _results(scheme: Scheme) -> Found:
    """Votes, named figures and conditions, grades and what follows from them."""
    for field in ("votes", "figures", "conditions"):
        for name, each in getattr(scheme, field).items():
            yield from rule(scheme, (field, name), each, None)
    for name, vote in scheme.votes.items():
        for place, point in enumerate(vote.open):
            if not isinstance(point, dict) or set(point) != {"question", "taken"}:
                yield ("votes", name, "open", place), "应写 question（没有写明的问题）和 taken（本方案怎样取）"
    results = scheme.results
    yield from rule(scheme, ("results",), results, None)
    for field in type(results).model_fields:
        part = getattr(results, field)
        yield from ((("results", field), wrong) for wrong in (*astray(scheme, part), *of_no_item(part)))
    names = {name for each in results.grades for name in (each.key, each.name)}
    effects = [("vetoes", name, each.effect) for name, each in results.vetoes.items()]
    effects += [("limits", name, each.effect) for name, each in results.limits.items()]
    for field, name, effect in effects:
        for named in (*effect.bars, *([effect.at_best] if effect.at_best else [])):
            if named not in names:
                yield ("results", field, name, "effect"), unknown("等次（grades）里", named, names)
    if results.innovation and results.innovation not in results.declarations:
        yield ("results", "innovation"), unknown("申报类型（declarations）里", results.innovation, results.declarations)
    yield from _before_grades(results)
    keys = [each.key for each in results.grades]
    for place, grade in enumerate(results.grades):
        if keys.count(grade.key) > 1:
            yield ("results", "grades", place), f"{grade.key} 写了不止一次"


def _before_grades(results: Results) -> Found:
    """Conditions that decide on grades: none of them may ask for this year's grade."""
    deciding: list[tuple[Location, Condition | None]] = [(("results", "declared"), results.declared)]
    held: list[tuple[Location, Grade | LimitRule]] = [
        (("results", "grades", place), grade) for place, grade in enumerate(results.grades)
    ]
    held += [(("results", "limits", name), limit) for name, limit in results.limits.items()]
    deciding += [(at, asked) for at, each in held for asked in (each.held, each.unless)]
    for at, asked in deciding:
        facts = [part for part in (asked.walk() if asked else ()) if isinstance(part, Fact)]
        if any(part.fact == "grade" and not part.ago for part in facts):
            yield at, "这里还没有定等次，不能问本年的等次（grade）；往年的写 ago: 1"


def _departments(scheme: Scheme) -> Found:
    common = scheme.department_common
    if common is None:
        return
    applies = scheme.tree[common.under].applies if common.under in scheme.tree else ()
    over = scheme.tree.over(common.under) if common.under in scheme.tree else None
    for field in ("work_rule", "tasks_rule"):
        own = Item(id=field, name=field, rule=getattr(common, field))
        yield from rule(scheme, ("department_common", field), getattr(common, field), None)
        wrong = [*astray(scheme, own.rule, over.each if over else None), *(said for _, said in misplaced(scheme, own))]
        yield from ((("department_common", field), said) for said in wrong)
    for name, reference, options in readings_of(common):
        yield from policy_fits(scheme, ("department_common", name), reference, options.values)
    work = [item.id for item in common.work]
    for d, department in enumerate(scheme.departments):
        at: Location = ("departments", d)
        for field in ("extra", "checks"):
            for item in getattr(department, field):
                if item not in work:
                    yield (*at, field, item), f"应为 {'、'.join(work)} 之一"
        for item, checks in department.checks.items():
            yield from _checks(scheme, (*at, "checks", item), checks, applies)
        others = {task.id for task in department.tasks}
        for t, task in enumerate(department.tasks):
            yield from _checks(scheme, (*at, "tasks", t, "targets"), task.targets, applies)
            yield from _due(scheme, (*at, "tasks", t, "due"), task.due)
            for field in ("repeats", "overlaps"):
                other = getattr(task, field)
                if other and (other not in others or other == task.id):
                    yield (*at, "tasks", t, field), f"{department.name}没有另一项工作 {other}"
