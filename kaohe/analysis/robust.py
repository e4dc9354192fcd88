"""How much the ranking hangs on who rated and voted, on the weights, on one rater, on one item (`kaohe robust`).

The draws are 重抽样敏感性: how ranks spread when raters, ballots and leaders' marks are drawn anew from themselves and
weights are shaken. They are never the probability that a rank is the true one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kaohe.analysis.exact import exactly
from kaohe.analysis.leftout import Out, without_items, without_raters
from kaohe.analysis.panels import FEWEST
from kaohe.analysis.ranksets import rank_sets
from kaohe.analysis.raters import STRICT, Agreement, Manner, Rater, agreement, raters
from kaohe.analysis.resampling import SOURCES, Draft, Left, resampled
from kaohe.intake import Intake
from kaohe.rules.numbers import Array
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.results import Results, results
from kaohe.scoring.score import bound_of
from kaohe.scoring.simulate import Simulated, simulate

DRAWS, SEED, LEVEL, SHAKEN = 10_000, 1, 0.95, 0.1
FEW_DRAWS = 1_000
"""Draws of each source by itself: they say how much of the spread is whose, no more."""
RANK_DRAWS = 2_000
"""Draws of the distribution that rank confidence sets are held against."""
LEVEL_TOTALS = 1e-9
"""Totals closer than this are level: what float64 leaves of equal fractions."""


@dataclass(frozen=True)
class Standing:
    """A unit's place: `low` … `high` its rank confidence set within its group, `score_low` … `score_high` the middle
    `level` of its totals, `in_quota` the share of draws with a place in the quota (None where no grade has one)."""

    unit: str
    name: str
    group: str
    total: Any  # exact, as `exact.exactly` writes it
    rank: int
    grade: str
    low: int
    high: int
    in_quota: float | None
    score_low: float
    score_high: float
    score_sd: float


@dataclass(frozen=True)
class Pair:
    """How often `above` stays ahead of `below`, and is level with it."""

    above: str
    below: str
    share: float
    level: float


@dataclass(frozen=True)
class Robust:
    """What was found; `sources`: source drawn anew alone → group → the mean standard deviation of totals."""

    book: ScoreBook
    draws: int
    seed: int
    level: float
    shaken: float
    groups: Mapping[str, tuple[str, int]]  # name, and places of the quota (0 where there is none)
    quota_grade: str
    standings: tuple[Standing, ...]
    pairs: tuple[Pair, ...]
    drawn: tuple[str, ...]
    sources: Mapping[str, Mapping[str, float]]
    without_raters: tuple[Out, ...]
    without_items: tuple[Out, ...]
    raters: tuple[Rater, ...]
    agreement: tuple[Agreement, ...]
    left: tuple[Left, ...]


def robust(
    intake: Intake,
    book: ScoreBook,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = LEVEL,
    shaken: float = SHAKEN,
) -> Robust:
    """`book` is `intake` scored. The same seed gives the same numbers, whatever the machine's threads."""
    now, base = scored_exactly(intake, book)
    bound = now.bound
    left_out = tuple(without_raters(now, base))
    many, found = _drawn_anew(base, draws, seed, shaken)
    return Robust(
        book=book,
        draws=draws,
        seed=seed,
        level=level,
        shaken=shaken,
        groups={key: (each.name, each.quota) for key, each in book.groups.items() if len(_members(base, key))},
        quota_grade=quota_grade(bound),
        standings=tuple(_standings(base, found, level, seed)),
        pairs=tuple(_pairs(base, found)),
        drawn=many.drawn,
        sources=_sources(base, min(draws, FEW_DRAWS), seed, shaken),
        without_raters=left_out,
        without_items=tuple(without_items(now, base)),
        raters=tuple(raters(base, left_out)),
        agreement=tuple(agreement(base)),
        left=(*many.left, *_unranked(base)),
    )


def rank_standings(
    base: Results, *, draws: int = DRAWS, seed: int = SEED, level: float = LEVEL
) -> tuple[tuple[Standing, ...], tuple[str, ...]]:
    """The standings of `robust` alone, and what was drawn for them: a third of its work."""
    many, found = _drawn_anew(base, draws, seed, SHAKEN)
    return tuple(_standings(base, found, level, seed)), many.drawn


def _drawn_anew(base: Results, draws: int, seed: int, shaken: float) -> tuple[Draft, Simulated]:
    many = resampled(base, draws, seed, shaken=shaken)
    return many, simulate(base.evaluation.bound, many.scenarios)


def scored_exactly(intake: Intake, book: ScoreBook) -> tuple[Scored, Results]:
    """Every pool's outcome, and the results above them."""
    now = run(bound_of(intake, book))
    return now, results(now)


def quota_grade(bound: BoundYear) -> str:
    """The best grade with so many places and no more; empty where there is none."""
    return next((grade.name for grade in bound.scheme.results.grades if grade.quota is not None), "")


def _members(base: Results, group: str) -> Array:
    """Places of a group's units that have a score, best first, ties in the data's order."""
    members = base.evaluation.bound.members_of(group)
    members = members[base.known[members]] if len(members) else members
    return np.asarray(members[np.argsort(base.rank[members], kind="stable")])


def _standings(base: Results, found: Simulated, level: float, seed: int) -> Iterator[Standing]:
    bound = base.evaluation.bound
    grade = quota_grade(bound)
    ends = [(1 - level) / 2, (1 + level) / 2]
    for key in bound.scheme.groups:
        members = _members(base, key)
        if not len(members):
            continue
        totals = found.total[:, members]
        low, high = rank_sets(
            base.total[members].astype(float), _covariance(totals), level=level, draws=RANK_DRAWS, seed=seed
        )
        scores = np.quantile(totals, ends, axis=0)
        for at, place in enumerate(members):
            unit, total = bound.units[place], base.total[place]
            inside = float((found.by_points[:, place] == grade).mean()) if grade else None
            yield Standing(
                unit.unit_id, unit.name, key, exactly(total), int(base.rank[place]), str(base.by_points[place]),
                low=min(int(low[at]), int(base.rank[place])), high=max(int(high[at]), int(base.rank[place])),
                in_quota=inside, score_low=float(scores[0, at]), score_high=float(scores[1, at]),
                score_sd=float(totals[:, at].std()),
            )  # fmt: skip


def _covariance(totals: Array) -> Array:
    """Of the units' totals over the draws; a total that float64 alone moves does not."""
    found = np.atleast_2d(np.cov(totals.T)) if len(totals) > 1 else np.zeros((totals.shape[1],) * 2)
    still = np.ptp(totals, axis=0) < LEVEL_TOTALS
    found[still, :] = 0
    found[:, still] = 0
    return found


def _pairs(base: Results, found: Simulated) -> Iterator[Pair]:
    """Neighbours in rank, and all others that change places in some draw."""
    bound = base.evaluation.bound
    for key in bound.scheme.groups:
        members = _members(base, key)
        for at, above in enumerate(members):
            gaps = found.total[:, [above]] - found.total[:, members[at + 1 :]]
            ahead, same = (gaps > LEVEL_TOTALS).mean(axis=0), (np.abs(gaps) <= LEVEL_TOTALS).mean(axis=0)
            for next_, below in enumerate(members[at + 1 :]):
                if next_ == 0 or ahead[next_] < 1:
                    names = bound.units[above].unit_id, bound.units[below].unit_id
                    yield Pair(*names, float(ahead[next_]), float(same[next_]))


def _sources(base: Results, draws: int, seed: int, shaken: float) -> dict[str, dict[str, float]]:
    bound = base.evaluation.bound
    out: dict[str, dict[str, float]] = {}
    for name in SOURCES:
        alone = resampled(base, draws, seed, shaken=shaken, only=name)
        if alone.drawn:
            spread = simulate(bound, alone.scenarios).total.std(axis=0)
            out[name] = {
                key: float(spread[members].mean()) for key in bound.scheme.groups if len(members := _members(base, key))
            }
    return out


def _unranked(base: Results) -> Iterator[Left]:
    bound = base.evaluation.bound
    names = [unit.name for place, unit in enumerate(bound.units) if not base.known[place]]
    if names:
        yield Left("、".join(names), "没有总分，不参加排名，不作比较")


def answer(intake: Intake, book: ScoreBook) -> dict[str, Any]:
    """The JSON of `kaohe robust`."""
    return robust_json(robust(intake, book))


def robust_json(found: Robust) -> dict[str, Any]:
    """Totals are exact (`exact.exactly`); shares, scores and agreement are rounded floats."""
    return {
        **about(found.book),
        "draws": found.draws,
        "seed": found.seed,
        "level": found.level,
        "weights_shaken": found.shaken,
        "strict_from": STRICT,
        "parameters": {
            "fewest_raters": FEWEST,
            "draws_of_one_source": min(found.draws, FEW_DRAWS),
            "draws_of_rank_sets": RANK_DRAWS,
        },
        "drawn": list(found.drawn),
        "sources": {name: {key: round(sd, 4) for key, sd in by.items()} for name, by in found.sources.items()},
        "groups": {key: {"name": name, "places": places} for key, (name, places) in found.groups.items()},
        "quota_grade": found.quota_grade,
        "units": {each.unit: _unit(found.book, each) for each in found.standings},
        "pairs": [
            {"above": each.above, "below": each.below, "share": round(each.share, 4), "level": round(each.level, 4)}
            for each in found.pairs
        ],
        "leave_one_rater_out": [left_out_json(each) for each in found.without_raters if not each.why],
        "leave_one_item_out": [left_out_json(each) for each in found.without_items if not each.why],
        "raters": [rater_json(each) for each in found.raters],
        "agreement": agreement_json(found.agreement),
        "not_computed": [
            *({"what": each.what, "why": each.why} for each in found.left),
            *({"what": f"去掉 {each.out}", "why": each.why} for each in found.without_raters if each.why),
            *({"what": f"去掉 {each.out} {each.name}", "why": each.why} for each in found.without_items if each.why),
        ],
    }


def about(book: ScoreBook) -> dict[str, Any]:
    """What an answer is about: `policies` are the readings given for this run alone."""
    return {
        "year": book.year,
        "synthetic": book.synthetic,
        "provisional": book.provisional,
        "trial": book.trial,
        "policies": {each.id: each.value for each in book.policies if each.origin == "run"},
    }


def _unit(book: ScoreBook, each: Standing) -> dict[str, Any]:
    return {
        "name": each.name,
        "group": each.group,
        "total": each.total,
        "decimals": book.total_decimals(each.group),
        "rank": each.rank,
        "grade": each.grade,
        "low": each.low,
        "high": each.high,
        "in_quota": None if each.in_quota is None else round(each.in_quota, 4),
        "score_low": round(each.score_low, 4),
        "score_high": round(each.score_high, 4),
        "score_sd": round(each.score_sd, 4),
    }


def left_out_json(each: Out) -> dict[str, Any]:
    said = {"out": each.out, "of": each.of} | ({"name": each.name} if each.name else {})
    return said | {"moved": [vars(shift) for shift in each.moved]}


def rater_json(each: Rater) -> dict[str, Any]:
    """Severity above 0 is strict."""
    return {
        "rater": each.rater,
        "of": each.of,
        "name": each.name,
        **_manner(each.overall),
        "decides": list(each.decides),
        "marks": list(each.marks),
        "groups": {key: _manner(manner) | {"flat": manner.flat} for key, manner in each.groups.items()},
        "why": each.why,
    }


def _manner(manner: Manner | None) -> dict[str, Any]:
    if manner is None:
        return {"n": 0, "severity": None, "severity_error": None, "spread": None, "agreement": None}
    agree = None if manner.agreement is None else round(manner.agreement, 4)
    return {
        "n": manner.n,
        "severity": round(manner.severity, 4),
        "severity_error": round(manner.error, 4),
        "spread": round(manner.spread, 4),
        "agreement": agree,
    }


def agreement_json(found: tuple[Agreement, ...]) -> dict[str, Any]:
    """By group: of the ratings, and under `votes` of each vote's marks."""
    out: dict[str, Any] = {}
    for each in found:
        said = {
            "name": each.name,
            "units": each.units,
            "raters": each.raters,
            "kendall_w": None if each.kendall_w is None else round(each.kendall_w, 4),
            **{
                name: None if (value := each.icc.get(name)) is None else round(value, 4)
                for name in ("icc2", "icc2k", "icc3", "icc3k")
            },
            "why": each.why,
        }
        if each.of:
            out.setdefault(each.group, {}).setdefault("votes", {})[each.of] = said
        else:
            out[each.group] = {**said, **out.get(each.group, {})}
    return out
