"""The table of all units: where each stands, how it moved, the way to its page."""

from dataclasses import replace

from kaohe.charts.units import units_table
from tests.charts.books import changed, merged, only, renamed, two_years
from tests.charts.test_tables import Reader, rows


def page(unit):
    return f"units/{unit}.html"


def test_every_unit_stands_once_with_rank_total_and_the_way_to_its_page(book):
    html = units_table(book, page)
    found = {row[0]: row for row in rows(html)}
    assert len(rows(html)) == len(book.units)
    for unit in book.units:
        row = found[unit.name]
        assert row[1:5] == [book.groups[unit.group].name, str(unit.rank), f"{float(unit.total):.2f}", unit.grade]
        assert f'href="units/{unit.unit_id}.html"' in html


def test_changes_since_last_year_are_exact(book):
    found = {row[0]: row for row in rows(units_table(book, page))}
    for unit in book.units:
        before = book.previous[unit.unit_id]
        climbed = before.rank - unit.rank
        assert found[unit.name][5] == (f"▲{climbed}" if climbed > 0 else f"▼{-climbed}" if climbed else "=")
        gained = unit.total - before.total
        sign = "+" if gained > 0 else "−"
        assert found[unit.name][6] == (f"{sign}{abs(float(gained)):.2f}" if gained else "±0")


def test_a_unit_that_is_new_says_so(book):
    before = only(book.before, *(unit.unit_id for unit in book.before.units if unit.unit_id != "C1"))
    found = {row[0]: row for row in rows(units_table(replace(book, before=before), page))}
    assert found[book.unit("C1").name][5:] == ["新增", "–"]


def test_without_a_year_before_there_is_no_change(alone):
    assert len(Reader(units_table(alone, page)).rows[0]) == 5


def test_a_page_that_failed_is_marked(book):
    html = units_table(book, page, {"C1"})
    assert html.count("本次生成失败") == 1


def test_names_and_addresses_are_escaped(book):
    html = units_table(renamed(book, {"C1": "<b>"}), lambda unit: f'"><{unit}')
    assert "<b>" not in html
    assert '"><C1' not in html


def test_ties_share_a_rank(book):
    made = changed(book, {unit.unit_id: {"rank": 1} for unit in book.units})
    assert {row[2] for row in rows(units_table(made, page))} == {"1"}


def test_a_merged_unit_is_held_beside_the_mean_of_those_it_was_and_the_caption_says_so():
    html = units_table(merged(), page)
    unit, before = merged().unit("C1"), merged().before
    gained = unit.total - sum(before.unit(each).total for each in ("C1", "C2", "C3")) / 3
    (row,) = [row for row in rows(html) if row[0] == unit.name]
    assert row[5:] == ["合并", f"{'+' if gained > 0 else '−'}{abs(float(gained)):.2f}"]
    assert "参加排名的单位由" in html
    assert "合并 1 处" in html
    assert "参加排名的单位" not in units_table(two_years(), page)
