"""Runs notebooks by papermill, several at a time; one that fails does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kaohe.batch.execution import execute, first_import
from kaohe.batch.job import Done, Job
from kaohe.batch.kernels import Kernels, Running, kernel_environment
from kaohe.batch.telling import SILENT, Telling
from kaohe.batch.threads import threads
from kaohe.files import WriteError, leave_place, whole_file, write_errors
from kaohe.files.kept import DamagedError, kept_json
from kaohe.notebook import check_parameters

ANY = Kernels()

ATTEMPTS = 2
"""How often a notebook is executed whose execution fails: a kernel may have been killed for want of memory."""


def run_jobs(
    jobs: Iterable[Job],
    export: Callable[[Job, Any], None],
    *,
    stands: Callable[[Job, str], bool] = lambda job, fingerprint: job.page.is_file(),
    kernels: Kernels = ANY,
    again: bool = False,
    tell: Telling = SILENT,
) -> list[Done]:
    """Run every job, several at a time, and `export(job, notebook)` each; results in the jobs' order.

    Unless `again`, a notebook of unchanged fingerprint is not run anew, and where its page `stands(job, fingerprint)`,
    too, the job is skipped. A notebook whose execution fails is executed once more, after all others. What waits
    afterwards was executed for these jobs. WriteError where nothing more can be written; as when it is interrupted,
    notebooks under way end and wait for the next run.
    """
    jobs = list(jobs)
    ended: dict[int, Done] = {}
    with kernel_environment(kernels) as running, threads(kernels.at_once, "kaohe") as pool:

        def begin(number: int, before: int = 0) -> Future[Done]:
            return pool.submit(_run, jobs[number], export, stands, again, running, tell, before)

        under_way = {begin(number): number for number in range(len(jobs))}
        while under_way:
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                number, done = under_way.pop(future), future.result()
                if done.error is not None and 0 < done.executions < ATTEMPTS:
                    under_way[begin(number, done.executions)] = number
                else:
                    ended[number] = done
                    tell.ended(done)
    return [ended[number] for number in range(len(jobs))]


def _run(
    job: Job,
    export: Callable[[Job, Any], None],
    stands: Callable[[Job, str], bool],
    again: bool,
    running: Running,
    tell: Telling,
    before: int,
) -> Done:
    """`before`: how often it was executed in vain."""
    began = monotonic()
    try:
        fingerprint = job.fingerprint()
        if not again and _ended_well(job.waiting, fingerprint):
            export(job, _read(job.waiting))
            return Done(job, resumed=True, seconds=monotonic() - began)
        if job.waiting.is_file():
            leave_place(job.waiting)
        if not again and _ended_well(job.notebook, fingerprint):
            if stands(job, fingerprint):
                return Done(job, skipped=True)
            export(job, _read(job.notebook))
            return Done(job, seconds=monotonic() - began)
        check_parameters(job.source.stem, job.parameters)  # papermill would only log a name it does not know
        tell.started(job)
        notebook, error = _execute(job, fingerprint, running)
        if error is None:
            export(job, notebook)
        return Done(job, error, executions=before + 1, seconds=monotonic() - began)
    except WriteError:
        raise
    except Exception as error:  # one report's failure is reported, not the end of the others
        return Done(job, f"{type(error).__name__}: {error}", seconds=monotonic() - began)


def _name_injected(notebook: Any) -> None:
    """papermill gives the cell it adds a random id; the same inputs are to give the same page."""
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.id = "given-parameters"


def _ended_well(notebook: Path, fingerprint: str) -> bool:
    """Whether the executed notebook is there, whole, ended well, and rests on the same inputs: only then it says so."""
    try:
        found = kept_json(notebook, _notebook_problem)
    except (FileNotFoundError, DamagedError):
        return False  # it is made again
    return bool(found["metadata"]["kaohe"].get("fingerprint") == fingerprint)


def _notebook_problem(found: Any) -> str:
    metadata = found.get("metadata") if isinstance(found, dict) else None
    ours = isinstance(metadata, dict) and isinstance(metadata.get("kaohe"), dict)
    return "" if ours and isinstance(found.get("cells"), list) else "不是执行过的笔记本"


def given_others(notebook: Any, parameters: Mapping[str, Any]) -> str:
    """The text of an executed notebook as if it had been given these parameters: what it read then stands elsewhere."""
    import nbformat
    from papermill.parameterize import parameterize_notebook

    moved = parameterize_notebook(notebook, dict(parameters), kernel_name="python3", language="python")
    _name_injected(moved)
    return str(nbformat.writes(moved)) + "\n"


def _read(notebook: Path) -> Any:
    """A notebook executed by an earlier run."""
    with first_import():
        import nbformat
    return nbformat.read(notebook, as_version=4)


def _execute(job: Job, fingerprint: str, running: Running) -> tuple[Any, str | None]:
    """Run one notebook; it waits for its place whether it ended well or not."""
    target = running.folder / f"{uuid4().hex}.ipynb"
    with write_errors(target):
        error = execute(job.source, target, job.parameters, running)
    import nbformat

    notebook = nbformat.read(target, as_version=4)
    target.unlink()
    _name_injected(notebook)
    notebook.metadata["kaohe"] = {"report": job.name, **({} if error else {"fingerprint": fingerprint})}
    with whole_file(job.waiting, lasting=False) as part:
        nbformat.write(notebook, part)
    return notebook, error
