"""Rows of a table that are none of it: totals, notes, signatures, and units written below the header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kaohe.intake.sheets.cells import Cell, decimal, plain, says_nothing, shown, word
from kaohe.intake.tables.headerwords import changes_nothing, other_unit, share_unit

TOTAL, NOTE, SIGNATURE, UNITS, NONE, NUMBERS = "合计", "说明", "签字", "计量单位", "“无”", "栏次"
STATISTIC = "统计或对比"
COUNTED_UP = (TOTAL, STATISTIC)
"""What is made of the rows above."""

_NONE = {"无", "没有", "暂无", "本年度无", "本学年无", "本年无", "无此项", "无此项目", "-", "--", "—", "——"}
_GROUP = r"(\w{0,4}(单位|部[门处]|学院|院系|处室|类|组))?"
_TOTAL = re.compile(
    r"(全校|全院|全体|本校|所有单位|全部单位)[:.]?"
    rf"|(本页|全校|全院|[以上]述?上?|各单位|各部[门处]|各院系?|校|院|{_GROUP})?"
    r"([合总小累共]计数?|汇总[数行栏]?|(算术|加权|总)?平均([值数分])?|均[值分]|总数|总和|总分|sum|(grand|sub)?-?total|average|mean|∑|Σ)"
    r"(\(.{0,20}\))?[:.]?",
    re.IGNORECASE,
)
_STATISTIC = re.compile(
    r"最[高低大小]([值分数])?|中位[数值]|标准差|方差|极差|max|min|median|同比|环比|增长率|增幅|增减|差额|[与同]?比?上年(同期)?(数|比|相比)?|去年(数|同期)?|占比"
    r"|排名|名次|位次|排序",
    re.IGNORECASE,
)
_CORRECTS = re.compile("更正|订正|修正|勘误|应[为是改]|改[为成]|有误|误[填报写]|作废|以此为准")
LEAST_NUMBERED = 3
"""Columns from which a row may be one of their numbers."""

_NOTE = re.compile(
    r"(更正|订正|勘误)(说明)?[:：].*|"
    r"(备?注|附注|附|说明|(填[表报]|制表|统计)?说明|(数据)?来源|统计口径|注意事项)\d*[:、.)].*"
    r"|[*※★]\D.*|备?注|注意事项"
)
_ALONE = re.compile(
    r"[-—/*]*\(?(以下(空白|无正文|空格)|此处空白|无正文|完|结束|全文完|end)\)?[-—/*]*|第\d+页(,?共\d+页)?|[…·。.]+"
    r"|(打印|导出|生成|制作|截止|截至)(时间|日期)?[:于]?.{0,4}\d{4}.{0,20}|(附件|附表|见附件|续表|[接转][上下]页)\d*([:：].*)?"
    r"|([以上]述?上?|本|此)(数据|表|各项).{0,30}|(核对|审核|复核)无误|已(核对|核实|审核|复核)|请勿.{1,10}|(统计)?口径:.*"
    r"|\(?\d{1,2}[).、]\D.*",
    re.IGNORECASE,
)
"""A row of one cell that says so, and no more."""

_WHO = (
    "(单位|部[门处]|学院|院系|处室|科室|分管|主管|本人)?(主要)?"
    "(负责人|[校院]?领导|[填制]表人?|填报人|报送人|审核人?|复核人?|审批人?|经办人|统计人|联系人|校对人?)"
)
_HOW = r"\(?(签字|签名|签章|盖章|公章|手签|章)\)?"
_WHEN = "(填表|制表|填报|上报|报送|统计|审核)?(日期|时间)"
_SIGNED = re.compile(
    rf"({_WHO}|单位|部[门处]|联系电话|电话)?{_HOW}[:_]*.{{0,20}}|({_WHO}|{_WHEN}|联系电话|电话)(:.{{0,30}}|_+|)"
    r"|(填[报表]|报送|制表)(单位|部[门处])(:.{0,30}|_+|)|(\d{4}|_*)年(\d{1,2}|_*)月(\d{1,2}|_*)日"
)


def kind_of(line: list[Cell], above: str = "") -> str:
    """What a row is instead of data; empty where it may be data. `above`: what the row above it is.

    A note goes on in rows of one cell: `2. …`.
    """
    start = next((cell for cell in line if cell is not None), None)
    if start is None or (above != NOTE and type(start) is str and _begins_data(start)):
        return ""
    filled = [cell for cell in line if cell is not None]
    if above == NOTE and len(filled) == 1 and isinstance(filled[0], str):
        return NOTE
    if all(map(_is_none, filled)):
        return NONE
    if _are_numbers(filled):
        return NUMBERS
    first = _letters(filled[0])
    if not _may_be_aside(first):
        return ""
    if _TOTAL.fullmatch(first):
        return TOTAL
    if _STATISTIC.fullmatch(first):
        return STATISTIC
    if first[:1] in "(单计" and all(text[:1] in "(单计" and _is_unit(text) for text in map(_letters, filled)):
        return UNITS
    if len(filled) == 1 and (other_unit(first) or share_unit(first)):
        return UNITS
    if not isinstance(filled[0], str) or any(isinstance(cell, int | float) or _is_number(cell) for cell in filled):
        return ""
    if _NOTE.fullmatch(first) or (len(filled) == 1 and _ALONE.fullmatch(first)):
        return NOTE
    texts = [*map(_letters, filled)]
    labels = texts[:1] if re.search("[:_(年]", texts[0]) else texts[::2]  # 负责人 | 张三 | 审核人 | 李四
    return SIGNATURE if all(map(_SIGNED.fullmatch, labels)) else ""


def corrects(said: str) -> bool:
    """Whether a note says that figures are others."""
    return _CORRECTS.search(said) is not None


def _are_numbers(filled: Sequence[Cell]) -> bool:
    """The numbers of columns that forms print below their header: 甲, 乙, 1, 2, 3."""
    if len(filled) < LEAST_NUMBERED or not _begins_numbers(filled[0]):
        return False
    texts = [*map(_number_of_column, filled)]
    rest = texts[1:] if texts[0] == "栏次" else texts
    return any(
        rest == [*letters[:count], *map(str, range(1, len(rest) - count + 1))]
        for letters in ("甲乙丙丁戊", "ABCDE")
        for count in range(len(letters) + 1)
    )


def _begins_numbers(cell: Cell) -> bool:
    return _number_of_column(cell) in ("栏次", "甲", "A", "1")


def _number_of_column(cell: Cell) -> str:
    return shown(cell).strip().strip("()（）")


def _is_none(cell: Cell) -> bool:
    """A row of nothing but such words says that there is nothing to report."""
    return says_nothing(cell) or (isinstance(cell, str) and plain(cell).strip("。.！ ") in _NONE)


@lru_cache(maxsize=4096)
def _begins_data(start: str) -> bool:
    """Whether a row whose first text is this can only be data: so it is with nearly every row, it names a unit."""
    return not (_is_none(start) or _begins_numbers(start) or _may_be_aside(_letters(start)))


@lru_cache(maxsize=4096)
def _may_be_aside(first: str) -> bool:
    """Whether a row that begins so may be no data."""
    if first[:1] in "(单计" or other_unit(first) or share_unit(first):
        return True
    return any(words.fullmatch(first) for words in (_TOTAL, _STATISTIC, _NOTE, _ALONE, _SIGNED))


def _letters(cell: Cell) -> str:
    return re.sub(r"\s", "", word(shown(cell)))


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, str) and len(plain(cell)) < 11 and decimal(cell) is not None


def _is_unit(text: str) -> bool:
    inner = text.strip("()").removeprefix("计量单位").removeprefix("单位").strip(":")
    return text.startswith("(") and changes_nothing(inner) if inner else text in ("单位", "计量单位", "单位:")
