"""`kaohe new-year`: the folder of a coming year, made from the last one, with an empty template for every office.

All of it is made aside and takes its name at the end: a run that is stopped leaves no half a year.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.ownscheme import sign_scheme
from kaohe.exchange.renewing import renew
from kaohe.exchange.sheetstyle import finish, header, put, save
from kaohe.exchange.template import known_voters
from kaohe.exchange.validation import Entry, Validations
from kaohe.exchange.yearnotes import UNITS, Basis, Made, Successor, notes
from kaohe.files import write_errors, write_text
from kaohe.files.failpoints import failpoint
from kaohe.files.locks import holding
from kaohe.intake import Intake, list_years, read_year
from kaohe.intake.sheets.cells import plain
from kaohe.intake.tables.data import Unit
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.names import codes_of
from kaohe.intake.tables.vocabulary import TABLES, Table
from kaohe.intake.year.folder import POLICIES, SYNTHETIC, YEAR_FILE, notes_name
from kaohe.intake.year.listed import SCHEME, is_year_of
from kaohe.intake.year.predecessor import is_invented, years_of
from kaohe.scheme import Scheme, SchemeError, scheme_in_force
from kaohe.scheme.years import FORMS, spoken, year_said

BLANK_ROWS = 300


ASIDE = ".kaohe-new-year-"
"""Where a year is made; what a run that was stopped left there is cleared by the next."""

UnitsWanted = Callable[[Scheme], Sequence[Unit]]

_SUCCESSOR = re.compile(r"(?P<new>[^=:：+]+)=(?P<old>[^=:：]+)(?:[:：](?P<name>.+))?")


class NewYearError(ValueError):
    """A year that cannot be made; says in Chinese why."""


def parse_successor(text: str) -> Successor:
    """`C11=C03`, `C12=C04+C05:信息与商学院`."""
    found = _SUCCESSOR.fullmatch(text.strip())
    old = tuple(plain(part) for part in found["old"].split("+")) if found else ()
    if found is None or not all(old) or not plain(found["new"]):
        raise NewYearError(f"--successor 应写成 新编号=原编号[+原编号…][:新名称]，现为 {text}")
    return Successor(plain(found["new"]), old, (found["name"] or "").strip())


def new_year(
    data: Path,
    year: str,
    successors: Sequence[Successor] = (),
    due: datetime.date | None = None,
    *,
    units: UnitsWanted | None = None,
    from_nothing: bool = False,
    authority: str = "",
) -> Made:
    """Makes `raw/year` and `templates/year` below `data`; `due`: when the offices are to hand in.

    `units`: gives the year's own units under a scheme; without, those of the year before come along. `from_nothing`:
    no earlier year is looked at. `authority`: the school whose name is to stand on the pages.

    NewYearError, WriteError where that cannot be done, BusyError where another run makes a year.
    """
    raw = data / "raw"
    source = _source(raw, year, own=units is not None, from_nothing=from_nothing)
    _refuse_existing(raw / year)
    last = read_year(raw, source) if source else None
    if last is not None and units is None and (last.data is None or not last.data.units):
        raise NewYearError(f"{year_said(source or '')}没有可用的单位表，请先运行 kaohe check {source}")
    if last is None and successors:
        raise NewYearError(f"没有{spoken(year).last}，--successor（更名、合并）无从谈起")
    scheme = _scheme(last, year, raw)
    _refuse_other_kind(scheme, year)
    mine = units(scheme) if units else ()
    carried = last.data.units if last and last.data else ()
    found = _units(carried, successors, mine)
    basis = Basis(year, last, found, tuple(successors), due, own=units is not None, authority=authority)
    with holding(data / "templates"):  # made where it is not there: a run that is refused before leaves nothing behind
        _refuse_existing(raw / year)
        return _made(data, basis)


def _refuse_existing(folder: Path) -> None:
    if folder.exists():
        raise NewYearError(f"{folder} 已存在，没有改动它")


def _scheme(last: Intake | None, year: str, raw: Path) -> Scheme:
    """By which a list of units is read: the scheme that comes along, else the data folder's."""
    if last is not None and last.scheme is not None:
        return last.scheme
    try:
        return scheme_in_force(year, raw)
    except SchemeError as error:
        raise NewYearError("；".join(problem.expected for problem in error.problems)) from None


def _made(data: Path, basis: Basis) -> Made:
    raw, templates, year = data / "raw", data / "templates" / basis.year, basis.year
    with _aside(raw) as aside:
        folder = aside / year
        folder.mkdir()
        _write_units(folder / UNITS, basis.units, basis.successors, _scheme(basis.last, year, raw))
        if basis.last is not None:
            _copy_scheme(raw / basis.last.year, folder)
            if not basis.own and is_invented(raw, basis.last.year):  # invented units stay marked as such
                shutil.copyfile(raw / basis.last.year / SYNTHETIC, folder / SYNTHETIC)
        sign_scheme(folder, _scheme(basis.last, year, raw), year, basis.authority)
        made = read_year(aside, year)
        errors = [str(each) for each in made.findings if each.severity == "error" and each.code != "missing-table"]
        if errors:
            raise NewYearError(f"{spoken(year).next}的单位或方案有错误：\n" + "\n".join(errors))
        voters = known_voters(basis.last) if basis.last else {}
        names = [each.office for each in renew(aside / "templates", made, voters, basis.due).files]
        found = Made(basis, raw / year, templates, tuple(names), made, tuple(years_of(raw, invented=True)))
        decided = basis.last is not None and (raw / basis.last.year / POLICIES).is_file()
        write_text(folder / notes_name(spoken(year)), notes(found, decided=decided))
        _give_name(aside / "templates", templates)
        _give_name(folder, raw / year)
    return found


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


def _source(raw: Path, year: str, *, own: bool, from_nothing: bool) -> str | None:
    """The year that the new one follows: a real one, or an invented one where no own units are given."""
    if not is_year_of(raw, year):
        raise NewYearError(f"{FORMS}，现为 {year}")
    earlier = [] if from_nothing else [each for each in list_years(raw) if each < year]
    real = [each for each in earlier if not is_invented(raw, each)]
    if real or own:
        return real[-1] if real else None
    if not earlier:
        raise NewYearError(
            f"{raw} 中没有比 {year} 更早的{spoken(year).one}可以带来单位；"
            f"请用 --units 给出单位表（.xlsx 或 .csv：单位名称、类别）"
        )
    return earlier[-1]


def _refuse_other_kind(scheme: Scheme, year: str) -> None:
    if not scheme.year.names(year):
        raise NewYearError(f"{scheme.year.spoken.one}应写成 {scheme.year.example} 的样子，现为 {year}")


@contextmanager
def _aside(raw: Path) -> Iterator[Path]:
    """A folder that readers pass over."""
    for left in raw.glob(f"{ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)
    with write_errors(raw):
        raw.mkdir(parents=True, exist_ok=True)
        path = Path(tempfile.mkdtemp(prefix=ASIDE, dir=raw))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _units(units: Iterable[Unit], successors: Sequence[Successor], own: Sequence[Unit]) -> tuple[Unit, ...]:
    """Last year's units, each successor in the place of the first it follows; or the year's own."""
    known = {unit.unit_id: unit for unit in units}
    for each in successors:
        unknown = [old for old in each.predecessors if old not in known]
        if unknown:
            raise NewYearError(f"更早的一年没有单位 {'、'.join(unknown)}；有：{'、'.join(known)}")
        if each.unit in known and each.unit not in each.predecessors:
            raise NewYearError(f"新编号 {each.unit} 已是更早的一年 {known[each.unit].name} 的编号，请另选一个")
    claimed = [old for each in successors for old in each.predecessors]
    twice = sorted({old for old in claimed if claimed.count(old) > 1})
    if twice:
        raise NewYearError(
            f"单位 {'、'.join(twice)} 写了不止一个去向，--successor 只记更名和合并。一个单位拆成几个的，"
            f"请不带这几项先生成，再在 {UNITS} 的“单位”表里改成拆开后的单位，在“沿革”表里每个新单位写一行"
            "（单位编号、原单位编号），然后用 kaohe template 重出填报表"
        )
    if own:
        absent = [each.unit for each in successors if each.unit not in {unit.unit_id for unit in own}]
        if absent:
            raise NewYearError(f"--units 的单位表里没有 --successor 写的新编号 {'、'.join(absent)}")
        return tuple(own)
    found = []
    by_first = {each.predecessors[0]: each for each in successors}
    for key, unit in known.items():
        if key in by_first:
            each = by_first[key]
            traits = [known[old].traits for old in each.predecessors]
            # Which one the new unit has, nobody has said where they differ.
            kept = {name: value for name, value in unit.traits.items() if all(t.get(name) == value for t in traits)}
            found.append(replace(unit, unit_id=each.unit, name=each.name or unit.name, traits=kept))
        elif key not in claimed:
            found.append(unit)
    return tuple(found)


def _write_units(path: Path, units: Iterable[Unit], successors: Iterable[Successor], scheme: Scheme) -> None:
    """A workbook with the units and whom they follow; lists where only some words are known."""
    book = Workbook()
    book.remove(book.worksheets[0])
    table, codes = tables_of(scheme)["units"], codes_of(scheme)
    said = {column.name: codes.get(("units", column.name), {}) for column in table.columns}
    held = [{**unit.traits, "unit_id": unit.unit_id, "name": unit.name, "category": unit.category} for unit in units]
    rows = [[said[name].get(row.get(name, ""), row.get(name, "")) for name in table.column] for row in held]
    page = _sheet(book, table, rows)
    rules = Validations(page)
    for at, words in enumerate(said.values(), start=1):
        if words:
            letter = get_column_letter(at)
            rules.add(Entry("list", words=tuple(words.values())), f"{letter}2:{letter}{BLANK_ROWS}")
    rules.write()
    follow = [(each.unit, old) for each in successors for old in each.predecessors if old != each.unit]
    _sheet(book, TABLES["predecessors"], follow)
    save(path, book)


def _sheet(book: Workbook, table: Table, rows: Iterable[Sequence[str]]) -> Worksheet:
    page = book.create_sheet(table.chinese)
    header(page, [column.header for column in table.columns])
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
