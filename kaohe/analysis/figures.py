"""The raw figures behind each score, in a line: what a reader of a table wants beside the points. For internal eyes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kaohe.intake import Intake
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.sourcerows import Row, cell_text, decimal_text, rows_of, when_of
from kaohe.rules.wording import quantity, term
from kaohe.scoring.bind import needed_metrics

Figures = Mapping[tuple[str, str], str]
"""(unit, indicator, or `ballot` and `leader`) → its raw figures; nothing where there are none."""

EVENTS = ("achievements", "incidents")
_NOT_TOLD = ("unit_id", "indicator")


def figures_of(intake: Intake) -> Figures:
    """Of every unit and indicator of the year."""
    assert intake.scheme
    assert intake.data
    names = Names(intake.scheme)
    found: dict[tuple[str, str], str] = {}
    for unit in intake.data.units:
        told: dict[str, list[str]] = {"ballot": _votes(intake, unit.unit_id), "leader": _leaders(intake, unit.unit_id)}
        metrics = rows_of(intake.data, "metrics", unit.unit_id)
        for key, indicator in intake.scheme.indicators.items():
            told[key] = list(_metrics(intake, metrics, needed_metrics(indicator, unit.category)))
        for table in EVENTS:
            for row in rows_of(intake.data, table, unit.unit_id):
                told.setdefault(row.values["indicator"], []).append(_event(row, names))
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


def _event(row: Row, names: Names) -> str:
    """An achievement or incident: every column that says something."""
    columns = row.table.column
    texts = {
        name: cell_text(columns[name], value, row.table, names)
        for name, value in row.values.items()
        if name not in _NOT_TOLD
    }
    return f"{row.table.chinese}：{'，'.join(f'{columns[name].header} {text}' for name, text in texts.items() if text)}"


def _votes(intake: Intake, unit: str) -> list[str]:
    assert intake.data
    return [
        f"{row.table.column[name].header} {row.values[name]} 票"
        for row in rows_of(intake.data, "ballots", unit)
        for name in row.table.options
        if row.values[name] is not None
    ]


def _leaders(intake: Intake, unit: str) -> list[str]:
    assert intake.scheme
    assert intake.data
    roles = Names(intake.scheme).chinese(("leader_ratings", "role"))
    return [
        f"{row.values['leader']}（{roles.get(role := row.values['role'], role)}）{decimal_text(row.values['score'])}"
        for row in rows_of(intake.data, "leader_ratings", unit)
    ]
