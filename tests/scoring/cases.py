"""Scoring cases as data (tests/cases/*.yaml): how they are written, read, and scored.

A file lists groups; a group one `indicator` with its `clause` (or several `indicators` that read alike, or a
`component`) and its `cases`. A case gives the inputs of that indicator alone, unit by unit, and what is expected:

    units       unit → its inputs. The id says the category: C… college, JX continuing, JC foundation, SZ ideology,
                D01…D14 departments, `self` the indicator's own department. Metrics stand by name; `ratings` are one
                number a rater, `achievements` "kind [level] [award] [xN]" or a mapping, `incidents` mappings.
    policies    what differs from the scheme's defaults.
    expect      unit → points, exact: 1.5, 7/3, -2; n/a where the indicator does not apply to the unit.
    full        the full mark in force, where it is not printed but shared out.
    at          unit → the thresholds it stands at, just below or just above: "below 70%", "at cap 10", "tie rank 3"
                (see `tests.scoring.thresholds`).
    exact_only  unit → why float64 decides otherwise there.
    arithmetic  one line that redoes the sum by hand.

results.yaml lists cases of whole units: `every` is given to all of them, `before` is the year before, and what is
expected are columns of the results table. All figures are read as exact fractions.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from kaohe.intake.tables.data import (
    Award,
    Declaration,
    Mark,
    MetricRow,
    Rating,
    Ruling,
    Unit,
    Veto,
    Votes,
    YearData,
)
from kaohe.rules.evidence import Achievement, Incident
from kaohe.scheme import shipped
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from tests.units import column_of, own_fulls

FOLDER = Path(__file__).parents[1] / "cases"
YEAR = "2018-2019"
DAY = datetime.date(2019, 3, 1)
CATEGORIES = {"C": "college", "JX": "continuing", "JC": "foundation", "SZ": "ideology", "D": "department"}
OTHER_INPUTS = {
    "ratings", "full", "achievements", "incidents", "ballots", "leaders", "declared", "rejected", "vetoes", "awards",
    "exempt", "party_org", "decided",
}  # fmt: skip
SCHEME = shipped("lygtc-2018")
OPTIONS = tuple(SCHEME.votes["ballot"].options)


@dataclass(frozen=True)
class Case:
    """One case of one indicator (or component)."""

    name: str
    indicator: str  # an indicator's id, or ballot, leaders
    units: dict
    expect: dict  # unit → Fraction, or None where the indicator does not apply
    policies: dict = field(default_factory=dict)
    at: dict = field(default_factory=dict)  # unit → ["below 70%", …]
    window: dict = field(default_factory=dict)
    full: Fraction | None = None
    clause: str | None = None
    exact_only: dict = field(default_factory=dict)


def number(text):
    """An exact figure: 1.5, 7/3, 50.4/11, 70%."""
    over, _, under = str(text).partition("/")
    if under:
        return Fraction(over) / Fraction(under)
    return Fraction(over[:-1]) / 100 if over.endswith("%") else Fraction(over)


def read(name):
    """A file of tests/cases, every scalar as text."""
    return YAML(typ="base").load(FOLDER / name)


def listed(value):
    return value if isinstance(value, list) else [value]


@cache
def indicator_cases():
    """Every case of every indicator and component, in the files' order."""
    found = []
    for path in sorted(FOLDER.rglob("*.yaml")):
        groups = read(path)
        if not isinstance(groups, list) or "cases" not in groups[0]:
            continue  # results, checks, full marks: read by their own tests
        for group in groups:
            for name in group.get("indicators") or [group.get("indicator") or group["component"]]:
                for place, raw in enumerate(group["cases"], 1):
                    found.append(_case(path, group, name, place, raw))
    return tuple(found)


def _case(path, group, name, place, raw):
    known = {"units", "expect", "policies", "at", "window", "full", "exact_only", "arithmetic"}
    where = f"{path.relative_to(FOLDER).with_suffix('').as_posix()}-{name}-{place}"
    assert set(raw) <= known, f"{where}: {set(raw) - known}"
    assert raw.get("arithmetic"), f"{where}: a case shows its arithmetic"

    def own(unit):
        return name.partition(".")[0] if unit == "self" else unit

    return Case(
        name=where,
        indicator=name,
        units={own(unit): inputs for unit, inputs in raw["units"].items()},
        expect={own(unit): None if text == "n/a" else number(text) for unit, text in raw["expect"].items()},
        policies=dict(raw.get("policies", {})),
        at={own(unit): listed(labels) for unit, labels in raw.get("at", {}).items()},
        window={unit: listed(labels) for unit, labels in raw.get("window", {}).items()},
        full=number(raw["full"]) if "full" in raw else None,
        clause=group.get("clause"),
        exact_only=dict(raw.get("exact_only", {})),
    )


def traits(row):
    return {"party_org": row["party_org"]} if "party_org" in row else {}


def category(unit):
    return CATEGORIES.get(unit) or CATEGORIES[unit[0]]


def year_data(units, indicator="", year=YEAR):
    """The inputs of a case as a year's data; ratings without an indicator are those of `indicator`."""
    parts = defaultdict(dict)
    rows = defaultdict(list)
    for unit, inputs in units.items():
        metrics = {name: value for name, value in inputs.items() if name not in OTHER_INPUTS}
        unknown = set(metrics) - set(SCHEME.metrics)
        assert not unknown, f"{unit}: {unknown}"
        for name, value in metrics.items():
            parts["metrics"][unit, name] = MetricRow(number(value))
        for name, values in _ratings(unit, inputs, indicator):
            parts["ratings"][unit, name] = tuple(Rating(f"评委{n}", number(v)) for n, v in enumerate(values, 1))
        for place, row in enumerate(inputs.get("achievements", [])):
            rows["achievements"] += _achievements(unit, indicator, place, row)
        for row in inputs.get("incidents", []):
            rows["incidents"].append(_incident(unit, indicator, row))
        if "ballots" in inputs:
            counts = zip(OPTIONS, map(number, inputs["ballots"]), strict=True)
            parts["votes"][unit, "ballot", ""] = Votes({("", name): count for name, count in counts})
        if "leaders" in inputs:
            parts["marks"][unit, "leaders", ""] = tuple(
                Mark(f"{role}{n}", role, number(score))
                for role, scores in inputs["leaders"].items()
                for n, score in enumerate(scores)
            )
        parts["declarations"][unit] = {
            kind: Declaration("工作", accepted)
            for key, accepted in (("declared", True), ("rejected", False))
            for kind in inputs.get(key, [])
        }
        rows["vetoes"] += [Veto(unit, kind) for kind in inputs.get("vetoes", [])]
        rows["awards"] += [Award(unit, "贡献", approved == "yes") for approved in inputs.get("awards", [])]
        if "decided" in inputs:
            parts["rulings"][unit] = Ruling(inputs["decided"], "tie", "会议纪要", datetime.date(2019, 9, 20))
        parts["exemptions"] |= {(unit, _own(unit, name)): "决定" for name in inputs.get("exempt", [])}
    return YearData(
        year=year,
        units=tuple(Unit(unit, f"单位{unit}", category(unit), traits(row)) for unit, row in units.items()),
        **parts,
        **{name: tuple(found) for name, found in rows.items()},
    )


def _own(unit, indicator):
    """`W1` of a department is its `D03.W1`."""
    return f"{unit}.{indicator}" if category(unit) == "department" and "." not in indicator else indicator


def _ratings(unit, inputs, indicator):
    """(indicator, one number a rater), and full marks for those under `full`."""
    given = inputs.get("ratings", {})
    if isinstance(given, list):
        yield indicator, given
        return
    for name in inputs.get("full", []):
        yield _own(unit, name), [printed_full(name)]
    for name, values in given.items():
        yield _own(unit, name), listed(values)


@cache
def _printed():
    return read("full-marks.yaml")["indicators"]


def printed_full(name):
    """The highest rating of an item as the regulation prints it: W1…W4 10, a task 100, the others their full mark."""
    if name[0] in "WT":
        return {"W": 10, "T": 100}[name[0]]
    return _printed()[name].split()[0]


def _achievements(unit, indicator, place, row):
    if isinstance(row, str):
        words = row.split()
        row = dict(zip(("kind", "level", "award"), (word for word in words if word[0] != "x"), strict=False))
        row["times"] = next((word[1:] for word in words if word[0] == "x"), "1")
    for copy in range(int(row.get("times", 1))):
        yield Achievement(
            unit,
            row.get("indicator", indicator),
            row["kind"],
            row.get("level"),
            row.get("award"),
            row.get("title", f"成果 {place}-{copy}"),
            datetime.date.fromisoformat(row.get("date", DAY.isoformat())),
            row.get("first_author") != "no",
            number(row["amount"]) if "amount" in row else None,
        )


def _incident(unit, indicator, row):
    points = number(row["points"]) if "points" in row else None
    day = datetime.date.fromisoformat(row.get("date", DAY.isoformat()))
    return Incident(unit, indicator, day, number(row.get("count", 1)), points, "事件")


@cache
def _resolved(policies):
    return resolve(SCHEME, overrides=dict(policies))


def policies_of(case):
    """The readings in force in a case."""
    return _resolved(tuple(sorted(case.policies.items())))


def bound_case(case, scheme=SCHEME):
    return bind(scheme, policies_of(case), year_data(case.units, case.indicator))


def outcomes(case, numbers, scheme=SCHEME, bound=None):
    """Unit → (pool, outcome, place in the pool) of the case's indicator; units it does not apply to are left out."""
    scored = run(bound or bound_case(case, scheme), numbers)
    name = {"leaders": "leader"}.get(case.indicator, case.indicator)
    votes = [(pool, outcome) for pool, outcome in scored.outcomes if pool.name == name]
    pools = votes or [(pool, outcome) for pool, outcome in scored.outcomes if pool.name == case.indicator]
    return {
        scored.bound.units[member].unit_id: (pool, outcome, place)
        for pool, outcome in pools
        for place, member in enumerate(pool.members)
    }


def points(case, numbers, scheme=SCHEME, bound=None):
    """Unit → points, None where the indicator does not apply (or a vote is incomplete)."""
    found = outcomes(case, numbers, scheme, bound)
    return {unit: found[unit][1].points[found[unit][2]] if unit in found else None for unit in case.units}


@dataclass(frozen=True)
class ResultCase:
    """One case of whole units: results instead of points."""

    name: str
    units: dict
    expect: dict  # unit → column → text
    policies: dict
    before: dict | None
    at: dict


@cache
def result_cases():
    """The cases of results.yaml."""
    found = []
    for raw in read("results.yaml"):
        known = {"name", "every", "units", "expect", "policies", "before", "at", "arithmetic"}
        assert set(raw) <= known, f"{raw['name']}: {set(raw) - known}"
        assert raw.get("arithmetic"), f"{raw['name']}: a case shows its arithmetic"
        units = {unit: {**raw.get("every", {}), **inputs} for unit, inputs in raw["units"].items()}
        at = {unit: listed(labels) for unit, labels in raw.get("at", {}).items()}
        found.append(ResultCase(
            raw["name"], units, raw["expect"], dict(raw.get("policies", {})), raw.get("before"), at
        ))  # fmt: skip
    return tuple(found)


def result_book(case, scheme=SCHEME):
    """The case's year scored, knowing the year before where the case gives one."""
    before = None
    if case.before is not None:
        before = score_data(scheme, resolve(scheme), year_data(case.before, year="2017-2018"), provisional=True)
    return score_data(scheme, policies_of(case), year_data(case.units), provisional=True, before=before)


def column(unit, name, text):
    """(what a UnitResult has, what is expected) of one column, alike in type."""
    have = own_fulls(unit) if name == "own_full" else column_of(unit, name)
    if name == "own_full":
        return {part: have[part] for part in text}, {part: number(value) for part, value in text.items()}
    if text == "null":
        return have, None
    if isinstance(have, bool) or have is None:
        return have, {"yes": True, "no": False}[text]
    return have, text if isinstance(have, str) else number(text)


def result_mismatches(case, scheme=SCHEME):
    """unit.column: what is there, what was expected."""
    book = result_book(case, scheme)
    compared = {
        f"{unit}.{name}": column(book.unit(unit), name, text)
        for unit, columns in case.expect.items()
        for name, text in columns.items()
    }
    return {name: pair for name, pair in compared.items() if pair[0] != pair[1]}
