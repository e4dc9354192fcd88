"""A page's slice of the year: the page is the same as of the whole book, and another page means another slice."""

import json
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.batch.layout import Processed
from kaohe.batch.slices import regulation_of, sliced, write_slices
from kaohe.notebook import DataError, goals, start
from kaohe.rules import Sentence
from kaohe.scoring.bookfile import frozen, thawed
from tests.charts.books import merged, two_years
from tests.notebooks.test_cells import outputs, run, written  # noqa: F401 (a fixture)
from tests.scoring.anyscheme import ROOTS, scored
from tests.units import unit_with

pytestmark = pytest.mark.slow


@pytest.fixture
def shown(outputs, tmp_path):  # noqa: F811
    """What the page of a unit (of the regulation, where none is named) shows of a book, whole or sliced."""

    def show(book, unit=""):
        outputs.clear()
        given = {"year": book.year, "book": written(tmp_path / "book.json", frozen(book))}
        run("unit" if unit else "method", **given, **({"unit": unit} if unit else {}))
        return json.dumps(outputs, ensure_ascii=False, sort_keys=True)

    return show


@pytest.mark.parametrize(
    "book",
    [two_years(), merged(), scored(ROOTS, {"U1": {"a": 4, "b": 9}, "U2": {"a": 2, "b": 3}}), two_years().before],
    ids=["two years", "merged", "roots", "no year before"],
)
def test_a_slice_shows_what_the_whole_book_does(book, shown):
    for unit in {group: book.ranking(group)[-1].unit_id for group in book.groups if book.ranking(group)}.values():
        assert shown(sliced(book, unit), unit) == shown(book, unit)
    assert shown(regulation_of(book)) == shown(book)


@pytest.fixture(scope="module")
def before():
    """Unit → its page before any change, as far as somebody looked."""
    return {}


def changes(book, draw):
    """(whose it is, the book) with one thing changed: of a cell, an item above, a total, a check, the year before."""
    unit = draw.choice(book.units)
    cells = list(book.cells)
    place = draw.choice([at for at, cell in enumerate(cells) if cell.unit == unit.unit_id and cell.points is not None])
    cell, little = cells[place], Fraction(draw.choice([-3, -1, 1, 2]), 8)
    said = (*cell.sentences, Sentence(f"另据第 {draw.randrange(99)} 号材料"))
    kind = draw.choice(("points", "raw", "said", "total", "grade", "check", "before"))
    if kind in ("points", "raw", "said"):
        cells[place] = replace(cell, **{kind: getattr(cell, kind) + little} if kind != "said" else {"sentences": said})
        return unit, replace(book, cells=tuple(cells))
    if kind == "check":
        checks = list(book.checks)
        at = draw.randrange(len(checks))
        checks[at] = replace(checks[at], met=not checks[at].met)
        return book.unit(checks[at].unit), replace(book, checks=tuple(checks))
    if kind == "before":
        was = draw.choice(book.before.units)
        units = [unit_with(each, total=each.total + little) if each is was else each for each in book.before.units]
        return was, replace(book, before=replace(book.before, units=tuple(units)))
    field = {"total": unit.total + little} if kind == "total" else {"vetoed": not unit.vetoed, "grade": book.fail}
    return unit, replace(book, units=tuple(unit_with(each, **field) if each is unit else each for each in book.units))


@pytest.mark.parametrize("seed", range(6))
def test_a_page_is_made_anew_where_what_it_shows_changes_and_nowhere_else(seed, shown, before):
    draw, book = random.Random(seed), two_years()
    whose, after = changes(book, draw)
    others = [unit.unit_id for unit in book.units if unit.unit_id != whose.unit_id]
    for unit in [whose.unit_id, draw.choice(others)]:
        if unit not in before:
            before[unit] = shown(book, unit)
        another = shown(after, unit) != before[unit]
        assert (frozen(sliced(after, unit)) != frozen(sliced(book, unit))) == another, (whose.unit_id, unit)
    points = {each.unit_id: each.total for each in book.units} != {each.unit_id: each.total for each in after.units}
    assert points or frozen(regulation_of(after)) == frozen(regulation_of(book))


def test_a_slice_names_no_other_unit_but_those_beside_it_at_a_line_and_has_no_reasons_of_theirs():
    book = two_years()
    unit, *others = book.ranking("yuanbu")
    text = frozen(replace(sliced(book, unit.unit_id), found={}))
    assert not [other.name for other in others if other.name in text and other.name not in unit.name]
    mine = {sentence.text for cell in book.cells_of(unit.unit_id) for sentence in cell.sentences}
    theirs = {sentence.text for cell in book.cells if cell.unit != unit.unit_id for sentence in cell.sentences} - mine
    assert not [said for said in theirs if len(said) > 12 and json.dumps(said, ensure_ascii=False)[1:-1] in text]


def test_slices_carry_goals_and_those_of_units_that_are_no_more_go(tmp_path):
    book, place = two_years(), Processed(tmp_path, "2019-2020")
    gone = place.slice("Z9")
    gone.parent.mkdir(parents=True)
    gone.write_text("{}", encoding="utf-8")
    files = write_slices(place, book, ["C1", "C2"], {"C1": [{"size": 1}]})
    assert sorted(place.slices.iterdir()) == sorted(files.values())
    read = {unit: thawed(path.read_text(encoding="utf-8")) for unit, path in files.items()}
    assert goals({"unit": "C1", "book": str(files["C1"])}, read["C1"]) == [{"size": 1}]
    assert goals({"unit": "C2", "book": str(files["C2"])}, read["C2"]) is None
    with pytest.raises(LookupError, match="a slice of 2019-2020"):
        read["C1"].ranking("yuanbu")
    with pytest.raises(DataError, match="只是一页所用的那一部分"):
        start({"year": "2019-2020", "book": str(files["C1"])}, "annual")
