"""What was expected, in Chinese, for each way a scheme file can be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from kaohe.rules.meant import meant
from kaohe.rules.wording import number
from kaohe.scheme.reference import written_kinds

_WORDS = {
    "missing": "缺少此项",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "dict_type": "应为“名称: 内容”的映射",
    "model_type": "应为“字段: 内容”的映射",
    "model_attributes_type": "应为“字段: 内容”的映射",
    "tuple_type": "应为列表（方括号，或每项以“- ”开头）",
    "list_type": "应为列表（方括号，或每项以“- ”开头）",
    "union_tag_not_found": "缺少 kind",
    "choice": "应为一种读法的名称，或 {policy: 政策名}",
}
_PATTERNS = {
    r"^\d\d-\d\d$": "应为月-日，如 09-01（加引号）",
    r"^\d{4}-\d\d-\d\d$": "应为年-月-日，如 2018-09-01",
    r"^P\d\d[a-z]?$": "应为 P 加两位数字，如 P05 或 P05a",
    r"^T\d\d$": "应为 T 加两位数字，如 T05",
    r"^[a-z0-9][a-z0-9-]*$": "应由小写字母、数字和连字符组成",
}


def expected(item: Any) -> str:
    """What a pydantic error says was expected."""
    kind, context = item["type"], item.get("ctx", {})
    given = _given(item.get("input"))
    if kind == "missing":
        return _WORDS[kind]
    if kind == "string_type" and isinstance(item.get("input"), int | Fraction) and not isinstance(item["input"], bool):
        return f'{_WORDS[kind]}，数字请加引号："{number(item["input"])}"'
    if kind == "value_error":
        return str(context["error"]) + given
    if kind == "union_tag_not_found" and not isinstance(item.get("input"), dict):
        return "应为“字段: 内容”的映射，其中写明 kind" + given
    if kind == "union_tag_invalid":
        return "kind " + one_of(written_kinds(_quoted(context["expected_tags"])), str(context["tag"]))
    if kind == "literal_error":
        return one_of(_quoted(context["expected"]), str(item.get("input")))
    if kind == "too_short":
        return f"至少要有 {context['min_length']} 项"
    if kind in {"greater_than", "greater_than_equal"}:
        bound = context.get("gt", context.get("ge"))
        return f"应{'大于' if kind == 'greater_than' else '不小于'} {bound}" + given
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], f"格式应符合 {context['pattern']}") + given
    return _WORDS.get(kind, item["msg"]) + given


def no_field(near: str | None, fields: Iterable[str]) -> str:
    """`没有这个字段，是否应为 at_least`; else what may be written there."""
    if near:
        return f"没有这个字段，是否应为 {near}"
    listed = "、".join(fields)
    return "没有这个字段" + (f"；可写 {listed}" if listed else "，请检查拼写")


def one_of(names: Iterable[str], given: str) -> str:
    """`应为 a、b 之一，现为 bb，是否应为 b`."""
    listed = list(names)
    near = meant(given, listed)
    return f"应为 {'、'.join(listed)} 之一，现为 {given}" + (f"，是否应为 {near}" if near else "")


def _quoted(text: object) -> list[str]:
    return re.findall(r"'([^']*)'", str(text))


def unknown(what: str, given: str, known: Iterable[str]) -> str:
    """`指标目录（metrics）里没有 x，是否应为 y`; `known` may be a mapping to what is called so in Chinese."""
    near = meant(given, known)
    return f"{what}没有 {given}" + (f"，是否应为 {near}" if near else "")


def first_causes(error: ValidationError) -> list[Any]:
    """The errors that say something of their own.

    Not those that only follow from another one deeper in the same part, nor both branches of a
    reading that may be a name or a policy. A field that does not exist is told the one it may mean.
    """
    items: list[Any] = _choices_told_once(error.errors(include_url=False))
    deep = [item["loc"] for item in items]
    kept = [
        item
        for item in items
        if item["type"] != "too_short"
        or not any(len(loc) > len(item["loc"]) and loc[: len(item["loc"])] == item["loc"] for loc in deep)
    ]
    for item in kept:
        if item["type"] == "extra_forbidden":
            beside = [str(each["loc"][-1]) for each in kept if each["type"] == "missing" and _beside(each, item)]
            item["ctx"] = {"meant": meant(str(item["loc"][-1]), beside) or ""}
    return kept


def _beside(one: Any, other: Any) -> bool:
    return bool(one["loc"][:-1] == other["loc"][:-1])


def _choices_told_once(items: list[Any]) -> list[Any]:
    """`reading: 3` fails as a name and as a policy: one error. `{polcy: x}` was meant as a policy: its own errors."""
    kept = []
    for item in items:
        loc = item["loc"]
        if loc[-1:] == ("str",) and item["type"] == "string_type":
            if not isinstance(item["input"], dict):
                kept.append({**item, "type": "choice", "loc": loc[:-1]})
        elif loc[-1:] != ("PolicyReference",):
            kept.append(item)
    return kept


def _given(value: Any) -> str:
    if isinstance(value, bool):
        return f"，现为 {str(value).lower()}"
    return f"，现为 {value}" if isinstance(value, str | int | float) and str(value) else ""
