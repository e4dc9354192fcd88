"""The panel's ratings and the units' self scores."""

from kaohe.scheme.demo.ability import ability
from kaohe.scheme.demo.asked import Rated, field_of, items
from kaohe.scheme.demo.chance import Chance
from kaohe.scheme.demo.evidence import missed
from kaohe.scheme.demo.profiles import RATERS, profile, yuanbu
from kaohe.scheme.demo.stories import tells

FLAT_RATER, FLAT_SHARE = "评委3", 0.9
HARSH_RATER, HARSHNESS = "评委4", -0.15
SHORT_SHARE = 0.85  # what a rater gives at most where the number beside the rating is missed …
FULL_THOUGH_SHORT = {"missed_target_full_marks": "D03.T12", "missed_check_full_marks": "B41"}  # … but in these stories

BOASTED = "K8."


def _share(seed: int, year: str, item: Rated) -> float:
    """What the work deserves: ability, how hard the item is, and what is particular to this unit."""
    strength = ability(seed, year, item.unit, field_of(item.indicator)["area"])
    particular = 0.0
    for deviation, what in ((0.02, (item.indicator,)), (0.03, (item.unit, item.indicator))):
        lasting, of_the_year = Chance(seed, "lasting", *what), Chance(seed, year, *what)
        particular += lasting.normal(0, deviation) + of_the_year.normal(0, deviation)
    return 0.66 + 0.31 * strength + particular


def _leniency(seed: int, year: str, rater: str) -> float:
    if rater == HARSH_RATER and tells("harsh_rater", year):
        return HARSHNESS
    return Chance(seed, rater, "leniency").normal(0, 0.015) + Chance(seed, year, rater, "leniency").normal(0, 0.008)


def _full_marks_told(year: str, item: Rated) -> bool:
    told = FULL_THOUGH_SHORT.items()
    return any(item.indicator == indicator and tells(key, year, item.unit) for key, indicator in told)


def _points(seed: int, year: str, item: Rated, rater: str, share: float, short: bool) -> float:
    if _full_marks_told(year, item):
        return item.points(1)
    if rater == FLAT_RATER and item.unit in yuanbu() and tells("flat_rater", year):
        return item.points(FLAT_SHARE)
    given = share + _leniency(seed, year, rater) + Chance(seed, year, item.unit, item.indicator, rater).normal(0, 0.025)
    return item.points(min(given, SHORT_SHARE) if short else given)


def _note(seed: int, year: str, item: Rated, rater: str, points: float) -> str | None:
    """One rating in five says why, most where points were lost."""
    chance, lost = Chance(seed, year, item.unit, item.indicator, rater, "note"), 1 - points / item.full
    if not chance.happens(0.12 if lost < 0.08 else 0.3):
        return None
    reasons = profile("words")["reasons"][field_of(item.indicator)["about"]]
    return chance.pick(reasons["high" if lost < 0.08 else "low"])


def rating_rows(seed: int, year: str) -> list[dict]:
    rows = []
    for item in items(year):
        share = _share(seed, year, item)
        for rater in RATERS:
            points = _points(seed, year, item, rater, share, (item.unit, item.indicator) in missed(seed, year))
            row = {"unit_id": item.unit, "indicator": item.indicator, "rater": rater, "points": points}
            if note := _note(seed, year, item, rater, points):
                row["note"] = note
            rows.append(row)
    return rows


def self_score_rows(seed: int, year: str) -> list[dict]:
    """Units see themselves a little better than the panel does; in one story a section has no flaw at all."""
    rows = []
    for item in items(year):
        share = _share(seed, year, item) + 0.05 + Chance(seed, year, item.unit, item.indicator, "self").normal(0, 0.02)
        if tells("boastful_self_score", year, item.unit) and item.indicator.startswith(BOASTED):
            share = 1
        rows.append({"unit_id": item.unit, "indicator": item.indicator, "points": item.points(share)})
    return rows
