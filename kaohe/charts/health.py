"""Which items do their work: proposals, what items weigh beside their full marks, and a table of everything found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.answered import Answered
from kaohe.charts.headings import heading
from kaohe.charts.healthwords import (
    LIMITS,
    health_finding,
    kinds_said,
    lists_said,
    not_computed_said,
    span_said,
    unseen_said,
)
from kaohe.charts.html import Cell, Head, Html, Row, badge, bullets, estimate, fold, join, paragraph, small, table
from kaohe.charts.notation import hundredths, percent, signed
from kaohe.charts.style import INK, STEP, UP, empty, figure, hover, rows

WEIGHED = 14
"""Items that the chart shows."""

Item = Mapping[str, Any]
Weighed = tuple[Item, Mapping[str, Any]]
"""An item with its shares of one group's total."""


def health_heading(found: Answered) -> Html:
    answer = found.answer
    return heading(answer["title"], (span_said(answer["years"]),), found)


def health_says(found: Answered) -> Html:
    """The answer, and what was found of each kind."""
    said = [health_finding(found.answer), *kinds_said(found.answer), *unseen_said(found.answer)]
    if len(found.answer["years"]) == 1:
        years = "kaohe health 年份 年份 --html 文件.html"
        said.append(f"只看了一年：单位少，很多事一年看不出；几年一起看，运行 {years}")
    return bullets(said)


def proposals_table(found: Answered) -> Html:
    """Every proposal with its evidence, those first that change most."""
    lines, last = [], ""
    for place, each in enumerate(found.answer["proposals"], 1):
        why = "同上" if each["why"] == last else each["why"]
        name = Cell(each["name"], name="name")
        evidence = "；".join(each["evidence"])
        seen = badge(each["called"], "open")
        lines.append([Cell(str(place), number=True), Cell(each["id"], name="tight"), name, seen, evidence, why])
        last = each["why"]
    heads = [Head("次序", number=True), "编号", "项", "看到什么", Head("依据", wide=True), Head("建议", wide=True)]
    return table(heads, lines, sortable=False, empty="没有哪一项有问题大到这些数据足以看出来。")


def weights(found: Answered, group: str) -> go.Figure:
    """What each item weighs in the order of units beside its share of the full mark."""
    name = found.answer["groups"][group]["name"]
    shown = _weighed(found, group)
    if not shown:
        why = "同一年、同一类别的单位太少，或总分不是各项之和：不算各项占总分差异的份额。"
        return empty([found], f"{name}：各项的实际分量没有算", why)
    return figure(
        [_nominal(shown), _effective(shown)],
        about=[found],
        title=f"{name}：{_weights_title(shown)}",
        says="浅色条为分值占总分的份额，点为占总分差异的份额（与总分的协方差），横线为它各自的 95% 区间；"
        "横线盖住浅色条末端的，还不能说分量与分值不符",
        height=rows(len(shown), row=27),
        table=_weights_table(shown),
        row_labels=[_called(item) for item, _ in shown],
        xaxis={"title": {"text": "占总分（差异）的份额"}, "tickformat": ".0%", "zeroline": True, "fixedrange": True},
        margin={"b": 76},
    )


def _weights_title(shown: Sequence[Weighed]) -> str:
    """What surely weighs more, and less, than its full mark says: the largest difference of either."""
    more = [each for each in shown if each[1]["effective_interval"][0] > each[1]["nominal_weight"]]
    less = [each for each in shown if each[1]["effective_interval"][1] < each[1]["nominal_weight"]]
    said = []
    for sure, word in ((more, "却"), (less, "只")):
        if sure:
            item, share = max(sure, key=lambda each: abs(each[1]["effective_weight"] - each[1]["nominal_weight"]))
            most = _share(share["effective_weight"])
            said.append(f"{_called(item)}分值占 {_share(share['nominal_weight'])}，{word}占总分差异的 {most}")
    return "；".join(said) or "没有一项的分量能断定与分值不符"


def _called(item: Item) -> str:
    """By number and name; a vote by its name alone."""
    return str(item["name"]) if item["vote"] else f"{item['id']} {item['name']}"


def _weighed(found: Answered, group: str) -> list[Weighed]:
    """The items that weigh most by either measure."""
    have = [
        (item, share)
        for item in found.answer["items"]
        if (share := item["by_group"].get(group))
        and share["effective_weight"] is not None
        and share["nominal_weight"] is not None
    ]
    have.sort(key=lambda each: -max(each[1]["effective_weight"], each[1]["nominal_weight"]))
    return have[:WEIGHED]


def _nominal(shown: Sequence[Weighed]) -> go.Bar:
    return go.Bar(
        name="分值占总分",
        orientation="h",
        x=[share["nominal_weight"] for _, share in shown],
        y=list(range(len(shown))),
        marker={"color": STEP, "opacity": 0.55},
        hovertext=[hover(_called(item), f"分值占总分 {_share(share['nominal_weight'])}")
                   for item, share in shown],
        hoverinfo="text",
    )  # fmt: skip


def _effective(shown: Sequence[Weighed]) -> go.Scatter:
    values = [share["effective_weight"] for _, share in shown]
    return go.Scatter(
        name="占总分差异",
        mode="markers",
        x=values,
        y=list(range(len(shown))),
        marker={"color": UP, "size": 9},
        error_x={
            "type": "data", "symmetric": False, "thickness": 1.4, "width": 3, "color": INK,
            "array": [share["effective_interval"][1] - share["effective_weight"] for _, share in shown],
            "arrayminus": [share["effective_weight"] - share["effective_interval"][0] for _, share in shown],
        },
        hovertext=[hover(_called(item), f"占总分差异 {_between(share)}") for item, share in shown],
        hoverinfo="text",
    )  # fmt: skip


def _weights_table(shown: Sequence[Weighed]) -> Html:
    lines = [
        [_called(item), estimate(share["nominal_weight"], _share),
         estimate(share["effective_weight"], _share), _between(share)]
        for item, share in shown
    ]  # fmt: skip
    return table(["项", Head("分值占比", number=True), Head("占总分差异", number=True), "区间"], lines)


def _between(share: Mapping[str, Any]) -> str:
    low, high = share["effective_interval"]
    return f"{_share(share['effective_weight'])}（{_share(low)}～{_share(high)}）"


def items_table(found: Answered) -> Html:
    """Every item that several units have; those that are one unit's own are folded."""
    own = [item for item in found.answer["items"] if item["own"]]
    shared = [item for item in found.answer["items"] if not item["own"]]
    folded = fold(f"只有一个单位有的项（{len(own)} 项，不作比较）", _items(own, alone=True)) if own else Html("")
    return join([_items(shared), folded])


def _items(items: Sequence[Item], *, alone: bool = False) -> Html:
    heads: list[Any] = [
        "编号", "项", Head("单位次", number=True), Head("满分", number=True), Head("零分", number=True),
        Head("得分种数", number=True),
    ]  # fmt: skip
    if not alone:
        heads += [
            Head("与其余的相关", number=True), Head("分值占比", number=True), Head("占总分差异", number=True),
            "同样的项",
        ]  # fmt: skip
    heads += ["没用上的档、条款", Head("自评减评分", number=True), "评分人"]
    return table(heads, [Row(_line(item, alone)) for item in items], empty="没有。")


def _line(item: Item, alone: bool) -> list[Any]:
    line: list[Any] = [
        Cell("" if item["vote"] else item["id"], name="tight"),
        Cell(item["name"], name="name"),
        Cell(str(item["n"]), number=True),
        estimate(item["ceiling"], _share),
        estimate(item["floor"], _share),
        Cell(str(item["distinct"]), number=True),
    ]
    if not alone:
        interval = item["discrimination_interval"]
        about = "～".join(map(hundredths, interval)) if interval else ""
        line += [
            estimate(item["discrimination"], lambda r: join([hundredths(r), small(about)], "<br>")),
            _by_group(item, "nominal_weight"),
            _by_group(item, "effective_weight"),
            "、".join(f"{twin['id']}（{twin['rho']:.2f}）" for twin in item["redundant_with"]) or "–",
        ]
    never = [*item["bands_unused"], *item["clauses_unused"]]
    return [
        *line,
        Cell("；".join(never) or "–", name="note"),
        estimate(item["self_minus_panel"], lambda value: signed(Fraction(item["self_minus_panel_exact"]))),
        _raters(item),
    ]


def _by_group(item: Item, what: str) -> Cell:
    """One share where one group has the item, else one for each."""
    shares = [share[what] for share in item["by_group"].values() if share[what] is not None]
    if not shares:
        return Cell("–", sort=-1.0, number=True, name="none")
    return Cell("、".join(map(_share, shares)), sort=shares[0], number=True)


def _raters(item: Item) -> str:
    raters = item["raters"]
    if raters is None:
        return "–"
    many = str(raters["fewest"]) if raters["fewest"] == raters["most"] else f"{raters['fewest']}～{raters['most']}"
    return f"{many} 人，一人决定" if item["decided_by_one_rater"] else f"{many} 人"


def _share(share: float) -> str:
    return percent(Fraction(share).limit_denominator(10**6), 1)


def health_limits(found: Answered) -> Html:
    """What these figures do not say, and what could not be computed."""
    units = "、".join(f"{group['name']} {group['units']} 个" for group in found.answer["groups"].values())
    never = lists_said(found.answer)
    silent = [f"没有算　{text}" for text in not_computed_said(found.answer)]
    return join([paragraph(f"单位：{units}"), bullets([*LIMITS, *([never] if never else []), *silent])])
