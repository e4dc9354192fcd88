"""The reference of kinds covers every class and field, and its examples are read."""

import pytest
from pydantic import TypeAdapter

from kaohe.rules.after import Step
from kaohe.rules.kinds import FIGURES, AnyCondition, AnyFigure
from kaohe.rules.spelling import Names, naming
from kaohe.scheme import reference
from kaohe.scheme.yamlfile import parse

READ = {"figure": TypeAdapter(AnyFigure).validate_python, "condition": TypeAdapter(AnyCondition).validate_python}
VOTES = {"ballot": {"name": "评价", "paper": "marks", "out_of": 100}}
KINDS = {entry.name: entry for entry in reference.kinds()}


def read(example):
    return parse(f"it: {example}".encode()).content["it"]


def test_every_class_is_told():
    told = {each for name in KINDS for each in reference.classes_of(name)}
    assert told == {each for kind, each in FIGURES.items() if kind not in reference.MADE_OTHERWISE}
    assert all(reference.classes_of(name) for name in KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind(name):
    entry = KINDS[name]
    assert entry.purpose
    assert [field.name for field in entry.fields if not field.meaning or not field.type] == []
    written = {*reference._texts()["kinds"][name]["fields"]}
    assert written <= {field.name for field in entry.fields}
    with naming(Names(votes=VOTES)):
        figure = READ["figure"](read(entry.example))
    own = {reference.WRITTEN.get(each.kind, each.kind) for each in figure.walk()}
    assert name in own or name in ("named", "unlimited", "limit")


@pytest.mark.parametrize("entry", reference.conditions(), ids=lambda entry: entry.purpose)
def test_a_condition(entry):
    assert READ["condition"](read(entry.example)).called({})


@pytest.mark.parametrize("entry", reference.steps(), ids=lambda entry: entry.purpose)
def test_a_step(entry):
    assert Step.model_validate(read(entry.example)).called({})
