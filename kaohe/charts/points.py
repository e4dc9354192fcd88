"""A unit's points, indicator by indicator, with the reason for each."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kaohe.analysis.breakdown import CONVERSION, by_component, lost_points
from kaohe.analysis.iffull import if_full
from kaohe.charts import amounts
from kaohe.charts.amounts import gain_cell
from kaohe.charts.html import STATUS_BADGES, Cell, Head, Html, Row, badge, join, number, small, table
from kaohe.charts.notation import plain
from kaohe.charts.parts import short_prefix
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import STATUS_NAMES, ScoreCell
from kaohe.scoring.components import (
    component_of,
    components,
    full_of,
    has,
    item_name,
    points_of,
    rescaled,
    subtotal,
)


def points_table(book: ScoreBook, unit_id: str) -> Html:
    """The unit's points by heading, each indicator with maximum, raw, deducted, capped, points and reason."""
    unit, own = book.unit(unit_id), book.self_scores.get(unit_id)
    rows: list[Row] = []
    by_section = {section.id: cells for section, cells in book.sections_of(unit_id)}
    alone = all(name in book.indicators for name in by_section)  # leaves, each of its own heading
    for section in book.sections:
        cells = by_section.get(section.id)
        if not cells:
            continue
        points, full = subtotal(book, unit, section.id, cells)
        component = component_of(book, section.id, unit.group)
        above = [item_name(book, component)] if component not in (section.id, book.groups[unit.group].score) else []
        head = " · ".join([*above, section.name])
        if alone:
            rows += [_points_row(book, cell, own) for cell in cells]
            continue
        theirs = [number(points, [full], book.finest), *_blank(own is not None)]
        rows.append(
            Row([Cell(head, span=2), number(full or None), Cell("", span=3), *theirs, small(section.clause)], "section")
        )
        rows += [_points_row(book, cell, own) for cell in cells]
    rows += _not_applicable(book, unit_id, span=8 if own is None else 9)
    heads = [
        "编号", "指标",
        *(Head(name, number=True) for name in ("满分", "得分（扣减前）", "扣分", "超限不计", "得分")),
        *([Head("自评", number=True)] if own is not None else []),
        Head("理由", wide=True),
    ]  # fmt: skip
    return table(heads, rows, sortable=False, caption=_conversion(book, unit))


def losses_table(book: ScoreBook, unit_id: str, top: int = 15) -> Html:
    """The dearest indicators: how many points of the total they cost, why, and what more points would need."""
    found = lost_points(book, unit_id)
    rows = [
        [
            Cell(each.cell.indicator.removeprefix(f"{unit_id}."), name="tight"),
            Cell(book.indicators[each.cell.indicator].name, name="name"),
            gain_cell(book, -each.lost),
            Cell(
                amounts.reached(book, each.cell),
                sort=float(each.cell.points or 0),
                number=True,
            ),
            Cell(each.cell.reason, name="reason"),
            Cell(_ahead(book, each.cell), name="ahead"),
        ]
        for each in found[:top]
    ]
    heads = [
        "编号", "指标", Head("总分中少得", number=True), Head("得分 / 满分", number=True),
        Head("理由", wide=True), Head("要再得分", wide=True),
    ]  # fmt: skip
    return table(heads, rows, empty="没有失分的指标。")


def if_full_table(book: ScoreBook, unit_id: str) -> Html:
    """What the total would be with the full mark of one indicator, the most first: of totals that are no sum."""
    unit = book.unit(unit_id)
    lacking = [(cell, cell.max_points) for cell in book.cells_of(unit_id) if cell.lost and cell.max_points]
    found = [
        (total, cell, full)
        for cell, full in lacking
        if (total := if_full(book, unit, cell.indicator, full)) is not None
    ]
    rows = [
        [
            Cell(cell.indicator.removeprefix(f"{unit_id}."), name="tight"),
            Cell(book.indicators[cell.indicator].name, name="name"),
            Cell(
                amounts.reached(book, cell),
                number=True,
            ),
            number(total, [unit.total], book.total_decimals(unit.group)),
            Cell(cell.reason, name="reason"),
        ]
        for total, cell, full in sorted(found, key=lambda each: -each[0])
    ]
    heads = [
        "编号",
        "指标",
        Head("得分 / 满分", number=True),
        Head("得满分时总分约为", number=True),
        Head("理由", wide=True),
    ]
    return table(heads, rows, empty="不能算出某一项得满分时的总分。")


def _ahead(book: ScoreBook, cell: ScoreCell) -> Html | str:
    if cell.ahead:
        return join(cell.ahead, "<br>")
    return "由评审小组评定" if book.indicators[cell.indicator].judged else ""


def votes_table(book: ScoreBook, unit_id: str) -> Html:
    """The votes with how they were counted; for internal pages only. Empty where nobody votes."""
    unit = book.unit(unit_id)
    rows = []
    for name, info in book.votes.items():
        if has(book, unit, name):
            full, points = full_of(book, unit, name), points_of(book, unit, name)
            says = "；".join(each.text for each in unit.nodes[name].sentences) if name in unit.nodes else ""
            near = [full] if full is not None else []
            rows.append([info.name, number(full), number(points, near, book.finest), Cell(says, name="reason")])
    if not rows:
        return Html("")
    heads = ["部分", Head("满分", number=True), Head("得分", number=True), Head("怎样得出", wide=True)]
    return table(heads, rows, sortable=False)


def _blank(cells: int) -> list[Cell]:
    return [Cell("", number=True)] * cells


def _points_row(book: ScoreBook, cell: ScoreCell, own: Mapping[str, Fraction] | None) -> Row:
    info = book.indicators[cell.indicator]
    marks = [badge(STATUS_NAMES[cell.status], STATUS_BADGES[cell.status])] if cell.status in STATUS_BADGES else []
    marks += [badge("创新性工作")] if info.innovative else []
    full, points = cell.max_points or Fraction(0), cell.points
    return Row(
        [
            Cell(cell.indicator.removeprefix(f"{cell.unit}."), name="tight"),
            Cell(join([info.name, *marks], " "), name="name"),
            number(full or None),
            number(cell.raw, (), book.finest),
            number(cell.deducted, [Fraction(0)], book.finest, zero="–"),
            number(cell.capped, [Fraction(0)], book.finest, zero="–"),
            number(points, [full], book.finest),
            *([number(own.get(cell.indicator), [full, points or Fraction(0)], book.finest)] if own is not None else []),
            Cell(join([cell.reason, small(info.clause)], "<br>"), name="reason"),
        ],
        anchor=cell.indicator,
    )


def _not_applicable(book: ScoreBook, unit_id: str, span: int) -> list[Row]:
    """What does not apply, together by reason, at the end."""
    found: dict[str, list[str]] = {}
    for cell in book.cells_of(unit_id):
        if not cell.applicable:
            name = f"{cell.indicator.removeprefix(f'{unit_id}.')} {book.indicators[cell.indicator].name}"
            found.setdefault(cell.reason, []).append(name)
    if not found:
        return []
    return [
        Row([Cell("不适用的指标", span=span)], "section"),
        *(Row([Cell(f"{why}：{'；'.join(listed)}", span=span)], "aside") for why, listed in found.items()),
    ]


def _conversion(book: ScoreBook, unit: UnitResult) -> str:
    """How the headings' sums become the components of the total, where that changes anything."""
    said = []
    for name, (raw, own) in rescaled(book, unit).items():
        points, full = points_of(book, unit, name), full_of(book, unit, name)
        if points is not None and full is not None:
            before, after = (amounts.points(book, name, each) for each in (raw, points))
            said.append(f"{item_name(book, name)}合计 {before} / {plain(own)}，折算为 {after} / {plain(full)}")
    if CONVERSION in by_component(book, unit):
        said += _together(book, unit)
    return "；".join(said)


def _together(book: ScoreBook, unit: UnitResult) -> list[str]:
    """`基础与重点合并折算，目标考核为 120 分`: of components that are converted as one."""
    score = book.groups[unit.group].score
    whole: dict[str, list[str]] = {}
    for name in components(book, unit.group):
        parent = book.tree[name].parent
        if name != score and parent not in (None, score) and has(book, unit, name):
            whole.setdefault(str(parent), []).append(name)
    return [
        f"{'与'.join(short_prefix(book, name) for name in inner)}合并折算，"
        f"{item_name(book, parent)}为 {amounts.points(book, parent, points)} 分"
        for parent, inner in whole.items()
        if (points := points_of(book, unit, parent)) is not None
    ]
