"""What stands over figures that are no result: those of the demonstration, and of a trial; and over what is held beside
invented ones."""

from __future__ import annotations

from typing import Protocol

from kaohe.scheme.years import years_said
from kaohe.scoring.book import ScoreBook

INVENTED = "演示数据（合成）"
NOT_REAL = f"{INVENTED}，非真实考核结果"
"""The same, where figures are written or shown that look like a result."""

PENDING = "待审议"
"""Said in place of a grade that is left to a decision."""

TRIAL = "试算"
NO_RESULT = f"{TRIAL}，不是考核结果"
"""Over figures that rest on other readings or data than the year's own."""


class OfYear(Protocol):
    """What is about a year, invented or not."""

    @property
    def year(self) -> str: ...

    @property
    def synthetic(self) -> bool: ...


def invented(*about: OfYear) -> str:
    """The mark of what is invented; of real and invented years together, which of them are. Empty where none is.

    A book rests on the year before, too, where it is held beside it.
    """
    found = {each.year: each.synthetic for each in about}
    for each in about:
        if isinstance(each, ScoreBook) and each.before is not None:
            found.setdefault(each.before.year, each.before.synthetic)
    years = sorted(year for year, synthetic in found.items() if synthetic)
    if not years or len(years) == len(found):
        return INVENTED if years else ""
    return f"{years_said(years)}为{INVENTED}"
