"""Years whose items are known to be sound, or not, and a year to try a draft on; all of schemes of a few items."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from kaohe.intake import Intake
from kaohe.scheme.policies import Decision, resolve
from kaohe.scoring.assemble import score_data
from tests.scoring.anyscheme import scheme_of, year_of

F = Fraction
NAMES = "abcd"
YEAR = "2018-2019"


def scheme(**rules):
    """Four items of figures handed in, out of 20 each, and one that is rated out of 100; some by other rules."""
    rules = {name: name for name in NAMES} | {"j": "{kind: judged, out_of: 100}"} | rules
    items = [f"{{id: {name.upper()}, name: 项{name}, full: 20, rule: {rule}}}" for name, rule in rules.items()]
    return scheme_of(f"items: [{{id: total, name: 总分, full: 100, items: [{', '.join(items)}]}}]\n")


def clean(seed=0, units=12):
    """Figures that have nothing to do with each other, ratings by three, self scores near the ratings."""
    chance = np.random.default_rng(seed)
    out = {}
    for place in range(units):
        marks = [int(each) for each in chance.integers(60, 90, 3)]
        out[f"U{place:02}"] = {name: int(chance.integers(2, 20)) for name in NAMES} | {"rated": {"J": marks}}
    return out


def scored(units, year="2018-2019", rules=None, selves=None):
    """A year with its book; `selves`: unit → what it gave itself out of 100, five above the panel where not said."""
    mine = scheme(**(rules or {}))
    given = {unit: sum(each["rated"]["J"]) / len(each["rated"]["J"]) + 5 for unit, each in units.items()}
    given |= selves or {}
    data = replace(
        year_of(units, year), self_scores={(unit, "J"): F(str(round(mark, 2))) for unit, mark in given.items()}
    )
    intake = Intake(year, mine, resolve(mine), data, ())
    return intake, score_data(mine, intake.policies, data)


POLICY = """
policies:
  - {id: P01, name: share, question: 怎么算, clause: 一, default: half,
     options: {half: {says: 一半}, whole: {says: 全部}}}
"""
BY_READING = "{kind: product, parts: [a, {policy: share, half: 0.5, whole: 1}]}"
UNITS = {
    "U": {"a": 4, "b": 9, "c": 1, "rated": {"J": [4, 2]}},
    "V": {"a": 8, "b": 2, "c": 5, "rated": {"J": [1, 2]}},
    "W": {"a": 2, "b": 5, "c": 9, "rated": {"J": [2, 2]}},
}


def text(*written):
    return f"items: [{{id: total, name: 总分, items: [{', '.join(written)}]}}]\n"


def item(name, rule, full=10, called=None):
    return f"{{id: {name}, name: {called or f'项{name}'}, full: {full}, rule: {rule}}}"


OLD = text(item("A", BY_READING), item("B", "b"), item("J", "{kind: judged}", 4)) + POLICY


def year(units=UNITS, decided=(), **more):
    mine = scheme_of(OLD)
    decisions = {name: Decision(value) for name, value in decided}
    data = replace(year_of(units), decisions=decisions, **more)
    intake = Intake(YEAR, mine, resolve(mine, decisions), data, ())
    return intake, score_data(mine, intake.policies, data)
