"""Whether two titles or notes are probably one: by rules that can be said in a word, never merged by them."""

from __future__ import annotations

import re
from functools import cache

from kaohe.rules.achievements import normal_title

LONG = 8
"""Letters of a title from which one letter more or less is a slip."""

LEAST = 3
"""Letters that must be left to tell a work by."""

_BRACKETS = re.compile(r"[(\[【〔（][^()\[\]【】〔〕（）]{0,20}[)\]】〕）]")
_LITTLE = re.compile(
    "(论文|课题|专著|项目|教材|成果)(名称|题目)?[:：]|[与及和](实践|应用|探索|思考|对策)|的|之|地|得|与|和|及|暨|关于|有关|浅[谈析论]|试[谈析论]|略论|刍议|论|基于|一种|一项|项目|课题|研究|探析|探究|探索|探讨|分析|思考"
)
_GRADES = re.compile("(荣?获)?([国省市校]级?|厅)?(特|[一二三四])等奖|优[秀胜]奖|[国省市校]级|立项|结项|结题|验收|获奖")
_YEARS = re.compile(r"20\d\d([-—~至]20\d\d)?(学?年度?)?|[一二三四五六七八九十\d]+[月日届]|第\d+次")

_COUNTED = re.compile(
    r"\d+|[一二三四五六七八九十甲乙丙丁上中下ⅠⅡⅢⅣⅤabcdefgABCDEFG]+(?=[期批届次卷册篇组号部班类型])|(?<=[之第])[一二三四五六七八九十]"
)

_TRADITIONAL = (
    "學学習习實实訓训關关於于題题課课體体業业務务產产專专書书報报導导師师試试評评價价設设計计論论證证據据數数項项類类級级獎奖賽赛競竞創创"
    "優优團团員员員员會会議议總总結结構构築筑機机電电氣气車车術术藝艺現现發发開开門门問问間间時时長长張张陳陈劉刘趙赵黃黄楊杨吳吴孫孙馬马"
    "國国圖图園园區区農农廣广應应變变東东樂乐歷历史史黨党華华萬万億亿與与為为無无對对從从當当這这來来個个們们過过還还進进運运遠远連连邊边"
    "達达選选適适遷迁遼辽鄉乡鎮镇鐵铁銀银鋼钢錄录鍵键鏈链鑒鉴鑑鉴閱阅際际陽阳陰阴隊队階阶隨随險险隱隐雙双雜杂離离難难雲云靈灵靜静響响頁页"
    "順顺預预領领頭头頻频題题顏颜願愿顧顾顯显風风飛飞養养館馆驗验驅驱驗验高高魚鱼鳥鸟麗丽點点齊齐齒齿龍龙"
    "傳传傷伤僑侨價价儀仪儲储內内兩两冊册軍军凍冻劃划劇剧動动勝胜勞劳勢势勵励勻匀匯汇協协單单厭厌參参呂吕員员嘆叹啟启嚴严囑嘱圍围圓圆執执"
    "堅坚場场塊块墊垫壓压壞坏壯壮夢梦夥伙奪夺妝妆婦妇孿孪寧宁審审寫写寬宽寶宝將将尋寻導导屬属島岛嶺岭巖岩幣币師师帶带幫帮幹干庫库廠厂廢废"
    "彈弹強强彙汇後后徑径復复徵征德德憶忆態态慣惯懷怀戰战戲戏戶户拋抛掃扫採采換换據据擇择擔担擊击擬拟擴扩擾扰攝摄敗败敵敌斷断暫暂曆历"
    "條条極极榮荣標标樓楼樣样樹树橋桥檔档檢检權权歐欧歸归殘残殺杀氣气決决沒没況况準准溝沟滅灭滿满漢汉潔洁潛潜澤泽濟济濱滨灣湾災灾煉炼"
    "煙烟熱热營营爭争爾尔牆墙狀状獨独獲获環环畫画異异療疗盡尽監监盤盘眾众碩硕確确碼码礎础禮礼種种稱称積积穩稳窮穷節节範范築筑簡简簽签"
    "籌筹糧粮紀纪約约紅红納纳純纯紙纸級级細细終终組组統统經经綜综綠绿維维網网緊紧線线編编練练縣县績绩織织繼继續续義义聖圣聯联聲声職职聽听"
    "肅肃腦脑腳脚臨临舉举舊旧艦舰莊庄葉叶處处號号蘇苏藥药衛卫術术衝冲裝装補补製制複复見见規规視视親亲覺觉觀观訂订記记訪访許许診诊詞词話话"
    "該该詳详語语誠诚誤误說说誰谁調调談谈請请謝谢識识譯译讀读變变讓让豐丰負负財财貢贡貧贫貨货責责質质費费貿贸賀贺資资賓宾賞赏賢贤賴赖購购"
    "贏赢趕赶跡迹踐践蹟迹軌轨軟软較较載载輔辅輕轻輪轮輸输轉转辦办辭辞農农邏逻郵邮鄰邻醫医釋释針针鈴铃鋒锋鋪铺錯错鍊炼鏡镜鑽钻闡阐闊阔"
    "陸陆雖虽霧雾韓韩韻韵項项飯饭飲饮飾饰餐餐餘余駐驻駕驾騎骑騰腾驚惊鬆松鬥斗魯鲁鮮鲜麥麦"
)
_SIMPLE = str.maketrans(dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)))


@cache
def bare_title(title: str) -> str:
    """Without brackets, years, grades of prizes and the little words that titles are varied with; simplified."""
    simple = title.translate(_SIMPLE)
    for left_out in (_BRACKETS, _YEARS, _GRADES, _LITTLE):
        shorter = left_out.sub("", simple)
        simple = shorter if len(normal_title(shorter)) >= LEAST else simple
    return normal_title(simple)


def likeness(one: str, other: str) -> str:
    """In what two texts differ if they are probably one; empty where they are two."""
    plain = _plain(one), _plain(other)
    if plain[0] == plain[1]:
        return "只差标点、空格、字形或繁简"
    if _numbers(one) != _numbers(other):  # 之一、第 2 批: parts of one whole
        return ""
    if bare_title(one) == bare_title(other) and not (
        _asides(one) and _asides(other) and _asides(one) != _asides(other)
    ):
        return "只差虚词、括注、年份或奖次"
    short, long = sorted(plain, key=len)
    if len(short) >= LONG and long.startswith(short):
        return "一个是另一个的一部分（如少了副标题）"
    if len(short) >= LONG and is_slip(short, long):
        return "只差一个字"
    return ""


def marks_of(text: str) -> tuple[str, str, str]:
    """Two texts have one of these in common if they are probably one, however they differ.

    One letter other than elsewhere stands in one half of a long text, and the other half is the same.
    """
    plain, half = _plain(text), LONG // 2
    return f"begins {plain[:half]}", f"ends {plain[-half:]}", f"bare {bare_title(text)}"


@cache
def _plain(text: str) -> str:
    """Simplified, without signs; `l` is like `I`."""
    return normal_title(text.translate(_SIMPLE)).replace("l", "i")


@cache
def _asides(text: str) -> str:
    """What brackets say of the work, but for its year and its prize: two of them may tell two works apart."""
    inside = "".join(_BRACKETS.findall(text.translate(_SIMPLE)))
    return normal_title(_GRADES.sub("", _YEARS.sub("", inside)).strip("（）()【】[]〔〕 ")).strip()


@cache
def _numbers(text: str) -> list[str]:
    """What tells parts of a series apart, years of the work aside."""
    simple = _YEARS.sub("", _GRADES.sub("", text.translate(_SIMPLE)))
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
