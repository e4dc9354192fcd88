"""`kaohe import`: what files from the offices would change in a year; taken whole, or not at all.

The year is read as it would be with the files, in a copy; only a reading without new errors lets them in.
"""

from __future__ import annotations

import datetime
import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from kaohe.exchange.filenames import file_name
from kaohe.exchange.guide import EVERYBODY, OFFICE_LABEL, RATER_LABEL, YEAR_LABEL
from kaohe.exchange.receipts import KEPT, LEDGER, Receipt, as_text, receipts
from kaohe.files.scratch import scratch
from kaohe.files.sets import whole_set
from kaohe.intake import Intake, read_year
from kaohe.intake.cells import plain, shown
from kaohe.intake.changes import Change, changes
from kaohe.intake.files import FOREIGN
from kaohe.intake.findings import Finding
from kaohe.intake.places import Log
from kaohe.intake.vocabulary import NO_TABLE
from kaohe.intake.workbook import read_workbook

TAKEN = (".xlsx", ".csv")


class DeliveryError(ValueError):
    """A file that cannot be taken; says in Chinese which and why."""


@dataclass(frozen=True)
class Delivery:
    """A file and its place below the year's folder; `before` is the hash of what it replaces, if anything."""

    source: Path
    target: str
    content: bytes
    office: str
    before: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_known(self) -> bool:
        """Whether the very same file is there already."""
        return self.sha256 == self.before


@dataclass(frozen=True)
class Plan:
    """What taking the files would do. `refusals` are errors that were not there before."""

    year: str
    deliveries: tuple[Delivery, ...]
    changes: tuple[Change, ...]
    refusals: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    after: Intake

    @property
    def new(self) -> list[Delivery]:
        return [each for each in self.deliveries if not each.is_known]


def delivery(folder: Path, source: Path, year: str, office: str | None = None) -> Delivery:
    """Reads a file and finds its place: the folder of its office, or rater, or of its own name."""
    if not source.is_file():
        raise DeliveryError(f"{source}：没有这个文件")
    kind = source.suffix.casefold()
    if kind not in TAKEN:
        advice = "请在 Excel 或 WPS 中另存为 .xlsx" if kind in FOREIGN else "只收 .xlsx 和 .csv"
        raise DeliveryError(f"{source}：{advice}")
    if source.name.startswith(("~$", ".")):
        raise DeliveryError(f"{source}：这是临时文件，请关闭 Excel 后交原文件")
    try:
        content = source.read_bytes()
    except PermissionError:
        raise DeliveryError(f"{source} 打不开：请先在 Excel 中关闭，再检查读取权限") from None
    except OSError as error:
        raise DeliveryError(f"{source} 无法读取：{error.strerror or error}") from None
    said = _said(content, source.name) if kind == ".xlsx" else {}
    if said.get(YEAR_LABEL, year) != year:
        raise DeliveryError(f"{source}：这份表是 {said[YEAR_LABEL]} 学年的，不是 {year}")
    whose = office or said.get(OFFICE_LABEL) or said.get(RATER_LABEL) or ""
    name = f"{file_name(source.stem)}{kind}"
    target = PurePosixPath(file_name(whose or source.stem), name).as_posix()
    if not (folder / target).is_file() and kind == ".xlsx" and (folder / name).is_file():
        target = name  # put there by hand before
    old = folder / target
    before = hashlib.sha256(old.read_bytes()).hexdigest() if old.is_file() else ""
    return Delivery(source, target, content, whose, before)


def _said(content: bytes, name: str) -> dict[str, str]:
    """What a template's sheet 说明 says of itself, by label."""
    found: dict[str, str] = {}
    for grid in read_workbook(content, name, Log()):
        if plain(grid.sheet) == NO_TABLE:
            for _, line in grid.rows[:6]:
                text = shown(line[0]) if line else ""
                for label in (OFFICE_LABEL, RATER_LABEL, YEAR_LABEL):
                    if text.startswith(label) and text != f"{OFFICE_LABEL}{EVERYBODY}":
                        found[label] = text.removeprefix(label).strip()
    return found


def plan(raw: Path, year: str, deliveries: Sequence[Delivery]) -> Plan:
    """The year as it is and as it would be."""
    targets = [each.target.casefold() for each in deliveries]
    twice = next((each for each in deliveries if targets.count(each.target.casefold()) > 1), None)
    if twice:
        raise DeliveryError(f"有两个文件都要放到 {twice.target}；请分别导入，或用 --office 写明部门")
    before = read_year(raw, year)
    after = _as_it_would_be(raw, year, deliveries)
    mine = {each.target for each in deliveries}
    known = set(before.findings)
    new = [each for each in after.findings if each.code != "missing-table" and (each not in known or each.file in mine)]
    scheme = after.scheme or before.scheme
    return Plan(
        year,
        tuple(deliveries),
        tuple(changes(before.data, after.data, scheme)) if scheme else (),
        tuple(each for each in new if each.severity == "error"),
        tuple(each for each in new if each.severity == "warning" and each.code != "missing"),
        after,
    )


def _as_it_would_be(raw: Path, year: str, deliveries: Iterable[Delivery]) -> Intake:
    with scratch() as place:
        copy = place / year
        shutil.copytree(raw / year, copy, ignore=shutil.ignore_patterns(".*", "~$*"))
        for each in deliveries:
            path = copy / each.target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(each.content)
        return read_year(place, year, earlier=raw)


def take(raw: Path, planned: Plan) -> list[Receipt]:
    """Puts the new files in their places, all or none, keeps those they replace, and writes the ledger.

    The caller holds the year's folder. WriteError where something cannot be written: nothing has changed then.
    """
    folder = raw / planned.year
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    entries = [_receipt(each, planned, now) for each in planned.new]
    with whole_set(folder) as stage:
        for each in planned.new:
            stage.path(each.target).write_bytes(each.content)
            if each.before:
                kept = f"{KEPT}/{each.before}{Path(each.target).suffix}"
                stage.path(kept).write_bytes((folder / each.target).read_bytes())
        stage.write(LEDGER, as_text([*receipts(folder), *entries]))
    return entries


def _receipt(each: Delivery, planned: Plan, now: str) -> Receipt:
    """Counts of cells are those of the file: its places in the year as it is now, or was."""
    entry = Receipt(now, each.target, each.sha256, each.source.name, each.office, each.before, 0, 0, 0)
    for change in planned.changes:
        cell = change.new or change.old
        if cell and _file_of(cell.place) == each.target:
            kind = "gone" if change.new is None else "new" if change.old is None else "changed"
            entry = replace(entry, **{kind: getattr(entry, kind) + 1})
    return entry


def _file_of(place: str) -> str:
    """`教务处/数据.xlsx［指标数据］第 5 行` → `教务处/数据.xlsx`."""
    return place.partition("［")[0] if "［" in place else place.rpartition(" 第 ")[0]
