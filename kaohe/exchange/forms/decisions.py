"""审议决定: a row a unit whose grade was decided, where the scheme knows grades."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form
from kaohe.exchange.rowchecks import one_a_unit


def graded(asked: Asked) -> bool:
    return asked.is_collector and bool(asked.context.scheme.results.grades)


def _clauses(asked: Asked) -> Iterable[str]:
    return (step.clause for step in asked.context.scheme.process if step.shown_by == "decisions")


FORM = Form(
    "decisions",
    offered=graded,
    says={
        "unit_id": "审议的是哪个单位，一个单位一行",
        "grade": "{deciders}审议定下的等次",
        "matter": "审议的事项：名额线上并列的填“并列”，其他的填“等次”或写明",
        "reason": "理由，显示在各页上",
        "decided_on": "审议决定的日期",
    },
    clauses=_clauses,
    fitting=one_a_unit,
    uncounted=True,
)
