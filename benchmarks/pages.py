"""How heavy the pages are, how soon their first chart stands, and what printing one takes.

    .venv/bin/python benchmarks/pages.py [--year 2020-2021] [--repeat 9] [--raw data/raw] [--kinds index annual …]
    .venv/bin/python benchmarks/pages.py --site reports [--year 2020-2021] [--repeat 9]

Reports a demonstration year into a temporary folder: once with shared scripts, once as pages that stand alone (no
notebook is run a second time). With `--site` the pages of a report that stands, of every kind it has. Opens pages in an
installed Chromium without a network, the two modes in turn, and takes the median from the start of the navigation to
the first chart drawn, in a profile that has seen nothing before. Compare the ratios: machines are noisy.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from kaohe.batch.chromium import FLAGS, find_chromium
from kaohe.batch.printing import print_pages
from kaohe.batch.site import report

DATA = Path(__file__).parents[1] / "data" / "raw"
KINDS = ("index", "annual", "method", "brief", "check", "units/*", "public/index", "public/units/*")
MORE = (
    "goal", "policies", "decide", "robust", "calibration", "calibration_letters", "health", "diff",
    "deliver/index", "../index", "../compare", "../trend",
)  # fmt: skip
"""Kinds besides, where a site has them."""
TIMED = ("index", "annual", "units/*")
LIMIT = 150
"""Kilobytes of HTML that a page of a site should not have more than."""
# Charts are drawn when they come near: the reader stands at the first from the start.
FIRST_CHART = """
    addEventListener("DOMContentLoaded", () => document.querySelector(".chart").scrollIntoView());
    new MutationObserver((changes, observer) => {
        if (!document.querySelector(".chart .cartesianlayer :is(.points path, .hm image)")) return;
        window.firstChart = performance.now();
        observer.disconnect();
    }).observe(document, {childList: true, subtree: true});
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--year", default="2020-2021")
    options.add_argument("--repeat", type=int, default=9)
    options.add_argument("--raw", type=Path, default=DATA)
    options.add_argument("--kinds", nargs="+", choices=(*KINDS, *MORE), default=KINDS)
    options.add_argument("--site", type=Path, help="reports that stand, instead of new ones")
    given = options.parse_args()
    if given.site:
        _standing(given.site / given.year, given.kinds if given.kinds is not KINDS else (*KINDS, *MORE), given.repeat)
        return
    with tempfile.TemporaryDirectory() as name:
        shared, alone = _report(given.raw / given.year, Path(name))
        _sizes(shared / given.year, alone / given.year, given.kinds)
        _assets(shared / "assets")
        timed = [kind for kind in TIMED if kind in given.kinds]
        _first_charts(shared / given.year, alone / given.year, timed, given.repeat)
        _printing(shared / given.year, given.kinds)


def _standing(year: Path, kinds: Sequence[str], repeat: int) -> None:
    """The pages of a report that stands, as they are."""
    pages = {kind: _largest(year, kind) for kind in kinds if any(year.glob(f"{kind}.html"))}
    print(f"{'page (largest of its kind), KB':32}{'HTML':>8}{'gzip':>8}{'first chart, ms':>18}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        for kind, page in pages.items():
            content = page.read_bytes()
            drawn = b'class="chart"' in content
            took = f"{median(_first_chart(browser, page) for _ in range(repeat)):.0f}" if drawn else "–"
            heavy = "  heavy" if len(content) > LIMIT * 1000 else ""
            print(f"{kind:32}{len(content) / 1000:8.1f}{len(gzip.compress(content)) / 1000:8.1f}{took:>18}{heavy}")
        browser.close()


def _report(raw: Path, base: Path) -> tuple[Path, Path]:
    """The year's reports in both modes."""
    year = raw.name
    data, shared, alone = base / "data", base / "shared", base / "alone"
    (data / "raw").mkdir(parents=True)
    shutil.copytree(raw, data / "raw" / year)
    report([year], data, shared, questions=())
    shutil.copytree(shared, alone)
    report([year], data, alone, questions=(), inline=True)
    return shared, alone


def _largest(folder: Path, kind: str) -> Path:
    """The page of the kind; of the units' pages the largest."""
    return max(folder.glob(f"{kind}.html"), key=lambda page: page.stat().st_size)


def _sizes(shared: Path, alone: Path, kinds: Sequence[str]) -> None:
    print(f"{'page (largest of its kind), KB':32}{'HTML':>8}{'gzip':>8}{'alone':>9}")
    for kind in kinds:
        page = _largest(shared, kind)
        content = page.read_bytes()
        single = (alone / page.relative_to(shared)).stat().st_size
        print(f"{kind:32}{len(content) / 1000:8.1f}{len(gzip.compress(content)) / 1000:8.1f}{single / 1000:9.1f}")


def _assets(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        print(f"{'shared: ' + path.name:32}{path.stat().st_size / 1000:8.1f}")


def _first_charts(shared: Path, alone: Path, kinds: Sequence[str], repeat: int) -> None:
    print(f"\n{f'first chart, ms, median of {repeat}':32}{'shared':>8}{'alone':>8}{'ratio':>8}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        for kind in kinds:
            page = _largest(shared, kind)
            pair = page, alone / page.relative_to(shared)
            took: list[list[float]] = [[], []]
            for _ in range(repeat):
                for times, each in zip(took, pair, strict=True):
                    times.append(_first_chart(browser, each))
            first, second = map(median, took)
            print(f"{kind:32}{first:8.0f}{second:8.0f}{second / first:8.2f}")
        browser.close()


def _first_chart(browser: Browser, path: Path) -> float:
    """Milliseconds from the navigation's start, in a profile that has seen nothing before."""
    context: Any = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    with context:
        page = context.new_page()
        page.add_init_script(FIRST_CHART)
        page.goto(path.as_uri())
        page.locator(".chart").first.scroll_into_view_if_needed()  # below the fold none is drawn
        return page.wait_for_function("window.firstChart").json_value()


def _printing(year: Path, kinds: Sequence[str]) -> None:
    pages = [_largest(year, kind) for kind in kinds]
    began = time.perf_counter()
    done = print_pages(pages)
    took = time.perf_counter() - began
    print(f"\n--pdf: {took / len(done.printed):.2f} s a page ({len(done.printed)} pages)")


if __name__ == "__main__":
    main()
