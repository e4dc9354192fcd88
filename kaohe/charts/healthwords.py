"""The health of items in sentences, made of its JSON: the same on a terminal and on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Answer = Mapping[str, Any]

MOST = 3
LIMITS = (
    "单位少，区间就宽：区间里有 0 的相关、比分值占比还宽的份额，都不足以下结论；建议只列区间的一头也过了界限的",
    "与其余的相关、占总分差异的份额、秩相关都在同一年、同一组之内算；份额还限于同一类别，各项相加为总分差异的全部（折算除外）",
    "几对一起看：秩相关的区间对所有各对同时成立，所以比单看一对宽；并列太多、碰巧也会一致的不列",
    "同一单位历年的得分彼此相像，区间按不同的单位数算，不按单位次算；“没有一个”的机会按单位次算",
    "这里只说数据里看到的，不说条文该不该有：扣分、否决没有人触犯，可能正是它的目的",
)


def span_said(years: list[str]) -> str:
    """`2018-2019`, or `2018-2019～2020-2021（3 年）`."""
    return years[0] if len(years) == 1 else f"{years[0]}～{years[-1]}（{len(years)} 年）"


def health_finding(found: Answer) -> str:
    """The answer in a sentence."""
    units = sum(group["units"] for group in found["groups"].values())
    head = f"{span_said(found['years'])}、{units} 个单位、{len(found['items'])} 项"
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


def unseen_said(found: Answer) -> Iterator[str]:
    """What was looked for and cannot be told from these data: no proof that it is not there."""
    seen = {each["kind"] for each in found["proposals"]}
    if rest := [called for kind, called in found["kinds"].items() if kind not in seen]:
        yield f"也找过、这些数据还看不出的：{'、'.join(rest)}"


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
