"""Names of those who judge: who is meant by a name, and what is no person but a sum of them."""

from __future__ import annotations

import re

from kaohe.intake.sheets.cells import Cell, CellError, letters_of
from kaohe.intake.sheets.days import identifier
from kaohe.intake.tables.han import simplified

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_PADDING = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_DOT_BETWEEN = re.compile(rf"(?<=[{_HAN}])\s*[·•‧∙⋅・.]\s*(?=[{_HAN}])")
_BRACKET = re.compile(r"[(（\[【〔<「『]([^()（）\[\]【】〔〕<>「」『』]*)[)）\]】〕>」』]")

_SUMS = (
    "去掉?|剔除|除去?|最[高低大小]|高|低|平均|均|[合总小累共]计|总体|整体|总|综合|加权|算术|折合|折算|换算|得|成绩|汇总|中位|众|"
    "评[定议价分]|合议|商议|打分|结果|意见|结论|最终|最后|终|初评|复评|自评|互评|组评|排名|名次|权重|系数|分数|分值|备注|等级|等次|序号|x\u0304|Σ|σ|ς|∑|sum|avg|average|mean|total|max|min|median|score"
)
_AROUND = (
    "分数|分值|分|值|数|和|与|及|或|后|的|一个|各|个|其他|全部|所有|考核|考评|测评|评委|评审|专家|领导|部[门处]|单位|学院|科室|"
    "小组|集体|组|校|院|评|定|项|栏|列|行|权重|系数|率|一|:"
)
_SUMMARY = re.compile(f"(?:(?P<sum>{_SUMS})|{_AROUND})+")
_SUM = re.compile(_SUMS)
_SPACES = re.compile(r"[\s:_*#.、,/+&-]")

_TITLES = (
    "老师|教师|教授|副教授|讲师|助教|研究员|副研究员|高工|工程师|博士|硕士|硕导|博导|导师|同志|先生|女士|小姐|书记|副书记|院长|副院长|校长|"
    "副校长|处长|副处长|部长|副部长|主任|副主任|科长|副科长|所长|副所长|馆长|副馆长|主席|副主席|会长|副会长|秘书长|组长|副组长|组员|成员|"
    "委员|评委|专家|秘书|领导|主管|干事|干部|代表|主持|召集人|负责人|班主任|辅导员|评分|打分|得分|签名|签字|本人|正职|副职"
)
_REMARKS = "代|补|新|正|副|评|主评|已评|请假|缺席|[一二三四五六七八九十0-9]+"
_TITLE_END = re.compile(rf"(?:{_TITLES}|号)+$")
_TITLE_FRONT = re.compile(rf"^(?:{_TITLES}|:)+")
_TITLE_ONLY = re.compile(rf"(?:{_TITLES}|{_REMARKS}|我|校|院|系|党|党委|学校|学院|[:、,])*")
_POST = re.compile(r"(评委|专家|评审)\w{0,3}|\w*([校院处部科]长|书记|主任)\d*")
_HOUSE = re.compile("^(我校|学校|校党委|校|中共|党委|党)(?=(副?书记|副?校长|副?院长|纪委))")
_NUMBERED = re.compile(
    r"(?P<who>评委|评分人|评审|专家|领导|打分人|rater|judge|no)?(?:第|no|#|:)*"
    r"(?P<number>\d{1,3}|[零〇一二三四五六七八九十]{1,3})(?:号|位|名)?(?P<after>评委|评分人|评审|专家|领导|打分人)?"
)
_HAN_NAME = rf"[{_HAN}·]{{2,8}}"
_BESIDE_DIGITS = re.compile(rf"(?P<front>\d*)\W*(?P<name>{_HAN_NAME})\W*(?P<back>\d*)")
_OFFICE = "[处部院系科室办团会馆]|中心|学院|办公室"
_OF_OFFICE = re.compile(rf"(?P<office>[{_HAN}]{{1,10}}?({_OFFICE}))\W*(?P<name>{_HAN_NAME})")
_WITH_OFFICE = re.compile(rf"(?P<name>{_HAN_NAME})[^{_HAN}]+(?P<office>[{_HAN}]{{1,10}}({_OFFICE}))\W*")
_SAID_BEHIND = re.compile(
    rf"(?P<name>{_HAN_NAME})(更正|改正|订正|补评|重评|补录|补交|复评|[代替](?P<whom>{_HAN_NAME})?)"
)
_DIGITS = {letter: number for number, letter in enumerate("零一二三四五六七八九")} | {"〇": 0}

NOBODY = {"无", "空", "暂无", "没有", "未评", "弃权", "缺席", "请假", "待定", "空缺", "未打分", "未到"}
_SEVERAL = re.compile(r"[^、/,;&()]+([、/,;&][^、/,;&()]+)+")


def person(cell: Cell) -> str:
    """The name of one who judges, whether two characters are padded (`王　伟`) and whichever dot stands between.

    `平均` and the like name what somebody made of all of them; `/` names nobody.
    """
    name = _PADDING.sub("", _DOT_BETWEEN.sub("·", identifier(cell)))
    if is_summary(name):
        raise CellError("一位评分人；平均、合计、总评之类的行或列删去", "不是人，是汇总", "summary-row")
    if not any(map(str.isalnum, name)) or name in NOBODY:
        raise CellError("一位评分人的姓名或编号", "没有写是谁", "no-person")
    if _SEVERAL.fullmatch(name):
        raise CellError("一格一位评分人，各占一行", "一格里像是写了几个人", "several-persons")
    return name


def is_summary(name: str) -> bool:
    """Whether every part of a name speaks of sums, means and marks, and none of anybody."""
    said = _SPACES.sub("", _BRACKET.sub("", name).casefold())
    said = said or _SPACES.sub("", _BRACKET.sub(r"\1", name).casefold())
    found = _SUMMARY.fullmatch(said)
    return bool(found and _SUM.search(said))


def persons_meant(name: str) -> dict[str, str]:
    """Who may be meant by a name: the name without titles, and what else in brackets tells two of one name apart.

    `王伟（组长）`, `王伟教授`, `王偉` → 王伟; `王伟（财务处）` → 王伟, 财务处; `校长（张三）` → both; `评委一` → 评委1.
    """
    name = simplified(name)
    outer, inner = _BRACKET.sub("", name).casefold(), [each.casefold() for each in _BRACKET.findall(name)]
    telling = [each for each in inner if not _TITLE_ONLY.fullmatch(each)]
    found = {_bare(outer): "、".join(telling)} if outer.strip() else {}
    for each in telling:
        if _POST.fullmatch(outer):
            found |= {_bare(each): "", _bare(outer): ""}
    return _beside(outer) | found


def _beside(name: str) -> dict[str, str]:
    """The person alone where a number, an office or a remark is written beside the name without brackets, and that,
    which tells two of one name apart: `王伟2`, `001王伟`, `教务处王伟`, `王伟-教务处`, `王伟代李四`."""
    found: dict[str, str] = {}
    for pattern in (_BESIDE_DIGITS, _OF_OFFICE, _WITH_OFFICE, _SAID_BEHIND):
        match = pattern.fullmatch(name)
        if match and match["name"] != name:
            parts = match.groupdict()
            found[_bare(match["name"])] = "".join(parts.get(each) or "" for each in ("front", "back", "office"))
    return found


def one_letter(name: str) -> str:
    """`甲老师` → 甲; empty where more than a letter is left of a name, or it has no title."""
    closed = letters_of(name)
    shorter = {title.sub("", closed) for title in (_TITLE_END, _TITLE_FRONT)} - {closed}
    return next((each for each in shorter if len(each) == 1), "")


def _bare(name: str) -> str:
    """A name without titles and with numbers of one kind; a title alone stays."""
    closed = "".join(filter(lambda each: each.isalnum() or each == "#", name))
    numbered = _NUMBERED.fullmatch(closed) or _NUMBERED.fullmatch(_TITLE_END.sub("", closed))
    if numbered and (numbered["who"] or numbered["after"] or numbered["number"].isdigit()):
        return f"{numbered['who'] or numbered['after'] or ''}{_number(numbered['number'])}"
    closed = _HOUSE.sub("", closed)
    for title in (_TITLE_END, _TITLE_FRONT):
        shorter = title.sub("", closed)
        closed = shorter if len(shorter) > 1 else closed
    return closed


def _number(digits: str) -> int:
    if digits.isdigit() and digits.isascii():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    value = _DIGITS.get(ones[-1:], 0)
    return value + 10 * (_DIGITS.get(tens, 1) if ten and tens else 1 if ten else 0)
