"""Tall sheets of a template: one row an achievement, an incident, a vote …; lists, formats and bounds by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.paper import GIVEN_FILL, GRID, UNLOCKED, dress, finish, header, lock, put
from kaohe.exchange.validation import Entry, Validations, fits_inline
from kaohe.exchange.wide import note
from kaohe.intake.names import Names
from kaohe.intake.vocabulary import NO_TABLE, TABLES, UNIT_NAME, Column, Table
from kaohe.rules.components import Leaders

BLANK_ROWS = 300
"""Rows ready for entries in a table whose length nobody knows."""

WORDS_FOR_PEOPLE = {
    "unit_id": "单位的编号，见“说明”表",
    "indicator": "指标的编号，见“说明”表",
    "kind": "类型",
    "level": "级别；没有级别的成果不填",
    "award": "奖项；没有奖项的成果不填",
    "title": "成果、工作或项目的全称；同一项只填一次",
    "first_author": "本单位人员是否第一完成人",
    "amount": "单位：元，不是万元；按经费计分的项目必填",
    "count": "单位：起",
    "note": "写明情况，公布得分时作为理由",
    "leader": "校领导的称呼，各单位写法一致",
    "role": "正职或副职",
    "excellent": "单位：票",
    "qualified": "单位：票",
    "unqualified": "单位：票",
    "accepted": "领导小组是否认定通过",
    "approved": "领导小组是否批准",
    "reason": "领导小组认定不适用的理由",
}


class TallSheet:
    """Writes one tall table. `lists`: header of a list on the sheet 说明 → where it stands."""

    def __init__(self, asked: Asked, table: Table, lists: Mapping[str, str]) -> None:
        self._asked, self._table, self._lists = asked, table, lists
        self._names = Names(asked.desk.scheme)

    def write(self, page: Worksheet, given: Sequence[Mapping[str, str]] = (), blank_rows: int = BLANK_ROWS) -> None:
        """`given`: rows filled in as far as known, their units locked; then blank ones."""
        columns = self._columns()
        header(page, [column.header for column in columns])
        rules = Validations(page)
        for at, column in enumerate(columns, start=1):
            values = [row.get("unit_name" if column is UNIT_NAME else column.name) for row in given]
            self._column(page, rules, at, column, [*values, *[None] * blank_rows])
        rules.write()
        finish(page, frozen_columns=1)
        page.auto_filter.ref = page.dimensions
        lock(page)

    def _columns(self) -> list[Column]:
        """The table's columns; where units are given, their names for people."""
        columns = list(self._table.columns)
        return [columns[0], UNIT_NAME, *columns[1:]] if self._table.given else columns

    def _column(
        self, page: Worksheet, rules: Validations, at: int, column: Column, values: Sequence[str | None]
    ) -> None:
        entry = self._entry(column)
        note(page, at, self._note(column, entry))
        letter = get_column_letter(at)
        rules.add(entry, f"{letter}2:{letter}{len(values) + 1}")
        models: dict[bool, Cell] = {}
        for row, value in enumerate(values, start=2):
            cell = put(page, row, at, value)
            known = value is not None and column.name in ("unit_id", UNIT_NAME.name)
            if known in models:
                dress(cell, models[known])
                continue
            models[known] = cell
            cell.border = GRID
            if known:
                cell.fill = GIVEN_FILL
            else:
                cell.protection = UNLOCKED
                cell.number_format = entry.number_format or cell.number_format

    def _note(self, column: Column, entry: Entry) -> str:
        words = WORDS_FOR_PEOPLE.get(column.name, column.header)
        needed = "可不填" if column.optional or column.blank == "none" else "必填"
        clauses = self._clauses() if column.name in ("indicator", "points", "count") else ""
        return "\n".join(part for part in (column.header, words, f"{entry.says}；{needed}", clauses) if part)

    def _clauses(self) -> str:
        return "\n".join(f"{each.id} {each.name}：{each.clause}" for each in self._indicators())

    def _indicators(self) -> Iterable[Any]:
        asked = self._asked
        if self._table.name == "achievements":
            return asked.counting.values()
        if self._table.name == "incidents":
            return asked.costing.values()
        return {each.id: each for _, each, _ in asked.applying()}.values()

    def _entry(self, column: Column) -> Entry:
        match column.kind:
            case "code" | "open_code":
                return self._coded(column)
            case "yes_no":
                return Entry("list", words=("是", "否"))
            case "date":
                return Entry("date", since=self._asked.desk.scheme.window.days(self._asked.desk.year)[0])
            case "indicator":
                return self._listed(tuple(each.id for each in self._indicators()), "指标编号")
            case "id" if column.name == "unit_id":
                return self._listed(tuple(self._asked.desk.units), "单位编号")
            case "number":
                return self._number(column)
        return Entry("text")

    def _coded(self, column: Column) -> Entry:
        chinese = self._names.chinese((self._table.name, column.name))
        if (self._table.name, column.name) == ("achievements", "kind"):
            kinds = {kind for each in self._asked.counting.values() for kind in (*each.weights, *each.amounts)}
            chinese = {kind: self._asked.desk.scheme.kinds.get(kind, chinese.get(kind, kind)) for kind in kinds}
            chinese = {kind: chinese[kind] for kind in (*self._asked.desk.scheme.kinds, *kinds) if kind in chinese}
        words = tuple(dict.fromkeys(chinese.values()))
        return Entry("list", words=words, strict=column.kind == "code") if fits_inline(words) else Entry("text")

    def _listed(self, words: tuple[str, ...], name: str) -> Entry:
        """A short list in the rule itself, a long one from the sheet 说明."""
        if fits_inline(words) or name not in self._lists:
            return Entry("list", words=words)
        return Entry("list", source=f"'{NO_TABLE}'!{self._lists[name]}")

    def _number(self, column: Column) -> Entry:
        nothing = Fraction(0)
        if column.name in ("excellent", "qualified", "unqualified", "count"):
            return Entry("whole", nothing)
        if column.name == "score":
            groups = self._asked.desk.scheme.groups.values()
            highest = [each.leaders.rule.out_of for each in groups if isinstance(each.leaders.rule, Leaders)]
            return Entry("points", nothing, min(highest, default=Fraction(100)))
        if column.name == "amount":
            return Entry("money", nothing)
        if self._table.name == "self_scores":
            return Entry("points")
        return Entry("points", nothing, self._most_discretion())

    def _most_discretion(self) -> Fraction | None:
        """The highest figure that an incident may cost at discretion."""
        rules = [each.incidents for each in self._asked.costing.values()]
        return max((rule.most for rule in rules if rule and rule.most is not None), default=None)


def votes_given(asked: Asked) -> list[dict[str, str]]:
    """A row a unit for its ballots."""
    return [{"unit_id": unit.unit_id, "unit_name": unit.name} for unit in asked.desk.units.values()]


def leaders_given(asked: Asked, leaders: Mapping[str, str]) -> list[dict[str, str]]:
    """A row a unit and leader, where leaders (name → code of the role) are known."""
    roles = Names(asked.desk.scheme).chinese(("leader_ratings", "role"))
    return [
        {**row, "leader": leader, "role": roles.get(role, role)}
        for row in votes_given(asked)
        for leader, role in leaders.items()
    ]


def tall_tables(asked: Asked) -> list[Table]:
    """The tall tables that the office fills in."""
    names = ["achievements"] if asked.counting else []
    names += ["incidents"] if asked.costing else []
    if asked.is_collector:
        names += ["ballots", "leader_ratings", "declarations", "vetoes", "awards", "exemptions"]
    if asked.office is None:
        names.append("self_scores")
    return [table for name, table in TABLES.items() if name in names]
