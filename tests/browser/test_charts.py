"""What can be done with a chart: light up a part, go to a unit, take picture and figures along; on a phone, too."""

import csv
import io

import pytest

from tests.reporting import YEAR

from .looking import PHONE, drawn_charts

INDEX, ANNUAL = f"{YEAR}/index.html", f"{YEAR}/annual.html"
LENGTHS = "chart => [...chart.querySelectorAll('.bars path')].map(bar => bar.getBoundingClientRect().width)"
LIT = "chart => chart.data.filter(trace => trace.name).map(trace => trace.opacity ?? 1)"


def test_a_click_on_a_parts_name_lights_it_up_and_changes_no_length(open_page):
    chart = next(drawn_charts(open_page(INDEX)))
    before = chart.evaluate(LENGTHS)
    place = chart.locator(".annotation-text-g").nth(1)
    place.click()
    chart.page.wait_for_function(f"chart => ({LIT})(chart).join() == '0.2,1,0.2,0.2'", arg=chart.element_handle())
    assert chart.evaluate(LENGTHS) == before
    place.click()
    chart.page.wait_for_function(f"chart => ({LIT})(chart).join() == '1,1,1,1'", arg=chart.element_handle())


OVERLAPPING = """chart => {
    const boxes = [...chart.querySelectorAll(".annotation-text-g")].map(name => name.getBoundingClientRect());
    return boxes.flatMap((one, at) => boxes.slice(at + 1).filter(other => one.right > other.left + 1
        && other.right > one.left + 1 && one.bottom > other.top + 4 && other.bottom > one.top + 4)).length;
}"""


@pytest.mark.parametrize(("width", "wall"), [(1345, False), (1440, True), (1920, True)])
def test_parts_over_the_first_bar_never_overlap_and_bars_have_their_numbers(open_page, width, wall):
    page = open_page(INDEX, {"width": width, "height": 900})
    switch = page.get_by_role("button", name="投影")
    if wall:
        switch.click()
    for chart in drawn_charts(page):
        assert chart.evaluate(OVERLAPPING) == 0
        assert chart.locator(".bartext:visible").count() > chart.locator(".ytick").count()
    side_by_side = page.locator(".answers > section").nth(1).bounding_box()["x"] > width / 2
    assert side_by_side == (width != 1440 or not wall)  # letters of a projector need more room
    assert page.locator(".others").is_visible() != side_by_side
    if wall:
        switch.click()


def test_a_units_name_leads_to_its_page_and_on_paper_nowhere(open_page):
    page = open_page(INDEX)
    name = next(drawn_charts(page)).locator(".ytick a").first
    wanted = name.get_attribute("href")
    assert wanted.startswith("units/")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".chart .ytick a[href]").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.locator(f".chart .ytick a[href='{wanted}']").click()
    page.wait_for_url(f"**/{wanted}")


def test_every_chart_offers_picture_and_figures_in_chinese(open_page):
    page = open_page(ANNUAL)
    drawn = [chart for chart in drawn_charts(page) if chart.evaluate("chart => chart.data.length")]
    assert len(drawn) > 5
    for chart in drawn:
        offers = chart.locator("xpath=ancestor::figure//button").all_inner_texts()
        assert offers == ["存为图片", "复制数据"], chart.get_attribute("aria-label")
    said = page.evaluate(
        """async () => {
            const place = document.body.appendChild(document.createElement("div"));
            await Plotly.newPlot(place, [], {}, {locale: "zh-CN", displayModeBar: true});
            return [...place.querySelectorAll(".modebar-btn")].map(button => button.dataset.title);
        }"""
    )
    assert said[0] == "存为 PNG 图片"
    assert drawn[0].evaluate("chart => chart._context.locale") == "zh-CN"


def test_the_figures_of_a_chart_are_copied_as_cells(open_page):
    page = open_page(INDEX)
    page.evaluate("navigator.clipboard.writeText = async text => { window.copied = text; }")
    page.locator("figure").first.get_by_role("button", name="复制数据").click()
    page.locator("figure").first.get_by_role("button", name="已复制").wait_for()
    rows = list(csv.reader(io.StringIO(page.evaluate("window.copied")), delimiter="\t"))
    shown = page.locator("figure + details table tr, figure ~ details table tr").first.locator(
        "xpath=ancestor::table//tr"
    )
    assert len(rows) == shown.count()
    assert rows[0][:2] == ["名次", "单位"]
    assert all(float(row[2]) >= 0 for row in rows[1:])


def test_on_a_phone_a_grid_is_turned_keeps_its_numbers_and_its_ways(open_page):
    page = open_page(ANNUAL, PHONE)
    grid = next(chart for chart in drawn_charts(page) if chart.evaluate("chart => chart.data[0]?.type") == "heatmap")
    shape = grid.evaluate(
        "chart => [chart.data[0].z.length, chart.data[0].z[0].length, chart.layout.yaxis.ticktext.length]"
    )
    assert shape[0] == shape[2] > shape[1]
    assert grid.locator(".hm text, .heatmaplayer text").count() >= shape[0]
    assert grid.locator(".xtick a[href^=units]").count() == shape[1] - 1  # the last is all of them together


def test_on_a_phone_no_text_of_a_chart_is_cut_off(open_page):
    page = open_page(ANNUAL, PHONE)
    for chart in drawn_charts(page):
        beyond = chart.evaluate(
            """chart => {
                const frame = chart.querySelector(".main-svg").getBoundingClientRect();
                return [...chart.querySelectorAll("text")].filter(text => {
                    const box = text.getBoundingClientRect();
                    return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1);
                }).map(text => text.textContent);
            }"""
        )
        assert beyond == [], chart.get_attribute("aria-label")
