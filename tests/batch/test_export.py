"""From an executed notebook to a page: figures as divisions, nothing that could end a script early."""

import json
import re

import nbformat
import pytest

from kaohe.batch.export import PLOTLY, Page, page_of_notebook, plotly_script, share_script


@pytest.fixture
def notebook():
    figure = {"data": [{"type": "bar", "x": ["</script><b>甲"], "y": [1.5]}], "layout": {"height": 321}}
    output = nbformat.v4.new_output("display_data", {PLOTLY: figure, "text/plain": "图"})
    code = nbformat.v4.new_code_cell("secret_source = 1", outputs=[output])
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 标题\n\n正文"), code])


def test_words_and_figures_are_in_the_page_and_code_is_not(notebook):
    text = page_of_notebook(notebook, Page("题目<1>", script="../plotly.min.js"))
    assert "<title>题目&lt;1&gt;</title>" in text
    assert re.search(r"<h1[^>]*>标题", text)
    assert "secret_source" not in text
    assert 'style="height:321px"' in text
    assert '<script src="../plotly.min.js"></script>' in text


def test_figure_data_survives_and_cannot_end_its_script(notebook):
    text = page_of_notebook(notebook, Page("题", script="p.js"))
    source = re.search(r'<script type="application/json" data-chart="chart-0">(.*?)</script>', text, re.S).group(1)
    assert json.loads(source)["data"][0]["x"] == ["</script><b>甲"]


def test_a_page_without_figures_loads_no_plotly(notebook):
    notebook.cells = notebook.cells[:1]
    assert "plotly" not in page_of_notebook(notebook, Page("题", script="p.js"))


def test_marks_are_shown_only_where_they_hold(notebook):
    plain = page_of_notebook(notebook, Page("题"))
    assert "演示数据" not in plain
    assert "暂定" not in plain


def test_marks_are_shown(notebook):
    marked = page_of_notebook(notebook, Page("题", synthetic=True, provisional=True))
    assert "演示数据（合成）" in marked
    assert "暂定" in marked


def test_the_site_shares_plotlys_own_script(tmp_path):
    shared = share_script(tmp_path)
    assert shared.read_bytes() == plotly_script().read_bytes()
    before = shared.stat().st_mtime_ns
    assert share_script(tmp_path).stat().st_mtime_ns == before
