"""One figure or another: by a condition, or looked up in a table of two ways."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import AnyFigure, Figure, Inputs, Strict
from kaohe.rules.bounds import highest, lowest
from kaohe.rules.branches import Branch, clause
from kaohe.rules.conditions import COMPARED, AnyCondition, Condition
from kaohe.rules.numbers import Array
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.plain import Number, fixed_number
from kaohe.rules.told import Told, together
from kaohe.rules.wording import Term, Terms, quantity


class When(Told):
    """`then` where the condition holds, `else` (0 where it is not written) where it does not."""

    kind: Literal["when"] = "when"
    held: AnyCondition = Field(alias="if")
    then: AnyFigure
    otherwise: AnyFigure = Field(default_factory=lambda: Number(value=0), alias="else")

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        said = f"{self.held.called(terms)}时：{self.then.called(terms)}"
        return [clause(said, outcome["held"]), *super().branches(outcome, terms)]

    def children(self) -> tuple[Figure, ...]:
        return (self.then, self.otherwise)

    def conditions(self) -> tuple[Condition, ...]:
        return (self.held,)

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        then, otherwise = together(parts, inputs.size)
        held = self.held.holds(inputs)
        out = inputs.numbers.where(held, then, otherwise)
        return out, {"held": np.broadcast_to(held, np.shape(out))}

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        how, figure, text = ("符合", self.then, said[0]) if trace["held"] else ("不符合", self.otherwise, said[1])
        because = f"{how}“{self.held.called(terms)}”"
        return f"{because}，计" if fixed_number(figure) is not None else f"{because}，按 {text}，计"

    def called(self, terms: Terms) -> str:
        return f"{self.held.called(terms)}时：{self.then.called(terms)}；否则：{self.otherwise.called(terms)}"

    def title(self, terms: Terms) -> str:
        return "分情况计"

    def unit(self, terms: Terms) -> Term:
        units = {each.unit(terms).unit for each in self.children() if not isinstance(each, Number)}
        return Term("", units.pop() if len(units) == 1 else "")

    def best(self, full: Fraction) -> Fraction | None:
        return highest(each.best(full) for each in self.children())

    def worst(self, full: Fraction) -> Fraction | None:
        return lowest(each.worst(full) for each in self.children())


class Axis(Strict):
    """One side of a table: the first line whose bound the value meets, whose trait the unit has, or that holds."""

    value: AnyFigure | None = None
    at_least: tuple[AnyFigure, ...] = ()
    above: tuple[AnyFigure, ...] = ()
    at_most: tuple[AnyFigure, ...] = ()
    below: tuple[AnyFigure, ...] = ()
    equals: tuple[AnyFigure, ...] = ()
    trait: str | None = None
    are: tuple[str, ...] = ()
    when: tuple[AnyCondition, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Axis:
        written = [name for name in COMPARED if getattr(self, name)]
        ways = bool(written) + bool(self.are) + bool(self.when)
        if ways != 1 or len(written) > 1:
            raise ValueError(f"应写 {'、'.join(COMPARED)} 之一（与 value 一起）、are（与 trait 一起）或 when")
        if (self.value is None) == bool(written) or (self.trait is None) == bool(self.are):
            raise ValueError("界限与 value 一起写，are 与 trait 一起写")
        return self

    @property
    def sign(self) -> str:
        """The bound that is written; empty where there is none."""
        return next((name for name in COMPARED if getattr(self, name)), "")

    @property
    def bounds(self) -> tuple[Figure, ...]:
        found: tuple[Figure, ...] = getattr(self, self.sign) if self.sign else ()
        return found

    @property
    def size(self) -> int:
        return len(self.bounds) + len(self.are) + len(self.when)

    def figures(self) -> tuple[Figure, ...]:
        return (self.value, *self.bounds) if self.value is not None else ()

    def lines(self, parts: Sequence[Array], inputs: Inputs) -> Array:
        """Which line each unit is in; one beyond the last where it is in none."""
        if self.sign:
            value, *bounds = parts
            met = [np.asarray(COMPARED[self.sign][1](value, bound), dtype=bool) for bound in bounds]
        elif self.trait is not None:
            mine = inputs.trait(self.trait).astype(str)
            met = [mine == name for name in self.are]
        else:
            met = [each.holds(inputs) for each in self.when]
        last: Any = np.full(inputs.size, len(met))
        return np.asarray(reduce(lambda out, place: np.where(met[place], place, out), reversed(range(len(met))), last))

    def says(self, place: int, terms: Terms) -> str:
        """A line in words."""
        if place >= self.size:
            return "以外"
        if self.sign and self.value is not None:
            fixed = fixed_number(self.bounds[place])
            bound = self.bounds[place].called(terms) if fixed is None else quantity(fixed, self.value.unit(terms))
            return f"{self.value.called(terms)}{COMPARED[self.sign][0]}{bound}"
        if self.trait is not None:
            return terms.get(f"{self.trait}:{self.are[place]}", Term(self.are[place])).name
        return self.when[place].called(terms)


class Table(Told):
    """A look-up in two ways: `rows` and `columns` say in which line a unit is, `cells` what it gets; `else` outside."""

    kind: Literal["table"] = "table"
    rows: Axis
    columns: Axis
    cells: tuple[tuple[AnyFigure, ...], ...] = Field(min_length=1)
    otherwise: AnyFigure = Field(default_factory=lambda: Number(value=0), alias="else")

    @model_validator(mode="after")
    def _square(self) -> Table:
        if len(self.cells) != self.rows.size or any(len(row) != self.columns.size for row in self.cells):
            raise ValueError(f"cells 应为 {self.rows.size} 行，每行 {self.columns.size} 个数")
        return self

    def children(self) -> tuple[Figure, ...]:
        cells = (cell for row in self.cells for cell in row)
        return (*self.rows.figures(), *self.columns.figures(), *cells, self.otherwise)

    def conditions(self) -> tuple[Condition, ...]:
        return (*self.rows.when, *self.columns.when)

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        laid = together(parts, inputs.size)
        across = len(self.rows.figures())
        down = across + len(self.columns.figures())
        row, column = self.rows.lines(laid[:across], inputs), self.columns.lines(laid[across:down], inputs)
        *cells, out = laid[down:]
        for place, cell in enumerate(cells):
            at = divmod(place, self.columns.size)
            out = inputs.numbers.where((row == at[0]) & (column == at[1]), cell, out)
        return out, {"row": np.broadcast_to(row, out.shape), "column": np.broadcast_to(column, out.shape)}

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        count = len(self.rows.figures())
        shown = [said[0]] if self.rows.value is not None else []
        shown += [said[count]] if self.columns.value is not None else []
        lines = f"{self.rows.says(trace['row'], terms)}、{self.columns.says(trace['column'], terms)}"
        return "；".join([*shown, f"查表：{lines}，计"])

    def called(self, terms: Terms) -> str:
        rows = "；".join(
            f"{self.rows.says(place, terms)}："
            + "、".join(f"{self.columns.says(at, terms)} 计 {cell.called(terms)}" for at, cell in enumerate(row))
            for place, row in enumerate(self.cells)
        )
        return f"查表：{rows}；表外计 {self.otherwise.called(terms)}"

    def title(self, terms: Terms) -> str:
        return "查表"

    def _given(self) -> tuple[Figure, ...]:
        return (*(cell for row in self.cells for cell in row), self.otherwise)

    def best(self, full: Fraction) -> Fraction | None:
        return highest(each.best(full) for each in self._given())

    def worst(self, full: Fraction) -> Fraction | None:
        return lowest(each.worst(full) for each in self._given())
