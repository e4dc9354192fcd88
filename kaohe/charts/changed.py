"""What changed and through what: own data, others' data, scheme, readings; from the JSON of `kaohe changed`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.exact import from_exact
from kaohe.charts.html import Cell, Head, Html, bullets, fold, join, table, text
from kaohe.charts.notation import marks, names, signed
from kaohe.charts.style import STEP, empty, figure, hover, rows

Found = Mapping[str, Any]

CAUSES = {"own": "本单位的数据", "others": "其他单位的数据", "scheme": "考核方案", "policies": "读法"}
COLOURS = {"own": "#1f5f99", "others": STEP, "scheme": "#b0692b", "policies": "#6d5a9c"}
METHOD = (
    "把四方面（本单位的数据、其他单位的数据、考核方案与统计时段、读法）各换成后来的，16 种组合全部按精确分数重新评分；"
    "一方面的份额是它在全部 24 种先后次序中平均带来的变动（沙普利值），与先换哪一方面无关，四份相加正好等于总变动。"
)
ROW = 27
MOST_ITEMS = 3
"""Items named of one unit."""
MOST_SAID = 5
FAR = 3
"""Ranks; who moved so far has a reason told."""
MOST_FAR = 3
"""Items named with it."""


def _number(value: Any) -> Any:
    """An exact figure of the file: a fraction, or a sum of roots and logarithms."""
    return from_exact(value)


def _gained(split: Found) -> Any:
    return sum((_number(split[cause]) for cause in CAUSES), Fraction(0))


def _climbed(unit: Found, cause: str = "") -> Any:
    """Ranks gained."""
    rank = unit["rank"]
    return -(_number(rank[cause]) if cause else _gained(rank))


def changed_lines(found: Found, unit: str = "") -> list[str]:
    """For the terminal: what it comes down to, then a line a unit; of one unit its items, too."""
    lines = list(_said(found)) if not unit else []
    for each, about in found["units"].items():
        if unit in ("", each):
            lines.append(f"{each} {unit_said(found, about)}")
            if unit:
                lines += [f"  {said}" for said in items_said(found, about, most=1000)]
    lines += [_left_out(each) for each in found["not_computable"] if unit in ("", each["unit"])]
    if found["assumed"]:
        more = f"等 {len(found['assumed'])} 项" if len(found["assumed"]) > MOST_SAID else ""
        lines.append(f"组合中缺的数据按 0 分计：{'；'.join(found['assumed'][:MOST_SAID])}{more}")
    return [*lines, METHOD]


def changed_marks(found: Found) -> list[str]:
    """What has to be said over it: that it is invented, or not final."""
    return marks(_Marked(found))


def _left_out(each: Found) -> str:
    return f"{each['unit']} {each['name']}：{each['why']}，没有拆分"


def unit_said(found: Found, unit: Found) -> str:
    """A unit's difference and its four parts."""
    parts = _parts(found, unit)
    return (
        f"{unit['name']}：总分 {_signed(found, _gained(unit))}"
        + (f"（{parts}）" if parts else "")
        + f"，第 {_rank(unit)} 名"
    )


def _rank(unit: Found) -> str:
    """`3 → 1`; of one that stayed where it was `3`."""
    return " → ".join(dict.fromkeys((unit["rank"]["from"], unit["rank"]["to"])))


def _parts(found: Found, split: Found) -> str:
    return "，".join(
        f"{CAUSES[cause]} {_signed(found, _number(split[cause]))}" for cause in CAUSES if _number(split[cause])
    )


def items_said(found: Found, unit: Found, most: int = MOST_ITEMS) -> Iterator[str]:
    """The items that moved most, in their own points, each with its parts."""
    moved = sorted(unit["items"].items(), key=lambda each: -abs(_gained(each[1])))
    for item, split in moved[:most]:
        yield f"{item} {found['names'].get(item, '')} {_signed(found, _gained(split))}（{_parts(found, split)}）"
    if len(moved) > most:
        rest = sum((_gained(split) for _, split in moved[most:]), Fraction(0))
        yield f"其余 {len(moved) - most} 项合计 {_signed(found, rest)}"
    if _gained(unit["rest"]):
        yield f"折算、上限与取整 {_signed(found, _gained(unit['rest']))}"


def changed_says(found: Found) -> Html:
    return bullets([f"{found['before']} → {found['after']}", *_said(found)])


def changed_brief(found: Found) -> Html:
    """Through what totals are others, in a sentence or two for the top of a page."""
    said = [f"{found['before']} → {found['after']}：{_title(_split(found))}"]
    if pushed := only_others(found):
        said.append(f"名次下降只因其他单位的数据：{names([unit['name'] for unit in pushed])}")
    return bullets([f"{'；'.join(said)}（见“变动由于什么”）"])


def _said(found: Found) -> Iterator[str]:
    units = list(found["units"].values())
    moved = [unit for unit in units if _gained(unit)]
    some = f"其中 {len(moved)} 个总分有变" if moved else "总分都没有变"
    yield f"{len(units)} 个单位前后都有总分，{some}"
    for cause, name in CAUSES.items():
        mine = [unit for unit in moved if _number(unit[cause])]
        if not mine:
            continue
        most = max(mine, key=lambda unit: abs(_number(unit[cause])))
        yield f"{name}使 {len(mine)} 个单位的总分有变，最多的是{most['name']}（{_signed(found, _number(most[cause]))}）"
    pushed = only_others(found)
    if pushed:
        yield f"名次下降只因其他单位的数据（自己的数据没有使它下降）：{names([unit['name'] for unit in pushed])}"
    idle = [
        name
        for cause, name in CAUSES.items()
        if not any(_number(unit[cause]) or _number(unit["rank"][cause]) for unit in units)
    ]
    if idle and moved:
        yield f"{'、'.join(idle)}没有带来变动"


def only_others(found: Found) -> list[Found]:
    """Units that lost ranks, all of them through the others' data."""
    return [
        unit for unit in found["units"].values() if _climbed(unit) < 0 and _climbed(unit, "others") == _climbed(unit)
    ]


def _split(found: Found) -> list[Found]:
    """Units with parts to show; where they cancel out, the total is what it was."""
    return [unit for unit in found["units"].values() if any(_number(unit[cause]) for cause in CAUSES)]


def changed_chart(found: Found) -> go.Figure:
    """A row a unit: the parts of its difference, side by side from zero, losses to the left."""
    moved, marked = _split(found), [_Marked(found)]
    if not moved:
        return empty(marked, _title(moved), "前后两次各单位的总分相同，没有可以拆分的变动。")
    moved.sort(key=_gained, reverse=True)
    causes = [cause for cause in CAUSES if any(_number(unit[cause]) for unit in moved)]
    traces = [
        go.Bar(
            name=CAUSES[cause],
            orientation="h",
            x=[float(_number(unit[cause])) for unit in moved],
            y=list(range(len(moved))),
            marker={"color": COLOURS[cause]},
            hovertext=[hover(unit["name"], unit_said(found, unit), *items_said(found, unit)) for unit in moved],
            hoverinfo="text",
        )
        for cause in causes
    ]
    return figure(
        traces,
        about=marked,
        title=_title(moved),
        says="每行一个单位，条长为总分变动中各方面的份额，向右为增、向左为减；份额相加等于总变动",
        height=rows(len(moved), row=ROW),
        table=changed_table(found),
        row_labels=[unit["name"] for unit in moved],
        barmode="relative",
        xaxis={"title": {"text": "总分变动"}, "zeroline": True, "fixedrange": True},
        margin={"b": 76},
    )


def _title(split: list[Found]) -> str:
    """How many totals are others, and through what most of them."""
    moved = [unit for unit in split if _gained(unit)]
    if not moved:
        return f"各单位的总分都没有变{f'，{len(split)} 个单位的各方面变动互相抵消' if split else ''}"
    largest = [max(CAUSES, key=lambda cause: abs(_number(unit[cause]))) for unit in moved]
    mainly = {cause: largest.count(cause) for cause in CAUSES}
    cause = max(mainly, key=mainly.__getitem__)
    return f"{len(moved)} 个单位的总分有变，其中 {mainly[cause]} 个主要由于{CAUSES[cause]}"


class _Marked:
    """Whether what is shown is synthetic or provisional."""

    def __init__(self, found: Found) -> None:
        self.year: str = found["year"]
        self.synthetic: bool = found["synthetic"]
        self.provisional: bool = found["provisional"]


def changed_table(found: Found) -> Html:
    """A line a unit: before, after, the four parts, ranks, and the items that moved most."""
    lines = []
    for each, unit in found["units"].items():
        why = "；".join(items_said(found, unit))
        split = [
            Cell(_shown(found, _number(unit[cause])), sort=float(_number(unit[cause])), number=True) for cause in CAUSES
        ]
        lines.append(
            [each, unit["name"], Cell(_shown(found, _gained(unit)), sort=float(_gained(unit)), number=True), *split,
             Cell(_rank(unit), sort=float(_climbed(unit)), name="tight"), _ranks_said(unit), why]
        )  # fmt: skip
    heads = [
        "编号", "单位", Head("总分变动", number=True), *(Head(name, number=True) for name in CAUSES.values()),
        "名次", "名次的变动由于", Head("变动最大的项目（各按自己的分值）", wide=True),
    ]  # fmt: skip
    return table(heads, lines, empty="没有前后都有总分的单位。")


def _shown(found: Found, value: Fraction) -> str:
    return _signed(found, value) if value else "–"


def _signed(found: Found, value: Fraction) -> str:
    return signed(value, found["decimals"])


def _ranks_said(unit: Found) -> str:
    """Ranks gained and lost by cause; halves come from averaging over the orders."""
    parts = [f"{CAUSES[cause]} {_ranks(_climbed(unit, cause))}" for cause in CAUSES if _climbed(unit, cause)]
    return "，".join(parts) or "–"


def _ranks(value: Fraction) -> str:
    return f"{'升' if value > 0 else '降'} {f'{float(abs(value)):.2f}'.rstrip('0').rstrip('.')}"


def far_movers(found: Found) -> Html:
    """Who rose or fell by FAR ranks or more, those who fell first, and through what: ranks by cause, then the items
    that moved most the same way; empty where nobody did."""
    far = sorted((unit for unit in found["units"].values() if abs(_climbed(unit)) >= FAR), key=_climbed)
    return bullets(
        join([Html(f"<strong>{text(unit['name'])}</strong>"), f"{_ranks(_climbed(unit))} 位（第 {_rank(unit)} 名）："
              f"{_ranks_said(unit)}。总分 {_signed(found, _gained(unit))}{_mainly(found, unit)}"], " ")
        for unit in far
    )  # fmt: skip


def _mainly(found: Found, unit: Found) -> str:
    """`，其中 教学 −2.30、科研 −1.10`: the items that moved most the way its rank did, in their own points."""
    way = 1 if _climbed(unit) > 0 else -1
    moved = sorted(unit["items"].items(), key=lambda each: -way * _gained(each[1]))[:MOST_FAR]
    said = [
        f"{found['names'].get(item, item)} {_signed(found, _gained(split))}"
        for item, split in moved
        if way * _gained(split) > 0
    ]
    return f"，其中 {'、'.join(said)}" if said else ""


def changed_limits(found: Found) -> Html:
    """How it was found, whom it leaves out, and what it cannot say."""
    notes = [METHOD, "项目按各自的分值拆分；折算、上限与取整把它们变成总分时的增减另列一项，也照样拆分。"]
    if not found["same_year"]:
        notes.append(
            "两年之间，先把前一年的数据移到后一年的日期和单位编号上；“其他单位的数据”包括新增和不再参评的单位。"
        )
    notes += [f"{_left_out(each)}。" for each in found["not_computable"]]
    notes += [f"组合中缺的数据按 0 分计：{said}" for said in found["assumed"]]
    return fold("怎样拆分的，哪些没有拆分", bullets(notes))
