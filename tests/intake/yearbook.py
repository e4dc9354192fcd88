"""A small complete year, derived from the shipped scheme, and ways to write it down as offices do."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from kaohe.intake import Intake, read_year
from kaohe.intake.findings import Finding
from kaohe.intake.tables.asked import facts_of
from kaohe.scheme import Scheme, scheme_in_force
from tests.shipped import CODES, TABLES

YEAR = "2018-2019"
Row = dict[str, Any]
Tables = dict[str, list[Row]]

UNITS = (
    ("C01", "信息工程学院", "college", "general_branch"),
    ("C02", "机电工程学院", "college", "branch"),
    ("E01", "继续教育学院", "continuing", "branch"),
    ("F01", "基础课教学部", "foundation", "branch"),
    ("I01", "思想政治教学部", "ideology", "general_branch"),
    ("D03", "党委组织部", "department", None),
    ("D10", "财务处", "department", None),
)
RATERS = ("甲", "乙")


def scheme() -> Scheme:
    return scheme_in_force(YEAR)


def complete_tables() -> Tables:
    """Everything that applies, nothing that is remarkable: no finding but the departments that are left out."""
    return {name: [dict(row) for row in rows] for name, rows in _complete().items()}


@cache
def _complete() -> Tables:
    units = [dict(zip(("unit_id", "name", "category", "party_org"), unit, strict=True)) for unit in UNITS]
    tables: Tables = {name: [] for name in TABLES}
    tables["units"] = units
    for place, unit in enumerate(units):
        metrics: dict[str, Any] = {}
        for indicator in scheme().applicable(unit["category"], unit["unit_id"]):
            if unit["category"] in ("foundation", "ideology") and indicator.id in ("K1.4", "K7.3"):
                continue
            facts = facts_of(indicator, unit["category"])
            metrics |= {name: figure(name, place) for name in facts.metrics}
            if facts.judged:
                highest = facts.judged.highest_rating(indicator.full)
                for number, rater in enumerate(RATERS):
                    share = (80 + (place + number + len(indicator.name)) % 10) / 100
                    points = round(float(highest) * share, 4)
                    tables["ratings"].append(_row(unit, indicator=indicator.id, rater=rater, points=points))
        tables["metrics"] += [_row(unit, metric=name, value=value) for name, value in metrics.items()]
        tables["ballots"].append(_row(unit, excellent=60 + place, qualified=30, unqualified=2))
        for leader, role in (("张", "chief"), ("李", "deputy"), ("王", "deputy")):
            score = 80 + (place + ord(leader)) % 15
            tables["leader_ratings"].append(_row(unit, leader=leader, role=role, score=score))
    tables["achievements"] = [achievement(units[0]["unit_id"])]
    return tables


def figure(name: str, place: int) -> Any:
    """A plausible value of a metric."""
    metric = scheme().metrics[name]
    sizes = {"rate": round(0.8 + 0.01 * place, 4), "money": 100_000 + 10_000 * place}
    return sizes.get(metric.kind, 10 + place)


def _row(unit: Row, **more: Any) -> Row:
    return {"unit_id": unit["unit_id"], **more}


def achievement(unit: str = "C01", **more: Any) -> Row:
    return {
        "unit_id": unit,
        "indicator": "K6",
        "kind": "paper_core",
        "level": None,
        "award": None,
        "title": "一篇论文",
        "date": datetime.date(2019, 3, 5),
        "first_author": True,
        "amount": None,
    } | more


def incident(unit: str = "C01", **more: Any) -> Row:
    row = {"unit_id": unit, "indicator": "B17", "date": datetime.date(2019, 3, 5), "count": 1, "points": None}
    return row | {"note": "一起事件"} | more


def headers(table: str, rows: Iterable[Row]) -> list[str]:
    """The table's columns, and any other that a row has."""
    names = [column.name for column in TABLES[table].columns]
    return names + [name for name in dict.fromkeys(key for row in rows for key in row) if name not in names]


def in_chinese(table: str, column: str, value: Any) -> Any:
    """A value as an office writes it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if column == "metric":
        return scheme().metrics[value].name
    return CODES.get((table, column), {}).get(value, value)


def sheet_rows(table: str, rows: list[Row], *, chinese: bool = False, wide: bool = False) -> list[list[Any]]:
    """Header and rows of a table, in one language, tall or wide."""
    names = headers(table, rows)
    if wide and TABLES[table].across:
        return _wide(table, rows, chinese)
    spec = TABLES[table].column
    header = [spec[name].header if chinese and name in spec else name for name in names]
    return [header, *([_written(table, name, row.get(name), chinese) for name in names] for row in rows)]


def _written(table: str, column: str, value: Any, chinese: bool) -> Any:
    return in_chinese(table, column, value) if chinese else value


def _wide(table: str, rows: list[Row], chinese: bool) -> list[list[Any]]:
    spec = TABLES[table]
    across, value = str(spec.across), str(spec.value)
    fixed = ["unit_id"] + (["rater"] if table == "ratings" else [])
    subjects = list(dict.fromkeys(row[across] for row in rows))
    keys = list(dict.fromkeys(tuple(row[name] for name in fixed) for row in rows))
    cells = {(*(row[name] for name in fixed), row[across]): row[value] for row in rows}
    header = [spec.column[name].header if chinese else name for name in fixed]
    header += [in_chinese(table, across, subject) if chinese else subject for subject in subjects]
    return [header, *([*key, *(cells.get((*key, subject)) for subject in subjects)] for key in keys)]


def csv_bytes(rows: list[list[Any]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue().encode(encoding)


def workbook(sheets: Mapping[str, list[list[Any]]]) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


@dataclass
class YearBook:
    """A year being prepared below `raw`; `read` writes its tables and reads them back."""

    raw: Path
    tables: Tables = field(default_factory=complete_tables)

    @property
    def folder(self) -> Path:
        path = self.raw / YEAR
        path.mkdir(parents=True, exist_ok=True)
        return path

    def write_csv(self, *, chinese: bool = False, wide: bool = False, encoding: str = "utf-8") -> None:
        for table, rows in self.tables.items():
            if rows or TABLES[table].required:
                content = csv_bytes(sheet_rows(table, rows, chinese=chinese, wide=wide), encoding)
                name = TABLES[table].chinese if chinese else table
                (self.folder / f"{name}.csv").write_bytes(content)

    def write_xlsx(self, *, chinese: bool = False, wide: bool = False, name: str = "数据.xlsx") -> None:
        sheets = {
            TABLES[table].chinese if chinese else table: sheet_rows(table, rows, chinese=chinese, wide=wide)
            for table, rows in self.tables.items()
            if rows or TABLES[table].required
        }
        self.save(name, workbook(sheets))

    def save(self, name: str, book: Workbook) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)

    def put(self, name: str, content: str | bytes) -> None:
        """Any other file of the year."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def without(self, *tables: str) -> YearBook:
        """Leave out tables that the test writes itself."""
        for table in tables:
            del self.tables[table]
        return self

    def set(self, table: str, unit: str, subject: str, **values: Any) -> Row:
        """Change the first row of a unit about a metric or indicator (or add it)."""
        across = TABLES[table].across or "indicator"
        for row in self.tables[table]:
            if row["unit_id"] == unit and row.get(across) == subject:
                row.update(values)
                return row
        row = {"unit_id": unit, across: subject, **values}
        self.tables[table].append(row)
        return row

    def set_all(self, unit: str, indicator: str, points: Any) -> None:
        """Give the unit the same rating from every rater."""
        for row in self.tables["ratings"]:
            if (row["unit_id"], row["indicator"]) == (unit, indicator):
                row["points"] = points

    def row_of(self, table: str, row: Row) -> int:
        """Its number in the CSV file."""
        return next(number for number, each in enumerate(self.tables[table], start=2) if each is row)

    def read(self, overrides: Mapping[str, Any] | None = None) -> Intake:
        self.write_csv()
        return self.look(overrides)

    def look(self, overrides: Mapping[str, Any] | None = None) -> Intake:
        """Read what is written already."""
        return read_year(self.raw, YEAR, overrides)


def found(intake: Intake, code: str) -> list[Finding]:
    return [finding for finding in intake.findings if finding.code == code]


def only(intake: Intake, code: str) -> Finding:
    """The one finding of that code."""
    findings = found(intake, code)
    assert len(findings) == 1, [str(finding) for finding in intake.findings]
    return findings[0]


def remarkable(intake: Intake) -> list[str]:
    """Codes of all findings but those about departments and lists that the small year leaves out."""
    left_out = {"departments-absent", "no-achievements", "no-incidents"}
    return [finding.code for finding in intake.findings if finding.code not in left_out]
