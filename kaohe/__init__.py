"""kaohe: annual performance assessment (综合目标考核) of colleges, scored exactly and explained.

scheme (the regulation as data) × intake (a year's raw tables) → ScoreBook → charts, notebooks, reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaohe.rules.late import opened_late

if TYPE_CHECKING:
    from kaohe.explorer import explore
    from kaohe.intake import list_years, read_year
    from kaohe.scoring.book import ScoreBook
    from kaohe.scoring.score import NotScorableError, score_year

_HOMES = {
    "explorer": ("explore",),
    "intake": ("list_years", "read_year"),
    "scoring.book": ("ScoreBook",),
    "scoring.score": ("NotScorableError", "score_year"),
}
__all__ = ["NotScorableError", "ScoreBook", "explore", "list_years", "read_year", "score_year"]

__getattr__ = opened_late(__name__, _HOMES)
