"""What the answers on the units' pages cost beside scoring the year, and what one unit's full answer costs.

    .venv/bin/python benchmarks/goal.py [--units 157] [--unit C06] [--grade NAME] [--of TABLES]

A demonstration year, and the same with its colleges repeated until there are so many units (`growth.py`). CPU seconds
of one process on one thread.
"""

from __future__ import annotations

import meter  # noqa: F401 - one thread, before NumPy is loaded

# isort: split
import argparse
import tempfile
import time
from pathlib import Path

from growth import HERE, YEAR, many_units

from kaohe.analysis.goal import Goal, goals_of, year_goals
from kaohe.intake import Intake, read_year
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.bookfile import frozen
from kaohe.scoring.score import score_intake


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--units", type=int, default=157)
    options.add_argument("--unit", default="C06")
    options.add_argument("--grade", default="优秀")
    options.add_argument("--of", type=Path, default=HERE / "data" / "raw" / YEAR, help="the year's raw tables")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        for units in (0, given.units):
            data = Path(made) / str(units)
            many_units(given.of, data, units)
            intake, book = scored(data / "raw")
            start = time.process_time()
            goals = year_goals(intake, book)["units"]
            spent = time.process_time() - start
            asked = sum(any(each["size"] or each["nearest"] for each in mine) for mine in goals.values())
            print(f"{len(goals)} units, {asked} with something to change: {spent:.1f} s, {spent / asked:.2f} s each")
            if not units:
                start = time.process_time()
                found = goals_of(intake, book).of(given.unit).answer(Goal("grade", given.grade))
                print(f"  {given.unit} to {given.grade}: {time.process_time() - start:.1f} s, {found.tried} sets tried")


def scored(raw: Path) -> tuple[Intake, ScoreBook]:
    """The year and its book, and what reading, scoring and writing it costs."""
    start = time.process_time()
    intake = read_year(raw, YEAR)
    read = time.process_time()
    book = score_intake(intake, provisional=True)
    frozen(book)
    print(f"read {read - start:.1f} s, scored and written as a book {time.process_time() - read:.1f} s")
    return intake, book


if __name__ == "__main__":
    main()
