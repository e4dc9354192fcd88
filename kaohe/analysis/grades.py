"""What decides the grade: the line of the last 优秀 place, and why a total that would do is passed over."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaohe.scoring.book import UnitResult

EXCELLENT, PENDING, FAIL = "优秀", "待审议", "不合格"


def excellent_line(units: Sequence[UnitResult]) -> Fraction | None:
    """The lowest total that is 优秀 or waits for the leading group's word; None where no place is given."""
    return min((unit.total for unit in units if unit.grade in (EXCELLENT, PENDING)), default=None)


def passed_over(unit: UnitResult, line: Fraction | None) -> str:
    """Why a unit whose total would do is not 优秀."""
    if line is None or unit.total < line or unit.grade in (EXCELLENT, PENDING, FAIL):
        return ""
    return "有否决事项" if unit.vetoed else "" if unit.declared else "未具备申报条件"
