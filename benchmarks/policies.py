"""How long all combinations of readings take, how much memory, and how many of them a single exact run agrees with.

    .venv/bin/python benchmarks/policies.py [--year 2018-2019] [--raw data/raw] [--runs 300] [--seed 1] [--flips 200]

The time is in processor seconds of one process on one thread, from the raw tables to the answer with the tables of the
decision page; the memory is the process's peak. `--runs` combinations, drawn at random, are scored one by one.
`--flips` opens the page in a Chromium and clicks so many readings at random, each time until everything is laid out,
and until the browser has drawn the frame that shows it.
"""

from __future__ import annotations

from meter import RAW, peak  # before NumPy is loaded

# isort: split
import argparse
import random
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from kaohe.analysis.combinations.lookup import Lookup
from kaohe.analysis.decide import decide_data
from kaohe.analysis.policies import AllReadings, all_readings
from kaohe.analysis.policiesjson import policies_json
from kaohe.batch.decide import decide_page
from kaohe.intake import read_year
from kaohe.scheme.policies import PolicyError
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from kaohe.scoring.score import score_intake


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--year", default="2018-2019")
    options.add_argument("--raw", type=Path, default=RAW)
    options.add_argument("--runs", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--flips", type=int, default=0)
    given = options.parse_args()
    intake = read_year(given.raw, given.year)
    book = score_intake(intake)
    start = time.process_time()
    found = all_readings(intake, book)
    told = policies_json(found)
    combined = time.process_time() - start
    tables = decide_data(found)
    whole, most = time.process_time(), peak()
    print(f"{found.choices.combinations} combinations, {told['computed']} computed, distinct {told['distinct']}")
    print(f"combinations {combined:.1f} s, the process from its start {whole:.1f} s, peak {most:.0f} MB")
    page = decide_page(book, tables)
    print(f"decision page {len(page.encode()) / 1e6:.2f} MB")
    if given.flips:
        for name, times in zip(("laid out", "drawn"), _flips(page, given.flips, given.seed), strict=True):
            print(f"{len(times)} flips until {name}: median {median(times):.0f} ms, at most {max(times):.0f} ms")
    agree, refused = _held_against(found, given.runs, given.seed)
    print(f"{agree} of {given.runs - refused} single exact runs agree; {refused} contradictory combinations refused")


FLIPS = """async chosen => {
    const laid = [], drawn = [];
    for (const place of chosen) {
        const others = document.querySelectorAll(".decide input[type=radio]:not(:checked)");
        const start = performance.now();
        others[place % others.length].click();
        document.body.getBoundingClientRect();
        laid.push(performance.now() - start);
        await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
        drawn.push(performance.now() - start);
        await new Promise(done => setTimeout(done, 20));
    }
    return [laid, drawn];
}"""


def _flips(page: str, many: int, seed: int) -> list[list[float]]:
    """Milliseconds of each flip until it is laid out, and until it is drawn."""
    from playwright.sync_api import sync_playwright

    from kaohe.batch.chromium import find_chromium

    chance = random.Random(seed)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "decide.html"
        file.write_text(page, encoding="utf-8")
        with playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"]) as browser:
            tab = browser.new_page(viewport={"width": 1920, "height": 1080})
            tab.goto(file.as_uri())
            times: list[list[float]] = tab.evaluate(FLIPS, [chance.randrange(1000) for _ in range(many)])
            return times


def _held_against(found: AllReadings, runs: int, seed: int) -> tuple[int, int]:
    """How many random combinations one run gives the same totals, ranks and grades, and how many exclude each other."""
    chance, looks = random.Random(seed), [Lookup(each) for each in found.outcomes]
    agree = refused = 0
    for _ in range(runs):
        values = {name: chance.choice(each) for name, each in found.choices.values.items()}
        here = [look.at(values) for look in looks]
        try:
            policies = found.choices.with_readings(values)
        except PolicyError:
            refused += 1
            assert None in here
            continue
        one = results(run(bind(found.bound.scheme, policies, found.bound.data, found.bound.past)))
        wanted = {
            unit.unit_id: (one.total[place], int(one.rank[place]), str(one.grade[place]))
            for place, unit in enumerate(found.bound.units)
        }
        agree += {unit: each for some in here if some for unit, each in some.items()} == wanted
    return agree, refused


if __name__ == "__main__":
    main()
