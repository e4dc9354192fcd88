"""`kill -9` at random moments of the commands that write; benchmarks/crash.py does the same at fifty."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.crashing import WORLDS, killed_at_random
from tests.reporting import standing_servers

pytestmark = pytest.mark.slow
TIMES = {"import": 2, "report": 1}
"""`score` is killed by the benchmark itself, in tests/test_benchmarks.py."""


@pytest.mark.parametrize("name", TIMES)
def test_killed_at_random_moments_nothing_is_mixed_or_lost(name, tmp_path):
    with standing_servers():
        counts = killed_at_random(name, tmp_path, TIMES[name])
    assert sum(counts[state] for state in ("old", "new", "to be completed")) == TIMES[name]


def processes_with(text: bytes) -> list[int]:
    """Those in whose environment it stands."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            here = text in (folder / "environ").read_bytes()
        except OSError:
            continue  # it has ended, or is somebody else's
        found += [int(folder.name)] if here else []
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="what else runs is read from /proc")
def test_a_scheduler_that_ends_a_report_finds_nothing_left_of_it(tmp_path):
    """SIGTERM while a notebook is executed: the kernel and its server end, too, and what was there stays."""
    world = WORLDS["report"](tmp_path)
    mark = str(world.temporary).encode()
    with world.started("--json", said=subprocess.PIPE) as run:
        started = next(event for event in map(json.loads, run.stdout) if event["event"] == "started")
        assert "/" in started["report"]
        assert len(processes_with(mark)) >= 1
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "已中断" in said.decode()
    assert "Traceback" not in said.decode()
    assert processes_with(mark) == []
    assert not world.left()
    assert not list(world.reports.rglob("*.html"))
