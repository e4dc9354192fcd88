"""否决事项: where the scheme knows any."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form


def _offered(asked: Asked) -> bool:
    return asked.is_collector and bool(asked.context.scheme.results.vetoes)


def _clauses(asked: Asked) -> Iterable[str]:
    return (asked.context.scheme.results.clauses.get("veto", ""),)


FORM = Form(
    "vetoes",
    offered=_offered,
    says={
        "kind": "否决事项属于哪一类",
        "note": "事项经过和依据；只供内部，不公开",
        "date": "事项发生的日期",
    },
    clauses=_clauses,
    dates="within",
    uncounted=True,
)
