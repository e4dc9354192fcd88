"""What decides the grade: the line of the last 优秀 place, and why a total that would do is passed over."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaohe.rules.wording import points
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.decided import says_eligible

EXCELLENT, PENDING, FAIL = "优秀", "待审议", "不合格"


def excellent_line(units: Sequence[UnitResult]) -> Fraction | None:
    """The lowest total that is 优秀 or waits for the leading group's word; None where no place is given."""
    return min((unit.total for unit in units if unit.by_points in (EXCELLENT, PENDING)), default=None)


def passed_over(unit: UnitResult, line: Fraction | None) -> str:
    """Why a unit whose total would do is not 优秀."""
    if line is None or unit.total < line or unit.grade in (EXCELLENT, PENDING, FAIL):
        return ""
    if unit.by_points in (EXCELLENT, PENDING):
        return "经审议不评优秀"
    return "有否决事项" if unit.vetoed else "" if unit.declared else "未具备申报条件"


def below_line(unit: UnitResult) -> bool:
    """Whether its points alone fail it; the leading group may have failed it for another reason, or let it pass."""
    return unit.total < unit.fail_below


def waiting(book: ScoreBook) -> list[UnitResult]:
    """Units whose grade waits for the leading group's word."""
    return [unit for key in book.groups for unit in book.ranking(key) if unit.grade == PENDING]


def decided(book: ScoreBook) -> list[UnitResult]:
    """Units whose grade the leading group decided."""
    return [unit for key in book.groups for unit in book.ranking(key) if unit.ruling]


def ruling_says(unit: UnitResult) -> str:
    """`审议定为优秀（并列，2019-09-20）：理由`; what the points alone would give where that is another grade."""
    assert unit.ruling
    return f"{unit.ruling.says(unit.grade)}{_otherwise(unit)}"


def _otherwise(unit: UnitResult) -> str:
    if unit.by_points in (unit.grade, PENDING):
        return ""
    return f"。按得分和条件算得的是{unit.by_points}"


def departures(book: ScoreBook) -> list[str]:
    """Where a decision is another than the points give, and why; and groups with more 优秀 than places."""
    found = []
    for unit in decided(book):
        if unit.by_points not in (unit.grade, PENDING):
            why = _why_not(unit)
            said = f"{unit.unit_id} {unit.name}：审议定为{unit.grade}，与按得分和条件算得的{unit.by_points}不同"
            found.append(f"{said}{f'（{why}）' if why else ''}")
    for key, group in book.groups.items():
        best = [unit.name for unit in book.ranking(key) if unit.grade == EXCELLENT]
        if len(best) > group.quota and any(unit.ruling for unit in book.ranking(key)):
            found.append(f"{group.name}优秀 {len(best)} 个，多于名额 {group.quota} 个：{'、'.join(best)}")
    return found


def _why_not(unit: UnitResult) -> str:
    """What speaks against 优秀 by the rules."""
    if unit.grade != EXCELLENT:
        return ""
    if below_line(unit):
        return f"总分低于不合格线 {points(unit.fail_below)}"
    return "" if unit.declared else says_eligible(unit)
