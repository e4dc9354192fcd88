"""A year of any scheme, given by hand: its YAML, and what was handed in of each unit."""

from fractions import Fraction
from pathlib import Path

from kaohe.intake.tables.data import Declaration, MetricRow, Rating, Unit, Veto, YearData
from kaohe.scheme import read_scheme
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data

HEAD = """
id: small
title: 小办法
authority: 某校
in_force_from: "2018-01-01"
"""
ONE_GROUP = """
categories: {unit: {name: 单位, group: all}}
groups: {all: {name: 全部, score: total}}
"""
METRICS = "metrics:\n" + "".join(
    f"  {name}: {{name: 数{name}, unit: 个, kind: number, office: 处}}\n" for name in "abcd"
)
MONTHS = HEAD + ONE_GROUP + METRICS + "dimensions: {month: {name: 月, of: 4}}\n"
ROOTS = """
items:
  - id: total
    name: 总分
    combine: geometric_mean
    items: [{id: A, name: 甲, rule: a}, {id: B, name: 乙, rule: b}]
"""
"""A total that is no fraction: the root of a·b."""


def scheme_of(text, *, head=HEAD + ONE_GROUP + METRICS):
    """The scheme of a root file; what stands for it is read from memory."""
    return read_scheme(Path("small/scheme.yaml"), lambda path: (head + text).encode())


def year_of(units, year="2018-2019"):
    """unit → metrics by name, with `category`, `rated` (item → marks), `declared`, `vetoed` among them."""
    extra = ("category", "rated", "declared", "vetoed")
    figures = {
        (unit, name): MetricRow(Fraction(str(value)))
        for unit, given in units.items()
        for name, value in given.items()
        if name not in extra
    }
    ratings = {
        (unit, item): tuple(Rating(f"r{place}", Fraction(str(mark))) for place, mark in enumerate(marks))
        for unit, given in units.items()
        for item, marks in given.get("rated", {}).items()
    }
    return YearData(
        year,
        tuple(Unit(unit, unit, given.get("category", "unit")) for unit, given in units.items()),
        metrics=figures,
        ratings=ratings,
        declarations={
            unit: {kind: Declaration(None, accepted=True) for kind in given["declared"]}
            for unit, given in units.items()
            if "declared" in given
        },
        vetoes=tuple(Veto(unit, kind) for unit, given in units.items() for kind in given.get("vetoed", ())),
    )


def scored(text, units, policies=None, *, head=HEAD + ONE_GROUP + METRICS, **more):
    """The ScoreBook of these units under that scheme."""
    scheme = scheme_of(text, head=head)
    return score_data(scheme, resolve(scheme, overrides=policies), year_of(units), **more)
