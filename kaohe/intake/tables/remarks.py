"""What a remark says against its own row: another number, last year's figure, or that the row does not count."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fractions import Fraction
from functools import lru_cache

from kaohe.intake.sheets.cells import decimal, plain

_CLAUSES = re.compile(r"[,，;；。()（）\s]+")
_THIS = "(此|本|该|这)?(项|条|行|次|数|数据|事件|成果)?"
_CHECKED = "(经|已|现|因)*(复核|核实|申诉|复查|查实|审核|核查|更正)?(后|成立|通过)?"
_VOID = re.compile(
    rf"{_THIS}{_CHECKED}(予以|已|应|现)*"
    "(撤销|取消|作废|不计|不计分|不计入|不扣分?|免扣|不予扣分|不算|无效|误报|错报|误填|重复(计算|统计|上报|填报|报送)?|重报|有误|错误|不对)"
    f"(了|{_THIS})"
)
_PARTLY = re.compile(r"(其中|有|含)\d+[^\d]{0,4}重复.{0,4}")
_CARRIED = re.compile(
    r"(数据|数值)?(沿用|照抄|照搬|套用|照填|暂按|暂用|参照|按|取|用|同|与)(上一?个?学?年度?|去年|往年)(的|填|报|同|相同|一样)?(数据?|数值|值)?(填报|填写|填|报)?"
)
_OTHER = re.compile(
    r"(?P<how>应当?[为是]|实[为是]|实际[为是]|实际(?=\s*\d)|正确的?(数|值|数值|数据)?[应为是]*|更正[为成]?|改[为成]|修[改正][为成]|订正[为成]?|调整[为成]|误[写填报][为成]?)"
    r"[:\s]*(?P<number>\d[\d,]*(\.\d+)?)(?![\d.])(?!\s*(年|月|日|号|学年|[-/.]\d))"
)
_TIMES = re.compile(r"(?<![第\d.])(?P<count>\d+|[两二三四五六七八九十])(次|起|人次)(?!会|课|课程|会议|联席)")
_CHINESE = dict(zip("一二三四五六七八九十", range(1, 11), strict=True)) | {"两": 2}


def against(text: str, values: Collection[Fraction]) -> Iterator[str]:
    """Why the figures of its row may not be what they say."""
    void, numbers = _said_against(text)
    yield from void
    for said, forms in numbers:
        if forms.isdisjoint(values):
            yield f"说的是另一个数（“{said}”）"


@lru_cache(maxsize=4096)  # the same remark stands in many rows
def _said_against(text: str) -> tuple[tuple[str, ...], tuple[tuple[str, frozenset[Fraction]], ...]]:
    """What a remark says whatever the figures are; the numbers it says, with what each may be beside a figure."""
    said, void = plain(text).casefold(), []
    for clause in filter(None, _CLAUSES.split(said)):
        if _VOID.fullmatch(clause) or _PARTLY.fullmatch(clause):
            void.append(f"说“{clause}”")
        elif _CARRIED.fullmatch(clause):
            void.append(f"说这是上一年的数（“{clause}”）")
    numbers = ((match[0], decimal(match["number"])) for match in _OTHER.finditer(said))
    forms = ((said, frozenset((number, number / 100))) for said, number in numbers if number is not None)
    return tuple(void), tuple(forms)


def says_against(text: str) -> bool:
    """Whether a remark may say anything against its row, whatever the row's figures are."""
    return any(_said_against(text))


def times_said(text: str) -> set[int]:
    """How often something happened, as words say: `迟到3次`, `两起`."""
    found = (match["count"] for match in _TIMES.finditer(plain(text)))
    return {int(each) if each.isdigit() else _CHINESE[each] for each in found}
