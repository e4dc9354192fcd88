"""What an indicator asks of a category of units: found once, looked up for every row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.rules import Figure
from kaohe.rules.happened import Events
from kaohe.rules.judged import Incidents, Judged
from kaohe.scheme import Item
from kaohe.scheme.wants import Beside, Want, divisors_in, wants_in, with_values


@dataclass(frozen=True)
class Facts:
    """`judged`: None where it is computed; `incidents` and `events`: None where none count.

    `metrics` the rule needs; `divisors` are the figures that must not be 0, `shares` the pairs of which it takes a
    percentage; `useful` are all that the rule, a check or the panel may look at.
    """

    rule: Figure | None
    judged: Judged | None
    incidents: Incidents | None
    events: Events | None
    metrics: tuple[str, ...]
    divisors: tuple[Want, ...]
    shares: frozenset[tuple[str, str]]
    useful: frozenset[str]
    wants: tuple[Want, ...] = ()

    @property
    def denominators(self) -> frozenset[str]:
        """Metrics by which the rule divides."""
        return frozenset(each.metric for each in self.divisors)

    @property
    def happenings(self) -> bool:
        """Whether what happened counts here, event by event."""
        return self.incidents is not None or self.events is not None

    def self_score(self, full: Fraction) -> tuple[Fraction | None, Fraction | None]:
        """The least and the most a unit may give itself: on the raters' scale, or in points where it is computed."""
        if self.judged is not None:
            return self.judged.least, self.judged.highest_rating(full)
        return (self.rule.worst(full), self.rule.best(full)) if self.rule is not None else (Fraction(0), None)


MOST_KNOWN = 10_000
"""Items times categories of a few schemes."""

_known: dict[tuple[int, str], tuple[Item, Facts]] = {}
"""Each with its item, which stays as long: it is known by identity."""


def facts_of(indicator: Item, category: str) -> Facts:
    """The facts of the indicator's rule for a category; every reading of a year asks for all of them."""
    key = id(indicator), category
    if key not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = indicator, _facts(indicator, category)
    return _known[key][1]


def _facts(indicator: Item, category: str) -> Facts:
    rule = next((variant.rule for variant in indicator.pools if category in variant.applies), None)
    parts = list(rule.walk()) if rule else []
    values = [value for part in parts for value in with_values(part)]
    wants = wants_in(indicator, category)
    metrics = tuple(dict.fromkeys(want.metric for want in wants if want.metric))
    return Facts(
        rule=rule,
        judged=next((part for part in parts if isinstance(part, Judged)), None),
        incidents=next((part for part in parts if isinstance(part, Incidents)), None),
        events=next((part for part in parts if isinstance(part, Events)), None),
        metrics=metrics,
        divisors=divisors_in(indicator, category),
        shares=frozenset(pair for value in values for pair in value.percentages()),
        wants=wants,
        useful=frozenset((*metrics, *_advisory(indicator, category), *indicator.evidence)),
    )


def facts_beside(beside: Beside, category: str) -> Facts:
    """What an item, or the results, ask of a category beside what leaves rest on: figures, and no more."""
    metrics = beside.metrics(category)
    return Facts(
        rule=None,
        judged=None,
        incidents=None,
        events=None,
        metrics=metrics,
        divisors=beside.divisors.get(category, ()),
        shares=frozenset(),
        useful=frozenset(metrics),
        wants=beside.wants.get(category, ()),
    )


def _advisory(indicator: Item, category: str) -> Iterator[str]:
    """Metrics of its checks that some unit of the category is held against."""
    return (check.metric for check in indicator.checks if not check.applies or category in check.applies)
