"""A demonstration year cut down to a few units, as real CSV files to change and score."""

import csv
import shutil
from pathlib import Path

DEMO = Path(__file__).parents[1] / "data" / "raw"
UNITS = ("C01", "C02", "C03", "E01", "D03", "D05")


def small_year(data: Path, year: str = "2018-2019", units: tuple[str, ...] = UNITS) -> Path:
    """`data`/raw/`year` with the 2018-2019 demonstration tables of `units`; returns the folder.

    Dates stay those of 2018-2019: another `year` finds achievements outside its window.
    """
    folder = data / "raw" / year
    folder.mkdir(parents=True)
    for path in (DEMO / "2018-2019").iterdir():
        if path.suffix != ".csv":
            shutil.copy(path, folder)
            continue
        head, rows = read(path)
        write(folder / path.name, head, [row for row in rows if row["unit_id"] in units])
    return folder


def read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert reader.fieldnames
    return list(reader.fieldnames), rows


def write(path: Path, head: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, head)
        writer.writeheader()
        writer.writerows(rows)


def change(folder: Path, table: str, change_row, *, where=lambda row: True) -> int:
    """Apply `change_row(row)` to the rows of a table that `where` picks; a row it returns None for goes."""
    head, rows = read(folder / f"{table}.csv")
    out, changed = [], 0
    for row in rows:
        if where(row):
            changed += 1
            new = change_row(dict(row))
            if new is not None:
                out.append(new)
        else:
            out.append(row)
    write(folder / f"{table}.csv", head, out)
    return changed


def add(folder: Path, table: str, **row: str) -> None:
    head, rows = read(folder / f"{table}.csv")
    write(folder / f"{table}.csv", head, [*rows, {name: row.get(name, "") for name in head}])


def metric(folder: Path, unit: str, name: str, value: str) -> None:
    """Another value for one figure of a unit."""
    row = {"unit_id": unit, "metric": name}
    found = change(folder, "metrics", lambda it: {**it, "value": value}, where=lambda it: row.items() <= it.items())
    assert found == 1
