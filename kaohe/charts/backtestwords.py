"""A backtest in sentences, made of its JSON: the same on a terminal and on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kaohe.analysis.exact import from_exact
from kaohe.charts.notation import signed

Answer = Mapping[str, Any]

LIMITS = (
    "草案里数据不全的项，对所有单位都不计（按不适用处理），所以看不出它会把谁拉开",
    "评分按满分的比例折算到新的分值：评分人在新条文下也许会给别的分",
    "等次是按得分的等次，不含当年对等次的决定；并列、名额按草案的条文重新确定",
    "单位会随条文改变做法：这里说的是照当年的数据，不是照草案做了以后",
)


def backtest_finding(found: Answer) -> str:
    """The answer in a sentence."""
    title = found["scheme"]["title"]
    parts = [year_finding(year, each) for year, each in found["years"].items()]
    return f"按“{title}”：{'；'.join(parts)}"


def year_finding(year: str, found: Answer) -> str:
    if found["problem"]:
        return f"{year} 没有算：{found['problem']}"
    lacking = len({each["item"] for each in found["missing"]})
    moved = f"{found['units']} 个单位中名次变 {found['rank_moved']} 个、等次变 {found['grade_moved']} 个"
    return f"{year} {moved}" + (f"，{lacking} 项缺数据" if lacking else "")


def move_said(each: Answer) -> str:
    """A unit's rank, grade and total, as they were and under the draft."""
    return f"{each['unit']} {each['name']}：{place_said(each)}，总分 {gain_said(each)}"


def gain_said(each: Answer) -> str:
    """How much more or less its total is under the draft."""
    return signed(from_exact(each["total_then"]) - from_exact(each["total"]), each["decimals"])


def shifts(each: Answer) -> bool:
    """Whether rank or grade is another under the draft; the total alone is no shift."""
    return bool(each["rank"] != each["rank_then"] or each["grade"] != each["grade_then"])


def place_said(each: Answer, between: str = "，") -> str:
    """`第 3 → 1 名，乙 → 甲`; what stays is said once, or not at all for a grade."""
    now, then = each["rank"], each["rank_then"]
    rank = f"第 {now} 名" if now == then else f"第 {now} → {then} 名"
    return rank + (f"{between}{each['grade']} → {each['grade_then']}" if each["grade"] != each["grade_then"] else "")


def missing_said(each: Answer) -> str:
    return f"{each['item']} {each['name']}：缺“{each['called']}”，由{each['office']}报，{len(each['units'])} 个单位"


def notes_said(found: Answer) -> Iterator[str]:
    """What of a year has no place under the draft, or was read in another way."""
    for each in found["readings_gone"]:
        yield f"当年定的读法 {each['name']}={each['value']}（{each['question']}）用不上：{each['why']}"
    for each in found["readings_new"]:
        yield f"草案新有的读法 {each['name']}（{each['question']}）按默认：{each['taken']}"
    for item, why in found["left_out"].items():
        yield f"{item} 没有计：{why}"
    for item, (was, now) in found["ratings_scaled"].items():
        yield f"{item} 的评分由满分 {was} 折算到满分 {now}"
    gone = Counter[str]()
    for each in found["rows_gone"]:
        gone[each["called"]] += each["rows"]
    if gone:
        yield f"草案用不上的数据行：{'、'.join(f'{name} {count}' for name, count in gone.items())}"
    if found["unscored"]:
        yield f"草案没有这些单位的类别，没有评分：{'、'.join(found['unscored'])}"
