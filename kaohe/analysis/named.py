"""A scenario whose rows are named as people name them: units by name, metrics and items by their Chinese names."""

from __future__ import annotations

from dataclasses import replace

from kaohe.analysis.scenario import Change, Scenario, ScenarioError
from kaohe.intake.names import Names
from kaohe.intake.reading import Intake
from kaohe.intake.unitnames import UnitNames

MOST_LISTED = 10


def with_ids(scenario: Scenario, intake: Intake) -> Scenario:
    """The same with ids in the places of names; ScenarioError, naming who may be meant, where a name means several."""
    if intake.data is None or intake.scheme is None:
        return scenario
    units = UnitNames((each.unit_id, each.name) for each in intake.data.units)
    called = {each.unit_id: each.name for each in intake.data.units}
    names, problems = Names(intake.scheme), []

    def of(change: Change) -> Change:
        row = dict(change.row)
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
        return replace(change, row=tuple(row.items()))

    changes = tuple(map(of, scenario.changes))
    if problems:
        raise ScenarioError(*problems)
    return replace(scenario, changes=changes)
