"""A what-if scenario as data: what is different from a year's raw data, change by change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.vocabulary import TABLES
from kaohe.scheme import Scheme

Kind = Literal["set", "leave_out", "add"]


class ScenarioError(ValueError):
    """A scenario that cannot be used; says in Chinese where and why, one line a problem."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Change:
    """One cell that reads otherwise (`set`), one row left out or one added.

    `row` are the columns that name the row, as text; of an added row all its cells. `which`: of
    several rows of one name, counted from 1. `was` and `value` are texts as one would type them.
    """

    kind: Kind
    table: str
    row: tuple[tuple[str, str], ...]
    column: str = ""
    was: str = ""
    value: str = ""
    which: int = 1

    @property
    def unit(self) -> str:
        return dict(self.row).get("unit_id", "")

    @property
    def address(self) -> tuple[object, ...]:
        """What it is about: a later change of the same takes its place."""
        if self.kind == "add":
            return ("add", self.table, self.row, self.which)
        return ("cell" if self.kind == "set" else "row", self.table, self.row, self.which, self.column)


@dataclass(frozen=True)
class Scenario:
    """What is different from the data of `year`: policies (name → value) and changes, in the order they were made."""

    year: str
    title: str = ""
    policies: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @property
    def size(self) -> int:
        return len(self.policies) + len(self.changes)

    def find(self, change: Change) -> Change | None:
        """The change of the same address, if there is one."""
        return next((each for each in self.changes if each.address == change.address), None)

    def with_change(self, change: Change) -> Scenario:
        """With a change in the place of an earlier one of the same cell; back to what was there takes it out."""
        earlier = self.find(change)
        if earlier is None:
            return replace(self, changes=(*self.changes, change)) if _differs(change) else self
        change = replace(change, was=earlier.was)
        kept = tuple(change if each is earlier else each for each in self.changes)
        return replace(self, changes=kept) if _differs(change) else self.without(earlier)

    def without(self, change: Change) -> Scenario:
        return replace(self, changes=tuple(each for each in self.changes if each.address != change.address))

    def with_policy(self, name: str, value: str | None) -> Scenario:
        """With a reading; None takes it back."""
        others = {key: each for key, each in self.policies.items() if key != name}
        return replace(self, policies=others if value is None else {**others, name: value})


def apart(one: Scenario, other: Scenario) -> tuple[list[str], list[Change]]:
    """What stands in `other` and not, or not so, in `one`: names of policies, and changes."""
    policies = [name for name, value in other.policies.items() if one.policies.get(name) != value]
    return policies, [change for change in other.changes if change not in one.changes]


def words_of(scheme: Scheme) -> dict[str, str]:
    """How a scheme calls what changes name: metrics, columns of its own (options of votes, say), tables."""
    own = {
        column.name: column.header
        for name, table in tables_of(scheme).items()
        for column in table.columns
        if column.name not in TABLES[name].column
    }
    own |= {name: table.chinese for name, table in tables_of(scheme).items() if table.chinese != TABLES[name].chinese}
    return own | {name: metric.name for name, metric in scheme.metrics.items()}


def said(change: Change, words: Mapping[str, str] | None = None) -> str:
    """A change in words: table, row, and what it was and is; `words` as `words_of` the scheme gives them."""
    table = TABLES.get(change.table)
    named = dict(change.row)
    row = " ".join((words or {}).get(text, text) for text in named.values() if text) + (
        f"（第 {change.which} 行）" if change.which > 1 else ""
    )
    called = (words or {}).get(change.table) or (table.chinese if table else change.table)
    about = f"{called} {row}"
    if change.kind == "leave_out":
        return f"{about}：不计入"
    if change.kind == "add":
        return f"{about}：增加"
    known = table.column.get(change.column) if table else None
    column = known.header if known else (words or {}).get(change.column, change.column)
    return f"{about} {column}：{change.was or '（空）'} → {change.value or '（空）'}"


def _differs(change: Change) -> bool:
    return change.kind != "set" or change.value != change.was
