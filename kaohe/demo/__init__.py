"""Demonstration years: an invented college, three years of raw tables in three shapes, with stories worth finding."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from kaohe.demo.decisions import POLICIES
from kaohe.demo.files import write_csv, write_text, write_workbook
from kaohe.demo.layout import OFFICES_YEAR, WORKBOOK_YEAR, office_books, single_book
from kaohe.demo.profiles import YEARS
from kaohe.demo.stories import STORIES, Story
from kaohe.demo.tables import Tables, columns_of, year_tables
from kaohe.demo.workbooks import workbook
from kaohe.files import whole_file
from kaohe.files.scratch import scratch
from kaohe.intake.places import Log
from kaohe.intake.year.files import grids_of

__all__ = ["STORIES", "YEARS", "ExistsError", "Story", "remove_demo", "write_demo", "year_tables"]

MARK = "SYNTHETIC.md"
MARK_TEXT = """\
# 演示数据（合成）

本文件夹是 {year} 学年的演示数据，由 `kaohe demo` 以固定种子（{seed}）生成。
学校、单位、人员、成果与全部数字均为虚构，不是任何学校的真实数据；与真实单位同名纯属部门通称。
凡含有本文件的学年，页面与图表上都标明“演示数据（合成）”。填入真实数据时，请另建文件夹，不要保留本文件。

Synthetic demonstration data. Nothing here is real.
"""


class ExistsError(FileExistsError):
    """A file that would be overwritten with other content: somebody may have worked on it."""


def write_demo(directory: Path, seed: int = 20180901, *, overwrite: bool = True) -> list[Path]:
    """Write the three years below `directory`, one folder a year; returns the paths, sorted.

    The same seed gives the same files. Needs the shipped scheme, for what is asked of whom.
    ExistsError, with nothing written, where a file stands there with other content and not `overwrite`.
    """
    directory = Path(directory)
    with scratch() as made:
        fresh = sorted(path for year in YEARS for path in _write_year(made / year, year, seed))
        targets = {path: directory / path.relative_to(made) for path in fresh}
        changed = [to for path, to in targets.items() if to.is_file() and to.read_bytes() != path.read_bytes()]
        if changed and not overwrite:
            more = f"等 {len(changed)} 个文件" if len(changed) > 1 else ""
            raise ExistsError(f"{changed[0]}{more}已存在而内容不同，没有写入任何文件")
        for path, to in targets.items():
            with whole_file(to) as part:
                shutil.copyfile(path, part)
    return list(targets.values())


def remove_demo(
    directory: Path, seed: int = 20180901, kept: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[str], dict[str, str]]:
    """Remove the three years that lie below `directory` as they were written; returns them, and which stay, and why.

    A year that is not marked, or in which somebody has changed or added a file, stays; `kept`: so do these, and why.
    """
    gone, stay = [], {}
    for year in YEARS:
        folder = directory / year
        if not folder.is_dir():
            continue
        if year in kept:
            stay[year] = kept[year]
            continue
        if not (folder / MARK).is_file():
            stay[year] = f"没有 {MARK}，是真实数据"
            continue
        with scratch() as made:
            fresh = {path.relative_to(made / year): path.read_bytes() for path in _write_year(made / year, year, seed)}
        other = sorted(
            name.as_posix() for name in _files(folder) if not _same(name, (folder / name).read_bytes(), fresh.get(name))
        )
        if other:
            more = f" 等 {len(other)} 个文件" if len(other) > 1 else ""
            stay[year] = f"{other[0]}{more}改过或是另加的"
        else:
            shutil.rmtree(folder)
            gone.append(year)
    return gone, stay


def _same(name: Path, there: bytes, fresh: bytes | None) -> bool:
    """Whether a file holds what was written; a workbook is packed otherwise by another version of the program."""
    if there == fresh or fresh is None or name.suffix != ".xlsx":
        return there == fresh
    return grids_of(name.name, there, Log()) == grids_of(name.name, fresh, Log())


def _files(folder: Path) -> Iterator[Path]:
    """Every file but locks; paths below the folder."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith(".kaohe"):
            yield path.relative_to(folder)


def _write_year(folder: Path, year: str, seed: int) -> Iterator[Path]:
    tables = year_tables(seed, year)
    if year == WORKBOOK_YEAR:
        yield from _write_books(folder, single_book(year, tables), year)
    elif year == OFFICES_YEAR:
        yield from _write_books(folder, office_books(tables), year)
    else:
        yield from _write_csvs(folder, tables)
    notes = {MARK: MARK_TEXT.format(year=year, seed=seed)}
    if year in POLICIES:
        notes["policies.yaml"] = POLICIES[year]
    for name, text in notes.items():
        write_text(folder / name, text)
        yield folder / name


def _write_csvs(folder: Path, tables: Tables) -> Iterator[Path]:
    for table, rows in tables.items():
        path = folder / f"{table}.csv"
        write_csv(path, list(columns_of(table)), rows)
        yield path


def _write_books(folder: Path, books: Iterator, year: str) -> Iterator[Path]:
    for book in books:
        path = folder / book.path
        write_workbook(path, workbook(book, year))
        yield path
