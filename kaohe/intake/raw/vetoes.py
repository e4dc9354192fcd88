"""否决事项: what bars, fails or lowers a unit whatever its points."""

from __future__ import annotations

from kaohe.intake.checks.decided import check_dated
from kaohe.intake.checks.rawtable import RawTable, held_together
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import Veto
from kaohe.intake.tables.shelves import together
from kaohe.intake.tables.vocabulary import Codes, Column, Record
from kaohe.scheme import Scheme


def _codes(scheme: Scheme) -> Codes:
    return {"kind": {code: veto.name or code for code, veto in scheme.results.vetoes.items()}}


def _record(record: Record) -> Veto:
    return Veto(record.unit, record["kind"], record["note"], record.place, record["date"])


TABLE = RawTable(
    "vetoes",
    "否决事项",
    (columns.unit(key=False), Column("kind", "类型", "code"), columns.note(required=True), columns.day()),
    place=90,
    codes=_codes,
    named_by=("unit_id", "kind"),
    record=_record,
    shelf=together("vetoes"),
    check=check_dated,
    hold=held_together("vetoes", _record),
)
