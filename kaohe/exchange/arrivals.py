"""What offices have handed in, before it is held beside the year: files, also all those of a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe.exchange.guide import RATER_LABEL, YEAR_LABELS, office_label
from kaohe.exchange.senders import DeliveryError
from kaohe.intake.changes import Cells, Rows, cells
from kaohe.intake.findings import has_errors
from kaohe.intake.places import Log
from kaohe.intake.sheets.cells import plain, shown
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.rows import Rows as RowReader
from kaohe.intake.tables.vocabulary import NO_TABLE
from kaohe.intake.year.files import MOST_BYTES, grids_of, tables_in
from kaohe.intake.year.folder import FOREIGN, TAKEN, listing
from kaohe.scheme.years import year_said

MOST_TOLD = 10
"""Files of a folder that a refusal lists."""


@dataclass(frozen=True)
class Source:
    """A file to be taken, and the folders it lies in: nearest first, up to the one that was given."""

    path: Path
    folders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """All files to be taken; `passed` says what else lay in the folders."""

    sources: tuple[Source, ...]
    passed: tuple[str, ...] = ()


def sources_of(given: Sequence[Path]) -> Sources:
    """The files, and those of each folder, however deep. DeliveryError where something there cannot be read."""
    found: list[Source] = []
    passed: list[str] = []
    for path in given:
        if not path.is_dir():
            found.append(Source(path))
            continue
        log = Log()
        mine = [_source(each, path) for each in listing(path, log)]
        wrong = [f"{path / each.file}：{each.message}" for each in log.findings if each.severity == "error"]
        if wrong:
            more = f"；另有 {len(wrong) - MOST_TOLD} 个" if len(wrong) > MOST_TOLD else ""
            raise DeliveryError("；".join(wrong[:MOST_TOLD]) + more)
        if not mine:
            raise DeliveryError(f"{path}：文件夹里没有 .xlsx 或 .csv 文件")
        found += mine
        passed += [f"{path / each.file}：{each.message}" for each in log.findings]
    return Sources(tuple(found), tuple(passed))


def _source(path: Path, given: Path) -> Source:
    below = path.parent.relative_to(given).parts
    return Source(path, (*reversed(below), given.resolve().name))


@dataclass(frozen=True)
class Arrival:
    """A file as it came: what it says of itself, its rows, and the folders it lay in, nearest first."""

    source: Path
    content: bytes
    said: Mapping[str, str]
    rows: Rows
    cells: Cells
    in_error: bool
    folders: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What may be the name of its office."""
        return self.source.stem, *self.folders

    @property
    def is_blank(self) -> bool:
        return not any(self.rows.values()) and not self.in_error


def arrival(source: Source, year: str, names: Names, units: Iterable[tuple[str, str]]) -> Arrival:
    """Reads a file by itself; what is wrong in it is told when it is read in its place."""
    path = source.path
    content = _content(path)
    log, reader = Log(), RowReader(names, Log(), units)
    grids = grids_of(path.name, content, log)
    labels = (office_label(names.scheme), RATER_LABEL, *YEAR_LABELS)
    said = _said(grids, labels)
    its = next((said[label] for label in YEAR_LABELS if label in said), year)
    if its != year:
        raise DeliveryError(f"{path}：这份表是 {year_said(its)}的，不是 {year}")
    tables, spare = tables_in(grids, log)
    for table, grid in tables:
        reader.add(table, grid)
    reader.settle(spare)
    in_error = has_errors([*log.findings, *reader.log.findings])
    return Arrival(path, content, said, reader.records, cells(reader.records, names), in_error, source.folders)


def _content(source: Path) -> bytes:
    if not source.is_file():
        raise DeliveryError(f"{source}：没有这个文件")
    kind = source.suffix.casefold()
    if kind not in TAKEN:
        advice = "请在 Excel 或 WPS 中另存为 .xlsx" if kind in FOREIGN else "只收 .xlsx 和 .csv"
        raise DeliveryError(f"{source}：{advice}")
    if source.name.startswith(("~$", ".")):
        raise DeliveryError(f"{source}：这是临时文件，请关闭 Excel 后交原文件")
    try:
        with open(source, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except PermissionError:
        raise DeliveryError(f"{source} 打不开：请先在 Excel 中关闭，再检查读取权限") from None
    except OSError as error:
        raise DeliveryError(f"{source} 无法读取：{error.strerror or error}") from None
    if len(content) > MOST_BYTES:
        raise DeliveryError(f"{source}：文件过大，只收不超过 {MOST_BYTES // 2**20} MB 的")
    return content


def _said(grids: Iterable[Grid], labels: Sequence[str]) -> dict[str, str]:
    """What a template's sheet 说明 says of itself, by label."""
    found: dict[str, str] = {}
    for grid in grids:
        if grid.sheet and plain(grid.sheet) == NO_TABLE:
            for _, line in grid.rows[:6]:
                text = shown(line[0]) if line else ""
                for label in labels:
                    if text.startswith(label):
                        found[label] = text.removeprefix(label).strip()
    return found
