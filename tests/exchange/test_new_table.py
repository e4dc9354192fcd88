"""A raw table that nobody has heard of takes two files: what it is, and how it is filled in."""

import json
import subprocess
import sys
from pathlib import Path

from tests.intake.test_other_schemes import HEAD, INDEX, put

TABLE = '''
"""走访: visits to a unit, each on a day."""
from kaohe.intake.checks.rawtable import RawTable, of_a_unit
from kaohe.intake.findings import Missing
from kaohe.intake.tables import columns
from kaohe.intake.tables.vocabulary import Column


def _check(record, context):
    if record["count"] < 1:
        context.log.error("no-visit", "走访没有人次", record.spot("count"), expected="1 以上")
        return False
    return of_a_unit(record, context)


def _missing(unit, data, context):
    if unit.unit_id not in data.others.get("visits", {}):
        yield Missing(unit.unit_id, "visit", "", "走访记录", "督查室")


TABLE = RawTable(
    "visits",
    "走访",
    (columns.unit(), Column("day", "走访日期", "date", key=True), Column("count", "人次", "number"), columns.note()),
    place=45,
    input="visit",
    check=_check,
    missing=_missing,
)
'''
FORM = '''
"""走访: as many rows as there were visits."""
from fractions import Fraction

from kaohe.exchange.forms.form import Form
from kaohe.exchange.validation import Entry

FORM = Form(
    "visits",
    says={"day": "走访的是哪一天"},
    entry=lambda asked, column: Entry("whole", Fraction(1)) if column.name == "count" else None,
    uncounted=True,
)
'''
STEPS = """
import json, sys
from pathlib import Path
import kaohe.exchange.forms, kaohe.intake.raw
raw, more = Path(sys.argv[1]), Path(sys.argv[2])
kaohe.intake.raw.__path__.append(str(more / "raw"))
kaohe.exchange.forms.__path__.append(str(more / "forms"))

from kaohe.analysis.scenario import Change, Scenario
from kaohe.analysis.whatif import apply
from kaohe.exchange.asking import Asked, context_of
from kaohe.exchange.progress import progress
from kaohe.exchange.template import template
from kaohe.intake.reading import read_rows
from kaohe.intake.tables.sourcerows import rows_of

def lacking(intake):
    return [(each.unit, each.what) for each in intake.missing]

told = {}
first = read_rows(raw, "2020").intake
told["before"] = lacking(first)
book = template(Asked(context_of(first)), {})
page = book["走访"]
told["heads"] = [cell.value for cell in page[1]]
told["note"] = page["B1"].comment.text
told["rules"] = sorted(each.type for each in page.data_validations.dataValidation)
for column, value in zip("ABC", ("A1", "2020-03-02", 2)):
    page[f"{column}2"] = value
for column, value in zip("ABC", ("A2", "2020-03-03", 0)):
    page[f"{column}3"] = value
for name in set(book.sheetnames) - {"走访", "说明"}:
    del book[name]
book.save(raw / "2020" / "督查室.xlsx")
reading = read_rows(raw, "2020")
second = reading.intake
told["after"] = lacking(second)
told["findings"] = [(each.code, each.message, each.row) for each in second.findings if each.severity != "advisory"]
told["rows"] = [(row.unit, str(row.values["count"])) for row in second.data.others["visits"]["A1"]]
told["progress"] = progress(reading, context_of(second), ()).rows
row = (("unit_id", "A1"), ("day", "2020-03-02"))
change = Change("set", "visits", row, "count", "2", "3")
trial = apply(second, Scenario("2020", changes=(change,)))
told["trial"] = [str(row.values["count"]) for row in rows_of(trial.data, "visits", "A1")]
print(json.dumps(told, ensure_ascii=False))
"""


def test_a_table_in_two_files_goes_from_template_to_reading_to_missing(tmp_path: Path) -> None:
    for folder, text in (("raw", TABLE), ("forms", FORM)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "visits.py").write_text(text, encoding="utf-8")
    figures = [(unit, name, 50) for unit in ("A1", "A2") for name in ("life", "income")]
    data = put(tmp_path / "data", "2020", HEAD + INDEX, metrics=[("单位编号", "指标名称", "数值"), *figures])
    run = [sys.executable, "-X", "utf8", "-c", STEPS, str(data), str(tmp_path)]
    made = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=False)
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["before"] == [["A1", "走访记录"], ["A2", "走访记录"]]
    assert told["heads"] == ["单位编号", "走访日期", "人次", "备注"]
    assert "走访的是哪一天" in told["note"]
    assert {"date", "whole"} <= {*told["rules"]}
    assert told["after"] == [["A2", "走访记录"]]
    assert ["no-visit", "走访没有人次", 3] in told["findings"]
    assert any(code == "missing" and "督查室" in said for code, said, _ in told["findings"])
    assert told["rows"] == [["A1", "2"]]
    assert told["progress"]["走访"] == 1
    assert told["trial"] == ["3"]
