"""What was expected, in Chinese, for each way a scheme file can be wrong."""

from __future__ import annotations

from typing import Any

_WORDS = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个字段，请检查拼写",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "dict_type": "应为“名称: 内容”的映射",
    "model_type": "应为“字段: 内容”的映射",
    "model_attributes_type": "应为“字段: 内容”的映射",
    "tuple_type": "应为列表",
    "list_type": "应为列表",
    "union_tag_not_found": "缺少 kind",
}


def expected(item: Any) -> str:
    """What a pydantic error says was expected."""
    kind, context = item["type"], item.get("ctx", {})
    given = "" if kind in {"missing", "extra_forbidden", "too_short"} else _given(item.get("input"))
    if kind == "value_error":
        return str(context["error"]) + given
    if kind == "union_tag_invalid":
        return f"kind 应为 {context['expected_tags']} 之一，现为 {context['tag']}"
    if kind == "literal_error":
        return f"应为 {context['expected']} 之一".replace(" or ", "、") + given
    if kind == "too_short":
        return f"至少要有 {context['min_length']} 项"
    if kind in {"greater_than", "greater_than_equal"}:
        bound = context.get("gt", context.get("ge"))
        return f"应{'大于' if kind == 'greater_than' else '不小于'} {bound}" + given
    if kind == "string_pattern_mismatch":
        return f"格式应符合 {context['pattern']}" + given
    return _WORDS.get(kind, item["msg"]) + given


def _given(value: Any) -> str:
    return f"，现为 {value}" if isinstance(value, str | int | float) else ""
