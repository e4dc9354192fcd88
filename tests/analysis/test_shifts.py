"""What would follow if a veto did not stand is what scoring the year without it gives."""

from dataclasses import replace

from kaohe.analysis.shifts import without_vetoes
from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from tests.scoring.anyscheme import scheme_of, year_of

ITEMS = "items: [{id: total, name: 总分, items: [{id: A, name: 甲, rule: a}]}]\n"
GRADES = "[{id: a, name: 甲, role: top, quota: {places: 1}}, {id: b, name: 乙}]"
VETOES = "{fire: {name: 火灾, effect: {bars: [a]}}}"


def scored(data):
    scheme = scheme_of(f"{ITEMS}results: {{vetoes: {VETOES}, grades: {GRADES}}}\n")
    now = run(bind(scheme, resolve(scheme), data))
    return now, results(now)


def test_who_gets_and_who_loses_the_place_if_a_veto_falls():
    data = year_of({"U": {"a": 9, "vetoed": ["fire"]}, "V": {"a": 8}, "W": {"a": 7, "vetoed": ["fire"]}})
    now, base = scored(data)
    _, then = scored(replace(data, vetoes=data.vetoes[1:]))
    found = without_vetoes(now, base)
    wanted = {"U": ("乙", "甲"), "V": ("甲", "乙")}
    assert {each.unit: (each.grade, each.grade_then) for each in found["U"]} == wanted
    assert [str(grade) for grade in then.grade] == ["甲", "乙", "乙"]
    assert found["W"] == ()
    assert set(found) == {"U", "W"}
