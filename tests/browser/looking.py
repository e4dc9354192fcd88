"""What the page tests look at: figures that are drawn, glyphs that are no empty boxes, accessibility."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

UNITS = ("C01", "C02", "C03", "C04", "E01", "F01", "D03", "D05", "D06")
"""Of the site the tests look at."""
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def drawn_charts(page: Page) -> Iterator[Locator]:
    """The page's charts one by one, each scrolled to and drawn."""
    charts = page.locator(".chart")
    for number in range(charts.count()):
        chart = charts.nth(number)
        chart.scroll_into_view_if_needed()
        chart.locator(".main-svg").first.wait_for(state="attached")
        yield chart


def trace_types(chart: Locator) -> tuple[list[str], list[str]]:
    """The types the page's JSON names, and those plotly drew (a bundle that lacks one draws another)."""
    wanted, drawn = chart.evaluate(
        """chart => {
            const source = document.querySelector(`script[data-chart="${chart.id}"]`);
            const types = traces => traces.map(trace => trace.type || "scatter");
            return [types(JSON.parse(source.textContent).data), types(chart._fullData)];
        }"""
    )
    return wanted, drawn


def shows_chinese(page: Page, chart: Locator) -> bool:
    """Whether a Chinese label of the chart is on the screen in glyphs that differ from one another.

    Its font is tried on a canvas, where each character stands alone; its place on the screen is photographed.
    """
    label = chart.evaluate_handle(
        """chart => [...chart.querySelectorAll("text")].filter(text => {
            const box = text.getBoundingClientRect();
            return /[\\u4e00-\\u9fff]{2}/.test(text.textContent) && box.width > 20 && box.top > 0
                && box.bottom < innerHeight;
        })[0] ?? null"""
    ).as_element()
    if label is None:
        return False
    glyphs_differ = label.evaluate(
        """text => {
            const style = getComputedStyle(text);
            const characters = [...new Set(text.textContent.match(/[\\u4e00-\\u9fff]/g))];
            const drawn = characters.map(character => {
                const canvas = document.createElement("canvas");
                const context = canvas.getContext("2d");
                context.font = `32px ${style.fontFamily}`;
                context.fillText(character, 0, 40);
                return canvas.toDataURL();
            });
            return new Set(drawn).size == characters.length;
        }"""
    )
    return glyphs_differ and ink(page, page.screenshot(clip=label.bounding_box())) > 0.05


def ink(page: Page, png: bytes) -> float:
    """The share of pixels that differ clearly from the first one, which is background."""
    return page.evaluate(
        """async source => {
            const image = new Image();
            image.src = "data:image/png;base64," + source;
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.width, image.height];
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            const pixels = context.getImageData(0, 0, image.width, image.height).data;
            let other = 0;
            for (let at = 0; at < pixels.length; at += 4) {
                const apart = [0, 1, 2].map(part => Math.abs(pixels[at + part] - pixels[part]));
                if (Math.max(...apart) > 60) other += 1;
            }
            return other / (image.width * image.height);
        }""",
        base64.b64encode(png).decode(),
    )


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds serious or critical; by all its rules or some."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def rows_of(table: Locator) -> list[str]:
    """The texts of the rows that are shown."""
    return table.evaluate("table => [...table.tBodies[0].rows].filter(row => !row.hidden).map(row => row.textContent)")
