"""What the ratings look like beside each other: raters who do not distinguish, who stand apart, or who left gaps.

These are hints for the assessment office, not rules of the regulation; their limits are chosen here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from statistics import fmean, median

from kaohe.intake.checks.context import Context, Kept
from kaohe.intake.checks.otherscale import SELF, tell_scales
from kaohe.intake.checks.votes import highest_mark, units_asked
from kaohe.intake.tables.data import Key
from kaohe.intake.tables.vocabulary import Record
from kaohe.rules.wording import number as say
from kaohe.rules.wording import percent

SELF_SHARE = Fraction(1, 5)
"""A self score is far from the panel's mean beyond this share of the full mark …"""
SELF_POINTS = Fraction(3, 10)
"""… and at least this many points."""

NEAR = float(SELF_SHARE) - 0.01
"""Below this share, so clearly nearer that rounded numbers tell it, nothing is worked out exactly."""

ENOUGH_RATINGS = 5
"""Fewer ratings say nothing about how somebody rates."""

ENOUGH_RATERS = 3
"""Fewer raters have no middle from which one could stand apart."""

NORMAL_MAD = 1.4826
"""Makes the median absolute deviation comparable with a standard deviation."""
APART = 3
"""A rater stands apart beyond so many of these deviations from the raters' middle …"""
APART_SHARE = 0.05
"""… and by at least this share of the full mark."""


def check_panel(kept: Kept, context: Context) -> None:
    """Self scores, then raters, then voters who gave marks."""
    highest = _highest(kept, context)
    other_scale = tell_scales(kept, highest, context)
    _self_scores(kept, highest, other_scale, context)
    by_rater: dict[str, dict[Key, Fraction]] = defaultdict(dict)
    for key, full in highest.items():
        for record in kept.ratings[key]:
            by_rater[record["rater"]][key] = record["points"] / full
    for rater, shares in by_rater.items():
        _tell_flat("评分人", rater, shares, _by_indicator(shares), context)
    _deviations(_on_scale(by_rater, other_scale), context)
    _gaps("评分人", {rater: set(shares) for rater, shares in by_rater.items()}, set(highest), context)
    _voters(kept, context)


def _highest(kept: Kept, context: Context) -> dict[Key, Fraction]:
    """The highest rating of each rated cell that counts."""
    found = {}
    for unit_id, name in kept.ratings:
        unit, indicator = context.units[unit_id], context.scheme.indicators[name]
        judged = context.facts(unit, name).judged
        if judged is not None and context.applicability(unit, name) == "applies":
            found[unit_id, name] = judged.highest_rating(indicator.printed_full)
    return found


def _on_scale(
    by_rater: Mapping[str, Mapping[Key, Fraction]], other_scale: set[tuple[str, Key]]
) -> dict[str, dict[Key, Fraction]]:
    """Without marks on another scale: beside them nobody else could be seen to stand apart."""
    return {
        rater: {key: share for key, share in shares.items() if (rater, key) not in other_scale}
        for rater, shares in by_rater.items()
    }


def _self_scores(
    kept: Kept, highest: Mapping[Key, Fraction], other_scale: set[tuple[str, Key]], context: Context
) -> None:
    for key, record in kept.self_scores.items():
        ratings = [each for each in kept.ratings.get(key, []) if (each["rater"], key) not in other_scale]
        if not ratings or key not in highest or (SELF, key) in other_scale:
            continue
        unit, indicator = context.units[key[0]], context.scheme.indicators[key[1]]
        given = [rating["points"] for rating in ratings]
        if abs(float(record["points"]) - fmean(given)) < NEAR * float(highest[key]):
            continue
        mean = sum(given) / Fraction(len(given))
        share = abs(record["points"] - mean) / highest[key]
        if share > SELF_SHARE and share * indicator.printed_full >= SELF_POINTS:
            message = (
                f"{unit.name}的 {indicator.id} {indicator.name}自评 {say(record['points'])}，"
                f"评分人平均 {say(mean, 2)}，相差满分的 {percent(share, 0)}"
            )
            expected = f"与评分人平均相差不超过满分的 {percent(SELF_SHARE)}"
            about = {"unit": unit.unit_id, "indicator": indicator.id, "office": indicator.office or ""}
            context.log.warning("self-score-far", message, record.spot("points"), expected=expected, **about)


def _by_indicator(shares: Mapping[Key, Fraction]) -> dict[str, set[Fraction]]:
    """The different shares a rater gave on each indicator he rated for enough units."""
    given: dict[str, list[Fraction]] = defaultdict(list)
    for (_, indicator), share in shares.items():
        given[indicator].append(share)
    return {name: set(values) for name, values in given.items() if len(values) >= ENOUGH_RATINGS}


def _tell_flat(
    who: str, name: str, shares: Mapping[Key, Fraction], by_indicator: Mapping[str, set[Fraction]], context: Context
) -> None:
    """The same share of the full mark everywhere; or on each indicator the same for every unit."""
    if len(shares) < ENOUGH_RATINGS:
        return
    if len(set(shares.values())) == 1:
        share = percent(next(iter(shares.values())))
        message = f"{who} {name} 的 {len(shares)} 个评分都是满分的 {share}，没有区分"
    elif len(by_indicator) >= ENOUGH_RATINGS and all(len(values) == 1 for values in by_indicator.values()):
        message = f"{who} {name} 在 {len(by_indicator)} 项指标上给每个单位的评分都相同，没有区分"
    else:
        return
    context.log.warning("flat-rater", message, expected="按各单位实绩区分", office=context.office)


def _deviations(by_rater: Mapping[str, Mapping[Key, Fraction]], context: Context) -> None:
    """Each rater's mean distance from the others on the same cells, against the spread of these distances."""
    cells: dict[Key, list[float]] = defaultdict(list)
    for shares in by_rater.values():
        for key, share in shares.items():
            cells[key].append(float(share))
    sums = {key: (sum(values), len(values)) for key, values in cells.items() if len(values) > 1}
    distance: dict[str, float] = {}
    for rater, shares in by_rater.items():
        apart = []
        for key, share in shares.items():
            if key in sums:
                total, count = sums[key]
                apart.append(float(share) - (total - float(share)) / (count - 1))
        if len(apart) >= ENOUGH_RATINGS:
            distance[rater] = sum(apart) / len(apart)
    if len(distance) < ENOUGH_RATERS:
        return
    middle = median(distance.values())
    spread = NORMAL_MAD * median(abs(value - middle) for value in distance.values())
    limit = max(APART * spread, APART_SHARE)
    for rater, value in distance.items():
        if abs(value - middle) > limit:
            how = "高" if value > middle else "低"
            message = (
                f"评分人 {rater} 的评分平均比其他评分人{how}满分的 {abs(value):.1%}，"
                f"明显偏离（界限 {limit:.1%}，按中位数绝对偏差）"
            )
            context.log.warning("rater-apart", message, expected="与其他评分人尺度相近", office=context.office)


def _gaps(who: str, rated: Mapping[str, set[Key]], cells: set[Key], context: Context) -> None:
    """Units a rater left out on an indicator that he rated for others."""
    units_of: dict[str, set[str]] = defaultdict(set)
    for unit, indicator in cells:
        units_of[indicator].add(unit)
    for name, keys in rated.items():
        indicators = {indicator for _, indicator in keys}
        left_out = sorted(
            (unit, indicator)
            for indicator in indicators
            for unit in units_of[indicator]
            if (unit, indicator) not in keys
        )
        if left_out:
            listed = "、".join(f"{unit} {indicator}".strip() for unit, indicator in left_out[:6])
            more = f" 等 {len(left_out)} 处" if len(left_out) > 6 else ""
            message = f"{who} {name} 有漏评：{listed}{more}，按已有的评分计算"
            context.log.advisory("rater-gaps", message, expected="各单位都评", office=context.office)


def _voters(kept: Kept, context: Context) -> None:
    by_vote: dict[tuple[str, str], dict[str, dict[Key, Fraction]]] = defaultdict(lambda: defaultdict(dict))
    rows: Iterable[Record] = (record for records in kept.marks.values() for record in records)
    for record in rows:
        highest = highest_mark(context.scheme.votes[record["vote"]])
        by_vote[record["vote"], record["facet"]][record["leader"]][record.unit, ""] = record["score"] / highest
    for (vote, _), by_voter in by_vote.items():
        who = context.scheme.votes[vote].voter
        for voter, shares in by_voter.items():
            _tell_flat(who, voter, shares, {}, context)
        _gaps_of_voters(vote, by_voter, context)


def _gaps_of_voters(vote: str, by_voter: Mapping[str, Mapping[Key, Fraction]], context: Context) -> None:
    """Voters may be asked about one group only; within a group they mark every unit that the vote is about."""
    for group in context.scheme.groups:
        members = {(unit, "") for unit in units_asked(vote, group, context)}
        rated = {voter: set(shares) & members for voter, shares in by_voter.items()}
        _gaps(
            context.scheme.votes[vote].voter, {voter: keys for voter, keys in rated.items() if keys}, members, context
        )
