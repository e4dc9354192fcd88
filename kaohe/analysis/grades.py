"""What decides the grade: the line of the last best place, and why a total that would do is passed over."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaohe.rules.enclosed import MOST_DIGITS
from kaohe.rules.wording import points
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.marks import PENDING
from kaohe.scoring.unitresult import says_eligible

KINDS = ("best", "pass", "fail", "pending")
"""How grades are shown."""


def grade_kinds(book: ScoreBook) -> dict[str, str]:
    """Grade → how it is shown: as its `colour` says, else by its role; the first is the best where none says so."""
    kinds = {each.name: each.colour or {"top": "best"}.get(each.role, each.role) for each in book.grading}
    kinds = {name: kind if kind in KINDS else "pass" for name, kind in kinds.items()}
    best = {book.top: "best"} if kinds.get(book.top) == "pass" else {}
    return {**kinds, **best, PENDING: "pending"}


def lead(book: ScoreBook, group: str, total: Fraction, other: Fraction) -> Fraction:
    """How far a total is ahead of another in the group's order; negative where it is behind."""
    return other - total if book.groups[group].ascending else total - other


def ahead_says(book: ScoreBook, group: str) -> str:
    """What a total is that is ahead: 高, or 低 where the lower is in front."""
    return "低" if book.groups[group].ascending else "高"


def top_line(book: ScoreBook, units: Sequence[UnitResult]) -> Fraction | None:
    """The rearmost total of the best grade or waiting for a decision about it; None where nobody has or awaits it.

    `units` of one group.
    """
    within = {book.top, PENDING} if book.top else set()
    having = [unit for unit in units if unit.by_points in within]
    return min(having, key=lambda unit: lead(book, unit.group, unit.total, Fraction(0))).total if having else None


def entitled(book: ScoreBook, unit: UnitResult) -> bool:
    """Whether it has what the best grade asks beside points and vetoes, where anything is asked."""
    return "declared" not in book.facts or unit.declared


def passed_over(book: ScoreBook, unit: UnitResult, line: Fraction | None) -> str:
    """Why a unit whose total would do has not the best grade."""
    within = (book.top, PENDING)
    if line is None or not unit.rated or unit.grade in (*within, book.fail):
        return ""
    if lead(book, unit.group, unit.total, line) < 0:
        return ""
    if unit.by_points in within:
        return f"经审议不评{book.top}"
    if unit.vetoed:
        return "有否决事项"
    return "" if entitled(book, unit) else "未具备申报条件"


def below_line(unit: UnitResult) -> bool:
    """Whether its points alone fail it; a decision may have failed it for another reason, or let it pass."""
    return unit.rated and unit.total < unit.fail_below


def waiting(book: ScoreBook) -> list[UnitResult]:
    """Units whose grade waits for a decision."""
    return [unit for key in book.groups for unit in book.ranking(key) if unit.grade == PENDING]


def decided(book: ScoreBook) -> list[UnitResult]:
    """Units whose grade was decided."""
    return [unit for key in book.groups for unit in book.ranking(key) if unit.ruling]


def ruling_says(unit: UnitResult) -> str:
    """`审议定为 A（并列，2019-09-20）：理由`; what the points alone would give where that is another grade."""
    assert unit.ruling
    return f"{unit.ruling.says(unit.grade)}{_otherwise(unit)}"


def _otherwise(unit: UnitResult) -> str:
    if unit.by_points in (unit.grade, PENDING):
        return ""
    return f"。按得分和条件算得的是{unit.by_points}"


def departures(book: ScoreBook) -> list[str]:
    """Where a decision is another than the points give, and why; and groups with more of the best than places."""
    found = []
    for unit in decided(book):
        if unit.by_points not in (unit.grade, PENDING):
            why = _why_not(book, unit)
            said = f"{unit.unit_id} {unit.name}：审议定为{unit.grade}，与按得分和条件算得的{unit.by_points}不同"
            found.append(f"{said}{f'（{why}）' if why else ''}")
    for key, group in book.groups.items():
        best = [unit.name for unit in book.ranking(key) if unit.grade == book.top]
        if len(best) > group.quota and any(unit.ruling for unit in book.ranking(key)):
            found.append(f"{group.name}{book.top} {len(best)} 个，多于名额 {group.quota} 个：{'、'.join(best)}")
    return found


def says_unseparated(book: ScoreBook) -> str:
    """Where numbers were taken for equal that may differ beyond the last digit looked at."""
    return f"{'、'.join(book.unseparated)}：有数算到 {MOST_DIGITS} 位仍分不出大小，按相等（并列）计，请核对计算式"


def _why_not(book: ScoreBook, unit: UnitResult) -> str:
    """What speaks against the best grade by the rules."""
    if unit.grade != book.top:
        return ""
    if below_line(unit):
        return f"总分低于{book.fail}线 {points(unit.fail_below)}"
    return "" if entitled(book, unit) else says_eligible(unit, book.top)
