"""One figure of C01 as it stands in a cell: its value, or the one error there."""

from fractions import Fraction
from typing import Any

from kaohe.intake import Intake
from kaohe.intake.findings import Finding
from tests.intake.yearbook import YearBook, workbook

RATE, COUNT, MONEY = "invigilation_rate", "trainees", "training_income"


def metric_read(year: YearBook, metric: str, cell: Any, number_format: str = "", *, excel: bool = False) -> Intake:
    """The year with one metric of C01 taken from a cell, in CSV or in Excel."""
    year.tables["metrics"] = [
        row for row in year.tables["metrics"] if (row["unit_id"], row["metric"]) != ("C01", metric)
    ]
    header = ["unit_id", "metric", "value"]
    if excel:
        book = workbook({"metrics": [header, ["C01", metric, cell]]})
        if number_format:
            book["metrics"]["C2"].number_format = number_format
        year.save("a/b.xlsx", book)
    else:
        year.put("a/metrics.csv", ",".join(header) + f'\nC01,{metric},"{cell}"\n')
    return year.read()


def value(intake: Intake, metric: str) -> Fraction | None:
    row = intake.data.metrics.get(("C01", metric))
    return row.value if row else None


def refused(intake: Intake, metric: str) -> Finding:
    """The one error, at the value's cell; the figure is left out and not called missing."""
    assert value(intake, metric) is None
    assert not intake.missing
    errors = [finding for finding in intake.findings if finding.severity == "error"]
    assert len(errors) == 1, errors
    assert (errors[0].row, errors[0].column, errors[0].unit) == (2, "value", "C01")
    return errors[0]
