"""Demonstration years: an invented college, three years of raw tables in three shapes, with stories worth finding."""

from collections.abc import Iterator

from kaohe.demo.decisions import POLICIES
from kaohe.demo.files import csv_bytes, workbook_bytes
from kaohe.demo.layout import OFFICES_YEAR, WORKBOOK_YEAR, Book, office_books, single_book
from kaohe.demo.profiles import YEARS
from kaohe.demo.stories import STORIES, Story
from kaohe.demo.tables import Tables, columns_of, year_tables
from kaohe.demo.workbooks import workbook

__all__ = ["MARK", "SEED", "STORIES", "YEARS", "Story", "year_files", "year_tables"]

SEED = 20180901
MARK = "SYNTHETIC.md"
MARK_TEXT = """\
# 演示数据（合成）

本文件夹是 {year} 学年的演示数据，由 `kaohe demo` 以固定种子（{seed}）生成。
学校、单位、人员、成果与全部数字均为虚构，不是任何学校的真实数据；与真实单位同名纯属部门通称。
凡含有本文件的学年，页面与图表上都标明“演示数据（合成）”。填入真实数据时，请另建文件夹，不要保留本文件。

Synthetic demonstration data. Nothing here is real.
"""


def year_files(year: str, seed: int = SEED) -> dict[str, bytes]:
    """What every file of a year holds, by its path below the year's folder, sorted; the same seed gives the same bytes.

    Needs the shipped scheme, for what is asked of whom.
    """
    notes = {MARK: MARK_TEXT.format(year=year, seed=seed)}
    if year in POLICIES:
        notes["policies.yaml"] = POLICIES[year]
    found = dict(_tables(year, year_tables(seed, year))) | {name: text.encode() for name, text in notes.items()}
    return dict(sorted(found.items()))


def _tables(year: str, tables: Tables) -> Iterator[tuple[str, bytes]]:
    if year == WORKBOOK_YEAR:
        yield from _books(single_book(year, tables), year)
    elif year == OFFICES_YEAR:
        yield from _books(office_books(tables), year)
    else:
        for table, rows in tables.items():
            yield f"{table}.csv", csv_bytes(list(columns_of(table)), rows)


def _books(books: Iterator[Book], year: str) -> Iterator[tuple[str, bytes]]:
    for book in books:
        yield book.path, workbook_bytes(workbook(book, year))
