"""自查报告: a row a unit, with the day on which its report came."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form, a_row_a_unit


def _clauses(asked: Asked) -> Iterable[str]:
    return (step.clause for step in asked.context.scheme.process if step.shown_by == "self_reports")


FORM = Form(
    "self_reports",
    rows=a_row_a_unit,
    says={"received_on": "收到自查报告的日期，没有收到的空着"},
    clauses=_clauses,
)
