from dataclasses import replace
from fractions import Fraction
from html import unescape
from statistics import median

import pytest

from kaohe.analysis.breakdown import by_component, lost_points, parts, sections
from kaohe.analysis.movement import move
from kaohe.charts.beside import beside_group
from kaohe.charts.losses import group_losses, losses
from kaohe.charts.notation import short
from kaohe.charts.parts import heading_name
from kaohe.charts.points import losses_table
from kaohe.charts.since import MOST_STEPS, since_last_year
from kaohe.charts.style import HOVER, table_of
from kaohe.charts.unit import dearest
from tests.charts.books import all_equal, changed, full_marks, merged, only, scored, traces

UNITS = ["C1", "JX", "SZ", "D03", "D06"]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("policies", [(), (("rescale", "combined"),), (("rescale", "none"),)])
def test_bars_are_the_points_lost_and_ticks_the_peers_median(unit, policies):
    book = scored(policies=policies)
    figure = losses(book, unit)
    found = {part.id: part for part in parts(book, unit) if part.lost}
    peers = [{part.id: part.lost for part in parts(book, each.unit_id)} for each in book.rated(book.unit(unit).group)]
    bars = {}
    for trace in (trace for trace in figure.data if trace.type == "bar"):
        for key, length, row in zip(trace.meta["parts"], trace.x, trace.y, strict=True):
            assert length == float(found[key].lost)
            bars[row] = key
    (ticks,) = [trace for trace in figure.data if trace.meta and "middle" in trace.meta]
    assert list(ticks.meta["middle"]) == [bars[row] for row in sorted(bars)]
    for key, middle in zip(ticks.meta["middle"], ticks.x, strict=True):
        assert middle == float(median(lost[key] for lost in peers if key in lost))
    lengths = [found[bars[row]].lost for row in sorted(bars)]
    assert lengths == sorted((part.lost for part in found.values()), reverse=True)[: len(bars)]


@pytest.mark.parametrize("unit", UNITS)
def test_the_dearest_indicators_come_first_with_their_reasons(book, unit):
    figure = dearest(book, unit, top=8)
    wanted = lost_points(book, unit)[:8]
    shown = {}
    for trace in traces(figure):
        for key, value, row, hover in zip(trace.meta["indicators"], trace.x, trace.y, trace.hovertext, strict=True):
            shown[row] = (key, value)
            assert book.cell(unit, key).clause.split("·")[0] in hover
    assert [shown[row] for row in sorted(shown)] == [(each.cell.indicator, float(each.lost)) for each in wanted]


def test_a_reason_stands_in_the_hover(book):
    first = lost_points(book, "C1")[0]
    (hover,) = [
        text
        for trace in traces(dearest(book, "C1"))
        for key, text in zip(trace.meta["indicators"], trace.hovertext, strict=True)
        if key == first.cell.indicator
    ]
    assert first.cell.reason[:12] in hover.replace("<br>", "")


@pytest.mark.parametrize("unit", UNITS)
def test_beside_its_group_it_is_compared_with_the_units_to_which_a_part_applies(book, unit):
    spans, middles, bests, own = beside_group(book, unit).data
    group = book.ranking(book.unit(unit).group)
    entries = own.meta["entries"]
    mine = sections(book, unit)
    assert entries[-len(mine) :] == list(mine)
    for place, key in enumerate(entries):
        if key in mine:
            others = [sections(book, each.unit_id) for each in group]
            shares = [row[key].share for row in others if key in row]
            assert own.x[place] == float(mine[key].share)
        else:
            full = {"ballot": 20, "leader": 30, "base": 55, "key": 95, "target": 100}
            if book.unit(unit).group == "department":
                full["ballot"] = 70
            shares = [by_component(book, each)[key] / full[key] for each in group]
            assert own.x[place] == float(by_component(book, book.unit(unit))[key] / full[key])
        assert middles.x[place] == float(median(shares))
        assert bests.x[place] == float(max(shares))
        assert spans.x[3 * place] == float(min(shares))


def test_since_last_year_steps_from_total_to_total(book):
    unit, before = book.unit("C1"), book.previous["C1"]
    (waterfall,) = since_last_year(book, "C1").data
    assert waterfall.type == "waterfall"
    assert list(waterfall.measure) == ["absolute", *["relative"] * (len(waterfall.x) - 2), "total"]
    assert waterfall.x[0] == float(before.total)
    assert sum(waterfall.x[:-1]) == pytest.approx(float(unit.total))
    assert list(waterfall.x[1:-1]) == sorted(waterfall.x[1:-1], reverse=True)


def test_since_last_year_goes_by_heading_and_gathers_the_smallest(book):
    (waterfall,) = since_last_year(book, "C1").data
    steps = {heading_name(book, step.component, step.name): step.gained for step in move(book.before, book, "C1").steps}
    *named, rest = sorted(waterfall.meta["steps"], key=lambda name: name.startswith("其余"))
    assert len(named) == MOST_STEPS - 1
    shown = dict(zip(waterfall.meta["steps"], waterfall.x[1:-1], strict=True))
    assert {name: shown[name] for name in named} == {name: float(steps[name]) for name in named}
    assert shown[rest] == pytest.approx(float(sum(value for name, value in steps.items() if name not in named)))
    smallest = min(abs(steps[name]) for name in named)
    assert all(abs(value) <= smallest for name, value in steps.items() if name not in named)


def test_the_hover_of_a_lost_point_is_the_explanation_shortened(book):
    """What explain says, cut where it is too long, and what more points would need."""
    figure = dearest(book, "C1")
    hovers = {
        key: text.replace("<br>", "")
        for bar in figure.data
        for key, text in zip(bar.meta["indicators"], bar.hovertext, strict=True)
    }
    assert hovers
    for key, text in hovers.items():
        cell = book.cell("C1", key)
        assert short(cell.reason, HOVER).removesuffix("…")[:30] in unescape(text)
        for said in cell.ahead[:1]:
            assert said in unescape(text)


def test_lost_points_are_ranked_with_reason_and_the_next_band(book):
    table = table_of(dearest(book, "C1"))
    for each in lost_points(book, "C1")[:15]:
        for said in each.cell.ahead:
            assert said in unescape(table)
        assert each.cell.sentences[-1].text in unescape(table)
    assert "由评审小组评定" in losses_table(book, "C1", top=1000)


def test_without_a_previous_year_it_says_so(alone):
    assert "没有上一学年可比" in since_last_year(alone, "C1").layout.title.text


def test_a_unit_that_did_not_move_says_so(book):
    still = replace(book, before=replace(book, year="2018-2019", before=None))
    figure = since_last_year(still, "C1")
    assert "名次不变" in figure.layout.title.text
    assert "总分与上一学年相同" in figure.layout.title.text


@pytest.mark.parametrize("unit", ["C1", "D03"])
def test_nothing_lost_is_said(book, unit):
    best = full_marks(book, unit)
    assert "没有失分" in losses(best, unit).layout.title.text
    assert "没有失分的指标" in dearest(best, unit).layout.title.text


def test_more_than_the_full_mark_is_a_step_up(book):
    """K5.4c may exceed its full mark."""
    more = replace(
        book,
        cells=tuple(
            replace(cell, points=cell.max_points + 1) if cell.unit == "C1" and cell.indicator.startswith("K8") else cell
            for cell in book.cells
        ),
    )
    rise = next(part for part in parts(more, "C1") if part.id == "K-8")
    assert rise.lost < 0
    steps = [
        value
        for trace in traces(losses(more, "C1"), "key")
        for key, value in zip(trace.meta["parts"], trace.x, strict=True)
        if key == "K-8"
    ]
    assert steps == [float(rise.lost)]


def test_a_unit_alone_in_its_group_has_nobody_to_be_compared_with(book):
    figure = beside_group(only(book, "D03"), "D03")
    assert "没有可比的单位" in figure.layout.title.text


def test_a_unit_below_no_median_is_told_so(book):
    best = full_marks(book, "C1")
    assert "各部分都不低于院部中位数" in beside_group(best, "C1").layout.title.text


def test_the_unit_below_the_median_is_told_where_the_gap_is_widest(book):
    low = changed(book, {"D03": {"leader_points": Fraction(0)}})
    assert "差距最大的是领导班子评价" in beside_group(low, "D03").layout.title.text


def test_a_merged_unit_starts_from_the_mean_of_those_it_was():
    book = merged()
    figure = since_last_year(book, "C1")
    (waterfall,) = figure.data
    assert waterfall.x[0] == float(sum(book.previous[unit].total for unit in ("C1", "C2", "C3")) / 3)
    assert all(book.previous[unit].name in waterfall.text[0] for unit in ("C1", "C2", "C3"))
    assert "与合并前平均相比" in figure.layout.title.text


def test_beside_a_bar_of_many_a_long_name_is_cut_and_not_how_many_there_are():
    book = all_equal(scored())
    units = book.rated("yuanbu")
    long = changed(book, {unit.unit_id: {"name": f"食品与生物工程技术学院{unit.unit_id}"} for unit in units})
    ends = group_losses(long, "yuanbu").data[-1].text
    assert any(f"等 {len(units)} 个 −" in end for end in ends)
    assert all(end.count("…") <= 1 for end in ends)
