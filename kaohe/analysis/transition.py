"""Two years beside each other: the earlier year's data under the later year's rules, and what each unit's new data do.

Everything is different between two years, so the question is not which cell was corrected but whose figures moved
whom. The earlier data are carried over: units under their new ids, dates moved by whole years, the scheme and the
readings of the later year. Then one unit after the other gets its data of the later year and the year is scored again.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from kaohe.analysis.corrections import Cell, Correction, Supposed, changed_rows
from kaohe.intake import Intake
from kaohe.intake.tables.data import Unit, YearData
from kaohe.intake.tables.forebears import forebears_of
from kaohe.intake.tables.sourcerows import rows_of, with_items
from kaohe.intake.tables.vocabulary import changeable
from kaohe.scheme.years import is_year


def carried(earlier: Intake, later: Intake, names: Mapping[str, str]) -> Intake:
    """The earlier data as if they had been handed in for the later year; `names`: a unit's id then → now."""
    assert earlier.data
    assert later.data
    data = earlier.data
    for old, new in names.items():
        if data.unit(old) and not data.unit(new):
            data = _renamed(data, old, new)
    years, until = _years_between(earlier.year, later.year), data.words.admissions_until
    return replace(
        later,
        data=replace(
            data,
            year=later.year,
            achievements=tuple(replace(each, date=_moved(each.date, years)) for each in data.achievements),
            incidents=tuple(replace(each, date=_moved(each.date, years)) for each in data.incidents),
            earlier={
                (unit, metric, _year_moved(when, years)): row for (unit, metric, when), row in data.earlier.items()
            },
            words=replace(data.words, admissions_until=until and _moved(until, years)),
            predecessors=later.data.predecessors,
            decisions=later.data.decisions,
            files=later.data.files,
        ),
    )


def _years_between(earlier: str, later: str) -> int:
    """By how many years dates move; of events every day counts, so theirs stay."""
    return int(later[:4]) - int(earlier[:4]) if is_year(earlier) and is_year(later) else 0


def _year_moved(year: str, years: int) -> str:
    """2016-2017 as 2017-2018, 2016 as 2017."""
    return re.sub(r"\d{4}", lambda found: str(int(found[0]) + years), year)


def _moved(day: datetime.date, years: int) -> datetime.date:
    """29 February becomes 28 where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _renamed(data: YearData, old: str, new: str) -> YearData:
    for table in changeable():
        rows = rows_of(data, table, old)
        data = with_items(data, table, old, [])
        data = with_items(
            data, table, new,
            [(row.values, replace(row.item, unit=new) if hasattr(row.item, "unit") else row.item) for row in rows],
        )  # fmt: skip
    units = tuple(replace(unit, unit_id=new) if unit.unit_id == old else unit for unit in data.units)
    exempt = {(new if unit == old else unit, name): why for (unit, name), why in data.exemptions.items()}
    return replace(data, units=units, exemptions=exempt)


def exchanges(base: Intake, later: Intake) -> list[Correction]:
    """A correction a unit whose data are others in the later year: all of them at once.

    One that several were merged into takes the place of all of them; one that is gone leaves.
    """
    assert base.data
    assert later.data
    found, claimed = [], set()
    for unit in later.data.units:
        forebears = _forebears(unit.unit_id, base, later)
        claimed |= set(forebears)
        cells = tuple(changed_rows(base, later, unit.unit_id))
        if cells or forebears != [unit.unit_id] or _about(base.data.unit(unit.unit_id)) != _about(unit):
            found.append(
                Correction(_name(unit, forebears, cells), unit.unit_id, cells, _exchanged(unit, forebears, later))
            )
    for unit in base.data.units:
        if later.data.unit(unit.unit_id) is None and unit.unit_id not in claimed:
            found.append(
                Correction(
                    f"{unit.unit_id} {unit.name}：不再参评", unit.unit_id, (), _exchanged(None, [unit.unit_id], later)
                )
            )
    return found


def comings(base: Intake, later: Intake) -> Iterator[tuple[Unit, str]]:
    """Units that are in one of the years alone, and why: they have no result to hold beside."""
    assert base.data
    assert later.data
    for unit in later.data.units:
        if base.data.unit(unit.unit_id) is None:
            origin = _forebears(unit.unit_id, base, later)
            yield unit, f"由 {'、'.join(origin)} 合并" if origin else "新增"
    into = {old: new for new, old in later.data.predecessors}
    for unit in base.data.units:
        if later.data.unit(unit.unit_id) is None:
            went = into.get(unit.unit_id)
            yield unit, f"并入 {went}" if went else "不再参评"


def _forebears(unit: str, base: Intake, later: Intake) -> list[str]:
    """Units of the earlier year whose place it takes: itself, and those it follows that are no more."""
    assert base.data
    assert later.data
    ids = forebears_of(unit, later.data.predecessors)
    return [each for each in ids if base.data.unit(each) and (each == unit or not later.data.unit(each))]


def _about(unit: Unit | None) -> Unit | None:
    """What of a unit decides on points."""
    return unit and replace(unit, name="", place="")


def _name(unit: Unit, forebears: Collection[str], cells: tuple[Cell, ...]) -> str:
    counts = Counter(cell.table for cell in cells)
    listed = "、".join(f"{table} {count}" for table, count in counts.items())
    origin = f"（由 {'、'.join(forebears)} 合并）" if len(forebears) > 1 else "" if forebears else "（新增）"
    return f"{unit.unit_id} {unit.name}{origin}的数据：{f'{listed} 处不同' if listed else '单位信息不同'}"


def _exchanged(unit: Unit | None, forebears: Collection[str], later: Intake) -> Supposed:
    """The unit as it is later, in the place of its forebears."""

    def made(intake: Intake) -> Intake:
        assert intake.data
        assert later.data
        data = intake.data
        leave = [each for each in forebears if unit is None or each != unit.unit_id]
        for table in changeable():
            for each in leave:
                data = with_items(data, table, each, [])
            if unit is not None:
                mine = [(row.values, row.item) for row in rows_of(later.data, table, unit.unit_id)]
                data = with_items(data, table, unit.unit_id, mine)
        gone = {*forebears, *([unit.unit_id] if unit else [])}
        exempt = {key: why for key, why in data.exemptions.items() if key[0] not in gone}
        units = list(data.units)
        places = [place for place, each in enumerate(units) if each.unit_id in gone]
        kept = [each for each in units if each.unit_id not in gone]
        if unit is not None:
            exempt |= {key: why for key, why in later.data.exemptions.items() if key[0] == unit.unit_id}
            kept.insert(min(places[0] if places else len(kept), len(kept)), unit)
        return replace(intake, data=replace(data, units=tuple(kept), exemptions=exempt))

    return made
