"""How scoring and reporting many schools grows: processor seconds and peak memory of one process, by their number.

    .venv/bin/python benchmarks/many_schools.py [--schools 10 50 200] [--reports 2 4]

Every school has a scheme of its own (the shipped one under another name), three demonstration years of three units each
(some 1 150 rows a year, from five seeds) and results of none. `kaohe score` does them all, one after the other; then
`kaohe report --quick` those of `--reports`. What 1 500 would take is extrapolated from the two largest numbers.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kaohe.scheme.demo import YEARS, year_notes, year_tables

HERE = Path(__file__).parents[1]
UNITS = ("C01", "E01", "D03")
SEEDS = 5
MANY = 1500


@dataclass(frozen=True)
class Took:
    """What a command took for so many schools: processor seconds, children included, and the largest process, in MB."""

    schools: int
    seconds: float
    peak: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--schools", type=int, nargs="*", default=[10, 50, 200])
    options.add_argument("--reports", type=int, nargs="*", default=[2, 4])
    options.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.alone:
        alone(*given.alone)
        return
    for command, sizes in (("score", given.schools), ("report", given.reports)):
        took = [measured(command, many) for many in sizes]
        if len(took) > 1:
            print(extrapolated(command, *took[-2:]))


def measured(command: str, many: int) -> Took:
    """One number of schools, in a process of its own: memory is not given back."""
    with tempfile.TemporaryDirectory() as place:
        make(Path(place) / "schools", many)
        words = [sys.executable, __file__, "--alone", command, place]
        environment = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONUTF8": "1", "CHROMIUM": os.devnull}
        said = subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout
    took = Took(many, *map(float, said.split()))
    each = took.seconds / many / len(YEARS)
    print(
        f"{command}: {many} schools × {len(YEARS)} years: {took.seconds:.1f} s ({each:.2f} a year), {took.peak:.0f} MB"
    )
    return took


def make(schools: Path, many: int) -> None:
    """So many schools, each with its scheme and its years."""
    files = [years_of(seed) for seed in range(min(SEEDS, many))]
    for number in range(1, many + 1):
        school = schools / f"第{number}学院"
        own = f"based_on: lygtc-2018\nid: school-{number}\nauthority: 第{number}学院\n"
        put(school / "kaohe.yaml", "scheme: 办法\n".encode())
        put(school / "办法" / "scheme.yaml", own.encode())
        for name, content in files[number % len(files)].items():
            put(school / "raw" / name, content)


def years_of(seed: int) -> dict[str, bytes]:
    """Every table of three years, cut down to a few units, as CSV."""
    found = {}
    for year in YEARS:
        for table, rows in year_tables(seed, year).items():
            kept = [row for row in rows if row["unit_id"] in UNITS]
            found[f"{year}/{table}.csv"] = csv_bytes(kept)
        found |= {f"{year}/{name}": text.encode() for name, text in year_notes(year, seed).items()}
    return found


def csv_bytes(rows: list[dict]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def alone(command: str, place: str) -> None:
    """What the command took, the only one below this process: the largest of several would count for all."""
    out = ["--quick", "--quiet", "--out", f"{place}/out"] if command == "report" else []
    words = [sys.executable, "-m", "kaohe", command, "--data", f"{place}/schools", *out]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def extrapolated(command: str, fewer: Took, more: Took) -> str:
    """A straight line through the two, as far as `MANY`."""
    further = (MANY - more.schools) / (more.schools - fewer.schools)
    seconds = more.seconds + further * (more.seconds - fewer.seconds)
    peak = more.peak + further * (more.peak - fewer.peak)
    return f"{command}: {MANY} schools, extrapolated: {seconds / 60:.0f} min, {peak:.0f} MB"


if __name__ == "__main__":
    main()
