"""What the text leaves open, and demands it makes without saying what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.rules.bands import Steps
from kaohe.rules.base import PolicyReference
from kaohe.rules.inside import policies_in
from kaohe.rules.judged import Incidents, Judged
from kaohe.rules.plain import STATED, OwnMark
from kaohe.rules.votes import VoteRule
from kaohe.rules.wording import points, quantity
from kaohe.scheme.audit.finding import AuditFinding, is_open, label, labels, named, policy_of, says_check
from kaohe.scheme.audit.limits import shared_subject
from kaohe.scheme.audit.marks import applicable, divisor
from kaohe.scheme.audit.probing import Place, table
from kaohe.scheme.audit.readings import read_as
from kaohe.scheme.items import Item, OpenPoint
from kaohe.scheme.model import Scheme
from kaohe.scheme.root import Policy
from kaohe.scheme.tree import Node, own_id

_RESULTS = "总分、名次或等次"

SHOWN = 6
"""How many places a finding lists before it only counts them."""


def policies(scheme: Scheme) -> Iterator[AuditFinding]:
    """Every policy that still offers a choice: question, default, alternatives, and what it decides."""
    places = _places(scheme)
    for policy in scheme.policies:
        used = "、".join(places[policy.name])
        if not used:
            yield AuditFinding(
                "policy-unused",
                "冗余",
                policy.id,
                policy.clause,
                f"{policy.id} {policy.name}（{policy.question}）没有任何规则引用",
                "选哪一种读法都不影响得分",
                label(policy),
            )
        elif is_open(policy):
            yield AuditFinding(
                "open-policy",
                "沉默",
                policy.id,
                policy.clause,
                f"{policy.question}：条文没有写明或前后不一。{_options(policy)}",
                f"{policy.consequence}。用在：{used}",
                label(policy),
            )


def _options(policy: Policy) -> str:
    if policy.fraction:
        return f"本方案取 {policy.default}，可改为 0～1 之间的任何数"
    taken = policy.options[policy.default].says
    others = "；".join(f"{option.says}（{name}）" for name, option in policy.options.items() if name != policy.default)
    return f"本方案取：{taken}（{policy.default}）；其他读法：{others}"


def _places(scheme: Scheme) -> dict[str, list[str]]:
    """For each policy, where it is referred to, in words."""
    used: dict[str, list[str]] = {policy.name: [] for policy in scheme.policies}
    for indicator in scheme.indicators.values():
        for name in dict.fromkeys(policies_in(indicator.pools)):
            used[name].append(indicator.id)
    for policy in scheme.policies:
        exempted = {name for option in policy.options.values() for ids in option.exempts.values() for name in ids}
        used[policy.name] += sorted(exempted - set(used[policy.name]))
        if len(used[policy.name]) > SHOWN:
            used[policy.name] = [f"{used[policy.name][0]} 等共 {len(used[policy.name])} 项指标"]
    for policy in scheme.exempting:
        used[policy.name].append(_RESULTS)
    for place, part in _elsewhere(scheme):
        for name in dict.fromkeys(policies_in(part)):
            if place not in used[name]:
                used[name].append(place)
    return used


def _elsewhere(scheme: Scheme) -> Iterator[tuple[str, object]]:
    """Parts of a scheme that are no leaf's rule, and how they are called."""
    for name, node in shared_votes(scheme):
        yield name, node.item.rule
    own = scheme.department_common
    if own is not None:
        group = scheme.groups[scheme.group_of(scheme.own_category)].name if scheme.own_category else "单位"
        yield f"各{group}的{own.tasks_name}", own.shares
    for node in scheme.tree.nodes.values():
        fields = ("full", "weight", "attainable") + (() if node.is_leaf else ("then",))
        for field in fields:
            yield _RESULTS, getattr(node.item, field)
    yield _RESULTS, scheme.results


def shared_votes(scheme: Scheme) -> Iterator[tuple[str, Node]]:
    """`甲组的民主测评` with its item, group by group."""
    for key, group in scheme.groups.items():
        for node in scheme.tree.leaves:
            if node.is_vote and any(scheme.group_of(each) == key for each in node.applies):
                yield f"{group.name}的{node.item.name}", node


def options(scheme: Scheme) -> Iterator[AuditFinding]:
    """Readings that exclude one another, and readings that need more than the scheme says."""
    pairs: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for policy in scheme.policies:
        for option, others in policy.conflicts.items():
            for other, value in others.items():
                pairs.setdefault((policy.name, other), []).append((option, value, "方案已规定不得同时采用"))
    overfull = set(_overfull(scheme))
    for first, stated, second, option in sorted(overfull):
        found = pairs.setdefault((first, second), [])
        if not any((stated, option) == each[:2] for each in found):
            found.append((stated, option, "方案没有禁止同时采用"))
    for (first, second), readings in pairs.items():
        ours, theirs = scheme.policy[first], scheme.policy[second]
        divided = any((first, option, second, value) in overfull for option, value, _ in readings)
        said = "；".join(
            f"{ours.id}“{ours.options[option].says}”与 {theirs.id}“{theirs.options[value].says}”（{refused}）"
            for option, value, refused in readings
        )
        yield AuditFinding(
            "readings-exclude",
            "矛盾",
            f"{ours.id}+{theirs.id}",
            ours.clause,
            f"两处读法互相矛盾：{said}",
            "同时采用时除数小于适用指标的满分，折算后可超过满分，名次失真" if divided else "选定一种读法就限定了另一处",
            labels((ours, theirs)),
        )
    shares = policy_of(scheme, scheme.department_common.shares) if scheme.department_common else None
    unweighted = [each for each in scheme.departments if any(task.weight is None for task in each.tasks)]
    if shares and "weights" in shares.options and unweighted:
        yield AuditFinding(
            "option-unusable",
            "疏漏",
            shares.id,
            shares.clause,
            f"{shares.id}“{shares.options['weights'].says}”需要每项工作的权重，"
            f"{len(scheme.departments)} 个{_owners(scheme)}中有 {len(unweighted)} 个没有写明",
            "选用这一读法会被拒绝，只能按其他读法计分",
            label(shares),
        )


def _owners(scheme: Scheme) -> str:
    """What units with items of their own are called."""
    return scheme.categories[scheme.own_category].name if scheme.own_category else "单位"


def _overfull(scheme: Scheme) -> Iterator[tuple[str, str, str, str]]:
    """Readings (policy, option, policy, option) that divide a category's points by less than they can be."""
    for category, its in scheme.categories.items():
        for name, mark in its.stated.items():
            node = scheme.tree[name]
            divides = divisor(scheme, node)
            printed = [
                option
                for option, figure in (divides.options.items() if divides else ())
                if isinstance(figure, OwnMark) and figure.word == STATED
            ]
            if divides is None or not printed or scheme.policy[divides.policy].options.keys() == set(printed):
                continue
            for policy in scheme.exempting:
                for option in policy.options:
                    taken = policy.options[option].exempts.get(category, ())
                    added = applicable(scheme, node, category, taken)
                    if added is not None and added > mark:
                        yield divides.policy, printed[0], policy.name, option


def open_points(scheme: Scheme) -> Iterator[AuditFinding]:
    """Points left open that no policy decides."""
    for indicator in scheme.indicators.values():
        for point in indicator.open:
            yield _open(point, indicator.id, indicator.clause)
    for node in scheme.tree.nodes.values():
        for point in () if node.is_leaf and not node.is_vote else node.item.open:
            yield _open(point, node.id, node.item.clause, node.item.name)
    for key, group in scheme.groups.items():
        for node in scheme.tree.leaves:
            rule = node.item.rule
            if isinstance(rule, VoteRule) and any(scheme.group_of(each) == key for each in node.applies):
                about = f"{group.name}的{node.item.name}" if len(scheme.groups) > 1 else node.item.name
                for point in scheme.votes[rule.vote].open:
                    yield _open(
                        OpenPoint.model_validate(point), shared_subject(scheme, node, key), node.item.clause, about
                    )
    for point in scheme.results.open:
        yield _open(point, "results", "；".join(scheme.results.clauses.values()))


def _open(point: OpenPoint, subject: str, clause: str, about: str = "") -> AuditFinding:
    return AuditFinding(
        "open-point",
        "沉默",
        subject,
        clause,
        f"{about}{'：' if about else ''}{point.question}：条文没有写明",
        f"本方案取：{point.taken}，没有另设读法；换一种理解，有关单位的结果会不同",
    )


def deadlines(scheme: Scheme) -> Iterator[AuditFinding]:
    """Words for a time limit that leave open which day is meant."""
    for name, deadline in scheme.deadlines.items():
        used = [each for each in scheme.indicators.values() if any(due.by == name for due in each.due)]
        if deadline.question and used:
            yield AuditFinding(
                "deadline-unclear",
                "沉默",
                f"deadlines.{name}",
                "；".join(each.clause for each in used),
                f"{'、'.join(map(named, used))}要求在{deadline.name}完成：{deadline.question}，条文没有写明",
                f"本方案取：{deadline.taken}；只作提示，不影响得分",
            )


def demands(scheme: Scheme) -> Iterator[AuditFinding]:
    """Demands without points, and numbers that cost nothing when missed."""
    for indicator in scheme.indicators.values():
        for demand in indicator.unscored:
            yield AuditFinding(
                "demand-unscored",
                "疏漏",
                indicator.id,
                indicator.clause,
                f"{named(indicator)}：条文提出了要求，没有写“{demand}”扣多少分",
                "做到与没有做到得分一样，方案不作计分",
            )
    tasks = {own_id(each.id, task.id) for each in scheme.departments for task in each.tasks}
    for indicator in scheme.indicators.values():
        missed = [check for check in indicator.checks if check.metric not in indicator.metrics]
        if missed and indicator.id not in tasks and not _discretionary(indicator):
            said = "；".join(says_check(scheme, check) for check in missed)
            yield AuditFinding(
                "number-without-points",
                "疏漏",
                indicator.id,
                indicator.clause,
                f"{named(indicator)}写了数字要求（{said}），没有写未达到时怎样扣分",
                "达到与否由评分人自行掌握，方案只核对并提示，不自动扣分",
                label(_panel(scheme, indicator)),
            )


def discretion(scheme: Scheme) -> Iterator[AuditFinding]:
    """Points left to someone's discretion within a range."""
    for indicator in scheme.indicators.values():
        said = []
        for rule in indicator.rules:
            if isinstance(rule, Incidents) and rule.least is not None and rule.most is not None:
                said.append(f"酌情扣 {points(rule.least)}～{points(rule.most)}")
            if isinstance(rule, Judged) and rule.nothing_or_from is not None:
                said.append(f"酌情计 {points(rule.nothing_or_from)}～{_full(indicator)}或不计分")
        if said:
            yield AuditFinding(
                "discretion",
                "沉默",
                indicator.id,
                indicator.clause,
                f"{named(indicator)}：{'，'.join(said)}，没有写什么情况给多少",
                "同样的情况在不同单位可能得分不同，由评分人说明理由",
                label(_panel(scheme, indicator)),
            )


def _full(indicator: Item) -> str:
    return points(indicator.full) if isinstance(indicator.full, Fraction) else "满分"


def boundaries(scheme: Scheme) -> Iterator[AuditFinding]:
    """Bands bounded by a word, where the number itself may be meant or not."""
    for indicator in scheme.indicators.values():
        for rule in indicator.rules:
            if not isinstance(rule, Steps):
                continue
            for word, asked in (("or_less", "算不算“以下”"), ("or_more", "算不算达到")):
                policy = policy_of(scheme, getattr(rule, word))
                at = [bound for band in rule.bands if (bound := getattr(band, word)) is not None]
                if at and policy and is_open(policy):
                    about = rule.value.unit(scheme.terms)
                    exact = "、".join(quantity(bound, about) for bound in at)
                    cost = "、".join(points(_apart(scheme, rule, word, bound)) for bound in at)
                    yield AuditFinding(
                        "boundary-word",
                        "沉默",
                        indicator.id,
                        indicator.clause,
                        f"{named(indicator)}：{about.name}恰为 {exact} 时{asked}，条文没有写明",
                        f"恰在线上的单位相差 {cost}",
                        label(policy),
                    )


def _apart(scheme: Scheme, rule: Steps, word: str, bound: Fraction) -> Fraction:
    """What the word's two readings differ by for the best of the pool, when it is just at the bound."""
    place = Place(bound, 0)
    default = {name: scheme.policy[name].default for name in policies_in(rule)}
    with_it, without = (
        table(read_as(rule.model_copy(update={word: reading}), default), [place])[place]
        for reading in ("inclusive", "strict")
    )
    return abs(with_it - without)


def _discretionary(indicator: Item) -> bool:
    return any(isinstance(rule, Incidents) and rule.discretionary for rule in indicator.rules)


def _panel(scheme: Scheme, indicator: Item) -> Policy | None:
    judged = indicator.judged
    return policy_of(scheme, judged.panel) if judged and isinstance(judged.panel, PolicyReference) else None


CHECKS = (policies, options, open_points, deadlines, boundaries, discretion, demands)
