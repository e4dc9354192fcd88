"""A small sound year in which one table is written anew for every case, and the oracle."""

from __future__ import annotations

import copy
import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from kaohe.intake import Finding, Intake, YearData, read_year
from tests.fuzz.writing import Rows, Workbook, text_of, xlsx
from tests.intake.yearbook import YEAR, YearBook, achievement, csv_bytes, sheet_rows

Key = tuple[str, ...]

UNITS = ("C01", "C02", "D10")
RATE, COUNT, MONEY = "invigilation_rate", "trainees", "training_income"
DATES = {"论文一": datetime.date(2019, 3, 5), "论文二": datetime.date(2018, 11, 30)}


def sound() -> dict[str, Rows]:
    """Each table as header and rows; metrics also as `wide`."""
    year = YearBook(Path())
    tables = {name: [row for row in rows if row["unit_id"] in UNITS] for name, rows in year.tables.items()}
    values = {"C01": (0.85, 120, 36500), "C02": (0.9, 80, 12000.5)}
    tables["metrics"] = [
        {"unit_id": unit, "metric": metric, "value": value}
        for unit, figures in values.items()
        for metric, value in zip((RATE, COUNT, MONEY), figures, strict=True)
    ]
    tables["ratings"] = [row for row in tables["ratings"] if row["indicator"] in ("B01", "B02", "B03")]
    tables["achievements"] = [achievement(title=title, date=day.isoformat()) for title, day in DATES.items()]
    rows = {name: sheet_rows(name, tables[name]) for name in ("units", *TARGETS)}
    rows["wide"] = sheet_rows("metrics", tables["metrics"], wide=True)
    return rows


FOLDERS = ("交来", "又交")
TARGETS = ("metrics", "ballots", "ratings", "achievements")


def figures(data: YearData) -> dict[Key, Any]:
    """Every figure and date that was read."""
    return {
        **{("metrics", *key): row.value for key, row in data.metrics.items()},
        **{
            ("ballots", unit, name): getattr(row, name)
            for unit, row in data.ballots.items()
            for name in ("excellent", "qualified", "unqualified")
        },
        **{("ratings", *key, row.rater): row.points for key, rows in data.ratings.items() for row in rows},
        **{
            ("achievements", row.title, name): getattr(row, name)
            for row in data.achievements
            for name in ("date", "first_author")
        },
    }


@dataclass
class Case:
    """One table as an office might hand it in, and what was meant by it.

    `key` is the figure whose cell was changed, `meant` its value, None where it has none. A finding must name the
    file, `row` and, where it is a cell that was changed, one of `columns`. `told`: without a finding it is wrong;
    `gone`: it may count as not handed in; `doubtful`: what was meant may be refused.
    """

    table: str
    rows: Rows
    key: Key
    meant: Any
    row: int | None = None
    columns: tuple[str, ...] = ()
    told: bool = False
    gone: bool = False
    doubtful: bool = False
    excel: bool = False
    book: Workbook = field(default_factory=lambda: Workbook(""))
    content: bytes | None = None
    name: str = ""
    also: Mapping[str, Rows] = field(default_factory=dict)

    def bytes(self) -> bytes:
        if self.content is not None:
            return self.content
        if self.excel:
            self.book.sheet = self.book.sheet or self.real
            return xlsx(self.rows, self.book)
        return text_of(self.rows).encode()

    @property
    def real(self) -> str:
        return "metrics" if self.table == "wide" else self.table

    @property
    def file(self) -> str:
        return self.name or ("交来/表.xlsx" if self.excel else f"交来/{self.real}.csv")


class Year:
    """Writes and reads cases; `counts` by class: how often the value arrived, how often a finding said why not."""

    def __init__(self, raw: Path) -> None:
        self.raw, self.folder = raw, raw / YEAR
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True)
        self.tables = sound()
        self.counts: Counter[str] = Counter()
        (self.folder / "units.csv").write_bytes(csv_bytes(self.tables["units"]))
        self.expected = figures(self._read_sound())
        assert len(self.expected) == 6 + 9 + 12 + 4, self.expected

    def _read_sound(self) -> YearData:
        for name in TARGETS:
            self._put(f"{name}.csv", csv_bytes(self.tables[name]))
        data = read_year(self.raw, YEAR).data
        assert data
        return data

    def table(self, name: str) -> Rows:
        return copy.deepcopy(self.tables[name])

    def judge(self, case: Case) -> None:
        """AssertionError where a figure is another one, or is gone without a word."""
        intake = self._read(case)
        data = intake.data
        assert data
        got = figures(data)
        expected = self.expected | {case.key: case.meant}
        said = self._say(intake, case)
        told = at_the_cell(intake, case)
        wrong = {key: value for key, value in got.items() if value != expected.get(key)}
        lost = {key for key, value in expected.items() if value is not None and key not in got}
        assert not wrong, (wrong, said)
        if case.meant is not None and not case.told and not case.doubtful:
            assert case.key not in lost, said
        if case.key in lost or case.told or case.meant is None:
            assert told or (case.gone and any(each.unit in case.key for each in intake.missing)), said
        assert not lost - {case.key} or in_the_file(intake, case), (lost, said)
        self.counts["value" if got.get(case.key) == case.meant is not None else "finding"] += 1

    def _read(self, case: Case) -> Intake:
        for name in TARGETS:
            path = self.folder / f"{name}.csv"
            if name == case.real:
                path.unlink(missing_ok=True)
            elif not path.exists():
                self._put(path.name, csv_bytes(self.tables[name]))
        for path in (path for name in FOLDERS for path in (self.folder / name).iterdir()):
            path.unlink()
        self._put(case.file, case.bytes())
        for name, rows in case.also.items():
            self._put(name, text_of(rows).encode())
        return read_year(self.raw, YEAR)

    def _put(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def _say(self, intake: Intake, case: Case) -> str:
        errors = [str(finding) for finding in intake.findings if finding.code not in ("missing", "departments-absent")]
        return f"{case.content!r}\n{case.file} row {case.row} {case.columns}: {case.rows!r}\n" + "\n".join(errors)


def at_the_cell(intake: Intake, case: Case) -> bool:
    """A finding at the cell, at its row where that is all there is, or that the file or sheet was not read at all."""
    for finding in _of_its_files(intake, case):
        if case.row is None or (finding.row is None and finding.severity != "warning"):
            return True
        if finding.row == case.row and (not case.columns or not finding.column or finding.column in case.columns):
            return True
    return False


def in_the_file(intake: Intake, case: Case) -> bool:
    return any(finding.severity != "warning" for finding in _of_its_files(intake, case))


def _of_its_files(intake: Intake, case: Case) -> list[Finding]:
    """What is said of the files of the case; of advisories only that there is nothing in one."""
    return [
        finding
        for finding in intake.findings
        if finding.file in {case.file, *case.also} and (finding.severity != "advisory" or finding.code == "empty-sheet")
    ]


def column_names(rows: Rows, at: int) -> tuple[str, ...]:
    """How a finding may name a column: by its header or its letter."""
    return str(rows[0][at]), get_column_letter(at + 1)
