"""整改: a row a unit that has to put something right."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.decisions import graded
from kaohe.exchange.forms.form import Form
from kaohe.exchange.rowchecks import one_a_unit


def _clauses(asked: Asked) -> Iterable[str]:
    return (asked.context.scheme.results.clauses.get("rectify", ""),)


FORM = Form(
    "rectifications",
    offered=graded,
    says={
        "unit_id": "须整改的单位",
        "responsible": "整改的责任人",
        "cause": "查出的原因",
        "measures": "整改措施",
        "due": "整改的期限",
        "done_on": "完成整改的日期，没有完成的空着",
    },
    clauses=_clauses,
    fitting=one_a_unit,
)
