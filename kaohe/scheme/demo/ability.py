"""How good a unit is in each field and year: its level, a lasting leaning, and a drift that remembers last year."""

from functools import cache

from kaohe.scheme.demo.chance import Chance, clip
from kaohe.scheme.demo.profiles import YEARS, all_units

DRIFT, MEMORY, STEADY = 0.09, 0.8, 0.25


@cache
def _drifts(seed: int, unit: str, area: str) -> tuple[float, ...]:
    chance = Chance(seed, "drift", unit, area)
    drift, drifts = chance.normal(0, DRIFT), []
    for _ in YEARS:
        drifts.append(drift)
        drift = MEMORY * drift + (1 - MEMORY**2) ** 0.5 * chance.normal(0, DRIFT)
    return tuple(drifts)


def ability(seed: int, year: str, unit: str, area: str) -> float:
    """Between 0.01 and 0.99. A unit that carries a story (`steady`) drifts only a little."""
    facts, at = all_units()[unit], YEARS.index(year)
    drift = _drifts(seed, unit, area)[at] * (STEADY if facts.get("steady") else 1)
    return clip(facts["level"][at] + facts.get("areas", {}).get(area, 0) + drift, 0.01, 0.99)


def level(year: str, unit: str) -> float:
    return all_units()[unit]["level"][YEARS.index(year)]
