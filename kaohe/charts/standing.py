"""Where a unit stands in its group, as its own page says it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.analysis.grades import top_line
from kaohe.charts import amounts
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.slicing import of_the_year


@dataclass(frozen=True)
class Standing:
    """`of` units have a score; `total` as it is told apart from theirs, empty without one; whether the rank is `tied`;
    `line`: the rearmost total that has or awaits the best grade."""

    of: int
    total: str = ""
    tied: bool = False
    line: Fraction | None = None


@of_the_year
def standing(book: ScoreBook, unit_id: str) -> Standing:
    """A unit beside the others of its group."""
    unit = book.unit(unit_id)
    units = book.rated(unit.group)
    line = top_line(book, units)
    if not unit.rated:
        return Standing(len(units), line=line)
    total = amounts.total(book, unit, [other.total for other in units])
    return Standing(len(units), total, sum(other.rank == unit.rank for other in units) > 1, line)
