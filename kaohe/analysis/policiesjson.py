"""What every combination of readings comes to, as plain data."""

from __future__ import annotations

from typing import Any

from kaohe.analysis.combinations.choices import Readings
from kaohe.analysis.combinations.flips import MOVES
from kaohe.analysis.decide import decide_data
from kaohe.analysis.policies import AllReadings, all_readings, line_of
from kaohe.intake import Intake
from kaohe.scheme.policies import say_value
from kaohe.scoring.book import ScoreBook


def policies_json(found: AllReadings) -> dict[str, Any]:
    """As `kaohe policies --json` writes it."""
    scheme, policies = found.bound.scheme, found.choices.in_force
    names = {unit.unit_id: unit for unit in found.bound.units}
    return {
        "year": found.bound.year,
        "policies": [
            {
                "name": each.name,
                "values": [say_value(value) for value in found.choices.named().values[each.name]],
                "in_force": say_value(policies[each.name]),
                "id": each.id,
                "question": each.question,
                "clause": each.clause,
                "says": {value: option.says for value, option in each.options.items()},
                "decided": policies.origin[each.name] != "default",
                "moves": found.moves.get(each.name),
                "draws_line": each.name == line_of(scheme),
            }
            for each in scheme.policies
        ],
        "combinations": found.choices.combinations,
        "computed": found.computed,
        "distinct": dict(found.distinct),
        "way": dict(found.ways),
        "not_computable": [{"why": each.why, "count": each.count} for each in found.not_computable],
        "unknown": dict(found.without),
        "groups": {key: group.name for key, group in scheme.groups.items()},
        "graded": bool(scheme.results.grades),
        "fails": scheme.results.grades[-1].name if scheme.results.grades else "",
        "units": {
            each.unit: {
                "name": names[each.unit].name,
                "group": scheme.group_of(names[each.unit].category),
                "rank": each.rank,
                "grade": each.grade,
                "rank_min": each.rank_min,
                "rank_max": each.rank_max,
                "grades": dict(each.grades),
            }
            for each in found.units
        },
        "flips": [
            {
                "unit": each.unit,
                "from": each.before,
                "to": each.after,
                "sets": [_said(one) for one in each.sets],
            }
            for each in found.flips
        ],
        "idle": [each.name for each in scheme.policies if found.moves.get(each.name) == MOVES[0]],
        "fail_lines": {unit: str(line) for unit, line in found.fail_lines.items()},
    }


def _said(readings: Readings) -> list[dict[str, str]]:
    return [{"name": name, "value": say_value(value)} for name, value in readings.items()]


def policies_answer(intake: Intake, book: ScoreBook) -> dict[str, Any]:
    """The question's answer: what `policies_json` says, and the tables of the decision page."""
    found = all_readings(intake, book)
    marked = {"synthetic": book.synthetic, "provisional": book.provisional, "trial": book.trial}
    return {**policies_json(found), **marked, "decide": decide_data(found)}
