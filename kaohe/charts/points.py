"""A unit's points, indicator by indicator, with the reason for each."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kaohe.analysis.losses import component_name, component_points, lost_points
from kaohe.charts.html import STATUS_BADGES, Cell, Head, Html, Row, badge, join, number, small, table
from kaohe.charts.saying import plain, signed, two
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import STATUS_NAMES, ScoreCell


def points_table(book: ScoreBook, unit_id: str) -> Html:
    """The unit's points by heading, each indicator with maximum, raw, deducted, capped, points and reason."""
    unit, own = book.unit(unit_id), book.self_scores.get(unit_id)
    rows: list[Row] = []
    by_section = {section.id: cells for section, cells in book.sections_of(unit_id)}
    for section in book.sections:
        cells = by_section.get(section.id)
        if not cells:
            continue
        full = sum((cell.max_points or Fraction(0) for cell in cells), Fraction(0))
        points = sum((cell.points or Fraction(0) for cell in cells), Fraction(0))
        head = f"{component_name(section.component)} · {section.name}"
        theirs = [number(points, [full]), *_blank(own is not None)]
        rows.append(Row([Cell(head, span=2), number(full), *_blank(3), *theirs, small(section.clause)], "section"))
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
            Cell(signed(-each.lost), sort=float(-each.lost), number=True),
            Cell(
                f"{two(each.cell.points or Fraction(0), [each.cell.max_points or Fraction(0)])}"
                f" / {plain(each.cell.max_points or Fraction(0))}",
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


def _ahead(book: ScoreBook, cell: ScoreCell) -> Html | str:
    if cell.ahead:
        return join(cell.ahead, "<br>")
    return "由评审小组评定" if book.indicators[cell.indicator].judged else ""


def votes_table(book: ScoreBook, unit_id: str) -> Html:
    """The two votes with how they were counted; for internal pages only."""
    unit, group = book.unit(unit_id), book.groups[book.unit(unit_id).group]
    rows = [
        [component_name(name), number(full), number(points, [full]), Cell("；".join(says), name="reason")]
        for name, full, points, says in (
            ("ballot", group.ballot_full, unit.ballot_points, [each.text for each in unit.ballot_sentences]),
            ("leader", group.leader_full, unit.leader_points, [each.text for each in unit.leader_sentences]),
        )
    ]
    heads = ["部分", Head("满分", number=True), Head("得分", number=True), Head("怎样得出", wide=True)]
    return table(heads, rows, sortable=False)


def _blank(cells: int) -> list[Cell]:
    return [Cell("", number=True)] * cells


def _points_row(book: ScoreBook, cell: ScoreCell, own: Mapping[str, Fraction] | None) -> Row:
    info = book.indicators[cell.indicator]
    marks = [badge(STATUS_NAMES[cell.status], STATUS_BADGES[cell.status])] if cell.status in STATUS_BADGES else []
    marks += [badge("创新性工作")] if info.innovative else []
    full, points = cell.max_points or Fraction(0), cell.points or Fraction(0)
    return Row(
        [
            Cell(cell.indicator.removeprefix(f"{cell.unit}."), name="tight"),
            Cell(join([info.name, *marks], " "), name="name"),
            number(full),
            number(cell.raw),
            number(cell.deducted, [Fraction(0)], zero="–"),
            number(cell.capped, [Fraction(0)], zero="–"),
            number(points, [full]),
            *([number(own.get(cell.indicator), [full, points])] if own is not None else []),
            Cell(join([cell.reason, small(info.clause)], "<br>"), name="reason"),
        ]
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
    for name, raw, points in (("base", unit.base_raw, unit.base_points), ("key", unit.key_raw, unit.key_points)):
        full = book.groups[unit.group].parts.get(name)
        if raw is not None and points is not None and full is not None and raw != points:
            own = unit.own_full[name]
            said.append(f"{component_name(name)}合计 {two(raw)} / {plain(own)}，折算为 {two(points)} / {plain(full)}")
    if "conversion" in component_points(unit):
        said.append(f"基础与重点合并折算，目标考核为 {two(unit.target_points)} 分")
    return "；".join(said)
