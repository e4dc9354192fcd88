"""What another reading would change is what scoring the year again under it changes, for every policy."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from kaohe.analysis.readings import EXCLUDED, policy_effects, with_effects
from kaohe.intake import read_year
from kaohe.scheme import shipped
from kaohe.scheme.policies import PolicyError, resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import bind
from kaohe.scoring.bookfile import frozen, thawed
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from tests.charts.books import DEPARTMENTS
from tests.reference.years import Shape, build
from tests.scoring.tables import year_data

pytestmark = pytest.mark.slow

SCHEME = shipped("lygtc-2018")
DEMO = Path(__file__).parents[2] / "data" / "raw"


@cache
def demo(year):
    return read_year(DEMO, year)


@cache
def random_year(seed):
    """Clones make ties, so that readings of ties and of the quota matter."""
    shape = Shape(seed, 5, departments=DEPARTMENTS, raters=6, clones=40, year="2019-2020")
    policies = resolve(SCHEME, overrides={"cap_break": "none", "quota_ties": "all"} if seed % 2 else {})
    return SimpleNamespace(scheme=SCHEME, policies=policies, data=year_data(build(shape), "2019-2020"))


@cache
def effects_of(of, which):
    year = of(which)
    now = run(bind(year.scheme, year.policies, year.data))
    return policy_effects(now, results(now))


def scored_under(year, **readings):
    """Unit → total, rank, grade and grade by points of the year scored again, without a book's sentences."""
    policies = resolve(year.scheme, overrides={**year.policies.values, **readings})
    found = results(run(bind(year.scheme, policies, year.data)))
    parts = (found.total, found.rank, found.grade, found.by_points)
    return {
        unit.unit_id: (total, int(rank), str(grade), str(by_points))
        for unit, total, rank, grade, by_points in zip(year.data.units, *parts, strict=True)
    }


YEARS = [*(pytest.param(demo, year, id=year) for year in ("2018-2019", "2019-2020", "2020-2021")),
         *(pytest.param(random_year, seed, id=f"random-{seed}") for seed in (1, 2))]  # fmt: skip


@pytest.mark.parametrize(("of", "which"), YEARS)
def test_every_other_reading_changes_what_scoring_again_changes(of, which):
    year = of(which)
    base = scored_under(year)
    book = score_data(year.scheme, year.policies, year.data)
    assert base == {unit.unit_id: (unit.total, unit.rank, unit.grade, unit.by_points) for unit in book.units}
    moved = 0
    for effect in effects_of(of, which):
        for option in effect.options:
            if option.refused:
                with pytest.raises(PolicyError):
                    resolve(year.scheme, overrides={**year.policies.values, effect.policy: option.value})
                continue
            then = scored_under(year, **{effect.policy: option.value})
            wanted = [
                (unit, rank, then[unit][1], by_points, then[unit][3])
                for unit, (_, rank, _, by_points) in base.items()
                if (rank, by_points) != (then[unit][1], then[unit][3])
            ]
            found = [(each.unit, each.rank, each.rank_then, each.grade, each.grade_then) for each in option.moved]
            assert found == wanted, (effect.policy, option.value)
            change = {unit: then[unit][0] - total for unit, (total, *_) in base.items()}
            assert abs(option.largest) == max(map(abs, change.values()))
            if option.at:
                assert change[option.at] == option.largest
            moved += len(found)
    assert moved


def test_every_policy_is_there_with_all_its_other_readings():
    year = demo("2020-2021")
    found = effects_of(demo, "2020-2021")
    assert [each.policy for each in found] == [policy.name for policy in year.scheme.policies]
    for effect, policy in zip(found, year.scheme.policies, strict=True):
        others = [value for value in policy.options if value != year.policies[policy.name]]
        assert [option.value for option in effect.options] == others


def test_a_reading_that_excludes_another_in_force_is_refused():
    year = demo("2020-2021")
    policies = resolve(year.scheme, overrides={"teaching_depts": "included"})
    now = run(bind(year.scheme, policies, year.data))
    found = policy_effects(now, results(now))
    refused = {(each.policy, option.value) for each in found for option in each.options if option.refused == EXCLUDED}
    assert ("full_marks", "stated") in refused


@pytest.mark.parametrize("which", ["2018-2019", "2020-2021"])
def test_the_fail_line_holds_between_its_bounds_and_not_beyond(which):
    year = demo(which)
    (effect,) = [each for each in effects_of(demo, which) if each.policy == "fail_line"]

    def failing(**readings):
        return [grade == "不合格" for _, _, grade, _ in scored_under(year, **readings).values()]

    base = failing()
    above, to = effect.steady_above, effect.steady_to
    assert above < year.policies["fail_line"] <= to
    assert failing(fail_line=to) == base
    assert failing(fail_line=above + (to - above) / 1000) == base
    assert failing(fail_line=to + (1 - to) / 1000) != base
    if above:
        assert failing(fail_line=above) != base


def test_the_frozen_book_carries_them():
    year = random_year(1)
    book = with_effects(score_data(year.scheme, year.policies, year.data), year)
    assert book.effects
    assert thawed(frozen(book)).effects == book.effects
