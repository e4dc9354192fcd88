"""What each answer to a question about a year costs, once the year is scored, and a draft on past years.

    .venv/bin/python benchmarks/questions.py [--data data] [--question health] [YEAR …]

Processor seconds of one process on one thread, the years read and scored before; memory is what the process holds at
its peak in all.
"""

from __future__ import annotations

from meter import RAW, peak  # before NumPy is loaded

# isort: split
import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kaohe.analysis.backtest import under
from kaohe.analysis.health import health
from kaohe.analysis.healthjson import health_json
from kaohe.analysis.questions import QUESTIONS
from kaohe.intake import list_years, read_year
from kaohe.scheme import read_scheme
from kaohe.scheme.reading import DRAFTS
from kaohe.scoring.score import score_intake

DRAFT = "lygtc-2018-revised"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("years", nargs="*")
    options.add_argument("--data", type=Path, default=RAW.parent)
    options.add_argument("--question", action="append")
    given = options.parse_args()
    raw = given.data / "raw"
    scored = []
    for year in given.years or list_years(raw):
        intake = read_year(raw, year)
        scored.append((intake, score_intake(intake)))
    (intake, book), draft = scored[-1], read_scheme(DRAFTS / DRAFT)
    asked: dict[str, Callable[[], Any]] = {each.id: lambda each=each: each.answer(intake, book) for each in QUESTIONS}
    asked[f"health of {len(scored)} years"] = lambda: health_json(health(scored))
    asked["backtest of one year"] = lambda: under(draft, intake, book)
    for name, answer in asked.items():
        if given.question and name.split()[0] not in given.question:
            continue
        before = time.process_time()
        answer()
        print(f"{name}: {time.process_time() - before:.2f} s, {peak():.0f} MB")


if __name__ == "__main__":
    main()
