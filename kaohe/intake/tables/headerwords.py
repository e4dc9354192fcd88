"""Headers with more around their word (`数值（人）`, `数值*`, `数\n值`), and units in which a text says numbers are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from kaohe.intake.sheets.cells import word

T = TypeVar("T")

_SPACE_OF_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_ASIDE = re.compile(r"[(\[【〔<](?P<said>[^()\[\]【】〔〕<>]*)[)\]】〕>]")
_MARKS = " *:★☆※#、。.!?_"

_HARMLESS = re.compile(
    r"|必填项?|选填|可?空|可选|必须填写|是[/、或]否|如?\d{4}[-/年.]\d{1,2}.{0,6}|y{4}[-/年.]?m+([-/月.]?d+日?)?|\d+[-~至]\d+分?"
    r"|元|人民币元?|圆|人|人次|次|起|项|个|篇|册|本|门|家|台|件|票|分|学时|课时|平方米|㎡|m2|倍|岁|年|名|位|单位[:为]?[元人次项个篇分票册本件起]"
    r"|数字|整数|小数|文字|文本|日期|比率|填数字|保留[一两二三四]位小数"
)
"""What stands in brackets behind a header's word and changes nothing of it."""

_SCALE = "[十百千万亿仟佰拾萬億]"
_COUNTED = "元|圆|人民币|人次|人|册|项|个|篇|件|本|台|家|次|学时|课时|平方米|㎡|m2|美元"
_OTHER = re.compile(
    rf"(?:单位)?(?:人民币)?(?:{_SCALE}+(?:{_COUNTED})|[kK]元|美元|欧元|港元|港币|日元|usd|eur|hkd)"
    r"(?:整|计|计算|填报?|填写|统计|列示|表示|取整)?"
)
_BARE_SCALE = re.compile(rf"(?:单位)?{_SCALE}*[百千万亿仟佰萬億]")
_TENS = re.compile(rf"(?<=[:为])\s*10+{_SCALE}?(?:{_COUNTED})$")
_BRACKETED_SCALE = re.compile(r"\((单位:?)?[千万亿萬億]\)")
_PARTS = re.compile(r"[\s:;,、/|()\[\]【】〔〕<>《》“”\"'。.和及与或以按为用均]+")
_SAYS_UNIT = re.compile(
    r"(?<![各本报送])单位[\s:为(]*(人民币[\s:)]*)?[十百千万亿仟佰拾萬億]*[百千万亿仟佰萬億]([元圆人册次]|\W|$)"
)
"""`单位：万元`, but neither `各单位千人培训计划` nor `填报单位：万方学院`."""


def other_unit(text: str) -> str:
    """The unit of which a text says that numbers count in it, where it is no plain one: `万元`; empty where none is."""
    plainly = word(text)
    says_unit = "单位" in plainly and not re.search("[各本报送]单位", plainly)
    for part in _PARTS.split(plainly):
        if _OTHER.fullmatch(part) or (says_unit and _BARE_SCALE.fullmatch(part)):
            return part.removeprefix("单位")
    if (says_unit and (part := _TENS.search(plainly))) or (part := _BRACKETED_SCALE.fullmatch(plainly)):
        return part[0].strip("单位:() ")
    found = _SAYS_UNIT.search(plainly)
    return found[0].removeprefix("单位").strip(" :为()") if found else ""


_SHARE = re.compile(
    r"(?:计量|数据|数值|比率|数字|均|全部)*(?:单位)?(?:为|是|以|按|用)*(?P<share>%|‰|百分[比数率之]|千分[比数率]|万分比)(?:计|计算|表示|填[写报]?|填列|列示|显示|统计)?"
)


def share_unit(text: str) -> str:
    """`%`, `‰` and their words, of which a text says that numbers are counted in them: `单位：%`; empty where none."""
    plainly = _BEHIND_NUMBER.sub(" ", text.replace("％", "%").casefold())
    parts = (found for part in _PARTS.split(word(plainly)) if (found := _SHARE.fullmatch(part)))
    return next((found["share"] for found in parts), "")


_BEHIND_NUMBER = re.compile(r"\d\s*[%‰]")


def meant(text: str, find: Callable[[str], T | None]) -> tuple[T, str, str] | None:
    """What `find` knows of a header that it does not know as written: that, the word it was found by, and the rest."""
    closed = _SPACE_OF_CHINESE.sub("", word(text))
    for each in (closed, closed.strip(_MARKS)):
        found = find(each)
        if found is not None:
            return found, each, ""
    bare, asides = _parted(closed)
    found = find(bare)
    if found is not None and all(changes_nothing(each) or find(each) == found for each in asides):
        return found, bare, "、".join(asides)
    return None


def _parted(closed: str) -> tuple[str, list[str]]:
    """A header's word, and what stands in brackets beside it."""
    asides = [found["said"].strip(" *") for found in _ASIDE.finditer(closed)]
    return _ASIDE.sub("", closed).strip(_MARKS), asides


def changes_nothing(aside: str) -> bool:
    """Or is a unit, which is looked at by itself."""
    return bool(_HARMLESS.fullmatch(aside) or "%" in aside or other_unit(aside))


def lookalike(text: str, find: Callable[[str], T | None]) -> str:
    """The word in a header that has something beside it nobody can be sure of: `数值` in `数值（上年）`."""
    bare, _ = _parted(_SPACE_OF_CHINESE.sub("", word(text)))
    return bare if bare and bare != word(text) and find(bare) is not None else ""
