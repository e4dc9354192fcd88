"""Mutated workbooks and CSV files: the value that was meant arrives, or a finding names the place; never another value.

KAOHE_FUZZ_CASES says how many cases each class of mutation gets (`make fuzz`).
"""

from __future__ import annotations

import os
import random
from math import ceil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.mutations import MUTATIONS
from tests.fuzz.targets import Mutation, NoneLeftError
from tests.fuzz.year import Case, Year

CASES = int(os.environ.get("KAOHE_FUZZ_CASES", "12"))
AT_ONCE = 5
"""Cases that are read together at most: one a table."""


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_the_value_or_a_finding(mutation: Mutation, tmp_path: Path, record_property: pytest.RecordProperty) -> None:
    year = Year(tmp_path)
    number = 0
    while (lacking := CASES - year.counts.total()) > 0:
        share = max(year.counts.total(), 1) / year.readings if year.readings else AT_ONCE
        _try(mutation, year, ceil(lacking / share), number if CASES < 100 else random.getrandbits(64))
        number += 1
    record_property(f"fuzz:{mutation.__name__}", {"value": year.counts["value"], "finding": year.counts["finding"]})


def _try(mutation: Mutation, year: Year, readings: int, start: int) -> None:
    """So many readings of as many cases as there are tables for; `start` decides what is drawn."""

    @seed(start)
    @settings(max_examples=readings, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        year.judge(*_cases(mutation, year, data))

    holds()


def _cases(mutation: Mutation, year: Year, data: st.DataObject) -> list[Case]:
    year.taken.clear()
    cases: list[Case] = []
    while len(cases) < AT_ONCE:
        try:
            case = mutation(data.draw, year)
        except NoneLeftError:
            break
        year.taken.add(case.real)
        case.place = len(cases)
        if not any(case.files & other.files for other in cases):
            cases.append(case)
    return cases
