"""Folded parts of a page: closed on the screen, there on paper, closed again; a figure's table stays closed."""

import pytest

from kaohe.batch.export import Page, page_of_body
from kaohe.charts.html import Html, fold


@pytest.fixture
def folded(page, tmp_path):
    behind = '<details class="kh kh-behind"><summary>数据表</summary><p id="behind">表</p></details>'
    body = f"{fold('教学工作', Html('<p id=inside>怎样计分</p>'))}{fold('已开', Html('<p>x</p>'), opened=True)}{behind}"
    path = tmp_path / "page.html"
    path.write_text(page_of_body(body, Page("办法")), encoding="utf-8")
    page.goto(path.as_uri())
    return page


def test_a_fold_opens_for_paper_and_closes_again(folded):
    assert not folded.locator("#inside").is_visible()
    folded.evaluate("dispatchEvent(new Event('beforeprint'))")
    folded.emulate_media(media="print")
    assert folded.locator("#inside").is_visible()
    assert not folded.locator("#behind").is_visible()
    folded.emulate_media(media="screen")
    folded.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not folded.locator("#inside").is_visible()
    assert folded.locator("details[open]").count() == 1


def test_a_fold_opens_by_the_keyboard(folded):
    folded.locator("summary", has_text="教学工作").focus()
    folded.keyboard.press("Enter")
    assert folded.locator("#inside").is_visible()
