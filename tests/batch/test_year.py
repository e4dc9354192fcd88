"""The page of a minute, the brief and the site's index: in the order a leader needs, true to the year's book."""

import re
from html import unescape

import pytest
from docx import Document

from kaohe.analysis.questions import QUESTIONS
from kaohe.charts.decisions import open_decisions
from kaohe.charts.keymessages import key_messages
from kaohe.scoring.bookfile import read_book
from tests.reporting import YEAR

pytestmark = [pytest.mark.slow, pytest.mark.notebook]


@pytest.fixture(scope="module")
def book(reported):
    return read_book(reported.data / "processed" / YEAR / "book.json")


@pytest.fixture(scope="module")
def index(reported):
    return (reported.folder / "index.html").read_text(encoding="utf-8")


def test_the_answer_comes_first_then_charts_what_is_open_messages_and_units(index):
    heads = [re.sub("（.*", "", head) for head in re.findall(r"<h2[^>]*>(.*?)</h2>", index)]
    asked = ["还可以问"] if QUESTIONS else []
    assert heads == ["名次", "待决事项", "要点", "各单位", *asked, "考核程序", "全部页面"]
    assert index.index("kh-todo") < index.index("kh-card") < index.index('class="chart"') < index.index("待决事项（")


def test_every_open_decision_and_message_is_on_it(index, book):
    found = open_decisions(book, short=True)
    assert found
    assert f"待决事项（{len(found)} 项）" in index
    assert index.count('class="kh-act"') == len(found)
    shown = unescape(re.sub(r"</?a\b[^>]*>", "", index))  # what they name leads to its row
    for decision in found:
        assert f"<strong>{unescape(decision.what)}</strong>" in shown
    assert key_messages(book)
    for said in key_messages(book):
        assert f"<li>{unescape(said)}</li>" in shown


def test_the_book_knows_what_other_readings_would_change(book):
    assert {effect.policy for effect in book.effects} == {policy.name for policy in book.policies}


def test_it_leads_to_every_page_of_the_year(reported, index, book):
    leads = set(re.findall(r'href="([^"#]+)"', index))
    assert {"annual.html", "method.html", "check.html", "brief.html", "brief.docx", "public/index.html"} <= leads
    assert {f"units/{unit.unit_id}.html" for unit in book.units} <= leads
    assert index.count('class="chart"') == len([key for key in book.groups if book.ranking(key)])


def test_the_brief_stands_beside_it_as_a_page_and_for_word(reported):
    page = (reported.folder / "brief.html").read_text(encoding="utf-8")
    document = Document(reported.folder / "brief.docx")
    for text in ("内部资料", f"{YEAR} 学年综合目标考核情况汇报", "需要会议决定的事项"):
        assert text in page
        assert any(text in paragraph.text for paragraph in document.paragraphs)


def test_the_method_page_says_how_every_indicator_is_scored(reported, book):
    page = (reported.folder / "method.html").read_text(encoding="utf-8")
    for info in book.indicators.values():
        assert info.name in page
    assert page.count("kh-fold") > len({unit.unit_id for unit in book.units if unit.group == "department"})


def test_the_sites_index_says_how_the_year_stands(reported, book):
    text = (reported.out / "index.html").read_text(encoding="utf-8")
    assert f"待决 {len(open_decisions(book, short=True))} 项：" in text
    for key, group in book.groups.items():
        best = [unit.name for unit in book.ranking(key) if unit.grade == "优秀"]
        if best:
            assert f"{group.name}优秀：{'、'.join(best)}" in unescape(text)
    assert "演示数据（合成）" in text
    asked = [each for each in QUESTIONS if each.brief and (reported.folder / f"{each.id}.html").is_file()]
    assert asked
    for each in asked:
        assert f'<a href="{YEAR}/{each.id}.html">{each.brief}</a>' in text
