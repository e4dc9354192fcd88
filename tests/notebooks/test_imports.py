"""What a batch's kernels import: a hundred of them start, so nothing heavy may creep in."""

import subprocess
import sys

import pytest

from kaohe.scoring.bookfile import frozen
from tests.charts.books import scored

HEAVY = {
    "numpy",
    "pandas",
    "pydantic",
    "nbformat",
    "jsonschema",
    "rfc3987_syntax",
    "openpyxl",
    "ruamel.yaml",
    "papermill",
}
UNIT = """
from kaohe.charts.points import points_table, votes_table
from kaohe.charts.since import since_last_year
from kaohe.charts.beside import beside_group
from kaohe.charts.targets import targets
from kaohe.charts.losses import losses
from kaohe.charts.unit import dearest
from kaohe.charts.sentences import unit_findings, unit_heading
from kaohe.notebook import start
year, unit, data, book, policies, provisional = "2019-2020", "C1", "data", {book!r}, {{}}, False
scorebook = start(globals(), "unit")
for draw in (points_table, votes_table, dearest, losses, since_last_year, beside_group, targets):
    draw(scorebook, unit)
"""
PUBLIC = """
from kaohe.charts.public import public_components, public_points, public_sections, public_unit_heading
from kaohe.notebook import show_html, start
from kaohe.analysis.public import public_unit
"""
ROBUST = """
import kaohe.charts.calibration
import kaohe.charts.robust
from kaohe.notebook import show, show_html, start
"""
COUNT = "import sys; print(' '.join(sys.modules))"


def imported(code):
    run = subprocess.run([sys.executable, "-c", f"{code}\n{COUNT}"], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "book.json"
    path.write_text(frozen(scored()), encoding="utf-8")
    return str(path)


def test_a_units_kernel_reads_no_scheme_and_no_tables(book):
    assert not imported(UNIT.format(book=book)) & HEAVY


def test_the_kernels_of_robustness_draw_from_its_json_alone():
    assert not imported(ROBUST) & HEAVY


def test_a_public_kernel_does_without_plotly_too():
    assert not imported(PUBLIC) & (HEAVY | {"plotly"})


def test_kernels_that_show_answers_compute_nothing():
    assert not imported("import kaohe.notebook, kaohe.charts.health, kaohe.charts.backtest") & HEAVY
