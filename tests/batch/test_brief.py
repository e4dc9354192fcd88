"""The meeting's sheet: what it says is the year's, what it leaves out is counted, and it stays within its lines."""

import io
import re
from dataclasses import replace

import pytest
from docx import Document

from kaohe.analysis.movement import movement
from kaohe.batch.brief import FOR_MESSAGES, LONGEST, MORE, MOST_LINES, MOST_ROWS, WIDE, brief_of, not_best
from kaohe.batch.export import Page, page_of_template
from kaohe.batch.word import word_of
from kaohe.charts.decisions import open_decisions
from kaohe.charts.keymessages import key_messages
from kaohe.charts.notation import clauses, lines
from kaohe.files.timeless import DAY
from kaohe.scoring.book import OptionEffect, PolicyEffect, Shift
from tests.charts.books import changed, scored, two_years
from tests.crowded import crowded
from tests.moments import moments


@pytest.fixture(scope="module")
def book():
    found = two_years()
    return replace(found, synthetic=True, before=replace(found.before, synthetic=True))


def words(document):
    """Every paragraph and cell, those of tables inside tables too."""
    found = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        found += cells_of(table)
    return found


def cells_of(table):
    found = []
    for row in table.rows:
        for cell in row.cells:
            found += [paragraph.text for paragraph in cell.paragraphs]
            for inner in cell.tables:
                found += cells_of(inner)
    return found


def document_of(brief):
    return Document(io.BytesIO(word_of(brief)))


def height(brief):
    more = len(lines(brief.more, WIDE)) - MORE if brief.more else 0
    return sum(len(lines(said, WIDE)) for said in (*brief.decisions, *brief.messages)) + more


def test_it_holds_the_decisions_messages_and_both_rankings(book):
    brief = brief_of(book)
    found = open_decisions(book, short=True)
    assert len(brief.decisions) + len(brief.decisions_left) == len(found)
    left = zip(found[len(brief.decisions) :], brief.decisions_left, strict=True)
    assert all(said.startswith(each.what.partition("：")[0]) for each, said in left)
    assert all(decision.what in said for decision, said in zip(found, brief.decisions, strict=False))
    said = [clauses(each, LONGEST) for each in (*not_best(book), *key_messages(book))]
    assert list(brief.messages) == said[: len(brief.messages)]
    assert brief.marks == ("演示数据（合成）",)
    for key, group in zip(book.groups, brief.groups, strict=True):
        units = book.ranking(key)
        assert [row.name for row in group.rows] == [unit.name for unit in units]
        assert [row.total for row in group.rows] == [f"{float(unit.total):.2f}" for unit in units]
        assert [row.grade for row in group.rows] == [unit.grade for unit in units]
        climbed = {move.unit.name: move.climbed for move in movement(book, key).moves}
        assert [row.moved for row in group.rows] == [arrow(climbed.get(row.name)) for row in group.rows]
        assert [int(row.rank.removeprefix("并列")) for row in group.rows] == [unit.rank for unit in units]
        assert group.left == 0


def arrow(climbed):
    return "" if climbed is None else f"{'▲' if climbed > 0 else '▼'}{abs(climbed)}" if climbed else "="


def test_it_says_why_the_first_has_not_the_best_grade(book):
    first = book.ranking("department")[0]
    made = changed(book, {first.unit_id: {"grade": "合格", "declared": False}})
    told = [said for said in brief_of(made).messages if f"第 1 名{first.name}未具备申报条件（" in said]
    assert len(told) == 1
    assert told[0] in brief_of(made).messages[: len(book.groups)]
    vetoed = {"grade": "合格", "declared": True, "vetoed": True, "vetoes": ("一起事故",)}
    brief = brief_of(changed(book, {first.unit_id: vetoed}))
    assert [said for said in brief.decisions if said.startswith(f"否决事项（{first.name}）：一起事故")]
    assert not [said for said in brief.messages if f"第 1 名{first.name}" in said]


def test_word_is_written_in_a_size_that_is_read_across_a_table(book):
    document = document_of(brief_of(book))
    sizes = set()

    def of(paragraphs):
        sizes.update(run.font.size.pt for each in paragraphs for run in each.runs if run.text)

    of(document.paragraphs)
    for table in document.tables:
        for cell in (cell for row in table.rows for cell in row.cells):
            of(cell.paragraphs)
            for inner in (inner for grid in cell.tables for row in grid.rows for inner in row.cells):
                of(inner.paragraphs)
    assert min(sizes) >= 12
    fonts = next(part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml").blob
    for name in ("SimSun", "Songti SC", "Noto Serif CJK SC"):
        assert name in fonts.decode()


def test_a_tied_rank_says_so(book):
    first, second = book.ranking("yuanbu")[:2]
    made = changed(book, {second.unit_id: {"rank": first.rank, "total": first.total}})
    assert [row.rank for row in brief_of(made).groups[0].rows[:2]] == ["并列1", "并列1"]


def quiet(made):
    """A year with nothing to decide."""
    best = {unit.unit_id: {"grade": "优秀" if unit.rank <= made.groups[unit.group].quota else "合格", "vetoed": False}
            for unit in made.units}  # fmt: skip
    cells = tuple(replace(cell, status="scored") for cell in made.cells if cell.applicable)
    return replace(changed(made, best), cells=cells)


def test_a_quiet_year_says_there_is_nothing_to_decide():
    brief = brief_of(quiet(scored("2019-2020")))
    assert brief.decisions == ()
    assert "没有待决的事项。" in words(document_of(brief))
    assert "没有待决的事项。" in page_of_template("brief.html.j2", Page("x"), brief=brief)


def test_the_sheet_of_a_final_year_says_what_was_decided(book):
    brief = brief_of(replace(book, final="2020-07-15 定稿：会议通过"))
    open_before = [decision.what for decision in open_decisions(book, short=True)]
    assert brief.decisions[0] == "2020-07-15 定稿：会议通过。"
    assert all(what in said for what, said in zip(open_before, brief.decisions[1:], strict=False))
    for text in ("\n".join(words(document_of(brief))), page_of_template("brief.html.j2", Page("x"), brief=brief)):
        assert "定稿时决定的事项" in text
        assert not [word for word in ("待决", "需要会议决定") if word in text]


def test_however_much_there_is_it_stays_within_its_lines(book):
    brief = brief_of(crowded(book))
    assert height(brief) + brief.room == MOST_LINES
    assert brief.room >= 0
    assert len(brief.decisions_left) > 0
    assert f"另有 {len(brief.decisions_left)} 项：{brief.decisions_left[0]}" in brief.more
    assert brief.messages
    assert sum(len(lines(said, WIDE)) for said in brief.decisions) <= MOST_LINES - FOR_MESSAGES
    for key, group in zip(book.groups, brief.groups, strict=True):
        assert len(group.rows) < MOST_ROWS
        assert len(group.rows) + group.left == len(crowded(book).ranking(key))


def test_no_entry_ends_within_a_clause(book):
    moved = tuple(Shift(each.unit_id, 4, 5, each.grade, each.grade) for each in book.units)
    moved = tuple(replace(each, rank=place, rank_then=place + 1) for place, each in enumerate(moved, 1))
    policy = next(each for each in book.policies if each.origin == "default")
    options = (OptionEffect("x", "另一种读法", moved), OptionEffect("y", "又一种读法" * 6, moved))
    made = replace(quiet(book), effects=(PolicyEffect(policy.name, options),))
    (entry,) = (said for said in brief_of(made).decisions if f"（{policy.id}）" in said)
    assert "（余见总报告）——" in entry
    assert not [said for said in brief_of(made).decisions if "…——" in said]
    assert re.search(r"(变为第 \d+ 名|个单位名次变动)（余见总报告）——", entry)


def test_word_says_what_the_page_says(book):
    for made in (book, crowded(book)):
        brief = brief_of(made)
        said = "\n".join(words(document_of(brief)))
        page = page_of_template("brief.html.j2", Page(brief.title), brief=brief)
        for text in (brief.title, *brief.messages, *brief.decisions, *(row.total for row in brief.groups[0].rows)):
            assert text in said
            assert text.replace("<", "&lt;") in page
        for group in brief.groups:
            assert (f"另有 {group.left} 个单位" in said) == bool(group.left)
        assert "内部资料" in said
        assert "内部资料" in page
        assert "签字" in said


def test_word_has_its_title(book):
    brief = brief_of(book)
    assert document_of(brief).core_properties.title == brief.title != ""


def test_word_is_one_a4_sheet_with_margins(book):
    (section,) = document_of(brief_of(book)).sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_word_tells_no_moment_it_was_made(book):
    assert moments(word_of(brief_of(book))) == {DAY}


def test_what_people_typed_is_escaped(book):
    evil = changed(book, {unit.unit_id: {"name": "<img src=x>"} for unit in book.units})
    page = page_of_template("brief.html.j2", Page("x"), brief=brief_of(evil))
    assert "<img" not in page
    assert "&lt;img" in page
