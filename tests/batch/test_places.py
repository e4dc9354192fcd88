"""Every unit, item, reading and clause a page names leads to the row it has; nothing leads to itself or nowhere."""

import json
import re

import nbformat
import pytest

from kaohe.batch.contents import with_parts
from kaohe.batch.export import Page, page_of_body, page_of_notebook
from kaohe.batch.lookup import lookup
from kaohe.batch.pinyin import initials
from kaohe.batch.places import Place, Places, led
from tests.reporting import YEAR

PLACES = Places(
    (
        Place("C01", "商学院", "单位", "units/C01.html"),
        Place("商学院", "", "", "units/C01.html"),
        Place("B1", "班子", "指标", "method.html#B1"),
        Place("B10", "团学", "指标", "method.html#B10"),
        Place("D03.T2", "值班", "指标", "method.html#D03.T2", "D03", "T2"),
        Place("P16", "怎样申报", "读法", "method.html#P16"),
        Place("附件·一", "附件·一", "条款", "method.html#B1"),
        Place("<甲>处", "", "", "units/D09.html"),
    )
)


def ways(body, here="annual.html", up="", inside=False):
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', led(body, PLACES, up, here, inside=inside))


def test_every_mention_leads_to_its_row():
    assert ways("<p>商学院 B10、P16（附件·一）；&lt;甲&gt;处</p>") == [
        ("units/C01.html", "商学院"),
        ("method.html#B10", "B10"),
        ("method.html#P16", "P16"),
        ("method.html#B1", "附件·一"),
        ("units/D09.html", "&lt;甲&gt;处"),
    ]
    assert ways("<p>P16</p>", "units/C01.html", "../") == [("../method.html#P16", "P16")]


@pytest.mark.parametrize(
    "said",
    [
        *("B100", "AB1", "附件·一·2", "商学院.xlsx", "B1.5", "T2"),
        *(
            "<h2>P16</h2>",
            '<p title="P16">',
            "<a href='x'><b>P16</b></a>",
            "<summary>C01</summary>",
            "<style>B1</style>",
        ),
    ],
)
def test_what_is_part_of_something_else_leads_nowhere(said):
    assert ways(said) == []


def test_what_has_its_row_on_the_page_leads_there_and_no_row_to_itself():
    row = '<p>B1</p><tr id="B1"><td>B1</td><td>附件·一</td></tr>'
    assert ways(row, "units/C01.html", "../") == [
        ("#B1", "B1"),
        ("../method.html#B1", "B1"),  # where its clause is, too
    ]
    assert ways(row, "method.html") == [("#B1", "B1")]
    assert ways(row, "units/C01.html", "../", inside=True) == [("#B1", "B1")]


def test_a_unit_is_not_led_to_from_its_own_page_but_its_items_are_by_their_short_ids():
    assert ways("<p>商学院</p>", "units/C01.html", "../") == []
    assert ways("<p>T2</p>", "units/D03.html", "../") == [("../method.html#D03.T2", "T2")]


def test_nothing_else_of_the_page_changes():
    body = '<h1>P16</h1><p class="x">商学院 &amp; B10<br>…</p><svg><text>C01</text></svg><p>C01'
    assert re.sub(r"</?a\b[^>]*>", "", led(body, PLACES, "", "annual.html")) == body


def test_parts_have_anchors_that_can_be_read_and_stay():
    body, parts = with_parts('<h2 id="rank">名次</h2><h2 id="要点">要点（2）</h2><h2>要点</h2><h2>…</h2>')
    assert [part.anchor for part in parts] == ["rank", "yao-dian-2", "yao-dian", "part"]
    assert [part.text for part in parts] == ["名次", "要点", "要点", "…"]
    assert body.startswith('<h2 id="rank">名次</h2><h2 id="yao-dian-2">要点（2）</h2>')
    assert with_parts(body)[0] == body


def test_a_cell_of_a_notebook_names_its_part():
    output = nbformat.v4.new_output("display_data", {"text/html": '<h2 id="与上年相比">与上年相比</h2><h2>另</h2>'})
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("## 谁在前，为什么\n\n各组分别排名。", metadata={"name": "rank"}),
            nbformat.v4.new_code_cell("x", outputs=[output], metadata={"name": "change"}),
        ]
    )
    page = page_of_notebook(notebook, Page("页", assets="a/", contents=True))
    assert re.findall(r'<li><a href="#([^"]*)">([^<]*)</a>', page) == [
        ("rank", "谁在前，为什么"),
        ("change", "与上年相比"),
        ("ling", "另"),
    ]
    assert page.count('<h2 id="rank">谁在前，为什么</h2>') == 1
    assert "<p>各组分别排名。</p>" in page


def test_contents_are_listed_where_there_are_parts_enough():
    def listed(count, **more):
        body = "".join(f"<h2>第{each}部分</h2>" for each in range(count))
        return page_of_body(body, Page("页", **more)).count('<li><a href="#')

    assert listed(4, contents=True) == 4
    assert listed(2, contents=True) == 0
    assert listed(4) == 0


def test_initials_are_typed_as_people_do():
    assert initials("智能制造学院") == "znzzxy"
    assert initials("重庆路 K1.1（甲）") == "cqlk1.1j"
    found = {row[1]: row for row in json.loads(lookup(PLACES))}
    assert found["商学院"] == ["C01", "商学院", "sxy", "units/C01.html", "单位"]
    assert found["附件·一"][0] == ""


def test_no_way_of_a_site_leads_to_a_row_that_is_not_there(reported):
    """Every `page.html#anchor` of every page, and every place of the search."""
    anchors = {}

    def has(page, anchor):
        if page not in anchors:
            anchors[page] = set(re.findall(r'\bid="([^"]+)"', page.read_text(encoding="utf-8")))
        return not anchor or anchor in anchors[page]

    count = 0
    for page in reported.out.rglob("*.html"):
        for href in re.findall(r'<a href="([^":]*)"', page.read_text(encoding="utf-8")):
            name, _, anchor = href.partition("#")
            if name and not name.endswith(".html"):
                continue
            count += bool(anchor)
            assert has((page.parent / name).resolve() if name else page, anchor), (page.name, href)
    assert count > 500
    folder = reported.out / YEAR
    script = (folder / "search.js").read_text(encoding="utf-8")
    for _, _, _, href, _ in json.loads(script.removeprefix("window.kaoheFound = ").rstrip(";\n")):
        name, _, anchor = href.partition("#")
        assert has(folder / name, anchor), href


def test_a_unit_s_page_leads_to_its_neighbours(reported):
    pages = {page.stem: page.read_text(encoding="utf-8") for page in (reported.out / YEAR / "units").glob("C*.html")}
    after = {unit: re.search(r'<a href="(\w+)\.html">第[^<]* ›</a>', text) for unit, text in pages.items()}
    before = {unit: re.search(r'<a href="(\w+)\.html">‹ 第', text) for unit, text in pages.items()}
    assert sum(each is None for each in after.values()) <= 1
    for unit, way in after.items():
        if way and way[1] in before:
            assert before[way[1]][1] == unit
    assert not re.search(r'class="beside"', (reported.out / YEAR / "public/units/C01.html").read_text(encoding="utf-8"))
