"""The hand-written cases: points exactly as expected, at, just below and just above every threshold of the scheme."""

import datetime
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.rules import EXACT, FLOAT
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import bind
from tests.scoring.cases import (
    SCHEME,
    bound_case,
    category,
    indicator_cases,
    listed,
    number,
    outcomes,
    points,
    read,
    year_data,
)
from tests.scoring.mutants import mutants
from tests.scoring.thresholds import labels, meant, thresholds, uncovered

CASES = indicator_cases()
BY_INDICATOR = defaultdict(list)
for _case in CASES:
    BY_INDICATOR[_case.indicator].append(_case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_points(case):
    assert set(case.expect) == set(case.units)
    bound = bound_case(case)
    found = outcomes(case, EXACT, bound=bound)
    have = {unit: found[unit][1].points[found[unit][2]] if unit in found else None for unit in case.units}
    assert have == case.expect
    if case.full is not None:
        assert {pool.full for pool, _, _ in found.values()} == {case.full}

    nearest = points(case, FLOAT, bound=bound)
    for unit, exact in case.expect.items():
        if unit in case.exact_only:
            assert abs(float(exact) - nearest[unit]) > 1e-9, f"{unit}: float64 agrees, exact_only is not needed"
        elif exact is not None:
            assert abs(float(exact) - nearest[unit]) <= 1e-9, unit


def test_cases_cite_the_clause_of_the_scheme():
    for case in CASES:
        if case.indicator in SCHEME.indicators:
            assert case.clause in (None, SCHEME.indicators[case.indicator].clause), case.name


def test_every_indicator_has_a_case():
    tasks = {name for name in SCHEME.indicators if ".T" in name}  # a department's tasks differ in number only
    assert set(SCHEME.indicators) - tasks <= set(BY_INDICATOR)
    assert {name.partition(".")[0] for name in tasks & set(BY_INDICATOR)} == set(SCHEME.department)


def test_every_threshold_has_its_cases():
    assert uncovered(SCHEME, CASES) == []


def test_a_missing_case_is_named():
    hit = next(case for case in BY_INDICATOR["K2a"] if case.at == {"C1": ["at 100%"]})
    assert uncovered(SCHEME, [case for case in CASES if case is not hit]) == [
        "K2a: at trainees/enrolled_students 1 (training_base=own)"
    ]
    started = next(case for case in BY_INDICATOR["K4.3"] if case.policies == {"shortfall_steps": "started"})
    assert uncovered(SCHEME, [case for case in CASES if case is not started]) == [
        f"K4.3: {side} shortfall 0.1 (shortfall_steps=started)" for side in ("below", "at", "above")
    ]
    ties = [case for case in BY_INDICATOR["K3.4b"] if ["tie rank 3"] in case.at.values() and not case.policies]
    assert uncovered(SCHEME, [case for case in CASES if case not in ties]) == [
        "K3.4b: tie rank 3 (rank_ties=competition)"
    ]


LABELLED = [case for case in CASES if case.at]


@pytest.mark.parametrize("case", LABELLED, ids=lambda case: case.name)
def test_labels_are_true(case):
    """A unit said to stand at a threshold does: its trace has the figure, or is next to it on that side."""
    among = thresholds(SCHEME, SCHEME.indicators[case.indicator])
    found = outcomes(case, EXACT)
    for label in labels(case):
        unit, side, _, _ = label
        pool, outcome, place = found[unit]
        meanings = [t for t in meant(case, label, among) if category(unit) in t.applies]
        assert meanings, f"{label} means no threshold of {case.indicator}"
        for threshold in meanings:
            peers = [list(outcome.trace(pool.rule, n).walk())[threshold.place] for n in range(pool.size)]
            assert threshold.stands(peers[place], peers, side), f"{unit} does not stand {threshold.says(side)}"


def test_window_edges_have_their_cases():
    """First and last day, the days before and after, for achievements and for incidents."""
    edges = {(kind, side, edge) for kind in ("achievements", "incidents") for edge in ("from", "to")
             for side in ("below", "at", "above")}  # fmt: skip
    first, last = SCHEME.window.days("2018-2019")
    for case in CASES:
        rows = year_data(case.units, case.indicator)
        for unit, texts in case.window.items():
            for text in texts:
                side, edge = text.split()
                kind = "achievements" if rows.achievements else "incidents"
                days = {row.date for row in getattr(rows, kind) if row.unit == unit}
                apart = {(day - (first if edge == "from" else last)).days for day in days}
                assert apart == {{"below": -1, "at": 0, "above": 1}[side]}, (case.name, unit)
                edges.discard((kind, side, edge))
    assert edges == set()


@pytest.mark.parametrize("name", ["B28", "B29", "K4.1", "K4.2", "K4.3"])
def test_admissions_count_until_they_close(name):
    """六·（一）: beyond the window's end, not before its start."""
    days = map(datetime.date.fromisoformat, ("2018-08-31", "2018-09-01", "2019-08-31", "2019-09-15"))
    assert [SCHEME.window.holds(day, name, "2018-2019") for day in days] == [False, True, True, True]
    assert not SCHEME.window.holds(datetime.date(2019, 9, 15), "B30", "2018-2019")


# Figures of the scheme that decide nothing: another band, rule or the intake holds the same line.
IDLE = {
    "B07": {"rule.less.1.least": "refused when they are read", "rule.less.1.most": "refused when they are read"},
    "K4.1": {"rule.bands.2": "the third band gives what the second gives"},
    "B17": {"rule.less.0.each": "more than the full mark cannot be taken"},
    "K4.2": {"rule.bands.0.below": "the better band is taken where two meet",
             "rule.bands.1.below": "the third band gives what the second gives",
             "rule.bands.2.at_least": "the third band gives what the second gives"},
    "K5.3": {"rule.of.of.parts.0.bands.2.below": "the better band is taken where two meet",
             "rule.of.of.parts.1.bands.2.below": "the better band is taken where two meet",
             "rule.of.of.parts.3.bands.2": "a band of 0 points is no band",
             "rule.of.of.parts.3.bands.3.below": "the better band is taken where two meet"},
    "K7.1": {"rule.parts.0.bands.0.first": "no rank is better than the first",
             "rule.parts.0.bands.0.last": "the next band holds the next rank",
             "rule.parts.0.bands.1.last": "the next band holds the next rank",
             "rule.parts.0.bands.2.last": "the next band holds the next rank",
             "rule.parts.0.zero_excluded": "a weight of 0 is always last"},
}  # fmt: skip


def test_every_figure_is_held_by_a_case():
    """Whatever figure of a rule is changed a little, a case fails; but for those that decide nothing."""
    unheld, idle = defaultdict(list), defaultdict(set)
    for name, path, changed, scheme in mutants(SCHEME):
        excuse = next((known for known in IDLE.get(name, {}) if path.startswith(known)), None)
        if any(_differs(case, scheme) for case in BY_INDICATOR[name]):
            continue
        if excuse:
            idle[name].add(excuse)
        else:
            unheld[name].append(f"{path}: {changed}")
    assert dict(unheld) == {}
    assert {name: set(known) for name, known in IDLE.items()} == idle


def _differs(case, scheme):
    bound = bind(scheme, bound_policies(case), year_data(case.units, case.indicator))
    return points(case, EXACT, bound=bound) != case.expect


def bound_policies(case):
    return resolve(SCHEME, overrides=case.policies)


def test_full_marks_and_applicability_as_printed():
    printed = {name: text.split() for name, text in read("full-marks.yaml")["indicators"].items()}
    letters = {"college": "c", "continuing": "o", "foundation": "f", "ideology": "i"}
    have = {
        name: [indicator.full, "".join(letters[category] for category in indicator.applies)]
        for name, indicator in SCHEME.indicators.items()
        if name in SCHEME.section_of
    }
    assert have == {name: [Fraction(full), letters] for name, (full, letters) in printed.items()}


def test_tasks_as_printed():
    printed = read("full-marks.yaml")["tasks"]
    assert set(printed) == set(SCHEME.department)
    for name, department in SCHEME.department.items():
        assert [task.id for task in department.tasks] == [
            f"T{n:02d}" for n in range(5, int(printed[name]["last"][1:]) + 1)
        ]
        assert [task.id for task in department.tasks if task.innovative] == printed[name]["innovative"]


def _checks():
    """(indicator, party_org or None, metric, nth check of that metric, values with whether they are met)."""
    for indicator, metrics in read("checks.yaml").items():
        for metric, given in metrics.items():
            by_org = given if isinstance(given, dict) and "met" not in given else {None: given}
            for org, entries in by_org.items():
                for place, entry in enumerate(listed(entries)):
                    values = [(text, key == "met") for key in ("missed", "met") for text in entry.get(key, ())]
                    yield indicator, org, metric, place, values


CHECKS = list(_checks())


def test_every_check_has_its_cases():
    """At, just below and just above the bound of every advisory check and target (where such values can be)."""
    wanted, given = set(), set()
    for indicator in SCHEME.indicators.values():
        for check in indicator.checks:
            metric, (_, bound) = SCHEME.metrics[check.metric], check.bound
            near = Fraction(1) if metric.kind in ("count", "number") else Fraction(1, 100)
            for side, value in (("below", bound - near), ("at", bound), ("above", bound + near)):
                beyond = metric.kind == "rate" and value > metric.most
                if not beyond and not (metric.least is not None and value < metric.least):
                    wanted.add((indicator.id, check.party_org, check.metric, bound, side))
            for name, org, called, _, values in CHECKS:
                if (name, org, called) == (indicator.id, check.party_org, check.metric):
                    apart = [number(text) - bound for text, _ in values]
                    for side in ("below", "at", "above"):
                        close = {"below": [-near <= d < 0 for d in apart], "at": [d == 0 for d in apart],
                                 "above": [0 < d <= near for d in apart]}[side]  # fmt: skip
                        if any(close):
                            given.add((indicator.id, check.party_org, check.metric, bound, side))
    assert wanted <= given, wanted - given
    known = {(i.id, c.party_org, c.metric) for i in SCHEME.indicators.values() for c in i.checks}
    assert {(name, org, metric) for name, org, metric, _, _ in CHECKS} == known


@pytest.mark.parametrize("value", range(3), ids=["first", "second", "third"])
def test_checks_are_met_or_missed(value):
    """The n-th value of every check in one year, as the score book reports it."""
    for nth in (0, 1):
        entries = [entry for entry in CHECKS if entry[3] == nth and value < len(entry[4])]
        units = {"C1": {"party_org": "general_branch"}, "C2": {"party_org": "branch"}}
        units |= {"JC": {"party_org": "general_branch"}} | {department: {} for department in SCHEME.department}
        expected = {}
        for indicator, org, metric, _, values in entries:
            text, met = values[value]
            item = SCHEME.indicators[indicator]
            asked = [check for check in item.checks if (check.metric, check.party_org) == (metric, org)]
            for unit in [item.unit] if item.unit else ["C1", "C2", "JC"]:
                own = category(unit)
                if own in item.applies and any(each.concerns(own, units[unit]) for each in asked):
                    units[unit][metric] = text
                    expected[unit, indicator, metric] = met
        book = score_data(SCHEME, resolve(SCHEME), year_data(units), provisional=True)
        have = {}
        for unit in units:
            counts = defaultdict(int)
            checks = [
                (indicator, check)
                for indicator in SCHEME.indicators.values()
                for check in indicator.checks
                if indicator.unit in (None, unit) and (category(unit) in indicator.applies)
                if book.cell(unit, indicator.id).applicable
                if check.concerns(category(unit), units[unit])
            ]
            for (indicator, check), result in zip(checks, book.checks_of(unit), strict=True):
                assert result.indicator == indicator.id
                place = counts[indicator.id, check.metric]
                counts[indicator.id, check.metric] += 1
                if place == nth and (unit, indicator.id, check.metric) in expected:
                    have[unit, indicator.id, check.metric] = result.met
                if check.metric not in units[unit]:
                    assert (result.value, result.met) == (None, None)
        assert have == {key: met for key, met in expected.items() if book.cell(*key[:2]).applicable}


def test_a_case_can_fail():
    """The comparison itself: a case with one point more fails."""
    case = BY_INDICATOR["K2a"][0]
    wrong = replace(case, expect={"C1": case.expect["C1"] + 1})
    with pytest.raises(AssertionError):
        test_points(wrong)
