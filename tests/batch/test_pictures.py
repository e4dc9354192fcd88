"""Figures as pictures: found on a page as they were drawn, kept while they are current, dropped when they are not."""

import base64
import io
import os
import sys

import pytest
from docx import Document

from kaohe.batch import pictures
from kaohe.batch.brief import brief_of
from kaohe.batch.export import Page, charts_of, page_of_template
from kaohe.batch.pictures import DrawError, drawn, figures_of, outdated_pictures, picture_of, save_pictures, staged
from kaohe.batch.printing import NoChromiumError
from kaohe.batch.word import word_of
from kaohe.charts.ranking import ranking
from kaohe.charts.votes import vote
from kaohe.files.sets import whole_set
from tests.charts.books import renamed, two_years

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def book():
    return two_years()


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """Something that draws as Chromium does: an image for each figure it is given, or nothing where one is broken."""
    if os.name != "posix":
        pytest.skip("the stand-in for a browser is a script")
    program = tmp_path / "chromium"
    program.write_text(
        f"#!{sys.executable}\n"
        "import json, re, sys, urllib.parse, urllib.request\n"
        "text = open(urllib.request.url2pathname(urllib.parse.urlparse(sys.argv[-1]).path)).read()\n"
        "figures = json.loads(re.search(r'id=\"figures\">(.*?)</script>', text, re.DOTALL)[1])\n"
        "if 'broken' in text: sys.exit('no canvas')\n"
        f"print('<img src=\"data:image/png;base64,{base64.b64encode(PNG).decode()}\">' * len(figures))\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setattr(pictures, "find_chromium", lambda: program)


def page_of(book):
    charts = charts_of([ranking(book, "yuanbu"), vote(book, "yuanbu", "leader")], Page("页"))
    return page_of_template("failed.html.j2", Page("x"), charts=charts, title="x", error="", notebook="x").replace(
        "</main>", "".join(chart.division for chart in charts) + "</main>"
    )


@pytest.fixture
def page(tmp_path, book):
    path = tmp_path / "out" / "2018-2019" / "units" / "C01.html"
    path.parent.mkdir(parents=True)
    path.write_text(page_of(book), encoding="utf-8")
    return path


def test_a_pages_figures_are_the_ones_that_were_drawn(book):
    named = renamed(book, {"C1": "甲&乙<丙>"})
    found = figures_of(page_of(named))
    for figure, real in zip(found, (ranking(named, "yuanbu"), vote(named, "yuanbu", "leader")), strict=True):
        whole = real.to_plotly_json()
        assert figure["layout"]["title"]["text"] == whole["layout"]["title"]["text"]
        assert figure["layout"]["height"] == whole["layout"]["height"]
        assert 0 <= figure["layout"]["margin"]["t"] - whole["layout"]["margin"]["t"] <= 8  # a page keeps a little
        hovers = [trace.get("hovertext") for trace in whole["data"]]
        assert [trace.get("hovertext") for trace in figure["data"]] == [list(x) if x else x for x in hovers]


@pytest.mark.usefixtures("browser")
def test_pictures_are_kept_until_their_figure_changes(page, book):
    places = [picture_of(page, number) for number in (1, 2)]
    assert [place.relative_to(page.parents[1]).as_posix() for place in places] == [
        "pictures/units/C01-1.png",
        "pictures/units/C01-2.png",
    ]
    assert sorted(save_pictures([page]).printed) == places
    assert all(place.read_bytes().startswith(PNG) for place in places)
    assert save_pictures([page]).kept == places
    page.write_text(page_of(renamed(book, {"C1": "另一个名称"})), encoding="utf-8")
    assert sorted(save_pictures([page]).printed) == places


@pytest.mark.usefixtures("browser")
def test_pictures_of_figures_that_are_no_more_go_and_others_stay(page, book, tmp_path):
    root = tmp_path / "out"
    save_pictures([page])
    by_hand = picture_of(page, 1).with_name("照片-1.png")
    by_hand.write_bytes(PNG)
    with whole_set(root) as stage:
        assert list(outdated_pictures(stage)) == []
        stage.write(stage.name(page), page_of(book).replace('data-chart="chart-1"', 'data-chart="gone"'))
        assert list(outdated_pictures(stage)) == ["2018-2019/pictures/units/C01-2.png"]
        stage.drop(outdated_pictures(stage))
    assert picture_of(page, 1).is_file()
    assert by_hand.is_file()
    assert not picture_of(page, 2).exists()


@pytest.mark.usefixtures("browser")
def test_the_set_takes_pictures_along_and_draws_no_figure_twice(page, book, tmp_path, monkeypatch):
    with whole_set(tmp_path / "out") as stage:
        first = staged(stage, page, page_of(book))
        assert list(outdated_pictures(stage)) == []
    assert [each[: len(PNG)] for each in first] == [PNG, PNG]
    monkeypatch.setattr(pictures, "drawn", None)
    with whole_set(tmp_path / "out") as stage:
        assert staged(stage, page, page_of(book)) == first


@pytest.mark.usefixtures("browser")
def test_a_page_that_fails_is_told_and_does_not_stop_the_rest(page, book):
    other = page.with_name("C02.html")
    other.write_text(page_of(renamed(book, {"C1": "broken"})), encoding="utf-8")
    done = save_pictures([page, other])
    assert len(done.printed) == 2
    assert "no canvas" in done.failed[other]
    with pytest.raises(DrawError, match="没有画出全部 2 张图"):
        drawn(figures_of(other.read_text(encoding="utf-8")))


def test_without_a_browser_it_says_so_in_chinese(page, monkeypatch):
    monkeypatch.setattr(pictures, "find_chromium", lambda: None)
    with pytest.raises(NoChromiumError, match="存为图片"):
        save_pictures([page])


def test_the_brief_carries_its_pictures_on_a_sheet_of_their_own(book):
    bare, full = (Document(io.BytesIO(word_of(brief_of(book), pictures))) for pictures in ((), (PNG, PNG)))
    assert len(full.inline_shapes) == 2
    assert len(bare.inline_shapes) == 0
    assert "附图" in [paragraph.text for paragraph in full.paragraphs]
    assert "附图" not in [paragraph.text for paragraph in bare.paragraphs]
    assert all(shape.height.mm <= 126 for shape in full.inline_shapes)
