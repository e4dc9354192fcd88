"""Kills `score`, `import` and `report` at random moments and counts what was left.

    .venv/bin/python benchmarks/crash.py [--times 50] [--seed 0] [score import report]

Stops at the first result that is neither the old one nor the new, or that the next run does not complete.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.crashing import WORLDS, killed_at_random


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("commands", nargs="*", default=list(WORLDS), choices=[*WORLDS, []])
    options.add_argument("--times", type=int, default=50)
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    for name in given.commands:
        with tempfile.TemporaryDirectory() as base:
            counts = killed_at_random(name, Path(base), given.times, given.seed)
        taken = counts.pop("taken over", 0)
        listed = ", ".join(f"{state} {count}" for state, count in sorted(counts.items()))
        print(f"{name}: killed {given.times} times, mixed or broken 0; left: {listed}; taken over: {taken}", flush=True)


if __name__ == "__main__":
    main()
