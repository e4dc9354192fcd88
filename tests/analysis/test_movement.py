from dataclasses import replace

from kaohe.analysis.breakdown import by_component, parts
from kaohe.analysis.movement import last_two_years, movement, movement_between, origins
from kaohe.analysis.movement import move as one_move
from tests.charts.books import after, changed, merged, only, scored, two_years, with_before


def test_moves_hold_both_years_and_add_up():
    book = two_years()
    for group in book.groups:
        found = movement(book, group)
        assert (found.before, found.year) == ("2018-2019", "2019-2020")
        assert [move.unit for move in found.moves] == [
            unit for unit in book.ranking(group) if unit.unit_id in book.previous
        ]
        for move in found.moves:
            before = book.previous[move.unit.unit_id]
            assert move.before == (before,)
            assert move.climbed == before.rank - move.unit.rank
            assert move.gained == move.unit.total - before.total == sum(move.by_component.values())
            for name, points in by_component(book, move.unit).items():
                assert move.by_component[name] == points - by_component(book.before, before).get(name, 0)


def test_a_conversion_of_one_year_alone_still_adds_up():
    book = two_years(policies=(("rescale", "combined"),))
    for move in movement(book, "yuanbu").moves:
        assert sum(move.by_component.values()) == move.gained


def test_mainly_is_the_heading_that_moved_most_the_same_way():
    for move in movement(two_years(), "yuanbu").moves:
        if move.gained:
            sign = 1 if move.gained > 0 else -1
            assert sign * move.mainly.gained == max(sign * step.gained for step in move.steps)


def test_no_previous_year_is_no_movement():
    assert movement(scored(), "yuanbu") is None


def test_new_and_gone_units_are_told_apart():
    book = two_years()
    fewer = with_before(book, (unit for unit in book.before.units if unit.unit_id != "C1"))
    assert [unit.unit_id for unit in movement(fewer, "yuanbu").new] == ["C1"]
    without = only(book, *(unit.unit_id for unit in book.units if unit.unit_id != "C2"))
    assert [unit.unit_id for unit in movement(without, "yuanbu").gone] == ["C2"]


def test_climbers_and_fallers_come_furthest_first():
    book = two_years()
    found = movement(book, "yuanbu")
    assert [move.climbed for move in found.climbers] == sorted(
        (move.climbed for move in found.moves if move.climbed > 0), reverse=True
    )
    assert [move.climbed for move in found.fallers] == sorted(move.climbed for move in found.moves if move.climbed < 0)


def test_between_two_books_is_the_same_as_since_the_previous():
    before, after = scored("2018-2019", 5), two_years()
    between, since = movement_between(before, after, "yuanbu"), movement(after, "yuanbu")
    assert [(move.unit, move.by_component, move.steps) for move in between.moves] == [
        (move.unit, move.by_component, move.steps) for move in since.moves
    ]


def test_the_steps_of_a_move_add_up_to_what_was_gained():
    for group in ("yuanbu", "department"):
        for move in movement(two_years(), group).moves:
            assert sum(step.gained for step in move.steps) == move.gained


def test_a_heading_that_was_not_there_last_year_counts_from_nothing():
    book = two_years()
    gone = [cell for cell in book.before.cells if book.indicators[cell.indicator].section != "K-6"]
    moved = one_move(replace(book.before, cells=gone), book, "C1")
    (step,) = [step for step in moved.steps if step.id == "K-6"]
    assert step.then is None
    assert step.gained == step.now.points


def test_last_two_years_is_read_from_the_books_where_a_year_does_not_know_the_one_before():
    before, after = scored("2018-2019", 5), scored("2019-2020")
    before = changed(before, {unit.unit_id: {"last": unit.unit_id in ("C1", "C2")} for unit in before.units})
    after = changed(after, {unit.unit_id: {"last": unit.unit_id == "C1"} for unit in after.units})
    assert last_two_years([before, after]) == {"C1": ["2019-2020"]}
    assert last_two_years([before, replace(after, year="2020-2021")]) == {}


def test_a_merged_unit_is_held_beside_the_mean_of_those_it_was():
    book = merged()
    found = movement(book, "yuanbu")
    (move,) = found.mergers
    assert [was.unit_id for was in move.before] == ["C1", "C2", "C3"]
    assert found.gone == ()
    assert move.gained == book.unit("C1").total - sum(was.total for was in move.before) / 3
    assert sum(move.by_component.values()) == sum(step.gained for step in move.steps) == move.gained
    assert move.climbed is None
    assert move not in [*found.climbers, *found.fallers]
    for step in move.steps:
        if step.then is not None and step.id != "conversion":
            each = [part for was in move.before for part in parts(book.before, was.unit_id) if part.id == step.id]
            assert step.then.points == sum(part.points for part in each) / 3


def test_a_unit_of_another_group_is_no_forebear():
    book = replace(merged(), predecessors=(("C1", "D03"),))
    (move,) = [move for move in movement(book, "yuanbu").moves if move.unit.unit_id == "C1"]
    assert [was.unit_id for was in move.before] == ["C1"]


def test_origins_go_back_over_the_years():
    first, second, third = scored("2018-2019", 5), scored("2019-2020", 4), merged()
    second = replace(second, predecessors=(("C3", "C4"),))
    by_year = origins([first, second, replace(third, year="2020-2021")], "yuanbu")
    assert [sorted(unit.unit_id for unit in year["C1"]) for year in by_year] == [
        ["C1", "C2", "C3", "C4"], ["C1", "C2", "C3"], ["C1"],
    ]  # fmt: skip


def test_a_unit_that_took_another_in_was_not_last_the_year_before():
    """Under the id of one of them: it is another unit than it was."""
    before = changed(scored("2018-2019", 5), {unit.unit_id: {"last": True} for unit in scored("2018-2019", 5).units})
    last, *others = reversed(scored().ranking("yuanbu"))
    assert after(before).unit(last.unit_id).consequences["last_two_years"]
    joined = after(before, predecessors=((last.unit_id, others[0].unit_id),))
    assert joined.unit(last.unit_id).consequences["last_two_years"] is False
    bare = changed(merged(), {unit.unit_id: {"last": True, "last_two_years": None} for unit in merged().units})
    assert set(last_two_years([before, bare])) == {unit.unit_id for unit in bare.units} - {"C1"}
