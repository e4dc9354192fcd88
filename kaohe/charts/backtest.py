"""What a draft would have done to past years: who moves, which data would be missing, which items changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.answered import Answered
from kaohe.analysis.exact import from_exact
from kaohe.charts.backtestwords import LIMITS, gain_said, move_said, notes_said, place_said, shifts, year_finding
from kaohe.charts.headings import heading
from kaohe.charts.html import Cell, Head, Html, bullets, fold, join, number, paragraph, table
from kaohe.charts.notation import signed
from kaohe.charts.style import FALL_TO_RISE, INK, empty, figure, hover, rows

HOWS: Mapping[str, str] = {"added": "新增", "removed": "取消", "changed": "改动", "moved": "改编号", "renamed": "改名"}
FIELDS: Mapping[str, str] = {
    "name": "名称", "full": "满分", "clause": "条款", "applies": "适用", "rules": "规则", "says": "内容",
    "office": "由谁负责", "counts": "计入上级", "parent": "上级",
}  # fmt: skip

Move = Mapping[str, Any]


def backtest_heading(found: Answered) -> Html:
    years = "、".join(found.answer["years"])
    return heading(found.answer["scheme"]["title"], (f"用在 {years} 的数据上",), found)


def backtest_says(found: Answered) -> Html:
    """A sentence a year."""
    return bullets(year_finding(year, each) for year, each in found.answer["years"].items())


def moves(found: Answered) -> go.Figure:
    """A row for each unit whose rank or grade would be another in some year, a column a year."""
    years = [year for year, each in found.answer["years"].items() if not each["problem"]]
    cells = {(move["unit"], year): move for year in years for move in found.answer["years"][year]["moved"]}
    names = {move["unit"]: move["name"] for move in cells.values() if shifts(move)}
    if not names:
        return empty([found], "按草案，没有单位的名次或等次会变", "各年的名次、等次与当年相同。")
    units = sorted(names, key=lambda unit: -sum(_places(cells.get((unit, year))) for year in years))
    most = max(_places(move) for move in cells.values())
    return figure(
        [_heat(units, years, cells, names, max(most, 1))],
        about=[found],
        title=_moves_title(cells, most),
        says="每行一个单位，每列一年，写着当年的名次 → 按草案的名次；蓝色为上升，橙色为下降；只列名次或等次有变的单位",
        height=rows(len(units), row=34),
        table=_moves_table(units, years, cells, names),
        row_labels=[f"{unit} {names[unit]}" for unit in units],
        xaxis={"side": "top", "fixedrange": True, "showgrid": False, "type": "category"},
        above=34,
    )


def _places(move: Move | None) -> int:
    return abs(move["rank_then"] - move["rank"]) if move else 0


def _moves_title(cells: Mapping[tuple[str, str], Move], most: int) -> str:
    if not most:
        grades = len({unit for (unit, _), move in cells.items() if shifts(move)})
        return f"名次都不变，{grades} 个单位的等次会变"
    (_, year), move = max(cells.items(), key=lambda each: _places(each[1]))
    return f"变动最大：{move['name']} {year} 由第 {move['rank']} 名到第 {move['rank_then']} 名"


def _heat(
    units: Sequence[str],
    years: Sequence[str],
    cells: Mapping[tuple[str, str], Move],
    names: Mapping[str, str],
    most: int,
) -> go.Heatmap:
    def of(unit: str, year: str) -> Move | None:
        return cells.get((unit, year))

    return go.Heatmap(
        x=list(years),
        y=list(range(len(units))),
        z=[[_climbed(of(unit, year)) for year in years] for unit in units],
        text=[[_said(of(unit, year)) for year in years] for unit in units],
        texttemplate="%{text}",
        textfont={"color": INK, "size": 13},
        colorscale=FALL_TO_RISE,
        zmin=-1.6 * most,
        zmax=1.6 * most,
        showscale=False,
        xgap=3,
        ygap=3,
        hovertext=[
            [hover(f"{names[unit]}　{year}", move_said(move) if (move := of(unit, year)) else "总分、名次都不变")
             for year in years]
            for unit in units
        ],
        hoverinfo="text",
    )  # fmt: skip


def _climbed(move: Move | None) -> int:
    return move["rank"] - move["rank_then"] if move else 0


def _said(move: Move | None) -> str:
    return place_said(move, "　") if move is not None and shifts(move) else ""


def _moves_table(
    units: Sequence[str],
    years: Sequence[str],
    cells: Mapping[tuple[str, str], Move],
    names: Mapping[str, str],
) -> Html:
    lines = [
        [Cell(unit, name="tight"), names[unit], *(_said(cells.get((unit, year))) or "不变" for year in years)]
        for unit in units
    ]
    return table(["编号", "单位", *years], lines)


def year_part(found: Answered, year: str) -> Html:
    """All that is to say of one year: the changed items, missing data, what has no place, and every unit."""
    each = found.answer["years"][year]
    head = Html(f'<h2 id="{year}">{year}</h2>')
    if each["problem"]:
        return join([head, paragraph(f"没有算：{each['problem']}")])
    notes = list(notes_said(each))
    parts = [
        head,
        paragraph(year_finding(year, each)),
        Html("<h3>改了哪些项</h3>"), _items(each["items"]),
        Html("<h3>缺哪些数据</h3>"), _missing(each["missing"]),
        *([Html("<h3>当年的读法和数据，哪些用不上</h3>"), bullets(notes)] if notes else []),
        fold(f"总分、名次、等次有变的单位（{len(each['moved'])} 个）", _moved(each), opened=False),
        *([fold(f"其他不同（{len(each['changes'])} 处）", bullets(each["changes"]))] if each["changes"] else []),
    ]  # fmt: skip
    return join(parts)


def _items(items: Sequence[Mapping[str, Any]]) -> Html:
    lines = [
        [Cell(item["id"], name="tight"), item["name"], HOWS[item["how"]], _changes(item),
         Cell("–" if item["mean"] is None else signed(from_exact(item["mean"])), sort=item["mean_rounded"] or 0.0,
              number=True),
         Cell(str(item["units"]), number=True)]
        for item in items
    ]  # fmt: skip
    heads = [
        "编号",
        "项",
        "怎样",
        Head("改动", wide=True),
        Head("平均得分的变动", number=True),
        Head("单位", number=True),
    ]
    return table(heads, lines, empty="没有不同的项。")


def _changes(item: Mapping[str, Any]) -> Html:
    said = [
        f"{FIELDS[change['field']]}：{'；'.join(gone) or '（无）'} → {'；'.join(come) or '（无）'}"
        for change in item["changes"]
        for gone, come in [_only(change["before"], change["after"])]
    ]
    return join(said, "<br>")


def _only(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """The sentences that are on one side alone."""
    return [text for text in before if text not in after], [text for text in after if text not in before]


def _missing(missing: Sequence[Mapping[str, Any]]) -> Html:
    lines = [
        [Cell(each["item"], name="tight"), each["name"], each["called"], each["office"],
         Cell(str(len(each["units"])), number=True), "、".join(each["units"])]
        for each in missing
    ]  # fmt: skip
    heads = ["编号", "项", "缺什么", "由谁报", Head("单位数", number=True), Head("单位", wide=True)]
    return table(heads, lines, empty="草案要的数据当年都有。")


def _moved(each: Mapping[str, Any]) -> Html:
    digits = each["decimals"]
    lines = [
        [Cell(move["unit"], name="tight"), Cell(move["name"], name="name"), move["group_name"],
         number(from_exact(move["total"]), (), digits), number(from_exact(move["total_then"]), (), digits),
         Cell(gain_said(move), sort=move["gain"], number=True),
         _step(move["rank"], move["rank_then"]), _step(move["grade"], move["grade_then"])]
        for move in each["moved"]
    ]  # fmt: skip
    heads = ["编号", "单位", "组", Head("当年总分", number=True), Head("按草案", number=True),
             Head("变动", number=True), "名次", "等次"]  # fmt: skip
    return table(heads, lines, empty="没有单位变动。")


def _step(was: object, now: object) -> str:
    return str(now) if was == now else f"{was} → {now}"


def backtest_limits(found: Answered) -> Html:
    """What a backtest does not say."""
    return bullets(LIMITS)
