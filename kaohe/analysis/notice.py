"""What a unit has to be told in writing: to put right what failed, or that it was last two years running."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kaohe.analysis.breakdown import lost_points
from kaohe.analysis.coarse import FEWEST, LOWER_HALF, rating_of, step_of
from kaohe.analysis.grades import below_line
from kaohe.intake import Intake
from kaohe.intake.tables.vocabulary import TABLES
from kaohe.rules.wording import fixed
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ConsequenceInfo, ScoreBook, UnitResult

Kind = Literal["rectify", "criticism"]
"""To the unit about this year, or to everybody about years running."""
DEAREST = 5
"""Indicators named to help find the causes."""
CRITICISM_ROWS = "主要原因", "组织调整意见", "处理意见", "会议决定（日期、文号）"
"""What no table says, to be filled in by hand."""


@dataclass(frozen=True)
class Notice:
    """One sheet. `rows` are what is known or is to be filled in by hand: a name, and the text or nothing."""

    kind: Kind
    title: str
    number: str
    to: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    signature: str
    signed_on: str


def notices(book: ScoreBook, intake: Intake, unit_id: str) -> list[Notice]:
    """The notices that the unit's results ask for; none where nothing of the kind follows from them."""
    assert intake.scheme
    assert intake.data
    unit, results = book.unit(unit_id), intake.scheme.results
    clauses = {name: each.clause for name, each in results.consequences.items() if each.clause} | results.clauses
    letters = intake.data.words.letters
    everybody = "、".join(f"各{group.name}" for group in book.groups.values())
    foot = (letters.signature or book.authority, letters.signed_on.isoformat() if letters.signed_on else "")
    found = []
    for name, info in book.follows.items():
        if info.role != "bad" or not unit.consequences.get(name):
            continue
        clause = f"（{clauses[name]}）" if name in clauses else ""
        if info.back:
            running, blank = _years_running(book, unit, info, clause), tuple((row, "") for row in CRITICISM_ROWS)
            found.append(Notice("criticism", info.yes, letters.number, everybody, (running,), blank, *foot))
        else:
            said, rows = tuple(_failed(book, unit, clause)), tuple(_rectification(intake, unit_id))
            found.append(Notice("rectify", f"{info.heading}通知书", letters.number, unit.name, said, rows, *foot))
    return found


def _place(book: ScoreBook, unit: UnitResult) -> str:
    group, of = book.groups[unit.group].name, len(book.rated(unit.group))
    return f"总分 {fixed(unit.total, book.total_decimals(unit.group))} 分，列{group} {of} 个单位的第 {unit.rank} 名"


def _failed(book: ScoreBook, unit: UnitResult, clause: str) -> Iterator[str]:
    why = f"低于{book.fail}线 {fixed(unit.fail_below, book.total_decimals(unit.group))} 分" if below_line(unit) else ""
    if unit.ruling:
        decided = f"经{book.deciders}审议（{unit.ruling.decided_on}）定为{unit.grade}：{unit.ruling.reason}"
        why = "；".join(filter(None, (why, decided)))
    yield f"{year_said(book.year)}{book.whole}，你单位{_place(book, unit)}，{why or f'结果为{unit.grade}'}。"
    lost = "，".join((f"考核结果为{unit.grade}", *_withheld(book, unit)))
    yield f"{lost}。请主要负责人查清原因，定出措施，在期限内完成整改{clause}。"
    told = [f"按数据计算失分最多的指标：{computed}" if (computed := "、".join(_computed(book, unit))) else "",
            f"评审不到满分一半的：{judged}" if (judged := "、".join(_judged(book, unit))) else ""]  # fmt: skip
    if any(told):
        yield f"{'；'.join(filter(None, told))}。逐项得分和理由见本单位的得分页。"


def _withheld(book: ScoreBook, unit: UnitResult) -> Iterator[str]:
    """`奖励不予发放`: what the unit does not get, as a letter says it."""
    for name, info in book.follows.items():
        if info.no and unit.consequences.get(name) is False:
            yield f"{info.name}{info.no.replace('不', '不予', 1) if info.no.startswith('不') else info.no}"


def _computed(book: ScoreBook, unit: UnitResult) -> list[str]:
    """Dearest first. Those of a panel are not among them: their place between two exact losses would tell theirs."""
    lost = [each for each in lost_points(book, unit.unit_id) if rating_of(each.cell.trace) is None]
    return [
        f"{book.indicators[each.cell.indicator].name}（少 {fixed(each.lost, book.finest)} 分）"
        for each in lost[:DEAREST]
    ]


def _judged(book: ScoreBook, unit: UnitResult) -> list[str]:
    """As the unit's public page tells them, in the regulation's order."""
    cells = [cell for cell in book.cells_of(unit.unit_id) if cell.raters is not None and cell.raters >= FEWEST]
    low = [cell for cell in cells if (rating := rating_of(cell.trace)) is not None and step_of(rating) == LOWER_HALF]
    return [book.indicators[cell.indicator].name for cell in low]


def _rectification(intake: Intake, unit_id: str) -> Iterator[tuple[str, str]]:
    """Every column of the table, filled in as far as it is."""
    assert intake.data
    row = intake.data.rectifications.get(unit_id)
    for column in TABLES["rectifications"].columns:
        if not column.key and column.name != "note":
            value = getattr(row, column.name) if row else None
            yield column.header, str(value) if value else ""
    if row and row.note:
        yield TABLES["rectifications"].column["note"].header, row.note


def _years_running(book: ScoreBook, unit: UnitResult, info: ConsequenceInfo, clause: str) -> str:
    """What this year and the one before have in common: the last place, or what the scheme says."""
    group = book.groups[unit.group].name
    before = book.previous.get(unit.unit_id)
    if "last" not in info.asks:
        return f"{unit.name}{info.says.replace('{group}', group) or info.name}，现予{info.yes}{clause}。"
    then = (
        f"（总分 {fixed(before.total, book.total_decimals(before.group))} 分，列第 {before.rank} 名）" if before else ""
    )
    return (
        f"{unit.name} {year_said(book.previous_year or '')}{then}和 {year_said(book.year)}（{_place(book, unit)}）"
        f"的{book.whole}都排在{group}末位，现予{info.yes}{clause}。"
    )
