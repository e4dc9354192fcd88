"""`kaohe report`: the layout, what is in public, what happens when something goes wrong."""

import json
import re
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from kaohe.analysis.goal import year_goals
from kaohe.analysis.questions import QUESTIONS, question
from kaohe.batch import assets, jobs, printing, site
from kaohe.batch import run as run_module
from kaohe.batch.assets import packed_plotly, script
from kaohe.batch.jobs import Plan, add_compare, add_year
from kaohe.batch.kernels import Kernels
from kaohe.batch.layout import notebooks_folder
from kaohe.batch.prepare import prepare
from kaohe.batch.run import run_jobs
from kaohe.batch.telling import Telling
from kaohe.batch.year import finish_year
from kaohe.cli import app
from kaohe.files.locks import BusyError
from kaohe.files.sets import WAITING, whole_set
from kaohe.scoring.write import read_manifest
from tests.batch.conftest import SENTINELS
from tests.reporting import YEAR, dead_links, report_here
from tests.small import DEMO, UNITS, change, small_year

pytestmark = [pytest.mark.slow, pytest.mark.notebook]
PAGES = {
    "index.html", "annual.html", "brief.html", "check.html", "method.html", "public/index.html",
    "decide.html", *(f"{each.id}.html" for each in QUESTIONS),
    *(f"units/{unit}.html" for unit in UNITS), *(f"public/units/{unit}.html" for unit in UNITS),
}  # fmt: skip


def files_below(folder: Path, pattern: str = "*") -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob(pattern) if path.is_file()}


def test_the_layout_is_the_contracts(reported):
    assert reported.code == 0, reported.error
    assert files_below(reported.folder, "*.html") == PAGES
    notebooks = {name.replace(".html", ".ipynb") for name in PAGES} - {"index.ipynb", "brief.ipynb", "decide.ipynb"}
    assert files_below(reported.folder / "notebooks") == notebooks
    assert (reported.out / "index.html").is_file()
    manifest = json.loads((reported.folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["reports"].values()) == {"ok"}
    assert "ratings.csv" in manifest["inputs"]


def test_nothing_half_written_is_left(reported):
    assert not [name for name in files_below(reported.out) | files_below(reported.data) if name.endswith(".kaohe-part")]


def test_nothing_confidential_is_in_any_byte_of_public(reported):
    inside = (reported.data / "processed" / YEAR / "book.json").read_text(encoding="utf-8")
    assert SENTINELS["ballot"] in inside  # the sentinels are there to be found
    assert SENTINELS["rating"] in inside
    for path in (reported.folder / "public").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for name, sentinel in SENTINELS.items():
                assert sentinel.encode() not in content, (path, name)
                assert json.dumps(sentinel)[1:-1].encode() not in content, (path, name)


def test_public_pages_lead_nowhere_and_carry_all_they_need(reported):
    for path in (reported.folder / "public").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert script(charts=False) in text
        assert not re.findall(r"""(?:href|src)=["'](?!#)""", text)
        assert str(reported.data) not in text


def test_public_notebooks_were_given_the_filtered_table_alone(reported):
    for path in (reported.folder / "notebooks" / "public").rglob("*.ipynb"):
        given = nbformat.read(path, as_version=4).metadata["papermill"]["parameters"]
        assert "book" not in given
        assert "/public/" in Path(given["table"]).as_posix()


def test_pages_name_no_address_of_the_network(reported):
    for path in reported.out.rglob("*.html"):
        text = re.sub(r'<script type="application/json".*?</script>', "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.findall(r"""(?:href|src)=["'](?:https?:)?//""", text), path


def test_every_link_leads_to_a_file(reported):
    assert dead_links(reported.out) == []


def test_every_page_is_marked_as_synthetic(reported):
    for path in reported.folder.rglob("*.html"):
        assert "演示数据（合成）" in path.read_text(encoding="utf-8"), path


@pytest.mark.usefixtures("without_pictures", "few_questions")
def test_a_second_run_keeps_what_is_unchanged_and_one_figure_renews_it(tmp_path):
    folder = small_year(tmp_path, units=("C01", "D03"))
    out = tmp_path / "out"
    assert site.report([YEAR], tmp_path, out).well
    page, public = out / YEAR / "units" / "C01.html", out / YEAR / "public" / "units" / "D03.html"
    executed = out / YEAR / "notebooks" / "public" / "units" / "D03.ipynb"
    before = page.stat().st_mtime_ns, public.stat().st_mtime_ns, executed.stat().st_mtime_ns
    scoring = read_manifest(tmp_path / "processed" / YEAR)["id"]
    assert site.report([YEAR], tmp_path, out).well
    assert (page.stat().st_mtime_ns, public.stat().st_mtime_ns, executed.stat().st_mtime_ns) == before
    change(folder, "metrics", lambda row: {**row, "value": "0.99"}, where=lambda row: row["metric"] == "survey_rate")
    page.unlink()  # as if the run had been killed before this page
    assert site.report([YEAR], tmp_path, out).well
    assert page.stat().st_mtime_ns > before[0]
    assert executed.stat().st_mtime_ns == before[2]  # this department's own points are the same
    told = (out / YEAR / "diff.html").read_text(encoding="utf-8")
    assert "跟踪调查参与率" in told
    assert "<td>0.99<" in told
    assert 'href="../diff.html"' in page.read_text(encoding="utf-8")
    said = public.read_text(encoding="utf-8")
    assert "暂定（尚未定稿）　数据截至" in said
    now = read_manifest(tmp_path / "processed" / YEAR)["id"]
    assert now in page.read_text(encoding="utf-8")
    assert scoring not in said  # nor any other: what is handed out is not told apart by numbers of ours
    assert now not in said


@pytest.mark.usefixtures("without_pictures")
def test_a_year_with_errors_gives_its_check_page_alone(tmp_path):
    folder = small_year(tmp_path, units=("C01", "D03"))
    change(folder, "metrics", lambda row: {**row, "value": "85"}, where=lambda row: row["metric"] == "survey_rate")
    result = report_here(tmp_path, tmp_path / "out")
    assert result.code == 1
    assert files_below(result.folder, "*.html") == {"check.html"}
    assert "85" in (result.folder / "check.html").read_text(encoding="utf-8")
    assert "Traceback" not in result.error


@pytest.mark.usefixtures("without_pictures")
def test_a_gap_is_refused_and_provisionally_every_page_says_so(tmp_path):
    folder = small_year(tmp_path, units=("C01",))
    change(folder, "metrics", lambda row: None, where=lambda row: row["metric"] == "survey_rate")
    result = report_here(tmp_path, tmp_path / "out")
    assert result.code == 1
    assert files_below(result.folder, "*.html") == {"check.html"}
    result = report_here(tmp_path, tmp_path / "out", "--provisional")
    assert result.code == 0, result.error
    pages = list(result.folder.rglob("*.html"))
    assert len(pages) == 8
    assert all("暂定" in path.read_text(encoding="utf-8") for path in pages)


@pytest.fixture
def breaking_notebooks(tmp_path, monkeypatch):
    """The notebooks, of which `unit` fails for C02, and its kernel dies for D03."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for source in notebooks_folder().glob("*.ipynb"):
        notebook = nbformat.read(source, as_version=4)
        if source.stem == "unit":
            notebook.cells.append(nbformat.v4.new_code_cell('assert unit != "C02", "故意出错"'))
            notebook.cells.append(nbformat.v4.new_code_cell('import os\nif unit == "D03":\n    os._exit(1)'))
        nbformat.write(notebook, folder / source.name)
    monkeypatch.setattr(jobs, "notebooks_folder", lambda: folder)


@pytest.mark.usefixtures("breaking_notebooks", "without_pictures", "few_questions")
def test_reports_that_fail_do_not_stop_the_rest(tmp_path):
    small_year(tmp_path, units=("C01", "C02", "D03"))
    outcome = site.report([YEAR], tmp_path, tmp_path / "out")
    failed = [f"{YEAR}/units/C02", f"{YEAR}/units/D03"]
    assert [(done.job.name, done.executions) for done in outcome.failed] == [(name, 2) for name in failed]
    assert "故意出错" in outcome.failed[0].error
    assert "DeadKernelError" in outcome.failed[1].error
    folder = tmp_path / "out" / YEAR
    kept = nbformat.read(folder / "notebooks" / "units" / "C02.ipynb", as_version=4)
    assert kept.metadata["papermill"]["exception"]
    assert nbformat.read(folder / "notebooks" / "units" / "D03.ipynb", as_version=4).cells[0].source
    assert "生成失败" in (folder / "units" / "C02.html").read_text(encoding="utf-8")
    assert "生成失败" in (folder / "index.html").read_text(encoding="utf-8")
    assert "生成失败" not in (folder / "units" / "C01.html").read_text(encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["reports"]["units/C02"] == "failed"
    again = site.report([YEAR], tmp_path, tmp_path / "out")
    assert [done.job.name for done in again.done if not done.skipped] == failed


@pytest.mark.usefixtures("without_pictures", "few_questions")
def test_what_an_interrupted_run_executed_is_not_executed_again(tmp_path):
    small_year(tmp_path, units=("C01",))
    out = tmp_path / "out"

    class Interrupting(Telling):
        def ended(self, done):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        site.report([YEAR], tmp_path, out, kernels=Kernels(2), tell=Interrupting())
    left = {name: (out / WAITING / name).read_bytes() for name in files_below(out / WAITING)}
    assert {path.name for path in out.iterdir()} == {".kaohe.lock", WAITING}
    done = site.report([YEAR], tmp_path, out, kernels=Kernels(2)).done
    resumed = {each.job.notebook.relative_to(out).as_posix() for each in done if each.resumed}
    assert resumed == set(left)
    assert 0 < len(resumed) < len(done)
    assert {name: (out / name).read_bytes() for name in left} == left
    assert not (out / WAITING).exists()


def test_two_runs_do_not_write_to_one_folder(tmp_path):
    small_year(tmp_path, units=("C01", "D03"))
    (tmp_path / "out").mkdir()
    held, free = threading.Event(), threading.Event()

    def hold():
        with FileLock(tmp_path / "out" / ".kaohe.lock"):
            held.set()
            free.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(60)
    try:
        with pytest.raises(BusyError, match="正在写入"):
            site.report([YEAR], tmp_path, tmp_path / "out")
    finally:
        free.set()
        thread.join()


@pytest.fixture
def again(reported, tmp_path):
    """Reports the same year again into a copy of its pages; how many notebooks are executed is counted."""
    executed = []
    out = tmp_path / "out"
    shutil.copytree(reported.out, out)

    def run(**asked):
        with pytest.MonkeyPatch.context() as patch:
            execute = run_module._execute
            patch.setattr(run_module, "_execute", lambda *given: executed.append(given) or execute(*given))
            outcome = site.report([YEAR], reported.data, out, **asked)
        return outcome, len(executed)

    return run, out / YEAR


def test_pages_of_units_that_are_no_more_go(again):
    run, folder = again
    places = [
        "units/C99.html", "units/C99.pdf", "public/units/C99.html",
        "notebooks/units/C99.ipynb", "notebooks/public/units/C99.ipynb",
    ]  # fmt: skip
    for name in places:
        (folder / name).write_text("x", encoding="utf-8")
    assert run()[1] == 0
    assert not [name for name in places if (folder / name).exists()]


def test_another_mode_exports_again_without_running_a_notebook(again):
    run, folder = again
    page, public = folder / "units/C01.html", folder / "public/units/C01.html"
    shared, untouched = page.read_text(encoding="utf-8"), public.stat().st_mtime_ns
    outcome, executed = run(inline=True)
    assert (outcome.well, executed) == (True, 0)
    assert packed_plotly() in page.read_text(encoding="utf-8")
    assert not re.findall(r"""(?:href|src)=["'](?!#)""", page.read_text(encoding="utf-8"))
    assert public.stat().st_mtime_ns == untouched  # it carried everything before
    _, executed = run()
    assert executed == 0
    assert page.read_text(encoding="utf-8") == shared


def test_a_scheduler_is_told_event_by_event(again, reported):
    """Its pages are exported anew, no notebook is run; what a person is told goes elsewhere."""
    command = ["report", YEAR, "--data", str(reported.data), "--out", str(again[1].parent), "--inline", "--json"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    events = [json.loads(line) for line in result.stdout.splitlines()]
    (begun,) = (each for each in events if each["event"] == "begun")
    ended = [each for each in events if each["event"] == "ended"]
    assert events[-1]["event"] == "finished"
    assert events[-1]["well"] is True
    assert (begun["work"], begun["count"]) == ("reports", len(ended))
    assert {each["report"] for each in ended} >= {f"{YEAR}/units/C01", f"{YEAR}/annual"}
    states = [each["state"] for each in ended]
    assert {name: states.count(name) for name in ("made", "kept", "failed")} == {
        name: events[-1][name] for name in ("made", "kept", "failed")
    }
    assert states.count("made") > 0
    assert "生成" in result.stderr
    quiet = CliRunner().invoke(app, [*command[:-2], "--quiet"])
    assert quiet.exit_code == 0, quiet.output
    assert not re.search(r"^\d+/\d+ ", quiet.output, re.MULTILINE)


def test_a_new_look_exports_again_without_running_a_notebook(again, monkeypatch):
    run, folder = again
    before = (folder / "check.html").stat().st_mtime_ns
    monkeypatch.setattr(assets, "look", lambda: "another")
    outcome, executed = run()
    assert executed == 0
    assert not [done for done in outcome.done if done.skipped]
    assert (folder / "check.html").stat().st_mtime_ns > before


def test_without_a_browser_the_pages_are_written_and_the_run_is_not_well(again, monkeypatch):
    run, folder = again
    (folder / "index.html").unlink()
    monkeypatch.setattr(printing, "find_chromium", lambda: None)
    outcome, _ = run(pdf=True)
    assert not outcome.well
    assert "没有找到 Chromium" in outcome.not_printed
    assert (folder / "index.html").is_file()
    assert not list(folder.rglob("*.pdf"))


@pytest.mark.usefixtures("few_questions", "without_pictures")
def test_every_kind_of_page_of_a_full_year_stays_light(tmp_path):
    """The kinds that grow with units and items, of the fullest demonstration year; those of the questions are measured
    by benchmarks/pages.py, the meeting's page in tests/analysis/test_policies.py."""
    shutil.copytree(DEMO, tmp_path / "raw")  # beside which a scoring is written down
    longest = []

    def of_the_longest(intake, book):
        words = {unit.unit_id: sum(len(cell.reason) for cell in book.cells_of(unit.unit_id)) for unit in book.units}
        longest.extend(sorted(words, key=lambda unit: -words[unit])[:1])
        return year_goals(intake, book, longest)

    shown = [replace(question("goal"), answer=of_the_longest)]  # the one answer on a unit's page
    year = prepare("2019-2020", tmp_path / "raw", tmp_path / "processed", questions=shown)
    with whole_set(tmp_path / "out") as stage:
        plan = Plan(stage)
        add_year(plan, year, tmp_path, tmp_path / "out", provisional=False, compare=True, made=[year])
        before = prepare("2018-2019", tmp_path / "raw", tmp_path / "processed", questions=())
        add_compare(plan, [before, year], set(), tmp_path, tmp_path / "out", provisional=False)
        kinds = {
            "trend",
            *(f"2019-2020/{name}" for name in (f"units/{longest[0]}", "annual", "method", "public/index")),
        }
        done = run_jobs([job for job in plan.jobs if job.name in kinds], plan.export)
        finish_year(year, done, stage, compare=True)
    assert {each.job.name: each.error for each in done} == dict.fromkeys(kinds)
    weights = {path.stem: path.stat().st_size for path in (tmp_path / "out").rglob("*.html")}
    assert {"index", "brief", "trend", "annual"} <= set(weights)
    assert {name: weight for name, weight in weights.items() if weight > 150_000} == {}
