"""A scenario whose rows are named as people name them: units by name, metrics and items by their Chinese names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kaohe.analysis.scenario import Change, Scenario, ScenarioError
from kaohe.intake.reading import Intake
from kaohe.intake.sheets.cells import letters_of, word
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.unitnames import UnitNames
from kaohe.scheme import Scheme

MOST_LISTED = 10


def with_ids(scenario: Scenario, intake: Intake) -> Scenario:
    """The same with ids in the places of names; ScenarioError, naming who may be meant, where a name means several."""
    if intake.data is None or intake.scheme is None:
        return scenario
    units = UnitNames((each.unit_id, each.name) for each in intake.data.units)
    called = {each.unit_id: each.name for each in intake.data.units}
    names, scheme = Names(intake.scheme), intake.scheme
    problems: list[str] = []

    def of(change: Change) -> Change:
        row = {_own_column(scheme, change.table, name) or name: text for name, text in change.row}
        unit = row.get("unit_id", "")
        if unit and not units.is_id(unit):
            meant, several = units.meant(unit), units.called(unit)
            if meant is None and several:
                listed = "、".join(f"{each} {called[each]}" for each in several[:MOST_LISTED])
                problems.append(f"试算方案：单位“{unit}”可以指 {listed}，请写编号或全称")
            row["unit_id"] = meant or unit
        if "metric" in row and row["metric"] not in names.scheme.metrics:
            row["metric"] = names.metric(row["metric"]) or row["metric"]
        if "indicator" in row and row["indicator"] not in names.scheme.indicators:
            found = names.indicator(row["indicator"], row.get("unit_id"))
            several = [] if found else names.indicators_called(row["indicator"])
            if several:
                listed = "、".join(several[:MOST_LISTED])
                problems.append(f"试算方案：指标“{row['indicator']}”可以指 {listed}，请写编号")
            row["indicator"] = found or row["indicator"]
        return replace(change, row=tuple(row.items()), column=_column(change, scheme, problems))

    changes = tuple(map(of, scenario.changes))
    if problems:
        raise ScenarioError(*problems)
    return replace(scenario, changes=changes, policies=_readings(scenario.policies, intake.scheme))


def _column(change: Change, scheme: Scheme, problems: list[str]) -> str:
    """The column that is changed, by its name or header."""
    table, found = tables_of(scheme).get(change.table), _own_column(scheme, change.table, change.column)
    if table is not None and change.column and not found:
        problems.append(f"试算方案：表 {change.table} 没有列 “{change.column}”，应为 {'、'.join(table.column)} 之一")
    return found or change.column


def _own_column(scheme: Scheme, name: str, written: str) -> str:
    """A column of the scheme's own table: options of votes, classes of events, months; empty where it has none such."""
    table = tables_of(scheme).get(name)
    if table is None or written in table.column:
        return written if table is not None else ""
    same = (x.name for x in table.columns if word(written) in map(word, (x.name, x.header, *x.also)))
    return next(same, "")


def _readings(given: Mapping[str, str], scheme: Scheme) -> dict[str, str]:
    """Names for the questions and for the words of their answers."""
    named = {_policy_named(scheme, text): value for text, value in given.items()}
    if len(named) < len(given):
        raise ScenarioError("试算方案：policies 里同一项读法写了两次")
    return {name: _option_named(scheme, name, value) for name, value in named.items()}


def _policy_named(scheme: Scheme, text: str) -> str:
    """The policy that its number (`P05`) or its question means; the text itself where it means none."""
    said = letters_of(text)
    found = [each.name for each in scheme.policies if said in (letters_of(each.id), letters_of(each.question))]
    return found[0] if len(found) == 1 and text not in scheme.policy else text


def _option_named(scheme: Scheme, name: str, text: str) -> str:
    """The option of a policy that its words mean; the text itself where they mean none."""
    options = scheme.policy[name].options if name in scheme.policy else {}
    found = [option for option, each in options.items() if letters_of(each.says) == letters_of(text)]
    return found[0] if len(found) == 1 and text not in options else text
