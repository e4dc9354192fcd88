"""The year's key messages: sentences made from the data, most important first, none where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kaohe.analysis.exact import mean
from kaohe.analysis.grades import below_line, decided, entitled, lead, ruling_says, top_line
from kaohe.analysis.lost import dearest_of, losses_in
from kaohe.analysis.movement import Movement, movement
from kaohe.analysis.verdict import edges
from kaohe.charts import amounts
from kaohe.charts.amounts import gain, like_total
from kaohe.charts.change import farthest_gains, rank_title
from kaohe.charts.evidence import missed_with_full_marks
from kaohe.charts.losses import group_title
from kaohe.charts.notation import names
from kaohe.charts.outcomes import after_failing, held, sentence
from kaohe.charts.verdict import group_stability, over_next
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ConsequenceInfo, ScoreBook, UnitResult
from kaohe.scoring.components import missing_votes
from kaohe.scoring.marks import PENDING

MOST = 10
"""Messages a page of a minute holds."""
MOST_FAILING = 2
"""Units that failed (or were last twice) with a sentence each."""
FEWEST_UNITS = 3
"""Units a group has to have before a weakness is everyone's."""


def key_messages(book: ScoreBook, most: int = MOST) -> list[str]:
    """Who leads and how narrowly, who failed, what moved and why, where all are weak, what to check."""
    groups = [key for key in book.groups if book.rated(key)]
    found = [
        *(said for key in groups for said in _best(book, key)),
        *(said for key in groups for said in group_stability(book, key)),
        *_decided(book),
        *(said for key in groups for said in _vetoed(book, key)),
        *_failing(book),
        *(said for key in groups for said in _moved(book, key)),
        *(said for key in groups for said in _weak(book, key)),
        *_missed(book),
        *_awards(book),
    ]
    return found[:most]


def _best(book: ScoreBook, key: str) -> Iterator[str]:
    """Who took the places, who waits for a decision, and how narrow it was; without grades, who leads."""
    group, units = book.groups[key], book.rated(key)
    if not book.grading:
        first = [unit for unit in units if unit.rank == 1]
        yield f"{group.name}总分最高的是{names(_with_total(book, first, units))}。"
        return
    best, tied = _graded(units, book.top), _graded(units, PENDING)
    free = group.quota - len(best)
    if best:
        rest = f"，空缺 {free} 个名额" if free > 0 and not tied else ""
        narrow = _margin(book, key) if group.quota else ""
        yield f"{group.name}{book.top}：{names(_with_total(book, best, units))}{rest}。{narrow}"
    if tied:
        what = f"争 {free} 个{book.top}名额" if free > 0 else f"{book.top}名额已定，待登记审议结论"
        same = like_total(book, key, tied[0].total, [unit.total for unit in units])
        who = names(unit.name for unit in tied)
        yield f"{group.name}需审议：{who}总分同为 {same} 分，{what}。"
    if not best and not tied and group.quota:
        yield f"{group.name}没有评出{book.top}，{group.quota} 个名额空缺。"


def _decided(book: ScoreBook) -> Iterator[str]:
    for unit in decided(book):
        yield f"{unit.name}经{book.deciders}{ruling_says(unit)}。"


def _with_total(book: ScoreBook, found: Sequence[UnitResult], units: Sequence[UnitResult]) -> list[str]:
    totals = [unit.total for unit in units]
    return [f"{unit.name}（{amounts.total(book, unit, totals)} 分）" for unit in found]


def _graded(units: Sequence[UnitResult], grade: str) -> list[UnitResult]:
    return [unit for unit in units if unit.grade == grade]


def _margin(book: ScoreBook, key: str) -> str:
    """How narrowly the last place was won."""
    over = next((said for edge in edges(book, key) if edge.role == "top" and (said := over_next(book, edge))), "")
    return f"最后一个名额比{over}。" if over else ""


def _vetoed(book: ScoreBook, key: str) -> Iterator[str]:
    units = book.rated(key)
    line = top_line(book, units)
    reached = [unit for unit in units if line is not None and lead(book, key, unit.total, line) >= 0]
    found = [unit for unit in reached if unit.vetoed and entitled(book, unit)]
    if found:
        listed = names(f"{unit.name}（{'、'.join(unit.vetoes)}）" if unit.vetoes else unit.name for unit in found)
        yield f"{listed}总分已达{book.top}线，因有否决事项不得评优。"


def _failing(book: ScoreBook) -> Iterator[str]:
    """Units that failed, or of which something else that is bad follows: each in a sentence, or many together."""
    failed = [unit for unit in book.units if book.fail and unit.grade == book.fail]
    others = {unit.unit_id: _bad(book, unit) for unit in book.units}
    both = dict.fromkeys([*(unit.unit_id for unit in failed), *(key for key, found in others.items() if found)])
    if len(both) <= MOST_FAILING:
        yield from (_failure(book, book.unit(key)) for key in both)
        return
    if failed:
        listed = names(unit.name for unit in failed)
        yield "，".join([f"{listed}{book.fail}", *(info.says for info in after_failing(book))]) + "。"
    for info in book.follows.values():
        mine = [unit.name for unit in book.units if info in others[unit.unit_id]]
        if mine:
            yield f"{names(mine)}{_of_all(info)}。"


def _bad(book: ScoreBook, unit: UnitResult) -> list[ConsequenceInfo]:
    """What is bad for a unit and does not follow from its grade alone."""
    return [info for info in held(book, unit) if info.role == "bad" and not info.failed]


def _of_all(info: ConsequenceInfo) -> str:
    """Its sentence for units of several groups."""
    return info.says.replace("{group}", "")


def _failure(book: ScoreBook, unit: UnitResult) -> str:
    said = []
    if book.fail and unit.grade == book.fail:
        below = f"比{book.fail}线低 {like_total(book, unit.group, unit.fail_below - unit.total, [Fraction(0)])} 分"
        why = below if below_line(unit) else "经审议" if unit.ruling or unit.fail_below else ""
        head = f"{book.fail}{f'（{why}）' if why else ''}"
        said.append("，".join([head, *(info.says for info in after_failing(book))]))
    said += [sentence(book, unit, info) for info in _bad(book, unit)]
    return f"{unit.name}{'；'.join(said)}。"


def _moved(book: ScoreBook, key: str) -> Iterator[str]:
    """How the group's mean, totals and ranks moved since last year, and what carried the largest moves."""
    moved = movement(book, key)
    if moved is None or not moved.moves:
        return
    gained = mean([move.gained for move in moved.moves])
    ranks = rank_title(book, moved, "").removeprefix("：") if moved.climbers or moved.fallers else ""
    totals = farthest_gains(book, moved)
    if ranks or totals:
        average = f"平均总分 {gain(book, gained)} 分" if gained else "平均总分不变"
        said = "；".join([f"{average}{_of(moved)}", *totals, *filter(None, [ranks])])
        yield f"{book.groups[key].name}与 {year_said(moved.before)}相比，{said}。"


def _of(moved: Movement) -> str:
    """Where units came or went, the mean is that of those in both years."""
    if moved.mergers:
        return f"（{len(moved.moves)} 个两年可比的单位，合并的按合并前平均）"
    return f"（{len(moved.moves)} 个两年都有的单位）" if moved.new or moved.gone else ""


def _weak(book: ScoreBook, key: str) -> Iterator[str]:
    """The heading that costs the group's units most points, as its chart shows them."""
    found = losses_in(book, key)
    if len(book.rated(key)) >= FEWEST_UNITS and len(found) > 1 and dearest_of(found):
        yield f"{group_title(book, key)}。"


def _missed(book: ScoreBook) -> Iterator[str]:
    missed = len(missed_with_full_marks(book))
    if missed:
        yield f"有 {missed} 处条文写明的数字没有达到却评了满分，请核对。"


def _awards(book: ScoreBook) -> Iterator[str]:
    """Whom something good follows for."""
    for name, info in book.follows.items():
        found = [unit.name for unit in book.units if unit.consequences.get(name)]
        if found and info.role == "good" and info.says:
            yield f"{names(found)}{_of_all(info)}。"


def may_change(book: ScoreBook) -> list[str]:
    """What may still change the results: missing and disputed evidence."""
    if book.final:
        return [f"{book.spoken.this}结果已定稿（{book.final}）。"]
    found = []
    missing, handled = lacking(book)
    missing += sum(len(missing_votes(book, unit)) for unit in book.units)
    disputed = sum(cell.status == "disputed" for cell in book.cells)
    if missing:
        found.append(f"有 {missing} 项得分缺数据，暂按 0 分计，名次和等次都可能变动。")
    elif book.provisional:
        found.append("本次为暂定评分，没有缺项。")
    if handled:
        found.append(f"有 {handled} 项缺数据，已按办法的规定处理。")
    if disputed:
        found.append(f"有 {disputed} 项得分所依据的数据有争议，裁定后可能变动。")
    return found


def lacking(book: ScoreBook) -> tuple[int, int]:
    """How many points rest on nothing and are 0 for now; and how many the scheme says what to do about."""
    missing = [cell for cell in book.cells if cell.status == "missing"]
    for_now = sum(book.tree[cell.indicator].missing == "refuse" for cell in missing)
    return for_now, len(missing) - for_now
