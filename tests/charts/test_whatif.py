from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.difference import CellShift, shifts
from kaohe.charts.style import table_of, text_of
from kaohe.charts.whatif import cells_table, shifted, shifted_title
from tests.charts.books import changed, only, renamed, scored, traces

GROUP = "yuanbu"


@pytest.fixture(scope="module")
def real():
    return scored("2019-2020")


def ranked(book):
    """Ranks anew by total."""
    totals = {unit.unit_id: (unit.group, unit.total) for unit in book.units}
    ranks = {
        key: 1 + sum(other == group and more > total for other, more in totals.values())
        for key, (group, total) in totals.items()
    }
    return changed(book, {key: {"rank": rank} for key, rank in ranks.items()})


def moved(book, unit, points):
    return ranked(changed(book, {unit: {"total": book.unit(unit).total + points}}))


def test_each_unit_has_its_total_and_a_ghost_where_it_was(real):
    last = real.ranking(GROUP)[-1]
    after = moved(real, last.unit_id, Fraction(1000))
    figure = shifted(real, after, GROUP, chosen=last.unit_id)
    (total,), (ghost,) = traces(figure, "total"), traces(figure, "before")
    for key, now, then in zip(total.meta["units"], total.x, ghost.x, strict=True):
        assert now == float(after.unit(key).total)
        assert then == float(real.unit(key).total)
    assert total.meta["units"][0] == last.unit_id
    assert figure.layout.yaxis.ticktext[0].startswith("<b>")
    ends = figure.data[-1].text
    assert f"▲{last.rank - 1}" in ends[0]
    assert "+1000.00" in ends[0]
    assert all("▼1" in end for end in ends[1 : last.rank] if end != ends[0])


def test_the_title_says_who_rose_and_fell(real):
    last = real.ranking(GROUP)[-1]
    said = shifted_title(real, moved(real, last.unit_id, Fraction(1000)), GROUP)
    assert f"{last.name}升 {last.rank - 1} 位" in said
    assert "降 1 位" in said


def test_the_title_says_a_changed_grade(real):
    first = real.ranking(GROUP)[0]
    other = next(grade for grade in ("优秀", "合格") if grade != first.grade)
    said = shifted_title(real, changed(real, {first.unit_id: {"grade": other}}), GROUP)
    assert f"{first.name}由{first.grade}变为{other}" in said


def test_the_title_says_a_total_that_moves_nobody(real):
    first = real.ranking(GROUP)[0]
    said = shifted_title(real, moved(real, first.unit_id, Fraction(1, 2)), GROUP)
    assert f"{first.name}总分 +0.50，名次和等次不变" in said


def test_the_title_says_when_nothing_moved(real):
    assert "与真实数据相同" in shifted_title(real, real, GROUP)
    figure = shifted(real, real, GROUP)
    assert all("▲" not in end and "（" not in end for end in figure.data[-1].text)


def test_many_movers_are_counted(real):
    units = real.ranking(GROUP)
    after = ranked(changed(real, {unit.unit_id: {"total": -unit.total} for unit in units}))
    risers = sum(shift.climbed > 0 for shift in shifts(real, after, GROUP))
    assert f"等 {risers} 个单位" in shifted_title(real, after, GROUP) or risers <= 2


def test_the_table_marks_what_changed(real):
    last = real.ranking(GROUP)[-1]
    figure = shifted(real, moved(real, last.unit_id, Fraction(1)), GROUP)
    assert 'class="self"' in table_of(figure)
    assert 'class="self"' not in table_of(shifted(real, real, GROUP))


def test_one_unit_no_unit_long_and_hostile_names(real):
    one = only(real, real.ranking(GROUP)[0].unit_id)
    assert len(traces(shifted(one, one, GROUP), "total")[0].x) == 1
    none = replace(real, units=tuple(unit for unit in real.units if unit.group != GROUP))
    assert "没有单位" in text_of(shifted(none, none, GROUP))
    evil = renamed(real, {real.ranking(GROUP)[0].unit_id: "<b>" + "很长的名字" * 12})
    label = shifted(evil, evil, GROUP).layout.yaxis.ticktext[0]
    assert "<b>" not in label
    assert label.endswith("…")


def test_cells_are_marked_by_sign_and_counted(real):
    unit = real.ranking(GROUP)[0].unit_id
    found = [CellShift(unit, "B01", Fraction(1), Fraction(2)), CellShift(unit, "B02", Fraction(2), Fraction(1))]
    html = cells_table(real, found)
    assert "▲ +1.00" in html
    assert "▼ −1.00" in html
    assert "只列前 1 项，共 2 项" in cells_table(real, found, most=1)
    assert "没有一项得分变动" in cells_table(real, [])
