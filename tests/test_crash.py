"""`kill -9` at random moments of the commands that write; benchmarks/crash.py does the same at fifty."""

import pytest

from tests.crashing import killed_at_random
from tests.reporting import standing_servers

pytestmark = pytest.mark.slow
TIMES = {"import": 2, "report": 1}
"""`score` is killed by the benchmark itself, in tests/test_benchmarks.py."""


@pytest.mark.parametrize("name", TIMES)
def test_killed_at_random_moments_nothing_is_mixed_or_lost(name, tmp_path):
    with standing_servers():
        counts = killed_at_random(name, tmp_path, TIMES[name])
    assert sum(counts[state] for state in ("old", "new", "to be completed")) == TIMES[name]
