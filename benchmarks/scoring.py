"""How long the engine takes: one year exact and in float64, 10 000 scenarios, and ten rules beside plain NumPy.

    .venv/bin/python benchmarks/scoring.py [--year 2018-2019] [--scenarios 10000] [--repeat 5] [--against REVISION]

Times are CPU seconds of one process on one thread, the least of several rounds taken in turn; memory is what
the process holds at its peak beyond what it held before. Compare the ratios: machines are noisy. `--against` measures
an earlier commit by its own code and benchmark beside this checkout, a process each a round, in turn.
"""

from __future__ import annotations

from meter import RAW, least, peak  # before NumPy is loaded

# isort: split
import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from by_hand import TEN, by_hand
from earlier import HERE, code_of

from kaohe.intake import read_year
from kaohe.rules import EXACT, FLOAT
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear, bind
from kaohe.scoring.engine import Draws, PoolInputs, run
from kaohe.scoring.results import results
from kaohe.scoring.simulate import simulate


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--year", default="2018-2019")
    options.add_argument("--scenarios", type=int, default=10_000)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--against", metavar="REVISION")
    given = options.parse_args()
    if given.against:
        side_by_side(given)
        return

    intake = read_year(RAW, given.year)
    assert intake.scheme
    assert intake.policies
    assert intake.data
    scheme, policies, data = intake.scheme, intake.policies, intake.data
    bound = bind(scheme, policies, data)
    draws = random_draws(bound, given.scenarios)
    before = peak()
    simulate(bound, draws)
    print(f"{given.year}: {len(bound.units)} units, {len(bound.pools)} pools; {given.scenarios} scenarios")
    print(f"peak memory of the scenarios beyond the draws themselves: {peak() - before:.0f} MB")
    times = least(
        given.repeat,
        {
            "one year, exact, bound and scored": lambda: results(run(bind(scheme, policies, data), EXACT)),
            "one year, float64, bound and scored": lambda: results(run(bind(scheme, policies, data), FLOAT)),
            "scenarios, float64": lambda: simulate(bound, draws),
            "ten rules, scenarios, engine": lambda: ten_rules(bound, draws),
            "ten rules, scenarios, plain NumPy": lambda: by_hand(bound, draws),
        },
    )
    for name, seconds in times.items():
        print(f"{name:40} {seconds * 1000:9.1f} ms")
    exact, double, many, engine, plain = times.values()
    print(f"exact / float64, one year: {exact / double:.1f}")
    print(f"a scenario / a year in float64: 1/{double * given.scenarios / many:.0f}")
    print(f"engine / plain NumPy, ten rules: {engine / plain:.2f}")
    same = max(
        float(np.abs(engine - by_hand(bound, draws)[name]).max()) for name, engine in ten_rules(bound, draws).items()
    )
    print(f"largest difference between the two: {same:.1e} points")


def side_by_side(given: argparse.Namespace) -> None:
    """The least times of this checkout and of an earlier commit, and how they compare."""
    size = ["--year", given.year, "--scenarios", str(given.scenarios), "--repeat", "2"]
    with tempfile.TemporaryDirectory() as made:
        codes = (code_of(given.against, Path(made), "benchmarks", "data/raw"), HERE)
        best: list[dict[str, float]] = [{}, {}]
        for _ in range(given.repeat):
            for code, least_of in zip(codes, best, strict=True):
                command = [sys.executable, str(code / "benchmarks" / "scoring.py"), *size]
                environment = {**os.environ, "PYTHONPATH": str(code)}
                said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
                for name, found in re.findall(r"^(.+?) +([\d.]+) ms$", said, re.MULTILINE):
                    least_of[name] = min(least_of.get(name, float("inf")), float(found))
    before, now = best
    for name, found in now.items():
        if name in before:
            ratio = found / before[name]
            print(f"{name:40} {given.against} {before[name]:9.1f} ms, here {found:9.1f} ms: {ratio:.2f}")


def random_draws(bound: BoundYear, scenarios: int, seed: int = 1) -> Draws:
    """Every input of the year shaken by 5 %: metrics, panels' ratings, weighted counts, both votes."""
    random = np.random.default_rng(seed)
    units, data = bound.units, bound.data

    def shaken(values: list[float], most: float = np.inf) -> np.ndarray:
        return np.clip(np.array(values) * random.normal(1, 0.05, (scenarios, len(values))), 0, most)

    metrics = {}
    for name in {name for pool in bound.pools for rule in pool.rule.walk() for name in rule.metrics()}:
        rows = [data.metrics.get((unit.unit_id, name)) for unit in units]
        metrics[name] = shaken([float(row.value) if row else 1.0 for row in rows])
    ratings, tallies = {}, {}
    for pool in bound.pools:
        indicator = pool.indicator
        assert indicator
        if indicator.judged:
            panels = [data.ratings.get((unit.unit_id, indicator.id), ()) for unit in units]
            highest = float(indicator.judged.highest_rating(pool.full))
            means = [float(sum(r.points for r in panel) / len(panel)) if panel else 0.0 for panel in panels]
            ratings[indicator.id, ""] = shaken(means, highest)
        if indicator.weights:
            tallies[indicator.id] = shaken([float(bound.tally(unit.unit_id, indicator).sum) for unit in units])
    ballots = {
        ("ballot", "", "", name): shaken(
            [float(data.votes[unit.unit_id, "ballot", ""].counts["", name]) for unit in units]
        )
        for name in ("excellent", "qualified", "unqualified")
    }
    given = {}
    for role in ("chief", "deputy"):
        voted = [data.marks[unit.unit_id, "leaders", ""] for unit in units]
        scores = [[float(each.mark) for each in marks if each.group == role] for marks in voted]
        given["leaders", "", role] = shaken([sum(each) / len(each) for each in scores], 100)
    return Draws(scenarios, metrics, ratings, tallies, ballots, given)


def ten_rules(bound: BoundYear, draws: Draws, chunk: int = 500) -> dict[str, np.ndarray]:
    """The engine's points of ten indicators, in chunks as `simulate` takes them."""
    parts: dict[str, list[np.ndarray]] = {}
    for first in range(0, draws.size, chunk):
        some = draws.part(first, first + chunk)
        axes = Axes(bound.policies, draws=True)
        for pool in bound.pools:
            if pool.name in TEN:
                points = pool.rule.points(PoolInputs(bound, pool, FLOAT, axes, some)).points
                parts.setdefault(f"{pool.name}@{pool.members[0]}", []).append(points)
    return {name: np.concatenate(columns) for name, columns in parts.items()}


if __name__ == "__main__":
    main()
