"""Whether a rule looks at the other units of its pool: held against the year scored with fewer units."""

from dataclasses import replace

import pytest

from kaohe.scheme import shipped
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from tests.reference.years import Shape, build
from tests.scoring.tables import year_data

pytestmark = pytest.mark.slow

SCHEME = shipped("lygtc-2018")
YEAR = "2018-2019"
STAY = ("C1", "D03")


def test_what_does_not_compare_is_never_moved_by_others():
    moved = set()
    for seed in range(8):
        data = year_data(build(Shape(seed, 6, departments=("D03", "D05", "D06"), raters=3, year=YEAR)), YEAR)
        fewer = replace(data, units=tuple(unit for unit in data.units if unit.unit_id in STAY))
        policies = resolve(SCHEME)
        every, few = (score_data(SCHEME, policies, each, provisional=True).points for each in (data, fewer))
        moved |= {indicator for (unit, indicator), points in few.items() if every[unit, indicator] != points}
    compares = {each.id for each in SCHEME.indicators.values() if any(pool.rule.compares() for pool in each.pools)}
    assert moved <= compares
    assert len(moved) > len(compares) / 2  # the years are varied enough to tell
