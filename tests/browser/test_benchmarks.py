"""The benchmarks that look into a browser still start and measure."""

import re
from contextlib import nullcontext

import pytest

from benchmarks import explorer
from benchmarks.pages import LIMIT
from tests.measuring import run_alone
from tests.reporting import YEAR
from tests.small import small_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("browser")]


def test_explorer(browser, jupyterlab_server, monkeypatch, capsys):
    """In the browser and the JupyterLab that are there: its own would be two more to start."""
    monkeypatch.setattr(explorer, "chromium", lambda executable: nullcontext(browser))
    monkeypatch.setattr(explorer, "jupyterlab", lambda folder: nullcontext(jupyterlab_server))
    monkeypatch.setattr("sys.argv", ["explorer.py", "--edits", "2"])
    explorer.main()
    assert "edit to chart" in capsys.readouterr().out


def test_pages(tmp_path):
    small_year(tmp_path, units=("D03",))
    raw = ("--year", "2018-2019", "--raw", str(tmp_path / "raw"))
    said = run_alone("pages.py", *raw, "--repeat", "1", "--kinds", "check", "units/*")
    assert "first chart" in said
    assert "s a page" in said


def test_pages_that_stand(site):
    said = run_alone(
        "pages.py", "--site", str(site.out), "--year", YEAR, "--repeat", "1", "--kinds", "annual", "../trend"
    )
    assert re.search(r"^annual +[\d.]+ +[\d.]+ +\d+$", said, re.MULTILINE)
    assert re.search(r"^\.\./trend +[\d.]+ +[\d.]+ +\d+$", said, re.MULTILINE)


def test_no_page_is_heavy(site):
    pages = {page.name: page.stat().st_size for page in site.out.rglob("*.html")}
    assert len(pages) > 15
    assert [name for name, size in pages.items() if size > LIMIT * 1000] == []
