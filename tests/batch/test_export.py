"""From an executed notebook to a page: figures as divisions, nothing that could end a script early."""

import base64
import gzip
import json
import re
from pathlib import Path

import nbformat
import plotly
import plotly.graph_objs as go
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter

from kaohe.batch import assets, export
from kaohe.batch.assets import packed_plotly, plotly_script, script, share_assets, style
from kaohe.batch.export import Link, Page, page_of_notebook
from kaohe.batch.figures import DRAWN, PLOTLY, chart, compact
from kaohe.charts.html import styles
from kaohe.files.sets import whole_set

NARROW = {
    "template_name": "basic",
    "embed_images": True,
    "exclude_anchor_links": True,
    **dict.fromkeys(("exclude_input", "exclude_input_prompt", "exclude_output_prompt"), True),
}


@pytest.fixture
def notebook():
    figure = {"data": [{"type": "bar", "x": ["</script><b>甲"], "y": [1.5]}], "layout": {"height": 321}}
    output = nbformat.v4.new_output("display_data", {PLOTLY: figure, "text/plain": "图"})
    code = nbformat.v4.new_code_cell("secret_source = 1", outputs=[output])
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 标题\n\n正文"), code])


def test_words_and_figures_are_in_the_page_and_code_is_not(notebook):
    text = page_of_notebook(notebook, Page("题目<1>", assets="../assets/"))
    assert "<title>题目&lt;1&gt;</title>" in text
    assert re.search(r"<h1[^>]*>标题", text)
    assert "secret_source" not in text
    assert 'style="height:321px"' in text
    assert '<script defer src="../assets/plotly.min.js"></script>' in text


def test_the_page_is_what_the_whole_exporter_makes(notebook):
    """Which parses its own HTML and writes it anew: nothing of ours needs that."""
    shown = {"text/html": "<table><tr><th>甲&nbsp;<td>1 &lt; 2<br></table><img alt='图' src='a.png'>"}
    notebook.cells[1].outputs += [nbformat.v4.new_output("display_data", shown)]
    notebook.cells += [nbformat.v4.new_markdown_cell("- *一*\n- `x`\n\n```python\nx = 1\n```")]
    ours, whole = export._exporter(), HTMLExporter(**NARROW, **export._NO_URLS)
    found = [BeautifulSoup(each.from_notebook_node(notebook)[0], "html.parser") for each in (ours, whole)]
    assert found[0].find("img") is not None
    assert str(found[0]) == str(found[1])


def test_figure_data_survives_and_cannot_end_its_script(notebook):
    text = page_of_notebook(notebook, Page("题", assets="a/"))
    source = re.search(r'<script type="application/json" data-chart="chart-0">(.*?)</script>', text, re.S).group(1)
    assert json.loads(source)["data"][0]["x"] == ["</script><b>甲"]


def test_a_page_without_figures_loads_no_plotly(notebook):
    notebook.cells = notebook.cells[:1]
    assert "plotly" not in page_of_notebook(notebook, Page("题", assets="a/"))


def test_marks_are_shown_only_where_they_hold(notebook):
    plain = page_of_notebook(notebook, Page("题"))
    assert "演示数据" not in plain
    assert "暂定" not in plain


def test_marks_are_shown(notebook):
    marked = page_of_notebook(notebook, Page("题", synthetic=True, provisional=True))
    assert "演示数据（合成）" in marked
    assert "暂定" in marked


def test_a_page_alone_carries_everything_and_leads_nowhere(notebook):
    here = Page(
        "题", trail=(Link("全部学年", "../index.html"),), links=(Link("总报告", "annual.html"),), assets="../a/"
    )
    text = page_of_notebook(notebook, here.alone())
    assert not re.findall(r"""(?:href|src)=["'](?!#)""", text)
    assert packed_plotly() in text
    assert style() in text
    assert script() in text


def test_the_drawn_title_becomes_words_that_wrap(notebook):
    figure = notebook.cells[1].outputs[0].data[PLOTLY]
    meta = {"title": "甲<乙", "says": "怎样读", "marks": ["暂定"], "head": 60, "text": "甲<乙。暂定。怎样读。"}
    figure["layout"] |= {"title": {"text": "<b>甲</b>"}, "margin": {"t": 90, "b": 40}, "meta": meta}
    text = page_of_notebook(notebook, Page("题", assets="a/"))
    assert "<figcaption><strong>甲&lt;乙</strong><span>暂定　怎样读</span></figcaption>" in text
    assert 'aria-label="甲&lt;乙。暂定。怎样读。"' in text
    assert 'style="height:261px"' in text
    layout = drawn(text)["layout"]
    assert layout == {"height": 261, "margin": {"t": 30, "b": 40}}


def test_a_table_brings_its_style_only_in_a_notebook(notebook):
    notebook.cells[1].outputs[0].data = {"text/html": f"{styles()}<p>表</p>"}
    text = page_of_notebook(notebook, Page("题", assets="a/"))
    assert "<p>表</p>" in text
    assert ".kh-table" not in text


def drawn(text):
    return json.loads(re.search(r'<script type="application/json" data-chart="chart-0">(.*?)</script>', text, re.S)[1])


def test_json_carries_no_digit_too_many():
    assert compact({"x": [30.0, 1 / 3, 2, True, None, "<"]}) == '{"x":[30,0.333333,2,true,null,"<"]}'


def test_a_text_that_returns_is_written_once(notebook):
    long = "一段光标停留时显示的很长的说明文字，在三条线上各出现一次"
    notebook.cells[1].outputs[0].data[PLOTLY]["data"] = [{"hovertext": [long, "短"]}, {"hovertext": [long, "短"]}]
    figure = drawn(page_of_notebook(notebook, Page("题", assets="a/")))
    assert figure["texts"] == [long]
    assert figure["data"] == [{"hovertext": ["␟0", "短"]}] * 2


def test_a_table_that_stands_open_is_not_folded_behind_the_figure_too(notebook):
    table, other = "<table><tr><td>1</td></tr></table>", "<table><tr><td>2</td></tr></table>"
    fold = '<details class="kh kh-behind"><summary>数据表</summary>{}</details>'
    outputs = [fold.format(table), f"<div>{table}</div>", fold.format(other)]
    notebook.cells[1].outputs = [nbformat.v4.new_output("display_data", {"text/html": html}) for html in outputs]
    text = page_of_notebook(notebook, Page("题", assets="a/"))
    assert text.count("<td>1<") == text.count("<td>2<") == text.count("<details") == 1


def test_the_stamp_changes_with_content_surroundings_and_look(monkeypatch):
    page = Page("题", assets="a/")
    stamps = {page.stamp("1"), page.stamp("2"), page.alone().stamp("1"), Page("题二", assets="a/").stamp("1")}
    monkeypatch.setattr(assets, "look", lambda: "another")
    assert len({*stamps, page.stamp("1")}) == 5


def share(folder):
    with whole_set(folder) as stage:
        share_assets(stage)


def test_the_site_shares_one_copy_and_leaves_it_alone(tmp_path):
    share(tmp_path)
    assets = tmp_path / "assets"
    assert (assets / "plotly.min.js").read_bytes() == plotly_script().read_bytes()
    assert (assets / "kaohe.js").read_text(encoding="utf-8") == script()
    before = {path.name: path.stat().st_mtime_ns for path in assets.iterdir()}
    share(tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in assets.iterdir()} == before
    assert set(before) == {"kaohe.css", "kaohe.js", "plotly.min.js"}
    for path in assets.iterdir():
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        share(tmp_path)
        assert path.read_bytes() == whole, "one byte is enough"


def test_the_pages_plotly_is_plotly_py_s_with_the_traces_that_are_drawn():
    about = re.compile(r"plotly\.js v([\d.]+)(?: \(([\w, ]+)\))?")
    theirs = Path(plotly.__file__).with_name("package_data") / "plotly.min.js"
    ours = about.search(plotly_script().read_text(encoding="utf-8")[:300])
    assert ours[1] == about.search(theirs.read_text(encoding="utf-8")[:300])[1]
    assert set(ours[2].split(", ")) == DRAWN


def test_a_trace_that_the_pages_do_not_know_is_refused():
    figure = go.Figure(go.Pie(values=[1])).to_plotly_json()
    with pytest.raises(ValueError, match="pie"):
        chart(figure, 0)


def test_plotly_is_packed_without_loss():
    assert gzip.decompress(base64.b64decode(packed_plotly())) == plotly_script().read_bytes()
