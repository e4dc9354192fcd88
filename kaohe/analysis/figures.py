"""The raw figures behind each score, in a line: what a reader of a table wants beside the points. For internal eyes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kaohe.intake import Intake
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.sourcerows import Row, cell_text, decimal_text, rows_about, rows_of, voted_rows, when_of
from kaohe.rules.votes import VoteRule
from kaohe.rules.wording import quantity, term
from kaohe.scoring.owned import needed_metrics

Figures = Mapping[tuple[str, str], str]
"""(unit, indicator or item that is voted on) → its raw figures; nothing where there are none."""

_NOT_TOLD = ("unit_id", "indicator")


def figures_of(intake: Intake) -> Figures:
    """Of every unit and indicator of the year."""
    assert intake.scheme
    assert intake.data
    names = Names(intake.scheme)
    found: dict[tuple[str, str], str] = {}
    for unit in intake.data.units:
        votes = intake.scheme.votes_on(unit.category).items()
        told = {key: list(_votes(intake, rule, unit.unit_id)) for key, rule in votes}
        metrics = rows_of(intake.data, "metrics", unit.unit_id)
        for key, indicator in intake.scheme.indicators.items():
            told.setdefault(key, []).extend(_metrics(intake, metrics, needed_metrics(indicator, unit.category)))
        for row in rows_about(intake.data, unit.unit_id):
            told.setdefault(row.values["indicator"], []).append(_fact(row, names))
        for row in rows_of(intake.data, "ratings", unit.unit_id):
            rating = f"{row.values['rater']}评分 {decimal_text(row.values['points'])}"
            told.setdefault(row.values["indicator"], []).append(rating)
        found |= {(unit.unit_id, key): "；".join(lines) for key, lines in told.items() if lines}
    return found


def _metrics(intake: Intake, rows: Sequence[Row], wanted: tuple[str, ...]) -> Iterator[str]:
    """Of a unit's figures those that are wanted, one of each month or term where they were handed in so."""
    assert intake.scheme
    names = Names(intake.scheme)
    for name in wanted:
        about, mine = term(intake.scheme.terms, name), [row for row in rows if row.values["metric"] == name]
        for row in mine:
            value, disputed = quantity(row.item.value, about), "（有争议）" if row.item.disputed else ""
            yield f"{about.name}{when_of(row, names)} {value}{disputed}"
        if not mine:
            yield f"{about.name} 未上报"


def _fact(row: Row, names: Names) -> str:
    """A row about an indicator: every column that says something."""
    columns = row.table.column
    texts = {
        name: cell_text(columns[name], value, row.table, names)
        for name, value in row.values.items()
        if name not in _NOT_TOLD
    }
    return f"{row.table.chinese}：{'，'.join(f'{columns[name].header} {text}' for name, text in texts.items() if text)}"


def _votes(intake: Intake, rule: VoteRule, unit: str) -> Iterator[str]:
    """Papers by option, or marks by voter, with the groups of voters where there are any."""
    assert intake.scheme
    assert intake.data
    names = Names(intake.scheme)
    for row in voted_rows(intake.data, rule, unit):
        code = row.values.get(row.table.group) or ""
        group = names.chinese((row.table.name, row.table.group)).get(code, code)
        if row.table.voice is None:
            columns = (row.table.column[name] for name in row.table.options if row.values[name] is not None)
            yield from (f"{group}{column.header} {row.values[column.name]} 票" for column in columns)
        else:
            who, mark = (row.values[name] for name in row.table.voice)
            yield f"{who}{f'（{group}）' if group else ''}{decimal_text(mark)}"
