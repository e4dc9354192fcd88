"""What can be scored at most and at least, against the full mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.rules import Rule
from kaohe.rules.combine import Cap
from kaohe.rules.wording import points
from kaohe.scheme.audit.finding import COMPONENTS, AuditFinding, label, labels, named, policy_of
from kaohe.scheme.audit.readings import Read, under_readings
from kaohe.scheme.model import Item, Scheme


@dataclass(frozen=True)
class Scored:
    """Something that gives points: an indicator's rule for one pool of categories, or a vote of a group."""

    subject: str
    name: str
    clause: str
    full: Fraction
    rule: Rule
    indicator: Item | None = None
    group: str | None = None


def scored(scheme: Scheme) -> Iterator[Scored]:
    """Everything that gives points; what all departments share is taken once for each of them."""
    for key, group in scheme.groups.items():
        for kind, vote in (("ballot", group.ballot), ("leaders", group.leaders)):
            yield Scored(f"{key}.{kind}", f"{group.name}的{vote.name}", vote.clause, vote.full, vote.rule, group=key)
    for indicator in scheme.indicators.values():
        for variant in indicator.pools:
            name = named(indicator)
            if indicator.variants:
                name += f"（{'、'.join(scheme.categories[each].name for each in variant.applies)}）"
            yield Scored(indicator.id, name, indicator.clause, indicator.full, variant.rule, indicator)


def unreachable_full(scheme: Scheme, item: Scored) -> AuditFinding | None:
    """A full mark that the rule cannot give, under some reading or any."""
    best = under_readings(scheme, item.rule, lambda rule: rule.best(item.full))
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
    if item.group:
        group = scheme.groups[item.group]
        return f"{group.name}总分最多 {points(group.full - lost)}，而不是 {points(group.full)}，不合格线仍按后者算"
    return f"适用的单位都少 {points(lost)}，折算的除数仍按标明的满分，{_place(scheme, item)}得不到满分"


def _place(scheme: Scheme, item: Scored) -> str:
    return COMPONENTS[scheme.component_of(item.subject)]


def above_full(scheme: Scheme, item: Scored) -> AuditFinding | None:
    """Points beyond the printed full mark. A cap read as the sum of its parts is told by `parts_of_caps`."""
    best = under_readings(scheme, item.rule, lambda rule: rule.best(item.full))
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
    if item.group:
        group = scheme.groups[item.group]
        return f"{group.name}总分可以超过 {points(group.full)}"
    section = scheme.section_of.get(item.subject)
    whole = f"{section.name}的 {points(section.full)}、" if section else ""
    cap = policy_of(scheme, scheme.results.component_cap)
    text = f"多得的分可使单位超过{whole}{_place(scheme, item)}的满分，抬高名次"
    return text + (f"；折算时是否封顶由 {label(cap)} 决定" if cap else "")


def below_zero(scheme: Scheme, item: Scored) -> AuditFinding | None:
    """Deductions that lead below 0."""
    worst = under_readings(scheme, item.rule, lambda rule: rule.worst(item.full))
    under = {options: least for options, least in worst.values.items() if least is not None and least < 0}
    if not under:
        return None
    return AuditFinding(
        "below-zero",
        "越界",
        item.subject,
        item.clause,
        f"{item.name}的各项扣分合计可多于得分，{_each(worst, under, '最低为')}",
        f"低于 0 的部分要从{_place(scheme, item)}的其他得分里扣，名次随之下降",
        labels(worst.policies),
    )


def parts_of_caps(scheme: Scheme, item: Scored) -> AuditFinding | None:
    """Parts of a cap that add up to another figure than the cap, where it is open (or said) which one counts."""
    for cap in item.rule.walk():
        if not isinstance(cap, Cap):
            continue
        policy, parts = policy_of(scheme, cap.reading), cap.of.best(cap.at)
        readings = policy.options if policy else (cap.reading,)
        if parts is not None and parts != cap.at and "parts" in readings:
            return AuditFinding(
                "parts-against-cap",
                "矛盾",
                item.subject,
                item.clause,
                f"{item.name}标明 {points(item.full)}，上限写 {points(cap.at)}，各部分的最高分相加为 {points(parts)}",
                _parts_count(scheme, item, parts, cap.at),
                label(policy),
            )
    return None


def _parts_count(scheme: Scheme, item: Scored, parts: Fraction, at: Fraction) -> str:
    if parts < at:
        return f"各部分都得满也只有 {points(parts)}，上限不起作用"
    text = f"以 {points(at)}封顶，各部分都得满的单位有 {points(parts - at)}不计"
    section = scheme.section_of.get(item.subject)
    if parts > item.full and section:
        more = parts - item.full
        text += (
            f"；以 {points(parts)}封顶，本项比满分多 {points(more)}，{section.name}可达 {points(section.full + more)}"
        )
    return text


def _each(read: Read[Fraction | None] | Read[Fraction], chosen: Mapping[tuple[str, ...], object], verb: str) -> str:
    """Reading by reading, those `chosen` first: `按 P13“…”最多只能得 18 分；按 P13“…”可得 20 分`."""
    said = []
    for options in sorted(read.values, key=lambda each: each not in chosen):
        value = read.values[options]
        reading = f"按 {read.says(options)}" if options else ""
        if value is None:
            said.append(f"{reading}没有上限")
        else:
            said.append(f"{reading}{verb if options in chosen else '为'} {points(value)}")
    return "；".join(said)


def _over_all(check: Callable[[Scheme, Scored], AuditFinding | None]) -> Callable[[Scheme], Iterator[AuditFinding]]:
    def run(scheme: Scheme) -> Iterator[AuditFinding]:
        clean = set()  # departments share two rules: asked once for each full mark
        for item in scored(scheme):
            same = (id(item.rule), item.full)
            found = None if same in clean else check(scheme, item)
            if found:
                yield found
            else:
                clean.add(same)

    return run


CHECKS = tuple(_over_all(check) for check in (unreachable_full, above_full, below_zero, parts_of_caps))
