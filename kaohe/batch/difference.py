"""Two scorings or years held side by side: a page of its own, the executed notebook, and the table it reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kaohe.analysis.attribution import Difference, difference_text
from kaohe.batch.export import Page, page_of_notebook
from kaohe.batch.layout import notebooks_folder
from kaohe.batch.run import Job, given_others, run_jobs
from kaohe.files import write_text
from kaohe.files.locks import holding
from kaohe.files.scratch import scratch
from kaohe.files.sets import whole_set


def difference_page(found: Difference, out: Path) -> str | None:
    """Write `out` and, under the same name, its notebook and table, together or not at all; what went wrong, else None.

    BusyError where another run writes into the same folder.
    """
    title = f"{found.before} → {found.after}"
    page = Page(title=title, synthetic=found.synthetic, provisional=found.provisional)
    table, texts = out.with_suffix(".json").resolve(), {out.with_suffix(".json").name: difference_text(found)}
    with scratch() as place:
        given, executed = place / "diff.json", place / "diff.ipynb"
        write_text(given, texts[table.name])

        def export(job: Job, content: Any) -> None:
            texts[out.name] = page_of_notebook(content, page)
            texts[out.with_suffix(".ipynb").name] = given_others(content, {"difference": str(table)})

        job = Job(
            name="diff",
            title=title,
            source=notebooks_folder() / "diff.ipynb",
            parameters={"difference": str(given)},
            notebook=place / "none.ipynb",
            waiting=executed,
            page=place / "diff.html",
            inputs=(given,),
        )
        (done,) = run_jobs([job], export, stands=lambda job, fingerprint: False, again=True)
    if done.error is None:
        with holding(table.parent, deep=False), whole_set(table.parent) as stage:
            for name, text in texts.items():
                stage.write(name, text)
    return done.error
