"""The fixtures of the browser tests.

In CI a missing browser or font fails the tests; elsewhere they are skipped, and listed at the end (`pytest -rs`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from kaohe.batch.chromium import find_chromium
from tests.reporting import YEAR, run_report
from tests.small import small_year

from .browser import JupyterLab, Traffic, chromium, draws_chinese, jupyterlab
from .looking import UNITS, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def missing(what: str) -> NoReturn:
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(f"{what}: the browser tests cannot run", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="package")
def browser():
    """One browser for all browser tests.

    Not for the session: while it is open, an asyncio loop runs in this thread (see `chromium`), and tests of other
    folders execute notebooks.
    """
    executable = find_chromium()
    if executable is None:
        missing("no Chromium, Chrome or Edge is installed (CHROMIUM=/path names one)")
    with chromium(executable) as browser:
        page = browser.new_page()
        chinese = draws_chinese(page)
        page.close()
        if not chinese:
            missing("no Chinese font is installed (Debian: fonts-noto-cjk)")
        yield browser


@pytest.fixture(scope="package")
def tab(browser) -> Iterator[tuple[Page, Traffic]]:
    """One tab without any network. A page opens in it four times as fast as in a new one, which would compile plotly
    anew."""
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        yield page, Traffic.of(page)


@pytest.fixture
def page(tab) -> Iterator[Page]:
    """The tab as if it were new: nothing open, nothing remembered, by day."""
    page, traffic = tab
    page.emulate_media(media="null", color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.mouse.move(0, 0)
    traffic.clear()
    yield page
    if page.url.startswith("file:"):
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.goto("about:blank")


@pytest.fixture(scope="package")
def site(browser, tmp_path_factory):
    """A small year with the one after it (the same tables, so its achievements lie outside the window)."""
    base = tmp_path_factory.mktemp("site")
    small_year(base / "data", units=UNITS)
    small_year(base / "data", "2019-2020", UNITS[:-1])
    result = run_report(base / "data", base / "out", YEAR, questions=True)
    assert result.code == 0, result.error
    return result


@pytest.fixture
def open_page(page, site):
    """Opens a page of the site by its name; at a context, or as wide as asked for."""

    def opened(name, size=WIDE):
        page.set_viewport_size(size)
        page.goto((site.out / name).as_uri())
        return page

    return opened


@pytest.fixture
def traffic(page, tab) -> Traffic:
    """What `page` asks for and complains about, from its first address on."""
    return tab[1]


@pytest.fixture
def new_page(browser) -> Iterator[Page]:
    """A page in a context of its own, for what would stay with the tab."""
    with browser.new_context(offline=True) as context:
        yield context.new_page()


@pytest.fixture
def lab_page(browser):
    """A page that can reach this machine's JupyterLab, and nothing else."""
    with browser.new_context(viewport={"width": 1400, "height": 1000}) as context:
        yield context.new_page()


@pytest.fixture(scope="package")
def jupyterlab_server(browser, tmp_path_factory) -> Iterator[JupyterLab]:
    with jupyterlab(tmp_path_factory.mktemp("jupyterlab")) as lab:
        yield lab
