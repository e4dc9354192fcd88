"""Pages that leave the office: tables and bars drawn by style alone, no script, from an already filtered table."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kaohe.analysis.public import UNTOLD, PublicItem, PublicRow, PublicUnit, PublicYear
from kaohe.charts.headings import heading, section_heading
from kaohe.charts.html import (
    Cell,
    Content,
    Head,
    Html,
    Row,
    bar,
    bullets,
    grade,
    join,
    number,
    paragraph,
    small,
    table,
    text,
)
from kaohe.charts.notation import names, plain, two
from kaohe.scheme.digits import USUAL
from kaohe.scheme.years import spoken, year_said

BAR = "#1f5f99"
BLANK_DAY = "　　　年　　月　　日"
"""To be filled in by hand."""
TOLD = ("best", "pending", "fail")
"""Grades of which the findings name the units."""


def public_heading(published: PublicYear) -> Html:
    return heading(year_said(published.year), (published.authority,), published)


def public_findings(published: PublicYear) -> Html:
    """How many units, and which have the best grade, failed, or are not decided yet."""
    found: list[str] = []
    if published.waiting:
        found.append(f"尚有 {published.waiting} 个单位待审议，等次未定：本页现在不能用作公示。")
    found += [f"{published.groups[key]}：{why}。本页现在不能用作公示。" for key, why in published.open.items()]
    for key, name in published.groups.items():
        rows = _of(published, key)
        if not rows:
            continue
        parts = [f"{name}共 {len(rows)} 个单位"]
        told = (word for kind in TOLD for word, shown in published.kinds.items() if shown == kind)
        for word in told:
            having = [row.name for row in rows if row.grade == word]
            if having:
                parts.append(f"{word}：{names(having)}")
        found.append(f"{'；'.join(parts)}。")
    return bullets(found)


def public_ranking(published: PublicYear, group: str) -> Html:
    """Rank, unit, total with a bar, grade."""
    rows = _of(published, group)
    full = published.fulls[group]
    ranks = [row.rank for row in rows]
    lines = [
        [
            _rank(row, ranks),
            Cell(row.name, name="name"),
            number(row.total, (), row.decimals),
            Cell(bar(row.total / full, BAR) if row.total is not None and full else "", name="wide"),
            *([_grade(published, row)] if published.kinds else []),
        ]
        for row in rows
    ]
    heads = [
        Head("名次", number=True),
        "单位",
        Head(f"总分（满分 {plain(full)}）" if full else "总分", number=True),
        "",
        *(["等次"] if published.kinds else []),
    ]
    body = table(
        heads,
        lines,
        caption=published.groups[group],
        sortable=False,
        empty=f"{spoken(published.year).this}没有这一组的单位。",
    )
    return join([body, _rounded(rows)])


def _grade(published: PublicYear, row: PublicRow) -> Cell | Content:
    mark = grade(row.grade, published.kinds)
    why = "并列，经审议决定" if row.decided else row.why
    return Cell(join([mark, small(why)], " ")) if why else mark


def _rank(row: PublicRow, ranks: list[int | None]) -> Cell:
    if row.rank is None:
        return Cell(UNTOLD, number=True)
    return Cell(f"{'并列 ' if ranks.count(row.rank) > 1 else ''}{row.rank}", sort=row.rank, number=True)


def public_notice(published: PublicYear) -> Html:
    """How long it is posted, whom to ask, who signs and when; a line to write on where the year does not say so."""
    said = published.notice
    signed = [said.get("signature") or published.authority, said.get("signed_on") or BLANK_DAY]
    right = Html(f'<p class="kh kh-signed">{join(signed, "<br>")}</p>')
    return join([paragraph(f"{published.period}。"), right])


def _rounded(rows: list[PublicRow]) -> Html:
    """What decides where two totals look equal and ranks are not: what two decimals hide, or the regulation itself."""
    shown: dict[Fraction, set[int | None]] = {}
    for row in rows:
        if row.total is not None:
            shown.setdefault(row.total, set()).add(row.rank)
    if any(len(ranks) > 1 for ranks in shown.values()):
        hidden = "总分公布到小数点后两位；名次按未舍入的总分排定，显示相同的总分不一定相等。"
        as_ruled = "总分按办法取到所公布的位数；总分相同的，名次按办法规定的先后排定。"
        return Html(f'<p class="kh kh-note">{hidden if rows[0].decimals == USUAL else as_ruled}</p>')
    return Html("")


def _of(published: PublicYear, group: str) -> list[PublicRow]:
    return [row for row in published.rows if row.group == group]


def public_unit_heading(published: PublicUnit) -> Html:
    head = heading(
        published.name, (f"{year_said(published.year)}{published.whole}得分", published.authority), published
    )
    total = UNTOLD if published.total is None else two(published.total, (), published.decimals)
    figures: list[tuple[str, Content]] = [
        ("总分", f"{total} / {plain(published.full)}" if published.full else total),
        ("名次", f"{published.group} {UNTOLD if published.rank is None else published.rank} / {published.of}"),
        *([("等次", grade(published.grade, published.kinds))] if published.kinds else []),
    ]
    cards = "".join(f"<li>{text(name)}<b>{text(value)}</b></li>" for name, value in figures)
    why = paragraph(f"{published.open}。") if published.open else ""
    return Html(f'{head}<ul class="kh kh-figures">{cards}</ul>{why}')


def public_components(published: PublicUnit) -> Html:
    """The components of the total; what is withheld says why."""
    return _items("部分", published.components)


def public_sections(published: PublicUnit) -> Html:
    """The headings, before conversion; empty where there are none beside the components."""
    if not published.sections:
        return Html("")
    head = section_heading("各部分得分", "按原始分列出，未经折算。")
    return join([head, _items("部分", published.sections, _component_names(published))])


def _component_names(published: PublicUnit) -> dict[str, str]:
    return {item.id: item.name for item in published.components}


def _items(name: str, items: tuple[PublicItem, ...], above: Mapping[str, str] | None = None) -> Html:
    """A row an item; headings stand under their component, for two components may have one of the same name."""
    rows: list[Row | list[Cell]] = []
    component = ""
    for item in items:
        if above is not None and item.section != component:
            component = item.section
            rows += [Row([Cell(above[component], span=4)], "section")] if component in above else []
        share = item.points / item.full if item.points is not None and item.full else None
        rows.append(
            [
                Cell(item.name, name="tight"),
                _full(item),
                number(item.points, [item.full] if item.full is not None else [], item.decimals),
                Cell(bar(share, BAR) if share is not None else small("；".join(item.reasons) or "不公开"), name="wide"),
            ]
        )
    heads = [name, Head("满分", number=True), Head("得分", number=True), ""]
    return table(heads, rows, sortable=False, empty="没有可以公布的得分。")


def public_ahead(published: PublicUnit) -> Html:
    """What the unit itself could have handed in for more points, where nobody else's data enter them."""
    found = [item for item in published.items if item.ahead]
    rows = [
        [
            Cell(item.id.removeprefix(f"{published.unit_id}."), name="tight"),
            Cell(item.name, name="name"),
            _full(item),
            number(item.points, [item.full] if item.full is not None else [], item.decimals),
            Cell(join(item.ahead, "<br>"), name="reason"),
        ]
        for item in found
    ]
    heads = ["编号", "指标", Head("满分", number=True), Head("得分", number=True), Head("最近的一步", wide=True)]
    return table(heads, rows, sortable=False, empty="按本单位数据计算的指标都已得满分，或再怎样改也不能再得分。")


def public_points(published: PublicUnit) -> Html:
    """Every indicator of the unit with points and reason, by heading."""
    above = _component_names(published)
    rows: list[Row] = []
    has_own = any(item.own is not None for item in published.items)
    heading_now = None
    for item in published.items:
        if item.section != heading_now and item.section in published.headings:
            heading_now = item.section
            component, name, clause = published.headings[item.section]
            above_it = above.get(component, "") if component != item.section else ""
            head = " · ".join(part for part in (above_it, name) if part)
            rows.append(Row([Cell(head, span=4 + has_own), small(clause)], "section"))
        rows.append(
            Row(
                [
                    Cell(item.id.removeprefix(f"{published.unit_id}."), name="tight"),
                    Cell(item.name, name="name"),
                    _full(item),
                    number(item.points, [item.full] if item.full is not None else [], item.decimals),
                    *([number(item.own, (), item.decimals)] if has_own else []),
                    Cell(join(["；".join(item.reasons), small(item.clause)], "<br>"), name="reason"),
                ]
            )
        )
    own = [Head("自评", number=True)] if has_own else []
    heads = ["编号", "指标", Head("满分", number=True), Head("得分", number=True), *own, Head("理由", wide=True)]
    return table(heads, rows, sortable=False, empty="没有可以公布的得分。")


def _full(item: PublicItem) -> Cell:
    """The full mark; an item without one is out of nothing."""
    return number(item.full or None)
