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


FORM = Form(
    "ratings",
    wide=_wide,
    advice=(
        f"“评分”一行一位评分人，每个单位 {ROUNDS} 行，没有地方写理由。评分人更多的、要写理由的，"
        "请向{collector}要评分人的评分表：每项一行，有“备注”列，填好一并交来，同一项不要两处都填。"
    ),
    supplier=of_indicator,
)
