"""Every kind of page in a real browser without a network: it asks for nothing, draws its charts, cuts nothing off,
and what can be clicked, typed, switched, downloaded or printed works."""

import csv
import io
import re
import shutil

import pytest

from kaohe.batch.export import Page, page_of_body
from kaohe.batch.layout import notebooks_folder
from kaohe.batch.printing import pdf_of, print_pages
from kaohe.charts.html import Cell, Head, Row, table
from tests.reporting import YEAR, dead_links, run_report
from tests.small import small_year

from .browser import Traffic, run_all_cells
from .looking import PHONE, UNITS, WIDE, drawn_charts, rows_of, shows_chinese, trace_types, violations

CHARTED = [
    "compare.html",
    "trend.html",
    *(f"{YEAR}/{name}.html" for name in ("index", "annual", "units/C01", "units/D03")),
]
PLAIN = [
    "index.html",
    *(
        f"{YEAR}/{name}.html"
        for name in ("brief", "check", "method", "public/index", "public/units/C01", "public/units/D03")
    ),
]
UNIT = f"{YEAR}/units/C01.html"
FOR_EVERYBODY = {*CHARTED, *PLAIN} - {UNIT, f"{YEAR}/public/units/C01.html"}
"""Looked at by axe, which takes long: one unit's page is as another's."""
NARROW = f"chart => chart._fullLayout.width <= {PHONE['width']}"
"""Drawn anew for a phone."""


def test_an_item_that_was_picked_stays_when_the_colours_turn(open_page):
    page = open_page("trend.html")
    chart = next(drawn_charts(page))
    chart.locator(".updatemenu-header").click()
    chart.locator(".updatemenu-dropdown-button", has_text="民主测评").click()
    shown = "chart => [chart.layout.updatemenus[0].active, Math.max(...chart.data[1].x)]"
    page.wait_for_function("() => document.getElementById('chart-0').layout.updatemenus[0].active == 1")
    picked = chart.evaluate(shown)
    assert picked[1] <= 20
    page.evaluate("dispatchEvent(new Event('kaohe-theme'))")
    page.wait_for_timeout(300)
    assert chart.evaluate(shown) == picked


def test_one_year_of_several_leaves_no_dead_link(site):
    assert (site.out / "compare.html").is_file()
    assert not (site.out / "2019-2020").exists()
    assert dead_links(site.out) == []


@pytest.mark.parametrize("name", [*CHARTED, *PLAIN])
def test_a_page_asks_for_nothing_fits_desk_and_phone_and_is_for_everybody_by_day_or_night(open_page, traffic, name):
    """At one visit: a page opened anew for each of these would draw its charts each time."""
    page = open_page(name)
    assert page.locator("h1").first.is_visible()
    assert page.locator(".synthetic").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]
    if name in CHARTED:
        every_chart_is_what_it_should_be_inside_its_place_and_in_chinese(page)
    page.set_viewport_size(PHONE)
    for chart in drawn_charts(page):
        page.wait_for_function(NARROW, arg=chart.element_handle())
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert traffic.requests == []
    assert traffic.errors == []
    if name in FOR_EVERYBODY:  # last: axe itself asks for the style
        page.set_viewport_size(WIDE)
        assert violations(page) == [], "by day"
        page.emulate_media(color_scheme="dark")
        page.locator("html[data-theme=dark]").wait_for(state="attached")
        assert violations(page, "color-contrast") == [], "by night"


def every_chart_is_what_it_should_be_inside_its_place_and_in_chinese(page):
    assert page.locator(".chart").count() >= 2
    for chart in drawn_charts(page):
        wanted, drawn = trace_types(chart)
        assert drawn == wanted
        box, svg = chart.bounding_box(), chart.locator(".main-svg").first.bounding_box()
        assert 600 < svg["width"] <= box["width"] + 1
        assert 50 < svg["height"] <= box["height"] + 1
        assert chart.get_attribute("aria-label")
        assert chart.locator("xpath=ancestor::figure//figcaption/strong").inner_text()
        assert shows_chinese(page, chart), chart.get_attribute("aria-label")


def test_charts_below_the_fold_are_drawn_when_they_come_near(open_page):
    page = open_page(f"{YEAR}/annual.html")
    first, last = page.locator(".chart").first, page.locator(".chart").last
    first.scroll_into_view_if_needed()
    first.locator(".main-svg").first.wait_for(state="attached")
    assert last.locator(".main-svg").count() == 0
    last.scroll_into_view_if_needed()
    last.locator(".main-svg").first.wait_for(state="attached")


def test_a_chart_that_cannot_be_drawn_says_what_it_would_show(page, traffic, site, tmp_path):
    shutil.copytree(site.out / "assets", tmp_path / "assets", ignore=shutil.ignore_patterns("plotly*"))
    (tmp_path / YEAR / "units").mkdir(parents=True)
    shutil.copy(site.out / UNIT, tmp_path / UNIT)
    page.goto((tmp_path / UNIT).as_uri())
    chart = page.locator(".chart").first
    chart.locator("xpath=self::*[contains(@class, 'undrawn')]").wait_for()
    assert chart.get_attribute("aria-label") in chart.inner_text()
    assert traffic.requests == []


# Finding one's way


def test_links_lead_from_the_site_to_a_unit_and_back(open_page):
    page = open_page("index.html")
    page.locator(f"main a[href='{YEAR}/index.html']").first.click()
    page.locator("main a[href='units/C01.html']").first.click()
    assert page.url.endswith("units/C01.html")
    trail = page.get_by_role("navigation", name="所在位置")
    assert trail.locator("[aria-current=page]").is_visible()
    trail.get_by_role("link").first.click()
    page.wait_for_url("**/out/index.html")


def test_the_skip_link_comes_first_and_leads_to_the_content(open_page):
    page = open_page(UNIT)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("d05", "**/units/D05.html"),
        ("jwc", "**/units/D06.html"),
        ("教务", "**/units/D06.html"),
        ("p16", "**/method.html#P16"),
        ("K1.1", "**/units/C01.html#K1.1"),  # on a unit's page its own row
        ("D03.T12", "**/method.html#D03.T12"),
    ],
)
def test_what_is_looked_for_is_found_by_name_initials_or_number(open_page, typed, where):
    page = open_page(UNIT)
    page.get_by_role("combobox").press_sequentially(typed)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(where)
    row = page.locator("tr:target")
    assert row.count() == where.count("#")
    for each in row.all():
        each.wait_for()  # also inside a fold
        page.wait_for_function("row => row.getBoundingClientRect().top > 56", arg=each.element_handle())


def test_choosing_from_the_list_goes_there_and_what_is_not_found_is_said(open_page):
    page = open_page(f"{YEAR}/annual.html")
    box = page.get_by_role("combobox")
    box.fill("没有这个单位")
    page.get_by_role("status").filter(has_text="没有找到“没有这个单位”").wait_for()
    assert box.get_attribute("aria-invalid") == "true"
    box.fill("学院")
    page.get_by_role("option").nth(1).wait_for()
    assert box.get_attribute("aria-invalid") is None
    wanted = page.get_by_role("option").nth(1).get_attribute("data-href")
    box.press("ArrowDown")
    box.press("ArrowDown")
    assert page.locator("[aria-selected=true]").get_attribute("data-href") == wanted
    box.press("Enter")
    page.wait_for_url(f"**/{wanted}")


def test_contents_stand_beside_the_text_or_in_a_menu(open_page):
    page = open_page(f"{YEAR}/annual.html")
    ways = page.get_by_role("navigation", name="本页目录").get_by_role("link")
    last = ways.last
    last.click()
    part = page.locator(last.get_attribute("href"))
    top = page.locator(".top").bounding_box()["height"]
    assert top < part.bounding_box()["y"] < WIDE["height"]
    page.locator(".contents [aria-current=true]").wait_for()
    assert last.is_visible()
    page.set_viewport_size(PHONE)
    page.wait_for_function("!document.querySelector('.contents details').open")
    assert not last.is_visible()
    page.get_by_text("本页目录").click()
    last.click()
    assert not last.is_visible()
    assert 0 <= part.bounding_box()["y"] < PHONE["height"]


def test_the_next_unit_in_the_ranking_is_one_step_away(open_page):
    page = open_page(UNIT)
    beside = page.get_by_role("navigation", name="相邻的页")
    assert beside.get_by_role("link").count() >= 1
    beside.get_by_role("link").first.click()
    page.wait_for_url("**/units/*.html")
    assert page.url != (page.url.rsplit("/", 1)[0] + "/C01.html")


# Tables


SHOWN = "row => parseFloat(row.cells[{0}].dataset.sort ?? row.cells[{0}].textContent)"


@pytest.mark.parametrize("by_keyboard", [False, True])
def test_a_table_sorts_by_its_heading(open_page, by_keyboard):
    page = open_page(f"{YEAR}/index.html")
    sorted_table = page.locator("table.sortable", has=page.locator("tr#C01"))
    head = sorted_table.locator("thead th").filter(has_text="总分").first
    column = head.evaluate("head => head.cellIndex")
    values = f"table => [...table.tBodies[0].rows].map({SHOWN.format(column)})"

    def press():
        if by_keyboard:
            head.get_by_role("button").press("Enter")
        else:
            head.click()

    press()
    assert head.get_attribute("aria-sort") == "ascending"
    up = sorted_table.evaluate(values)
    press()
    assert head.get_attribute("aria-sort") == "descending"
    down = sorted_table.evaluate(values)
    assert len(up) > 1
    assert up == sorted(up)
    assert down == sorted(up, reverse=True)


SIGNED = {1: ("+29.54", "−3.10"), 2: ("−7%", "-戊")}


@pytest.fixture
def table_page(page, tmp_path):
    """A page with one table: two sections, texts that a spreadsheet would run, an exact value that is not shown."""
    rows = [
        Row([Cell("第一节", span=2), "", ""], "section"),
        *([f"甲{number}", Cell("1.00", sort=1 + number / 1000, number=True), "=1+1", "a,\"b\""] for number in range(5)),
        Row([Cell("第二节", span=2), "", ""], "section"),
        *([f"乙{number}", Cell(f"{number}.00", sort=number, number=True), *SIGNED.get(number, ("@x", "-2"))]
          for number in range(5)),
    ]  # fmt: skip
    heads = ["单位", Head("得分", number=True), "式子", "引号"]
    path = tmp_path / "表.html"
    path.write_text(page_of_body(f"<h1>页</h1>{table(heads, rows, caption='得分/表')}", Page("某年")), encoding="utf-8")
    page.goto(path.as_uri())
    return page


def test_a_filter_keeps_what_matches_and_its_section(table_page):
    shown = table_page.locator("table")
    box = table_page.get_by_role("searchbox")
    box.fill("乙 1")
    assert [text[:3] for text in rows_of(shown)] == ["第二节", "乙11"]
    assert table_page.get_by_role("status").inner_text() == "1 / 10 行"
    box.fill("")
    assert len(rows_of(shown)) == 12
    assert table_page.get_by_role("status").inner_text() == ""


def download(page, of):
    with page.expect_download() as waited:
        of.get_by_role("button", name="下载 CSV").first.click()
    content = waited.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return waited.value.suggested_filename, list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_table_is_downloaded_as_shown_and_runs_nothing(table_page):
    table_page.get_by_role("searchbox").fill("甲")
    name, rows = download(table_page, table_page.locator("main"))
    assert name == "某年 得分 表.csv"
    assert rows[0] == ["单位", "得分", "式子", "引号"]
    assert rows[1] == ["第一节", "", "", ""]
    assert rows[2] == ["甲0", "1.00", "'=1+1", 'a,"b"']
    assert len(rows) == 7


def test_a_figure_is_downloaded_as_a_figure(table_page):
    table_page.get_by_role("searchbox").fill("乙")
    _, rows = download(table_page, table_page.locator("main"))
    assert [row[2:] for row in rows[2:]] == [["'@x", "-2"], ["+29.54", "-3.10"], ["-7%", "'-戊"], *[["'@x", "-2"]] * 2]


def test_on_a_phone_a_card_names_each_value_and_is_sorted_by_a_choice(table_page):
    table_page.set_viewport_size(PHONE)
    named = table_page.locator("tbody tr:not(.section)").first.locator("td")
    labels = named.evaluate_all("cells => cells.map(cell => getComputedStyle(cell, '::before').content)")
    assert [label.strip('" ') for label in labels] == ["单位", "得分", "式子", "引号"]
    choice = table_page.get_by_role("combobox", name="排序")
    choice.select_option("得分 ↓")
    assert table_page.locator("tbody tr").first.inner_text().count("4.00") == 1
    table_page.set_viewport_size(WIDE)
    assert not choice.is_visible()


def test_the_head_of_a_long_table_stays_in_sight(open_page):
    page = open_page(UNIT)
    table = page.locator("table.kh-table").last
    table.locator("tbody tr").nth(40).evaluate("row => row.scrollIntoView({block: 'center'})")
    head, bar = table.locator("thead th").first.bounding_box(), page.locator(".top").bounding_box()
    assert abs(head["y"] - bar["height"]) < 3
    page.set_viewport_size({"width": 800, "height": 700})
    frame = page.locator(".table-scroll", has=page.locator("table.kept")).last
    frame.evaluate("frame => { frame.scrollIntoView(); frame.scrollTo(200, 400); }")
    box = frame.bounding_box()
    assert abs(frame.locator("thead th").first.bounding_box()["y"] - box["y"]) < 3
    assert abs(frame.locator("tbody .keeps").first.bounding_box()["x"] - box["x"]) < 3


def test_the_units_are_downloaded_as_they_are_shown(open_page):
    page = open_page(f"{YEAR}/index.html")
    page.get_by_role("searchbox").last.fill("部门")
    shown = page.locator("table.sortable", has=page.locator("tr#C01"))
    _, rows = download(page, page.locator(".tools", has=page.get_by_role("searchbox")).last)
    assert [row[0] for row in rows[1:]] == shown.locator("tbody tr:visible td:first-child").all_inner_texts()
    assert len(rows) == 1 + sum(unit.startswith("D") for unit in UNITS)


def test_an_exact_value_orders_what_looks_equal(table_page):
    table_page.locator("thead th").nth(1).click()
    table_page.locator("thead th").nth(1).click()
    alike = [text[:2] for text in rows_of(table_page.locator("table")) if text.startswith("甲")]
    assert alike == ["甲4", "甲3", "甲2", "甲1", "甲0"]


# Light and dark


PAPER = "chart => chart._fullLayout.paper_bgcolor"


def test_the_theme_is_switched_remembered_and_reaches_the_charts(open_page):
    page = open_page(UNIT)
    chart = next(drawn_charts(page))
    assert chart.evaluate(PAPER) == "#ffffff"
    switch = page.get_by_role("button", name="配色")
    switch.click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    switch.click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert chart.evaluate(PAPER) == "#14191f"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 25, 31)"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert next(drawn_charts(page)).evaluate(PAPER) == "#14191f"


def test_the_theme_follows_the_system_until_one_is_chosen(open_page):
    page = open_page(UNIT)
    page.emulate_media(color_scheme="dark")
    page.locator("html[data-theme=dark]").wait_for(state="attached")
    page.get_by_role("button", name="配色").click()
    assert page.locator("html").get_attribute("data-theme") == "light"


def test_a_browser_that_refuses_memory_still_switches(new_page, site):
    traffic = Traffic.of(new_page)
    new_page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw Error('refused'); }})")
    new_page.goto((site.out / UNIT).as_uri())
    new_page.get_by_role("button", name="配色").click()
    new_page.get_by_role("button", name="配色").click()
    assert new_page.locator("html").get_attribute("data-theme") == "dark"
    assert traffic.errors == []


# Phone and paper


def test_a_chart_is_drawn_otherwise_on_a_phone_and_back_again(open_page):
    page = open_page(UNIT)
    chart = next(drawn_charts(page))
    labels = "chart => chart.layout.yaxis.ticktext.join()"
    wide = chart.evaluate(labels)
    page.set_viewport_size(PHONE)
    page.wait_for_function("chart => chart._fullLayout.width < 390", arg=chart.element_handle())
    assert chart.evaluate(labels) != wide
    page.set_viewport_size(WIDE)
    page.wait_for_function("chart => chart._fullLayout.width > 600", arg=chart.element_handle())
    assert chart.evaluate(labels) == wide


def test_long_reasons_stand_under_their_figures_on_a_phone(open_page):
    page = open_page(UNIT, PHONE)
    reason = page.locator("table.stacks td.reason:visible").first
    box, frame = reason.bounding_box(), page.locator("main").bounding_box()
    assert frame["x"] <= box["x"]
    assert box["x"] + box["width"] <= frame["x"] + frame["width"]
    figure = reason.locator("xpath=../td[contains(concat(' ', @class, ' '), ' n ')]").first
    assert figure.get_attribute("data-label")
    assert figure.bounding_box()["y"] < box["y"]


def test_a_page_prints_light_with_every_chart_and_without_controls(open_page, page, tmp_path):
    page.emulate_media(color_scheme="dark")
    open_page(f"{YEAR}/annual.html")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for chart in page.locator(".chart").all():
        assert chart.evaluate(PAPER) == "#ffffff"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # A4 between its margins
    assert all(chart.bounding_box()["width"] <= 700 for chart in page.locator(".chart .main-svg").all())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".top").is_visible()
    assert not page.locator(".tools").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".chart").first.evaluate(PAPER) == "#14191f"


def test_what_is_folded_for_the_screen_is_printed(open_page):
    page = open_page(f"{YEAR}/method.html")
    folds = page.locator("details.kh-fold")
    assert folds.count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.kh-fold:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.kh-fold[open]").count() < folds.count()


def test_an_installed_browser_prints_a4_once(site, tmp_path):
    shutil.copytree(site.out, tmp_path / "out", ignore=shutil.ignore_patterns("notebooks"))
    pages = [tmp_path / "out" / UNIT, tmp_path / "out" / YEAR / "public/units/D03.html"]
    done = print_pages(pages)
    assert set(done.printed) == set(pages), done.failed
    for page in pages:
        content = pdf_of(page).read_bytes()
        sheets = re.findall(rb"/MediaBox\s*\[([\d. ]+)\]", content)
        assert sheets
        assert {tuple(round(float(side)) for side in sheet.split()) for sheet in sheets} == {(0, 0, 595, 842)}
        assert b"file://" not in content  # no link that names this machine's folders
    again = print_pages(pages)
    assert (again.printed, set(again.kept)) == ([], set(pages))
    assert not list(tmp_path.rglob("*.kaohe-part"))


# A page to be mailed


@pytest.fixture(scope="package")
def inline_site(site, tmp_path_factory):
    """The same reports written again as pages that stand alone; no notebook is run anew."""
    out = tmp_path_factory.mktemp("inline") / "out"
    shutil.copytree(site.out, out, ignore=shutil.ignore_patterns("assets"))
    result = run_report(site.data, out, YEAR, "--inline", questions=True)
    assert result.code == 0, result.error
    return out


@pytest.mark.parametrize("name", [*CHARTED, *PLAIN])
def test_an_inline_page_opens_alone(page, traffic, inline_site, name, tmp_path):
    shutil.copy(inline_site / name, tmp_path / "页.html")
    page.goto((tmp_path / "页.html").as_uri())
    for chart in drawn_charts(page):
        wanted, drawn = trace_types(chart)
        assert drawn == wanted
    assert page.locator(".theme").is_visible()
    assert traffic.files == [page.url]
    assert traffic.requests == []
    assert traffic.errors == []


def test_inline_content_leads_nowhere_and_an_index_keeps_its_ways(inline_site):
    def links(name):
        return re.findall(r'(?:href|src)="(?!#)([^"]*)"', (inline_site / name).read_text(encoding="utf-8"))

    for name in (UNIT, f"{YEAR}/annual.html", f"{YEAR}/check.html", "compare.html"):
        assert links(name) == []
    assert "units/C01.html" in links(f"{YEAR}/index.html")
    assert f"{YEAR}/index.html" in links("index.html")


def test_the_annual_notebook_runs_in_jupyterlab(lab_page, jupyterlab_server):
    root = jupyterlab_server.root
    shutil.copytree(notebooks_folder(), root / "notebooks", dirs_exist_ok=True)
    year = root / "data" / "raw" / "2020-2021"
    shutil.rmtree(year, ignore_errors=True)  # the explorer's tests may have had a small one of that name
    small_year(root / "data", "2020-2021", UNITS)
    run_all_cells(lab_page, jupyterlab_server, "notebooks/annual.ipynb", seconds=120)
    lab_page.get_by_text("演示数据（合成）").first.wait_for()
    lab_page.locator(".js-plotly-plot .main-svg").first.wait_for(state="attached")
