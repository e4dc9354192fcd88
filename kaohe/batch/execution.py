"""One notebook executed by papermill in a kernel of the batch."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from kaohe.batch.kernels import Running

STARTS = 3
"""How often a kernel is started that does not come up, before its report counts as failed."""

FORMATS = ("rfc3987_syntax", "rfc3986_validator", "isoduration")
"""Packages of formats that no schema of notebooks names."""

_importing = threading.Lock()


@contextmanager
def first_import() -> Iterator[None]:
    """For imports that are not safe to race.

    jsonschema, which nbformat needs, would build forty grammars and more for checks of addresses and times that no
    notebook asks for, a second and a half at every start; it goes without where their packages cannot be imported.
    """
    with _importing:
        hidden = [name for name in FORMATS if name not in sys.modules]
        sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
        try:
            yield
        finally:
            for name in hidden:
                del sys.modules[name]


@cache
def _engine() -> str:
    """papermill's own way of running a notebook, but for writing it down before and after each cell: it does so once
    at the end."""
    from papermill.engines import NBClientEngine, papermill_engines

    class WrittenAtTheEnd(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **given: Any) -> Any:
            place, nb_man.output_path = nb_man.output_path, None
            try:
                return super().execute_managed_notebook(nb_man, kernel_name, **given)
            except BaseException:
                nb_man.output_path = place  # its kernel died: what there is of it is written now, or never
                raise

    papermill_engines.register("kaohe", WrittenAtTheEnd)
    return "kaohe"


def execute(source: Path, target: Path, parameters: Mapping[str, Any], running: Running) -> str | None:
    """Execute `source` into `target`, which is there whether it ended well or not; what went wrong, if anything."""
    running.warm_up()  # beside the imports here
    with first_import():  # the last of these would come with the first kernel, in any thread
        for name in ("nbformat", "papermill.exceptions", "papermill.execute", "jupyter_client.manager"):
            import_module(name)
    running.begin()
    error = None
    for start in range(STARTS):
        connection = target.with_suffix(f".{start}.json")  # else jupyter leaves it among the system's, with its key
        error, came_up = _once(source, target, parameters, running, connection)
        if came_up:
            return error
    return error


def _once(
    source: Path, target: Path, parameters: Mapping[str, Any], running: Running, connection: Path
) -> tuple[str | None, bool]:
    """What went wrong, if anything, and whether the kernel came up at all."""
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook
    from traitlets.config import Config

    try:
        execute_notebook(
            str(source),
            str(target),
            dict(parameters),
            engine_name=_engine(),
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            autosave_cell_every=0,
            execution_timeout=running.kernels.timeout,
            shutdown_kernel="immediate",
            config=Config({"KernelManager": {"connection_file": str(connection)}}),
            # A batch's terminal is for its own words; nobody asks for the history of its cells.
            extra_arguments=["--IPKernelApp.log_level=40", "--HistoryManager.enabled=False"],
        )
    except PapermillExecutionError as failure:
        return f"{failure.ename}: {failure.evalue}", True
    except (DeadKernelError, TimeoutError) as failure:
        return f"{type(failure).__name__}: {failure}", True
    except RuntimeError as failure:  # no kernel came up: another program took the port that was chosen for it
        return f"{type(failure).__name__}: {failure}", False
    return None, True
