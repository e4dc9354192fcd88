"""What a figure rests on, as fields one can type into; each field knows the change that an entry makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kaohe.analysis.scenario import Change, Scenario
from kaohe.analysis.whatif import row_name, row_texts
from kaohe.charts.notation import plain
from kaohe.explorer.workbench import Base
from kaohe.intake.tables.asked import facts_of
from kaohe.intake.tables.sourcerows import (
    Row,
    decimal_text,
    named_by,
    rows_about,
    rows_of,
    table_of,
    voted_rows,
    when_of,
)
from kaohe.intake.tables.vocabulary import Column, Table
from kaohe.scheme import Policy
from kaohe.scheme.policies import say_value

IN, OUT = "计入", "不计入"
NONE = "（不增加）"
TOTAL = "="
"""The total and the grade, beside the items that make it up: no item is called so."""


@dataclass(frozen=True)
class Field:
    """One control: `real` is what the data says, `text` what is in force. `kind`: what an entry changes."""

    kind: Literal["cell", "row", "add", "policy"]
    label: str
    real: str
    text: str
    change: Change
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""

    @property
    def changed(self) -> bool:
        return self.text != self.real

    def entered(self, scenario: Scenario, text: str) -> Scenario:
        """The scenario in which this is `text`."""
        text = text.strip()
        if self.kind == "policy":
            return scenario.with_policy(self.change.column, None if text == self.real else text)
        if self.kind == "row":
            return scenario.with_change(self.change) if text == OUT else scenario.without(self.change)
        if self.kind == "cell":
            return scenario.with_change(replace(self.change, value=text))
        column = self.change.column
        named = dict(self.change.row)
        others = [
            each for each in scenario.changes if not (each.kind == "add" and _same_row(each, self.change, column))
        ]
        cleared = replace(scenario, changes=tuple(others))
        if text in ("", NONE):
            return cleared
        return cleared.with_change(replace(self.change, row=tuple({**named, column: text}.items()), column=""))


def _same_row(one: Change, other: Change, column: str) -> bool:
    """Whether two added rows are of the same table and name, whatever stands in `column`."""
    mine = {name: text for name, text in one.row if name not in (column, "note")}
    others = {name: text for name, text in other.row if name not in (column, "note")}
    return one.table == other.table and mine == others


@dataclass(frozen=True)
class Evidence:
    """The fields of a selection; `rows` are achievements and incidents to choose from, each with its own fields."""

    title: str
    fields: tuple[Field, ...] = ()
    rows: tuple[tuple[str, tuple[Field, ...]], ...] = ()
    policies: tuple[Field, ...] = ()


def evidence_of(base: Base, scenario: Scenario, unit: str, component: str, indicator: str | None) -> Evidence:
    """What stands behind an indicator, a vote, or the total and grade of a unit."""
    finder = _Finder(base, scenario, unit)
    book = base.book
    if component == TOTAL:
        figures = tuple(finder.beside())
        asked = ["加减、折算和等次所看的数据"] if figures else []
        asked += [f"{book.top}申报"] if "declared" in book.facts else []
        asked += ["否决事项"] if "vetoed" in book.facts else []
        title = "与".join(["、".join(asked), "全部读法"] if asked else ["全部读法"])
        return Evidence(title, (*figures, *finder.consequences()), policies=tuple(finder.policies()))
    if component in book.votes:
        return finder.vote(component)
    if indicator is None:
        return Evidence("")
    return finder.indicator(indicator)


def _may_change(column: Column, table: Table) -> bool:
    """Whether a cell of a listed row is offered: not what names the row, nor further words about it."""
    return column.name not in named_by(table) and column.merge == "value"


def _label(column: Column) -> str:
    return f"{column.header}（{column.units[0]}）" if column.units else column.header


class _Finder:
    def __init__(self, base: Base, scenario: Scenario, unit: str) -> None:
        assert base.intake.data
        self.base, self.data, self.scenario, self.unit = base, base.intake.data, scenario, unit
        self.by_address = {change.address: change for change in scenario.changes}

    def rows(self, table: str) -> list[Row]:
        return rows_of(self.data, table, self.unit)

    def cell(self, row: Row, column: str, label: str, hint: str = "") -> Field:
        """One cell of a row that is in the data."""
        real = self._real(row, column)
        change = Change("set", row.table.name, row_name(row, self.base.names), column, real, real, row.which)
        made = self.by_address.get(change.address)
        kind = row.table.column[column].kind
        choices: tuple[tuple[str, str], ...] = ()
        if kind == "yes_no":
            choices = (("是", "是"), ("否", "否"))
        elif kind in ("code", "open_code"):
            words = list(self.base.names.chinese((row.table.name, column)).values())
            listed = dict.fromkeys([*([""] if row.table.column[column].blank != "error" else []), *words, real])
            choices = tuple((word or "（空）", word) for word in listed)
        return Field("cell", label, real, made.value if made else real, change, choices, hint)

    def _real(self, row: Row, column: str) -> str:
        value = row.values[column]
        if row.table.column[column].kind == "figure" and self.base.scheme.metrics[row.values["metric"]].term.is_rate:
            return f"{decimal_text(value * 100)}%"
        return row_texts(row, self.base.names)[column]

    def whole(self, row: Row, label: str = "这一行") -> Field:
        """Whether the row counts at all."""
        change = Change("leave_out", row.table.name, row_name(row, self.base.names), which=row.which)
        text = OUT if change.address in self.by_address else IN
        return Field("row", label, IN, text, change, ((IN, IN), (OUT, OUT)))

    def added(self, table: str, known: dict[str, str], column: str, label: str,
              choices: tuple[tuple[str, str], ...] = (), hint: str = "") -> Field:  # fmt: skip
        """A row that is not in the data: entering `column` adds it."""
        row = {
            name: known.get(name, "") for name in table_of(self.data, table).column if name in known or name == column
        }
        change = Change("add", table, tuple(row.items()), column)
        made = next(
            (each for each in self.scenario.changes if each.kind == "add" and _same_row(each, change, column)), None
        )
        real = choices[0][1] if choices else ""
        return Field("add", label, real, dict(made.row).get(column, real) if made else real, change, choices, hint)

    def vote(self, item: str) -> Evidence:
        """What was voted on one item, with the readings its counting turns on."""
        info, node = self.base.book.votes[item], self.base.scheme.tree[item]
        rule, named = node.vote, node.readings
        assert rule is not None
        readings = tuple(self.policies(*named)) if named else ()
        rows = voted_rows(self.data, rule, self.unit)
        if info.paper == "counts":
            return Evidence(f"{info.name}票数", tuple(self._counts(rows)), policies=readings)
        most = f"（0～{plain(info.out_of)}）" if info.out_of is not None else ""
        return Evidence(f"各位{info.voter}的评分{most}", tuple(self._marks(rows)), policies=readings)

    def _counts(self, rows: list[Row]) -> Iterator[Field]:
        for row in rows:
            group = self._group(row)
            for column in (name for name in row.table.options if row.values.get(name) is not None):
                yield self.cell(row, column, f"{group}{row.table.column[column].header}（票）")

    def _marks(self, rows: list[Row]) -> Iterator[Field]:
        for row in rows:
            group, (who, mark) = self._group(row), row.table.voice or ("", "")
            yield self.cell(row, mark, f"{row.values[who]}（{f'{group}，' if group else ''}分）")

    def _group(self, row: Row) -> str:
        """The group of voters whose paper a row is."""
        at = row.table.name, row.table.group
        return self.base.names.chinese(at).get(str(row.values.get(row.table.group)), "")

    def beside(self) -> Iterator[Field]:
        """Figures that what follows after items, weights, grades and the order look at: no leaf need show them."""
        unit = self.data.unit(self.unit)
        assert unit
        beside = (each.metrics(unit.category) for each in self.base.scheme.beside.values())
        names = dict.fromkeys(name for found in beside for name in found)
        yield from self._metrics([*names], {*names})

    def consequences(self) -> Iterator[Field]:
        for row in self.rows("declarations"):
            kind = self.base.names.chinese(("declarations", "kind"))[row.values["kind"]]
            yield self.cell(row, "accepted", f"申报认定通过：{kind}", row.values["title"] or "")
        for row in self.rows("vetoes"):
            kind = self.base.names.chinese(("vetoes", "kind")).get(row.values["kind"], "")
            yield self.whole(row, f"否决事项：{kind}")
        kinds = self.base.names.chinese(("vetoes", "kind")).values() if self.base.scheme.results.vetoes else ()
        known = {"unit_id": self.unit, "note": "试算"}
        choices = ((NONE, NONE), *((word, word) for word in kinds))
        if kinds:
            yield self.added("vetoes", known, "kind", "增加否决事项", choices)
        for row in self.rows("decisions"):
            yield self.whole(row, f"审议决定：{self.base.names.chinese(('decisions', 'grade'))[row.values['grade']]}")
        for row in self.rows("awards"):
            yield self.cell(row, "approved", f"{self.base.book.award}批准", row.values["title"] or "")

    def policies(self, *names: str) -> Iterator[Field]:
        """The readings, or those named, in the scheme's order."""
        for policy in self.base.scheme.policies:
            if not names or policy.name in names:
                yield self._policy(policy)

    def _policy(self, policy: Policy) -> Field:
        assert self.base.intake.policies
        real = say_value(self.base.intake.policies[policy.name])
        choices = tuple((option.says, name) for name, option in policy.options.items())
        change = Change("set", "policies", (), policy.name)
        text = self.scenario.policies.get(policy.name, real)
        label = f"{policy.id} {policy.question}"
        return Field("policy", label, real, text, change, choices, policy.clause)

    def indicator(self, name: str) -> Evidence:
        scheme, unit = self.base.scheme, self.data.unit(self.unit)
        assert unit
        indicator, facts = scheme.indicators[name], facts_of(scheme.indicators[name], unit.category)
        useful = [*facts.metrics, *(each for each in scheme.metrics if each in facts.useful - set(facts.metrics))]
        cell = self.base.book.cell(self.unit, name)
        return Evidence(
            f"{indicator.id} {indicator.name}",
            (*self._metrics(useful, set(facts.metrics)), *self._ratings(name, facts.judged is not None)),
            tuple(self._events(name)),
            tuple(self.policies(*cell.policies)) if cell.policies else (),
        )

    def _metrics(self, names: list[str], needed: set[str]) -> Iterator[Field]:
        rows = self.rows("metrics")
        for name in names:
            metric, mine = self.base.scheme.metrics[name], [row for row in rows if row.values["metric"] == name]
            unit = f"（{'%' if metric.term.is_rate else metric.unit or '数'}）"
            for row in mine:
                label = f"{metric.name}{when_of(row, self.base.names)}{unit}"
                yield self.cell(row, "value", label, row.values["source"] or "")
            if not mine and name in needed:
                known = {"unit_id": self.unit, "metric": name}
                yield self.added("metrics", known, "value", f"{metric.name}{unit}", hint="尚未上报")

    def _ratings(self, indicator: str, judged: bool) -> Iterator[Field]:
        rows = [row for row in self.rows("ratings") if row.values["indicator"] == indicator]
        for row in rows:
            yield self.cell(
                row, "points", f"{row.values['rater']}{when_of(row, self.base.names)}（评分）", row.values["note"] or ""
            )
        if judged and not rows:
            known = {"unit_id": self.unit, "indicator": indicator, "rater": "试算"}
            yield self.added("ratings", known, "points", "评分（尚未上报）")

    def _events(self, indicator: str) -> Iterator[tuple[str, tuple[Field, ...]]]:
        """What is listed about the indicator, one line each, with the fields of each."""
        for row in rows_about(self.data, self.unit):
            if row.values["indicator"] == indicator:
                columns = [each for each in row.table.columns if _may_change(each, row.table)]
                cells = (self.cell(row, each.name, _label(each)) for each in columns)
                fields = (self.whole(row), *cells)
                yield self._line(row, list(fields)), fields

    def _line(self, row: Row, fields: list[Field]) -> str:
        texts = {field.change.column: field.text for field in fields[1:]}
        parts = [texts.get(name, "") for name in ("level", "award", "kind")]
        title = row.values.get("title") or row.values.get("note") or ""
        count = f"{texts['count']} 次" if "count" in texts else ""
        mark = "✕ " if fields[0].changed else "● " if any(field.changed for field in fields) else ""
        date = texts.get("date") or row_texts(row, self.base.names).get("date", "")
        return mark + " ".join(part for part in (*parts, title, count, date) if part)
