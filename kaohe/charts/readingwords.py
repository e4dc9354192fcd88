"""What all combinations of readings came to, in sentences; for the command and for the page, from the same JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from kaohe.charts.notation import percent

Found = Mapping[str, Any]
MOST_NAMED = 3

REACHES = {
    "grade": "可能改变等次",
    "rank": "只可能改变名次",
    "points": "只改变得分",
    "nothing": "怎样读都一样",
}
"""How far a reading reaches in some combination, in words."""


def reach_said(policy: Mapping[str, Any]) -> str:
    if policy["moves"] is None:
        return "没有别的读法可算" if len(policy["values"]) > 1 else "数值，不在组合之中"
    return REACHES[policy["moves"]]


def findings(found: Found) -> list[str]:
    """Which clause has to be decided, what flips a grade only together, who moves most, what never matters."""
    if not found["units"]:
        return [f"没有算出任何单位：{why}。" for why in dict.fromkeys(found["unknown"].values())] or [
            "没有有得分的单位。"
        ]
    if found["combinations"] == 1:
        return ["办法没有列出别的读法，没有可以组合的。"]
    said = [*_alone(found), _together(found), *_ranks(found), _idle(found), _lines(found)]
    return [each for each in said if each]


def flips_by(found: Found, name: str) -> list[Mapping[str, Any]]:
    """Flips that this reading makes by itself."""
    return [flip for flip in found["flips"] if any({one["name"] for one in each} == {name} for each in flip["sets"])]


def _alone(found: Found) -> Iterator[str]:
    """A sentence for each reading that changes a grade by itself."""
    deciding = [each for each in found["policies"] if flips_by(found, each["name"])]
    for each in deciding:
        flips = flips_by(found, each["name"])
        units = list(dict.fromkeys(found["units"][flip["unit"]]["name"] for flip in flips))
        state = "已有决定，改了才会变" if each["decided"] else "尚未决定"
        yield (
            f"须先决定的是 {each['id']}“{each['question']}”（{each['clause']}，{state}）："
            f"单独改选就改变{named(units)}的等次。"
        )
    if not deciding and found["graded"]:
        yield "没有一处读法单独改选就会改变等次。"


def _together(found: Found) -> str:
    """Grades that change only where several readings do."""
    far = [flip for flip in found["flips"] if len(flip["sets"][0]) > 1]
    if not found["graded"]:
        return "办法不评等次，只看名次。"
    if not far:
        return "" if found["flips"] else "所有组合下没有一个单位的等次改变。"
    names = list(dict.fromkeys(found["units"][flip["unit"]]["name"] for flip in far))
    least = min(len(flip["sets"][0]) for flip in far)
    return f"{named(names)}的等次也可能改变，但最少要同时改 {least} 处读法。"


def _ranks(found: Found) -> Iterator[str]:
    for key, name in found["groups"].items():
        units = [each for each in found["units"].values() if each["group"] == key and each["rank"]]
        if not units:
            continue
        still = [each for each in units if each["rank_min"] == each["rank_max"]]
        if len(still) == len(units):
            yield f"{name}：所有组合下名次都不变。"
            continue
        wide = max(units, key=lambda each: each["rank_max"] - each["rank_min"])
        kept = f"{len(still)} 个单位怎样读名次都不变；" if still else "每个单位的名次都可能变；"
        yield f"{name}：{kept}变动最大的是{wide['name']}，{span(wide)}（现第 {wide['rank']} 名）。"


def span(unit: Mapping[str, Any]) -> str:
    """`第 3～11 名`."""
    low, high = unit["rank_min"], unit["rank_max"]
    if not high:
        return "–"
    return f"第 {low} 名" if low == high else f"第 {low}～{high} 名"


def _idle(found: Found) -> str:
    ids = [each["id"] for each in found["policies"] if each["name"] in found["idle"]]
    return f"{len(ids)} 处今年怎样读、与什么一起读，得分都一样，不必讨论：{'、'.join(ids)}。" if ids else ""


def _lines(found: Found) -> str:
    """Who comes next as the fail line moves up or down."""
    now = next((Fraction(each["in_force"]) for each in found["policies"] if each["draws_line"]), None)
    if now is None or not found["fail_lines"]:
        return ""
    lines = sorted((Fraction(line), unit) for unit, line in found["fail_lines"].items() if unit in found["units"])
    up = next(((line, unit) for line, unit in lines if line >= now), None)
    down = next(((line, unit) for line, unit in reversed(lines) if line < now), None)
    said = [f"高于 {percent(up[0], 2)} 时{found['units'][up[1]]['name']}低于线"] if up else []
    said += [f"不高于 {percent(down[0], 2)} 时{found['units'][down[1]]['name']}不再低于线"] if down else []
    return f"{found['fails']}线现为 {percent(now)}：{'，'.join(said)}。" if said else ""


def limits(found: Found) -> list[str]:
    """What was gone through, how, and what was not."""
    parts = [f"各处读法共 {many_said(found['combinations'])}种组合，其中 {many_said(found['computed'])}种可以评分"]
    parts += [f"{found['groups'][key]}实际不同的有 {many_said(many)}种" for key, many in found["distinct"].items()]
    said = [f"{'；'.join(parts)}。"]
    for key, way in found["way"].items():
        name = found["groups"][key]
        if way == "enumerated":
            said.append(f"{name}：逐一列举，每种组合都与单独评一次完全相同（精确到分数，没有抽样）。")
        else:
            said.append(f"{name}：组合太多，名次范围由分支定界得出，是精确的；等次只查了同时改至多 4 处，没有计数。")
    said += [f"{many_said(each['count'])}种组合不能评分：{each['why']}。" for each in found["not_computable"]]
    said += [f"{found['groups'].get(key, key)}没有算出：{why}。" for key, why in found["unknown"].items()]
    said.append("取一个数的读法（如评等次的线）不在组合之中，按现行的值；组合的多少不是概率，只说明有没有可能。")
    return said


def many_said(count: int) -> str:
    """`172.0 亿`, `622080 `: with the space before what is counted."""
    return f"{count / 10**8:.1f} 亿" if count >= 10**8 else f"{count} "


def set_said(found: Found, readings: Sequence[Mapping[str, str]]) -> str:
    """`P14 并列的都评；P16 有一个条件即可`."""
    policies = {each["name"]: each for each in found["policies"]}
    return "；".join(
        f"{policies[one['name']]['id']} {policies[one['name']]['says'].get(one['value'], one['value'])}"
        for one in readings
    )


def named(names: Sequence[str]) -> str:
    """The first names, and how many there are."""
    more = f"等 {len(names)} 个单位" if len(names) > MOST_NAMED else ""
    return f"{'、'.join(names[:MOST_NAMED])}{more}"
