"""Where points are other than by the real data, or by another scenario: the items as a table, votes in a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kaohe.analysis.difference import CellShift, shifted
from kaohe.charts import amounts
from kaohe.charts.html import Html, behind, bullets, join
from kaohe.charts.whatif import Called, cells_table
from kaohe.explorer.panels import copied, note
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.components import has, points_of

ABOVE = "各项得分和投票都没有变，变的是把它们合成总分的办法（折算、满分、限额）或评等次的办法"


def moved(
    before: ScoreBook, after: ScoreBook, cells: Sequence[CellShift], *, unit: str = "", called: Called | None = None
) -> Html:
    """What other points there are, open; `unit`: of how many of them it is said that they are its own."""
    votes = list(_votes(before, after))
    parts = [bullets(_said(after, each) for each in votes)] if votes else []
    if cells:
        parts.append(copied(cells_table(after, cells, called=called)))
    if not parts:
        above = any(shifted(before, after, group) for group in after.groups)
        parts.append(note(ABOVE if above else "没有一项得分变动。"))
    own = sum(each.unit == unit for each in (*cells, *votes))
    summary = f"得分{'不同' if called else '变动'}的指标 {len(cells)} 项" + (f"、投票 {len(votes)} 处" if votes else "")
    return behind(join(parts), f"{summary}（本单位 {own} 处）" if unit else summary, opened=True)


def _votes(before: ScoreBook, after: ScoreBook) -> Iterator[CellShift]:
    """Votes with other points, in the units' order."""
    for now in after.units:
        if before.has_unit(now.unit_id):
            for name in after.votes:
                then = before.unit(now.unit_id)
                ends = points_of(before, then, name), points_of(after, now, name)
                if has(after, now, name) and ends[0] != ends[1]:
                    yield CellShift(now.unit_id, name, *ends)


def _said(book: ScoreBook, each: CellShift) -> str:
    ends = [value if value is not None else Fraction(0) for value in (each.before, each.after)]
    then, now = (amounts.points(book, each.indicator, value, ends) for value in ends)
    sign = "▲" if each.gained > 0 else "▼"
    named = f"{book.unit(each.unit).name} {book.votes[each.indicator].name}"
    return f"{named}：{then} → {now} 分（{sign} {amounts.gain(book, each.gained)}）"
