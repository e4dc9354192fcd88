"""Small HTML: escaped tables, badges, bars; the style they need in a notebook as on a page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.charts.notation import two
from kaohe.scheme.digits import USUAL
from kaohe.scoring.exactly import Number

STYLE = Path(__file__).with_name("notebook.css")
"""What the classes below look like, in a notebook as on a page, by day and by night."""


class Html(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


Content = str | int | None


def text(content: Content) -> Html:
    """Anything as HTML: escaped unless it is HTML already."""
    if content is None:
        return Html("")
    return content if isinstance(content, Html) else Html(html.escape(str(content)))


def join(parts: Iterable[Content], between: str = "") -> Html:
    return Html(between.join(text(part) for part in parts if part not in (None, "")))


@dataclass(frozen=True)
class Cell:
    """A table's cell. `sort` is the exact value to sort by; a number stands right."""

    content: Content
    sort: float | None = None
    number: bool = False
    name: str = ""
    span: int = 1


def number(
    value: Number | None, apart_from: Iterable[Fraction] = (), digits: int = USUAL, *, zero: str | None = None
) -> Cell:
    """Two decimals, or `digits`; more where it would look like another that it is not; sorts by the exact value."""
    if value is None:
        return Cell("–", sort=float("-inf"), number=True, name="none")
    shown = zero if zero is not None and not value else two(value, apart_from, digits)
    return Cell(shown, sort=float(value), number=True)


def estimate(value: float | None, says: Callable[[float], Content]) -> Cell:
    """A figure that is no exact one, as `says` writes it; what could not be computed sorts below all."""
    if value is None:
        return Cell("–", sort=float("-inf"), number=True, name="none")
    return Cell(says(value), sort=value, number=True)


@dataclass(frozen=True)
class Row:
    """`anchor`: what leads to it, where something does."""

    cells: Sequence[Cell | Content]
    name: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Head:
    content: Content
    number: bool = False
    wide: bool = False


def table(
    heads: Sequence[Any],
    rows: Iterable[Row | Sequence[Any]],
    *,
    caption: str = "",
    sortable: bool = True,
    empty: str = "没有。",
) -> Html:
    """Heads are texts or `Head`s, cells texts or `Cell`s; in a frame that scrolls sideways on narrow screens.

    `empty` is what it says where there are no rows.
    """
    body = [row if isinstance(row, Row) else Row(row) for row in rows]
    if not body:
        return Html(f'<p class="kh-empty">{text(empty)}</p>')
    named = [head if isinstance(head, Head) else Head(head) for head in heads]
    top = "".join(f'<th scope="col"{_classes(_kind(head))}>{text(head.content)}</th>' for head in named)
    lines = "".join(_row(row, sortable) for row in body)
    about = f"<caption>{text(caption)}</caption>" if caption else ""
    kind = _classes("kh-table", "sortable" if sortable and len(body) > 1 else "")
    return Html(
        f'<div class="kh table-scroll"><table{kind}>{about}<thead><tr>{top}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _kind(head: Head) -> str:
    return "n" if head.number else "wide" if head.wide else ""


def _row(row: Row, sortable: bool) -> str:
    anchor = f' id="{html.escape(row.anchor)}"' if row.anchor else ""
    return f"<tr{_classes(row.name)}{anchor}>{''.join(_cell(cell, sortable) for cell in row.cells)}</tr>"


def _cell(cell: Cell | Content, sortable: bool) -> str:
    if not isinstance(cell, Cell):
        return f"<td>{text(cell)}</td>"
    sort = f' data-sort="{cell.sort!r}"'.replace("-inf", "-1e99") if sortable and _says_more(cell) else ""
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    return f"<td{_classes('n' if cell.number else '', cell.name)}{sort}{span}>{text(cell.content)}</td>"


def _says_more(cell: Cell) -> bool:
    """Whether the exact value sorts otherwise than what is shown: 12.35 / 20 is read as 12.35 already."""
    if cell.sort is None:
        return False
    shown = re.match(r"\d+(\.\d+)?", str(cell.content))
    return shown is None or float(shown[0]) != cell.sort


def _classes(*names: str) -> str:
    found = " ".join(name for name in names if name)
    return f' class="{found}"' if found else ""


def small(words: str) -> Html:
    """An aside in small grey letters."""
    return Html(f'<span class="kh-sub">{text(words)}</span>') if words else Html("")


STATUS_BADGES = {"disputed": "open", "missing": "fail"}


def grade(name: str, kinds: Mapping[str, str]) -> Html:
    """A grade as a badge that does not rest on colour alone; `kinds` says how each is shown."""
    return badge(name, kinds.get(name, "pass")) if name else Html("–")


def badge(words: str, kind: str = "pass") -> Html:
    return Html(f'<span class="kh-badge kh-{kind}">{text(words)}</span>')


def bar(share: Fraction, colour: str) -> Html:
    """A bar drawn by the style alone; the number stands beside it."""
    wide = min(max(float(share), 0.0), 1.0) * 100
    return Html(
        f'<span class="kh-track" aria-hidden="true"><span style="width:{wide:.1f}%;background:{colour}"></span></span>'
    )


def bullets(items: Iterable[Content]) -> Html:
    found = list(items)
    return (
        Html(f'<ul class="kh kh-points">{"".join(f"<li>{text(item)}</li>" for item in found)}</ul>')
        if found
        else Html("")
    )


def paragraph(words: Content, kind: str = "") -> Html:
    return Html(f"<p{_classes('kh', kind)}>{text(words)}</p>")


def fold(summary: Content, content: Html, *, opened: bool = False, paper: bool = True) -> Html:
    """A part that opens when asked for, so that a long page reads like its table of contents; on paper, too, but for
    what stands in full elsewhere (`paper`)."""
    state = " open" if opened else ""
    aside = "" if paper else " kh-aside"
    return Html(f'<details class="kh kh-fold{aside}"{state}><summary>{text(summary)}</summary>{content}</details>')


def behind(content: Html, summary: str = "数据表", *, opened: bool = False) -> Html:
    """What stands behind a figure, folded under it; not on paper."""
    state = " open" if opened else ""
    return Html(f'<details class="kh kh-behind"{state}><summary>{text(summary)}</summary>{content}</details>')


def styles() -> Html:
    """What the classes above look like; once a notebook, in its heading."""
    return Html(f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>")
