"""Every benchmark still starts and measures; what it measures is nobody's promise here."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.small import small_year

FOLDER = Path(__file__).parents[2] / "benchmarks"
HELPERS = {"by_hand.py"}

pytestmark = pytest.mark.slow


def run(name, *words):
    command = [sys.executable, str(FOLDER / name), *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_none_is_left_out():
    assert {path.name for path in FOLDER.glob("*.py")} - HELPERS == {
        "crash.py",
        "explorer.py",
        "hostile.py",
        "pages.py",
        "scoring.py",
    }


def test_crash():
    assert "score" in run("crash.py", "--times", "1", "score")


def test_hostile():
    assert "unknown_units" in run("hostile.py", "--size", "0.001")


def test_scoring():
    assert "float64" in run("scoring.py", "--scenarios", "50", "--repeat", "1")


@pytest.mark.usefixtures("browser")
def test_explorer():
    assert "edit to chart" in run("explorer.py", "--edits", "2")


@pytest.mark.usefixtures("browser")
def test_pages(tmp_path):
    small_year(tmp_path, units=("C01", "D03"))
    said = run("pages.py", "--year", "2018-2019", "--raw", str(tmp_path / "raw"), "--repeat", "1")
    assert "first chart" in said
    assert "s a page" in said
