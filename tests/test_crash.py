"""`kill -9` at random moments of the commands that write; benchmarks/crash.py does the same at fifty."""

import pytest

from tests.crashing import WORLDS, killed_at_random

pytestmark = pytest.mark.slow
TIMES = {"score": 3, "import": 2, "report": 1}


@pytest.mark.parametrize("name", WORLDS)
def test_killed_at_random_moments_nothing_is_mixed_or_lost(name, tmp_path):
    counts = killed_at_random(name, tmp_path, TIMES[name])
    assert sum(counts[state] for state in ("old", "new", "to be completed")) == TIMES[name]
