"""What counts how much: the regulation as a treemap, coloured by how much of it the group reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.analysis.breakdown import adds_up
from kaohe.analysis.exact import mean
from kaohe.charts.html import Cell, Head, Html, Row, number, small, table
from kaohe.charts.notation import figure_text, percent, plain, short
from kaohe.charts.style import LOW_TO_FULL, PAPER, empty, figure, hover
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.components import first_parts, full_of, fulls_in_total, has, item_name, points_of, weight_of

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
        return _nothing(book, group)
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
        title=title(book, group, parts),
        says="；".join([_how_to_read(book, group, units), *uneven(nodes)]),
        height=HEIGHT,
        table=_table(book, parts),
        uniformtext={"mode": False},
        margin={"l": 4, "r": 4, "b": 12},
        narrow={"layout": {"margin.l": 0, "margin.r": 0}, "traces": {"0": {"textfont.size": 10}}},
    )


def _nothing(book: ScoreBook, group: str) -> go.Figure:
    """Why there is no picture of what the total is made of."""
    name = book.groups[group].name
    if not book.rated(group):
        return empty([book], f"{name}：没有单位", f"{book.spoken.this}没有这一组的、有总分的单位。")
    if not adds_up(book, group):
        return empty([book], f"{name}：总分不是各部分相加得来", "各部分的满分加不成总分的满分，不画构成图。")
    return empty([book], f"{name}：总分没有规定满分", "各部分的满分没有规定，不画构成图。")


def nodes_of(book: ScoreBook, group: str) -> tuple[list[UnitResult], list[Node]]:
    """The units counted, and the tree: the root first, parents before children. Empty where nothing adds up."""
    units = _alike(book, group)
    root = book.groups[group]
    if not units or not root.full or not adds_up(book, group):
        return [], []
    nodes = [Node(group, "", f"{root.name}总分", root.full, mean([unit.total for unit in units]) / root.full)]
    cells = [cell for unit in units for cell in book.cells_of(unit.unit_id) if cell.applicable]
    components = _components(book, group, units[0])
    for name, full in components.items():
        by = weight_of(book, name, group)
        share = mean([by * (points_of(book, unit, name) or Fraction(0)) for unit in units]) / full
        nodes.append(Node(name, group, item_name(book, name), full, share))
    return units, [*nodes, *(node for name in components for node in _below(book, name, name, units, cells))]


def _components(book: ScoreBook, group: str, unit: UnitResult) -> dict[str, Fraction]:
    """The total's components with their full marks in it; what it is made of directly where it is its own."""
    score = book.groups[group].score
    fulls = fulls_in_total(book, unit)
    if list(fulls) == [score]:
        parts = {name: full_of(book, unit, name) for name in first_parts(book, group) if has(book, unit, name)}
        fulls = {name: full * weight_of(book, name, group) for name, full in parts.items() if full is not None}
    return {name: full for name, full in fulls.items() if full}


def _below(book: ScoreBook, item: str, parent: str, units: list[UnitResult], cells: list[ScoreCell]) -> Iterator[Node]:
    """What stands under an item, headings before their indicators; nothing under one that is no sum.

    A heading that is alone under another, and has none but headings below it, gives way to these.
    """
    if item not in book.tree or book.tree[item].combine != "sum":
        return
    weight = weight_of(book, item, units[0].group)
    own = [cell for cell in cells if book.indicators[cell.indicator].section == item and cell.indicator != item]
    headings = [node.id for node in book.below.get(item, ()) if node.counts and not node.leaf]
    headings = [name for name in headings if has(book, units[0], name)]
    for node in _indicators(book, parent, own, len(units), weight):
        yield replace(node, counted=node.full) if headings else node
    for name in headings:
        inside = _indicators_below(book, name)
        mine = [cell for cell in cells if cell.indicator in inside]
        if not mine:
            continue
        if len(headings) == 1 and not own and all(book.indicators[cell.indicator].section != name for cell in mine):
            yield from _below(book, name, parent, units, mine)
            continue
        by = weight_of(book, name, units[0].group)
        whole = None if _adds_all(book, name) else full_of(book, units[0], name)
        paper = sum((cell.max_points or Fraction(0) for cell in mine), Fraction(0)) / len(units)
        full = paper if whole is None else whole
        if full:
            counted = by * (_without_exemptions(book, inside, units) if whole is None else whole)
            share = _pooled(mine) if whole is None else _reached(book, name, units) / full
            yield Node(name, parent, item_name(book, name), by * full, share, book.tree[name].clause, counted)
            yield from _below(book, name, name, units, mine)


def _adds_all(book: ScoreBook, item: str) -> bool:
    """Whether an item is the sum of the indicators below it, at every depth."""
    return item in book.indicators or (
        book.tree[item].combine == "sum" and all(_adds_all(book, node.id) for node in book.below.get(item, ()))
    )


def _reached(book: ScoreBook, item: str, units: list[UnitResult]) -> Fraction:
    """The units' mean points of an item."""
    return mean([points_of(book, unit, item) or Fraction(0) for unit in units])


def _indicators_below(book: ScoreBook, item: str) -> frozenset[str]:
    found = {item} if item in book.indicators else set()
    return frozenset(found.union(*(_indicators_below(book, node.id) for node in book.below.get(item, ()))))


def _without_exemptions(book: ScoreBook, inside: frozenset[str], units: list[UnitResult]) -> Fraction:
    """A heading's full mark, were no indicator taken from a unit: the units' mean."""
    infos = [
        (unit, book.indicators[cell.indicator]) for unit in units for cell in book.cells_of(unit.unit_id)
    ]  # fmt: skip
    fulls = [info.fulls.get(unit.category) or Fraction(0) for unit, info in infos if info.id in inside]
    return sum(fulls, Fraction(0)) / len(units)


def _indicators(book: ScoreBook, section: str, cells: list[ScoreCell], count: int, weight: Fraction) -> list[Node]:
    """The heading's indicators; none where every unit has its own."""
    by_indicator: dict[str, list[ScoreCell]] = {}
    for cell in cells:
        by_indicator.setdefault(cell.indicator, []).append(cell)
    if count > 1 and all(len(mine) == 1 for mine in by_indicator.values()):
        return []
    out = []
    for key, mine in by_indicator.items():
        full = weight * (book.tree[key].weight or Fraction(1)) * (mine[0].max_points or Fraction(0))
        out.append(Node(key, section, book.indicators[key].name, full, _pooled(mine), mine[0].clause))
    return out


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
    units = book.rated(group)
    if not units:
        return []
    category, _ = Counter(unit.category for unit in units).most_common(1)[0]
    return [unit for unit in units if unit.category == category]


def title(book: ScoreBook, group: str, nodes: list[Node]) -> str:
    """How the total is made up, and where the least of it was reached."""
    name = book.groups[group].name
    sections = {section.id for section in book.sections}
    headings = [node for node in nodes if node.id in sections] or nodes
    low = min(headings, key=lambda node: node.share, default=None)
    full = plain(book.groups[group].full)
    if low is None or low.share >= 1:
        return f"{name} {full} 分的构成：各部分均得满分"
    above = item_name(book, low.parent) if low.parent != group else ""
    said = f"得分率最低的是{above}“{low.name}”（{percent(low.share)}），占 {plain(low.full)} 分"
    return f"{name} {full} 分的构成：{said}"


def _how_to_read(book: ScoreBook, group: str, units: list[UnitResult]) -> str:
    kind = book.categories[units[0].category]
    says = f"格子大小为满分，颜色越醒目得分率越低；{len(units)} 个{kind}的平均；点击可展开到指标"
    return says if len(units) == len(book.rated(group)) else f"{says}；其他类别满分不同，未计入"


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
