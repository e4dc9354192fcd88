"""单位: who is assessed, in which category, with the traits that the scheme tells units apart by."""

from __future__ import annotations

from dataclasses import replace

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.rawtable import RawTable
from kaohe.intake.checks.units import tell_exchanged_names, tell_traits
from kaohe.intake.tables import columns
from kaohe.intake.tables.vocabulary import Codes, Column, Record, Table
from kaohe.intake.year.lastyear import LastYear
from kaohe.scheme import Scheme


def _shape(table: Table, scheme: Scheme) -> Table:
    traits = (
        columns.more(name, trait.name, "code" if trait.values else "text") for name, trait in scheme.traits.items()
    )
    return replace(table, columns=(*table.columns, *traits))


def _codes(scheme: Scheme) -> Codes:
    categories = {code: category.name for code, category in scheme.categories.items()}
    return {"category": categories, **{name: trait.values for name, trait in scheme.traits.items()}}


def _whole(records: list[Record], last: LastYear, context: Context) -> None:
    tell_traits(records, context)
    tell_exchanged_names(records, last, context)


def _hold(records: list[Record], context: Context) -> dict[str, object]:
    """Those that can be used are known before any other table is looked at."""
    return {"units": tuple(context.units.values())}


TABLE = RawTable(
    "units",
    "单位",
    (columns.unit(), Column("name", "单位名称", "text", also=("名称",)), Column("category", "类别", "code")),
    required=True,
    place=10,
    shape=_shape,
    codes=_codes,
    changeable=False,
    whole=(_whole,),
    hold=_hold,
)
