"""The benchmarks that look into a browser still start and measure."""

import pytest

from tests.measuring import run
from tests.small import small_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("browser")]


def test_explorer():
    assert "edit to chart" in run("explorer.py", "--edits", "2")


def test_pages(tmp_path):
    small_year(tmp_path, units=("D03",))
    raw = ("--year", "2018-2019", "--raw", str(tmp_path / "raw"))
    said = run("pages.py", *raw, "--repeat", "1", "--kinds", "check", "units/*")
    assert "first chart" in said
    assert "s a page" in said
