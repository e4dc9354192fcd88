"""Whether two titles or notes are probably one: by rules that can be said in a word, never merged by them."""

from __future__ import annotations

import re
from functools import cache

from kaohe.intake.tables.han import simplified
from kaohe.rules.achievements import normal_title

LONG = 8
"""Letters of a title from which one letter more or less is a slip."""

MOST_BEFORE = 5
"""Letters before a title that may be those who wrote it."""

LEAST = 3
"""Letters that must be left to tell a work by."""

_BRACKETS = re.compile(r"[(\[【〔（][^()\[\]【】〔〕（）]{0,20}[)\]】〕）]")
_LITTLE = re.compile(
    "(论文|课题|专著|项目|教材|成果)(名称|题目)?[:：]|[与及和](实践|应用|探索|思考|对策)|的|之|地|得|与|和|及|暨|关于|有关|浅[谈析论]|试[谈析论]|略论|刍议|论|基于|一种|一项|项目|课题|研究|探析|探究|探索|探讨|分析|思考"
)
_LISTED = re.compile(
    r"^\s*([(（]?\d{1,3}[)）]|\d{1,3}[.．、](?!\d)|[①-⑳]|[(（]?[一二三四五六七八九十]{1,3}[)）]?、)\s*"
)
"""What a list writes before each of its works: 1. （2） ③ 四、"""
_CODE = re.compile(
    r"(专利|申请|授权|证书|登记|项目|课题|编)*号?[:：]?\s*(ZL|CN)?\s*(?P<code>\d{12}\.?[\dXx]|\d{8}\.[\dXx])",
    re.IGNORECASE,
)
_ISSUE = r"年?第?\d+期|年?[,，]?\s*\d*\s*[(（]\d+[)）]|[,，]\s*\d+"
_CITED = re.compile(rf"[,，\s]*(19|20)\d\d\s*({_ISSUE})([:：]\s*\d+([-—–~]\d+)?)?\s*$|\[[JMCDPR](/OL)?\]")
_ROLES = re.compile("第[一二三四]((完成|负责|发明|署名)人|作者|(完成|署名)?单位)")
_QUOTED = re.compile(r"《([^《》]{3,80})》\W*$")
_GRADES = re.compile("(荣?获)?([国省市校]级?|厅)?(特|[一二三四])等奖|优[秀胜]奖|[国省市校]级|立项|结项|结题|验收|获奖")
_YEARS = re.compile(r"20\d\d([-—~至]20\d\d)?(学?年度?)?|[一二三四五六七八九十\d]+[月日届]|第\d+次")

_COUNTED = re.compile(
    r"\d+|[一二三四五六七八九十甲乙丙丁上中下ⅠⅡⅢⅣⅤabcdefgABCDEFG]+(?=[期批届次卷册篇组号部班类型])|(?<=[之第])[一二三四五六七八九十]"
)


@cache
def bare_title(title: str) -> str:
    """Without brackets, years, grades of prizes and the little words that titles are varied with; simplified."""
    simple = _told(title)
    for left_out in (_BRACKETS, _YEARS, _GRADES, _LITTLE):
        shorter = left_out.sub("", simple)
        simple = shorter if len(normal_title(shorter)) >= LEAST else simple
    return normal_title(simple)


def likeness(one: str, other: str) -> str:
    """In what two texts differ if they are probably one; empty where they are two."""
    plain = _plain(one), _plain(other)
    codes = _code(one), _code(other)
    if all(codes):
        return "写着同一个编号" if codes[0] == codes[1] else ""
    if plain[0] == plain[1]:
        return "只差标点、空格、字形、繁简或序号"
    if _numbers(one) != _numbers(other):  # 之一、第 2 批: parts of one whole
        return ""
    if bare_title(one) == bare_title(other) and not (
        _asides(one) and _asides(other) and _asides(one) != _asides(other)
    ):
        return "只差虚词、括注、年份或奖次"
    short, long = sorted(plain, key=len)
    if len(short) >= LONG and long.startswith(short):
        return "一个是另一个的一部分（如少了副标题）"
    if len(short) >= LONG and long.endswith(short) and len(long) - len(short) <= MOST_BEFORE:
        return "一个是另一个的一部分（如前面多了作者）"
    if len(short) >= LONG and is_slip(short, long):
        return "只差一个字"
    return ""


def marks_of(text: str) -> tuple[str, ...]:
    """Two texts have one of these in common if they are probably one, however they differ.

    One letter other than elsewhere stands in one half of a long text, and the other half is the same.
    """
    plain, half = _plain(text), LONG // 2
    marks = f"begins {plain[:half]}", f"ends {plain[-half:]}", f"bare {bare_title(text)}"
    return (*marks, f"code {code}") if (code := _code(text)) else marks


@cache
def _plain(text: str) -> str:
    """Simplified, without signs; `l` is like `I`."""
    return normal_title(_told(text)).replace("l", "i")


@cache
def _told(text: str) -> str:
    """The title itself, simplified: out of its 《》 where it stands in such, without a number in a list, the
    number of a patent, and where it was printed."""
    simple = simplified(_LISTED.sub("", text))
    quoted = _QUOTED.findall(simple)
    simple = quoted[0] if len(quoted) == 1 and len(normal_title(quoted[0])) >= LONG else simple
    for left_out in (_CODE, _CITED, _ROLES):
        shorter = left_out.sub("", simple)
        simple = shorter if len(normal_title(shorter)) >= LEAST else simple
    return simple


@cache
def _code(text: str) -> str:
    """The number of a patent or a certificate in a title."""
    found = _CODE.search(simplified(text))
    return re.sub(r"\W", "", found["code"]).casefold() if found else ""


@cache
def _asides(text: str) -> str:
    """What brackets say of the work, but for its year and its prize: two of them may tell two works apart."""
    inside = "".join(_BRACKETS.findall(simplified(text)))
    return normal_title(_GRADES.sub("", _YEARS.sub("", inside)).strip("（）()【】[]〔〕 ")).strip()


@cache
def _numbers(text: str) -> list[str]:
    """What tells parts of a series apart, years of the work aside."""
    simple = _YEARS.sub("", _GRADES.sub("", _told(text)))
    return _COUNTED.findall(simple)


def is_slip(one: str, other: str) -> bool:
    """Whether one letter was left out, put in, or is another; a digit or a lone Latin letter is no slip."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or short == long:
        return False
    at = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    rest = short[at + (len(short) == len(long)) :]
    changed = long[at] + (short[at] if len(short) == len(long) else "")
    return rest == long[at + 1 :] and not any(map(str.isdigit, changed))
