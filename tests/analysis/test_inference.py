"""What anyone can compute from what is published of a rated item: every small panel there is, one edition and two.

Not from the total beside it, which is exact to a hundredth: of that the README says what it gives away. The attacker
knows the scale (quarters of the full mark), how many rate and who came late, and keeps every page.
"""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest

from kaohe.analysis.public import public_unit, public_year
from kaohe.scheme import shipped
from kaohe.scheme.policies import Decision, resolve
from kaohe.scoring.assemble import score_data
from tests.reference.figures import JUDGED
from tests.reference.plain import plain_year, rate
from tests.reference.years import full_marks
from tests.scoring.tables import year_data

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
    assert len({seen for size, seen in worlds if size == 3}) == 2  # something is told, that is


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
    ballot = {BALLOTS[n]: book.unit(f"C{n}").ballot_points for n in range(len(BALLOTS))}
    leader = {LEADERS[n]: book.unit(f"C{n}").leader_points for n in range(len(LEADERS))}

    target = book.unit("C0").target_points
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
    rows = public_year(scored(tables)).rows
    assert all(100 % row.total.denominator == 0 for row in rows)
