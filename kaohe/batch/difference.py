"""Two scorings or years held side by side as a page of its own, with the executed notebook beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

from kaohe.analysis.attribution import Difference, difference_text
from kaohe.batch.export import Page, page_of_notebook
from kaohe.batch.layout import notebooks_folder
from kaohe.batch.run import Job, run_jobs
from kaohe.files import whole_file, write_text
from kaohe.files.scratch import scratch


def difference_page(found: Difference, out: Path) -> str | None:
    """Write `out` and its notebook; what went wrong, else None."""
    title = f"{found.before} → {found.after}"
    page = Page(title=title, synthetic=found.synthetic, provisional=found.provisional).alone()
    with scratch() as place:
        table, executed = place / "diff.json", place / "diff.ipynb"
        write_text(table, difference_text(found))
        job = Job(
            name="diff",
            title=title,
            source=notebooks_folder() / "diff.ipynb",
            parameters={"difference": str(table)},
            notebook=out.with_suffix(".ipynb").resolve(),
            waiting=executed,
            page=out,
            inputs=(table,),
        )
        (done,) = run_jobs([job], lambda job, notebook: write_text(job.page, page_of_notebook(notebook, page)))
        if executed.is_file():
            with whole_file(job.notebook) as part:
                shutil.copyfile(executed, part)
    return done.error
