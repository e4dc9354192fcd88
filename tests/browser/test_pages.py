"""Every kind of page in a real browser without a network: it asks for nothing, draws its charts, cuts nothing off."""

import shutil

import pytest

from kaohe.batch.layout import notebooks_folder
from tests.reporting import YEAR, run_report
from tests.small import DEMO, small_year

from .browser import run_all_cells

UNITS = ("C01", "C02", "C03", "C04", "E01", "F01", "D03", "D05", "D06")
CHARTED = ["compare.html", f"{YEAR}/annual.html", f"{YEAR}/units/C01.html", f"{YEAR}/units/D03.html"]
PLAIN = [
    "index.html",
    f"{YEAR}/index.html",
    f"{YEAR}/check.html",
    f"{YEAR}/public/index.html",
    f"{YEAR}/public/units/C01.html",
    f"{YEAR}/public/units/D03.html",
]


@pytest.fixture(scope="package")
def site(browser, tmp_path_factory):
    """A small year with the one after it (the same tables, so its achievements lie outside the window)."""
    base = tmp_path_factory.mktemp("site")
    small_year(base / "data", units=UNITS)
    small_year(base / "data", "2019-2020", UNITS[:-1])
    result = run_report(base / "data", base / "out")
    assert result.code == 0, result.error
    return result.out


@pytest.mark.parametrize("name", [*CHARTED, *PLAIN])
def test_a_page_asks_for_nothing_and_fits(page, traffic, site, name):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((site / name).as_uri())
    page.wait_for_load_state("load")
    assert page.locator("h1").first.is_visible()
    assert page.locator(".synthetic").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert traffic.requests == []
    assert traffic.errors == []


@pytest.mark.parametrize("name", CHARTED)
def test_every_chart_is_drawn_inside_its_place(page, site, name):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((site / name).as_uri())
    charts = page.locator(".chart")
    assert charts.count() >= 2
    for number in range(charts.count()):
        chart = charts.nth(number)
        chart.locator(".main-svg").first.wait_for(state="attached")
        box, drawn = chart.bounding_box(), chart.locator(".main-svg").first.bounding_box()
        assert drawn["width"] > 600
        assert drawn["height"] > 100
        assert drawn["width"] <= box["width"] + 1
        assert drawn["height"] <= box["height"] + 1
    assert page.locator(".gtitle, .g-gtitle text, h2").first.is_visible()


def test_a_table_sorts_by_a_click_on_its_heading(page, site):
    page.goto((site / YEAR / "annual.html").as_uri())
    table = page.locator("table.sortable").first
    head = table.locator("thead th").first
    value = "parseFloat(row.cells[0].dataset.sort ?? row.cells[0].textContent)"
    numbers = f"table => [...table.tBodies[0].rows].map(row => {value})"
    head.click()
    up = table.evaluate(numbers)
    head.click()
    down = table.evaluate(numbers)
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert len(up) > 1


def test_a_page_prints_on_a4(page, site, tmp_path):
    page.goto((site / YEAR / "annual.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    page.pdf(path=tmp_path / "annual.pdf", format="A4")
    assert (tmp_path / "annual.pdf").read_bytes().startswith(b"%PDF")


def test_links_lead_from_the_site_to_a_unit(page, site):
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name=f"{YEAR} 学年").click()
    page.locator("a[href='units/C01.html']").click()
    assert page.url.endswith("units/C01.html")


def test_the_annual_notebook_runs_in_jupyterlab(lab_page, jupyterlab_server):
    root = jupyterlab_server.root
    shutil.copytree(notebooks_folder(), root / "notebooks")
    shutil.copytree(DEMO / "2020-2021", root / "data" / "raw" / "2020-2021")
    run_all_cells(lab_page, jupyterlab_server, "notebooks/annual.ipynb", seconds=120)
    lab_page.get_by_text("演示数据（合成）").first.wait_for()
    lab_page.locator(".js-plotly-plot .main-svg").first.wait_for(state="attached")
