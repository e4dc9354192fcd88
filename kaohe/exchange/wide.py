"""Wide sheets of a template: units down, metrics or indicators across; what does not apply is grey and locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.sheetstyle import (
    GIVEN_FILL,
    GREY_FILL,
    GRID,
    OPTIONAL_FILL,
    TEXT,
    UNLOCKED,
    dress,
    finish,
    header,
    lock,
    mark,
    note,
    put,
)
from kaohe.exchange.validation import Entry, Validations, entry_of
from kaohe.intake.tables.asked import Facts
from kaohe.intake.tables.data import Unit
from kaohe.intake.tables.names import codes_of, own_id
from kaohe.intake.tables.vocabulary import UNIT_NAME, Table
from kaohe.rules.wording import number as say
from kaohe.scheme import Item, Metric
from kaohe.scheme.deadlines import in_year

ROUNDS = 5
"""So many lines a unit for ratings: one a rater."""


@dataclass(frozen=True)
class Field:
    """A column across: its header, what its note says, and by unit what may be entered; `optional` units may not.

    `divides`: units of which a 0 is marked, because something is divided by it.
    """

    header: str
    note: str
    cells: Mapping[str, Entry]
    optional: frozenset[str] = frozenset()
    divides: frozenset[str] = frozenset()


def metric_fields(asked: Asked) -> list[Field]:
    """A column a metric."""
    fields = []
    for name, users in asked.metrics.items():
        metric = asked.context.scheme.metrics[name]
        entry = entry_of(metric)
        optional = frozenset(unit for unit in users if not asked.needs(unit, name))
        divides = frozenset(unit for unit in users if asked.divides(unit, name))
        used = {each.id: each for indicators in users.values() for each in indicators}
        lines = [
            metric.name,
            f"单位：{_unit(metric)}；{entry.says}",
            f"定义：{in_year(metric.definition, asked.context.year)}" if metric.definition else "",
            f"用于：{'、'.join(used)}",
            f"条款：{'；'.join(dict.fromkeys(each.clause for each in used.values()))}",
            f"提供：{metric.office}",
            "选报：只供核对，不影响得分" if len(optional) == len(users) else "必填；浅黄的选报" if optional else "必填",
            f"作分母，填 0 无法计算：确为 0 的请告知{asked.context.office}登记不适用" if divides else "",
        ]
        fields.append(Field(metric.name, _note(lines), dict.fromkeys(users, entry), optional, divides))
    return fields


def _unit(metric: Metric) -> str:
    """The unit, and the one that is taken for it."""
    often_in_myriads = metric.kind == "money" or metric.usual is not None
    return f"{metric.unit}，不是万{metric.unit}" if often_in_myriads else metric.unit


def rating_fields(asked: Asked) -> list[Field]:
    """A column an indicator; departments share theirs by the part of the id after the department."""
    columns: dict[str, list[tuple[Unit, Item, Facts]]] = {}
    for each in asked.judged:
        columns.setdefault(own_id(each[1]), []).append(each)
    order = dict.fromkeys(own_id(each) for each in asked.context.scheme.indicators.values())
    return [_rating_field(name, columns[name]) for name in order if name in columns]


def _rating_field(name: str, rated: list[tuple[Unit, Item, Facts]]) -> Field:
    names = {indicator.name for _, indicator, _ in rated}
    one = len(names) == 1
    head = f"{name} {names.pop()}" if one else name
    cells = {unit.unit_id: rating_entry(indicator, facts, tell=not one) for unit, indicator, facts in rated}
    clauses = list(dict.fromkeys(indicator.clause for _, indicator, _ in rated))
    lines = [
        head,
        "单位：分",
        f"分值：{'；'.join(dict.fromkeys(entry.says for entry in cells.values()))}",
        f"条款：{'；'.join(clauses)}" if one and len(clauses) == 1 else "各单位的指标不同，选中单元格即见其名称与条款",
        "由评分人填写，一行一位；不打分的留空",
    ]
    return Field(head, _note(lines), cells)


def rating_entry(indicator: Item, facts: Facts, *, tell: bool) -> Entry:
    """What a rater may give for an indicator; `tell` its name where the header cannot."""
    judged = facts.judged
    assert judged is not None
    most, least = judged.highest_rating(indicator.printed_full), judged.nothing_or_from
    entry = Entry("points", judged.least if least is None else least, most, or_nothing=least is not None)
    told = f"{indicator.id} {indicator.name}（{indicator.clause}），满分 {say(most)}"
    return replace(entry, prompt=told) if tell else entry


def _note(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)


FIXED_NOTES = {
    "unit_id": "考核哪个单位；已填好，不能改",
    "name": "单位的名称，供查看；已填好，不能改",
    "rater": "评分人的姓名，文字；这一行有分就必填\n一行一位，每个单位留了几行；同一个人写法一致，同一单位只占一行",
    "period": "数字是哪一期的；已填好，不能改\n空白的一行填全年只有一个的数，分期报的填在各期的行里",
}


def periods_of(asked: Asked, *, rated: bool) -> tuple[str, ...]:
    """Months and terms of which a figure (or a rating) is asked, in words; of the whole year none stands there."""
    if rated:
        found = {want.member for _, _, facts in asked.judged for want in facts.wants if not want.metric}
    else:
        wants = (want for _, _, facts in asked.applying for want in facts.wants)
        found = {want.member for want in wants if asked.supplies_metric(want.metric)}
    words = codes_of(asked.context.scheme)["metrics", "period"]
    return tuple(said for member, said in words.items() if member in found)


def write_wide(
    page: Worksheet,
    table: Table,
    units: Sequence[Unit],
    fields: Sequence[Field],
    rounds: int = 1,
    periods: Sequence[str] = (),
) -> None:
    """A sheet with the units asked, `rounds` times; ratings have a column for the rater.

    `periods`: months and terms for each of which a unit has a line, below the one of the whole year.
    """
    units = [unit for unit in units if any(unit.unit_id in field.cells for field in fields)]
    fixed = [table.column["unit_id"], UNIT_NAME]
    fixed += [table.column["rater"]] if "rater" in table.column else []
    fixed += [table.column["period"]] if periods else []
    header(page, [*(column.header for column in fixed), *(field.header for field in fields)])
    each_of = ("", *periods)
    lines = [unit for _ in range(rounds) for unit in units for _ in each_of]
    rules = Validations(page)
    for at, column in enumerate(fixed, start=1):
        note(page, at, f"{column.header}\n{FIXED_NOTES[column.name]}")
    for row, unit in enumerate(lines, start=2):
        given = {1: unit.unit_id, 2: unit.name}
        if periods:
            given[len(fixed)] = each_of[(row - 2) % len(each_of)]
        for at, text in given.items():
            cell = put(page, row, at, text or None)
            cell.fill, cell.border = GIVEN_FILL, GRID
    if "rater" in table.column:
        _raters(page, rules, lines, (len(fixed) + 1, len(fixed) + len(fields)), in_periods=bool(periods))
    for at, field in enumerate(fields, start=len(fixed) + 1):
        _column(page, rules, at, field, lines)
    rules.write()
    finish(page, frozen_columns=len(fixed), widths={3: 11} if len(fixed) > 2 else None)
    page.auto_filter.ref = page.dimensions
    lock(page)


def _raters(
    page: Worksheet, rules: Validations, lines: Sequence[Unit], points: tuple[int, int], *, in_periods: bool
) -> None:
    """A line's rater: named where points are given (from column to column), and once a unit and period."""
    area = f"C2:C{len(lines) + 1}"
    period = ',$D:$D,$D2&""' if in_periods else ""
    once = f"COUNTIFS($A:$A,$A2,$C:$C,$C2{period})<2"
    says = f"同一单位{'同一期' if in_periods else ''}里同一位评分人只占一行"
    rules.add(Entry("text", also=once, also_says=says), area)
    for row in range(2, len(lines) + 2):
        rater = put(page, row, 3, None, TEXT)
        rater.protection, rater.border = UNLOCKED, GRID
    first, last = map(get_column_letter, points)
    given = f"COUNTA(${first}2:${last}2)>0"
    mark(page, area, f'OR(AND($C2="",{given}),AND($C2<>"",NOT({once})))')


def _column(page: Worksheet, rules: Validations, at: int, field: Field, lines: Sequence[Unit]) -> None:
    note(page, at, field.note)
    letter = get_column_letter(at)
    models: dict[tuple[Entry | None, bool], Cell] = {}
    for row, unit in enumerate(lines, start=2):
        kind = field.cells.get(unit.unit_id), unit.unit_id in field.optional
        cell = put(page, row, at, None)
        if kind in models:
            dress(cell, models[kind])
        else:
            models[kind] = cell
            _style(cell, *kind)
    for entry, run in groupby(enumerate(lines, start=2), key=lambda line: field.cells.get(line[1].unit_id)):
        rows = [row for row, _ in run]
        if entry is not None:
            rules.add(entry, f"{letter}{rows[0]}:{letter}{rows[-1]}" if len(rows) > 1 else f"{letter}{rows[0]}")
    for divides, run in groupby(enumerate(lines, start=2), key=lambda line: line[1].unit_id in field.divides):
        rows = [row for row, _ in run]
        if divides:
            first = f"{letter}{rows[0]}"
            mark(page, f"{first}:{letter}{rows[-1]}", f"AND(ISNUMBER({first}),{first}=0)")


def _style(cell: Cell, entry: Entry | None, optional: bool) -> None:
    cell.border = GRID
    if entry is None:
        cell.fill = GREY_FILL
        return
    cell.protection = UNLOCKED
    cell.number_format = entry.number_format
    if optional:
        cell.fill = OPTIONAL_FILL
