"""A year's unit reports with their HTML: warm kernels beside the best stock arrangement and the papermill command.

    .venv/bin/python benchmarks/batch.py [--units 12] [--rounds 3] [--loop 2] [--year 2018-2019]

The same notebooks with the same slices of the year, each way in a process of its own (its start and imports count), one
after the other, several rounds; medians of seconds a report, and the most memory of all its processes together (shared
pages once). `stock`: papermill in four threads, kernels that start by themselves and are shut down at once, without the
package JupyterLab brings that takes longest to import. `loop`: the papermill command, then the nbconvert command,
`--loop` reports a round. `cells`: what the notebooks' own cells take in one process, without any of it.

    .venv/bin/python benchmarks/batch.py --flat 300

So many reports in one run, and what its process holds as they go by: memory, open files, processes below it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from meter import RAW

SLOW_IMPORT = "rfc3987_syntax"
AT_ONCE = 4


@dataclass(frozen=True)
class Report:
    """A notebook, what it is given, and where it goes."""

    source: str
    parameters: dict[str, str]
    notebook: str
    html: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--year", default="2018-2019")
    options.add_argument("--raw", type=Path, default=RAW)
    options.add_argument("--units", type=int, default=12)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--loop", type=int, default=2)
    options.add_argument("--flat", type=int, metavar="REPORTS")
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options.add_argument("--plan", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.way:
        WAYS[given.way]([Report(**each) for each in json.loads(given.plan.read_text(encoding="utf-8"))])
        return
    with tempfile.TemporaryDirectory() as name:
        if given.flat:
            _flat(_plan(given.raw / given.year, Path(name), given.units), given.flat)
        else:
            _measure(given, Path(name))


def _measure(given: argparse.Namespace, base: Path) -> None:
    reports = _plan(given.raw / given.year, base, given.units)
    took: dict[str, list[tuple[float, float, float]]] = {way: [] for way in WAYS}
    for _ in range(given.rounds):
        for way in WAYS:
            mine = reports[: given.loop] if way == "loop" else reports
            took[way].append(_run(way, mine, base))
    print(f"{len(reports)} reports, {given.rounds} rounds: medians a report")
    middles = {way: tuple(median(each) for each in zip(*found, strict=True)) for way, found in took.items()}
    for way, (wall, cpu, memory) in middles.items():
        beside = f"{wall / middles['warm'][0]:5.1f} and {cpu / middles['warm'][1]:5.1f} times warm"
        print(f"{way:6} {wall:7.3f} s {cpu:7.3f} CPU s, {memory:6.0f} MB: {beside}")


def _plan(raw: Path, base: Path, count: int) -> list[Report]:
    """The first units of the year, each with its slice."""
    from kaohe.batch.layout import Processed, notebooks_folder
    from kaohe.batch.prepare import prepare
    from kaohe.batch.slices import write_slices

    shutil.copytree(raw, base / "raw" / raw.name)
    year = prepare(raw.name, base / "raw", base / "processed", questions=())
    assert year.book is not None
    units = [unit.unit_id for unit in year.book.units][:count]
    slices = write_slices(Processed(base / "processed", raw.name), year.book, units)
    source = str(notebooks_folder() / "unit.ipynb")
    return [
        Report(
            source,
            {"year": raw.name, "unit": unit, "data": str(base), "book": str(path)},
            str(base / f"{unit}.ipynb"),
            str(base / f"{unit}.html"),
        )
        for unit, path in slices.items()
    ]


def _run(way: str, reports: Sequence[Report], base: Path) -> tuple[float, float, float]:
    """Seconds and CPU seconds a report, and MB at most, of a process that makes them all."""
    plan = base / "plan.json"
    plan.write_text(json.dumps([vars(each) for each in reports]), encoding="utf-8")
    for each in reports:
        Path(each.html).unlink(missing_ok=True)
    command = [sys.executable, __file__, "--way", way, "--plan", str(plan)]
    began = time.perf_counter()
    with open(base / "said.txt", "wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=_compiled(base))
    most = _Memory(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    memory = most.end()
    assert process.returncode == 0, (way, (base / "said.txt").read_text(encoding="utf-8"))
    assert way == "cells" or all(Path(each.html).stat().st_size > 10_000 for each in reports), way
    return wall / len(reports), (used.ru_utime + used.ru_stime) / len(reports), memory


def _compiled(base: Path) -> dict[str, str]:
    """The environment, with compiled code kept as in an installation: else every stock kernel would compile ours."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**env, "PYTHONPYCACHEPREFIX": str(base / "compiled")}


class _Memory:
    """The most that a process and all below it hold together, looked at several times a second."""

    def __init__(self, pid: int) -> None:
        self._most, self._stop = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(pid,))
        self._thread.start()

    def end(self) -> float:
        self._stop.set()
        self._thread.join()
        return self._most

    def _watch(self, pid: int) -> None:
        while not self._stop.wait(0.2):
            self._most = max(self._most, sum(map(_held, _family(pid))))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:  # it has ended
            continue
        for child in children:
            yield from _family(int(child))


def _held(pid: int) -> float:
    """MB; of pages that processes share its part alone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def warm(reports: Sequence[Report], ended: Callable[[], None] = lambda: None) -> None:
    """As `kaohe report` does; `ended` is called after each."""
    from kaohe.batch.job import Job
    from kaohe.batch.run import run_jobs
    from kaohe.batch.telling import Telling

    class Counting(Telling):
        def ended(self, done: Any) -> None:
            ended()

    jobs = [
        Job(
            name=Path(each.html).stem, title="", source=Path(each.source), parameters=each.parameters,
            notebook=Path(each.notebook), waiting=Path(each.notebook), page=Path(each.html), inputs=(),
        )
        for each in reports
    ]  # fmt: skip
    done = run_jobs(jobs, lambda job, notebook: _export(notebook, job.page), again=True, tell=Counting())
    assert not [each.error for each in done if each.error]


def _flat(reports: Sequence[Report], count: int) -> None:
    """The units' reports again and again, each time as files of their own."""
    every = [
        replace(
            each, notebook=f"{each.notebook.removesuffix('.ipynb')}-{turn}.ipynb",
            html=f"{each.html.removesuffix('.html')}-{turn}.html",
        )
        for turn in range(-(-count // len(reports)))
        for each in reports
    ][:count]  # fmt: skip
    made = 0

    def ended() -> None:
        nonlocal made
        made += 1
        if made % max(1, count // 6) == 0:
            files, processes = len(os.listdir("/proc/self/fd")), len(list(_family(os.getpid())))
            print(f"{made:4} reports: {_held(os.getpid()):6.1f} MB, {files} files, {processes} processes", flush=True)

    warm(every, ended)
    print(f"ended: {_held(os.getpid()):6.1f} MB, {len(list(_family(os.getpid())))} processes")


def stock(reports: Sequence[Report]) -> None:
    """papermill as it is, arranged as well as can be."""
    with tempfile.TemporaryDirectory() as name:
        hidden = Path(name, SLOW_IMPORT)
        hidden.mkdir()
        (hidden / "__init__.py").write_text("raise ImportError\n", encoding="utf-8")
        sys.path.insert(0, name)
        os.environ["PYTHONPATH"] = os.pathsep.join([name, os.environ.get("PYTHONPATH", "")])
        import nbformat
        from papermill.execute import execute_notebook

        def make(each: Report) -> None:
            execute_notebook(
                each.source, each.notebook, each.parameters, kernel_name="python3", progress_bar=False,
                shutdown_kernel="immediate",
            )  # fmt: skip
            _export(nbformat.read(each.notebook, as_version=4), Path(each.html))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(make, reports))


def _export(notebook: Any, html: Path) -> None:
    from kaohe.batch.export import Page, page_of_notebook

    html.write_text(page_of_notebook(notebook, Page(title=html.stem, assets="assets/")), encoding="utf-8")


def loop(reports: Sequence[Report]) -> None:
    """One command after the other."""
    for each in reports:
        given = [word for name, value in each.parameters.items() for word in ("-r", name, value)]
        _command("papermill", "--no-progress-bar", "-k", "python3", *given, each.source, each.notebook)
        _command("nbconvert", "--to", "html", "--no-input", "--output", each.html, each.notebook)


def _command(module: str, *words: str) -> None:
    subprocess.run([sys.executable, "-m", module, *words], check=True, capture_output=True)


def cells(reports: Sequence[Report]) -> None:
    """The cells alone, what they show thrown away."""
    import IPython.display
    import nbformat

    IPython.display.publish_display_data = lambda data, **more: None
    for each in reports:
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in nbformat.read(each.source, as_version=4).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, cell.id, "exec"), names)
                if "parameters" in cell.metadata.get("tags", ()):
                    names.update(each.parameters)


WAYS: dict[str, Callable[[Sequence[Report]], None]] = {"warm": warm, "stock": stock, "loop": loop, "cells": cells}

if __name__ == "__main__":
    main()
