"""What can be scored at most and at least, against the full mark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.rules import Rule
from kaohe.rules.combine import Cap
from kaohe.rules.wording import points
from kaohe.scheme.audit.finding import COMPONENTS, AuditFinding, label, labels, named, policy_of
from kaohe.scheme.audit.readings import Read, under_readings
from kaohe.scheme.model import Indicator, Scheme


@dataclass(frozen=True)
class Scored:
    """Something that gives points: an indicator's rule for one pool of categories, or a vote of a group."""

    subject: str
    name: str
    clause: str
    full: Fraction
    rule: Rule
    indicator: Indicator | None = None
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


def unreachable_full(scheme: Scheme) -> Iterator[AuditFinding]:
    """A full mark that the rule cannot give, under some reading or any."""
    for item in scored(scheme):
        best = under_readings(scheme, item.rule, lambda rule, full=item.full: rule.best(full))  # type: ignore[misc]
        short = best.where(lambda most, full=item.full: most is not None and most < full)  # type: ignore[misc]
        if short:
            yield AuditFinding(
                "full-unreachable",
                "不可达",
                item.subject,
                item.clause,
                f"{item.name}标明 {points(item.full)}，" + _each(best, short, "最多只能得 {}"),
                _short_of(scheme, item, [most for most in short.values() if most is not None]),
                labels(best.policies),
            )


def _short_of(scheme: Scheme, item: Scored, most: list[Fraction]) -> str:
    lost = item.full - min(most)
    if item.group:
        group = scheme.groups[item.group]
        return f"{group.name}总分最多 {points(group.full - lost)}，而不是 {points(group.full)}，不合格线仍按后者算"
    return f"适用的单位都少 {points(lost)}，折算的除数仍按标明的满分，{_place(scheme, item)}得不到满分"


def _place(scheme: Scheme, item: Scored) -> str:
    return COMPONENTS[scheme.component_of(item.subject)]


def above_full(scheme: Scheme) -> Iterator[AuditFinding]:
    """Points beyond the printed full mark. A cap read as the sum of its parts is told by `parts_of_caps`."""
    for item in scored(scheme):
        best = under_readings(scheme, item.rule, lambda rule, full=item.full: rule.best(full))  # type: ignore[misc]
        over = best.where(lambda most, full=item.full: most is None or most > full)  # type: ignore[misc]
        if over:
            yield AuditFinding(
                "above-full",
                "越界",
                item.subject,
                item.clause,
                f"{item.name}标明 {points(item.full)}，" + _each(best, over, "可以得到 {}"),
                _over(scheme, item),
                labels(best.policies),
            )


def _over(scheme: Scheme, item: Scored) -> str:
    if item.group or item.indicator is None:
        return f"{scheme.groups[item.group or ''].name}总分可以超过 {points(scheme.groups[item.group or ''].full)}"
    section = scheme.section_of.get(item.subject)
    whole = f"{section.name}的 {points(section.full)}、" if section else ""
    text = f"多得的分可使单位超过{whole}{_place(scheme, item)}的满分，抬高名次"
    cap = policy_of(scheme, scheme.results.component_cap)
    return text + (f"；折算时是否封顶由 {cap.id} 决定" if cap else "")


def below_zero(scheme: Scheme) -> Iterator[AuditFinding]:
    """Deductions that lead below 0."""
    for item in scored(scheme):
        worst = under_readings(scheme, item.rule, lambda rule, full=item.full: rule.worst(full))  # type: ignore[misc]
        under = worst.where(lambda least: least < 0)
        if under:
            yield AuditFinding(
                "below-zero",
                "越界",
                item.subject,
                item.clause,
                f"{item.name}的各项扣分合计多于可得的分，" + _each(worst, under, "最低为 {}"),
                f"低于 0 的部分要从{_place(scheme, item)}的其他得分里扣，名次随之下降",
                labels(worst.policies),
            )


def parts_of_caps(scheme: Scheme) -> Iterator[AuditFinding]:
    """Parts of a cap that add up to another figure than the cap, where it is open (or said) which one counts."""
    for item in scored(scheme):
        for cap in item.rule.walk():
            if not isinstance(cap, Cap) or cap.reading == "stated":
                continue
            parts = cap.of.best(cap.at)
            if parts is None or parts == cap.at:
                continue
            policy = policy_of(scheme, cap.reading)
            yield AuditFinding(
                "parts-against-cap",
                "矛盾",
                item.subject,
                item.clause,
                f"{item.name}标明 {points(item.full)}，上限写 {points(cap.at)}，各部分的最高分相加为 {points(parts)}",
                _parts_count(scheme, item, parts, cap.at),
                label(policy),
            )


def _parts_count(scheme: Scheme, item: Scored, parts: Fraction, at: Fraction) -> str:
    text = f"以 {points(at)} 封顶，各部分得满的单位有 {points(parts - at)} 不计"
    section = scheme.section_of.get(item.subject)
    if parts > item.full and section:
        more = parts - item.full
        text += f"；以 {points(parts)} 封顶，本项比满分多 {points(more)}，{section.name}可达 {points(section.full + more)}"
    return text


def _each(read: Read[Fraction | None] | Read[Fraction], chosen: dict[tuple[str, ...], Fraction | None], form: str) -> str:
    """`按 P13“…”最多只能得 18 分`, reading by reading."""
    said = []
    for options, value in chosen.items():
        figure = "任意多分（没有上限）" if value is None else points(value)
        said.append((f"按 {read.says(options)}" if options else "") + form.format(figure))
    others = {options: value for options, value in read.values.items() if options not in chosen}
    for options, value in others.items():
        said.append(f"按 {read.says(options)}为 " + ("不限" if value is None else points(value)))
    return "；".join(said)


CHECKS = (unreachable_full, above_full, below_zero, parts_of_caps)
