"""One item over the years: exact for every unit, whatever is picked; what cannot be compared is marked."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.trend import items_of, unlike
from kaohe.charts.trend import OTHER, trend, trend_table
from kaohe.scoring.lineage import followed
from tests.charts.books import merged, only, scored
from tests.charts.test_tables import rows

GROUP = "yuanbu"


def picked(figure, name):
    """Year → unit → points, once the item is picked."""
    (button,) = [button for button in figure.layout.updatemenus[0].buttons if button.label == name]
    change, _ = button.args
    dots = [(at, trace) for at, trace in enumerate(figure.data) if "year" in (trace.meta or {})]
    return {
        trace.meta["year"]: dict(zip(trace.meta["units"], change["x"][at], strict=True)) for at, trace in dots
    }, change  # fmt: skip


def label(book, indicator):
    return f"{indicator} {book.indicators[indicator].name}"


@pytest.mark.parametrize("group", ["yuanbu", "department"])
def test_every_item_of_every_unit_and_year_is_exact(books, group):
    figure = trend(books, group)
    assert figure.layout.updatemenus[0].buttons[0].label == "总分"
    found, _ = picked(figure, "总分")
    for book in books:
        assert found[book.year] == {unit.unit_id: float(unit.total) for unit in book.ranking(group)}
    if group == GROUP:
        k6, change = picked(figure, label(books[-1], "K6"))
        for book in books:
            cells = {unit.unit_id: book.cell(unit.unit_id, "K6") for unit in book.ranking(group)}
            wanted = {unit: float(cell.points) if cell.applicable else None for unit, cell in cells.items()}
            assert k6[book.year] == wanted
        assert len(change["x"]) == len(change["text"]) == len(figure.data)


def test_the_columns_say_what_the_dots_do(books):
    figure = trend(books, GROUP)
    _, change = picked(figure, label(books[-1], "K6"))
    for at, trace in enumerate(figure.data):
        if "column" in (trace.meta or {}):
            book = next(book for book in books if book.year == trace.meta["column"])
            for unit, text in zip(books[-1].ranking(GROUP), change["text"][at], strict=True):
                cell = book.cell(unit.unit_id, "K6")
                assert text == (f"{float(cell.points):.2f}" if cell.applicable else "–")


def other_fulls(book, indicator):
    """The book with another full mark printed for an indicator."""
    info = book.indicators[indicator]
    fulls = {key: full + 1 for key, full in info.fulls.items()}
    return replace(book, indicators={**book.indicators, indicator: replace(info, fulls=fulls)})


def test_another_full_mark_or_rule_is_marked_and_said(books):
    early, late = books
    name = label(late, "K6")
    figure = trend([other_fulls(early, "K6"), late], GROUP)
    (button,) = [button for button in figure.layout.updatemenus[0].buttons if button.label == name]
    change, layout = button.args
    assert change["marker.symbol"][1:3] == ["circle-open", "circle"]
    assert any(text.endswith(OTHER) for text in change["text"][3])
    assert not any(text.endswith(OTHER) for text in change["text"][4])
    assert f"{OTHER} {early.year} 学年满分" in layout["annotations"][0]["text"]
    (item,) = [item for item in items_of(books, GROUP) if item.id == "K6"]
    assert unlike(early, late, GROUP, item) == ""
    info = replace(early.indicators["K6"], how=("另一种算法",))
    made = replace(early, indicators={**early.indicators, "K6": info})
    assert unlike(made, late, GROUP, item) == f"计分方法与 {late.year} 学年不同"
    assert "考核方案与" in trend([replace(early, scheme_id="另一方案"), late], GROUP).layout.meta["says"]
    assert "考核方案与" not in figure.layout.meta["says"]


def test_a_merged_unit_shows_all_it_was_and_synthetic_years_say_so():
    early, late = scored("2018-2019", 5), merged()
    figure = trend(followed([replace(early, synthetic=True), late]), GROUP)
    found, change = picked(figure, "总分")
    assert set(found["2018-2019"]) >= {"C1", "C2", "C3"}
    row = [unit.unit_id for unit in late.ranking(GROUP)].index("C1")
    assert change["text"][3][row].count("、") == 2
    assert "合并前各单位分别画出" in figure.layout.meta["says"]
    assert figure.layout.xaxis2.ticktext == ("<b>2018-2019（演示）</b>", "<b>2019-2020</b>")


def test_the_table_holds_every_item_to_be_filtered(books):
    lines = rows(trend_table(books, GROUP))
    name = label(books[-1], "K6")
    mine = {row[1]: row[2:4] for row in lines if row[0] == name}
    for unit in books[-1].ranking(GROUP):
        cells = [book.cell(unit.unit_id, "K6") for book in books]
        if all(cell.applicable for cell in cells):
            assert mine[unit.name] == [f"{float(cell.points):.2f}" for cell in cells]
    total = sum((unit.total for unit in books[-1].ranking(GROUP)), Fraction(0))
    assert sum(float(row[3]) for row in lines if row[0] == "总分") == pytest.approx(float(total), abs=0.1)


def test_a_group_without_units_says_so(book):
    assert "没有单位" in trend([only(book, "D03")], GROUP).layout.meta["title"]
