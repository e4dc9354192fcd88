"""What units gave themselves, in points: it stands beside what they were given and never counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from kaohe.rules.judged import Judged
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.owned import full_mark


def self_scores(bound: BoundYear) -> Mapping[str, Mapping[str, Fraction]]:
    """Unit → indicator → points of its own; what is rated on another scale is converted as the ratings are."""
    categories = {unit.unit_id: unit.category for unit in bound.units}
    found: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for (unit, name), given in bound.data.self_scores.items():
        if not bound.applies(unit, name):
            continue
        indicator = bound.scheme.indicators[name]
        rules = (each.rule for each in indicator.pools if categories[unit] in each.applies)
        parts = (part for rule in rules if rule for part in rule.walk())
        judged = next((part for part in parts if isinstance(part, Judged)), None)
        if judged is not None and judged.out_of is not None:
            given = given / judged.out_of * full_mark(bound.scheme, bound.policies, indicator)
        found[unit][name] = given
    return dict(found)
