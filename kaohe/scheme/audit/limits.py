"""What can be scored at most and at least, against the full mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from kaohe.rules import Figure
from kaohe.rules.arithmetic import Total
from kaohe.rules.bounds import Range
from kaohe.rules.combine import Cap, Sum
from kaohe.rules.limits import Limit
from kaohe.rules.scored import Attainable
from kaohe.rules.wording import points
from kaohe.scheme.audit.bounds import bounds
from kaohe.scheme.audit.finding import AuditFinding, component, label, labels, named, policy_of
from kaohe.scheme.audit.marks import deciding, group_mark, heading, is_converted, limiting, printed, root_of
from kaohe.scheme.audit.readings import EveryReading, Read, under_readings
from kaohe.scheme.items import Item
from kaohe.scheme.model import Scheme
from kaohe.scheme.root import Policy
from kaohe.scheme.tree import Node


@dataclass(frozen=True)
class Scored:
    """Something that gives points: a leaf's rule for one pool of categories, or for one of the groups it is for."""

    subject: str
    name: str
    clause: str
    full: Fraction
    rule: Figure
    indicator: Item
    group: str | None = None


def scored(scheme: Scheme) -> Iterator[Scored]:
    """Everything that gives points out of a full mark; what several groups share is asked once for each of them."""
    for key, group in scheme.groups.items():
        for node in scheme.tree.leaves:
            if not is_shared(scheme, node):
                continue
            for variant in node.item.pools:
                own = [each for each in variant.applies if scheme.group_of(each) == key]
                for full in dict.fromkeys(mark for each in own if (mark := printed(scheme, node, each))):
                    subject, name = shared_subject(scheme, node, key), f"{group.name}的{node.item.name}"
                    yield Scored(subject, name, node.item.clause, full, variant.rule, node.item, key)
    for indicator in scheme.indicators.values():
        node = scheme.tree[indicator.id]
        if is_shared(scheme, node):
            continue
        for variant in indicator.pools:
            for full in dict.fromkeys(mark for each in variant.applies if (mark := printed(scheme, node, each))):
                name = named(indicator)
                if indicator.variants:
                    name += f"（{'、'.join(scheme.categories[each].name for each in variant.applies)}）"
                yield Scored(indicator.id, name, indicator.clause, full, variant.rule, indicator)


def is_shared(scheme: Scheme, node: Node) -> bool:
    """Whether it is a vote, or scored in several groups: then it is asked about group by group."""
    return node.is_vote or len({scheme.group_of(each) for each in node.applies}) > 1


def shared_subject(scheme: Scheme, node: Node, group: str) -> str:
    """`group.ballot`, or its own id where there is one group."""
    return f"{group}.{node.id}" if len(scheme.groups) > 1 else node.id


Ends = EveryReading[Range]
"""Least and most that an item's rule can give."""


def unreachable_full(scheme: Scheme, item: Scored, ends: Ends) -> AuditFinding | None:
    """A full mark that the rule cannot give, under some reading or any."""
    best = ends.told_apart(lambda span: span.most)
    short = {options: most for options, most in best.values.items() if most is not None and most < item.full}
    if not short:
        return None
    return AuditFinding(
        "full-unreachable",
        "不可达",
        item.subject,
        item.clause,
        f"{item.name}标明 {points(item.full)}，{_each(best, short, '最多只能得')}",
        _short_of(scheme, item, item.full - min(short.values())),
        labels(best.policies),
    )


def _short_of(scheme: Scheme, item: Scored, lost: Fraction) -> str:
    root = root_of(scheme, item.group) if item.group else None
    whole = group_mark(scheme, root, item.group) if root and item.group else None
    if root and item.group and whole is not None:
        name = scheme.groups[item.group].name + root.item.name
        lines = "、".join(dict.fromkeys(_lines(scheme, root.id)))
        return f"{name}最多 {points(whole - lost)}，而不是 {points(whole)}" + (f"，{lines}仍按后者算" if lines else "")
    converted = is_converted(scheme, scheme.tree[item.indicator.id])
    divided = "折算的除数仍按标明的满分，" if converted else ""
    return f"适用的单位都少 {points(lost)}，{divided}{component(scheme, item.indicator.id)}得不到满分"


def _lines(scheme: Scheme, root: str) -> Iterator[str]:
    """Bounds of grades that follow from the full mark on paper, by name."""
    bounds_of = [bound for grade in scheme.results.grades for bound in grade.bounds.values()]
    for bound in bounds_of:
        if any(isinstance(each, Attainable) and each.of == root for each in bound.walk()):
            yield bound.called(scheme.terms)


def _place(scheme: Scheme, item: Scored) -> str:
    return component(scheme, item.indicator.id)


def above_full(scheme: Scheme, item: Scored, ends: Ends) -> AuditFinding | None:
    """Points beyond the printed full mark. A cap read as the sum of its parts is told by `parts_of_caps`."""
    best = ends.told_apart(lambda span: span.most)
    over = {options: most for options, most in best.values.items() if most is None or most > item.full}
    if not over:
        return None
    return AuditFinding(
        "above-full",
        "越界",
        item.subject,
        item.clause,
        f"{item.name}标明 {points(item.full)}，{_each(best, over, '可以得到')}",
        _over(scheme, item),
        labels(best.policies),
    )


def _over(scheme: Scheme, item: Scored) -> str:
    root = root_of(scheme, item.group) if item.group else None
    whole = group_mark(scheme, root, item.group) if root and item.group else None
    if root and item.group and whole is not None:
        return f"{scheme.groups[item.group].name}{root.item.name}可以超过 {points(whole)}"
    section = heading(scheme, item.indicator.id)
    above = f"{section.item.name}的 {points(section.item.full)}、" if section else ""
    cap = limiting(scheme, scheme.tree[item.indicator.id])
    text = f"多得的分可使单位超过{above}{_place(scheme, item)}的满分，抬高名次"
    when = "折算时" if is_converted(scheme, scheme.tree[item.indicator.id]) else ""
    return text + (f"；{when}是否封顶由 {label(cap)} 决定" if cap else "")


def below_zero(scheme: Scheme, item: Scored, ends: Ends) -> AuditFinding | None:
    """Deductions that lead below 0."""
    worst = ends.told_apart(lambda span: span.least)
    under = {options: least for options, least in worst.values.items() if least is None or least < 0}
    if not under:
        return None
    return AuditFinding(
        "below-zero",
        "越界",
        item.subject,
        item.clause,
        f"{item.name}{_why(under)}，{_each(worst, under, '最低为', '没有下限')}",
        f"低于 0 的部分要从{_place(scheme, item)}的其他得分里扣，名次随之下降",
        labels(worst.policies),
    )


def _why(under: Mapping[tuple[str, ...], Fraction | None]) -> str:
    return "可以低于 0，没有写最低多少（at_least）" if None in under.values() else "的各项扣分合计可多于得分"


def parts_of_caps(scheme: Scheme, item: Scored, ends: Ends) -> AuditFinding | None:
    """Parts of a cap that add up to another figure than the cap, where it is open (or said) which one counts."""
    for at, parts, policy in _caps(scheme, item):
        return AuditFinding(
            "parts-against-cap",
            "矛盾",
            item.subject,
            item.clause,
            f"{item.name}标明 {points(item.full)}，上限写 {points(at)}，各部分的最高分相加为 {points(parts)}",
            _parts_count(scheme, item, parts, at),
            label(policy),
        )
    return None


def _caps(scheme: Scheme, item: Scored) -> Iterator[tuple[Fraction, Fraction, Policy | None]]:
    """(limit, what its parts can give together, the policy between the two) of limits that do not fit their parts."""
    for figure in item.rule.walk():
        if isinstance(figure, Cap):
            policy, parts = policy_of(scheme, figure.reading), figure.of.best(figure.at)
            readings = policy.options if policy else (figure.reading,)
            if parts is not None and parts != figure.at and "parts" in readings:
                yield figure.at, parts, policy
        elif isinstance(figure, Limit) and figure.at_most is not None and isinstance(figure.of, Sum | Total):
            most, parts = bounds(scheme, figure.at_most, item.full), bounds(scheme, figure.of, item.full)[1]
            policy = deciding(scheme, figure.at_most)
            if most[0] is not None and parts is not None and (most[0] != most[1] or parts < most[0]):
                yield most[0], parts, policy


def _parts_count(scheme: Scheme, item: Scored, parts: Fraction, at: Fraction) -> str:
    if parts < at:
        return f"各部分都得满也只有 {points(parts)}，上限不起作用"
    text = f"以 {points(at)}封顶，各部分都得满的单位有 {points(parts - at)}不计"
    section = heading(scheme, item.indicator.id)
    if parts > item.full and section and isinstance(section.item.full, Fraction):
        more = parts - item.full
        whole = points(section.item.full + more)
        text += f"；以 {points(parts)}封顶，本项比满分多 {points(more)}，{section.item.name}可达 {whole}"
    return text


def _each(
    read: Read[Fraction | None], chosen: Mapping[tuple[str, ...], object], verb: str, without: str = "没有上限"
) -> str:
    """Reading by reading, those `chosen` first: `按 P13“…”最多只能得 18 分；按 P13“…”可得 20 分`."""
    said = []
    for options in sorted(read.values, key=lambda each: each not in chosen):
        value = read.values[options]
        reading = f"按 {read.says(options)}" if options else ""
        if value is None:
            said.append(f"{reading}{without}")
        else:
            said.append(f"{reading}{verb if options in chosen else '为'} {points(value)}")
    return "；".join(said)


def limits(scheme: Scheme) -> Iterator[AuditFinding]:
    """All of them, check by check."""
    ends: dict[tuple[int, Fraction], Ends] = {}  # units' own items share a few rules: asked once for each full mark
    items = [(item, (id(item.rule), item.full)) for item in scored(scheme)]
    for item, same in items:
        if same not in ends:
            ends[same] = under_readings(scheme, item.rule, partial(bounds, scheme, full=item.full))
    for check in (unreachable_full, above_full, below_zero, parts_of_caps):
        clean = set()
        for item, same in items:
            found = None if same in clean else check(scheme, item, ends[same])
            if found:
                yield found
            else:
                clean.add(same)


CHECKS = (limits,)
