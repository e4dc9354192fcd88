"""How steady each rank is, in a few characters beside it, in a sentence, and as a table."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from kaohe.analysis.grades import grade_kinds
from kaohe.charts.html import Cell, Head, Html, grade, join, paragraph, table, text
from kaohe.charts.robustwords import NOT_PROBABILITY, share
from kaohe.charts.whatif import Note
from kaohe.scoring.book import ScoreBook

if TYPE_CHECKING:
    from kaohe.analysis.stability import Stability, Steady, Turn

MOST = 6
"""Readings named in one cell; the others are counted."""


def notes(found: Stability) -> dict[str, Note]:
    """Unit → what is said beside its rank."""
    return {key: Note(f"{span(each)}{'*' if each.regrading else ''}", said(each)) for key, each in found.units.items()}


def span(each: Steady) -> str:
    """`3～5`; one number where the set has one rank."""
    return f"{each.low}～{each.high}" if each.low != each.high else f"{each.low}"


def said(each: Steady) -> str:
    """The sentence of one unit."""
    interval = f"名次区间 {span(each)}"
    if each.settled:
        return f"{interval}，换哪一种读法都不变"
    turning = ids(each.regrading)
    moving = ids([turn for turn in each.turns if not turn.regrades])
    parts = [f"{turning} 换一种读法等次就变" if turning else "", f"{moving} 换一种读法名次会变" if moving else ""]
    told = "；".join(part for part in parts if part)
    return f"{interval}；{told}" if told else f"{interval}，换哪一种读法名次、等次都不变"


def ids(turns: Collection[Turn]) -> str:
    """The policies' numbers, each once."""
    return "、".join(dict.fromkeys(turn.id for turn in turns))


def stability_table(book: ScoreBook, found: Stability, group: str, only: Collection[str] | None = None) -> Html:
    """A row a unit by rank: the rank's interval, draws with a place in the quota, readings that move it."""
    kinds, graded = grade_kinds(book), bool(book.grading)
    units = [unit for unit in book.rated(group) if unit.unit_id in found.units]
    lines = []
    for unit in units:
        if only is not None and unit.unit_id not in only:
            continue
        each = found.units[unit.unit_id]
        inside = Cell(share(each.in_quota), sort=each.in_quota, number=True) if each.in_quota is not None else "–"
        lines.append(
            [
                Cell(unit.rank, number=True),
                Cell(unit.name, name="name"),
                *([grade(unit.grade, kinds)] if graded else []),
                Cell(span(each), sort=each.high - each.low, number=True),
                *([inside] if found.quota_grade else []),
                *([_turns(each.regrading)] if graded else []),
                _turns([turn for turn in each.turns if not turn.regrades]),
            ]
        )
    heads: list[Head | str] = [Head("名次", number=True), "单位", *(["等次"] if graded else [])]
    heads += [
        Head("名次区间", number=True),
        *([Head(f"得{found.quota_grade}的抽样", number=True)] if found.quota_grade else []),
    ]
    heads += [*([Head("改变等次的读法", wide=True)] if graded else []), Head("改变名次的读法", wide=True)]
    shown = table(heads, lines, caption=f"{book.groups[group].name}：名次有多稳", empty="没有这样的单位。")
    return join([shown, paragraph(limits(found), "kh-note")])


def _turns(turns: Collection[Turn]) -> Html | str:
    """Each reading's number with the rank or grade it makes; the reading itself where one points at it."""
    if not turns:
        return "–"
    same: dict[str, list[str]] = {}
    for turn in turns:
        same.setdefault(f"{turn.id} → {_becomes(turn)}", []).append(turn.says)
    lines = [Html(f'<span title="{text("；或".join(says))}">{text(shown)}</span>') for shown, says in same.items()]
    more = [f"另有 {len(lines) - MOST} 种"] if len(lines) > MOST else []
    return join([*lines[:MOST], *more], "、")


def _becomes(turn: Turn) -> str:
    return turn.shift.grade_then if turn.regrades else f"第 {turn.shift.rank_then} 名"


def limits(found: Stability) -> str:
    """What the figures rest on, and do not say."""
    readings = "读法一次只换一种，编号所指见“总分”下采用的读法；几种一起换，见“读法的全部组合”（kaohe policies）"
    if not found.drawn:
        return f"没有可以重抽样的评分、选票和权重，名次区间只有现在的名次。{readings}。"
    return f"{NOT_PROBABILITY}（{found.draws} 次，{share(found.level)}）。{readings}。"
