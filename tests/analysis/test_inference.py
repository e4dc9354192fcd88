"""What anyone can compute from what is published of a rated item and of the total: every small panel there is, one
edition and several.

The attacker knows the scale, how many rate and who came late, keeps every page, and knows that nothing else of the
total has changed. What is left to him is where a total that was published is published again, final, with other marks;
the README says so.
"""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest

from kaohe.analysis.coarse import FEWEST
from kaohe.analysis.public import UNTOLD, public_unit, public_year
from kaohe.analysis.settled import (
    ALONE,
    CHANGED,
    FEW,
    LATE,
    PUBLISHED,
    UNTIL_FINAL,
    open_groups,
    opinions,
    publish,
    published,
)
from kaohe.files.kept import DamagedError
from kaohe.intake.tables.data import Rating
from kaohe.scheme import shipped
from kaohe.scheme.policies import Decision, resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.book import Cast
from kaohe.scoring.scoredcells import _raters
from tests.reference.figures import JUDGED
from tests.reference.plain import plain_year, rate
from tests.reference.years import full_marks
from tests.scoring.anyscheme import MONTHS
from tests.scoring.anyscheme import scored as of_any_scheme
from tests.scoring.tables import year_data
from tests.units import unit_with

SCHEME = shipped("lygtc-2018")
QUARTERS = [Fraction(n, 4) for n in range(5)]
PANELS = [panel for size in range(1, 6) for panel in combinations_with_replacement(QUARTERS, size)]
FULLS = full_marks("C1", "college")
RATED = sorted(name for name in FULLS if name in JUDGED and name != "K1.2")


def scored(tables, how="mean"):
    return score_data(SCHEME, resolve(SCHEME, {"panel": Decision(how)}), year_data(tables))


@pytest.fixture(scope="module", params=["mean", "median", "trimmed"])
def told(request):
    """Panel → what is published of an item it rated."""
    count = -(-len(PANELS) // len(RATED))
    tables = plain_year(**{f"C{n}": "college" for n in range(count)})
    places = dict(zip(PANELS, product((f"C{n}" for n in range(count)), RATED), strict=False))
    for panel, (unit, indicator) in places.items():
        rate(tables, unit, indicator, *(mark * FULLS[indicator] for mark in panel))
    book = scored(tables, request.param)
    items = {(unit.unit_id, item.id): item for unit in book.units for item in public_unit(book, unit.unit_id).items}
    return {panel: said_of(items[place]) for panel, place in places.items()}


def said_of(item):
    """What tells one panel's item from another's: points and reasons, the deductions and notes aside."""
    return item.points, item.reasons[:1]


def test_no_mark_follows_from_one_edition(told):
    worlds = defaultdict(set)
    for panel, seen in told.items():
        worlds[len(panel), seen] |= set(panel)
    assert {seen: marks for seen, marks in worlds.items() if len(marks) < 2} == {}
    told_of = {seen for size, seen in worlds if size == FEWEST}
    assert len(told_of) == 2 or {why for _, (why,) in told_of} == {"评分取中位数，不公开"}


def test_no_mark_follows_from_two_editions_of_which_one_lacks_a_rater(told):
    late, others = defaultdict(set), defaultdict(set)
    for before in PANELS:
        for mark in QUARTERS:
            after = tuple(sorted((*before, mark)))
            if after in told:
                seen = len(before), told[before], told[after]
                late[seen].add(mark)
                others[seen] |= set(before)
    assert {seen: marks for seen, marks in (*late.items(), *others.items()) if len(marks) < 2} == {}


def third(tables):
    """One more leader, so that three gave marks."""
    tables["leader_ratings"] += [{**row, "leader": "丙"} for row in tables["leader_ratings"] if row["role"] == "deputy"]


def edition(size, units=2, indicator="B01", **marks):
    """A year in which three rate, but for one item, which `size` people rate; `marks` are a unit's on that item."""
    tables = plain_year(**{f"C{n}": "college" for n in range(1, units + 1)})
    tables["ratings"] += [{**row, "rater": f"{row['rater']}{n}"} for row in tables["ratings"] for n in (1, 2)]
    third(tables)
    for unit in (row["unit_id"] for row in tables["units"]):
        rate(tables, unit, indicator, *marks.get(unit, [FULLS[indicator]] * size))
    return scored(tables)


def told_total(book, before=None):
    (row,) = [row for row in public_year(book, before).rows if row.unit_id == "C1"]
    assert public_unit(book, "C1", before).total == row.total
    return row.total


@pytest.fixture(scope="module")
def both_told():
    """How many rated before a late one came → whether two editions say the total."""
    found = {}
    for size in range(1, 6):
        before, after = edition(size), edition(size + 1, C1=[0] * (size + 1))
        kept = {unit.unit_id: opinions(before, unit) for unit in before.units if told_total(before) is not None}
        found[size] = None not in (told_total(before), told_total(after, kept))
    return found


def value_of(panel, how):
    """What the reading makes of the marks; whole numbers as they are."""
    if how == "trimmed" and len(panel) >= 5:
        panel = panel[1:-1]
    return Fraction(sum(panel), len(panel))


@pytest.mark.parametrize(("steps", "largest"), [(4, 5), (10, 3), (20, 2)])
@pytest.mark.parametrize("how", ["mean", "trimmed"])
def test_no_mark_follows_from_two_editions_with_their_totals(both_told, how, steps, largest):
    """Panels before and after a late mark on scales in quarters, tenths and twentieths; as the rule says, and as if
    both totals were told: then marks do follow, so the enumeration finds what there is to be found.
    """
    ways = {
        "by the rule": lambda size, shift: shift if both_told[size] else None,
        "were both told": lambda size, shift: shift,
    }
    pinned = dict.fromkeys(ways, 0)
    for name, told_of in ways.items():
        late, others = defaultdict(set), defaultdict(set)
        for size in range(1, largest + 1):
            for before in combinations_with_replacement(range(steps + 1), size):
                was = value_of(before, how)
                for mark in range(steps + 1):
                    now = value_of(tuple(sorted((*before, mark))), how)
                    halves = (2 * was >= steps if size >= FEWEST else None), (2 * now >= steps if size >= 2 else None)
                    seen = size, halves, told_of(size, now - was)
                    late[seen].add(mark)
                    others[seen].update(before)
        pinned[name] = sum(len(marks) < 2 for marks in (*late.values(), *others.values()))
    assert pinned["by the rule"] == 0
    assert pinned["were both told"] > 0


@pytest.mark.parametrize("late", [2, 3, 4])
def test_no_mark_follows_from_more_editions_of_a_unit_page(late):
    """One more rater an edition, a scale in quarters; the median, of which this does not hold, is not told at all."""
    worlds = defaultdict(set)
    for size in range(1, 8 - late):
        for first in combinations_with_replacement(range(5), size):
            for marks in product(range(5), repeat=late):
                panels = [(*first, *marks[:n]) for n in range(late + 1)]
                seen = size, *(2 * sum(panel) >= 4 * len(panel) for panel in panels if len(panel) >= FEWEST)
                for place, mark in enumerate(marks):
                    worlds[place, seen].add(mark)
                worlds["before", seen].update(first)
    assert {seen: marks for seen, marks in worlds.items() if len(marks) < 2} == {}


def test_nothing_is_told_of_a_group_whose_marks_are_not_all_there():
    late, few = edition(3, C1=[1, 1]), edition(2)
    voteless = edition(3)
    voteless = replace(voteless, units=tuple(unit_with(unit, ballot_status="missing") for unit in voteless.units))
    (first, *others) = edition(3).units
    absent = replace(first, cast={**first.cast, "leader": Cast(marks=first.cast["leader"].marks[:1])})
    leaderless = replace(edition(3), units=(absent, *others))
    two = replace(edition(3), units=tuple(with_cast(unit, "leader", marks=2) for unit in edition(3).units))
    papers = replace(edition(3), units=tuple(with_cast(unit, "ballot", votes=2) for unit in edition(3).units))
    books = (late, LATE), (few, FEW), (voteless, LATE), (leaderless, LATE), (two, FEW), (papers, FEW)
    for book, why in books:
        table = public_year(book)
        assert table.open["yuanbu"].startswith(f"{why}，")
        assert {(row.rank, row.total, row.grade) for row in table.rows} == {(None, None, UNTOLD)}
        assert [row.unit_id for row in table.rows] == ["C1", "C2"]  # in the data's order, not by rank
        page = public_unit(book, "C2")
        assert (page.rank, page.total, page.grade) == (None, None, UNTOLD)
        final = public_year(replace(book, final="2019-09-20 定稿：会议"))
        assert final.open == {}
        assert None not in {row.total for row in final.rows}


def with_cast(unit, name, marks=0, votes=0):
    """A unit on which so many voted."""
    cast = unit.cast[name]
    return replace(
        unit, cast={**unit.cast, name: Cast({"excellent": Fraction(votes)} if votes else {}, cast.marks[:marks])}
    )


RATED_ALONE = "{id: J, name: 评, full: 10, rule: {kind: judged}}"
EACH = "{id: %s, name: 评%s, full: 10, rule: {kind: judged}}"
THREE_RATED = ", ".join(EACH % (name, name) for name in "JKL")


@pytest.mark.parametrize(
    ("written", "items", "told"),
    [
        (RATED_ALONE, "J", False),
        (RATED_ALONE.replace("full: 10,", "full: 10, each: month, fold: mean,"), "J", True),  # four panels, one a month
        (RATED_ALONE + ", {id: H, name: 半, full: 5, rule: {kind: product, parts: [0.5, {kind: score, of: J}]}}", "J",
         False),
        (THREE_RATED, "JKL", True),
        (f"{{id: best, name: 最好, combine: best, items: [{THREE_RATED}]}}", "JKL", False),
        ("{id: old, name: 上年, full: 10, rule: {kind: score, of: total, ago: 1}}, " + THREE_RATED, "JKL", True),
    ],
)  # fmt: skip
def test_no_total_is_told_from_which_one_panel_follows(written, items, told):
    head = MONTHS + f"items: [{{id: total, name: 总分, items: [{{id: A, name: 甲, rule: a}}, {written}]}}]\n"
    units = {
        unit: {"a": 1, "rated": dict.fromkeys(items, marks)} for unit, marks in (("U", (7, 8, 9)), ("V", (5, 5, 6)))
    }
    book = of_any_scheme("", units, head=head)
    assert open_groups(book, {}) == ({} if told else {"all": f"{ALONE}，{UNTIL_FINAL}"})
    assert open_groups(replace(book, final="2019-09-20 定稿：会议"), {}) == {}


def test_one_who_rates_each_month_is_one_rater():
    def rated(*given):
        rows = [Rating(rater, Fraction(5), period=period) for rater, periods in given for period in periods]
        return _raters(rows)

    assert rated(("甲", "1234")) == 1
    assert rated(("甲", "1234"), ("乙", "1234"), ("丙", "123")) == 2
    assert rated(("甲", ("",)), ("乙", "12"), ("丙", "12")) == 3
    assert rated(("甲", ("",)), ("乙", ("",))) == 2


def test_a_unit_of_another_number_is_not_taken_for_one_that_was_never_published():
    first = edition(3)
    known = {f"X{unit.unit_id}": opinions(first, unit) for unit in first.units}
    assert open_groups(first, known)["yuanbu"].startswith(CHANGED)


def test_what_was_published_is_not_published_again_with_other_marks_before_it_is_final(tmp_path):
    first, other, computed = edition(3), edition(3, C1=[1, 1, "0.5"]), edition(3)
    assert open_groups(first, published(tmp_path)) == {}
    publish(tmp_path, first)
    assert open_groups(first, published(tmp_path)) == open_groups(computed, published(tmp_path)) == {}
    for _ in range(2):  # once more changes nothing
        assert open_groups(other, published(tmp_path))["yuanbu"].startswith(CHANGED)
        publish(tmp_path, other)
    assert open_groups(first, published(tmp_path)) == {}
    final = replace(other, final="2019-09-20 定稿：会议")
    publish(tmp_path, final)
    assert open_groups(other, published(tmp_path)) == {}


def test_a_damaged_record_of_what_was_published_is_told_wherever_it_is(tmp_path):
    publish(tmp_path, edition(3))
    path, before = tmp_path / PUBLISHED, published(tmp_path)
    content = path.read_bytes()
    for place in range(len(content) - 1):
        for byte in (0x00, 0x20, 0x31, 0x7B, 0xFF):
            path.write_bytes(content[:place] + bytes([byte]) + content[place + 1 :])
            try:
                said = published(tmp_path)
            except DamagedError as error:
                said = str(error)
            assert said == before or str(path) in said  # a space for a line end changes nothing
    for other in (b"", b"null", b"[]", b'{"units": null, "sha256": ""}', b'{"units": {}, "sha256": 1}'):
        path.write_bytes(other)
        with pytest.raises(DamagedError, match="已损坏"):
            published(tmp_path)


@pytest.mark.parametrize("change", ["ballots", "leaders", "reading"])
def test_votes_and_readings_are_opinions_too(change):
    tables = plain_year(C1="college", C2="college")
    before = opinions(scored(tables), scored(tables).unit("C1"))
    for row in tables["ratings"]:
        if row["unit_id"] == "C1" and row["indicator"] == "B01":
            row["points"] /= 2
    rate(tables, "C1", "B01", 0, 0, 0, 0, 1)
    how = "trimmed" if change == "reading" else "mean"
    marks = opinions(scored(tables), scored(tables).unit("C1"))
    if change == "ballots":
        tables["ballots"][0]["qualified"] = 1
    if change == "leaders":
        tables["leader_ratings"][0]["score"] = 99
    book = scored(tables, how)
    assert len({before, marks, opinions(book, book.unit("C1"))}) == 3


def test_a_rating_of_few_values_is_not_published_at_all():
    tables = plain_year(C1="college", C2="college")
    for unit, marks in (("C1", (0, 0, "0.5")), ("C2", (1, 1, 1))):
        rate(tables, unit, "K1.2", *map(Fraction, marks))
    book = scored(tables)
    said = [said_of(item) for unit in ("C1", "C2") for item in public_unit(book, unit).items if item.id == "K1.2"]
    assert said == [(None, ("评分只有几种可能，不公开",))] * 2


def test_what_deductions_take_from_a_rating_is_not_told_where_it_runs_out():
    tables = plain_year(C1="college")
    rate(tables, "C1", "B39", "0.25", "0.25", 0, 0)
    for row in tables["metrics"]:
        if row["metric"] == "party_day_rate":
            row["value"] = Fraction(1, 2)
    book = scored(tables)
    cell = book.cell("C1", "B39")
    assert cell.points == 0
    assert "扣完为止，实扣 0.125 分" in cell.reason
    item = next(item for item in public_unit(book, "C1").items if item.id == "B39")
    assert item.points is None
    assert "0.125" not in "".join(item.reasons)
    assert "，扣 0.5 分" in "".join(item.reasons)


BALLOTS = [
    (size - low - bad, low, bad) for size in (1, 2, 3) for low in range(size + 1) for bad in range(size + 1 - low)
]
LEADERS = list(product((0, 25, 50, 75, 100), repeat=2))


def test_votes_do_not_follow_from_the_total_less_what_the_page_says():
    """One to three voters, two leaders: their page is the same, and every total but the extreme ones is of several."""
    tables = plain_year(**{f"C{n}": "college" for n in range(len(LEADERS))})
    for row in [*tables["ratings"]]:
        tables["ratings"] += [{**row, "rater": f"{row['rater']}{n}"} for n in (1, 2)]
    for n, (chief, deputy) in enumerate(LEADERS):
        votes = BALLOTS[n % len(BALLOTS)]
        tables["ballots"][n] |= dict(zip(("excellent", "qualified", "unqualified"), votes, strict=True))
        for row in tables["leader_ratings"]:
            if row["unit_id"] == f"C{n}":
                row["score"] = Fraction(chief if row["role"] == "chief" else deputy)
    book = scored(tables)
    pages = [public_unit(book, unit.unit_id) for unit in book.units]
    assert len({(page.items, page.sections) for page in pages}) == 1
    assert {item.points for page in pages for item in page.components} == {None}
    ballot = {BALLOTS[n]: book.unit(f"C{n}").points("ballot") for n in range(len(BALLOTS))}
    leader = {LEADERS[n]: book.unit(f"C{n}").points("leader") for n in range(len(LEADERS))}

    target = book.unit("C0").points("target")
    rated = sum(FULLS[name] for name in RATED)  # all of it given here; any more than half would look the same
    rest = [round(100 * (target - Fraction(n, 12))) for n in range(int(rated * 6))]
    worlds = defaultdict(set)
    for votes, scores in product(ballot, leader):
        sure = round(100 * (ballot[votes] + leader[scores]))
        for part in rest:
            worlds[sure + part].add((votes, scores))
    low, high = min(worlds), max(worlds)
    weight = 800  # what one voter alone moves from one end to the other, in hundredths
    between = {total: found for total, found in worlds.items() if low + weight < total < high - weight}
    assert len(between) > 1000
    for found in between.values():
        for size in {sum(votes) for votes, _ in found}:
            assert len({votes for votes, _ in found if sum(votes) == size}) > 1
        assert len({scores[0] for _, scores in found}) > 1
        assert len({scores[1] for _, scores in found}) > 1


def test_the_page_for_everyone_has_nothing_finer_than_hundredths():
    tables = plain_year(C1="college", C2="college", C3="college")
    rate(tables, "C1", "B01", 1, 1, 0)
    rows = public_year(replace(scored(tables), final="2019-09-20 定稿：会议")).rows
    assert all(100 % row.total.denominator == 0 for row in rows)


def test_a_remark_that_names_points_stays_inside():
    tables = plain_year(C1="college", C2="college")
    remarks = {"台账齐全": 1, "给0.75分": "0.75", "扣了四分之一，十分规范": "0.75", "可以打０．５": "0.5", "满分": 1,
               "缺 2 份记录": "0.5", "扣半分": "0.5", "态度十分端正": 1}  # fmt: skip
    rate(tables, "C1", "B01", *map(Fraction, remarks.values()))
    rows = [row for row in tables["ratings"] if (row["unit_id"], row["indicator"]) == ("C1", "B01")]
    for row, note in zip(rows, remarks, strict=True):
        row["note"] = note
    book = scored(tables)
    (item,) = [item for item in public_unit(book, "C1").items if item.id == "B01"]
    assert item.reasons[-1] == "评分说明：台账齐全；扣了四分之一，十分规范；缺 2 份记录；态度十分端正"
    assert "评分说明（写有分值）：给0.75分；可以打０．５；满分；扣半分" in book.cell("C1", "B01").reason
