"""A small sound year in which one table is written anew for every case, and the oracle."""

from __future__ import annotations

import copy
import datetime
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl.utils import get_column_letter

from kaohe.intake import Finding, Intake, YearData, read_year
from kaohe.intake.year.unread import table_of_input
from kaohe.scoring.assemble import score_data
from tests.fuzz.writing import Rows, Workbook, text_of, xlsx
from tests.intake.yearbook import YEAR, YearBook, achievement, csv_bytes, incident, sheet_rows
from tests.shipped import TABLES

Key = tuple[str, ...]

UNITS = ("C01", "C02", "D10")
RATE, COUNT, MONEY = "invigilation_rate", "trainees", "training_income"
DATES = {"论文A（一）": datetime.date(2019, 3, 5), "论文A（二）": datetime.date(2018, 11, 30)}
RATERS = {"甲": "王伟", "乙": "李芳"}
LEADERS = {"张": "张强", "李": "李芳", "王": "王伟"}


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
    asked = [row for row in tables["ratings"] if row["indicator"] in ("B01", "B02", "B03")]
    tables["ratings"] = [{**row, "rater": RATERS[row["rater"]]} for row in asked]
    tables["leader_ratings"] = [{**row, "leader": LEADERS[row["leader"]]} for row in tables["leader_ratings"]]
    tables["achievements"] = [achievement(title=title, date=day.isoformat()) for title, day in DATES.items()]
    tables["incidents"] = [incident(unit, date=datetime.date(2019, 3, 5).isoformat()) for unit in ("C01", "C02")]
    rows = {name: sheet_rows(name, tables[name]) for name in ("units", *TARGETS, *FURTHER)}
    rows["wide"] = sheet_rows("metrics", tables["metrics"], wide=True)
    return rows


@cache
def _sound_year() -> tuple[dict[str, Rows], dict[Key, Any]]:
    """The tables of the year, and every figure in them."""
    tables = sound()
    with TemporaryDirectory() as raw:
        (Path(raw) / YEAR).mkdir()
        for name in ("units", *TARGETS, *FURTHER):
            (Path(raw) / YEAR / f"{name}.csv").write_bytes(csv_bytes(tables[name]))
        data = read_year(Path(raw), YEAR).data
    assert data
    found = figures(data)
    assert len(found) == 6 + 9 + 12 + 9 + 4 + 2, found
    return tables, found


FOLDERS = ("交来", "又交")
TARGETS = ("metrics", "ballots", "ratings", "achievements")
FURTHER = ("leader_ratings", "incidents")
"""Tables that are there only in the cases about them."""


def figures(data: YearData) -> dict[Key, Any]:
    """Every figure and date that was read; of incidents how many there are."""
    incidents: Counter[Key] = Counter()
    for each in data.incidents:
        incidents["incidents", each.unit, each.indicator] += int(each.count)
    return {
        **{("metrics", *key): row.value for key, row in data.metrics.items()},
        **{
            ("ballots", unit, name): votes
            for (unit, _, _), row in data.votes.items()
            for (_, name), votes in row.counts.items()
        },
        **{("ratings", *key, row.rater): row.points for key, rows in data.ratings.items() for row in rows},
        **{
            ("leader_ratings", unit, each.voter): each.mark
            for (unit, _, _), rows in data.marks.items()
            for each in rows
        },
        **{
            ("achievements", work(row.title), name): getattr(row, name)
            for row in data.achievements
            for name in ("date", "first_author")
        },
        **incidents,
    }


def work(title: str) -> str:
    """What a title says, however it is punctuated."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", title).casefold()))


def real(table: str) -> str:
    """The table that a sheet of such rows is."""
    return "metrics" if table == "wide" else table


@dataclass
class Case:
    """One table as an office might hand it in, and what was meant by it.

    `key` is the figure whose cell was changed, `meant` its value, None where it has none. A finding must name the
    file, `sheet`, `row` and, where it is a cell that was changed, one of `columns`. `told`: without a finding it is
    wrong; `calm`: with one that is an error it is; `gone`: it may count as not handed in; `doubtful`: what was meant
    may be refused; `may`: figures that it may have besides; `emptied`: nothing of the table is left; `unread`: it is
    all that was handed in of its table, and lacks nothing. `place` is its number among those that are read together.
    """

    table: str
    rows: Rows
    key: Key
    meant: Any
    row: int | None = None
    columns: tuple[str, ...] = ()
    sheet: str = ""
    told: bool = False
    calm: bool = False
    gone: bool = False
    doubtful: bool = False
    excel: bool = False
    emptied: bool = False
    unread: bool = False
    says: tuple[str, ...] = ()
    """What some finding about its files must say."""
    may: Mapping[Key, Any] = field(default_factory=dict)
    book: Workbook = field(default_factory=lambda: Workbook(""))
    content: bytes | None = None
    name: str = ""
    also: Mapping[str, Rows] = field(default_factory=dict)
    place: int = 0

    def bytes(self) -> bytes:
        if self.content is not None:
            return self.content
        if self.excel:
            self.book.sheet = self.book.sheet or self.real
            return xlsx(self.rows, self.book)
        return text_of(self.rows).encode()

    @property
    def real(self) -> str:
        return real(self.table)

    @property
    def file(self) -> str:
        return self.name or (f"交来/表{self.place}.xlsx" if self.excel else f"交来/{self.real}.csv")

    @property
    def files(self) -> set[str]:
        return {self.file, *self.also}

    def owns(self, key: Key) -> bool:
        return key[0] == self.real or self.real == "units"


class Year:
    """Writes and reads cases; `counts` by class: how often the value arrived, how often a finding said why not.

    What is fixed in a reading costs more than a table: cases of several tables are read together, and each is judged
    by its own table and files. `taken` are the tables that have one.
    """

    def __init__(self, raw: Path) -> None:
        self.raw, self.folder = raw, raw / YEAR
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True)
        self.tables, self.expected = _sound_year()
        self.taken: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.readings = 0

    def table(self, name: str) -> Rows:
        return copy.deepcopy(self.tables[name])

    def judge(self, *cases: Case) -> None:
        """AssertionError where a figure is another one, or is gone without a word."""
        there = {*TARGETS, *(case.real for case in cases)}
        intake = self._read(cases)
        assert intake.data
        got = figures(intake.data)
        expected = {key: value for key, value in self.expected.items() if key[0] in there}
        expected |= {case.key: case.meant for case in cases}
        may = {key: value for case in cases for key, value in case.may.items()}
        said = "\n".join(self._say(intake, case) for case in cases)
        wrong = {key: value for key, value in got.items() if value not in (expected.get(key), may.get(key))}
        lost = {key for key, value in expected.items() if value is not None and key not in got}
        assert not wrong, (wrong, said)
        for case in cases:
            self._judge(case, intake, got, {key for key in lost if case.owns(key)})
        gone = {key for key in lost if not any(case.owns(key) for case in cases)}
        assert not gone, (gone, said)

    def _judge(self, case: Case, intake: Intake, got: Mapping[Key, Any], lost: set[Key]) -> None:
        said = self._say(intake, case)
        told = at_the_cell(intake, case)
        if case.emptied:
            self._judge_emptied(case, intake, got)
            return
        if case.unread:
            assert not [each for each in intake.missing if table_of_input()[each.kind] == case.real], said
        if case.meant is not None and not case.told and not case.doubtful:
            assert case.key not in lost, said
        if case.key in lost or case.told or case.meant is None:
            assert told or (case.gone and any(each.unit in case.key for each in intake.missing)), said
        assert not lost - {case.key} or in_the_file(intake, case), (lost, said)
        assert all(any(word in str(each) for each in _of_its_files(intake, case)) for word in case.says), said
        if case.calm:
            assert case.key not in lost, said
            assert not any(finding.severity == "error" for finding in _of_its_files(intake, case)), said
        self.counts["value" if got.get(case.key) == case.meant is not None else "finding"] += 1

    def _judge_emptied(self, case: Case, intake: Intake, got: Mapping[Key, Any]) -> None:
        """No figure of it is there, it is named, and the year can be scored or cannot, but ends in no traceback."""
        assert not [key for key in got if case.owns(key)], self._say(intake, case)
        names = {case.real, TABLES[case.real].chinese, case.file}
        assert any(name in str(finding) for finding in intake.findings for name in names), self._say(intake, case)
        assert intake.scheme
        assert intake.policies
        assert intake.data
        if intake.data.units:
            score_data(intake.scheme, intake.policies, intake.data, provisional=True)
        self.counts["finding"] += 1

    def _read(self, cases: Sequence[Case]) -> Intake:
        self.readings += 1
        for name in ("units", *TARGETS, *FURTHER):
            path = self.folder / f"{name}.csv"
            if name in FURTHER or any(name == case.real for case in cases):
                path.unlink(missing_ok=True)
            elif not path.exists():
                self._put_sound(name)
        for path in (path for name in FOLDERS for path in (self.folder / name).iterdir()):
            path.unlink()
        for case in cases:
            self._put(case.file, case.bytes())
            for name, rows in case.also.items():
                self._put(name, text_of(rows).encode())
        return read_year(self.raw, YEAR)

    def _put_sound(self, *names: str) -> None:
        for name in names:
            self._put(f"{name}.csv", csv_bytes(self.tables[name]))

    def _put(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def _say(self, intake: Intake, case: Case) -> str:
        errors = [str(finding) for finding in intake.findings if finding.code not in ("missing", "departments-absent")]
        return f"{case.content!r}\n{case.file} row {case.row} {case.columns}: {case.rows!r}\n" + "\n".join(errors)


def at_the_cell(intake: Intake, case: Case) -> bool:
    """A finding at the cell, at its row where that is all there is, or that the file or sheet was not read at all."""
    for finding in _of_its_files(intake, case):
        if case.sheet and finding.sheet not in ("", case.sheet):
            continue
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
        if finding.file in case.files and (finding.severity != "advisory" or finding.code == "empty-sheet")
    ]


def column_names(rows: Rows, at: int) -> tuple[str, ...]:
    """How a finding may name a column: by its header or its letter."""
    return str(rows[0][at]), get_column_letter(at + 1)
