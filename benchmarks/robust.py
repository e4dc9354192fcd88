"""How long the draws of `kaohe robust` take, the whole of it, and the memory it needs.

    .venv/bin/python benchmarks/robust.py [--year 2018-2019] [--draws 10000] [--repeat 3]

Times are CPU seconds of one process on one thread, the least of several rounds; memory is what the process holds at
its peak beyond what it held once the year was scored.
"""

from __future__ import annotations

from meter import RAW, least, peak  # before NumPy is loaded

# isort: split
import argparse
from pathlib import Path

from kaohe.analysis.calibration import calibration
from kaohe.analysis.leftout import without_items, without_raters
from kaohe.analysis.resampling import resampled
from kaohe.analysis.robust import robust, scored_exactly
from kaohe.intake import read_year
from kaohe.scoring.score import score_intake
from kaohe.scoring.simulate import simulate


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--year", default="2018-2019")
    options.add_argument("--raw", type=Path, default=RAW)
    options.add_argument("--draws", type=int, default=10_000)
    options.add_argument("--repeat", type=int, default=3)
    given = options.parse_args()

    intake = read_year(given.raw, given.year)
    book = score_intake(intake)
    now, base = scored_exactly(intake, book)
    before = peak()
    robust(intake, book, draws=given.draws)
    print(f"{given.year}: {len(book.units)} units, {given.draws} draws")
    print(f"peak memory of the whole analysis: {peak() - before:.0f} MB")
    times = least(
        given.repeat,
        {
            "the draws, made and scored": lambda: simulate(
                now.bound, resampled(base, given.draws, 1, shaken=0.1).scenarios
            ),
            "without each rater, exactly": lambda: list(without_raters(now, base)),
            "without each item, exactly": lambda: list(without_items(now, base)),
            "kaohe robust, all of it": lambda: robust(intake, book, draws=given.draws),
            "kaohe calibration": lambda: calibration(intake, book),
        },
    )
    for name, seconds in times.items():
        print(f"{name:30} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
