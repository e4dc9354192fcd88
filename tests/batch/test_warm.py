"""A forked kernel gives what a kernel of its own gives, cell by cell, for every notebook that ships."""

import json
from pathlib import Path

import nbformat
import pytest

from kaohe.batch.job import Job
from kaohe.batch.kernels import Kernels
from kaohe.batch.run import run_jobs

pytestmark = pytest.mark.notebook

TAKEN_OUT = {
    "metadata": ("papermill", "kaohe", "language_info", "kernelspec"),
    "cell": ("execution", "papermill", "start_time", "end_time"),
}
"""What no two executions share: times, and who executed. Everything else is compared."""


def plain(notebook):
    """An executed notebook without what differs from run to run; nothing a reader sees is taken out."""
    notebook = json.loads(nbformat.writes(notebook))
    for name in TAKEN_OUT["metadata"]:
        notebook["metadata"].pop(name, None)
    for cell in notebook["cells"]:
        for name in TAKEN_OUT["cell"]:
            cell["metadata"].pop(name, None)
    return notebook


def one_of_each(folder: Path):
    """An executed notebook of every kind in a report."""
    found = {}
    for path in sorted(folder.rglob("*.ipynb")):
        kind = path.parent.name if path.parent.name != "notebooks" else path.stem
        found.setdefault((path.parts[-3:-1], kind), path)
    return list(found.values())


def test_each_kind_of_notebook_comes_out_the_same(reported, tmp_path):
    done = {}
    for path in one_of_each(reported.out):
        notebook = nbformat.read(path, as_version=4)
        given = next(cell.source for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", ()))
        parameters: dict = {}
        exec(given, {}, parameters)  # the cell papermill wrote: plain assignments
        source = Path(__file__).parents[2] / "notebooks" / f"{_source(path, parameters)}.ipynb"
        done[path] = Job(
            path.stem, path.stem, source, parameters, tmp_path / f"{len(done)}.ipynb",
            tmp_path / f"waiting-{len(done)}.ipynb", tmp_path / f"{len(done)}.html", (),
        )  # fmt: skip
    assert {job.source.stem for job in done.values()} >= {"annual", "unit", "public", "public_unit", "check", "method"}
    ended = run_jobs(done.values(), lambda job, notebook: None, kernels=Kernels(stock=True))
    assert [each.error for each in ended] == [None] * len(done)
    for path, job in done.items():
        warm, cold = (plain(nbformat.read(each, as_version=4)) for each in (path, job.waiting))
        assert warm == cold, path


def _source(path, parameters):
    if "units" in path.parts:
        return "public_unit" if "public" in path.parts else "unit"
    return "public" if "public" in path.parts else path.stem


def test_a_changed_value_is_seen(reported):
    """What the comparison takes out leaves every output and source in."""
    path = next(reported.out.rglob("annual.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    before = plain(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            output["data"] = {"text/html": "x"}
            assert plain(notebook) != before
            return
    pytest.fail("no output")
