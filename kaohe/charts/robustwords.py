"""What robustness found, in sentences: the most important first, each true of the JSON it is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kaohe.charts.notation import names
from kaohe.scoring.marks import PENDING

Found = Mapping[str, Any]

NOT_PROBABILITY = "重抽样敏感性：把现有的评分人、选票和打分反复重抽，看名次随之变动多少；不是某个名次为真的概率"
SOURCES = {"raters": "评审评分人", "marks": "打分的投票人", "ballots": "选票", "weights": "各部分的权重"}
MARKS = {"strict": "偏严", "lenient": "偏宽", "flat": "不加区分", "contrary": "与众相反", "decides": "左右等次"}
SETTLED = 0.995
"""A share of draws from which on a place is called settled, and less one below which it is called out of reach."""


def units_of(found: Found, group: str) -> list[dict[str, Any]]:
    """A group's units by rank, each with its id."""
    mine = [{"id": key, **unit} for key, unit in found["units"].items() if unit["group"] == group]
    return sorted(mine, key=lambda unit: unit["rank"])


def findings(found: Found) -> list[str]:
    """The finding in a few sentences."""
    out: list[str] = []
    if not found["drawn"]:
        out.append("没有可以重抽样的评分、打分或选票，也没有可以扰动的权重：名次区间都只是现在的名次")
    for group in found["groups"]:
        out += [said for said in (places_said(found, group), ranks_said(found, group)) if said]
    out += raters_said(found)
    out.append(items_said(found))
    return out


def places_said(found: Found, group: str) -> str:
    """How settled the places of the quota are; empty where there is none."""
    units, name, grade = units_of(found, group), found["groups"][group]["name"], found["quota_grade"]
    if not grade or not units or not found["drawn"]:
        return ""
    open_ = [unit for unit in units if 1 - SETTLED < unit["in_quota"] < SETTLED]
    if open_:
        shares = "、".join(f"{unit['name']} {share(unit['in_quota'])}" for unit in open_[:6])
        return f"{name}：谁得{grade}还看由谁来评，得{grade}的抽样：{shares}"
    inside = [unit["name"] for unit in units if unit["in_quota"] >= SETTLED]
    if not inside:
        return f"{name}：在各次抽样中都没有单位得{grade}"
    whole = min(unit["in_quota"] for unit in units if unit["in_quota"] >= SETTLED) == 1
    return f"{name}：{names(inside)}在{'全部' if whole else '几乎全部'}抽样中都得{grade}，没有别的单位接近"


def ranks_said(found: Found, group: str) -> str:
    """How many ranks are settled, and which unit's is the least."""
    units, name = units_of(found, group), found["groups"][group]["name"]
    if len(units) < 2:
        return f"{name}：只有 {len(units)} 个单位，没有名次可比" if units else ""
    if not found["drawn"]:
        return ""
    settled = sum(unit["low"] == unit["high"] for unit in units)
    if settled == len(units):
        return f"{name}：{settled} 个单位的名次区间都只有一个名次"
    widest = max(units, key=lambda unit: (unit["high"] - unit["low"], -unit["rank"]))
    return (
        f"{name}：{len(units)} 个单位中 {settled} 个的名次区间只有一个名次；"
        f"区间最宽的是{widest['name']}，第 {widest['rank']} 名，区间第 {span(widest)} 名"
    )


def raters_said(found: Found) -> list[str]:
    """Who is marked, and whose marks decide a grade."""
    compared = [each for each in found["raters"] if not each["why"]]
    if not found["raters"]:
        return ["没有逐人的评分或打分，不作评分人的比较"]
    if not compared:
        return [
            f"评分人不足 3 位，不作宽严、一致性的比较（{'、'.join(dict.fromkeys(e['why'] for e in found['raters']))}）"
        ]
    out = [f"{each['rater']}（{each['name']}）：{rater_said(found, each)}" for each in compared if each["marks"]]
    deciding = any(each["decides"] for each in compared)
    computed = found["leave_one_rater_out"]
    if not out:
        out.append("没有明显偏严、偏宽或不加区分的评分人")
    if computed and not deciding and _grades(found):
        out.append(f"逐一去掉 {len(computed)} 位评分人重评：没有哪一位单独左右等次{_ties(found)}")
    return out


def _grades(found: Found) -> bool:
    return any(unit["grade"] for unit in found["units"].values())


def _ties(found: Found) -> str:
    tied = [unit["name"] for unit in found["units"].values() if unit["grade"] == PENDING]
    return f"（{names(tied)}总分并列{PENDING}，去掉谁都可能分出先后，不算在内）" if tied else ""


def rater_said(found: Found, each: Mapping[str, Any]) -> str:
    """What is marked of a rater, in words."""
    said = []
    if "strict" in each["marks"]:
        said.append(f"偏严，平均比同处评分的中位数低 {each['severity']:.1f} 分（百分制）")
    if "lenient" in each["marks"]:
        said.append(f"偏宽，平均比同处评分的中位数高 {-each['severity']:.1f} 分（百分制）")
    if "flat" in each["marks"]:
        groups = [found["groups"][key]["name"] for key, one in each["groups"].items() if one["flat"]]
        said.append(f"给{'、'.join(groups)}的每个单位都一样，不加区分")
    if "contrary" in each["marks"]:
        said.append(f"与其他人的高低相反（相关系数 {each['agreement']:.2f}）")
    if "decides" in each["marks"]:
        units = [found["units"][key]["name"] for key in each["decides"]]
        said.append(f"去掉后{names(units)}的等次就会改变")
    return "；".join(said)


def items_said(found: Found) -> str:
    """Which items decide a grade."""
    computed = found["leave_one_item_out"]
    if not computed:
        return "没有可以单独去掉的项目"
    if not _grades(found):
        moving = sum(bool(each["moved"]) for each in computed)
        return f"逐一去掉 {len(computed)} 项重评：{moving} 项去掉后名次会变（办法不分等次）"
    deciding = [each for each in computed if any(definite(shift) for shift in each["moved"])]
    if not deciding:
        return f"逐一去掉 {len(computed)} 项重评：没有哪一项单独左右等次{_ties(found)}"
    listed = "；".join(f"{each['out']} {each['name']}（{graded(found, each['moved'])}）" for each in deciding[:3])
    more = f"等 {len(deciding)} 项" if len(deciding) > 3 else ""
    return f"逐一去掉 {len(computed)} 项重评，会改变等次的{'有' if len(deciding) <= 3 else '如'}：{listed}{more}"


def definite(shift: Mapping[str, Any]) -> bool:
    """Whether a grade changes that waits for no decision, of a unit that still has a total."""
    return bool(shift["grade"] != shift["grade_then"] and shift["grade"] != PENDING and shift["rank_then"])


def graded(found: Found, moved: Iterable[Mapping[str, Any]]) -> str:
    """Units whose grade changes, from what to what."""
    return "，".join(
        f"{found['units'][shift['unit']]['name']} {shift['grade']} → {shift['grade_then']}"
        for shift in moved
        if definite(shift)
    )


def limits(found: Found) -> list[str]:
    """What the figures do not say."""
    drawn = "、".join(SOURCES[name] for name in found["drawn"])
    out = [f"{NOT_PROBABILITY}。"]
    if found["drawn"]:
        shaken = f"；权重在 ±{share(found['weights_shaken'])} 内均匀扰动" if "weights" in found["drawn"] else ""
        out.append(f"重抽 {found['draws']} 次，种子 {found['seed']}；重抽的是{drawn}{shaken}。")
        out.append("报送的数据不动：它们的差错不在其中。")
        out.append(
            f"名次区间是同组全部单位一起有 {share(found['level'])} 把握的置信集合"
            "（Mogstad、Romano、Shaikh、Wilhelm 2024），误差取自重抽样。"
        )
    if "raters" in found["drawn"] or "marks" in found["drawn"]:
        out.append("评分人越少，重抽样越低估变动：5 位评分人时约低估一成。")
    if "ballots" in found["drawn"]:
        out.append("选票只知道各单位的票数，各单位分开重抽：同一人对各单位的票有关联，看不出来。")
    out += [f"没有计算：{each['what']}，{each['why']}。" for each in found["not_computed"]]
    return out


def sources_said(found: Found) -> str:
    """How much of the spread is whose."""
    parts = []
    for group, about in found["groups"].items():
        mine = {name: by[group] for name, by in found["sources"].items() if group in by}
        if mine:
            ordered = sorted(mine, key=lambda name: -mine[name])
            parts.append(f"{about['name']} " + "、".join(f"{SOURCES[name]} {mine[name]:.2f} 分" for name in ordered))
    return f"单独重抽时总分的平均标准差：{'；'.join(parts)}" if parts else ""


def span(unit: Mapping[str, Any]) -> str:
    return f"{unit['low']}～{unit['high']}" if unit["low"] != unit["high"] else f"{unit['low']}"


def signed_short(value: float) -> str:
    """One decimal with its sign; nothing has none."""
    text = f"{value:+.1f}".replace("-", "−")
    return "0.0" if text[1:] == "0.0" else text


def share(value: float) -> str:
    """A share as a percentage; neither none nor all unless it is."""
    text = f"{value * 100:.0f}%"
    if text == "0%" and value:
        return "不到 1%"
    return "99% 以上" if text == "100%" and value != 1 else text
