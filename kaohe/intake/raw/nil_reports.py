"""零报告: an office has nothing to list, of all its indicators or of one, for all units or for one."""

from __future__ import annotations

from dataclasses import replace

from kaohe.intake.checks.lists import check_nil_report, nil_report
from kaohe.intake.checks.rawtable import RawTable, held_together
from kaohe.intake.tables import columns
from kaohe.intake.tables.vocabulary import NIL_REPORTS, Column, Table
from kaohe.scheme import Scheme
from kaohe.scheme.root import OFFICES


def _shape(table: Table, scheme: Scheme) -> Table:
    """Offices are called as the scheme calls them."""
    columns = (
        replace(each, header=scheme.offices_called, also=(OFFICES,)) if each.name == "office" else each
        for each in table.columns
    )
    return replace(table, columns=tuple(columns))


TABLE = RawTable(
    NIL_REPORTS,
    "零报告",
    (
        Column("unit_id", "单位编号", "id", key=True, optional=True, blank="none"),
        Column("indicator", "指标编号", "indicator", key=True, optional=True, blank="none", also=("指标",)),
        Column("office", OFFICES, "id", key=True),
        columns.note(),
    ),
    place=120,
    shape=_shape,
    changeable=False,
    record=nil_report,
    check=check_nil_report,
    hold=held_together("nil_reports", nil_report),
)
