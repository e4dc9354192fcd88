"""Mutated workbooks and CSV files: the value that was meant arrives, or a finding names the place; never another value.

KAOHE_FUZZ_CASES says how many cases each class of mutation gets (`make fuzz`).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutations import MUTATIONS
from tests.fuzz.targets import Mutation
from tests.fuzz.year import Year

CASES = int(os.environ.get("KAOHE_FUZZ_CASES", "12"))


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_the_value_or_a_finding(mutation: Mutation, tmp_path: Path, record_property: pytest.RecordProperty) -> None:
    year = Year(tmp_path)

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=CASES < 100,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        year.judge(mutation(data.draw, year))

    holds()
    assert year.counts.total() > 0
    record_property(f"fuzz:{mutation.__name__}", {"value": year.counts["value"], "finding": year.counts["finding"]})
