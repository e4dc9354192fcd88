"""Nil reports: an office says by name that it has nothing to list; kept as a table of the year like any other."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from kaohe.exchange.senders import DeliveryError, Senders
from kaohe.files.filenames import file_name
from kaohe.intake.sheets.cells import word
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.unitnames import UnitNames
from kaohe.intake.tables.vocabulary import NIL_REPORTS, TABLES, lists

COLUMNS = ("office", "indicator", "unit_id", "note")


def nil_report(
    office: str, items: Sequence[str], units: Sequence[str], senders: Senders, folder: Path, *, by_itself: bool
) -> tuple[str, bytes] | None:
    """The file and its content, with what it said before; None where the office lists nothing.

    DeliveryError where an item or a unit is not one of the office's, or nothing is left to be said (`by_itself`).
    """
    mine = senders.list_items(office)
    if not mine and (items or by_itself):
        listed = "、".join(table.chinese for table in lists())
        raise DeliveryError(f"{office}没有逐条填报的表（{listed}），不用登记零报告")
    if not mine:
        return None
    names = {word(each.indicator.name): each for each in mine}
    known = names | {word(each.indicator.id): each for each in mine}
    wrong = [each for each in items if word(each) not in known]
    if wrong:
        have = "、".join(each.name for each in mine)
        raise DeliveryError(f"{office}不逐条填报 {'、'.join(wrong)}；有：{have}")
    asked = [known[word(each)] for each in items] if items else list(mine)
    everyone = {unit.unit_id for each in asked for unit in each.units}
    called = UnitNames({(unit.unit_id, unit.name) for each in asked for unit in each.units})
    strange = [each for each in units if each not in everyone and not called.find(each)]
    if strange:
        raise DeliveryError(f"{'、'.join(strange)} 不是这些指标考核的单位；有：{'、'.join(sorted(everyone))}")
    units = [each if each in everyone else called.find(each) or each for each in units]
    target = PurePosixPath(file_name(office), f"{TABLES[NIL_REPORTS].chinese}.csv").as_posix()
    rows = [[each.office, each.indicator.id, unit, ""] for each in asked for unit in units or ("",)]
    columns = tables_of(senders.scheme)[NIL_REPORTS].column
    return target, _with(rows, folder / target, [columns[name].header for name in COLUMNS])


def _with(rows: Sequence[Sequence[str]], there: Path, header: list[str]) -> bytes:
    """The table with these rows behind those that it has already."""
    try:
        lines = list(csv.reader(io.StringIO(there.read_text(encoding="utf-8-sig")))) if there.is_file() else []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DeliveryError(f"{there} 读不了（{error}），请先改好或移走") from None
    kept = lines or [header]
    if kept[0] != header:
        raise DeliveryError(f"{there} 的表头应为 {','.join(header)}，请先改好或移走")
    text = io.StringIO()
    known = {tuple(line[:3]) for line in kept}
    csv.writer(text).writerows([*kept, *(row for row in rows if tuple(row[:3]) not in known)])
    return text.getvalue().encode("utf-8-sig")
