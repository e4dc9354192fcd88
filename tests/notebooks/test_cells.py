"""Every notebook's cells, run in this process over odd years: each shows something sound and nothing unmarked."""

import json
from dataclasses import asdict, replace

import nbformat
import pytest

from kaohe.analysis.attribution import difference, difference_text
from kaohe.analysis.kept import side_of
from kaohe.analysis.public import public_unit, public_year, write_public
from kaohe.analysis.scenario import Scenario
from kaohe.analysis.scenariofile import write_scenario
from kaohe.notebook import ParameterError
from kaohe.notebook.showing import PLOTLY
from kaohe.scoring.bookfile import frozen
from tests.charts.books import only, renamed, scored, two_years
from tests.charts.test_checking import CHECKED
from tests.notebooks.test_sources import FOLDER
from tests.small import change, small_year

pytestmark = pytest.mark.slow

EVIL = "<script>alert('x')</script>"


@pytest.fixture
def outputs(monkeypatch):
    """What a run displays, bundle by bundle."""
    shown = []
    monkeypatch.setattr("IPython.display.publish_display_data", lambda data, **more: shown.append(data))
    return shown


def run(name, **given):
    """The notebook's cells one after the other, with `given` injected after its parameters cell."""
    names = {"__name__": "__main__"}
    for cell in nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, f"{name}:{cell.id}", "exec"), names)
            if "parameters" in cell.metadata.get("tags", ()):
                names.update(given)


def books():
    book = two_years()
    yield "with a previous year", book
    yield "alone", scored("2019-2020")
    yield "provisional and synthetic", replace(book, synthetic=True, provisional=True)
    yield "hostile names", renamed(book, {unit.unit_id: EVIL for unit in book.units})
    yield "one or two units", only(scored("2019-2020"), "C1", "SZ", "D03")


@pytest.fixture(params=[each for _, each in books()], ids=[name for name, _ in books()])
def book(request):
    return request.param


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return str(path)


def assert_sound(outputs, *, synthetic=False, charts=True):
    assert outputs
    assert any(PLOTLY in data for data in outputs) == charts
    for data in outputs:
        assert set(data) in ({PLOTLY, "text/plain"}, {"text/html", "text/plain"})
        if PLOTLY in data:
            assert set(data[PLOTLY]) >= {"data", "layout", "config"}
            assert data["text/plain"]
            json.dumps(data, allow_nan=False)
        else:
            assert EVIL not in data["text/html"]
            assert "<script" not in data["text/html"]
    assert ("演示数据（合成）" in outputs[0]["text/html"]) == synthetic


def test_annual(book, outputs, tmp_path):
    run("annual", year="2019-2020", book=written(tmp_path / "book.json", frozen(book)))
    assert_sound(outputs, synthetic=book.synthetic)
    assert ("暂定" in outputs[0]["text/html"]) == book.provisional


def test_method(book, outputs, tmp_path):
    run("method", year="2019-2020", book=written(tmp_path / "book.json", frozen(book)))
    assert_sound(outputs, synthetic=book.synthetic, charts=False)
    assert ("暂定" in outputs[0]["text/html"]) == book.provisional


@pytest.mark.parametrize("unit", ["C1", "SZ", "D03"])
def test_unit(book, outputs, tmp_path, unit):
    run("unit", year="2019-2020", unit=unit, book=written(tmp_path / "book.json", frozen(book)))
    assert_sound(outputs, synthetic=book.synthetic)


def test_compare(book, outputs, tmp_path):
    paths = [
        written(tmp_path / "now.json", frozen(book)),
        written(tmp_path / "before.json", frozen(scored("2018-2019", 5))),
    ]
    for name in ("compare", "trend"):
        outputs.clear()
        run(name, books=paths)
        assert_sound(outputs, synthetic=book.synthetic)


def test_compare_of_one_year(outputs, tmp_path):
    run("compare", books=[written(tmp_path / "book.json", frozen(scored("2019-2020")))])
    assert_sound(outputs)


def test_public(book, outputs, tmp_path):
    run("public", year="2019-2020", table=written(tmp_path / "table.json", write_public(public_year(book))))
    assert_sound(outputs, synthetic=book.synthetic, charts=False)


def test_public_unit(book, outputs, tmp_path):
    table = written(tmp_path / "table.json", write_public(public_unit(book, "C1")))
    run("public_unit", year="2019-2020", unit="C1", table=table)
    assert_sound(outputs, synthetic=book.synthetic, charts=False)


def test_check(outputs, tmp_path):
    checked = replace(CHECKED, synthetic=True, units={"C01": EVIL})
    run("check", year="2018-2019", findings=written(tmp_path / "findings.json", json.dumps(asdict(checked))))
    assert_sound(outputs, synthetic=True, charts=False)


@pytest.mark.slow
def test_explore(outputs, tmp_path, monkeypatch):
    """Its widgets are shown, the raw data stays as it is, and nothing is written."""
    folder = small_year(tmp_path)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *each, **more: shown.extend(each))
    run("explore", year="2018-2019", unit="C02", data=str(tmp_path))
    script, root = shown
    assert "data-lm-suppress-shortcuts" in script.data
    assert "kh-x" in root._dom_classes
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


@pytest.mark.slow
def test_explore_opens_a_scenario_and_refuses_one_that_is_not_there(outputs, tmp_path, monkeypatch):
    small_year(tmp_path)
    path = tmp_path / "a.yaml"
    write_scenario(path, Scenario("2018-2019", policies={"fail_line": "0.9"}))
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *each, **more: shown.extend(each))
    run("explore", year="2018-2019", data=str(tmp_path), scenario=str(path))
    assert shown
    with pytest.raises(ParameterError, match="找不到试算方案文件"):
        run("explore", year="2018-2019", data=str(tmp_path), scenario="没有.yaml")


@pytest.mark.parametrize("hostile", [False, True])
def test_what_a_correction_moved(outputs, tmp_path, hostile):
    small_year(tmp_path / "then")
    folder = small_year(tmp_path / "now")
    change(folder, "metrics", lambda row: {**row, "value": "0.45"}, where=lambda row: row["metric"] == "survey_rate")
    if hostile:
        change(folder, "units", lambda row: {**row, "name": f"{EVIL}{row['unit_id']}"})
    found = difference(side_of("2018-2019", tmp_path / "then"), side_of("2018-2019", tmp_path / "now"))
    run("diff", difference=written(tmp_path / "diff.json", difference_text(found)))
    assert_sound(outputs, synthetic=True)
    assert any("跟踪调查参与率" in data.get("text/html", "") for data in outputs)


def test_the_same_twice_shows_that_nothing_moved(outputs, tmp_path):
    small_year(tmp_path)
    run("diff", before="2018-2019", after="2018-2019", data=str(tmp_path))
    assert_sound(outputs, synthetic=True)
    assert any("没有单位变动" in json.dumps(data, ensure_ascii=False) for data in outputs)
