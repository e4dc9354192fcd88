"""What another reading would change is what scoring the year again under it changes, for every policy."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from kaohe.analysis.readings import policy_effects, with_effects
from kaohe.intake import read_year
from kaohe.scheme import shipped
from kaohe.scheme.policies import PolicyError, resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import bind
from kaohe.scoring.bookfile import frozen, thawed
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


def effects_of(year):
    return policy_effects(bind(year.scheme, year.policies, year.data))


def scored_under(year, name, value):
    return score_data(year.scheme, resolve(year.scheme, overrides={**year.policies.values, name: value}), year.data)


YEARS = [*(pytest.param(demo, year, id=year) for year in ("2018-2019", "2019-2020", "2020-2021")),
         *(pytest.param(random_year, seed, id=f"random-{seed}") for seed in (1, 2))]  # fmt: skip


@pytest.mark.parametrize(("of", "which"), YEARS)
def test_every_other_reading_changes_what_scoring_again_changes(of, which):
    year = of(which)
    base = score_data(year.scheme, year.policies, year.data)
    moved = 0
    for effect in effects_of(year):
        for option in effect.options:
            if option.refused:
                with pytest.raises(PolicyError):
                    resolve(year.scheme, overrides={**year.policies.values, effect.policy: option.value})
                continue
            then = scored_under(year, effect.policy, option.value)
            pairs = list(zip(base.units, then.units, strict=True))
            wanted = [
                (now.unit_id, now.rank, new.rank, now.by_points, new.by_points)
                for now, new in pairs
                if (now.rank, now.by_points) != (new.rank, new.by_points)
            ]
            found = [(each.unit, each.rank, each.rank_then, each.grade, each.grade_then) for each in option.moved]
            assert found == wanted, (effect.policy, option.value)
            assert abs(option.largest) == max(abs(new.total - now.total) for now, new in pairs)
            if option.at:
                assert then.unit(option.at).total - base.unit(option.at).total == option.largest
            moved += len(found)
    assert moved


def test_every_policy_is_there_with_all_its_other_readings():
    year = demo("2020-2021")
    found = effects_of(year)
    assert [each.policy for each in found] == [policy.name for policy in year.scheme.policies]
    for effect, policy in zip(found, year.scheme.policies, strict=True):
        others = [value for value in policy.options if value != year.policies[policy.name]]
        assert [option.value for option in effect.options] == others


def test_a_reading_that_excludes_another_in_force_is_refused():
    year = demo("2020-2021")
    policies = resolve(year.scheme, overrides={"teaching_depts": "included"})
    found = policy_effects(bind(year.scheme, policies, year.data))
    refused = {(each.policy, option.value) for each in found for option in each.options if option.refused}
    assert ("full_marks", "stated") in refused


@pytest.mark.parametrize("which", ["2018-2019", "2020-2021"])
def test_the_fail_line_holds_between_its_bounds_and_not_beyond(which):
    year = demo(which)
    (effect,) = [each for each in effects_of(year) if each.policy == "fail_line"]
    base = [unit.grade == "不合格" for unit in score_data(year.scheme, year.policies, year.data).units]

    def failing(line):
        return [unit.grade == "不合格" for unit in scored_under(year, "fail_line", line).units]

    above, to = effect.steady_above, effect.steady_to
    assert above < year.policies["fail_line"] <= to
    assert failing(to) == base
    assert failing(above + (to - above) / 1000) == base
    assert failing(to + (1 - to) / 1000) != base
    if above:
        assert failing(above) != base


def test_the_frozen_book_carries_them():
    year = demo("2018-2019")
    book = with_effects(score_data(year.scheme, year.policies, year.data), year)
    assert book.effects
    assert thawed(frozen(book)).effects == book.effects
