"""What a scheme declares and never uses, weights that do not sum, items for units that nothing below is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from kaohe.rules.after import EachMember
from kaohe.rules.amongtied import AmongTied
from kaohe.rules.arithmetic import Average
from kaohe.rules.base import Figure, Strict
from kaohe.rules.bounds import added
from kaohe.rules.conditions import Condition, NamedCondition
from kaohe.rules.gathered import Over
from kaohe.rules.inside import everything_in
from kaohe.rules.made import Made
from kaohe.rules.plain import Named
from kaohe.rules.votes import VoteRule
from kaohe.rules.wording import number
from kaohe.scheme.audit.finding import AuditFinding
from kaohe.scheme.audit.marks import below, number_for
from kaohe.scheme.model import Scheme

DEEP = 2
"""So many calculations inside one another can be read; more should have a name of their own."""

MOST_PARTS = 5
"""Whole weights up to it are parts (2 : 1); larger ones are percentages."""

WHOLES = (Fraction(1), Fraction(10), Fraction(100))
"""What weights add up to, written as shares, tenths or percentages."""


def in_use(scheme: Scheme) -> Iterator[Strict]:
    """Whatever stands in an item, a grade, what follows from it, or the order of a group: with what these name."""
    for node in scheme.tree.nodes.values():
        yield from everything_in(node.item)
    yield from everything_in(scheme.results)
    for group in scheme.groups.values():
        yield from everything_in(group)


def unused(scheme: Scheme) -> Iterator[AuditFinding]:
    """Figures, conditions, votes and dimensions that nothing names."""
    used = list(in_use(scheme))
    figures = {each.name for each in used if isinstance(each, Named)}
    conditions = {each.name for each in used if isinstance(each, NamedCondition)}
    votes = {each.vote for each in used if isinstance(each, VoteRule)}
    dimensions = {each.dimension for each in used if isinstance(each, EachMember)}
    dimensions |= {str(each.each) for each in used if isinstance(each, Over | AmongTied)}
    dimensions |= {str(node.item.each) for node in scheme.tree.nodes.values()}
    dimensions |= {str(getattr(metric, "period", "")) for metric in scheme.metrics.values()}
    for code, what, known, names in (
        ("figure-unused", "数（figures）", scheme.figures, figures),
        ("condition-unused", "条件（conditions）", scheme.conditions, conditions),
        ("vote-unused", "投票（votes）", scheme.votes, votes),
        ("dimension-unused", "维度（dimensions）", scheme.dimensions, dimensions),
    ):
        for name, each in known.items():
            if name not in names:
                yield AuditFinding(
                    code,
                    "冗余",
                    name,
                    getattr(each, "clause", ""),
                    f"{what}里的{each.name}（{name}）没有任何一项、等次或条件用到",
                    "改它不影响任何结果；若本应用到，则有规则漏写了",
                )


def empty(scheme: Scheme) -> Iterator[AuditFinding]:
    """Items said to be for a category, and groups ranked by an item, without anything below for that category."""
    for node in scheme.tree.nodes.values():
        if node.is_leaf or not node.item.applies:
            continue
        for category in node.item.applies:
            if not any(category in each.applies for each in scheme.tree.below(node.id) if each.is_leaf):
                name = scheme.categories[category].name
                yield AuditFinding(
                    "item-empty",
                    "疏漏",
                    f"{category}.{node.id}",
                    node.item.clause,
                    f"{node.item.name}写明适用于{name}，其下没有一项对它计分",
                    f"{name}在{node.item.name}一分也得不到",
                )
    for category, its in scheme.categories.items():
        root = scheme.tree[scheme.groups[its.group].score]
        if not any(category in each.applies for each in (root, *scheme.tree.below(root.id)) if each.is_leaf):
            yield AuditFinding(
                "category-unscored",
                "疏漏",
                category,
                root.item.clause,
                f"{its.name}按{root.item.name}排名，没有一项对它计分",
                "这类单位没有得分，名次没有依据",
            )


def weights(scheme: Scheme) -> Iterator[AuditFinding]:
    """Weights of items, parts of a mean and groups of voters that add up neither to 1 nor to 100."""
    for node in scheme.tree.nodes.values():
        if node.is_leaf or node.item.combine not in ("sum", "mean"):
            continue
        found = {category: _weights(scheme, node.id, category) for category in node.applies}
        known = {category: each for category, each in found.items() if each is not None}
        if known and not any(each in WHOLES for each in known.values()):
            category, added = next(iter(known.items()))
            averaged = node.item.combine == "mean"
            if averaged and are_parts(child.weight for child in below(scheme, node, category)):
                continue
            yield AuditFinding(
                "weights-sum",
                "矛盾",
                node.id,
                node.item.clause,
                f"{node.item.name}其下各项的权重相加为 {number(added)}（{scheme.categories[category].name}），"
                "不是 1 或 100",
                "平均时按权重之和折算，与条文写的权重不同" if averaged else "加权相加后，满分随权重之和改变",
            )
    for leaf in scheme.tree.leaves:
        for figure in (each for each in leaf.item.rules if isinstance(each, Average | Over)):
            added = sum(figure.weights, Fraction(0))
            if figure.weights and added not in WHOLES and not are_parts(figure.weights):
                yield _of_mean(leaf.id, leaf.item.clause, f"{leaf.id} {leaf.item.name}里各部分的权重", added)
    for name, vote in scheme.votes.items():
        shares = sum((each.share for each in vote.voters.values()), Fraction(0))
        marks = [
            number_for(scheme, node.item.full, category)
            for node in scheme.tree.leaves
            if isinstance(node.item.rule, VoteRule) and node.item.rule.vote == name
            for category in node.applies
        ]
        even = {each.share for each in vote.voters.values()} == {Fraction(1)}
        if vote.voters and not even and shares not in WHOLES and shares not in marks:
            yield _of_mean(name, vote.clause, f"{vote.name}各评分组的份额", shares)


def are_parts(weights: Iterable[Any]) -> bool:
    """Whether a mean's weights are so many parts each, as in 2 : 1, which add up to whatever they do."""
    numbers = [Fraction(1) if each is None else each for each in weights]
    return all(isinstance(each, Fraction) and each.denominator == 1 and 0 < each <= MOST_PARTS for each in numbers)


def _weights(scheme: Scheme, name: str, category: str) -> Fraction | None:
    """The weights written at the children for a category, added up; None where there are none, or not all are known."""
    found = [child.weight for child in below(scheme, scheme.tree[name], category)]
    if not found or all(each is None for each in found):
        return None
    numbers = [Fraction(1) if each is None else number_for(scheme, each, category) for each in found]
    return added(numbers)


def _of_mean(subject: str, clause: str, what: str, added: Fraction) -> AuditFinding:
    return AuditFinding(
        "weights-sum",
        "矛盾",
        subject,
        clause,
        f"{what}相加为 {number(added)}，不是 1、100 或满分",
        "程序按份额之和折算，与条文写的份额不同",
    )


def nesting(scheme: Scheme) -> Iterator[AuditFinding]:
    """Calculations inside calculations without a name, too deep to be read in one sentence."""
    for node in scheme.tree.nodes.values():
        item = node.item
        figures: list[Any] = [
            item.rule,
            *(each.rule for each in item.variants),
            item.full,
            item.weight,
            item.attainable,
        ]
        figures += [figure for step in item.then for figure in step.figures()] if not node.is_leaf else []
        deep = max((depth(each) for each in figures if isinstance(each, Figure)), default=0)
        if deep > DEEP:
            yield _deep(node.id, item.clause, f"{node.id} {item.name}", deep)
    for name, each in scheme.figures.items():
        if (deep := depth(each.figure)) > DEEP:
            yield _deep(name, each.clause, each.name, deep)
    for name, known in scheme.conditions.items():
        if (deep := _condition_depth(known.condition)) > DEEP:
            yield _deep(name, known.clause, known.name, deep)


def _deep(subject: str, clause: str, called: str, deep: int) -> AuditFinding:
    return AuditFinding(
        "nested-unnamed",
        "提示",
        subject,
        clause,
        f"{called}里的计算套了 {deep} 层而没有名称",
        "逐项说明时一句话读不清；在 figures（或 conditions）里给中间的数取名后按名引用",
    )


def depth(figure: Figure) -> int:
    """How many calculations stand inside one another before a name is given; other kinds say their parts one by one."""
    if isinstance(figure, Named):
        return 0
    inner = max(map(depth, figure.children()), default=0)
    return inner + 1 if isinstance(figure, Made) and figure.children() else inner


def _condition_depth(condition: Condition) -> int:
    if isinstance(condition, NamedCondition):
        return 0
    inner = max(map(_condition_depth, condition.children()), default=0)
    return inner + 1 if isinstance(condition.kind, str) and condition.kind in ("all", "any", "not") else inner


CHECKS = (unused, empty, weights, nesting)
