"""Tables hold what the ScoreBook holds, escape what people typed, and sort by exact values."""

import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from kaohe.analysis.breakdown import by_component, lost_points
from kaohe.charts.decisions import decisions_table
from kaohe.charts.evidence import checks_table, missed_table, missed_with_full_marks, unsure_table
from kaohe.charts.html import Cell, Html, bullets, join, table, text
from kaohe.charts.points import losses_table, points_table, votes_table
from kaohe.charts.tables import (
    changed_policies_table,
    consequences_table,
    policies_table,
    ranking_table,
    years_table,
)
from kaohe.rules import Sentence
from kaohe.scoring.decided import Declared
from tests.charts.books import all_equal, changed, only, renamed, scored


class Reader(HTMLParser):
    """The rows of a table as lists of texts, and the exact values to sort by."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.sorts, self.kinds = [], [], []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "tr":
            self.rows.append([])
            self.sorts.append([])
            self.kinds.append(attrs.get("class", ""))
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.sorts[-1].append(attrs.get("data-sort"))
            self.inside = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.inside = False
            if self.sorts[-1][-1] is None:  # what is shown says it exactly
                self.sorts[-1][-1] = self.rows[-1][-1]

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data


def rows(html):
    """Without the heading row."""
    return Reader(html).rows[1:]


GROUPS = ["yuanbu", "department"]


@pytest.mark.parametrize("group", GROUPS)
def test_ranking_has_every_unit_with_exact_values_to_sort_by(book, group):
    read = Reader(ranking_table(book, group))
    units = book.ranking(group)
    assert [row[1] for row in read.rows[1:]] == [unit.name for unit in units]
    for unit, row, sorts in zip(units, read.rows[1:], read.sorts[1:], strict=True):
        values = [*by_component(book, unit).values(), unit.total]
        assert [float(sort) for sort in sorts[2:-1]] == [float(value) for value in values]
        assert float(sorts[0]) == unit.rank
        assert row[-1] == unit.grade
        assert all(re.fullmatch(r"−?\d+\.\d{2,}", cell) for cell in row[2:-1])


def test_a_conversion_has_its_own_column():
    heads = Reader(ranking_table(scored(policies=(("rescale", "combined"),)), "yuanbu")).rows[0]
    assert "折算" in heads


def test_ties_say_so(book):
    assert all(row[0] == "并列 1" for row in rows(ranking_table(all_equal(book), "yuanbu")))


def test_consequences_say_what_follows(book):
    first, second, third = book.ranking("yuanbu")[:3]
    made = changed(
        book,
        {
            first.unit_id: {"grade": "合格", "vetoed": True, "declared": True, "bonus_eligible": True, "rectify": False,
                            "last_two_years": None, "outstanding_award": False, "vetoes": ("较严重安全责任事故",),
                            "declarations": (Declared("innovation", "创新性工作", "新", True),)},
            second.unit_id: {"grade": "优秀", "vetoed": False, "declared": True, "bonus_eligible": True,
                             "rectify": False, "last_two_years": False, "outstanding_award": True, "declarations": ()},
            third.unit_id: {"grade": "不合格", "vetoed": False, "declared": False, "bonus_eligible": False,
                            "rectify": True, "last_two_years": True, "outstanding_award": False, "declarations": ()},
        },
    )  # fmt: skip
    one, two, three = rows(consequences_table(made, "yuanbu"))[:3]
    assert one[2:] == [
        "合格 有否决事项",
        "已认定创新性工作：《新》，已认定",
        "有较严重安全责任事故",
        "发放",
        "–",
        "无上一学年数据",
        "–",
    ]
    assert two[2:] == ["优秀", "已认定", "–", "发放", "–", "–", "获奖"]
    assert three[2:] == ["不合格", "–", "–", "不发放", "限期整改", "通报批评", "–"]


@pytest.mark.parametrize("unit", ["C1", "SZ", "D03"])
def test_points_list_every_applicable_indicator_with_its_reason(book, unit):
    read = Reader(points_table(book, unit))
    found = {row[0]: row for row, kind in zip(read.rows[1:], read.kinds[1:], strict=True) if not kind}
    cells = {cell.indicator.removeprefix(f"{unit}."): cell for cell in book.cells_of(unit) if cell.applicable}
    assert list(found) == list(cells)
    for key, cell in cells.items():
        row = found[key]
        assert book.indicators[cell.indicator].name in row[1]
        assert row[2] == f"{float(cell.max_points):.2f}"
        assert cell.reason in row[-1]
        assert cell.clause in row[-1]
        assert (row[4] == "–") == (not cell.deducted)
        assert (row[5] == "–") == (not cell.capped)


def test_points_name_what_does_not_apply_and_why(book):
    html = points_table(book, "SZ")
    assert "不适用的指标" in html
    for cell in book.cells_of("SZ"):
        if not cell.applicable:
            assert book.indicators[cell.indicator].name in html
            assert cell.reason in html


def test_points_say_how_conversion_went(book):
    unit = book.unit("SZ")
    assert f"/ {float(unit.nodes['key'].own_full):g}，折算为" in points_table(book, "SZ")


def test_section_rows_hold_the_sums(book):
    read = Reader(points_table(book, "C1"))
    sums = [row for row, kind in zip(read.rows, read.kinds, strict=True) if kind == "section" and len(row) > 1]
    for row, (section, cells) in zip(sums, book.sections_of("C1"), strict=True):
        assert section.name in row[0]
        assert Fraction(row[1]) == sum(cell.max_points for cell in cells)


def test_losses_come_dearest_first(book):
    wanted = lost_points(book, "C1")[:5]
    found = rows(losses_table(book, "C1", 5))
    assert [row[0] for row in found] == [each.cell.indicator for each in wanted]
    assert all(each.cell.reason in row[4] for each, row in zip(wanted, found, strict=True))


def test_votes_say_how_they_were_counted(book):
    (ballot, leader) = rows(votes_table(book, "C1"))
    assert ballot[3] == "；".join(each.text for each in book.unit("C1").nodes["ballot"].sentences)
    assert leader[3] == "；".join(each.text for each in book.unit("C1").nodes["leader"].sentences)


def test_policies_show_all_and_those_decided_first():
    book = scored(policies=(("fail_line", "0.7"),))
    found = [row for row in rows(policies_table(book)) if row[0] != "编号"]  # the head of the fold
    assert len(found) == len(book.policies)
    assert found[0][0] == "P12"
    assert "本次试算" in found[0][3]
    assert all("默认读法" in row[3] for row in found[1:])


def test_checks_missed_with_full_marks_are_found_and_no_others(book):
    wanted = {
        (check.unit, check.indicator, check.text)
        for check in book.checks
        if check.met is False and book.cell(check.unit, check.indicator).points
        >= book.cell(check.unit, check.indicator).max_points
    }  # fmt: skip
    assert wanted
    assert {(check.unit, check.indicator, check.text) for check in missed_with_full_marks(book)} == wanted
    assert len(rows(missed_table(book))) == len(wanted)


def test_a_units_checks_come_missed_first(book):
    found, checks = checks_table(book, "C1"), book.checks_of("C1")
    said = [row[-1] for row in rows(found)]
    assert len(said) == sum(check.met is not None for check in checks) > 1
    assert said == sorted(said, key=["未达到", "达到"].index)
    lacking = [check for check in checks if check.met is None]
    assert f"未上报的 {len(lacking)} 处：" in found
    assert all(text(f"{check.indicator} {check.text}") in found for check in lacking)


def test_unsure_points_are_all_listed(book):
    doubtful = [cell for cell in book.cells if cell.status in ("missing", "disputed")]
    assert len(rows(unsure_table(book))) == len(doubtful)
    made = changed(book, {"C1": {"ballot_status": "missing"}})
    assert any(row[2] == "民主测评" for row in rows(unsure_table(made)))


def test_years_stand_side_by_side(books):
    found = {row[0]: row for row in rows(years_table(books, "yuanbu"))}
    for unit in books[1].ranking("yuanbu"):
        before = books[0].unit(unit.unit_id)
        row = found[unit.name]
        assert row[1].endswith(str(before.rank))
        assert row[4].endswith(str(unit.rank))
        assert (row[3], row[6]) == (before.grade, unit.grade)


def test_only_policies_that_differ_are_listed():
    one, other = scored(), replace(scored(policies=(("fail_line", "0.7"),)), year="2020-2021")
    assert [row[0] for row in rows(changed_policies_table([one, other]))] == ["P12"]
    assert "各学年采用的读法相同" in changed_policies_table([one, replace(one, year="2020-2021")])


def test_everything_typed_is_escaped(book):
    evil = '<img src=x onerror="alert(1)">'
    made = renamed(book, {unit.unit_id: evil for unit in book.units})
    made = replace(
        made,
        cells=tuple(replace(cell, sentences=(Sentence(evil),)) for cell in made.cells),
        policies=tuple(replace(policy, reason=evil, origin="year") for policy in made.policies),
        checks=tuple(replace(check, text=evil) for check in made.checks),
        indicators={key: replace(info, name=evil) for key, info in made.indicators.items()},
    )
    made = changed(made, {unit.unit_id: {"ballot_sentences": (Sentence(evil),)} for unit in made.units})
    tables = [
        *(draw(made, group) for draw in (ranking_table, consequences_table) for group in GROUPS),
        *(draw(made, "C1") for draw in (points_table, losses_table, votes_table, checks_table)),
        *(draw(made) for draw in (decisions_table, policies_table, missed_table, unsure_table)),
        years_table([made], "yuanbu"),
    ]
    for html in tables:
        assert "<img" not in html
    assert "&lt;img" in tables[0]


def test_no_rows_say_so(book):
    assert "kh-empty" in ranking_table(only(book, "D03"), "yuanbu")
    assert "没有失分的指标" in losses_table(replace(book, cells=()), "C1")


def test_small_html_escapes_once():
    assert text("<") == "&lt;"
    assert text(text("<")) == "&lt;"
    assert join(["<", Html("<b>x</b>"), "", None], "|") == "&lt;|<b>x</b>"
    assert bullets(["<"]) == '<ul class="kh kh-points"><li>&lt;</li></ul>'
    assert bullets([]) == ""
    assert 'data-sort="-1e99"' in table(["x"], [[Cell("–", sort=float("-inf"))]])
