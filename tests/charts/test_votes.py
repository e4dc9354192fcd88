from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.charts.style import table_of
from kaohe.charts.votes import ballot_title, ballots, leader_title, leaders
from kaohe.scoring.book import LeaderScore
from tests.charts.books import changed

GROUPS = ["yuanbu", "department"]


def voted(book, **votes):
    """The book with ballots by unit."""
    return changed(book, {unit: {"ballots": tuple(map(Fraction, counts))} for unit, counts in votes.items()})


def led(book, scores):
    """The book in which every unit of yuanbu has these leaders' scores, or those named for it."""
    return changed(
        book,
        {
            unit.unit_id: {
                "leader_scores": tuple(
                    LeaderScore(role, Fraction(score)) for role, score in scores.get(unit.unit_id, scores[""])
                )
            }
            for unit in book.ranking("yuanbu")
        },
    )


@pytest.mark.parametrize("group", GROUPS)
def test_shares_of_the_votes_add_up_to_the_whole(book, group):
    bars = ballots(book, group).data
    units = [unit for unit in book.ranking(group) if unit.voters]
    assert [bar.name for bar in bars] == ["优秀", "合格", "不合格"]
    for row, unit in enumerate(units):
        assert sum(bar.x[row] for bar in bars) == pytest.approx(1)
        assert [bar.x[row] * unit.voters for bar in bars] == pytest.approx([float(count) for count in unit.ballots])


def test_the_title_says_whose_votes_are_best_and_who_was_refused(book):
    units = book.ranking("yuanbu")
    votes = {unit.unit_id: (50, 45, 5) for unit in units} | {
        units[1].unit_id: (80, 20, 0),
        units[2].unit_id: (40, 40, 20),
    }
    said = ballot_title("院部民主测评", voted(book, **votes).ranking("yuanbu"))
    assert f"{units[1].name}优秀票比例最高（80%），最低 40%" in said
    assert f"{units[2].name}不合格票最多（20%）" in said


def test_equal_votes_are_said_to_be_equal(book):
    same = voted(book, **{unit.unit_id: (60, 40, 0) for unit in book.ranking("yuanbu")})
    assert ballot_title("院部民主测评", same.ranking("yuanbu")) == "院部民主测评：优秀票都占 60%；没有不合格票"


def test_no_votes_yet_is_said(book):
    none = replace(book, units=tuple(replace(unit, ballots=(), leader_scores=()) for unit in book.units))
    assert "没有选票" in ballots(none, "yuanbu").layout.meta["title"]
    assert "没有评分" in leaders(none, "yuanbu").layout.meta["title"]


@pytest.mark.parametrize("group", GROUPS)
def test_every_leaders_score_is_a_point_and_none_has_a_name(book, group):
    span, *roles = leaders(book, group).data
    units = [unit for unit in book.ranking(group) if unit.leader_scores]
    found = sorted((x, y) for trace in roles for x, y in zip(trace.x, trace.y, strict=True))
    assert found == sorted((float(each.score), row) for row, unit in enumerate(units) for each in unit.leader_scores)
    for row, unit in enumerate(units):
        assert span.x[3 * row] == min(float(each.score) for each in unit.leader_scores)
        assert span.x[3 * row + 1] == max(float(each.score) for each in unit.leader_scores)


def test_the_title_says_over_whom_the_leaders_differ(book):
    units = book.ranking("yuanbu")
    near, far = [("chief", 90), ("deputy", 88)], [("chief", 95), ("deputy", 78)]
    made = led(book, {"": [("chief", 90), ("deputy", 85)], units[0].unit_id: near, units[1].unit_id: far})
    said = leader_title("院部领导班子评价", made.ranking("yuanbu"))
    assert f"意见最不一致的是{units[1].name}（78～95，相差 17 分）" in said
    assert f"最一致的是{units[0].name}（2 分）" in said


@pytest.mark.parametrize(
    ("scores", "words"),
    [([("chief", 90), ("deputy", 90)], "评分都一致"), ([("chief", 90), ("deputy", 86)], "评分都相差 4 分")],
)
def test_leaders_who_differ_alike_everywhere(book, scores, words):
    assert words in leader_title("院部领导班子评价", led(book, {"": scores}).ranking("yuanbu"))


def test_the_table_holds_the_counts(book):
    unit = next(unit for unit in book.ranking("yuanbu") if unit.voters)
    table = table_of(ballots(book, "yuanbu"))
    assert unit.name in table
    assert f">{int(unit.ballots[0])}<" in table
