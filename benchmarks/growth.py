"""How commands grow with the data: 157 and 300 units, 1 and 200 scorings, 2 and 20 years; here and at a revision.

    .venv/bin/python benchmarks/growth.py [REVISION] [--units 157 300] [--corrections 1 200] [--years 2 20]
        [--commands score history diff verify] [--repeat 2] [--of FOLDER]

Makes years of many colleges out of a demonstration year (or another), one rater an item, a history of as many
scorings, and as many years before. `score` grows with the units; `history` with the scorings, a line each; `score` and
`diff` with scorings kept, and any command among other years, should not grow; `verify` holds every kept file to its
hash. `diff` is between the last scoring kept and the year as it is.
Times are processor seconds of a process of its own, its start included; compare the ratios: machines are noisy.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from earlier import HERE, code_of

YEAR = "2018-2019"
UNITS = {"score": "units", "history": "corrections", "years": "years"}
COMMANDS = ("score", "history", "diff", "verify")
RATERS = 1
"""Raters kept an item: 300 units then have some 20 000 ratings."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("revision", nargs="?")
    options.add_argument("--units", type=int, nargs=2, default=[157, 300])
    options.add_argument("--corrections", type=int, nargs=2, default=[1, 200])
    options.add_argument("--years", type=int, nargs=2, default=[2, 20])
    options.add_argument("--commands", nargs="+", choices=COMMANDS, default=COMMANDS)
    options.add_argument("--repeat", type=int, default=2)
    options.add_argument("--of", type=Path, default=HERE / "data" / "raw" / YEAR, help="the year's raw tables")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        root, codes = Path(made), {"now": HERE}
        if given.revision:
            codes = {given.revision: code_of(given.revision, root / "code"), **codes}
        for units in given.units:
            many_units(given.of, root / f"score-{units}", units)
        for times in given.corrections:
            many_units(given.of, root / f"history-{times}", 0)
            corrected(root / f"history-{times}", times)
        for many in given.years:
            many_years(given.of, root / f"years-{many}", many)
        for command, of, sizes in (
            ("score", "score", given.units),
            ("history", "history", given.corrections),
            ("score", "history", given.corrections),
            ("diff", "history", given.corrections),
            ("verify", "history", given.corrections),
            ("score", "years", given.years),
            ("diff", "years", given.years),
            ("verify", "years", given.years),
            ("history", "years", given.years),
        ):
            for name, code in codes.items() if command in given.commands else ():
                small, large = (seconds(code, command, root / f"{of}-{size}", given.repeat) for size in sizes)
                said = f"{sizes[0]}: {small:6.2f} s  {sizes[1]}: {large:6.2f} s  {large / small:.2f}"
                print(f"{command:8} {UNITS[of]:12} {name:10} {said}", flush=True)
    return 0


def many_units(source: Path, data: Path, units: int) -> None:
    """A year with its colleges repeated until there are so many units."""
    target = data / "raw" / YEAR
    target.mkdir(parents=True)
    known = rows_of(source / "units.csv")[1]
    colleges = [row["unit_id"] for row in known if row["category"] == "college"]
    copies = [(colleges[n % len(colleges)], f"C{100 + n}") for n in range(units - len(known))]
    for path in source.iterdir():
        if path.suffix != ".csv":
            (target / path.name).write_bytes(path.read_bytes())
            continue
        head, rows = rows_of(path)
        if path.stem == "ratings":
            seen: Counter[tuple[str, str]] = Counter()
            rows = [row for row in rows if counted(seen, (row["unit_id"], row["indicator"])) <= RATERS]
        mine = {unit: [row for row in rows if row["unit_id"] == unit] for unit in colleges}
        for unit, new in copies:
            again = {"unit_id": new}
            for row in mine[unit]:
                own = {name: row[name] + new for name in ("name", "title") if row.get(name)}
                rows.append({**row, **again, **own})
        with (target / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, head)
            writer.writeheader()
            writer.writerows(rows)


def counted(seen: Counter[tuple[str, str]], key: tuple[str, str]) -> int:
    seen[key] += 1
    return seen[key]


def rows_of(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or ()), list(reader)


def many_years(source: Path, data: Path, many: int) -> None:
    """The year and so many others before it, all with the same tables."""
    first = int(YEAR[:4])
    for year in range(first - many + 1, first + 1):
        shutil.copytree(source, data / "raw" / f"{year}-{year + 1}")
    assert kaohe(HERE, "score", data).returncode == 0


def corrected(data: Path, times: int) -> None:
    """A history of so many scorings, each with another total of one unit, kept as `score` keeps them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from kaohe.scoring import history

    assert kaohe(HERE, "score", data).returncode == 0
    folder = data / "processed" / YEAR
    about = dict(history.records(folder)[-1].manifest)
    first = pq.read_table(folder / "results.parquet").to_pandas()
    for number in range(1, times):
        first.loc[number % len(first), "total"] += 0.25
        packed = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(first, preserve_index=False), packed, compression="zstd")
        history.keep(folder, packed.getvalue())
        found = hashlib.sha256(packed.getvalue()).hexdigest()
        about["results"] = {**about["results"], "results.parquet": found}
        about["id"] = history.scoring_id(about)
        (entry,) = history.entries(folder, [("score", about, "")])
        (folder / entry.name).write_text(entry.text, encoding="utf-8", newline="\n")


def seconds(code: Path, command: str, data: Path, repeat: int) -> float:
    """Processor seconds of a command, the least of so many runs."""
    return min(spent(code, command, data) for _ in range(repeat))


def spent(code: Path, command: str, data: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = kaohe(code, command, data)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ended.returncode == 0, ended.stderr
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def last_scoring(data: Path) -> str:
    """The id of the last scoring that was kept, as its record's name says it."""
    return max((data / "processed" / YEAR / "history" / "records").iterdir()).stem.partition("-")[2]


def kaohe(code: Path, command: str, data: Path) -> subprocess.CompletedProcess[str]:
    about = [last_scoring(data), YEAR] if command == "diff" else [YEAR]
    words = [sys.executable, "-m", "kaohe", command, *about, "--data", str(data)]
    environment = {**os.environ, "PYTHONPATH": str(code), "PYTHONUTF8": "1"}
    return subprocess.run(
        words, cwd=data, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


if __name__ == "__main__":
    sys.exit(main())
