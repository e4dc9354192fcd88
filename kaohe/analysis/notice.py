"""What a unit has to be told in writing: to put right what failed, or that it was last two years running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kaohe.analysis.coarse import FEWEST, LOWER_HALF, rating_of, step_of
from kaohe.analysis.grades import below_line
from kaohe.analysis.losses import lost_points
from kaohe.intake import Intake
from kaohe.intake.vocabulary import TABLES
from kaohe.rules.wording import fixed
from kaohe.scoring.book import ScoreBook, UnitResult

Kind = Literal["rectify", "criticism"]
TITLES: Mapping[Kind, str] = {"rectify": "整改通知书", "criticism": "通报批评"}
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
    unit, clauses = book.unit(unit_id), intake.scheme.results.clauses
    letters = intake.data.words.letters
    everybody = "、".join(f"各{group.name}" for group in book.groups.values())
    foot = (letters.signature or book.authority, letters.signed_on.isoformat() if letters.signed_on else "")
    found = []
    if unit.rectify:
        said, rows = tuple(_failed(book, unit, clauses)), tuple(_rectification(intake, unit_id))
        found.append(Notice("rectify", TITLES["rectify"], letters.number, unit.name, said, rows, *foot))
    if unit.last_two_years:
        said = tuple(_last_twice(book, unit, clauses))
        rows = tuple((name, "") for name in CRITICISM_ROWS)
        found.append(Notice("criticism", TITLES["criticism"], letters.number, everybody, said, rows, *foot))
    return found


def _place(book: ScoreBook, unit: UnitResult) -> str:
    group, of = book.groups[unit.group].name, len(book.ranking(unit.group))
    return f"总分 {fixed(unit.total)} 分，列{group} {of} 个单位的第 {unit.rank} 名"


def _clause(clauses: Mapping[str, str], name: str) -> str:
    return f"（{clauses[name]}）" if name in clauses else ""


def _failed(book: ScoreBook, unit: UnitResult, clauses: Mapping[str, str]) -> Iterator[str]:
    why = f"低于不合格线 {fixed(unit.fail_below)} 分" if below_line(unit) else ""
    if unit.ruling:
        decided = f"经领导小组审议（{unit.ruling.decided_on}）定为不合格：{unit.ruling.reason}"
        why = "；".join(filter(None, (why, decided)))
    yield f"{book.year} 学年综合目标考核，你单位{_place(book, unit)}，{why or '结果为不合格'}。"
    yield (
        f"考核结果为不合格，奖励性绩效工资（2）不予发放。请主要负责人查清原因，定出措施，在期限内完成整改"
        f"{_clause(clauses, 'rectify')}。"
    )
    told = [f"按数据计算失分最多的指标：{computed}" if (computed := "、".join(_computed(book, unit))) else "",
            f"评审不到满分一半的：{judged}" if (judged := "、".join(_judged(book, unit))) else ""]  # fmt: skip
    if any(told):
        yield f"{'；'.join(filter(None, told))}。逐项得分和理由见本单位的得分页。"


def _computed(book: ScoreBook, unit: UnitResult) -> list[str]:
    """Dearest first. Those of a panel are not among them: their place between two exact losses would tell theirs."""
    lost = [each for each in lost_points(book, unit.unit_id) if rating_of(each.cell.trace) is None]
    return [f"{book.indicators[each.cell.indicator].name}（少 {fixed(each.lost)} 分）" for each in lost[:DEAREST]]


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


def _last_twice(book: ScoreBook, unit: UnitResult, clauses: Mapping[str, str]) -> Iterator[str]:
    group = book.groups[unit.group].name
    before = book.previous.get(unit.unit_id)
    then = f"（总分 {fixed(before.total)} 分，列第 {before.rank} 名）" if before else ""
    yield (
        f"{unit.name} {book.previous_year} 学年{then}和 {book.year} 学年（{_place(book, unit)}）"
        f"的综合目标考核都排在{group}末位，现予通报批评{_clause(clauses, 'last_two_years')}。"
    )
