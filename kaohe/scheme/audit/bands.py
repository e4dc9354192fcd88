"""Bands that change nothing, that nobody can be in, or that reward the worse value; found by asking the rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from kaohe.rules import Figure
from kaohe.rules.bands import Band, Steps
from kaohe.rules.inside import policies_in
from kaohe.rules.tiers import RankBand, RankBands, Tier, Tiers
from kaohe.rules.wording import RATE, Term, number, points, term
from kaohe.scheme.audit.finding import AuditFinding, named
from kaohe.scheme.audit.probing import Place, places_of, table, tier_figures, tier_points
from kaohe.scheme.audit.readings import read_as
from kaohe.scheme.items import Item
from kaohe.scheme.model import Scheme

Table = Mapping[Place, Fraction]


def rules(scheme: Scheme) -> Iterator[tuple[Item, Figure]]:
    """Every rule of every indicator, those inside others too."""
    for indicator in scheme.indicators.values():
        for rule in indicator.rules:
            yield indicator, rule


def steps(scheme: Scheme) -> Iterator[AuditFinding]:
    """Bands of a value: idle, unreachable, or against the order of the others."""
    for indicator, rule in rules(scheme):
        if not isinstance(rule, Steps):
            continue
        readings = [read_as(rule, choices) for choices in _all_readings(scheme, rule)]
        places = places_of(scheme, rule)
        tables = [table(reading, places) for reading in readings]
        idle = [
            index
            for index, band in enumerate(rule.bands)
            if band.points and all(_is_idle(*each, index) for each in zip(readings, tables, strict=True))
        ]
        never = [index for index in idle if not any(_meets(each, places, index) for each in readings)]
        form = Term("", RATE) if rule.against else rule.value.unit(scheme.terms)
        said = [f"{band.says(form)}，{points(band.points)}" for band in rule.bands]
        yield from _idle(indicator, said, [index for index in idle if index not in never], _same_points(rule.bands))
        yield from _never(indicator, said, never)
        if any(_turns(table) for table in tables):
            yield _not_in_order(indicator)


def tiers(scheme: Scheme) -> Iterator[AuditFinding]:
    """Tiers whose removal changes nothing."""
    for indicator, rule in rules(scheme):
        if not isinstance(rule, Tiers):
            continue
        every = list(tier_figures(rule))
        whole = tier_points(rule, every)
        idle = []
        for index, tier in enumerate(rule.tiers):
            less = rule.model_copy(update={"tiers": (*rule.tiers[:index], *rule.tiers[index + 1 :])})
            if tier.points and less.tiers and tier_points(less, every) == whole:
                idle.append(index)
        said = [_says(scheme, tier) for tier in rule.tiers]
        yield from _idle(indicator, said, idle, _same_points(rule.tiers))


def rank_bands(scheme: Scheme) -> Iterator[AuditFinding]:
    """Rank bands that give what the ranks before them give, that overlap or leave ranks out."""
    for indicator, rule in rules(scheme):
        if not isinstance(rule, RankBands):
            continue
        said = [_says_ranks(band) for band in rule.bands]
        ordered = sorted(rule.bands, key=lambda band: band.first)
        idle = [
            rule.bands.index(after)
            for before, after in pairwise(ordered)
            if after.points == before.points and after.first == before.last + 1
        ]
        yield from _idle(indicator, said, idle, _same_points(rule.bands))
        ranks = [rank for band in rule.bands for rank in range(band.first, band.last + 1)]
        twice = sorted({rank for rank in ranks if ranks.count(rank) > 1})
        missing = sorted(set(range(1, max(ranks) + 1)) - set(ranks))
        if twice or missing:
            faults = [f"第 {_ranks(twice)} 名有两个分数"] if twice else []
            faults += [f"第 {_ranks(missing)} 名没有写分数"] if missing else []
            yield AuditFinding(
                "rank-bands-gap",
                "疏漏" if missing else "矛盾",
                indicator.id,
                indicator.clause,
                f"{named(indicator)}的名次分档（{'；'.join(said)}）：" + "，".join(faults),
                "程序按后写的一档计分，没有写到的名次不得分",
            )


def _all_readings(scheme: Scheme, rule: Figure) -> Iterator[dict[str, str]]:
    """Each policy's options in turn, the others at their defaults."""
    names = list(dict.fromkeys(policies_in(rule)))
    default = {name: scheme.policy[name].default for name in names}
    yield default
    for name in names:
        for option in scheme.policy[name].options:
            if option != default[name]:
                yield default | {name: option}


def _is_idle(rule: Steps, given: Table, index: int) -> bool:
    """Whether nothing changes without the band, or at any of its borders."""
    less = rule.model_copy(update={"bands": (*rule.bands[:index], *rule.bands[index + 1 :])})
    if table(less, list(given)) == given:
        return True
    band = rule.bands[index]
    return _top_is_idle(band, given) and all(_border_is_idle(bound, given) for bound in band.bounds().values())


def _border_is_idle(bound: Fraction, given: Table) -> bool:
    values = sorted({place.value for place in given})
    if bound not in values:
        return False
    at = values.index(bound)
    near = values[max(at - 1, 0) : at + 2]
    return all(len({given[Place(value, ahead)] for value in near}) == 1 for ahead in {place.ahead for place in given})


def _top_is_idle(band: Band, given: Table) -> bool:
    return band.among is None or all(
        points == given[Place(place.value, band.among)]
        for place, points in given.items()
        if place.ahead == band.among - 1
    )


def _meets(rule: Steps, places: Sequence[Place], index: int) -> bool:
    """Whether some value is in the band at all."""
    alone = rule.model_copy(update={"bands": (rule.bands[index],)})
    return any(table(alone, places).values())


def _turns(given: Table) -> bool:
    """Whether points both rise and fall as the value rises, the place in the pool being the same."""
    for ahead in {place.ahead for place in given}:
        row = [points for place, points in sorted(given.items()) if place.ahead == ahead]
        if any(a < b for a, b in pairwise(row)) and any(a > b for a, b in pairwise(row)):
            return True
    return False


def _same_points(bands: Sequence[Band | Tier | RankBand]) -> dict[int, list[int]]:
    """For each band, the others that give as much."""
    return {
        index: [other for other, it in enumerate(bands) if other != index and it.points == band.points]
        for index, band in enumerate(bands)
    }


def _idle(
    indicator: Item, said: Sequence[str], idle: Sequence[int], same: Mapping[int, list[int]]
) -> Iterator[AuditFinding]:
    if not idle:
        return
    parts = []
    for index in idle:
        like = "、".join(f"第 {other + 1} 档（{said[other]}）" for other in same[index])
        parts.append(f"第 {index + 1} 档（{said[index]}）" + (f"与{like}分值相同，" if like else "") + "不改变任何得分")
    yield AuditFinding(
        "band-idle",
        "冗余",
        indicator.id,
        indicator.clause,
        f"{named(indicator)}：" + "；".join(parts),
        "多划的这一档不影响得分和名次，好坏没有拉开；若本意是再高一档，则漏写了不同的分值",
    )


def _never(indicator: Item, said: Sequence[str], never: Sequence[int]) -> Iterator[AuditFinding]:
    if never:
        yield AuditFinding(
            "band-unreachable",
            "不可达",
            indicator.id,
            indicator.clause,
            f"{named(indicator)}："
            + "；".join(f"没有任何取值能进入第 {index + 1} 档（{said[index]}）" for index in never),
            "这一档的分值谁也得不到",
        )


def _not_in_order(indicator: Item) -> AuditFinding:
    return AuditFinding(
        "bands-out-of-order",
        "矛盾",
        indicator.id,
        indicator.clause,
        f"{named(indicator)}：数据逐步提高时，得分有升有降",
        "做得较好的单位反而可能少得分",
    )


def _says(scheme: Scheme, tier: Tier) -> str:
    needs = "、".join(f"{term(scheme.terms, name).name}≥{number(least)}" for name, least in tier.at_least.items())
    return f"{needs}，{points(tier.points)}"


def _says_ranks(band: RankBand) -> str:
    return f"第 {_ranks(range(band.first, band.last + 1))} 名，{points(band.points)}"


def _ranks(ranks: Sequence[int]) -> str:
    listed = list(ranks)
    if len(listed) > 2 and listed == list(range(listed[0], listed[-1] + 1)):
        return f"{listed[0]}～{listed[-1]}"
    return "、".join(map(str, listed))


CHECKS = (steps, tiers, rank_bands)
