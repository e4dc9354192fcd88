"""Evidence given by hand, as a rule asks for it (`kaohe.rules.base.Inputs`), past scheme and year."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from kaohe.rules import EXACT, Numbers
from kaohe.rules.achievements import tally, weight_of
from kaohe.rules.base import PolicyReference
from kaohe.rules.evidence import Achievement, Incident
from kaohe.scoring.engine import aggregate


@dataclass
class Given:
    """A pool of `size` units; figures as one list a metric. Policies a rule names are read from `policies`."""

    size: int
    metrics: Mapping = field(default_factory=dict)
    numbers: Numbers = EXACT
    full_mark: Fraction | int = 1
    rated: list = field(default_factory=list)  # a tuple of ratings a unit
    rows: list = field(default_factory=list)  # a list of achievements a unit
    weight_table: Mapping = field(default_factory=dict)
    happened: list = field(default_factory=list)  # a list of incidents a unit
    policies: Mapping = field(default_factory=dict)
    of_category: list = field(default_factory=list)  # the category of each unit
    scores: Mapping = field(default_factory=dict)  # role → a tuple of scores a unit
    traits: Mapping = field(default_factory=dict)  # trait → a value a unit
    facts: Mapping = field(default_factory=dict)  # (fact, name) → yes or no a unit
    items: Mapping = field(default_factory=dict)  # item → points a unit
    members: Mapping = field(default_factory=dict)  # (dimension, member) → metrics of it
    years: Mapping = field(default_factory=dict)  # years ago → what was given then

    @property
    def full(self):
        return self.numbers.full(self.size, Fraction(self.full_mark))

    def metric(self, name):
        values = self.metrics[name]
        if isinstance(values, np.ndarray):  # scenarios
            return values
        return self.numbers.array(Fraction(value) for value in values)

    def at(self, dimension, member):
        return replace(self, metrics={**self.metrics, **self.members[dimension, member]})

    def earlier(self, ago):
        return self.years[ago]

    def given(self, figure):
        return np.ones(self.size, dtype=bool)

    def trait(self, name):
        return vector(self.traits[name])

    def pools(self, among):
        if not among:
            return np.zeros(self.size, dtype=int)
        names = list(self.traits[among])
        return np.array([names.index(name) for name in names], dtype=int)

    def score(self, item, stage):
        return self.numbers.array(Fraction(value) for value in self.items[item])

    def day(self, written):
        month = int(written[:2])
        year = "" if len(written) > 5 else "2018-" if month >= 9 else "2019-"
        return Fraction(datetime.date.fromisoformat(year + written).toordinal())

    def holds(self, fact, name):
        return np.array(self.facts.get((fact, name), [False] * self.size), dtype=bool)

    def categories(self):
        return vector(self.of_category)

    def within(self, categories):
        inside = [place for place, each in enumerate(self.of_category) if each in categories]
        metrics = {name: [values[place] for place in inside] for name, values in self.metrics.items()}
        return replace(self, size=len(inside), metrics=metrics) if inside else None

    def voters(self, vote, facet, group):
        return vector(len(scores) for scores in self.scores[group])

    def marks(self, vote, facet, group, how):
        return self.numbers.array(aggregate([Fraction(score) for score in each], how) for each in self.scores[group])

    def panel(self):
        return vector(tuple(map(Fraction, ratings)) for ratings in self.rated)

    def raters(self):
        return vector(len(ratings) for ratings in self.rated)

    def ratings(self, how):
        assert how in ("mean", "trimmed")  # too few to be trimmed, or all alike
        return self.numbers.array(sum(map(Fraction, ratings)) / len(ratings) for ratings in self.rated)

    def of_panels(self, made_one):
        return self.numbers.array(made_one([Fraction(each) for each in ratings]) for ratings in self.rated)

    def achievements(self):
        return self.rows

    def weights(self):
        return self.weight_table

    def tally(self):
        found = [tally(rows, lambda row: weight_of(self.weight_table, row)) for rows in self.rows]
        return self.numbers.array(each.sum for each in found), found

    def incidents(self):
        return self.happened

    def incident_sum(self, of):
        return self.numbers.array(sum(map(of, rows), Fraction(0)) for rows in self.happened)

    def _read(self, choice):
        return self.policies[choice.policy] if isinstance(choice, PolicyReference) else choice

    def choose(self, choice, ways):
        return ways[self._read(choice)]()

    def decided(self, choice):
        return vector([self._read(choice)] * self.size)


def vector(values):
    values = list(values)
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def row(kind, level=None, award=None, title="成果", amount=None):
    """An achievement of no particular unit."""
    amount = None if amount is None else Fraction(amount)
    return Achievement("C1", "K6", kind, level, award, title, datetime.date(2019, 3, 1), True, amount)


def event(count=1, points=None, note=None):
    points = None if points is None else Fraction(points)
    return Incident("C1", "B17", datetime.date(2019, 3, 1), Fraction(count), points, note)


def said(rule, inputs, unit=0, terms=None):
    """What the rule says of a unit."""
    trace = rule.points(inputs).trace(rule, unit)
    return [sentence.text for sentence in rule.words(trace, terms or {})]


def ballot(**more):
    """A vote by counts of three options, as a rule."""
    options = {
        "excellent": {"name": "优秀", "worth": 90},
        "qualified": {"name": "合格", "worth": 70},
        "unqualified": {"name": "不合格", "worth": 50},
    }
    definition = {"name": "测评", "paper": "counts", "options": options, "out_of": 100, **more}
    return {"kind": "vote", "vote": "ballot", "definition": definition}


def marks(how="mean", **shares):
    """A vote by marks of groups of voters with these shares, as a rule."""
    names = {"chief": "正职校领导", "deputy": "副职校领导"}
    voters = {group: {"name": names[group], "share": share} for group, share in shares.items()}
    definition = {"name": "评价", "paper": "marks", "voters": voters, "out_of": 100, "combine": {"how": how}}
    return {"kind": "vote", "vote": "leaders", "definition": definition}
