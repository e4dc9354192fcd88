"""How steady each rank is, beside it: only when asked, the same as the analyses say, never of other data."""

from pathlib import Path

import pytest

from kaohe.analysis import stability
from kaohe.analysis.readings import policy_effects
from kaohe.analysis.robust import robust, scored_exactly
from kaohe.explorer.wiring import Explorer
from kaohe.explorer.workbench import Workbench
from tests.intake.test_other_schemes import HEAD, MONTHS, put

from .driven import chart, control

pytestmark = pytest.mark.slow

DRAWS = 400
DEMO = Path(__file__).parents[2] / "data"


@pytest.fixture
def asked(monkeypatch):
    """How often stability was asked for; with few draws."""
    times, whole = [], stability.stability

    def counted(intake, book):
        times.append(book)
        return whole(intake, book, draws=DRAWS)

    monkeypatch.setattr(stability, "stability", counted)
    return times


def labels(explorer):
    return chart(explorer)["layout"]["yaxis"]["ticktext"]


def test_nothing_is_resampled_before_it_is_asked_and_once_then(asked, explorer):
    view = explorer.view
    view.unit.value = "C03"
    assert asked == []
    assert view.stable.layout.display is None
    assert not any("（" in label for label in labels(explorer))
    view.stable.click()
    assert len(asked) == 1
    assert view.stable.layout.display == "none"
    view.unit.value = "C01"
    view.look.value = "unit"
    view.look.value = "ranking"
    assert len(asked) == 1
    assert all("（" in label for label in labels(explorer))


def test_intervals_and_readings_are_those_of_the_analyses(asked):
    """In the demonstration year, where two units share the last place of the quota."""
    explorer = Explorer(Workbench(DEMO, "2018-2019"), "D10")
    bench, view = explorer.bench, explorer.view
    view.stable.click()
    intake, book = bench.base.intake, bench.base.book
    known = {each.unit: each for each in robust(intake, book, draws=DRAWS).standings}
    found = bench.known_stability.units
    assert {key: (each.low, each.high, each.in_quota) for key, each in found.items()} == {
        key: (each.low, each.high, each.in_quota) for key, each in known.items()
    }
    effects = policy_effects(*scored_exactly(intake, book))
    moved = {
        (shift.unit, effect.policy, option.says, shift.rank_then, shift.grade_then)
        for effect in effects for option in effect.options for shift in option.moved
    }  # fmt: skip
    assert moved
    assert moved == {
        (key, turn.policy, turn.says, turn.shift.rank_then, turn.shift.grade_then)
        for key, each in found.items() for turn in each.turns
    }  # fmt: skip
    assert {(turn.policy, turn.shift.grade_then) for turn in found["D10"].regrading} == {
        ("quota_ties", "优秀"), ("quota_ties", "合格"),
    }  # fmt: skip
    policy = bench.base.scheme.policy["quota_ties"].id
    assert f"名次区间 {found['D10'].low}" in view.head.value
    assert f"{policy} 换一种读法等次就变" in view.head.value
    here = next(label for label in labels(explorer) if book.unit("D10").name in label)
    assert f"{found['D10'].high}*）" in here
    assert f"{policy} → 优秀" in view.beneath.value


def test_an_edit_is_not_shown_with_the_stability_of_what_was_before(asked, explorer):
    view = explorer.view
    view.stable.click()
    view.component.value = "ballot"
    control(explorer, "不合格").value = "60"
    assert not any("（" in label for label in labels(explorer))
    assert (view.stable.layout.display, view.beneath.value) == (None, "")
    assert "名次区间" not in view.head.value
    view.undo.click()
    assert all("（" in label for label in labels(explorer))
    assert "名次区间" in view.head.value
    view.redo.click()
    view.stable.click()
    assert len(asked) == 2
    assert asked[1].unit("C02").total < asked[0].unit("C02").total


def test_a_scheme_without_votes_and_grades_has_intervals_of_one_rank(tmp_path):
    rows = [("单位编号", "指标名称", "期间", "数值"), *((unit, "计划", "", 10) for unit in ("A1", "A2"))]
    rows += [(unit, "产量", part, figure) for unit, figure in (("A1", 7), ("A2", 8)) for part in (1, 2)]
    put(tmp_path / "data" / "raw", "2021", HEAD + MONTHS, metrics=rows)
    explorer = Explorer(Workbench(tmp_path / "data", "2021"))
    explorer.view.stable.click()
    found = explorer.bench.known_stability
    assert found.quota_grade == ""
    assert all(each.low == each.rank == each.high for each in found.units.values())
    assert "没有可以重抽样的评分、选票和权重" in explorer.view.beneath.value
    assert "等次" not in explorer.view.beneath.value
