"""The note on each column of a tall table: what is expected, in which unit, by which clause, and when it is needed."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import FEW, form_of
from kaohe.exchange.guide import beyond_says
from kaohe.exchange.rowchecks import longer_ones
from kaohe.exchange.validation import Entry
from kaohe.intake.tables.vocabulary import UNIT_NAME, Column, Table

UNIT = "考核哪个单位"


def note_of(asked: Asked, table: Table, column: Column, entry: Entry) -> str:
    """The note of a column."""
    words = _words(asked, table, column)
    if column is UNIT_NAME:
        return _lines(column.header, "单位的名称，供查看", "已填好", _clauses(asked, table))
    listed = _listed(asked, table, column)
    return _lines(
        column.header, words, f"{entry.says}；{_needed(table, column)}", *_more(asked, table, column), *listed
    )


def _words(asked: Asked, table: Table, column: Column) -> str:
    """What the column is for, in the scheme's own words for people and committees."""
    if column.name in table.options:
        return f"单位：票；投“{column.header}”的票数"
    scheme, form = asked.context.scheme, form_of(table)
    words = form.says.get(column.name, UNIT if column.name == "unit_id" else "")
    return words.format(**form.words(scheme), deciders=scheme.deciders)


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


def _needed(table: Table, column: Column) -> str:
    found = form_of(table).needed.get(column.name)
    if found:
        return found
    if column.blank == "absent":
        return "空着表示尚未上报"
    if column.blank == "warning":
        return "应填，空着会提醒"
    return "可不填" if column.optional or column.blank == "none" else "必填"


def _more(asked: Asked, table: Table, column: Column) -> Iterable[str]:
    """What follows from the scheme: prices of incidents, the window, the table's clause."""
    scheme, form = asked.context.scheme, form_of(table)
    yield from form.more(asked, column)
    if column.kind == "date" and form.dates != "after":
        if form.dates == "within":
            yield f"应在{scheme.year.spoken.this}统计时段内，否则会提醒"
            yield f"条款：{scheme.window.clause}"
            return
        longer = longer_ones(asked, dict.fromkeys(each.id for _, each, _ in form.pairs(asked)))
        yield (
            f"统计时段外的不计；{beyond_says(scheme, longer, asked.context.admissions_until)}"
            if longer
            else "统计时段外的不计"
        )
        yield f"条款：{scheme.window.clause}"
    elif column.kind != "indicator":
        yield _clauses(asked, table)


def _listed(asked: Asked, table: Table, column: Column) -> Iterable[str]:
    """The indicators with their clauses, the units with their names: as many as a note can hold."""
    if column.kind == "indicator":
        indicators = {each.id: each for _, each, _ in form_of(table).pairs(asked)}.values()
        few = len(indicators) <= FEW
        yield from (f"{each.id} {each.name}（条款：{each.clause}）" for each in (indicators if few else ()))
        if not few:
            yield "名称和条款见“说明”表"
    elif column.name == "unit_id":
        units = {unit.unit_id: unit for unit, _, _ in form_of(table).pairs(asked)}.values()
        names = "、".join(f"{unit.unit_id} {unit.name}" for unit in units)
        yield f"可选：{names}" if len(units) <= FEW and not table.given else "名称见“说明”表"


def _clauses(asked: Asked, table: Table) -> str:
    """By which clause the table is asked for."""
    found = [each for each in form_of(table).asks(asked, table) if each]
    return f"条款：{'；'.join(dict.fromkeys(found))}" if found else ""
