"""突出贡献奖: where the scheme knows awards beside the grades."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form


def _offered(asked: Asked) -> bool:
    return asked.is_collector and bool(asked.context.scheme.results.awards)


def _clauses(asked: Asked) -> Iterable[str]:
    return (asked.context.scheme.results.clauses.get("award", ""),)


FORM = Form(
    "awards",
    offered=_offered,
    says={
        "title": "突出贡献的工作或项目的全称",
        "approved": "{deciders}是否批准；还没有评选的先空着",
        "basis": "成绩的依据，如获奖文件、证书",
        "level": "成绩的级别",
        "review": "{deciders}评审时的意见",
        "date": "取得成绩的日期",
    },
    clauses=_clauses,
    dates="within",
    uncounted=True,
)
