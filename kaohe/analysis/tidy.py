"""One row a year, unit and item, for pivot tables: everything that counts, with its raw figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaohe.analysis.figures import Figures
from kaohe.analysis.itemised import KIND_NAMES, lines_of
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.lineage import traced

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "year": "年度",
    "standing": "结果",
    "synthetic": "演示数据",
    "unit_id": "单位编号",
    "name": "单位名称",
    "unit_now": "现编号",
    "name_now": "现名称",
    "group": "组别",
    "category": "类别",
    "component": "部分",
    "heading": "标题",
    "kind": "行",
    "item": "编号",
    "item_name": "名称",
    "full": "满分",
    "points": "得分",
    "status": "状态",
    "clause": "条款",
    "figures": "原始数据",
    "reason": "理由",
}
"""Column → its head in Chinese. The points of a unit's rows add up to its total."""
NUMBERS = ("full", "points")


@dataclass(frozen=True)
class ScoredYear:
    """A year as it is tabulated: scored, with the raw figures, and how it stands in words."""

    book: ScoreBook
    figures: Figures
    stands: str = ""


def heads(years: Sequence[ScoredYear]) -> dict[str, str]:
    """`COLUMNS` with the word for such years."""
    return {**COLUMNS, "year": years[-1].book.spoken.one} if years else COLUMNS


def tidy(years: Sequence[ScoredYear]) -> pd.DataFrame:
    """The rows of every year, earliest first; numbers as nearest doubles. See `COLUMNS`."""
    import pandas as pd

    years = sorted(years, key=lambda each: each.book.year)
    rows = [row for number, each in enumerate(years) for row in _rows(each, [one.book for one in years[number:]])]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({**dict.fromkeys(NUMBERS, "float64"), "synthetic": "bool"})


def _rows(year: ScoredYear, later: Sequence[ScoreBook]) -> Iterator[dict[str, Any]]:
    """A year's rows; `later` are its book and those of the years after, to tell what has become of each unit."""
    book = year.book
    for key, group in book.groups.items():
        for unit in book.ranking(key):
            now = _now(later, unit.unit_id)
            about = {
                "year": book.year,
                "standing": year.stands,
                "synthetic": book.synthetic,
                "unit_id": unit.unit_id,
                "name": unit.name,
                "unit_now": now[0],
                "name_now": now[1],
                "group": group.name,
                "category": book.categories.get(unit.category, unit.category),
            }
            for line in lines_of(book, unit.unit_id, year.figures):
                if line.counted is not None:
                    yield {
                        **about,
                        "component": line.component,
                        "heading": line.section,
                        "kind": KIND_NAMES[line.kind],
                        "item": line.item,
                        "item_name": line.name,
                        "full": None if line.full is None else float(line.full),
                        "points": float(line.counted),
                        "status": line.status,
                        "clause": line.clause,
                        "figures": line.figures,
                        "reason": line.reason,
                    }


def _now(books: Sequence[ScoreBook], unit_id: str) -> tuple[str, str]:
    """Id and name of what the unit is in the last year in which it lives on; each of those it was divided into."""
    for end in range(len(books), 0, -1):
        found = traced(books[:end], unit_id)
        if found:
            return "、".join(unit.unit_id for unit in found), "、".join(unit.name for unit in found)
    return unit_id, books[0].unit(unit_id).name
