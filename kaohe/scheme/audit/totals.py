"""Sums: printed full marks against what they are made of, and what the groups are ranked by against one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from kaohe.rules.bounds import added
from kaohe.rules.inside import policies_in
from kaohe.rules.wording import points
from kaohe.scheme.audit.finding import AuditFinding, is_open, label, labels, named, shared_clause
from kaohe.scheme.audit.marks import (
    applicable,
    below,
    conversion,
    deciding,
    divisor,
    exempt,
    exemptions,
    full_mark,
    group_mark,
    is_converted,
    number_for,
    printed,
    readings,
    root_of,
    says_reading,
)
from kaohe.scheme.items import Item
from kaohe.scheme.model import Scheme
from kaohe.scheme.root import Policy
from kaohe.scheme.tree import Node


def sums(scheme: Scheme) -> Iterator[AuditFinding]:
    """The printed full mark of an item against the sum of those below it, for each group that has one of its own."""
    for node in scheme.tree.nodes.values():
        wrong = _wrong_sums(scheme, node)
        for group, (full, whole) in wrong.items():
            whose = f"{scheme.groups[group].name}的" if len(_groups(scheme, node)) > 1 else ""
            parent = scheme.tree.nodes.get(node.parent or "")
            above = f"，{parent.item.name}的满分随之改变" if parent else "，总的满分不确定"
            parts = "" if parent is None else label(conversion(scheme, node))
            yield AuditFinding(
                "item-sum",
                "矛盾",
                f"{group}.{node.id}" if whose else node.id,
                node.item.clause,
                f"{whose}{node.item.name}标明 {points(full)}，其下各项相加为 {points(whole)}",
                f"按各项计分，{node.item.name}实际可得 {points(whole)}{above}",
                parts,
            )


def _groups(scheme: Scheme, node: Node) -> list[str]:
    return list(dict.fromkeys(scheme.group_of(category) for category in node.applies))


def _wrong_sums(scheme: Scheme, node: Node) -> dict[str, tuple[Fraction, Fraction]]:
    """Group → (printed, added) where a group's printed mark fits neither all that stands below nor any category's."""
    if node.item.full is None or node.is_leaf or node.item.combine != "sum":
        return {}
    wrong = {}
    for group in _groups(scheme, node):
        own = [category for category in node.applies if scheme.group_of(category) == group]
        full = next((mark for each in own if (mark := printed(scheme, node, each)) is not None), None)
        whole = _all_below(scheme, node, own)
        if full is None or whole is None:
            continue
        if all(_converts(scheme, node, category, whole) for category in own):
            continue
        if full != whole and all(_direct(scheme, node, category) != full for category in own):
            wrong[group] = (full, whole)
    return wrong


def _converts(scheme: Scheme, node: Node, category: str, whole: Fraction) -> bool:
    """Whether the item is converted from what stands below it, in figures that are printed, to its own full mark."""
    step = next((each for each in node.item.then if each.rescale is not None and each.of is not None), None)
    if step is None or step.rescale is None or step.of is None:
        return False
    of, to = number_for(scheme, step.of, category), number_for(scheme, step.rescale, category)
    return of == whole and to == printed(scheme, node, category)


def _all_below(scheme: Scheme, node: Node, categories: Iterable[str]) -> Fraction | None:
    """Every child's full mark added up, whichever of the categories it is for."""
    marks: dict[str, Fraction | None] = {}
    for category in categories:
        for child in below(scheme, node, category):
            if child.weight is not None:
                return None
            if marks.get(child.id) is None and (child.item.full is not None or not child.is_leaf):
                marks[child.id] = full_mark(scheme, child, category)
    return None if not marks or None in marks.values() else sum((each for each in marks.values() if each), Fraction(0))


def _direct(scheme: Scheme, node: Node, category: str) -> Fraction | None:
    """The full marks of the children that are for a category, and of what stands below them."""
    found = [full_mark(scheme, child, category) for child in below(scheme, node, category)]
    direct = added(found)
    return direct if direct == printed(scheme, node, category) else applicable(scheme, node, category)


def stated(scheme: Scheme) -> Iterator[AuditFinding]:
    """The full marks printed for a category against the sum of what applies to it."""
    for category, its in scheme.categories.items():
        for name, mark in its.stated.items():
            found = _stated(scheme, category, scheme.tree[name], mark)
            if found:
                yield found


def _stated(scheme: Scheme, category: str, node: Node, mark: Fraction) -> AuditFinding | None:
    applied = applicable(scheme, node, category)
    own = [each.item for each in scheme.tree.below(node.id) if each.is_leaf and each.item.unit is None]
    if applied is None or (_wrong_sums(scheme, node) and mark == printed(scheme, node, category)):
        return None
    policies = exemptions(scheme, category, {each.id for each in own})
    under = {
        reading: applicable(scheme, node, category, exempt(scheme, reading, category)) for reading in readings(policies)
    }
    closed = not any(is_open(policy) for policy in policies)
    if mark == applied or (policies and closed and mark in under.values()):
        return None
    name, part = scheme.categories[category].name, node.item.name
    text = f"{name}的{part}注明 {points(mark)}，适用的指标逐项相加为 {points(applied)}，"
    closes = [reading for reading, total in under.items() if reading and total == mark]
    divides = divisor(scheme, node)
    by_exemption = len(set(under.values())) > 1
    if mark > applied:
        text += f"注明的多 {points(mark - applied)}"
        likely = list(_headings(scheme, [each for each in own if category not in each.applies], own, mark - applied))
        if likely:
            text += f"；不考核该类单位的 {'、'.join(likely)}恰为此数，像是定总分时忘了剔除"
    else:
        text += f"注明的少 {points(applied - mark)}"
        if by_exemption:
            text += "；" + "；".join(
                f"{says_reading(scheme, reading)}为 {points(total)}，与注明的{'相合' if reading in closes else '不合'}"
                for reading, total in under.items()
                if total is not None
            )
        else:
            likely = list(_headings(scheme, [each for each in own if category in each.applies], own, applied - mark))
            text += f"；{'、'.join(likely)}恰为此数" if likely else ""
    decides = labels(policies) if by_exemption else label(deciding(scheme, divides))
    return AuditFinding(
        "stated-total",
        "矛盾",
        f"{category}.{node.id}",
        f"{shared_clause(each.clause for each in own) or node.item.clause}·注",
        text,
        _consequence(scheme, category, node, mark, applied, policies if closes else ()),
        decides,
    )


def _consequence(
    scheme: Scheme, category: str, node: Node, mark: Fraction, applied: Fraction, closing: tuple[Policy, ...]
) -> str:
    name, part = scheme.categories[category].name, node.item.name
    whole = printed(scheme, node, category)
    if whole is None or not is_converted(scheme, node):
        return f"按各项计分，{name}的{part}实际可得 {points(applied)}，注明的 {points(mark)}不起作用"
    most = whole * applied / mark
    text = f"以注明的 {points(mark)}为除数，{name}各项全部得满时{part}折算为 {points(most)}"
    text += (
        f"，{'够不到' if most < whole else '超过'}满分 {points(whole)}；以逐项相加的 {points(applied)}为除数，正好得满"
    )
    ids = "、".join(policy.id for policy in closing)
    return text + (f"；{ids} 去掉多出的指标后两个除数相同" if ids else "")


def _headings(scheme: Scheme, among: list[Item], own: list[Item], worth: Fraction) -> Iterator[str]:
    """Headings of the text, all of whose leaves are `among`, that are worth exactly that much.

    A heading is a clause prefix; numbered ones come before the text's unnumbered parts.
    """
    chosen = {each.id for each in among}
    headed: dict[str, list[Item]] = {}
    for each in own:
        steps = each.clause.split("·")
        parent = scheme.tree.nodes.get(scheme.tree[each.id].parent or "")
        least = len(parent.item.clause.split("·")) if parent and parent.item.clause else 1
        for depth in range(least, len(steps) + 1):
            headed.setdefault("·".join(steps[:depth]), []).append(each)
    fits = [
        (clause, leaves)
        for clause, leaves in headed.items()
        if _full(leaves) == worth and all(each.id in chosen for each in leaves)
    ]
    listed = set()
    for clause, leaves in sorted(fits, key=lambda fit: not _is_numbered(fit[0])):
        ids = tuple(each.id for each in leaves)
        if ids not in listed:
            listed.add(ids)
            yield named(leaves[0]) if len(ids) == 1 else f"{clause}（{'、'.join(ids)}）"


def _is_numbered(clause: str) -> bool:
    last = clause.rsplit("·", 1)[-1]
    return last.isdigit() or last.startswith("（")


def _full(items: Iterable[Item]) -> Fraction:
    return sum((each.full for each in items if isinstance(each.full, Fraction)), Fraction(0))


def main_categories(scheme: Scheme) -> Iterator[AuditFinding]:
    """The marks printed for a category of many units against those of the items themselves."""
    for category, its in scheme.categories.items():
        if not its.many or not its.stated:
            continue
        nodes = [scheme.tree[name] for name in its.stated]
        own = {node.id: mark for node in nodes if (mark := printed(scheme, node, category)) is not None}
        if any(own[name] != mark for name, mark in its.stated.items() if name in own):
            above = scheme.tree.nodes.get(nodes[0].parent or nodes[0].id, nodes[0])
            yield AuditFinding(
                "stated-parts",
                "矛盾",
                category,
                above.item.clause,
                f"{its.name}注明的满分（{_listed(scheme, its.stated)}）"
                f"与{above.item.name}的组成（{_listed(scheme, own)}）不同",
                f"{its.name}的得分也要折算，或满分得不到",
                label(conversion(scheme, nodes[0])),
            )


def _listed(scheme: Scheme, marks: dict[str, Fraction]) -> str:
    return "，".join(f"{scheme.tree[name].item.name} {points(full)}" for name, full in marks.items())


def groups(scheme: Scheme) -> Iterator[AuditFinding]:
    """What groups ranked by the same item can reach, and what categories of one group can."""
    ranked: dict[str, dict[str, Fraction]] = {}
    for key, group in scheme.groups.items():
        root = root_of(scheme, key)
        full = group_mark(scheme, root, key) if root else None
        if root and full is not None:
            ranked.setdefault(root.id, {})[group.name] = full
    for name, totals in ranked.items():
        bounds = [bound for grade in scheme.results.grades for bound in grade.bounds.values()]
        if len(set(totals.values())) > 1 and bounds:
            policies = [
                scheme.policy[each] for each in dict.fromkeys(policies_in(_lines(scheme))) if each in scheme.policy
            ]
            yield AuditFinding(
                "group-totals",
                "矛盾",
                "groups",
                scheme.tree[name].item.clause,
                f"各组的{scheme.tree[name].item.name}满分不同："
                + "，".join(f"{group} {points(total)}" for group, total in totals.items()),
                "各组用同一条等次线，它在各组落在满分的不同位置上",
                labels(policies),
            )
    for key in scheme.groups:
        yield from _unconverted(scheme, key)


def _lines(scheme: Scheme) -> list[object]:
    """The bounds of grades, with what they are made of."""
    return [bound for grade in scheme.results.grades for bound in grade.bounds.values()]


def _unconverted(scheme: Scheme, group: str) -> Iterator[AuditFinding]:
    """Categories ranked together out of different full marks that nothing converts."""
    root = root_of(scheme, group)
    if root is None:
        return
    found = {
        scheme.categories[category].name: mark
        for category in root.applies
        if scheme.group_of(category) == group
        and (mark := applicable(scheme, root, category, converted=True)) is not None
    }
    if len(set(found.values())) > 1:
        yield AuditFinding(
            "no-conversion",
            "疏漏",
            group,
            root.item.clause,
            f"{scheme.groups[group].name}按{root.item.name}一起排名，各类单位的满分不同："
            + "，".join(f"{name} {points(mark)}" for name, mark in found.items())
            + "，没有写怎样折算（rescale）",
            "满分较小的单位全部得满也排不到前面",
        )


CHECKS = (sums, stated, main_categories, groups)
