"""The fixtures of the browser tests.

In CI a missing browser or font fails the tests; elsewhere they are skipped, and listed at the end (`pytest -rs`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from kaohe.batch.chromium import find_chromium

from .browser import JupyterLab, Traffic, chromium, draws_chinese, jupyterlab

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


@pytest.fixture
def page(browser):
    """A page without any network, in a context of its own."""
    with browser.new_context(offline=True) as context:
        yield context.new_page()


@pytest.fixture
def traffic(page) -> Traffic:
    """What `page` asks for and complains about, from its first address on."""
    return Traffic.of(page)


@pytest.fixture
def lab_page(browser):
    """A page that can reach this machine's JupyterLab, and nothing else."""
    with browser.new_context(viewport={"width": 1400, "height": 1000}) as context:
        yield context.new_page()


@pytest.fixture(scope="package")
def jupyterlab_server(browser, tmp_path_factory) -> Iterator[JupyterLab]:
    with jupyterlab(tmp_path_factory.mktemp("jupyterlab")) as lab:
        yield lab
