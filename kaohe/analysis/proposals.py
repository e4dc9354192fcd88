"""What the health of items suggests to whoever revises the text: ranked, each with its evidence, none on few units.

A probe fires only where it would on most years like these: the bound of an interval, not the figure, is held against
its limit, for all items at once where many are looked at. The limits are chosen here; the regulation knows none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaohe.analysis.correlation import never_seen, pearson_interval, widened, wilson
from kaohe.analysis.health import Health, ItemHealth
from kaohe.analysis.itemstats import FEWEST
from kaohe.rules.wording import number, percent, points

LEVEL = 0.95
DOUBT = 0.005
"""The chance that a probe of what all items weigh, or of how they go with the rest, fires where nothing is."""
MOSTLY = 0.7
"""Surely more than this share of unit-years have the same points: the item tells hardly anybody apart."""
HEAVIER = 2
"""Surely more than so many times its share of the full mark decides the order."""
RARE = 0.1
"""What nobody met in so many unit-years that it surely meets less than this share of them."""
SELF_SHARE = Fraction(1, 5)
"""A self score this share of the full mark above the panel, or more."""
MOST_NAMED = 6

KINDS: Mapping[str, str] = {
    "ceiling": "几乎都得满分",
    "no_difference": "几乎都得同分",
    "redundant": "两项测的是同一件事",
    "against_the_rest": "与其余各项相反",
    "heavy": "实际分量远大于分值",
    "one_rater": "一位评分人决定",
    "bands_unused": "有的档从来没有人进入",
    "self_score": "自评高出评分两成以上",
    "clauses_unused": "有的条款从来没有用上",
}
"""Kinds of proposals, those first that change most."""


@dataclass(frozen=True)
class Proposal:
    """One thing to look at when the text is revised."""

    id: str
    name: str
    kind: str
    why: str
    evidence: tuple[str, ...]


def proposals(found: Health) -> list[Proposal]:
    """By kind, then by what the item weighs."""
    probes: tuple[Callable[[ItemHealth, Health], Iterator[Proposal]], ...] = (
        _same, _redundant, _against, _heavy, _one_rater, _self_scores, _bands, _clauses,
    )  # fmt: skip
    out = [each for item in found.items for probe in probes for each in probe(item, found)]
    order, weights = list(KINDS), {item.id: item.weight for item in found.items}
    return sorted(out, key=lambda each: (order.index(each.kind), -weights[each.id]))


def _each_of(items: int) -> float:
    """The level of one interval among so many that all are to hold together."""
    return 1 - DOUBT / max(items, 1)


def _proposal(item: ItemHealth, kind: str, why: str, *evidence: str) -> Proposal:
    return Proposal(item.id, item.item.name, kind, why, evidence)


def _same(item: ItemHealth, found: Health) -> Iterator[Proposal]:
    """Full, or equal, for nearly everybody."""
    if item.item.units < FEWEST:
        return
    if item.full and wilson(item.full, item.of_full, LEVEL)[0] > MOSTLY:
        why = "几乎人人满分，没有区分谁好谁差：可提高要求，或取消这一项，把分值用到别处"
        yield _proposal(item, "ceiling", why, f"{item.of_full} 个单位次中 {item.full} 个得满分", _stakes(item))
    elif wilson(item.commonest, item.n, LEVEL)[0] > MOSTLY:
        why = "几乎人人同分，没有区分谁好谁差：看看分档或要求是否合适"
        yield _proposal(
            item,
            "no_difference",
            why,
            f"{item.n} 个单位次中 {item.commonest} 个都得 {points(item.usual)}",
            _stakes(item),
        )


def _redundant(item: ItemHealth, found: Health) -> Iterator[Proposal]:
    """Of items that say the same, the last in the text speaks for all of them."""
    place = [each.id for each in found.items]
    if not item.twins or any(place.index(twin.id) > place.index(item.id) for twin in item.twins):
        return
    names = "、".join(f"{twin.id} {found.item[twin.id].item.name}" for twin in item.twins)
    evidence = [
        f"与 {twin.id} 的秩相关 {twin.rho:.2f}，区间 {twin.low:.2f}～{twin.high:.2f}"
        f"（{twin.units} 个单位，{found.pairs} 对一起看的 95% 区间）"
        for twin in item.twins
    ]
    both = sum((found.item[twin.id].weight for twin in item.twins), item.weight)
    why = f"与 {names} 把各单位排成几乎同样的次序，等于同一件事计了几次：可合为一项，或改一项的内容"
    yield _proposal(item, "redundant", why, *evidence, f"合计占总分的 {_share(both)}")


def _against(item: ItemHealth, found: Health) -> Iterator[Proposal]:
    if item.discrimination is None:
        return
    r = item.discrimination.value
    high = pearson_interval(r, item.item.units, _each_of(len(found.items)))[1]
    if high < 0:
        why = "这一项得分高的，其余各项反而低：看看方向有没有写反，或奖了不该奖的"
        yield _proposal(item, "against_the_rest", why, f"与其余各项之和的相关 {r:.2f}，上限 {high:.2f}", _stakes(item))


def _heavy(item: ItemHealth, found: Health) -> Iterator[Proposal]:
    for group, effective in item.effective.items():
        nominal = float(item.nominal.get(group, 0))
        surely = widened(effective, found.weighed[group], LEVEL, _each_of(len(found.items))).low
        if nominal and surely > HEAVIER * nominal:
            called = found.years.last.groups[group].name
            why = f"分值占{called}总分的 {nominal:.1%}，名次的差异却有 {effective.value:.1%} 由它而来：想清楚要不要这样"
            units = f"{found.weighed[group]} 个单位，轮流去掉一个单位，{len(found.items)} 项一起看"
            evidence = f"占总分差异的份额至少 {surely:.1%}（{units}）"
            yield _proposal(item, "heavy", why, evidence)


def _one_rater(item: ItemHealth, found: Health) -> Iterator[Proposal]:
    if not item.by_one:
        return
    evidence = []
    for panel in item.panels:
        if panel.singles:
            named = _listed(panel.singles)
            evidence.append(f"{panel.year}：{len(panel.raters)} 个单位中 {len(panel.singles)} 个只有一人评（{named}）")
        elif panel.by_one:
            evidence.append(f"{panel.year}：其余评分人给各单位的分都一样，差别全出自一人")
    why = "一位评分人就决定了各单位在这一项的高低：多请几位，或改为可以计算的数"
    yield _proposal(item, "one_rater", why, *evidence, _stakes(item))


def _self_scores(item: ItemHealth, found: Health) -> Iterator[Proposal]:
    above = sorted(
        (each for each in item.selves if each.above >= SELF_SHARE * each.full), key=lambda each: -each.above / each.full
    )
    if above:
        said = [
            f"{each.year} {each.unit}：自评 {number(each.given)}，评分 {number(each.panel)}，"
            f"高出满分的 {percent(each.above / each.full)}"
            for each in above[:MOST_NAMED]
        ]
        more = [f"另有 {len(above) - MOST_NAMED} 处"] if len(above) > MOST_NAMED else []
        units = len({each.unit for each in above})
        why = f"{units} 个单位的自评比评分高出满分的两成以上：要求各有各的理解，条文可写得更明白，或请单位说明"
        yield _proposal(item, "self_score", why, *said, *more)


def _bands(item: ItemHealth, found: Health) -> Iterator[Proposal]:
    yield from _unused(
        item,
        "band",
        "bands_unused",
        "这几档从来没有人进入：看看界限是否太高、太低，或几档可以合并（扣分的档没有人进入，可能正是它的目的）",
    )


def _clauses(item: ItemHealth, found: Health) -> Iterator[Proposal]:
    why = "这几处从来没有用上：扣分的没有人触犯，可能正是它的目的；封顶、加分的没有人达到，可看看还要不要写"
    yield from _unused(item, "clause", "clauses_unused", why)


def _unused(item: ItemHealth, kind: str, named: str, why: str) -> Iterator[Proposal]:
    never = [use for use in item.unused if use.kind == kind and never_seen(use.of, LEVEL) < RARE]
    if never:
        count = sum(use.kind == kind for use in item.uses)
        evidence = [f"“{use.says}”：{use.of} 个单位次中没有一个" for use in never[:MOST_NAMED]]
        more = [f"另有 {len(never) - MOST_NAMED} 处"] if len(never) > MOST_NAMED else []
        what = "档" if kind == "band" else "处"
        yield _proposal(item, named, why, f"{count} {what}中 {len(never)} {what}没有用上", *evidence, *more)


def _stakes(item: ItemHealth) -> str:
    return f"分值占总分的 {_share(item.weight)}"


def _share(share: Fraction) -> str:
    return f"{float(share):.1%}"


def _listed(units: Sequence[str]) -> str:
    more = f" 等 {len(units)} 个" if len(units) > MOST_NAMED else ""
    return "、".join(units[:MOST_NAMED]) + more
