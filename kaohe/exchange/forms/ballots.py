"""民主测评: a row a unit where there is one vote, else one a unit, vote and group of voters."""

from __future__ import annotations

from collections.abc import Mapping

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form, TallRows, a_row_a_unit
from kaohe.exchange.forms.votes import clauses, voted, votes_of
from kaohe.exchange.lists import Lists
from kaohe.exchange.rowchecks import Condition, Fitting, Line
from kaohe.intake.checks.votes import chinese_count
from kaohe.intake.tables.vocabulary import Table


def _rows(asked: Asked, table: Table, voters: Mapping[str, str]) -> TallRows:
    return a_row_a_unit(asked, table, voters) if table.keys == ("unit_id",) else TallRows()


def _fitting(asked: Asked, line: Line, lists: Lists) -> Fitting:
    """Papers of one vote have some vote; of several, each row fills in the options of its own."""
    votes = votes_of(asked, "counts")
    if len(votes) != 1:
        return Fitting()
    names = tuple(votes[0].options)
    cells = ",".join(map(line.cell, names))
    formula = f"OR(COUNT({cells})<{len(names)},SUM({cells})>0)"
    return Fitting((Condition(formula, f"{chinese_count(len(names))}项票数不能都是 0", names, names, names),))


FORM = Form("ballots", offered=voted("counts"), rows=_rows, clauses=clauses("counts"), fitting=_fitting)
