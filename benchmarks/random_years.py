"""Whether random years still score to the same bytes as with an earlier commit's code.

    .venv/bin/python benchmarks/random_years.py REVISION [--years 200] [--seed 1]

Makes random years of the shipped regulation with the tests' generator, as CSV files, scores them by the code of
REVISION and by this checkout (a process each), and compares the tables `scores` and `results` as Parquet. Inputs that
are lacking count 0. Ends with 1 where one differs, or where only one of the two refuses a year.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import os
import subprocess
import sys
import tempfile
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from earlier import HERE, code_of

YEAR = "2018-2019"
SCORE = """
import sys
from pathlib import Path
from kaohe.scoring.score import NotScorableError, score_year
for folder in sorted(Path(sys.argv[1]).iterdir()):
    out = Path(sys.argv[2], folder.name)
    out.mkdir(parents=True)
    try:
        book = score_year(sys.argv[3], folder / "raw", provisional=True)
    except NotScorableError:
        continue
    book.scores.to_parquet(out / "scores.parquet")
    book.results.to_parquet(out / "results.parquet")
"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("revision")
    options.add_argument("--years", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()

    with tempfile.TemporaryDirectory() as made:
        earlier, data = Path(made) / "code", Path(made) / "data"
        code_of(given.revision, earlier)
        for number in range(given.years):
            write(number + given.seed, data / f"{number:04}" / "raw" / YEAR)
        for name, code in (("before", earlier), ("now", HERE)):
            command = [sys.executable, "-c", SCORE, str(data), str(Path(made) / name), YEAR]
            subprocess.run(command, cwd=code, env={**os.environ, "PYTHONPATH": str(code)}, check=True)
        found = Counter(compared(Path(made), folder.name) for folder in sorted(data.iterdir()))
    for said, many in found.most_common():
        print(f"{many} years: {said}")
    return 0 if not found["differ"] else 1


def write(seed: int, folder: Path) -> None:
    """A random year as CSV files."""
    sys.path.insert(0, str(HERE))
    from tests.reference.years import Shape, build

    departments = ("D01", "D03", "D05", "D13")[: seed % 5]
    folder.mkdir(parents=True)
    for name, rows in build(Shape(seed, 1 + seed % 6, departments=departments, raters=1 + seed % 6)).items():
        if rows:
            heads = list(dict.fromkeys(head for row in rows for head in row))
            with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
                table = csv.DictWriter(file, heads)
                table.writeheader()
                table.writerows({head: text(value) for head, value in row.items()} for row in rows)


def text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Fraction):
        shown = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{shown:f}" if Fraction(shown) == value else f"{shown:.4f}"  # both read the same text
    return str(value)


def compared(made: Path, name: str) -> str:
    """`the same bytes`, `refused by both` or `differ`."""
    tables = [
        [made / side / name / f"{table}.parquet" for side in ("before", "now")] for table in ("scores", "results")
    ]
    there = {path.is_file() for pair in tables for path in pair}
    if there == {False}:
        return "refused by both"
    same = there == {True} and all(before.read_bytes() == now.read_bytes() for before, now in tables)
    if not same:
        print(f"{name}: differs")
    return "the same bytes" if same else "differ"


if __name__ == "__main__":
    sys.exit(main())
