"""指标数据: units down, metrics across."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form, Wide
from kaohe.exchange.wide import metric_fields, periods_of, write_wide
from kaohe.intake.tables.vocabulary import Record, Table
from kaohe.scheme import Scheme


def _wide(asked: Asked) -> Wide | None:
    fields = metric_fields(asked)

    def write(page: Worksheet, table: Table) -> None:
        units = tuple(asked.context.units.values())
        write_wide(page, table, units, fields, periods=periods_of(asked, rated=False))

    return write if fields else None


def _supplier(record: Record, scheme: Scheme) -> str | None:
    return scheme.metrics[record.subject].office


FORM = Form("metrics", wide=_wide, supplier=_supplier)
