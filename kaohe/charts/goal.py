"""What it would take, in words and tables, from the JSON of `kaohe goal` alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kaohe.analysis.answered import Answered
from kaohe.analysis.exact import from_exact
from kaohe.charts.headings import heading
from kaohe.charts.html import Cell, Head, Html, bullets, fold, join, paragraph, table
from kaohe.charts.notation import signed, two
from kaohe.scheme.years import year_said

Found = Mapping[str, Any]

MORE = "更多办法、别的名次和等次：`kaohe goal 年度 单位 --rank 名次`（或 --grade 等次）。"
MOST_ITEMS = 3
"""Indicators named beside one change."""
MOST_NEAR = 6
"""Units named that are near the next grade."""

METHOD = (
    "其他单位的数据都不动；同组比较的指标中，别的单位的得分会随之变动，已经算在内。每一种办法都按精确分数重新评分核对过。"
    "说的是数学上要多少，不是建议去凑：数据应当真实。"
)


def standing_said(found: Found) -> str:
    now = found["now"]
    grade = f"，{now['grade']}" if now["grade"] else ""
    decided = f"（经审议为{now['decided']}；以下按分数算）" if now["decided"] else ""
    who = f"{year_said(found['year'])} {found['unit']} {found['name']}"
    return f"{who}：第 {now['rank']} 名（共 {now['of']} 个），{total_said(found, now)} 分{grade}{decided}"


def goal_said(found: Found) -> str:
    goal = found["goal"]
    return f"第 {goal['rank']} 名" if "rank" in goal else str(goal["grade"])


def verdict(found: Found) -> str:
    """The answer in one sentence."""
    goal = goal_said(found)
    if found["already"]:
        return f"要到{goal}：已经到了"
    if found["barred"]:
        return f"要到{goal}：不是分数的事，得多少分都到不了（申报、否决或等次的其他条件不满足）"
    if found["size"]:
        more = f"，这样的办法至少 {found['sets_found']} 种" if found["sets_found"] > len(found["sets"]) else ""
        return f"要到{goal}：最少改 {found['size']} 处数据{more}"
    return f"要到{goal}：改三处数据以内到不了；{_nearest_said(found)}"


def _nearest_said(found: Found) -> str:
    near = found["nearest"]
    if near is None:
        return "没有一处数据能再得分"
    grade = f"、{near['grade']}" if near["grade"] else ""
    return f"最近能到第 {near['rank']} 名{grade}（{total_said(found, near)} 分）"


def goal_lines(found: Found, *, full: bool = True) -> list[str]:
    """For the terminal: the answer, the ways, what single changes are worth, and what is not offered."""
    lines = [verdict(found)]
    lines += [f"{number}. {way_said(found, way)}" for number, way in enumerate(found["sets"], 1)]
    if not found["sets"] and found["nearest"] and not found["already"]:
        lines.append(f"最近的：{way_said(found, found['nearest'])}")
    if not full:
        return lines
    if found["singles"]:
        lines.append("单独改一处，得分最多的：")
        lines += [f"  {way_said(found, way, gained=True)}" for way in found["singles"]]
    lines += [f"不提供：{said}" for said in never_said(found)]
    return [*lines, *limits(found)]


def limits(found: Found) -> list[str]:
    far = found["parameters"]["farthest"]
    return [*([f"{far}。"] if far else []), METHOD]


def changes_said(way: Found) -> str:
    """Each change with the indicators it moves."""
    return "；".join(_change_said(change) for change in way["changes"])


def _change_said(change: Found) -> str:
    items = change["items"]
    named = "、".join(items[:MOST_ITEMS]) + ("等" if len(items) > MOST_ITEMS else "")
    return f"{named} {change['says']}{'（只是衡量的基数变小）' if change['yardstick'] else ''}".strip()


def way_said(found: Found, way: Found, *, gained: bool = False) -> str:
    grade = f"，{way['grade']}" if way["grade"] else ""
    more = f"总分 {_gained(found, way)}" if gained else f"{total_said(found, way)} 分"
    return f"{changes_said(way)} → {more}，第 {way['rank']} 名{grade}"


def never_said(found: Found) -> Iterator[str]:
    for each in found["never"]:
        many = len(each["items"])
        yield f"{each['why']}{f'（{many} 项）' if many else ''}"


def total_said(found: Found, place: Found) -> str:
    """A place's total, with the decimals that are known of it."""
    return two(from_exact(place["total"]), (), found["decimals"])


def _gained(found: Found, way: Found) -> str:
    return signed(from_exact(way["gained"]), found["decimals"])


def goal_section(found: Sequence[Found] | None) -> Html:
    """The part of a unit's page: the answers, the smallest sets, and what single changes are worth."""
    if found is None:
        return paragraph("这一次没有计算；单独看一个单位：kaohe goal 年度 单位。")
    if not found:
        return paragraph("已是第 1 名和最好的等次，或没有总分。")
    parts = [bullets(verdict(each) for each in found)]
    for about, ways in _by_ways(found).items():
        parts.append(table(_heads(about), [_row(found[0], way) for way in ways], sortable=False))
    singles = found[0]["singles"]
    if singles:
        rows = [_row(found[0], way, gained=True) for way in singles]
        shown = table(_heads("改动"), rows, sortable=False)
        parts.append(fold(f"单独改一处，得分最多的 {len(singles)} 种", shown, opened=True))
    notes = [*(f"不提供：{said}" for said in never_said(found[0])), *limits(found[0])]
    return join([*parts, fold("哪些不在内，怎样算的", bullets(notes))])


def goal_brief(found: Sequence[Found] | None) -> list[str]:
    """The same for the top of the page: the first of the ways, a sentence for all goals that it reaches; none without
    an answer."""
    reached: dict[str, list[str]] = {}
    for each in found or ():
        if each["sets"] and not each["already"]:
            how = f"最少改 {each['size']} 处数据，如{changes_said(each['sets'][0])}"
            reached.setdefault(how, []).append(goal_said(each))
    far = [verdict(each) for each in found or () if not each["sets"] and not each["already"]]
    return [f"{said}。" for said in (*(f"要到{'、'.join(goals)}：{how}" for how, goals in reached.items()), *far)]


def _by_ways(found: Sequence[Found]) -> dict[str, list[Found]]:
    """What the ways lead to → the ways; goals that the same ways lead to stand together."""
    out: dict[str, list[Found]] = {}
    for each in found:
        ways = each["sets"] or ([each["nearest"]] if each["nearest"] else [])
        if not ways or each["already"]:
            continue
        about = f"要到{goal_said(each)}" if each["sets"] else f"离{goal_said(each)}最近的"
        same = next((name for name, known in out.items() if known == ways), None)
        if same is not None:
            out[f"{same}，{about}"] = out.pop(same)
        else:
            out[about] = ways
    return out


def _heads(about: str) -> list[Any]:
    return [Head(about, wide=True), Head("总分", number=True), Head("名次", number=True), "等次"]


def _row(found: Found, way: Found, *, gained: bool = False) -> list[Any]:
    value = way["gained_rounded"] if gained else way["total_rounded"]
    shown = _gained(found, way) if gained else total_said(found, way)
    return [
        changes_said(way),
        Cell(shown, sort=value, number=True),
        Cell(str(way["rank"]), sort=way["rank"], number=True),
        way["grade"],
    ]


def goals_heading(answered: Answered) -> Html:
    return heading(year_said(answered.year), ("每个单位前进一名、到上一等次，最少要改几处数据？",), answered)


def group_says(answer: Found, group: str) -> str:
    """How many units of the group are how far from the next rank."""
    found = [
        each for unit in answer["groups"][group] for each in answer["units"].get(unit, []) if "rank" in each["goal"]
    ]
    counts = [(size, [each["name"] for each in found if each["size"] == size]) for size in (1, 2, 3)]
    parts = [f"改 {size} 处的 {len(who)} 个" for size, who in counts if who]
    parts[:1] = [part.replace("处的", "处就能前进一名的") for part in parts[:1]]
    out = [each for each in found if not each["size"] and not each["already"]]
    parts += [f"三处以内不能前进的 {len(out)} 个"] if out else []
    return f"{group}：{'，'.join(parts) or '没有可以前进一名的单位'}"


def goals_says(answer: Found) -> Html:
    """Who is how near the next grade; how far the next rank is, the charts say."""
    said = []
    near = [each for goals in answer["units"].values() for each in goals if "grade" in each["goal"] and each["size"]]
    near.sort(key=lambda each: (each["size"], each["now"]["rank"]))
    said += [
        f"{each['name']}离{goal_said(each)}只差 {each['size']} 处：{changes_said(each['sets'][0])}"
        for each in near[:MOST_NEAR]
    ]
    if not near:
        said.append("没有单位改三处以内数据就能到上一等次")
    return bullets(said)


def goals_table(answer: Found, group: str) -> Html:
    """A line a unit and goal: how many changes, and the nearest set."""
    lines = []
    for unit in answer["groups"][group]:
        for each in answer["units"].get(unit, []):
            way = each["sets"][0] if each["sets"] else each["nearest"]
            size = _size_said(each)
            what = changes_said(way) if way else "没有一处数据能再得分"
            then = f"第 {way['rank']} 名{' ' + way['grade'] if way['grade'] else ''}" if way else ""
            now = Cell(str(each["now"]["rank"]), sort=each["now"]["rank"], number=True)
            how = what if each["size"] or not way else f"最近的：{what}"
            aim, end = (Cell(said, name="few") for said in (goal_said(each), then))
            lines.append([now, Cell(each["name"], name="name"), aim, size, how, end])
    heads = [Head("现名次", number=True), "单位", "想到", "最少", Head("改动", wide=True), "到"]
    return table(heads, lines, empty="这一组没有可问的单位。")


def _size_said(found: Found) -> str:
    if found["already"]:
        return "已到"
    if found["barred"]:
        return "凭得分到不了"
    return f"{found['size']} 处" if found["size"] else "三处以内到不了"


def goals_limits() -> Html:
    return bullets([METHOD, MORE])
