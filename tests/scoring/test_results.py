"""Totals, ranks, grades and what follows from them: cases by hand, at every line."""

from fractions import Fraction

import pytest

from kaohe.rules import FLOAT
from kaohe.rules.plain import Number
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from tests.scoring.cases import SCHEME, number, policies_of, result_book, result_cases, result_mismatches, year_data
from tests.scoring.mutants import copy, shifted

CASES = result_cases()
by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@by_name
def test_results(case):
    assert set(case.expect) == set(case.units)
    assert result_mismatches(case) == {}


@by_name
def test_results_in_float64(case):
    """Totals to the last digits; the same ranks and grades too, where no tie or line is hit exactly."""
    bound = bind(SCHEME, policies_of(case), year_data(case.units))
    exact, nearest = results(run(bound)), results(run(bound, FLOAT))
    for name in ("total", "attainable"):
        assert getattr(nearest, name) == pytest.approx(getattr(exact, name).astype(float), abs=1e-9)
    for name in ("ballot", "base", "key", "target", "leader"):
        found, asked = nearest.evaluation.node(name).points, exact.evaluation.node(name).points
        assert found == pytest.approx(asked.astype(float), abs=1e-9)
    on_a_line = exact.total == number(policies_of(case)["fail_line"]) * exact.attainable
    if len(set(exact.total)) == len(exact.total) and not on_a_line.any():
        assert (nearest.rank == exact.rank).all()
        assert (nearest.grade == exact.grade).all()


def test_names_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)


def test_lines_have_their_cases():
    """The fail line in both groups at, just below and just above; each quota's last place, the next, and a tie."""
    wanted = {(group, "fail_line", side) for group in SCHEME.groups for side in ("below", "at", "above")}
    wanted |= {(group, "quota", side) for group in SCHEME.groups for side in ("at", "below", "tie")}
    for case in CASES:
        if not case.at:
            continue
        book = result_book(case)
        for unit_id, labels in case.at.items():
            unit = book.unit(unit_id)
            for label in labels:
                side, of, figure = label.split()
                stands = _fail_line if of == "fail_line" else _quota
                assert stands(book, unit, side, figure), (case.name, unit_id, label)
                if of == "quota" or number(figure) == number(SCHEME.policy["fail_line"].default):
                    wanted.discard((unit.group, of, side))
    assert wanted == set()


def _fail_line(book, unit, side, figure):
    apart = unit.total - number(figure) * unit.attainable
    close = Fraction(1, 50)
    return {"at": apart == 0, "below": -close <= apart < 0, "above": 0 < apart <= close}[side]


def _quota(book, unit, side, figure):
    assert book.groups[unit.group].quota == int(figure)
    tied = sum(other.rank == unit.rank for other in book.ranking(unit.group))
    if side == "tie":
        return unit.rank <= int(figure) < unit.rank + tied - 1
    return tied == 1 and unit.rank == int(figure) + (side == "below")


def _changed_lines():
    """Schemes in which one figure of totals and grades is another."""
    top = SCHEME.results.grades[0]
    for key in SCHEME.groups:
        for quota in (SCHEME.places(key) - 1, SCHEME.places(key) + 1):
            places = with_number(top.quota.places, key, quota)
            grade = top.model_copy(update={"quota": top.quota.model_copy(update={"places": places})})
            grades = (grade, *SCHEME.results.grades[1:])
            yield f"{key}.quota", copy(SCHEME, results=SCHEME.results.model_copy(update={"grades": grades}))
        target = SCHEME.tree["target"].item.full.of[key].value
        for full in shifted(target, "", None):
            changed = with_number(SCHEME.tree["target"].item.full, key, full)
            yield f"{key}.target", with_item("target", full=changed)
    for name in ("base", "key", "tasks"):
        yield f"{name}.full", with_item(name, full=SCHEME.tree[name].item.full + 1)
    for key, category in SCHEME.categories.items():
        for name, stated in category.stated.items():
            changed = category.model_copy(update={"stated": {**category.stated, name: stated + 1}})
            yield f"{key}.stated.{name}", copy(SCHEME, categories={**SCHEME.categories, key: changed})


def with_number(by_group, group, number):
    """A figure by group with another number for one of them."""
    return by_group.model_copy(update={"of": {**by_group.of, group: Number(value=number)}})


def with_item(name, **changes):
    """The scheme with an item of its root file changed."""

    def changed(items):
        return tuple(
            item.model_copy(update={"items": changed(item.items), **(changes if item.id == name else {})})
            for item in items
        )

    return copy(SCHEME, items=changed(SCHEME.items))


CHANGED = list(_changed_lines())


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(CHANGED)), ids=lambda place: CHANGED[place][0])
def test_every_line_is_held_by_a_case(place):
    """Whatever quota, full mark or stated sum is changed, a case fails."""
    _, scheme = CHANGED[place]
    assert any(result_mismatches(case, scheme) for case in CASES)
