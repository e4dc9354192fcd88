"""Whether every year in data/raw still scores to the same bytes as with an earlier commit's code.

    .venv/bin/python benchmarks/same_results.py REVISION [--data data] [--policy name=value …]

Takes the code of REVISION out of git, scores the same raw tables with it and with this checkout, and compares
`scores.parquet` and `results.parquet`. Ends with 1 where a file differs, naming its rows.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from earlier import HERE, code_of

from kaohe.intake import list_years

TABLES = ("scores", "results")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("revision")
    options.add_argument("--data", type=Path, default=HERE / "data")
    options.add_argument("--policy", action="append", default=[])
    given = options.parse_args()

    same = True
    with tempfile.TemporaryDirectory() as made:
        earlier = Path(made) / "code"
        code_of(given.revision, earlier)
        for year in list_years(given.data / "raw"):
            for name, code in (("before", earlier), ("now", HERE)):
                score(code, year, given.data, Path(made) / name, given.policy)
            for table in TABLES:
                before, now = (Path(made) / name / year / f"{table}.parquet" for name in ("before", "now"))
                equal = before.read_bytes() == now.read_bytes()
                print(f"{year} {table}: {'the same bytes' if equal else 'differs'}")
                same = same and equal
                if not equal:
                    tell_rows(pd.read_parquet(before), pd.read_parquet(now))
    return 0 if same else 1


def score(code: Path, year: str, data: Path, out: Path, policies: list[str]) -> None:
    """One year scored by the code in a folder, in a process of its own."""
    command = [sys.executable, "-m", "kaohe", "score", year, "--data", str(data.resolve()), "--out", str(out)]
    for policy in policies:
        command += ["--policy", policy]
    subprocess.run(
        command, cwd=code, env={**os.environ, "PYTHONPATH": str(code)}, stdout=subprocess.DEVNULL, check=True
    )


def tell_rows(before: pd.DataFrame, now: pd.DataFrame) -> None:
    """The cells that differ, where both tables have the same rows."""
    keys = [name for name in ("unit_id", "indicator") if name in before]
    if list(before.columns) != list(now.columns) or not before[keys].equals(now[keys]):
        print(f"  other rows or columns: {before.shape} → {now.shape}")
        return
    for name in before.columns:
        for row in before.index[~(before[name].eq(now[name]) | (before[name].isna() & now[name].isna()))]:
            print(f"  {' '.join(before.loc[row, keys])} {name}: {before.loc[row, name]!r} → {now.loc[row, name]!r}")


if __name__ == "__main__":
    sys.exit(main())
