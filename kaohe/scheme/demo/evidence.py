"""The numbers beside ratings: advisory checks of 院部 and numeric targets of departments."""

from fractions import Fraction
from functools import cache

from kaohe.scheme import Item
from kaohe.scheme.demo.ability import ability
from kaohe.scheme.demo.asked import field_of, numbers_beside
from kaohe.scheme.demo.chance import Chance, clip
from kaohe.scheme.demo.profiles import all_units, profile
from kaohe.scheme.demo.stories import tells

STORY_VALUES = {
    "missed_target_full_marks": ("teachers_trained", 62),
    "missed_check_full_marks": ("party_research_papers", 0),
    "no_row_for_hours": ("substituted_hours_per_teacher", 2.3),
}


@cache
def evidence(seed: int, year: str) -> dict[tuple[str, str], float]:
    """{(unit, metric): value}."""
    values = {}
    for metric, indicator in numbers_beside():
        for unit in _asked(indicator):
            strength = ability(seed, year, unit, field_of(indicator.id)["area"])
            told = _told(year, unit, metric)
            drawn = _drawn(Chance(seed, year, unit, metric), profile("evidence")[metric], strength)
            values[unit, metric] = drawn if told is None else told
    return values


@cache
def missed(seed: int, year: str) -> frozenset[tuple[str, str]]:
    """(unit, indicator) whose number falls short of what the text asks."""
    values, short = evidence(seed, year), set()
    for metric, indicator in numbers_beside():
        for unit in _asked(indicator):
            facts, value = all_units()[unit], Fraction(str(values[unit, metric]))
            for check in indicator.checks:
                concerns = check.metric == metric and check.concerns(facts["category"], facts)
                if concerns and not check.met(value) and not _is_enough(metric, value):
                    short.add((unit, indicator.id))
    return frozenset(short)


def _is_enough(metric: str, value: Fraction) -> bool:
    enough = profile("evidence")[metric].get("enough")
    return enough is not None and value >= Fraction(str(enough))


def _asked(indicator: Item) -> list[str]:
    """The units the indicator is for."""
    ours = all_units().items()
    return [unit for unit, facts in ours if facts["category"] in indicator.applies and indicator.unit in (None, unit)]


def _told(year: str, unit: str, metric: str) -> float | None:
    told = (value for key, (named, value) in STORY_VALUES.items() if named == metric and tells(key, year, unit))
    return next(told, None)


def _drawn(chance: Chance, facts: dict, strength: float) -> float:
    value = facts["weak"] + (facts["strong"] - facts["weak"]) * strength + chance.normal(0, facts["spread"])
    value = round(clip(value, facts["low"], facts["high"]), facts["digits"])
    return int(value) if facts["digits"] <= 0 else value
