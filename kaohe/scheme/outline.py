"""A scheme as people read it: every item with its number and its rule in words, and all that follows from points.

Pages, tables and the comparison of two schemes are made of these rows; no YAML and no ids of kinds stand in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaohe.rules.after import says_each
from kaohe.rules.base import Figure
from kaohe.rules.conditions import COMPARED, Condition
from kaohe.rules.limits import WAYS
from kaohe.rules.plain import fixed_number
from kaohe.rules.wording import Terms, number, percent, quantity, term
from kaohe.scheme.items import Item
from kaohe.scheme.model import Scheme
from kaohe.scheme.outcomes import Effect, Grade, LimitRule
from kaohe.scheme.root import Metric, Policy
from kaohe.scheme.tree import Node

COMBINED: Mapping[str, str] = {
    "sum": "下级各项相加",
    "mean": "下级各项的平均",
    "geometric_mean": "下级各项的几何平均",
    "product": "下级各项相乘",
    "best": "取下级各项中最高的",
    "worst": "取下级各项中最低的",
    "median": "取下级各项的中位数",
    "first": "取下级各项中第一个有数的",
}
MISSING: Mapping[str, str] = {
    "zero": "没有数据的记 0 分",
    "leave_out": "没有数据的不计入，由其余各项决定",
    "peer_mean": "没有数据的取其他单位的平均",
    "full": "没有数据的给满分",
    "unrated": "没有数据的单位不评",
}
METRIC_KINDS: Mapping[str, str] = {
    "count": "个数",
    "number": "数",
    "money": "金额（元）",
    "rate": "比例",
    "date": "日期",
}


@dataclass(frozen=True)
class ItemRow:
    """An item: its place as `1.2.3`, its full mark in words, and how its points come about, one sentence each."""

    id: str
    place: str
    depth: int
    name: str
    clause: str
    full: str
    applies: str
    rules: tuple[str, ...]
    office: str = ""
    leaf: bool = False
    counts: bool = True


@dataclass(frozen=True)
class NamedRow:
    """A figure, condition, grade, consequence, metric, policy: what it is called, and what is said of it."""

    id: str
    name: str
    clause: str
    says: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """All that a scheme says, in words, by what it is about."""

    id: str
    title: str
    authority: str
    in_force_from: str
    units: tuple[NamedRow, ...]
    items: tuple[ItemRow, ...]
    figures: tuple[NamedRow, ...]
    votes: tuple[NamedRow, ...]
    grades: tuple[NamedRow, ...]
    effects: tuple[NamedRow, ...]
    consequences: tuple[NamedRow, ...]
    policies: tuple[NamedRow, ...]
    metrics: tuple[NamedRow, ...]
    frame: tuple[NamedRow, ...]


def outline(scheme: Scheme) -> Outline:
    """The scheme in words."""
    return Outline(
        id=scheme.id,
        title=scheme.title,
        authority=scheme.authority,
        in_force_from=scheme.in_force_from,
        units=tuple(_units(scheme)),
        items=tuple(_items(scheme)),
        figures=tuple(_figures(scheme)),
        votes=tuple(_votes(scheme)),
        grades=tuple(_grades(scheme)),
        effects=tuple(_effects(scheme)),
        consequences=tuple(_consequences(scheme)),
        policies=tuple(_policy(policy) for policy in scheme.policies),
        metrics=tuple(_metric(name, metric) for name, metric in scheme.metrics.items()),
        frame=tuple(_frame(scheme)),
    )


def _units(scheme: Scheme) -> Iterator[NamedRow]:
    for name, category in scheme.categories.items():
        group = scheme.groups[category.group]
        ranked = scheme.tree[group.score].item.name
        order = "，低者在前" if group.order == "ascending" else ""
        says = [f"与{group.name}一组，按{ranked}排名{order}{group.ties_broken(scheme.terms)}"]
        if category.class_:
            says.append(f"属于{scheme.classes.get(category.class_, category.class_)}")
        stated = "、".join(f"{scheme.tree[item].item.name} {number(full)}" for item, full in category.stated.items())
        yield NamedRow(name, category.name, "", (*says, *([f"印出的满分：{stated}"] if stated else [])))


def _items(scheme: Scheme) -> Iterator[ItemRow]:
    yield from _below(scheme, scheme.tree.roots, ())


def _below(scheme: Scheme, names: Iterable[str], above: tuple[int, ...]) -> Iterator[ItemRow]:
    for at, name in enumerate(names, 1):
        node, place = scheme.tree[name], (*above, at)
        yield _row(scheme, node, ".".join(map(str, place)))
        yield from _below(scheme, node.children, place)


def _row(scheme: Scheme, node: Node, place: str) -> ItemRow:
    item = node.item
    everybody = len(node.applies) == len(scheme.categories)
    own = f"只有 {item.unit}" if item.unit else ""
    return ItemRow(
        id=item.id,
        place=place,
        depth=node.depth,
        name=item.name,
        clause=item.clause,
        full=mark(item.full, scheme.terms),
        applies=own or ("" if everybody else "、".join(scheme.categories[each].name for each in node.applies)),
        rules=tuple(_rules(scheme, node)),
        office=item.office or "",
        leaf=node.is_leaf,
        counts=item.counts,
    )


def mark(full: Any, terms: Terms) -> str:
    """A full mark or weight in words."""
    if full is None:
        return ""
    return number(full) if isinstance(full, Fraction) else str(full.called(terms))


def _rules(scheme: Scheme, node: Node) -> Iterator[str]:
    item, terms = node.item, scheme.terms
    if not item.counts:
        yield "不计入上级，只供其他各项使用"
    if node.weight is not None:
        yield f"权重 {mark(node.weight, terms)}"
    yield from rules_said(item, scheme)
    if not node.is_leaf:
        yield from _combined(item, node)
        if item.each is not None:
            yield says_each(item.each, item.fold, terms)
        yield from (step.called(terms) for step in item.then)
    yield from weights_said(item, terms)
    if item.missing in MISSING:
        yield MISSING[item.missing or ""]
    if item.coverage is not None:
        yield f"至少要有 {item.coverage} 项有数据"
    for check in item.checks:
        sign, bound = check.bound
        about = scheme.metrics[check.metric]
        shown = f"{number(bound * 100)}%" if about.kind == "rate" else number(bound)
        yield f"核对（不扣分）：{about.name} {sign} {shown}"
    for due in item.due:
        yield f"期限（不扣分）：{scheme.deadlines[due.by].name}" + (f"，{due.what}" if due.what else "")
    yield from gaps_said(item)
    if item.note:
        yield f"注：{item.note}"


def rules_said(item: Item, scheme: Scheme) -> Iterator[str]:
    """How the points of a leaf come about, for each of its pools."""
    for variant in item.pools:
        names = "、".join(scheme.categories[each].name for each in variant.applies)
        first, *rest = variant.rule.describe(scheme.terms)
        yield f"{names}：{first}" if len(item.pools) > 1 else first
        yield from rest


def weights_said(item: Item, terms: Terms) -> Iterator[str]:
    """What its achievements weigh, by kind, level and award."""
    if item.weights:
        shown = "；".join(f"{term(terms, kind).name} {_worth(worth, terms)}" for kind, worth in item.weights.items())
        yield f"成果的权重：{shown}；同一成果只计最高的一次"


def _worth(worth: Mapping[str, Any] | Fraction, terms: Terms, what: str = "level") -> str:
    """`国家级 5、省级（一等奖 4、二等奖 3）`, in the scheme's own words."""
    if isinstance(worth, Fraction):
        return number(worth)
    said = {key: term(terms, f"{what}:{key}").name for key in worth}
    return "、".join(
        f"{said[key]}（{_worth(inner, terms, 'award')}）"
        if isinstance(inner, Mapping)
        else f"{said[key]} {_worth(inner, terms)}"
        for key, inner in worth.items()
    )


def gaps_said(item: Item) -> Iterator[str]:
    """What the text leaves open, and what it asks for without naming points."""
    for point in item.open:
        yield f"条文没有写明：{point.question}；现为：{point.taken}"
    for demand in item.unscored:
        yield f"条文还写了“{demand}”，但没有写分值，不计分"


def _combined(item: Item, node: Node) -> Iterator[str]:
    if len(node.children) > 1:
        yield COMBINED[item.combine]


def _figures(scheme: Scheme) -> Iterator[NamedRow]:
    for name, figure in scheme.figures.items():
        yield NamedRow(name, figure.name, figure.clause, tuple(figure.figure.describe(scheme.terms)))
    for name, condition in scheme.conditions.items():
        yield NamedRow(name, condition.name, condition.clause, (condition.condition.called(scheme.terms),))


def _votes(scheme: Scheme) -> Iterator[NamedRow]:
    terms = scheme.terms
    for name, vote in scheme.votes.items():
        says = []
        if vote.options:
            worth = "、".join(f"{each.name} {mark(each.worth, terms)}" for each in vote.options.values())
            says.append(f"每张票：{worth}")
        if vote.voters:
            shares = "、".join(f"{each.name} {mark(each.share, terms)}" for each in vote.voters.values())
            says.append(f"投票人分组及所占份额：{shares}")
        says.append(f"以 {mark(vote.out_of, terms)} 为满分折算")
        says += [f"条文没有写明：{point['question']}；现为：{point['taken']}" for point in vote.open]
        yield NamedRow(name, vote.name, "", tuple(says))


def when(held: Condition | None, unless: Condition | None, terms: Terms) -> tuple[str, ...]:
    """Under which condition, in words."""
    found = [f"条件：{held.called(terms)}"] if held is not None else []
    return (*found, *([f"除非：{unless.called(terms)}"] if unless is not None else []))


_BOUNDS = {"at_least": "不低于", "above": "高于", "at_most": "不高于", "below": "低于", "equals": "等于"}


_WITHIN_TOP = "只在名额数以内的名次里评，空出的不递补"
_TIES = {
    "pending": "名额线上并列的待审议",
    "all": "名额线上并列的都评上",
    "none": "名额线上并列的都不评",
}


def _grade(grade: Grade, scheme: Scheme, rest: str) -> NamedRow:
    terms = scheme.terms
    says = [
        f"得分{_BOUNDS[name]} {said_figure(bound, terms)}" for name, bound in grade.bounds.items() if name in COMPARED
    ]
    says += when(grade.held, grade.unless, terms)
    if grade.quota is not None:
        quota = grade.quota
        many = said_figure(quota.places or quota.share, terms)
        share = fixed_number(quota.share) if quota.share is not None else None
        many = many if share is None else percent(share)
        least = f"，至少 {quota.least} 个" if quota.least else ""
        says.append(
            f"名额：{many} 个"
            if quota.places is not None
            else f"名额：本组单位数的 {many}，{WAYS[quota.round]}到整数{least}"
        )
        says += ["名额与更高的等次合计"] if grade.cumulative else []
        says += [_WITHIN_TOP] if grade.fill == "within_top" else []
        says += [_TIES[str(grade.ties)]] if str(grade.ties) in _TIES else []
    return NamedRow(grade.key, grade.name, grade.clause, tuple(says) or (rest,))


def _grades(scheme: Scheme) -> Iterator[NamedRow]:
    """Best first; whoever has none of those before has the first one without bounds."""
    rest = "其余单位"
    for grade in scheme.results.grades:
        row = _grade(grade, scheme, rest)
        rest = "不得评为以上各等的" if row.says == (rest,) else rest
        yield row


def said_figure(figure: Figure | None, terms: Terms) -> str:
    """A figure by what it is called."""
    return figure.called(terms) if figure is not None else ""


def _effects(scheme: Scheme) -> Iterator[NamedRow]:
    rules = scheme.results
    for name, veto in rules.vetoes.items():
        yield NamedRow(name, veto.name, veto.clause, (effect_says(veto.effect, scheme),))
    for name, limit in rules.limits.items():
        says = (*when(limit.held, limit.unless, scheme.terms), effect_says(limit.effect, scheme))
        yield NamedRow(name, limit.name or "限制", limit.clause, says)


def limit_called(limit: LimitRule, scheme: Scheme) -> str:
    """Its name, or the conditions on which it stands."""
    unless = f"并非{limit.unless.called(scheme.terms)}" if limit.unless is not None else ""
    held = limit.held.called(scheme.terms) if limit.held is not None else ""
    return limit.name or "，".join(each for each in (held, unless) if each)


def effect_says(effect: Effect, scheme: Scheme) -> str:
    """`不得评为甲等`: what a veto or a limit does to the grade."""
    names = {each.key: each.name for each in scheme.results.grades}
    said = []
    if effect.fails:
        fail = next((each.name for each in scheme.results.grades if each.role == "fail"), "")
        said.append(f"评为{fail or scheme.results.grades[-1].name}" if scheme.results.grades else "不予通过")
    if effect.bars:
        said.append(f"不得评为{'、'.join(names.get(each, each) for each in effect.bars)}")
    if effect.at_best is not None:
        said.append(f"最高评为{names.get(effect.at_best, effect.at_best)}")
    if effect.down:
        said.append(f"降 {effect.down} 等")
    return "，".join(said)


def _consequences(scheme: Scheme) -> Iterator[NamedRow]:
    for name, each in scheme.results.consequences.items():
        says = when(each.held, each.unless, scheme.terms)
        yield NamedRow(name, each.name, each.clause, (*says, *([each.says] if each.says else [])))


_YEARS = {"school": "学年", "calendar": "日历年", "event": "一次活动"}
_WHICH_YEAR = {"first": "前一个日历年", "last": "后一个日历年"}


def _frame(scheme: Scheme) -> Iterator[NamedRow]:
    """Whose it is and since when, which days count, and the words that raw tables may use."""
    starts = f"，{scheme.year.starts} 开始" if scheme.year.kind == "school" else ""
    says = (scheme.title, scheme.authority, f"自 {scheme.in_force_from} 起施行")
    yield NamedRow("scheme", "名称与施行", "", (*says, f"按{_YEARS[scheme.year.kind]}考核{starts}"))
    yield NamedRow("called", "怎样称呼", "", (f"整件事：{scheme.whole_called}", f"提供数据的：{scheme.offices_called}"))
    if scheme.amounts:
        yield NamedRow("amounts", "每年定的金额", "", tuple(scheme.amounts.values()))
    window = scheme.window
    if scheme.year.kind != "event":
        longer = [f"{'、'.join(window.longer)} 计到{window.longer_until or '更晚'}"] if window.longer else []
        yield NamedRow("window", "材料统计的起止", window.clause, (f"{window.start} 至 {window.end}", *longer))
    for name, each in scheme.deadlines.items():
        open_ = [f"{each.question}？现为：{each.taken}"] if each.question else []
        yield NamedRow(
            f"deadlines.{name}",
            each.name,
            "",
            (f"{scheme.year.spoken.one}的{_WHICH_YEAR[each.of]}的 {each.day}", *open_),
        )
    for name, trait in scheme.traits.items():
        yield NamedRow(f"traits.{name}", trait.name, "", ("、".join(trait.values.values()) or "照填",))
    for name, dimension in scheme.dimensions.items():
        members = "、".join(dimension.members.values()) or f"{dimension.of} 个"
        yield NamedRow(f"dimensions.{name}", dimension.name, "", (members,))
    if any(item.counts_achievements for item in scheme.indicators.values()):
        words = {
            "kinds": ("成果的类型", scheme.kinds),
            "levels": ("级别", scheme.levels),
            "awards": ("奖项", scheme.awards),
        }
        for name, (called, known) in words.items():
            yield NamedRow(name, called, "", tuple(f"{code}：{said}" for code, said in known.items()))


def _policy(policy: Policy) -> NamedRow:
    says = [policy.question]
    for name, option in policy.options.items():
        says.append(f"{'（现用）' if name == policy.default else ''}{name}：{option.says}")
    if policy.fraction:
        says.append(f"取 0 到 1 之间的数，现为 {policy.default}")
    return NamedRow(policy.name, f"{policy.id} {policy.name}", policy.clause, tuple(says))


def _metric(name: str, metric: Metric) -> NamedRow:
    says = [f"{METRIC_KINDS.get(metric.kind, metric.kind)}，单位：{metric.unit}", f"由 {metric.office} 填报"]
    ends = zip(("不小于", "不大于"), (metric.least, metric.most), strict=True)
    says += [f"{side} {quantity(end, metric.term)}" for side, end in ends if end is not None]
    says += [str(metric.definition)] if metric.definition else []
    return NamedRow(name, metric.name, "", tuple(says))
