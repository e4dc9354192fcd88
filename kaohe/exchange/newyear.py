"""`kaohe new-year`: the folder of a coming year, made from the last one, with an empty template for every office.

All of it is made aside and takes its name at the end: a run that is stopped leaves no half a year.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked, desk_of, offices
from kaohe.exchange.filenames import file_name
from kaohe.exchange.paper import finish, header, put, save
from kaohe.exchange.template import known_leaders, template
from kaohe.exchange.validation import Entry, Validations
from kaohe.files import write_errors, write_text
from kaohe.files.failpoints import failpoint
from kaohe.files.locks import holding
from kaohe.intake import Intake, list_years, read_year
from kaohe.intake.cells import plain
from kaohe.intake.data import Unit
from kaohe.intake.folder import POLICIES, SCHEME, SYNTHETIC, YEAR_FILE
from kaohe.intake.vocabulary import CATEGORIES, PARTY_ORGS, TABLES
from kaohe.scheme import is_year
from kaohe.scoring.marks import INVENTED

UNITS = "单位.xlsx"
BLANK_ROWS = 300
NOTES = "新学年说明.md"
"""What the readers of tables pass over and people should read."""

ASIDE = ".kaohe-new-year-"
"""Where a year is made; what a run that was stopped left there is cleared by the next."""

_SUCCESSOR = re.compile(r"(?P<new>[^=:：+]+)=(?P<old>[^=:：]+)(?:[:：](?P<name>.+))?")


class NewYearError(ValueError):
    """A year that cannot be made; says in Chinese why."""


@dataclass(frozen=True)
class Successor:
    """A unit that takes the place of one (renamed) or of several (merged)."""

    unit: str
    predecessors: tuple[str, ...]
    name: str

    @classmethod
    def parse(cls, text: str) -> Successor:
        """`C11=C03`, `C12=C04+C05:信息与商学院`."""
        found = _SUCCESSOR.fullmatch(text.strip())
        old = tuple(plain(part) for part in found["old"].split("+")) if found else ()
        if found is None or not all(old) or not plain(found["new"]):
            raise NewYearError(f"--successor 应写成 新编号=原编号[+原编号…][:新名称]，现为 {text}")
        return cls(plain(found["new"]), old, (found["name"] or "").strip())


@dataclass(frozen=True)
class Made:
    """What was made."""

    source: str
    folder: Path
    templates: Path
    offices: tuple[str, ...]
    scheme: str
    synthetic: bool


def new_year(data: Path, year: str, successors: Sequence[Successor] = (), due: datetime.date | None = None) -> Made:
    """Makes `raw/year` and `templates/year` below `data`; `due`: when the offices are to hand in.

    NewYearError, WriteError where that cannot be done, BusyError where another run makes a year.
    """
    raw = data / "raw"
    source = _source(raw, year)
    _refuse_existing(raw / year)
    last = read_year(raw, source)
    if last.data is None or not last.data.units:
        raise NewYearError(f"{source} 学年没有可用的单位表，请先运行 kaohe check {source}")
    units = _units(last.data.units, successors)
    with holding(data / "templates"):  # made where it is not there: a run that is refused before leaves nothing behind
        _refuse_existing(raw / year)
        return _made(data, year, last, units, successors, due)


def _refuse_existing(folder: Path) -> None:
    if folder.exists():
        raise NewYearError(f"{folder} 已存在，没有改动它")


def _made(
    data: Path,
    year: str,
    last: Intake,
    units: Sequence[Unit],
    successors: Sequence[Successor],
    due: datetime.date | None,
) -> Made:
    raw, templates, source = data / "raw", data / "templates" / year, last.year
    with _aside(raw) as aside:
        folder = aside / year
        folder.mkdir()
        _write_units(folder / UNITS, units, successors)
        _copy_scheme(raw / source, folder)
        if (raw / source / SYNTHETIC).is_file():  # invented units stay marked as such
            shutil.copyfile(raw / source / SYNTHETIC, folder / SYNTHETIC)
        made = read_year(aside, year)
        errors = [str(each) for each in made.findings if each.severity == "error" and each.code != "missing-table"]
        if errors:
            raise NewYearError("新学年的单位或方案有错误：\n" + "\n".join(errors))
        names = _write_templates(aside / "templates", made, last, due)
        write_text(folder / NOTES, _notes(made, source, due, decided=(raw / source / POLICIES).is_file()))
        _give_name(aside / "templates", templates)
        _give_name(folder, raw / year)
    title, synthetic = (made.scheme.title, made.data.synthetic) if made.scheme and made.data else ("", False)
    return Made(source, raw / year, templates, tuple(names), title, synthetic)


def _give_name(made: Path, place: Path) -> None:
    """Templates without their year were left by a run that was stopped: they stay, under another name."""
    with write_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            failpoint("rename", place)
            os.rename(place, next(path for path in _other_names(place) if not path.exists()))
        failpoint("rename", place)
        os.rename(made, place)


def _other_names(place: Path) -> Iterator[Path]:
    return (place.with_name(f"{place.name}（旧 {number}）") for number in count(1))


def _source(raw: Path, year: str) -> str:
    if not is_year(year):
        raise NewYearError(f"学年应写成 2018-2019 的样子，现为 {year}")
    earlier = [each for each in list_years(raw) if each < year]
    if not earlier:
        raise NewYearError(f"{raw} 中没有比 {year} 更早的学年，无从生成")
    return earlier[-1]


@contextmanager
def _aside(raw: Path) -> Iterator[Path]:
    """A folder that readers pass over."""
    for left in raw.glob(f"{ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)
    with write_errors(raw):
        path = Path(tempfile.mkdtemp(prefix=ASIDE, dir=raw))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _units(units: Iterable[Unit], successors: Sequence[Successor]) -> list[Unit]:
    """Last year's units, each successor in the place of the first it follows."""
    known = {unit.unit_id: unit for unit in units}
    for each in successors:
        unknown = [old for old in each.predecessors if old not in known]
        if unknown:
            raise NewYearError(f"上一学年没有单位 {'、'.join(unknown)}；有：{'、'.join(known)}")
        if each.unit in known and each.unit not in each.predecessors:
            raise NewYearError(f"新编号 {each.unit} 已是上一学年 {known[each.unit].name} 的编号，请另选一个")
    claimed = [old for each in successors for old in each.predecessors]
    twice = sorted({old for old in claimed if claimed.count(old) > 1})
    if twice:
        raise NewYearError(
            f"单位 {'、'.join(twice)} 写了不止一个去向，--successor 只记更名和合并。一个单位拆成几个的，"
            f"请不带这几项先生成，再在 {UNITS} 的“单位”表里改成拆开后的单位，在“沿革”表里每个新单位写一行"
            "（单位编号、原单位编号），然后用 kaohe template 重出填报表"
        )
    found = []
    by_first = {each.predecessors[0]: each for each in successors}
    for key, unit in known.items():
        if key in by_first:
            each = by_first[key]
            found.append(replace(unit, unit_id=each.unit, name=each.name or unit.name))
        elif key not in claimed:
            found.append(unit)
    return found


def _write_units(path: Path, units: Iterable[Unit], successors: Iterable[Successor]) -> None:
    """A workbook with the units and whom they follow; lists where only some words are known."""
    book = Workbook()
    book.remove(book.worksheets[0])
    rows = [
        (
            unit.unit_id,
            unit.name,
            CATEGORIES.get(unit.category, unit.category),
            PARTY_ORGS.get(unit.party_org or "", ""),
        )
        for unit in units
    ]
    page = _sheet(book, "units", rows)
    rules = Validations(page)
    rules.add(Entry("list", words=tuple(CATEGORIES.values())), f"C2:C{BLANK_ROWS}")
    rules.add(Entry("list", words=tuple(PARTY_ORGS.values())), f"D2:D{BLANK_ROWS}")
    rules.write()
    follow = [(each.unit, old) for each in successors for old in each.predecessors if old != each.unit]
    _sheet(book, "predecessors", follow)
    save(path, book)


def _sheet(book: Workbook, table: str, rows: Iterable[Sequence[str]]) -> Worksheet:
    page = book.create_sheet(TABLES[table].chinese)
    header(page, [column.header for column in TABLES[table].columns])
    for row, values in enumerate(rows, start=2):
        for at, text in enumerate(values, start=1):
            put(page, row, at, text or None)
    finish(page, frozen_columns=1, landscape=False)
    return page


def _copy_scheme(source: Path, folder: Path) -> None:
    """A scheme of the year's own, with its parts; not the decisions, which are made for a year."""
    if not (source / SCHEME).is_file():
        return
    for path in source.rglob("*.y*ml"):
        name = path.relative_to(source)
        if name.as_posix() not in (POLICIES, YEAR_FILE) and not any(part.startswith(".") for part in name.parts):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)


def _write_templates(folder: Path, made: Intake, last: Intake, due: datetime.date | None) -> list[str]:
    desk, leaders = desk_of(made), known_leaders(last)
    names = offices(desk)
    for office in names:
        save(folder / f"{file_name(office)}.xlsx", template(Asked(desk, office, due), leaders))
    return names


def _notes(made: Intake, source: str, due: datetime.date | None, *, decided: bool) -> str:
    assert made.scheme is not None
    first, last = made.scheme.window.days(made.year)
    own = "本文件夹的 scheme.yaml（随上一学年带来）" if made.policies and _own(made) else "随库方案"
    lines = [
        f"# {made.year} 学年",
        "",
        f"由 kaohe new-year 从 {source} 学年生成。",
        "",
        f"- 考核方案：{made.scheme.title}（{made.scheme.id}，{own}）。办法修订了请放 scheme.yaml。",
        f"- 统计时段：{first}～{last}。",
        f"- 交表期限：{due or '没有写明；可用 kaohe template … --due 日期 重出填报表'}。",
        f"- 单位：{UNITS} 的“单位”表，从上一学年带来，请核对名称、类别和增减。",
        f"- 更名、合并：{UNITS} 的“沿革”表（单位编号、原单位编号）。",
        "  与上一学年的对比会跟过来：更名的比原单位，合并的比合并前各单位的平均；合并的没有上一学年的名次可比。",
        "  一个单位拆成几个的，也在“沿革”表里写，每个新单位一行。",
        "- 不适用的认定（exemptions）没有带过来，须按本学年重新登记，然后用 kaohe template 重出填报表。",
    ]
    if made.data is not None and made.data.synthetic:
        lines.append(
            f"- {source} 学年是{INVENTED}，{SYNTHETIC} 也带了过来，各页都会标“{INVENTED}”。"
            f"录入真实数据前请删去本文件夹的 {SYNTHETIC}，把单位换成真实的单位。"
        )
    if decided:
        lines.append(f"- 上一学年的 {POLICIES}（读法的决定）没有带过来；如领导小组决定沿用，请复制并改写理由和日期。")
    return "\n".join(lines) + "\n"


def _own(made: Intake) -> bool:
    return made.data is not None and SCHEME in made.data.files
