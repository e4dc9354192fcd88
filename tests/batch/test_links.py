"""From a unit's page to the same unit of other years, and to its neighbours in the ranking."""

from types import SimpleNamespace

from kaohe.batch.export import Link
from kaohe.batch.links import beside_links, other_years
from tests.charts.books import changed, merged, scored, two_years

THEN, NOW = "2018-2019", "2019-2020"


def others(book, unit, *known, stands=lambda page: True):
    years = [SimpleNamespace(year=each.year, book=each) for each in (book, *known)]
    return other_years(years[0], unit, years, stands)


def test_a_unit_leads_to_itself_in_other_years_whose_page_is_there():
    then, now = scored(THEN, 5), two_years()
    assert others(now, "C1", then) == (Link(THEN, f"../../{THEN}/units/C1.html"),)
    assert others(then, "C1", now) == (Link(NOW, f"../../{NOW}/units/C1.html"),)
    assert others(now, "C1", then, stands=lambda page: page != f"{THEN}/units/C1.html") == ()
    assert others(now, "C1") == ()


def test_a_merged_unit_leads_to_those_it_was_made_of_by_name():
    then, now = scored(THEN, 5), merged()
    made_of = [then.unit(unit) for unit in ("C2", "C3")]
    ways = others(now, "C1", then)
    for unit in made_of:
        assert Link(f"{THEN} {unit.name}", f"../../{THEN}/units/{unit.unit_id}.html") in ways
        assert others(then, unit.unit_id, now) == (Link(f"{NOW} {now.unit('C1').name}", f"../../{NOW}/units/C1.html"),)


def test_the_first_has_nobody_before_it_and_the_last_nobody_after():
    book = two_years()
    among = book.ranking("yuanbu")
    (after,), *_, (before,) = (beside_links(book, unit.unit_id) for unit in among)
    assert after == Link(f"第 {among[1].rank} 名 {among[1].name} ›", f"{among[1].unit_id}.html")
    assert before == Link(f"‹ 第 {among[-2].rank} 名 {among[-2].name}", f"{among[-2].unit_id}.html")


def test_a_neighbour_without_a_rank_is_named_alone():
    book = two_years()
    last = book.ranking("yuanbu")[-1]
    made = changed(book, {last.unit_id: {"rated": False}})
    assert beside_links(made, made.ranking("yuanbu")[-2].unit_id)[-1].text == f"{last.name} ›"
