"""Rows of a table that are none of it: totals, notes, signatures, and units written below the header."""

from __future__ import annotations

import re

from kaohe.intake.cells import Cell, decimal, plain, shown, word
from kaohe.intake.headerwords import changes_nothing, other_unit, share_unit

TOTAL, NOTE, SIGNATURE, UNITS = "合计", "说明", "签字", "计量单位"

_TOTAL = re.compile(
    r"(本页|全校|全院|以上|各单位|各部门)?([合总小累共]计|汇总|(算术|加权)?平均([值数分])?|总数|总和|总分|sum|total|average)[:.]?"
)
_NOTE = re.compile(
    r"(备?注|附注|附|说明|(填[表报]|制表|统计)?说明|(数据)?来源|统计口径|注意事项)\d*[:、.)].*"
    r"|[*※★]\D.*|备?注|注意事项"
)
_WHO = (
    "(单位|部门|学院|院系|处室|科室|分管|主管|本人)?(主要)?"
    "(负责人|领导|校领导|院领导|[填制]表人?|填报人|报送人|审核人?|复核人?|审批人?|经办人|统计人|联系人|校对人?)"
)
_HOW = r"\(?(签字|签名|签章|盖章|公章|手签|章)\)?"
_WHEN = "(填表|制表|填报|上报|报送|统计|审核)?(日期|时间)"
_SIGNED = re.compile(
    rf"({_WHO}|单位|部门|联系电话|电话)?{_HOW}[:_]*.{{0,20}}|({_WHO}|{_WHEN}|联系电话|电话)(:.{{0,30}}|_+|)"
    r"|(填[报表]|报送|制表)(单位|部门)(:.{0,30}|_+|)|(\d{4}|_*)年(\d{1,2}|_*)月(\d{1,2}|_*)日"
)


def kind_of(line: list[Cell]) -> str:
    """What a row is instead of data; empty where it may be data."""
    texts = [re.sub(r"\s", "", word(shown(cell))) for cell in line if cell is not None]
    if not texts:
        return ""
    if _TOTAL.fullmatch(texts[0]):
        return TOTAL
    if all(text[:1] in "(单计" and _is_unit(text) for text in texts):
        return UNITS
    if len(texts) == 1 and (other_unit(texts[0]) or share_unit(texts[0])):
        return UNITS
    numbers = [cell for cell in line if isinstance(cell, int | float) or _is_number(cell)]
    if numbers or not isinstance(line[_first(line)], str):
        return ""
    if _NOTE.fullmatch(texts[0]):
        return NOTE
    labels = texts[:1] if re.search("[:_(年]", texts[0]) else texts[::2]  # 负责人 | 张三 | 审核人 | 李四
    return SIGNATURE if all(map(_SIGNED.fullmatch, labels)) else ""


def _first(line: list[Cell]) -> int:
    return next(at for at, cell in enumerate(line) if cell is not None)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, str) and len(plain(cell)) < 11 and decimal(cell) is not None


def _is_unit(text: str) -> bool:
    inner = text.strip("()").removeprefix("计量单位").removeprefix("单位").strip(":")
    return text.startswith("(") and changes_nothing(inner) if inner else text in ("单位", "计量单位", "单位:")
