"""Sums: printed full marks against what they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from kaohe.rules.wording import points
from kaohe.scheme.audit.finding import COMPONENTS, AuditFinding, is_open, label, named, policy_of, shared_clause
from kaohe.scheme.model import Item, Policy, Scheme


def sections(scheme: Scheme) -> Iterator[AuditFinding]:
    """A section's printed full mark against the sum of its indicators."""
    for section in scheme.sections:
        added = _full(section.indicators)
        if added != section.full:
            yield AuditFinding(
                "section-sum",
                "矛盾",
                section.id,
                section.clause,
                f"{section.name}标明 {points(section.full)}，其下各项相加为 {points(added)}",
                f"按各项计分，{section.name}实际可得 {points(added)}，{COMPONENTS[section.component]}的满分随之改变",
            )


def stated(scheme: Scheme) -> Iterator[AuditFinding]:
    """The full marks printed for a category against the sum of what applies to it."""
    for category, its in scheme.categories.items():
        for component, printed in its.stated.items():
            if component == "target":
                continue
            found = _stated(scheme, category, component, printed)
            if found:
                yield found


def _stated(scheme: Scheme, category: str, component: str, printed: Fraction) -> AuditFinding | None:
    own = _of(scheme, component)
    applied = _full(each for each in own if category in each.applies)
    exemptions = scheme.policy[scheme.results.exemptions.policy]
    under = {
        name: applied - _full(_exempt(scheme, exemptions, name, category, component)) for name in exemptions.options
    }
    if printed == applied or (not is_open(exemptions) and printed in under.values()):
        return None
    name, part = scheme.categories[category].name, COMPONENTS[component]
    text = f"{name}的{part}注明 {points(printed)}，适用的指标逐项相加为 {points(applied)}，"
    closes = [option for option, total in under.items() if total == printed]
    decides = exemptions if len(set(under.values())) > 1 else policy_of(scheme, scheme.results.full_marks)
    if printed > applied:
        text += f"注明的多 {points(printed - applied)}"
        likely = list(_headings(scheme, [each for each in own if category not in each.applies], own, printed - applied))
        if likely:
            text += f"；不考核该类单位的 {'、'.join(likely)}恰为此数，像是定总分时忘了剔除"
    else:
        text += f"注明的少 {points(applied - printed)}"
        if decides is exemptions:
            text += "；" + "；".join(
                f"{exemptions.id}“{exemptions.options[option].says}”为 {points(total)}，"
                + ("与注明的相合" if option in closes else "与注明的不合")
                for option, total in under.items()
            )
        else:
            likely = list(_headings(scheme, [each for each in own if category in each.applies], own, applied - printed))
            text += f"；{'、'.join(likely)}恰为此数" if likely else ""
    return AuditFinding(
        "stated-total",
        "矛盾",
        f"{category}.{component}",
        f"{shared_clause(each.clause for each in own)}·注",
        text,
        _consequence(scheme, category, component, printed, applied, exemptions if closes else None),
        label(decides),
    )


def _consequence(
    scheme: Scheme, category: str, component: str, printed: Fraction, applied: Fraction, closing: Policy | None
) -> str:
    name, part = scheme.categories[category].name, COMPONENTS[component]
    whole = scheme.groups[scheme.group_of(category)].target.parts[component]
    most = whole * applied / printed
    text = f"以注明的 {points(printed)}为除数，{name}各项全部得满时{part}折算为 {points(most)}"
    text += (
        f"，{'够不到' if most < whole else '超过'}满分 {points(whole)}；以逐项相加的 {points(applied)}为除数，正好得满"
    )
    return text + (f"；{closing.id} 去掉多出的指标后两个除数相同" if closing else "")


def _headings(scheme: Scheme, among: list[Item], own: list[Item], worth: Fraction) -> Iterator[str]:
    """Headings of the text, all of whose indicators are `among`, that are worth exactly that much.

    A heading is a clause prefix; numbered ones come before the text's unnumbered parts.
    """
    chosen = {each.id for each in among}
    below: dict[str, list[Item]] = {}
    for each in own:
        steps = each.clause.split("·")
        for depth in range(len(scheme.section_of[each.id].clause.split("·")), len(steps) + 1):
            below.setdefault("·".join(steps[:depth]), []).append(each)
    fits = [
        (clause, indicators)
        for clause, indicators in below.items()
        if _full(indicators) == worth and all(each.id in chosen for each in indicators)
    ]
    listed = set()
    for clause, indicators in sorted(fits, key=lambda fit: not _is_numbered(fit[0])):
        ids = tuple(each.id for each in indicators)
        if ids not in listed:
            listed.add(ids)
            yield named(indicators[0]) if len(ids) == 1 else f"{clause}（{'、'.join(ids)}）"


def _is_numbered(clause: str) -> bool:
    last = clause.rsplit("·", 1)[-1]
    return last.isdigit() or last.startswith("（")


def groups(scheme: Scheme) -> Iterator[AuditFinding]:
    """目标考核 against its parts, the main category's printed marks against those parts, totals against one another."""
    for key, group in scheme.groups.items():
        added = sum(group.target.parts.values(), Fraction(0))
        if added != group.target.full:
            yield AuditFinding(
                "target-parts",
                "矛盾",
                f"{key}.target",
                group.target.clause,
                f"{group.name}的目标考核标明 {points(group.target.full)}，各部分相加为 {points(added)}",
                "各部分分别折算与合并折算的满分不同，总分的满分不确定",
                label(policy_of(scheme, scheme.results.conversion)),
            )
    for category, its in scheme.categories.items():
        parts = scheme.groups[its.group].target.parts
        if its.many and its.stated != parts:
            yield AuditFinding(
                "stated-parts",
                "矛盾",
                category,
                scheme.groups[its.group].target.clause,
                f"{its.name}注明的满分（{_listed(its.stated)}）与目标考核的组成（{_listed(parts)}）不同",
                f"{its.name}的得分也要折算，或满分得不到",
                label(policy_of(scheme, scheme.results.conversion)),
            )
    totals = {group.name: group.full for group in scheme.groups.values()}
    if len(set(totals.values())) > 1:
        first = next(iter(scheme.groups.values()))
        yield AuditFinding(
            "group-totals",
            "矛盾",
            "groups",
            first.ballot.clause,
            "各组三项相加的总分不同：" + "，".join(f"{name} {points(total)}" for name, total in totals.items()),
            "条文只有一个总分，按比例定的不合格线在各组落在不同的分数上",
            label(scheme.policy.get(scheme.results.fail_line.policy)),
        )


def departments(scheme: Scheme) -> Iterator[AuditFinding]:
    """W1…W4 and the tasks against the full mark printed for a department."""
    common = scheme.department_common
    added = sum((item.full for item in common.work), common.tasks_full)
    for category, its in scheme.categories.items():
        printed = its.stated.get("target")
        if printed is not None and added != printed:
            parts = [f"{item.name} {points(item.full)}" for item in common.work] + [
                f"主要工作 {points(common.tasks_full)}"
            ]
            yield AuditFinding(
                "department-sum",
                "矛盾",
                f"{category}.target",
                shared_clause(department.clause for department in scheme.departments),
                f"{its.name}的目标考核标明 {points(printed)}，{'、'.join(parts)}相加为 {points(added)}",
                f"按各项计分，每个部门实际可得 {points(added)}",
                label(policy_of(scheme, scheme.results.full_marks)),
            )


def _of(scheme: Scheme, component: str) -> list[Item]:
    return [each for section in scheme.sections if section.component == component for each in section.indicators]


def _exempt(scheme: Scheme, policy: Policy, option: str, category: str, component: str) -> Iterator[Item]:
    for name in policy.options[option].exempts.get(category, ()):
        indicator = scheme.indicators[name]
        if category in indicator.applies and scheme.component_of(name) == component:
            yield indicator


def _full(indicators: Iterable[Item]) -> Fraction:
    return sum((each.full for each in indicators), Fraction(0))


def _listed(marks: dict[str, Fraction]) -> str:
    return "，".join(f"{COMPONENTS.get(name, name)} {points(full)}" for name, full in marks.items())


CHECKS = (sections, stated, groups, departments)
