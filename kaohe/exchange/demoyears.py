"""The demonstration years in a folder of raw data: written whole, and removed where nobody has worked on them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from kaohe.exchange.demobooks import csv_bytes, workbook_bytes
from kaohe.files import whole_file
from kaohe.intake.places import Log
from kaohe.intake.year.files import grids_of
from kaohe.scheme import demo


class ExistsError(FileExistsError):
    """A file that would be overwritten with other content: somebody may have worked on it."""


def demo_years() -> tuple[str, ...]:
    """Which years these are."""
    return demo.YEARS


def write_demo(directory: Path, seed: int = demo.SEED, *, overwrite: bool = True) -> list[Path]:
    """Write the three years below `directory`, one folder a year; returns the paths, sorted.

    ExistsError, with nothing written, where a file stands there with other content and not `overwrite`.
    """
    contents = {directory / year / name: content for year, name, content in _all_files(seed)}
    changed = [path for path, content in contents.items() if path.is_file() and path.read_bytes() != content]
    if changed and not overwrite:
        more = f"等 {len(changed)} 个文件" if len(changed) > 1 else ""
        raise ExistsError(f"{changed[0]}{more}已存在而内容不同，没有写入任何文件")
    for path, content in contents.items():
        with whole_file(path) as part:
            part.write_bytes(content)
    return list(contents)


def _all_files(seed: int) -> Iterator[tuple[str, str, bytes]]:
    for year in demo_years():
        yield from ((year, name, content) for name, content in _year_files(year, seed).items())


def _year_files(year: str, seed: int) -> dict[str, bytes]:
    """What every file of a year holds, by its path below the year's folder; the same seed gives the same bytes."""
    tables = demo.year_tables(seed, year)
    found = {book.path: workbook_bytes(book, year) for book in demo.year_books(year, tables)}
    found = found or {f"{table}.csv": csv_bytes(table, rows) for table, rows in tables.items()}
    found |= {name: text.encode() for name, text in demo.year_notes(year, seed).items()}
    return dict(sorted(found.items()))


def remove_demo(
    directory: Path, seed: int = demo.SEED, kept: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[str], dict[str, str]]:
    """Remove the three years that lie below `directory` as they were written; returns them, and which stay, and why.

    A year that is not marked, or in which somebody has changed or added a file, stays; `kept`: so do these, and why.
    """
    gone, stay = [], {}
    for year in demo_years():
        folder = directory / year
        if not folder.is_dir():
            continue
        if year in kept:
            stay[year] = kept[year]
            continue
        if not (folder / demo.MARK).is_file():
            stay[year] = f"没有 {demo.MARK}，是真实数据"
            continue
        fresh = _year_files(year, seed)
        other = sorted(name for name in _files(folder) if not _same(name, (folder / name).read_bytes(), fresh))
        if other:
            more = f" 等 {len(other)} 个文件" if len(other) > 1 else ""
            stay[year] = f"{other[0]}{more}改过或是另加的"
        else:
            shutil.rmtree(folder)
            gone.append(year)
    return gone, stay


def _same(name: str, there: bytes, fresh: Mapping[str, bytes]) -> bool:
    """Whether a file holds what was written; a workbook is packed otherwise by another version of the program."""
    written = fresh.get(name)
    if there == written or written is None or not name.endswith(".xlsx"):
        return there == written
    return grids_of(name, there, Log()) == grids_of(name, written, Log())


def _files(folder: Path) -> Iterator[str]:
    """Every file but locks; paths below the folder."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith(".kaohe"):
            yield path.relative_to(folder).as_posix()
