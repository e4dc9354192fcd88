"""What the scheme asks of a year: the items a panel rates, and the numbers that stand beside them."""

from dataclasses import dataclass
from functools import cache

from kaohe.scheme import Item, Scheme, scheme_in_force
from kaohe.scheme.demo.chance import clip, plain
from kaohe.scheme.demo.profiles import YEARS, all_units, profile

TEACHING_DEPARTMENTS = "teaching_depts"
RATED_THOUGH_EXEMPT = YEARS[:1]
"""Years in which the panel also rated what only policy P09 exempts, so that every reading of P09 can be scored."""


@cache
def scheme() -> Scheme:
    """The scheme in force in all demonstration years."""
    return scheme_in_force(YEARS[0])


@dataclass(frozen=True)
class Rated:
    """One thing a panel rates at one unit: `full` is the highest rating, `floor` the least a rater gives."""

    unit: str
    indicator: str
    full: float
    floor: float

    @property
    def step(self) -> float:
        """Raters give whole points out of 100, tenths out of 3 and more, twentieths below."""
        return 1 if self.full >= 50 else 0.1 if self.full >= 3 else 0.05

    def points(self, share: float) -> float:
        points = clip(round(clip(share, 0, 1) * self.full / self.step) * self.step, self.floor, self.full)
        return plain(points)


@cache
def items(year: str) -> tuple[Rated, ...]:
    """Everything that is rated in a year, in the order of the scheme."""
    found = []
    for unit, facts in all_units().items():
        for indicator in scheme().applicable(facts["category"], unit):
            if indicator.judged and not _left_out(year, facts["category"], indicator.id):
                full = indicator.judged.highest_rating(indicator.printed_full)
                found.append(Rated(unit, indicator.id, float(full), float(indicator.judged.nothing_or_from or 0)))
    return tuple(found)


def _left_out(year: str, category: str, indicator: str) -> bool:
    policy = scheme().policy[TEACHING_DEPARTMENTS]
    return year not in RATED_THOUGH_EXEMPT and indicator in policy.options[policy.default].exempts.get(category, ())


def field_of(indicator: str) -> dict[str, str]:
    """The `area` of ability an indicator depends on, and what raters speak `about`."""
    areas, section = profile("areas"), scheme().section_of.get(indicator)
    return areas.get(indicator) or areas[section.id if section else "department"]


@cache
def numbers_beside() -> tuple[tuple[str, Item], ...]:
    """(metric, indicator) of every advisory check, target and piece of evidence that the demonstration fills in."""
    drawn = profile("evidence")
    pairs = []
    for indicator in scheme().indicators.values():
        named = [check.metric for check in indicator.checks] + list(indicator.evidence)
        pairs += [(metric, indicator) for metric in dict.fromkeys(named) if metric in drawn]
    return tuple(pairs)
