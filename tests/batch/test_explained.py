"""What `explain` says is kept with the results of a run, and said again only while nothing that it rests on differs."""

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kaohe.batch import explained, site, sources
from kaohe.batch.explained import keep, kept
from kaohe.batch.prepare import prepare
from kaohe.batch.sources import rested_on
from kaohe.cli import app
from kaohe.files.plans import hash_of
from kaohe.scheme import yamlfile
from kaohe.scoring.write import read_manifest
from tests.reporting import WITHOUT_PICTURES
from tests.small import change, metric, small_year

YEAR = "2018-2019"
pytestmark = pytest.mark.slow


def said(data, *words):
    result = CliRunner().invoke(app, ["explain", YEAR, *words, "--data", str(data)])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data folder with its year scored by a run, and the run's book."""
    data = tmp_path_factory.mktemp("explained")
    small_year(data, units=("C01", "D03"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yamlfile, "READ", {})  # what other tests have read is not this run's
        patch.setattr("kaohe.batch.prepare.READ", yamlfile.READ)
        return data, prepare(YEAR, data / "raw", data / "processed", questions=())


def test_it_says_what_would_be_said_anew(prepared, monkeypatch):
    data, _ = prepared
    asked = [("C01",), ("D03",), ("智能制造学院", "k3.1"), ("d03", "t12")]
    assert kept(data, YEAR) is not None
    monkeypatch.setattr("kaohe.cli.explaining.read", lambda *given: pytest.fail("the year was read"))
    quickly = [said(data, *words) for words in asked]
    monkeypatch.undo()
    monkeypatch.setattr(explained, "kept", lambda data, year: None)
    assert quickly == [said(data, *words) for words in asked]


def test_a_unit_that_was_asked_after_is_kept_beside_results_without_a_run(prepared, monkeypatch):
    data, _ = prepared
    place = data / "processed" / YEAR / explained.NAME
    whole = place.read_text(encoding="utf-8")
    wanted = {unit: said(data, unit) for unit in ("C01", "D03")}
    place.unlink()
    try:
        assert said(data, "智能制造学院") == wanted["C01"]
        assert list(kept(data, YEAR).units) == ["C01"]
        with monkeypatch.context() as patch:
            patch.setattr("kaohe.cli.explaining.read", lambda *given: pytest.fail("the year was read"))
            assert said(data, "C01") == wanted["C01"]
        assert said(data, "D03") == wanted["D03"]
        assert json.loads(place.read_text(encoding="utf-8")) == json.loads(whole)
        place.write_text(whole.replace('"rests_on":"', '"rests_on":"0'), encoding="utf-8")
        assert kept(data, YEAR) is None
        assert said(data, "D03") == wanted["D03"]
        assert list(kept(data, YEAR).units) == ["D03"]  # nothing of what no longer holds
    finally:
        place.write_text(whole, encoding="utf-8")


def test_a_run_in_another_folder_says_it_too(prepared, monkeypatch):
    data, _ = prepared
    monkeypatch.chdir(data.parent)
    monkeypatch.setattr("kaohe.cli.explaining.read", lambda *given: pytest.fail("the year was read"))
    assert said(Path(data.name), "C01") == said(data, "C01")


def test_any_byte_of_what_it_rests_on_ends_it(prepared, monkeypatch):
    data, _ = prepared
    chance = random.Random(3)
    folder = data / "processed" / YEAR
    (data / "kaohe.yaml").write_text("scheme: lygtc-2018\n", encoding="utf-8")
    assert kept(data, YEAR) is None  # whose data it is has been said since
    (data / "kaohe.yaml").unlink()
    for path in (*sorted((data / "raw" / YEAR).iterdir()), folder / "manifest.json"):
        before = path.read_bytes()
        at = chance.randrange(len(before))
        path.write_bytes(before[:at] + bytes([before[at] ^ 1 << chance.randrange(8)]) + before[at + 1 :])
        assert kept(data, YEAR) is None, path
        path.write_bytes(before)
        assert kept(data, YEAR) is not None
    monkeypatch.setattr(sources, "kaohe_version", lambda: "another")
    assert kept(data, YEAR) is None


@pytest.mark.parametrize("damaged", ["", "[]", "{", '{"rests_on": ""}'])
def test_a_damaged_file_says_nothing(prepared, damaged):
    data, _ = prepared
    path = data / "processed" / YEAR / explained.NAME
    whole = path.read_text(encoding="utf-8")
    path.write_text(damaged, encoding="utf-8")
    assert kept(data, YEAR) is None
    path.write_text(whole, encoding="utf-8")


@pytest.fixture
def unkept(prepared):
    """The file that is kept, which is not there until the test is over."""
    path = prepared[0] / "processed" / YEAR / explained.NAME
    whole = path.read_text(encoding="utf-8")
    path.unlink()
    yield path
    path.write_text(whole, encoding="utf-8")


def test_nothing_is_kept_of_what_changed_while_it_was_read(prepared, unkept, monkeypatch):
    data, year = prepared
    before, about = rested_on(data), read_manifest(unkept.parent)
    undo = (data / "raw" / YEAR / "metrics.csv").read_bytes()
    change(data / "raw" / YEAR, "metrics", lambda row: {**row, "note": "改了"})
    keep(data, year.book, about, before, {})
    assert not unkept.exists()
    (data / "raw" / YEAR / "metrics.csv").write_bytes(undo)
    monkeypatch.setattr(sources, "code_files", lambda: [data / "raw" / YEAR / "metrics.csv"])
    keep(data, year.book, about, before, {})
    assert not unkept.exists(), "the code is another by now"


def test_a_scheme_elsewhere_counts_with_parts_that_it_may_take_since(prepared, unkept, tmp_path):
    data, year = prepared
    before, about = rested_on(data), read_manifest(unkept.parent)
    part = tmp_path / "items" / "part.yaml"
    part.parent.mkdir()
    part.write_text("a: 1", encoding="utf-8")
    keep(data, year.book, about, before, {part: "of what stood there then"})
    assert kept(data, YEAR) is None
    keep(data, year.book, about, before, {part: hash_of(part)})
    assert kept(data, YEAR) is not None
    (part.parent / "notes.txt").touch()
    assert kept(data, YEAR) is not None
    (part.parent / "more.YAML").touch()
    assert kept(data, YEAR) is None
    keep(data, year.book, about, before, {tmp_path / "of another, gone" / "scheme.yaml": "of what stood there then"})
    assert kept(data, YEAR) is None


def test_nothing_is_kept_where_the_year_before_changed_since_another_year_read_it(tmp_path, monkeypatch):
    """A run reads a year once, for itself and for the next one."""
    then, data = "2017-2018", tmp_path / "data"
    raw = small_year(data, then, units=("C01", "D03"))
    small_year(data, units=("C01", "D03"))

    def prepared(year, *given, **named):
        made = prepare(year, *given, **named)
        if year == then and correct:
            metric(raw, "C01", "survey_rate", "0.45")
        return made

    monkeypatch.setattr(site, "prepare", prepared)
    monkeypatch.setattr(site, "_run", lambda *given, **named: [])
    for name, value in WITHOUT_PICTURES.items():
        monkeypatch.setenv(name, value)
    for correct in (False, True):
        site.report([then, YEAR], data, tmp_path / "out", questions=())
        assert (kept(data, YEAR) is None) == correct
