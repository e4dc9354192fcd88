"""A scheme as a page for those who discuss it, and two schemes side by side; self-contained, made to be printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kaohe.charts.html import Cell, Html, Row, badge, join, paragraph, small, styles, table, text
from kaohe.scheme import Scheme
from kaohe.scheme.differing import FAMILIES, FIELDS, HOW, Change
from kaohe.scheme.outline import ItemRow, NamedRow, Outline

PAGE = """
body { margin: 0; color: var(--kh-ink); background: var(--kh-paper); font: 16px/1.7 "Noto Sans CJK SC", "Noto Sans SC",
  "Microsoft YaHei", "PingFang SC", "Source Han Sans SC", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 20px 32px 64px; }
h1 { font-size: 28px; line-height: 1.35; margin: 20px 0 6px; }
h2 { font-size: 20px; line-height: 1.4; margin: 40px 0 8px; break-after: avoid; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 12px 0; padding: 0; list-style: none; font-size: 14px; }
a { color: #17598a; }
.kh-table ul { margin: 0; padding-left: 1.2em; }
.kh-table td p { margin: 0; }
.kh-table td.place { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--kh-soft); }
.kh-table tr.inner td { background: var(--kh-row); }
.kh-table tr.inner td:nth-child(2), .kh-table tr.inner td:nth-child(3) { font-weight: 600; }
.was { color: var(--kh-bad); } .now { color: var(--kh-good); }
@media print {
  nav { display: none; } main { max-width: none; padding: 0; }
  h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 16pt; }
  @page { size: A4 landscape; margin: 14mm 12mm; }
  thead { display: table-header-group; }
}
@media (max-width: 640px) { main { padding: 12px 14px 40px; } }
"""


def page(about: Outline) -> str:
    """The whole page of a scheme."""
    named = [(family, title, getattr(about, family)) for family, title in FAMILIES.items() if getattr(about, family)]
    parts: list[Html] = []
    for family, title, rows in named:
        made = _items(rows) if family == "items" else _named(rows)
        parts.append(Html(f'<h2 id="{family}">{text(title)}</h2>{made}'))
    links = join(Html(f'<li><a href="#{family}">{text(title)}</a></li>') for family, title, _ in named)
    says = f"{about.authority} · 自 {about.in_force_from} 起施行 · 方案 {about.id}"
    lead = join([paragraph(says, "kh-note"), Html(f'<nav aria-label="目录"><ul>{links}</ul></nav>')])
    return _shell(about.title, join([lead, *parts]))


def comparison(before: Scheme, after: Scheme, changes: Sequence[Change]) -> str:
    """The differences of two schemes, by family, what either says side by side."""
    title = f"{before.title} → {after.title}" if before.title != after.title else after.title
    parts: list[Html] = [paragraph(f"方案 {before.id} 与 {after.id}：共 {len(changes)} 处不同", "kh-note")]
    for family, name in FAMILIES.items():
        mine = [each for each in changes if each.family == family]
        if mine:
            heads = ("怎样", "编号", "名称", "什么", "原来", "现在")
            parts.append(Html(f"<h2>{text(name)}</h2>{table(heads, map(_change, mine), sortable=False)}"))
    if not changes:
        parts.append(paragraph("两份方案内容相同。"))
    return _shell(f"方案对照：{title}", join(parts))


def _change(each: Change) -> tuple[Any, ...]:
    kinds = {"added": "best", "removed": "fail"}
    before = Html(f'<div class="was">{_sentences(each.before)}</div>')
    after = Html(f'<div class="now">{_sentences(each.after)}</div>')
    how = Cell(badge(HOW[each.how], kinds.get(each.how, "open")), name="tight")
    return how, Cell(each.id, name="place"), each.name, FIELDS.get(each.field, ""), before, after


def _items(rows: Sequence[ItemRow]) -> Html:
    known: dict[str, str] = {}

    def line(row: ItemRow) -> Row:
        known[row.place] = row.applies
        own = row.applies if row.applies != known.get(row.place.rpartition(".")[0], "") else ""
        about = join([text(row.name), small(f"　{row.id}")])
        name = Html(f'<div style="padding-left:{row.depth * 0.9:.1f}em">{about}</div>')
        cells = (
            Cell(row.place, name="place"), name, Cell(row.full, number=row.full[:1].isdigit()), _sentences(row.rules),
            own, row.office, row.clause,
        )  # fmt: skip
        return Row(cells, "" if row.leaf else "inner")

    heads = ("序号", "项目", "满分", "怎样得分", "适用（不写的同上级）", "由谁负责", "条款")
    return table(heads, map(line, rows), sortable=False)


def _named(rows: Sequence[NamedRow]) -> Html:
    heads = ("名称", "内容", "条款")
    lines = ((join([text(row.name), small(f"　{row.id}")]), _sentences(row.says), row.clause) for row in rows)
    return table(heads, lines, sortable=False)


def _sentences(sentences: Iterable[str]) -> Html:
    found = list(sentences)
    if len(found) > 1:
        return Html(f"<ul>{''.join(f'<li>{text(each)}</li>' for each in found)}</ul>")
    return join(Html(f"<p>{text(each)}</p>") for each in found)


def _shell(title: str, body: Html) -> str:
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n{styles()}\n<style>{PAGE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{text(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )
