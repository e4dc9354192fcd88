"""Every benchmark still starts and measures; what it measures is nobody's promise here. Two need a browser."""

import io
import os
import re
import runpy
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import IPython.display
import pytest

from benchmarks import hostile, many_schools
from tests.browser import test_benchmarks as with_browser
from tests.measuring import FOLDER, run, run_alone
from tests.small import small_year

HELPERS = {"by_hand.py", "earlier.py", "meter.py"}

pytestmark = pytest.mark.slow


def test_none_is_left_out():
    tested = {name for tests in (globals(), vars(with_browser)) for name in tests if name.startswith("test_")}
    assert {path.name for path in FOLDER.glob("*.py")} - HELPERS <= {
        f"{name.removeprefix('test_')}.py" for name in tested
    }


def test_each_finds_what_it_imports_by_itself():
    """By hand only its own folder is on the path."""
    for path in FOLDER.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(from|import) (tests|benchmarks)\b", text, re.MULTILINE) or "sys.path" in text, path


def test_crash():
    """Also the test that a killed `score` mixes nothing."""
    said = run("crash.py", "--times", "3", "score")
    assert "score: killed 3 times, mixed or broken 0" in said


def test_hostile():
    for name, make in hostile.WORKBOOKS.items():
        assert zipfile.is_zipfile(io.BytesIO(make(3000))), name
    assert "unknown_units" in run("hostile.py", "--size", "0.001", "unknown_units", "unfolding_letters")


def test_same_results(tmp_path):
    """What a change does to the points is for the commit that makes it to say: either answer is one."""
    small_year(tmp_path, units=("C01",))
    said = run("same_results.py", "HEAD", "--data", str(tmp_path), ends=(0, 1))
    assert re.findall(r"2018-2019 (\w+): (?:the same bytes|differs)", said) == ["scores", "results"]


def test_random_years():
    assert run("random_years.py", "HEAD", "--years", "2").strip() == "2 years: the same bytes"


def test_large():
    said = run_alone("large.py", "--units", "4", "--items", "20", "--months", "3")
    assert re.findall(r"(\d+) units × 20 items × 3 months", said) == ["4", "8"]


def test_batch(tmp_path, monkeypatch, capsys):
    """Each way makes its pages; the commands of the loop are only named."""
    small_year(tmp_path, units=("C01",))
    monkeypatch.setattr(IPython.display, "publish_display_data", IPython.display.publish_display_data)
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    monkeypatch.setattr(os, "environ", os.environ.copy())
    batch = SimpleNamespace(**runpy.run_path(str(FOLDER / "batch.py")))
    (report,) = reports = batch._plan(tmp_path / "raw" / "2018-2019", tmp_path / "base", 1)
    batch.cells(reports)
    batch.stock(reports)
    page = Path(report.html)
    assert "智能制造学院" in page.read_text(encoding="utf-8")
    page.unlink()
    batch._flat(reports, 2)
    assert re.findall(r"^ +(\d) reports: +[\d.]+ MB, \d+ files", capsys.readouterr().out, re.MULTILINE) == ["1", "2"]
    commands = []
    monkeypatch.setitem(batch.loop.__globals__, "_command", lambda *words: commands.append(words[0]))
    batch.loop(reports)
    assert commands == ["papermill", "nbconvert"]
    took = iter([(0.5, 0.4, 300.0), (2.0, 1.2, 500.0), (8.0, 8.0, 200.0), (0.1, 0.1, 100.0)])
    monkeypatch.setitem(batch._measure.__globals__, "_run", lambda way, mine, base: next(took))
    given = SimpleNamespace(raw=tmp_path / "raw", year="2018-2019", units=1, rounds=1, loop=1)
    batch._measure(given, tmp_path / "measured")
    assert "stock    2.000 s   1.200 CPU s,    500 MB:   4.0 and   3.0 times warm" in capsys.readouterr().out


def test_goal(tmp_path):
    said = run("goal.py", "--units", "8", "--of", str(small_year(tmp_path)), "--unit", "C01")
    assert re.search(r"^8 units, \d+ with something to change", said, re.MULTILINE)
    assert "sets tried" in said


def test_questions(tmp_path):
    small_year(tmp_path)
    said = run("questions.py", "--data", str(tmp_path))
    assert {line.split(":")[0] for line in said.splitlines()} >= {"health", "backtest of one year"}


def test_scoring():
    said = run("scoring.py", "--scenarios", "50", "--repeat", "1", "--against", "HEAD")
    assert re.search(r"^one year, exact.* HEAD +[\d.]+ ms, here +[\d.]+ ms: [\d.]+$", said, re.MULTILINE)


def test_robust(tmp_path):
    small_year(tmp_path, units=("C01", "C02", "C03"))
    few = ("--raw", str(tmp_path / "raw"), "--draws", "200", "--repeat", "1")
    assert "the draws, made and scored" in run("robust.py", *few)


def test_growth(tmp_path):
    few = ("--of", str(small_year(tmp_path, units=("C01", "D03"))))
    sizes = ("--units", "3", "4", "--corrections", "1", "2", "--years", "1", "2")
    said = run("growth.py", *sizes, "--commands", "score", "diff", "--repeat", "1", *few)
    measured = re.findall(r"^(\w+) +(\w+) +now +(\d): +[\d.]+ s +(\d): +[\d.]+ s", said, re.MULTILINE)
    kept = [(command, of, "1", "2") for of in ("corrections", "years") for command in ("score", "diff")]
    assert measured == [("score", "units", "3", "4"), *kept]


def test_many_schools():
    said = run("many_schools.py", "--schools", "1", "--reports")
    assert re.fullmatch(r"score: 1 schools × 3 years: [\d.]+ s \([\d.]+ a year\), \d+ MB", said.strip())
    took = many_schools.Took(10, 10.0, 100.0), many_schools.Took(20, 20.0, 110.0)
    assert many_schools.extrapolated("score", *took) == "score: 1500 schools, extrapolated: 25 min, 1590 MB"


def test_policies(tmp_path):
    small_year(tmp_path, units=("C01", "C02", "E01", "D03"))
    said = run("policies.py", "--raw", str(tmp_path / "raw"), "--runs", "8")
    agree, runs = re.search(r"(\d+) of (\d+) single exact runs agree", said).groups()
    assert agree == runs
