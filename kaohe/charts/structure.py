"""What counts how much: the regulation as a treemap, coloured by how much of it the group reached."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.analysis.exact import mean
from kaohe.analysis.losses import component_fulls, component_name, component_points
from kaohe.charts.html import Cell, Head, Html, Row, number, small, table
from kaohe.charts.saying import figure_text, percent, plain, short
from kaohe.charts.style import LOW_TO_FULL, PAPER, empty, figure, hover
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import ScoreCell

HEIGHT = 560
MOST_UNEVEN = 3
"""Parts that do not add up which are named; further ones are counted."""


@dataclass(frozen=True)
class Node:
    """A component, heading or indicator: its full mark on paper, and what the units reached of what they could get."""

    id: str
    parent: str
    name: str
    full: Fraction
    share: Fraction
    clause: str = ""
    counted: Fraction | None = None
    """A heading's full mark for a unit without exemptions, where `full`, the mean, is less."""


def structure(book: ScoreBook, group: str) -> go.Figure:
    """The group's total by component, heading and indicator, for its most frequent category; a click opens a part."""
    units, nodes = nodes_of(book, group)
    if not units:
        return empty([book], f"{book.groups[group].name}：没有单位", "本学年没有这一组的单位。")
    parts, inside = nodes[1:], inside_of(nodes)
    return figure(
        [
            go.Treemap(
                ids=[node.id for node in nodes],
                parents=[node.parent for node in nodes],
                labels=[figure_text(short(node.name, 18)) for node in nodes],
                values=[float(max(node.full - inside.get(node.id, Fraction(0)), Fraction(0))) for node in nodes],
                text=[f"{plain(node.full)} 分 · {percent(node.share)}" for node in nodes],
                texttemplate="<b>%{label}</b><br>%{text}",
                hovertext=[_hover(node, len(units)) for node in nodes],
                hoverinfo="text",
                branchvalues="remainder",  # with "total" plotly draws nothing where parts add up to more
                maxdepth=3,
                sort=False,
                tiling={"pad": 2},
                marker={
                    "colors": [float(node.share) for node in nodes],
                    "colorscale": LOW_TO_FULL,
                    "cmin": 0,
                    "cmax": 1,
                    "line": {"color": PAPER, "width": 1.5},
                },
                textfont={"size": 12},
                pathbar={"thickness": 24, "textfont": {"size": 13}},
                meta={"units": [unit.unit_id for unit in units]},
            )
        ],
        about=[book],
        title=title(book, group, units, parts),
        says="；".join([_how_to_read(book, group, units), *uneven(nodes)]),
        height=HEIGHT,
        table=_table(book, parts),
        uniformtext={"mode": False},
        margin={"l": 4, "r": 4, "b": 12},
        narrow={"layout": {"margin.l": 0, "margin.r": 0}, "traces": {"0": {"textfont.size": 10}}},
    )


def nodes_of(book: ScoreBook, group: str) -> tuple[list[UnitResult], list[Node]]:
    """The units counted, and the tree: the root first, parents before children. Empty where the group has no unit."""
    units = _alike(book, group)
    if not units:
        return [], []
    fulls = component_fulls(book, units[0])
    points = [component_points(unit) for unit in units]
    root = book.groups[group]
    shares = {name: mean([each.get(name, Fraction(0)) for each in points]) / full for name, full in fulls.items()}
    total = mean([unit.total for unit in units]) / root.full
    nodes = [Node(group, "", f"{root.name}总分", root.full, total)]
    nodes += [Node(name, group, component_name(name), full, shares[name]) for name, full in fulls.items()]
    cells = [cell for unit in units for cell in book.cells_of(unit.unit_id) if cell.applicable]
    for section in book.sections:
        mine = [cell for cell in cells if book.indicators[cell.indicator].section == section.id]
        if not mine:
            continue
        own = _pooled(mine)
        per_unit = sum((cell.max_points or Fraction(0) for cell in mine), Fraction(0)) / len(units)
        counted = _without_exemptions(book, section.id, units)
        nodes.append(Node(section.id, section.component, section.name, per_unit, own, section.clause, counted))
        nodes += _indicators(book, section.id, mine, len(units))
    return units, nodes


def _without_exemptions(book: ScoreBook, section: str, units: list[UnitResult]) -> Fraction:
    """A heading's full mark, were no indicator taken from a unit: the units' mean."""
    infos = [
        (unit, book.indicators[cell.indicator]) for unit in units for cell in book.cells_of(unit.unit_id)
    ]  # fmt: skip
    fulls = [info.fulls.get(unit.category, Fraction(0)) for unit, info in infos if info.section == section]
    return sum(fulls, Fraction(0)) / len(units)


def _indicators(book: ScoreBook, section: str, cells: list[ScoreCell], count: int) -> list[Node]:
    """The heading's indicators; none where every unit has its own (a department's tasks)."""
    by_indicator: dict[str, list[ScoreCell]] = {}
    for cell in cells:
        by_indicator.setdefault(cell.indicator, []).append(cell)
    if count > 1 and all(len(mine) == 1 for mine in by_indicator.values()):
        return []
    return [
        Node(key, section, book.indicators[key].name, mine[0].max_points or Fraction(0), _pooled(mine), mine[0].clause)
        for key, mine in by_indicator.items()
    ]


def inside_of(nodes: list[Node]) -> dict[str, Fraction]:
    """What the parts of each part add up to, as they are drawn: one whose parts are more is as large as they are."""
    inside: dict[str, Fraction] = {}
    for node in reversed(nodes):  # children come after their parents
        drawn = max(node.full, inside.get(node.id, Fraction(0)))
        inside[node.parent] = inside.get(node.parent, Fraction(0)) + drawn
    return inside


def uneven(nodes: list[Node]) -> list[str]:
    """The total and the components whose full mark is not what their parts add up to; empty where all add up."""
    sums: dict[str, Fraction] = {}
    for node in nodes:
        if node.counted is not None or node.parent == nodes[0].id:
            full = node.full if node.counted is None else node.counted
            sums[node.parent] = sums.get(node.parent, Fraction(0)) + full
    found = [
        f"“{node.name}”满分 {plain(node.full)} 分，其下各项合计 {plain(sums[node.id])} 分"
        f"（{'按合计画' if sums[node.id] > node.full else '差额留白'}）"
        for node in nodes
        if node.id in sums and sums[node.id] != node.full
    ]
    more = [f"另有 {len(found) - MOST_UNEVEN} 处"] if len(found) > MOST_UNEVEN else []
    return [f"满分加不拢：{'，'.join([*found[:MOST_UNEVEN], *more])}"] if found else []


def _alike(book: ScoreBook, group: str) -> list[UnitResult]:
    """The units of the group's most frequent category: others have other full marks."""
    units = book.ranking(group)
    if not units:
        return []
    category, _ = Counter(unit.category for unit in units).most_common(1)[0]
    return [unit for unit in units if unit.category == category]


def title(book: ScoreBook, group: str, units: list[UnitResult], nodes: list[Node]) -> str:
    """How the total is made up, and where the least of it was reached."""
    name = book.groups[group].name
    sections = {section.id for section in book.sections}
    headings = [node for node in nodes if node.id in sections]
    low = min(headings, key=lambda node: node.share, default=None)
    full = plain(book.groups[group].full)
    if low is None or low.share >= 1:
        return f"{name} {full} 分的构成：各部分均得满分"
    component = component_name(low.parent)
    said = f"得分率最低的是{component}“{low.name}”（{percent(low.share)}），占 {plain(low.full)} 分"
    return f"{name} {full} 分的构成：{said}"


def _how_to_read(book: ScoreBook, group: str, units: list[UnitResult]) -> str:
    kind = book.categories[units[0].category]
    says = f"格子大小为满分，颜色越醒目得分率越低；{len(units)} 个{kind}的平均；点击可展开到指标"
    return says if len(units) == len(book.ranking(group)) else f"{says}；其他类别满分不同，未计入"


def _hover(node: Node, count: int) -> str:
    reached = f"{count} 个单位平均得到 {percent(node.share, 1)}"
    return hover(f"{node.name}：满分 {plain(node.full)} 分", reached, node.clause)


def _table(book: ScoreBook, nodes: list[Node]) -> Html:
    sections = {section.id for section in book.sections}
    rows = [
        Row(
            [
                Cell(node.id if node.id in book.indicators else "", name="tight"),
                node.name,
                number(node.full),
                Cell(percent(node.share, 1), sort=float(node.share), number=True),
                small(node.clause),
            ],
            "" if node.id in book.indicators else "section",
        )
        for node in nodes
        if node.id in book.indicators or node.id in sections or node.parent not in sections
    ]
    heads = ["编号", "部分或指标", Head("满分", number=True), Head("平均得分率", number=True), "条款"]
    return table(heads, rows, sortable=False)


def _pooled(cells: list[ScoreCell]) -> Fraction:
    full = sum((cell.max_points or Fraction(0) for cell in cells), Fraction(0))
    return sum((cell.points or Fraction(0) for cell in cells), Fraction(0)) / full if full else Fraction(0)
