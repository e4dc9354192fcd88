"""Grades that can never be reached, units that would have none, and what the text does not say of ties and steps."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.rules.base import Figure
from kaohe.rules.counting import PerUnit
from kaohe.rules.measured import Measured
from kaohe.rules.plain import fixed_number
from kaohe.rules.values import MetricValue, TallyValue
from kaohe.rules.wording import points
from kaohe.scheme.audit.bounds import bounds
from kaohe.scheme.audit.finding import AuditFinding, named
from kaohe.scheme.audit.marks import group_mark, members, number_for, root_of
from kaohe.scheme.model import Scheme
from kaohe.scheme.outcomes import Grade


def unreachable(scheme: Scheme) -> Iterator[AuditFinding]:
    """Grades that a better one leaves nothing for, whose line is above all points, or that have no places."""
    for place, grade in enumerate(scheme.results.grades):
        why = _taken(scheme, scheme.results.grades[:place], grade) or _above(scheme, grade) or _no_places(scheme, grade)
        if why:
            yield AuditFinding(
                "grade-unreachable",
                "不可达",
                f"grades.{grade.key}",
                grade.clause,
                f"等次{grade.name}没有单位能够得到：{why}",
                "写了这一等次，却不会有单位评到",
            )


def _open_to_all(grade: Grade) -> bool:
    """Whether whoever meets its bounds has it."""
    return grade.held is None and grade.unless is None and grade.quota is None


def _taken(scheme: Scheme, better: tuple[Grade, ...], grade: Grade) -> str:
    for place, other in enumerate(better):
        if not _open_to_all(other):
            continue
        effects = scheme.results.effects
        spared = any(each.down or each.keeps_from(place, scheme.results.grades) for each in effects)
        if not other.bounds and not spared:
            return f"前面的{other.name}没有任何界限，所有单位都归入它"
        alike = set(other.bounds) == {"at_least"} == set(grade.bounds)
        if alike and other.at_least and grade.at_least and _never_below(scheme, grade.at_least, other.at_least):
            return f"够得上它的都已归入前面的{other.name}"
    return ""


def _never_below(scheme: Scheme, line: Figure, other: Figure) -> bool:
    lines = [(number_for(scheme, line, each), number_for(scheme, other, each)) for each in scheme.categories]
    return line == other or all(ours is not None and theirs is not None and ours >= theirs for ours, theirs in lines)


def _above(scheme: Scheme, grade: Grade) -> str:
    line = grade.at_least or grade.above
    if line is None:
        return ""
    said = []
    for group in scheme.groups:
        root, own = root_of(scheme, group), members(scheme, group)
        full = group_mark(scheme, root, group) if root else None
        least = number_for(scheme, line, own[0]) if own else None
        if full is None or least is None or not (least > full or (least == full and grade.above is not None)):
            return ""
        said.append(f"{scheme.groups[group].name}满分 {points(full)}，等次线 {points(least)}")
    return "；".join(said)


def _no_places(scheme: Scheme, grade: Grade) -> str:
    if grade.quota is None or grade.quota.least:
        return ""
    figure = grade.quota.places or grade.quota.share
    most = [number_for(scheme, figure, category) for category in scheme.categories]
    return "各组的名额都是 0" if most and all(each == 0 for each in most) else ""


def without(scheme: Scheme) -> Iterator[AuditFinding]:
    """Grades, none of which takes everybody who is left."""
    grades = scheme.results.grades
    if grades and not any(_open_to_all(grade) and not grade.bounds for grade in grades):
        last = grades[-1]
        yield AuditFinding(
            "grade-missing",
            "疏漏",
            "grades",
            last.clause,
            f"最后一个等次{last.name}也有界限或条件，够不上任何一个等次的单位没有等次",
            "这些单位的等次一栏是空的，由等次决定的事项也没有着落",
        )


def ties(scheme: Scheme) -> Iterator[AuditFinding]:
    """Places for which it is not said what follows when units are level at the last of them."""
    for grade in scheme.results.grades:
        if grade.quota is not None and "ties" not in grade.model_fields_set:
            yield AuditFinding(
                "ties-unsaid",
                "沉默",
                f"grades.{grade.key}",
                grade.clause,
                f"等次{grade.name}有名额，没有写名额线上并列怎么办（ties）",
                "程序把并列的单位列为待审议；写 all 则都评上，写 none 则都不评",
            )
    for indicator in scheme.indicators.values():
        asked = [rule.kind for rule in indicator.rules if _ranks(rule) and "ties" not in rule.model_fields_set]
        if asked:
            yield AuditFinding(
                "ties-unsaid",
                "沉默",
                indicator.id,
                indicator.clause,
                f"{named(indicator)}按名次计分，没有写并列时后面的单位排第几（ties）",
                f"程序按 {type_default(indicator.rules, asked[0])} 排；换一种排法，名次线上的单位得分不同",
            )


def _ranks(figure: Figure) -> bool:
    """Whether it gives points by rank under ties that a field may settle."""
    bands = getattr(figure, "bands", ())
    return "ties" in type(figure).model_fields and (
        not hasattr(figure, "against") or any(getattr(band, "among", None) for band in bands)
    )


def type_default(rules: tuple[Figure, ...], kind: str) -> str:
    """What a kind's `ties` are where nothing is written."""
    found = next(rule for rule in rules if rule.kind == kind)
    return str(type(found).model_fields["ties"].default)


def steps(scheme: Scheme) -> Iterator[AuditFinding]:
    """So many points for every so much, without a word on what remains."""
    for indicator in scheme.indicators.values():
        for rule in indicator.rules:
            if (
                isinstance(rule, PerUnit | Measured)
                and "steps" not in rule.model_fields_set
                and not _whole(scheme, rule)
            ):
                yield AuditFinding(
                    "steps-unsaid",
                    "沉默",
                    indicator.id,
                    indicator.clause,
                    f"{named(indicator)}按每多少计分，没有写零头计不计（steps）",
                    "程序按比例计零头；写 whole 则零头不计，写 started 则零头按一次计",
                )


def _whole(scheme: Scheme, rule: PerUnit | Measured) -> bool:
    """Whether nothing can remain: whole numbers counted one by one."""
    if isinstance(rule.value, TallyValue):
        return True
    metric = scheme.metrics.get(rule.value.metric) if isinstance(rule.value, MetricValue) else None
    per = rule.per if isinstance(rule.per, Fraction) else fixed_number(rule.per)
    return metric is not None and metric.kind == "count" and per == 1


def floors(scheme: Scheme) -> Iterator[AuditFinding]:
    """Items from which something is taken off in the end, without a word on how low they may go."""
    for node in scheme.tree.nodes.values():
        if node.is_leaf:
            continue  # what its rule can give at least is asked with the limits
        minus = [place for place, step in enumerate(node.item.then) if step.minus is not None]
        later = node.item.then[minus[-1] :] if minus else ()
        if minus and not any(step.at_least is not None for step in later):
            figure = node.item.then[minus[-1]].minus
            most = bounds(scheme, figure, Fraction(0))[1] if figure is not None else None
            known = f"，最多扣 {points(most)}" if most is not None else ""
            yield AuditFinding(
                "floor-unsaid",
                "沉默",
                node.id,
                node.item.clause,
                f"{node.item.name}最后还要扣分{known}，没有写最低多少（at_least）",
                "程序允许低于 0；写 at_least: 0 则扣完为止",
            )


CHECKS = (unreachable, without, ties, steps, floors)
