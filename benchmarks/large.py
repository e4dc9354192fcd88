"""How the engine grows: units × items × months, exact and in float64, and again with twice as many units.

    .venv/bin/python benchmarks/large.py [--units 1000] [--items 300] [--months 12]

Times are CPU seconds of one process on one thread; memory is what the process holds at its peak. Everything is
invented: ten headings of equal items, each a share of a plan held between two points, found every month and averaged.
"""

from __future__ import annotations

from meter import peak  # before NumPy is loaded

# isort: split
import argparse
import gc
import random
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

from kaohe.intake.tables.data import MetricRow, Unit, YearData
from kaohe.rules import EXACT, FLOAT
from kaohe.scheme import Scheme, read_scheme
from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results

HEADINGS = 10


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--units", type=int, default=1000)
    options.add_argument("--items", type=int, default=300)
    options.add_argument("--months", type=int, default=12)
    options.add_argument("--alone", action="store_true", help="this size only, in this process")
    given = options.parse_args()
    if given.alone:
        measured(given.units, given.items, given.months)
        return
    for units in (given.units, 2 * given.units):  # each in a process of its own: memory is not given back
        size = ["--units", str(units), "--items", str(given.items), "--months", str(given.months)]
        subprocess.run([sys.executable, __file__, "--alone", *size], check=True)


def measured(units: int, items: int, months: int) -> None:
    """One size, scored exactly and in float64."""
    scheme, data = scheme_of(items, months), year_of(units, items, months)
    policies = resolve(scheme)
    gc.freeze()
    print(f"{units} units × {items} items × {months} months = {units * items * months:,} figures; held {peak():.0f} MB")
    for name, numbers in (("exact", EXACT), ("float64", FLOAT)):
        start = time.process_time()
        found = results(run(bind(scheme, policies, data), numbers))
        print(
            f"  {name}: {time.process_time() - start:.1f} s, peak {peak():.0f} MB; best {float(max(found.total)):.4f}"
        )


def scheme_of(items: int, months: int) -> Scheme:
    """A regulation of that many items under ten headings."""
    metrics = "".join(f"  m{at}: {{name: 数{at}, unit: 个, kind: number, office: 处}}\n" for at in range(items))
    leaves = [
        f"{{id: i{at}, name: 项{at}, full: 1, each: month, "
        f"rule: {{kind: line, value: m{at}, through: [[0, 0], [100, 1]]}}}}"
        for at in range(items)
    ]
    parts = [f"{{id: h{at}, name: 部{at}, items: [{', '.join(leaves[at::HEADINGS])}]}}" for at in range(HEADINGS)]
    text = (
        'id: large\ntitle: 大办法\nauthority: 某校\nin_force_from: "2018-01-01"\n'
        "categories: {unit: {name: 单位, group: all}}\ngroups: {all: {name: 全部, score: total}}\n"
        f"dimensions: {{month: {{name: 月, of: {months}}}}}\nmetrics:\n{metrics}"
        f"items: [{{id: total, name: 总分, items: [{', '.join(parts)}]}}]\n"
    )
    return read_scheme(Path("large/scheme.yaml"), lambda path: text.encode())


def year_of(units: int, items: int, months: int) -> YearData:
    """Figures of every unit, item and month, from one seed."""
    chance = random.Random(1)
    names = [f"U{at}" for at in range(units)]
    periods = {
        (unit, f"m{item}", str(month)): MetricRow(Fraction(chance.randrange(0, 1200), 10))
        for unit in names
        for item in range(items)
        for month in range(1, months + 1)
    }
    metrics = {(unit, f"m{item}"): MetricRow(Fraction(0)) for unit in names for item in range(items)}
    return YearData("2018-2019", tuple(Unit(unit, unit, "unit") for unit in names), metrics=metrics, periods=periods)


if __name__ == "__main__":
    main()
