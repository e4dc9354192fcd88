"""The pages of a trial: marked, for internal eyes, in a folder of their own; the results are not touched.

The notebooks are not executed: what they show is tests/notebooks'; here it is which pages there are and where.
"""

import json

import nbformat
import pytest
from docx import Document

from kaohe.batch import site
from kaohe.batch.job import Done
from kaohe.batch.site import report
from kaohe.scoring.bookfile import read_book
from kaohe.scoring.marks import NO_RESULT
from kaohe.scoring.refusal import RefusedError
from tests.faults import content
from tests.reporting import YEAR
from tests.small import small_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("without_pictures", "few_questions")]

TRIAL = {"ballot_scale": "stretch"}


@pytest.fixture
def data(tmp_path, monkeypatch):
    def run(jobs, export, **more):
        for job in jobs:
            job.waiting.parent.mkdir(parents=True, exist_ok=True)
            job.waiting.write_text("{}", encoding="utf-8")
            export(job, nbformat.v4.new_notebook())
        return [Done(job) for job in jobs]

    monkeypatch.setattr(site, "run_jobs", run)
    small_year(tmp_path / "data", units=("C01", "D03"))
    return tmp_path / "data"


def test_a_trials_pages_are_marked_internal_and_apart(data, tmp_path):
    reports, tried = tmp_path / "reports", tmp_path / "试算报告"
    report([YEAR], data, reports)
    before = content(reports), content(data / "processed")
    with pytest.raises(RefusedError, match="是正式的报告，试算不能写进去"):
        report([YEAR], data, reports, TRIAL)
    outcome = report([YEAR], data, tried, TRIAL)
    assert outcome.well
    pages = {path.relative_to(tried).as_posix(): path for path in tried.rglob("*.html")}
    assert f"{YEAR}/units/C01.html" in pages
    assert not any("public" in name for name in content(tried))
    for name, path in pages.items():
        text = path.read_text(encoding="utf-8")
        assert 'class="mark trial"' in text, name
        assert "<title>试算：" in text, name
    assert 'href="public' not in pages[f"{YEAR}/index.html"].read_text(encoding="utf-8")
    assert NO_RESULT in Document(tried / YEAR / "brief.docx").paragraphs[0].text
    assert json.loads((tried / YEAR / "manifest.json").read_text(encoding="utf-8"))["trial"] is True
    assert read_book(data / "processed" / "trials" / YEAR / "book.json").trial
    real = {name: each for name, each in content(data / "processed").items() if not name.startswith("trials/")}
    assert (content(reports), real) == before
    assert not any("public" in name for name in content(data / "processed" / "trials"))


def test_results_are_not_put_beside_a_trial(data, tmp_path):
    report([YEAR], data, tmp_path / "out", TRIAL)
    small_year(data, "2019-2020", units=("C01", "D03"))
    with pytest.raises(RefusedError, match="先删去它"):
        report(["2019-2020"], data, tmp_path / "out")
    report([YEAR], data, tmp_path / "out")
    assert 'class="mark trial"' not in (tmp_path / "out" / YEAR / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / YEAR / "public" / "index.html").is_file()
