"""Every kind at, below and above its thresholds: cases as data, each with one line of arithmetic.

A case has a `figure` (perhaps `then` what follows) and one value a unit that is expected (`near`: to eleven digits), or
a `condition` and what `holds`. Given may be metrics (`days`: as dates), traits, facts, events, ratings, amounts of
achievements, other items' points, what was given years `ago`, or in months and terms (`periods`).
"""

import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

from kaohe.rules import EXACT, FLOAT
from kaohe.rules.after import After, Step
from kaohe.rules.enclosed import undecided
from kaohe.rules.evidence import Incident
from kaohe.rules.kinds import AnyCondition, AnyFigure
from kaohe.rules.wording import Term
from kaohe.scheme.yamlfile import parse
from tests.rules.given import Given, row

FOLDER = Path(__file__).parents[1] / "cases" / "kinds"
FIGURE, CONDITION = TypeAdapter(AnyFigure), TypeAdapter(AnyCondition)
CASES = [(path.stem, case) for path in sorted(FOLDER.glob("*.yaml")) for case in parse(path.read_bytes()).content]
EVENT_DAY = datetime.date(2019, 3, 1)


def number(written):
    return Fraction(str(written))


def event(written):
    fields = written if isinstance(written, dict) else {"count": written}
    points = number(fields["points"]) if "points" in fields else None
    return Incident("", "", EVENT_DAY, number(fields.get("count", 1)), points, None, class_=fields.get("class", ""))


def given(case, numbers):
    listed = [case[name] for name in ("expect", "near", "holds") if name in case]
    days = {
        name: [Fraction(datetime.date.fromisoformat(str(day)).toordinal()) for day in each]
        for name, each in case.get("days", {}).items()
    }
    members = {
        (dimension, str(member)): metrics
        for dimension, each in case.get("periods", {}).items()
        for member, metrics in each.items()
    }
    facts = {(fact, str(name)): holds for fact, each in case.get("facts", {}).items() for name, holds in each.items()}
    rows = [
        [row(kind, title=f"成果 {place}", amount=amount) for place, (kind, amount) in enumerate(each)]
        for each in case.get("amounts", [])
    ]
    metrics = {name: [number(value) for value in each] for name, each in case.get("given", {}).items()}
    years = {int(ago): given({**each, "holds": listed[0]}, numbers) for ago, each in case.get("ago", {}).items()}
    return Given(
        len(listed[0]),
        metrics | days,
        numbers=numbers,
        full_mark=number(case.get("full", 1)),
        rated=case.get("ratings", []),
        rows=rows,
        happened=[[event(each) for each in rows] for rows in case.get("events", [])],
        policies=case.get("policies", {}),
        traits=case.get("traits", {}),
        facts=facts,
        items=case.get("items", {}),
        members=members,
        years=years,
    )


@pytest.mark.parametrize(("file", "case"), [pytest.param(*each, id=each[1]["arithmetic"]) for each in CASES])
def test_case(file, case):
    if "condition" in case:
        condition = CONDITION.validate_python(case["condition"])
        assert list(condition.holds(given(case, EXACT))) == case["holds"]
        assert condition.called({})
        return
    figure = FIGURE.validate_python(case["figure"])
    if "then" in case:
        figure = After(of=figure, steps=tuple(Step.model_validate(each) for each in case["then"]))
    outcome = figure.points(given(case, EXACT))
    found = np.broadcast_to(outcome.points, len(case.get("expect", case.get("near"))))
    if "near" in case:
        assert [float(value) for value in found] == pytest.approx([float(number(each)) for each in case["near"]], 1e-11)
    else:
        assert list(found) == [number(each) for each in case["expect"]]
    doubles = np.broadcast_to(figure.points(given(case, FLOAT)).points, found.shape)
    assert doubles.astype(float) == pytest.approx(found.astype(float), abs=1e-9)
    terms = {name: Term(name, "日期") for name in case.get("days", {})}
    for unit in range(len(found)):
        sentences = figure.words(outcome.trace(figure, unit), terms)
        assert sentences
        assert all(sentence.text for sentence in sentences)
    assert all(figure.describe(terms))


def test_what_no_digits_separate_is_a_tie_and_noted():
    """ln 2 + ln 3 and ln 6 are made differently: no enclosure tells them apart, and nobody chooses silently."""
    apart = {"kind": "added", "parts": [{"kind": "log", "of": 2}, {"kind": "log", "of": 3}]}
    figure = FIGURE.validate_python(
        {"kind": "rank", "of": {"by_class": {"A": apart, "B": {"kind": "log", "of": 6}, "C": {"kind": "log", "of": 7}}}}
    )
    with undecided() as found:
        places = figure.of_units(Given(3, traits={"class": ["A", "B", "C"]}))
    assert list(places) == [2, 2, 1]
    assert found


def test_the_same_construction_is_a_tie_without_any_digits():
    figure = FIGURE.validate_python(
        {"kind": "rank", "of": {"kind": "log", "of": {"kind": "product", "parts": ["v", 3]}}}
    )
    with undecided() as found:
        places = figure.of_units(Given(3, {"v": [2, 2, 1]}))
    assert list(places) == [1, 1, 3]
    assert not found
