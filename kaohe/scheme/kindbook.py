"""The reference of every kind of figure, for `docs/`: meaning and example from data, fields from the classes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from kaohe.rules.base import Figure, Options, Strict
from kaohe.rules.kinds import FIGURES, AnyFigure
from kaohe.rules.plain import Number
from kaohe.rules.spelling import Names, naming
from kaohe.rules.votes import Vote, VoteOption
from kaohe.rules.wording import Term
from kaohe.scheme.reading import SHIPPED
from kaohe.scheme.yamlfile import load, parse

WORDS = SHIPPED / "kinds.yaml"
GENERAL: Mapping[str, str] = {
    "quotient": "ratio", "change": "growth", "average": "mean", "stepped": "steps", "measured": "per_unit",
    "added": "sum",
}  # fmt: skip
"""Kinds that the YAML writes under another's name: the same with any figures in place of plain metrics."""

UNWRITTEN = frozenset({"by_policy", "by_trait", "named", "own_mark", "unlimited", "after", "each_member"})
"""Kinds that come of short forms: a reading's options, `by_category`, a name, a word, `then`, `each`."""

BEGIN, END = "<!-- 种类一览：由程序生成 -->", "<!-- 种类一览完 -->"
_TERMS = {
    "papers": Term("论文数", "篇"), "teachers": Term("教师数", "人"), "passed": Term("通过人数", "人"),
    "entered": Term("参加人数", "人"), "income": Term("收入", "万元"), "planned": Term("计划收入", "万元"),
    "item:total": Term("总分", "分"), "topic": Term("课题"),
}  # fmt: skip


def entries() -> list[dict[str, str]]:
    """Kind, meaning and example of each, as the data say."""
    found: list[dict[str, str]] = load(WORDS).content
    return found


def figure_of(example: str) -> Figure:
    """The figure that an example's text writes."""
    options = {"good": VoteOption(name="好", worth=100), "bad": VoteOption(name="差", worth=0)}
    vote = Vote(name="民主测评", paper="counts", options=options, out_of=Number(value=100))
    with naming(Names(votes={"staff": vote})):
        figure: Figure = TypeAdapter(AnyFigure).validate_python(parse(f"a: {example}".encode()).content["a"])
    return figure


def reference() -> str:
    """The part of the document between its marks."""
    return "\n".join([BEGIN, *_lines(), END])


def renewed(document: str) -> str:
    """The document with the reference made anew; ValueError where it has no marks."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(document):
        raise ValueError(f"没有 {BEGIN}")
    return pattern.sub(lambda _: reference(), document)


def _lines() -> Iterator[str]:
    wider: dict[str, list[str]] = {}
    for general, written in GENERAL.items():
        wider.setdefault(written, []).append(general)
    for entry in entries():
        kind = entry["kind"]
        yield ""
        yield f"### `{kind}` {entry['says']}"
        yield ""
        yield "```yaml"
        yield entry["example"]
        yield "```"
        yield ""
        yield "读作：" + "；".join(figure_of(entry["example"]).describe(_TERMS))
        fields = {name: said for each in (kind, *wider.get(kind, ())) for name, said in _fields(FIGURES[each]).items()}
        if fields:
            yield ""
            yield from (f"- {said}" for said in fields.values())


def _fields(model: type[Strict]) -> dict[str, str]:
    """Field as it is written → what it may be."""
    out = {}
    for name, field in model.model_fields.items():
        if name in ("kind", "definition"):
            continue
        written = field.alias or name
        choices = _choices(field)
        says = f"`{written}`"
        if choices:
            says += "：" + "、".join(f"`{each}`" for each in choices)
        if field.is_required():
            says += "（必写）"
        elif isinstance(field.default, str | int) and str(field.default):
            says += f"（不写为 `{str(field.default).lower() if isinstance(field.default, bool) else field.default}`）"
        out[written] = says
    return out


def _choices(field: FieldInfo) -> tuple[str, ...]:
    for each in field.metadata:
        if isinstance(each, Options):
            return (*each.values, "{policy: 读法}")
    return tuple(_literals(field.annotation))


def _literals(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
        return
    for each in get_args(annotation):
        yield from _literals(each)
