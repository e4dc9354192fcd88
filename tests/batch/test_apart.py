"""`diff --out`: page, notebook and table are those of one run, whenever it is killed."""

import json
import os
import shutil
from pathlib import Path

import nbformat
import papermill.parameterize  # noqa: F401 -- once, not in every child
import pytest

from kaohe.batch import apart
from kaohe.batch.apart import difference_page
from kaohe.batch.job import Done
from kaohe.files.locks import holding
from tests.faults import DONE, KILLED, content, places, run_with, sampled

pytestmark = pytest.mark.slow


class Found:
    """What the page asks of a difference."""

    before, after, synthetic, provisional = "old", "new", True, False


@pytest.fixture
def write(monkeypatch):
    """Writes the three files; no kernel runs."""
    told = {}
    monkeypatch.setattr(os, "fsync", lambda handle: None)

    def executed(jobs, export, **_):
        (job,) = jobs
        given = json.loads(Path(job.parameters["difference"]).read_text(encoding="utf-8"))
        tags = {"tags": ["injected-parameters"]}
        cell = nbformat.v4.new_code_cell(f'difference = "{job.parameters["difference"]}"', metadata=tags)
        export(job, nbformat.v4.new_notebook(cells=[cell], metadata={"papermill": {}, "said": given}))
        return [Done(job)]

    monkeypatch.setattr(apart, "run_jobs", executed)
    monkeypatch.setattr(apart, "difference_text", lambda found: json.dumps(told["now"]))
    monkeypatch.setattr(apart, "page_of_notebook", lambda notebook, page: notebook.metadata["said"])

    def run(folder, what):
        told["now"] = what
        assert difference_page(Found(), folder / "a.html") is None

    return run


def shown(files):
    """What each of the three says; a notebook's metadata."""
    said = json.loads(files["a.ipynb"])["metadata"]["said"]
    return "html " + files["a.html"].decode(), "json " + files["a.json"].decode(), f"ipynb {said}"


def test_killed_anywhere_the_three_are_of_one_run(write, tmp_path):
    start = tmp_path / "start"
    start.mkdir()
    write(start, "old")
    old = content(start)
    assert set(old) == {"a.html", "a.ipynb", "a.json"}
    passed = places(lambda: write(shutil.copytree(start, tmp_path / "new"), "new"), tmp_path / "places")
    new = content(tmp_path / "new")
    assert not set(shown(old)) & set(shown(new))
    for number in sampled(range(1, len(passed) + 1), first=1):
        folder = shutil.copytree(start, tmp_path / str(number))
        assert run_with(f"kill={number}", lambda folder=folder: write(folder, "new")) == KILLED
        with holding(folder, deep=False):
            assert shown(content(folder)) in (shown(old), shown(new))
        assert run_with("", lambda folder=folder: write(folder, "new")) == DONE
        assert shown(content(folder)) == shown(new)


def test_the_notebook_reads_the_table_beside_it(write, tmp_path):
    write(tmp_path, "it")
    notebook = nbformat.read(tmp_path / "a.ipynb", as_version=4)
    assert [str(tmp_path / "a.json") in cell.source for cell in notebook.cells] == [True]
    assert notebook.metadata["papermill"]["parameters"]["difference"] == str(tmp_path / "a.json")
