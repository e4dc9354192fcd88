"""`report YEAR --unit C01`: that unit's pages and nothing else, of the same scoring as those that stand."""

import json
import shutil

import nbformat
import papermill.execute
import pytest

from kaohe.batch import year
from tests.exchange.filling import kaohe
from tests.faults import content
from tests.reporting import YEAR, dead_links
from tests.small import metric, small_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("few_questions")]

MINE = {f"{YEAR}/{name}" for name in ("units/C01.html", "public/units/C01.html")}
BEHIND = {f"{YEAR}/notebooks/{name}" for name in ("units/C01.ipynb", "public/units/C01.ipynb")}


@pytest.fixture(autouse=True)
def no_kernel(monkeypatch):
    """A notebook is not executed, only told what it was given: none of this is about what it shows."""

    def executed(source, target, parameters, **_):
        notebook = nbformat.read(source, as_version=4)
        notebook.metadata["papermill"] = {"parameters": parameters}
        nbformat.write(notebook, target)

    monkeypatch.setattr(papermill.execute, "execute_notebook", executed)
    monkeypatch.setattr(year, "staged", lambda stage, page, text: [])


@pytest.fixture
def data(tmp_path):
    small_year(tmp_path / "data", units=("C01", "C02"))
    return tmp_path / "data"


def report(data, out, *words):
    return kaohe("report", YEAR, "--data", data, "--out", out, *words)


def manifest(out):
    return json.loads((out / YEAR / "manifest.json").read_text(encoding="utf-8"))


def test_alone_it_leads_only_to_what_is_there(data, tmp_path):
    out = tmp_path / "out"
    code, said = report(data, out, "--unit", "c01")
    assert code == 0, said
    found = {name for name in content(out) if not name.startswith("assets/")}
    assert found == MINE | BEHIND | {f"{YEAR}/manifest.json"}
    assert manifest(out)["reports"] == {"public/units/C01": "ok", "units/C01": "ok"}
    assert dead_links(out) == []


def test_everything_else_stands_and_a_lost_page_comes_back_as_it_was(data, tmp_path):
    out = tmp_path / "out"
    code, said = report(data, out)
    assert code == 0, said
    before, told = content(out), manifest(out)["reports"]
    (out / YEAR / "units" / "C01.html").unlink()
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*.html")}
    code, said = report(data, out, "--unit", "C01")
    assert code == 0, said
    after = content(out)
    assert after.keys() == before.keys()
    assert {each for each in after if after[each] != before[each]} <= {f"{YEAR}/manifest.json"}
    assert {path for path, time in times.items() if path.stat().st_mtime_ns != time} == set()
    assert manifest(out)["reports"] == told


def test_other_data_are_refused_and_nothing_is_touched(data, tmp_path):
    out = tmp_path / "out"
    report(data, out)
    metric(data / "raw" / YEAR, "C01", "survey_rate", "0.45")
    before = content(out), content(data / "processed")
    code, said = report(data, out, "--unit", "C01")
    assert code == 1
    assert "新旧混杂" in said.replace("\n", "")
    assert (content(out), content(data / "processed")) == before
    assert report(data, tmp_path / "other", "--unit", "C01")[0] == 0


@pytest.mark.parametrize(
    ("words", "problem"),
    [(("--unit", "C99"), "没有单位 C99"), (("2019-2020", "--unit", "C01"), "--unit 只用于一个年度")],
)
def test_what_is_asked_for_wrongly_is_usage(data, tmp_path, words, problem):
    shutil.copytree(data / "raw" / YEAR, data / "raw" / "2019-2020")
    code, said = report(data, tmp_path / "out", *words)
    assert code == 2
    assert problem in said.replace("\n", "")
    assert not content(tmp_path / "out")


def test_a_year_in_error_has_no_page_made(data, tmp_path):
    metric(data / "raw" / YEAR, "C01", "survey_rate", "多")
    code, said = report(data, tmp_path / "out", "--unit", "C01")
    assert code == 1
    assert "没有生成网页" in said.replace("\n", "")
    assert not [name for name in content(tmp_path / "out") if name.endswith(".html")]
