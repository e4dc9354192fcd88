"""Votes as a scheme declares them: counts and marks, groups of voters, facets; from their papers to points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kaohe.intake import read_year
from tests.intake.toy import HEAD, MARKS, TALL, UNITS, VOTES, WIDE, errors, put, totals


def test_votes_of_several_kinds_in_a_row_an_option_or_a_column_an_option(tmp_path: Path) -> None:
    # A1: (80 × 1 + 100 × 3) ÷ 4 = 95; 7.5 of 10; the middle mark 9 of 10 twice. A2: 60; 10; 5 of 10.
    expected = {"A1": 38 + 15 + 27 + 9, "A2": 24 + 20 + 15 + 5}
    for year, ballots in (("2020", TALL), ("2021", WIDE)):
        raw = put(tmp_path, year, HEAD + VOTES, ballots=ballots, leader_ratings=MARKS)
        assert errors(read_year(raw, year)) == []
        assert totals(raw, year) == expected


def test_a_paper_that_the_vote_does_not_take_is_left_out_and_told(tmp_path: Path) -> None:
    marks = [*MARKS, *(("A1", "work", "丁", 7), ("A2", "work", "丁", 7))]
    intake = read_year(put(tmp_path, "2021", HEAD + VOTES, ballots=WIDE, leader_ratings=marks), "2021")
    (finding,) = [each for each in intake.findings if each.code == "invalid-paper"]
    assert "评委 丁 对全体的互评（工作）评分作废：2 个单位都给 7 分" in finding.message
    assert intake.data is not None
    assert {mark.voter for mark in intake.data.marks["A1", "peers", "work"]} == {"甲", "乙", "丙"}


def test_what_is_lacking_of_a_vote_is_told_by_its_item(tmp_path: Path) -> None:
    rows = [row for row in TALL if row[:3] != ("A2", "staff", "outside")]
    intake = read_year(put(tmp_path, "2021", HEAD + VOTES, ballots=rows, leader_ratings=MARKS[:-1]), "2021")
    assert [(each.unit, each.what, each.office) for each in intake.missing] == [("A2", "职工", "考核办公室")]
    absent = (HEAD + VOTES).replace("    out_of: 100", "    out_of: 100\n    absent: others")
    intake = read_year(put(tmp_path, "2020", absent, ballots=rows, leader_ratings=MARKS), "2020")
    assert intake.ok
    assert totals(tmp_path, "2020")["A2"] == 24 + 20 + 15 + 5


def test_voters_are_asked_only_about_units_that_the_vote_is_about(tmp_path: Path) -> None:
    lone = "categories: {team: {name: 团队, group: all}, lone: {name: 独立, group: all}}"
    scheme = HEAD.replace("categories: {team: {name: 团队, group: all}}", lone) + VOTES
    units = [("单位编号", "单位名称", "类别"), *UNITS, ("B1", "丙", "独立")]
    for year, (applies, told) in {"2020": ("[team]", []), "2021": ("[team, lone]", ["甲", "乙", "丙"] * 2)}.items():
        own = scheme.replace("full: 30,", f"full: 30, applies: {applies},")
        own = own.replace("full: 10,", f"full: 10, applies: {applies},")
        intake = read_year(put(tmp_path, year, own, units=units, ballots=WIDE, leader_ratings=MARKS), year)
        gaps = [each.message for each in intake.findings if each.code == "rater-gaps"]
        assert gaps == [f"评委 {who} 有漏评：B1，按已有的评分计算" for who in told]


def test_each_vote_and_group_of_voters_has_its_own_usual_number(tmp_path: Path) -> None:
    units = [("单位编号", "单位名称", "类别"), *UNITS, ("A3", "丙队", "团队"), ("A4", "丁队", "团队")]
    ballots: list[Sequence[Any]] = [WIDE[0]]
    for unit in ("A1", "A2", "A3", "A4"):
        ballots += [(unit, "staff", "本单位", 5, 0, "", ""), (unit, "staff", "外单位", 40, 10, "", "")]
        ballots += [(unit, "service", "", "", "", 300, 100)]
    for year, (row, told) in {"2020": (ballots[-1], []), "2021": (("A4", "", "", "", "", 3000, 1000), [4000])}.items():
        intake = read_year(put(tmp_path, year, HEAD + VOTES, units=units, ballots=[*ballots[:-1], row]), year)
        found = [each.message for each in intake.findings if each.code == "votes-total"]
        assert found == [f"两项票数合计 {votes}，其他单位一般为 400：是否多写、少写了一位？" for votes in told]
