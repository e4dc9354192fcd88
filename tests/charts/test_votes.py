from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.charts.style import table_of
from kaohe.charts.votes import count_title, mark_title, vote
from kaohe.scoring.book import Cast
from tests.charts.books import changed

GROUPS = ["yuanbu", "department"]


OPTIONS = ("excellent", "qualified", "unqualified")


def ballots(book, group):
    return vote(book, group, "ballot")


def leaders(book, group):
    return vote(book, group, "leader")


def ballot_title(book):
    return count_title("院部民主测评", book.ranking("yuanbu"), "ballot", book.votes["ballot"])


def leader_title(book):
    return mark_title("院部领导班子评价", book.ranking("yuanbu"), "leader", book.votes["leader"])


def cast(unit, **of):
    return {"cast": {**unit.cast, **of}}


def voted(book, **votes):
    """The book with ballots by unit."""
    papers = {unit: Cast(dict(zip(OPTIONS, map(Fraction, counts), strict=True))) for unit, counts in votes.items()}
    return changed(book, {unit: cast(book.unit(unit), ballot=paper) for unit, paper in papers.items()})


def led(book, scores):
    """The book in which every unit of yuanbu has these leaders' scores, or those named for it."""
    found = {
        unit.unit_id: tuple((role, Fraction(score)) for role, score in scores.get(unit.unit_id, scores[""]))
        for unit in book.ranking("yuanbu")
    }
    return changed(book, {unit: cast(book.unit(unit), leader=Cast(marks=marks)) for unit, marks in found.items()})


@pytest.mark.parametrize("group", GROUPS)
def test_shares_of_the_votes_add_up_to_the_whole(book, group):
    bars = ballots(book, group).data
    units = [unit for unit in book.ranking(group) if "ballot" in unit.cast]
    assert [bar.name for bar in bars] == ["优秀", "合格", "不合格"]
    for row, unit in enumerate(units):
        assert sum(bar.x[row] for bar in bars) == pytest.approx(1)
        paper = unit.cast["ballot"]
        counts = [float(count) for count in paper.counts.values()]
        assert [bar.x[row] * float(paper.votes) for bar in bars] == pytest.approx(counts)


def test_the_title_says_whose_votes_are_best_and_who_was_refused(book):
    units = book.ranking("yuanbu")
    votes = {unit.unit_id: (50, 45, 5) for unit in units} | {
        units[1].unit_id: (80, 20, 0),
        units[2].unit_id: (40, 40, 20),
    }
    said = ballot_title(voted(book, **votes))
    assert f"{units[1].name}优秀票比例最高（80%），最低 40%" in said
    assert f"{units[2].name}不合格票最多（20%）" in said


def test_equal_votes_are_said_to_be_equal(book):
    same = voted(book, **{unit.unit_id: (60, 40, 0) for unit in book.ranking("yuanbu")})
    assert ballot_title(same) == "院部民主测评：优秀票都占 60%；没有不合格票"


def test_no_votes_yet_is_said(book):
    none = replace(book, units=tuple(replace(unit, cast={}) for unit in book.units))
    assert "没有选票" in ballots(none, "yuanbu").layout.meta["title"]
    assert "没有评分" in leaders(none, "yuanbu").layout.meta["title"]


@pytest.mark.parametrize("group", GROUPS)
def test_every_leaders_score_is_a_point_and_none_has_a_name(book, group):
    span, *roles = leaders(book, group).data
    units = [unit for unit in book.ranking(group) if "leader" in unit.cast]
    found = sorted((x, y) for trace in roles for x, y in zip(trace.x, trace.y, strict=True))
    assert found == sorted(
        (float(mark), row) for row, unit in enumerate(units) for _, mark in unit.cast["leader"].marks
    )
    for row, unit in enumerate(units):
        assert span.x[3 * row] == min(float(mark) for _, mark in unit.cast["leader"].marks)
        assert span.x[3 * row + 1] == max(float(mark) for _, mark in unit.cast["leader"].marks)


def test_the_title_says_over_whom_the_leaders_differ(book):
    units = book.ranking("yuanbu")
    near, far = [("chief", 90), ("deputy", 88)], [("chief", 95), ("deputy", 78)]
    made = led(book, {"": [("chief", 90), ("deputy", 85)], units[0].unit_id: near, units[1].unit_id: far})
    said = leader_title(made)
    assert f"意见最不一致的是{units[1].name}（78～95，相差 17 分）" in said
    assert f"最一致的是{units[0].name}（2 分）" in said


@pytest.mark.parametrize(
    ("scores", "words"),
    [([("chief", 90), ("deputy", 90)], "评分都一致"), ([("chief", 90), ("deputy", 86)], "评分都相差 4 分")],
)
def test_leaders_who_differ_alike_everywhere(book, scores, words):
    assert words in leader_title(led(book, {"": scores}))


def test_the_table_holds_the_counts(book):
    unit = next(unit for unit in book.ranking("yuanbu") if "ballot" in unit.cast)
    table = table_of(ballots(book, "yuanbu"))
    assert unit.name in table
    count = int(unit.cast["ballot"].counts["excellent"])
    assert f">{count}<" in table
