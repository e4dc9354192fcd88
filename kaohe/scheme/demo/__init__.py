"""Demonstration years: an invented college, three years of raw tables in three shapes, with stories worth finding.

Rows and words alone, made by chance from a seed under the shipped scheme that they belong to; files are made of them
where files for offices are made (`exchange/demoyears`).
"""

from collections.abc import Iterator

from kaohe.scheme.demo.decisions import POLICIES
from kaohe.scheme.demo.layout import OFFICES_YEAR, WORKBOOK_YEAR, Book, office_books, single_book
from kaohe.scheme.demo.profiles import YEARS
from kaohe.scheme.demo.stories import STORIES, Story
from kaohe.scheme.demo.tables import Tables, year_tables

__all__ = ["MARK", "SEED", "STORIES", "YEARS", "Book", "Story", "Tables", "year_books", "year_notes", "year_tables"]

SEED = 20180901
MARK = "SYNTHETIC.md"
MARK_TEXT = """\
# 演示数据（合成）

本文件夹是 {year} 学年的演示数据，由 `kaohe demo` 以固定种子（{seed}）生成。
学校、单位、人员、成果与全部数字均为虚构，不是任何学校的真实数据；与真实单位同名纯属部门通称。
凡含有本文件的学年，页面与图表上都标明“演示数据（合成）”。填入真实数据时，请另建文件夹，不要保留本文件。

Synthetic demonstration data. Nothing here is real.
"""


def year_notes(year: str, seed: int) -> dict[str, str]:
    """What stands beside the tables, by file name: the mark, and the readings decided for the year."""
    notes = {MARK: MARK_TEXT.format(year=year, seed=seed)}
    if year in POLICIES:
        notes["policies.yaml"] = POLICIES[year]
    return notes


def year_books(year: str, tables: Tables) -> Iterator[Book]:
    """In which workbooks the tables of the year came; none where each came as a file of its own."""
    if year == WORKBOOK_YEAR:
        yield from single_book(year, tables)
    elif year == OFFICES_YEAR:
        yield from office_books(tables)
