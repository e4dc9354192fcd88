"""The instruments are tested before anything is measured with them."""

import json
import re

import nbformat
import pytest

from kaohe.batch.chromium import find_chromium

from .browser import run_all_cells


def test_records_what_leaves_a_page(page, traffic, tmp_path):
    path = tmp_path / "页.html"
    path.write_text(
        """<meta charset="utf-8"><h1>考核</h1>
        <script src="https://cdn.example/plotly.js"></script>
        <script>
            fetch("http://127.0.0.1:9/data").catch(() => 0);
            new Worker(URL.createObjectURL(new Blob(["fetch('https://worker.example/').catch(() => 0)"])));
            console.error("mine"); setTimeout(() => { throw Error("uncaught") });
        </script>""",
        encoding="utf-8",
    )
    with page.expect_request("https://worker.example/"), page.expect_event("pageerror"):
        page.goto(path.as_uri())
    assert sorted(traffic.requests) == [
        "http://127.0.0.1:9/data",
        "https://cdn.example/plotly.js",
        "https://worker.example/",
    ]
    assert "mine" in traffic.errors
    assert "uncaught" in traffic.errors


def test_a_quiet_page_leaves_no_trace(page, traffic, tmp_path):
    (tmp_path / "a.js").write_text("document.title = '好'", encoding="utf-8")
    (tmp_path / "a.html").write_text("<meta charset='utf-8'><img src='data:,'><script src='a.js'></script>")
    page.goto((tmp_path / "a.html").as_uri())
    assert page.title() == "好"
    assert traffic.requests == []
    assert traffic.errors == []


def test_jupyterlab_runs_a_notebook(lab_page, jupyterlab_server):
    _write(
        jupyterlab_server.root / "小.ipynb",
        "import ipywidgets as widgets\nfrom IPython.display import display",
        "unit = widgets.Dropdown(options=['甲', '乙'])\n"
        "shown = widgets.HTML()\n"
        "def show(change):\n"
        "    shown.value = f'<b class=answer>选择了{change.new}</b>'\n"
        "unit.observe(show, 'value')\n"
        "display(unit, shown)",
    )
    run_all_cells(lab_page, jupyterlab_server, "小.ipynb")
    lab_page.locator(".widget-dropdown select").select_option("乙")
    lab_page.get_by_text("选择了乙").wait_for()
    menus = lab_page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert {"文件", "编辑", "运行", "帮助"} <= {re.sub(r"[（(].*", "", menu).strip() for menu in menus}


def test_jupyterlab_reports_a_cell_that_fails(lab_page, jupyterlab_server):
    _write(jupyterlab_server.root / "broken.ipynb", "1 / 0")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_all_cells(lab_page, jupyterlab_server, "broken.ipynb")


def test_a_named_browser_comes_first(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "mine"))
    assert find_chromium() == tmp_path / "mine"


def _write(path, *cells):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    path.write_text(json.dumps(notebook), encoding="utf-8")
