"""The health of items and a backtest in sentences, made of their JSON: the same on a terminal and on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Answer = Mapping[str, Any]

MOST = 3
LIMITS_OF_HEALTH = (
    "单位少，区间就宽：区间里有 0 的相关、比分值占比还宽的份额，都不足以下结论；建议只列区间的一头也过了界限的",
    "与其余的相关、占总分差异的份额、秩相关都在同一年、同一组之内算；份额还限于同一类别，各项相加为总分差异的全部（折算除外）",
    "几对一起看：秩相关的区间对所有各对同时成立，所以比单看一对宽；并列太多、碰巧也会一致的不列",
    "同一单位历年的得分彼此相像，区间按不同的单位数算，不按单位次算；“没有一个”的机会按单位次算",
    "这里只说数据里看到的，不说条文该不该有：扣分、否决没有人触犯，可能正是它的目的",
)


def years_said(years: list[str]) -> str:
    """`2018-2019`, or `2018-2019～2020-2021（3 年）`."""
    return years[0] if len(years) == 1 else f"{years[0]}～{years[-1]}（{len(years)} 年）"


def health_finding(found: Answer) -> str:
    """The answer in a sentence."""
    units = sum(group["units"] for group in found["groups"].values())
    head = f"{years_said(found['years'])}、{units} 个单位、{len(found['items'])} 项"
    if not found["proposals"]:
        return f"{head}：没有哪一项有问题大到这些数据足以看出来"
    counts = Counter(each["called"] for each in found["proposals"])
    named = "、".join(f"{what} {count} 项" for what, count in counts.items())
    return f"{head}：{len(found['proposals'])} 条建议（{named}）"


def kinds_said(found: Answer) -> Iterator[str]:
    """A sentence for each kind of proposal, in their order, with the items that weigh most."""
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for each in found["proposals"]:
        kinds.setdefault(each["called"], []).append(each)
    for called, mine in kinds.items():
        named = "、".join(f"{each['id']} {each['name']}" for each in mine[:MOST])
        more = f" 等 {len(mine)} 项" if len(mine) > MOST else ""
        yield f"{called}：{named}{more}"


def proposals_said(found: Answer) -> Iterator[str]:
    for number, each in enumerate(found["proposals"], 1):
        yield f"{number}. {each['id']} {each['name']}（{each['called']}）：{each['why']}。{'；'.join(each['evidence'])}"


def not_computed_said(found: Answer) -> Iterator[str]:
    """What could not be said, each reason once with how many items."""
    for each in found["not_computed"]:
        items = each["items"]
        named = "、".join(items[:MOST]) + (f" 等 {len(items)} 项" if len(items) > MOST else "")
        yield f"{named}：{each['why']}" if items else each["why"]


def lists_said(found: Answer) -> str:
    """What beside points never came about in these years."""
    never = [name for name, count in found["lists"].items() if not count]
    return f"这些年里一次也没有出现：{'、'.join(never)}" if never else ""


LIMITS_OF_BACKTEST = (
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
    return f"{each['unit']} {each['name']}：{place_said(each)}，总分 {each['gain']:+.2f}"


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
