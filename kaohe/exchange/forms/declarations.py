"""申报: one row a unit and kind, where the scheme knows declarations."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form
from kaohe.exchange.lists import Lists
from kaohe.exchange.rowchecks import Fitting, Line, once


def _offered(asked: Asked) -> bool:
    return asked.is_collector and bool(asked.context.scheme.results.declarations)


def _clauses(asked: Asked) -> Iterable[str]:
    return (asked.context.scheme.results.clauses.get("declare", ""),)


def _fitting(asked: Asked, line: Line, lists: Lists) -> Fitting:
    return Fitting((once(line, ("unit_id", "kind"), "同一单位同一类型只填一行（重复的显示为红色）", ("title",)),))


FORM = Form(
    "declarations",
    offered=_offered,
    says={
        "kind": "申报哪一类；同一单位同一类只填一行",
        "title": "申报的工作或项目的全称",
        "accepted": "{deciders}是否认定通过",
        "date": "工作取得成效或突破的日期",
    },
    clauses=_clauses,
    dates="within",
    fitting=_fitting,
    uncounted=True,
)
