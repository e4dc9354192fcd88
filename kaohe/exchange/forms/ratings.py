"""评分: units down, some rows each, one a rater; indicators across."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form, Wide, of_indicator
from kaohe.exchange.wide import ROUNDS, periods_of, rating_fields, write_wide
from kaohe.intake.tables.vocabulary import Table


def _wide(asked: Asked) -> Wide | None:
    fields = rating_fields(asked)

    def write(page: Worksheet, table: Table) -> None:
        units = tuple(asked.context.units.values())
        write_wide(page, table, units, fields, ROUNDS, periods_of(asked, rated=True))

    return write if fields else None


FORM = Form("ratings", wide=_wide, supplier=of_indicator)
