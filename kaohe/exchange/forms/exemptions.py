"""不适用: those decided already stay in the table when it is handed in again."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form, Pairs
from kaohe.exchange.lists import Lists
from kaohe.exchange.rowchecks import Fitting, Line, apply, keep_pairs


def _pairs(asked: Asked) -> Pairs:
    context = asked.context
    return [each for each in asked.by_text() if context.applicability(each[0], each[1].id) in ("applies", "exempt")]


def _clauses(asked: Asked) -> Iterable[str]:
    return (policy.clause for policy in asked.context.scheme.exempting)


def _fitting(asked: Asked, line: Line, lists: Lists) -> Fitting:
    keep_pairs(_pairs(asked), lists, "适用配对")
    return Fitting((apply(line, "适用配对", (), only_told=True),))


FORM = Form(
    "exemptions",
    pairs=_pairs,
    says={"indicator": "哪项指标不考核这个单位", "reason": "{deciders}认定不适用的理由"},
    clauses=_clauses,
    fitting=_fitting,
)
