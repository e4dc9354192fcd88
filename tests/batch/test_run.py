"""What a batch makes of notebooks that fail, kernels that do not come up, and runs that are stopped; no kernel runs."""

import os
import subprocess
import sys

import nbformat
import papermill.execute
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from kaohe.batch.execution import STARTS
from kaohe.batch.job import Job
from kaohe.batch.kernels import STOCK, WARM, Kernels
from kaohe.batch.layout import notebooks_folder
from kaohe.batch.run import ATTEMPTS, run_jobs
from kaohe.batch.telling import Telling
from kaohe.files import WriteError
from kaohe.kernels.forked import can_fork
from kaohe.notebook.limits import MEMORY


@pytest.fixture
def job(tmp_path):
    return job_of(tmp_path, "C01")


def job_of(folder, unit):
    place = f"{unit}.ipynb"
    return Job(
        unit, unit, notebooks_folder() / "unit.ipynb", {"year": "2018-2019", "unit": unit},
        folder / "there" / place, folder / "waiting" / place, folder / f"{unit}.html", (),
    )  # fmt: skip


@pytest.fixture
def kernel(monkeypatch):
    """What happens when a notebook is executed, call by call; at the end of the list it ends well."""
    script, executed = [], []

    def execute(source, target, parameters, **_):
        executed.append(parameters["unit"])
        nbformat.write(nbformat.read(source, as_version=4), target)
        if script:
            raise script.pop(0)

    monkeypatch.setattr(papermill.execute, "execute_notebook", execute)
    return script, executed


def export(job, notebook):
    job.page.write_text(notebook.metadata["kaohe"]["fingerprint"], encoding="utf-8")


def kept(job):
    return nbformat.read(job.waiting, as_version=4).metadata["kaohe"]


@pytest.mark.parametrize("failed", [1, STARTS, ATTEMPTS * STARTS])
def test_a_kernel_that_does_not_come_up_is_started_again(job, kernel, failed):
    """The port that was chosen for it may be taken by another program before it is there."""
    script, executed = kernel
    script += [RuntimeError("Kernel died before replying to kernel_info")] * failed
    (done,) = run_jobs([job], export)
    assert (done.error is None) == (failed < ATTEMPTS * STARTS)
    assert len(executed) == min(failed + 1, ATTEMPTS * STARTS)
    assert ("fingerprint" in kept(job)) == (failed < ATTEMPTS * STARTS)


@pytest.mark.parametrize(
    "failure",
    [
        PapermillExecutionError(0, 1, "", "ValueError", "故意出错", []),
        DeadKernelError("故意出错"),
        TimeoutError("故意出错"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_notebook_that_fails_is_kept_and_no_finished_one(job, kernel, failure):
    script, executed = kernel
    script += [failure] * ATTEMPTS
    (done,) = run_jobs([job], export)
    assert "故意出错" in done.error
    assert "fingerprint" not in kept(job)
    assert (done.executions, len(executed)) == (ATTEMPTS, ATTEMPTS)
    (again,) = run_jobs([job], export)
    assert (again.error, again.executions, len(executed)) == (None, 1, ATTEMPTS + 1)


class Heard(Telling):
    def __init__(self):
        self.heard = []

    def started(self, job):
        self.heard.append(("started", job.name))

    def ended(self, done):
        self.heard.append(("ended", done.job.name, done.error, done.executions))


def test_what_failed_once_is_tried_again_when_all_others_are_done(tmp_path, kernel):
    """Then there may be the memory that it was killed for."""
    script, executed = kernel
    script.append(DeadKernelError("没有内存了"))
    jobs, heard = [job_of(tmp_path, f"C{number:02}") for number in range(1, 4)], Heard()
    done = run_jobs(jobs, export, kernels=Kernels(1), tell=heard)
    assert [each.executions for each in done] == [2, 1, 1]
    assert executed == ["C01", "C02", "C03", "C01"]
    assert [each for each in heard.heard if "C01" in each] == [("started", "C01")] * 2 + [("ended", "C01", None, 2)]
    assert heard.heard[-1] == ("ended", "C01", None, 2)
    assert "fingerprint" in kept(jobs[0])


def test_a_page_that_cannot_be_written_is_no_reason_to_execute_again(job, kernel):
    def failing(job, notebook):
        raise ValueError("故意出错")

    (done,) = run_jobs([job], failing)
    assert (done.error, len(kernel[1])) == ("ValueError: 故意出错", 1)


@pytest.mark.parametrize("stock", [False, True])
def test_kernels_start_and_are_bounded_as_asked(job, monkeypatch, stock):
    """While a notebook is executed, and no longer."""
    factory, seen = KernelProvisionerFactory.instance(), []

    def execute(source, target, parameters, **given):
        seen.append((factory.default_provisioner_name, given["execution_timeout"], os.environ.get(MEMORY)))
        nbformat.write(nbformat.read(source, as_version=4), target)

    monkeypatch.setattr(papermill.execute, "execute_notebook", execute)
    before = factory.default_provisioner_name, os.environ.get(MEMORY)
    run_jobs([job], export, kernels=Kernels(1, stock=stock, timeout=7, memory=2**30))
    name = WARM if can_fork() and not stock else STOCK
    assert seen == [(name, 7, str(2**30))]
    assert (factory.default_provisioner_name, os.environ.get(MEMORY)) == before


@pytest.mark.skipif(os.name != "posix", reason="no such bound elsewhere")
def test_a_kernel_may_take_so_much_memory_and_no_more():
    """In a process of its own: the bound is for good."""
    code = "from kaohe.notebook.limits import limit_memory; limit_memory(); bytearray(2**31)"
    environment = {**os.environ, MEMORY: str(2**30)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "MemoryError" in ended.stderr


def test_a_notebook_that_waits_is_taken_over_unless_all_is_wanted_again(job, kernel):
    _, executed = kernel
    run_jobs([job], export)
    job.page.unlink()
    (done,) = run_jobs([job], export)
    assert (done.resumed, len(executed)) == (True, 1)
    assert job.page.is_file()
    (done,) = run_jobs([job], export, again=True)
    assert (done.resumed, len(executed)) == (False, 2)


def test_a_notebook_that_is_broken_or_of_other_inputs_is_executed_anew(job, kernel):
    _, executed = kernel
    run_jobs([job], export)
    for left in ("", "[1", "[]", "{}", '{"metadata": {"kaohe": {"fingerprint": "another"}}}'):
        job.waiting.write_text(left, encoding="utf-8")
        executed.clear()
        (done,) = run_jobs([job], export)
        assert (done.error, done.resumed, len(executed)) == (None, False, 1)


@pytest.mark.parametrize("stop", [WriteError("磁盘已满"), KeyboardInterrupt()], ids=lambda stop: type(stop).__name__)
def test_what_stops_the_run_ends_it_before_the_next_notebook(tmp_path, kernel, stop):
    _, executed = kernel
    jobs = [job_of(tmp_path, f"C{number:02}") for number in range(1, 300)]

    def stopping(job, notebook):
        if job is jobs[2]:
            raise stop

    with pytest.raises(type(stop)):
        run_jobs(jobs, stopping, kernels=Kernels(1))
    assert 3 <= len(executed) < len(jobs)
    assert all("fingerprint" in kept(job) for job in jobs[: len(executed)])


def test_no_grammar_is_built_for_checks_that_nobody_asks_for():
    """A process of its own: this one has imported nbformat already."""
    said = "import sys; from kaohe.batch.run import _read; _read(sys.argv[1]); print('lark' in sys.modules)"
    command = [sys.executable, "-c", said, str(notebooks_folder() / "unit.ipynb")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
