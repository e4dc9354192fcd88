"""Branches that are scored once a month, in what scores the year again: other readings, goals, what changed."""

import pytest

from kaohe.analysis.mixing import OTHERS, OWN, Mixtures, Origin
from kaohe.analysis.policies import readings_of
from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from kaohe.scoring.supposedyear import SupposedYear
from tests.scoring.anyscheme import MONTHS, scheme_of, year_of

TEXT = """
policies:
  - {id: P01, name: often, question: 计几次, clause: 一, default: once, options: {once: {says: 一}, twice: {says: 二}}}
items:
  - id: total
    name: 总分
    items:
      - id: monthly
        name: 月评
        each: month
        fold: sum
        items:
          - {id: work, name: 工作, full: 10, rule: FIRST}
          - {id: inner, name: 内, then: [{times: 2}], items: [{id: one, name: 甲项, full: 8, rule: b}]}
      - {id: other, name: 另一项, rule: SECOND}
"""
UNITS = {"u": {"a": 10, "b": 1, "c": 1}, "v": {"a": 1, "b": 5, "c": 5}, "w": {"a": 6, "b": 3, "c": 0}}


def of(first="a", second="c", order=""):
    """What binds units to a scheme with these two rules."""
    text = TEXT.replace("FIRST", first).replace("SECOND", second)
    scheme = scheme_of(text, head=MONTHS.replace("score: total", f"score: total{order}"))
    return lambda units, **policies: bind(scheme, resolve(scheme, overrides=policies), year_of(units))


def ranks(bound):
    return results(run(bound)).rank.tolist()


@pytest.mark.parametrize("where", ["first", "second"])
def test_every_reading_ranks_as_it_does_alone(where):
    name = {"first": "a", "second": "c"}[where]
    bound = of(**{where: f"{{policy: often, once: {name}, twice: {{kind: product, parts: [{name}, 2]}}}}"})
    alone = [ranks(bound(UNITS, often=reading)) for reading in ("once", "twice")]
    found = readings_of(bound(UNITS)).units
    least, most = ([pick(both) for both in zip(*alone, strict=True)] for pick in (min, max))
    assert ([each.rank_min for each in found], [each.rank_max for each in found]) == (least, most)
    assert alone[0] != alone[1]


def test_a_supposed_input_counts_in_every_month():
    bound = of()(UNITS)
    year = SupposedYear(run(bound), "u")
    (lever,) = [each for each in year.levers if each.metric == "b" and each.up]
    then = results(run(of()({**UNITS, "u": {**UNITS["u"], "b": lever.value(300)}}))).total
    assert year.totals([{}, {lever: 300}]).tolist() == [results(run(bound)).total.tolist(), then.tolist()]
    assert year.under([{lever: 300}]).rank.tolist() == [[1, 2, 3]]


@pytest.mark.parametrize(("order", "rank"), [("", 1), (", order: ascending", 3)])
def test_a_mixture_of_two_years_is_the_year_of_that_data(order, rank):
    make = of(order=order)
    now = {unit: {**given, "b": given["b"] + 2, "c": 9} for unit, given in UNITS.items()}
    scheme = make(UNITS).scheme
    mixed = Mixtures(*(Origin(year_of(units), scheme, resolve(scheme)) for units in (UNITS, now)))
    own, others = {**UNITS, "u": now["u"]}, {**now, "u": UNITS["u"]}
    for causes, units in (({OWN}, own), ({OTHERS}, others), ({OWN, OTHERS}, now)):
        alone, worth = results(run(make(units))), mixed.worth("u", frozenset(causes))
        assert (worth["total"], worth["rank"]) == (alone.total[0], alone.rank[0])
    assert mixed.worth("u", frozenset({OWN}))["rank"] == rank
